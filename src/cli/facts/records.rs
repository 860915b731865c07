//! Imported records written down, for people and for scripts.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::imported::{Found, Imported, Kind, Record};

/// The records that a person may mean by a name or an identifier.
pub(super) fn meant(imported: &Imported, name: &str) -> Vec<Found> {
    let by_name = [Kind::Therapy, Kind::Condition].map(|kind| imported.named(kind, name)).concat();
    let by_id = ["", "doi:", "pmid:"].map(|prefix| imported.by_id(&format!("{prefix}{name}"))).concat();
    let mut found: Vec<Found> = Vec::new();
    for record in by_name.into_iter().chain(by_id) {
        if !found.contains(&record) {
            found.push(record);
        }
    }
    found
}

/// Records as a page to read.
pub(super) fn pages(page: &mut String, records: &[Found]) {
    for found in records {
        let id = match &found.record {
            Record::Product(product) => product.number.clone(),
            Record::Disease(disease) => disease.id.clone(),
            Record::Trial(_) | Record::Notice(_) => found.record.ids().join(", "),
        };
        page.push_str(if page.is_empty() { "" } else { "\n" });
        let _ = writeln!(
            page,
            "{} ({id}): imported from {}, as of {}",
            found.record.name(),
            found.source.title(),
            found.as_of.map(|day| day.to_string()).unwrap_or_default()
        );
        for (label, words) in rows(found).into_iter().filter(|(_, words)| !words.is_empty()) {
            let _ = writeln!(page, "  {label:<13} {words}");
        }
        let _ = writeln!(page, "  {:<13} {}", "source", found.source.page());
    }
}

fn rows(found: &Found) -> Vec<(&'static str, String)> {
    match &found.record {
        Record::Product(product) => vec![
            ("brands", product.brands.join(", ")),
            ("substances", product.substances.join(", ")),
            ("holder", product.holder.clone()),
            ("state", product.state_in_words(found.source)),
            ("filed under", product.areas.join(", ")),
        ],
        Record::Trial(trial) => vec![
            ("title", trial.title.clone()),
            ("status", trial.status.to_lowercase().replace('_', " ")),
            ("phase", trial.phase.clone()),
            ("conditions", trial.conditions.join(", ")),
            ("tries", trial.interventions.join(", ")),
            ("enrollment", trial.enrollment.map(|count| count.to_string()).unwrap_or_default()),
            ("changed on", trial.updated.map(|day| day.to_string()).unwrap_or_default()),
        ],
        Record::Notice(notice) => vec![("notice", notice.in_words()), ("reasons", notice.reasons.join("; "))],
        Record::Disease(disease) => {
            vec![("names", disease.synonyms.join(", ")), ("one of", disease.parents.join(", "))]
        }
    }
}

/// Records as scripts read them.
pub(super) fn values(records: &[Found]) -> Vec<Value> {
    records.iter().map(value).collect()
}

fn value(found: &Found) -> Value {
    let mut value = match &found.record {
        Record::Product(p) => json!({
            "kind": "product", "number": p.number, "brands": p.brands, "substances": p.substances, "holder": p.holder,
            "authority": found.source.authority(), "state": p.state.name(), "since": p.since, "until": p.until,
            "areas": p.areas,
        }),
        Record::Trial(t) => json!({
            "kind": "trial", "nct": t.nct, "title": t.title, "status": t.status, "phase": t.phase,
            "conditions": t.conditions, "interventions": t.interventions, "enrollment": t.enrollment, "updated": t.updated,
        }),
        Record::Notice(n) => json!({
            "kind": "notice", "doi": n.doi, "pmid": n.pmid, "title": n.title, "nature": n.nature.name(), "date": n.date,
            "reasons": n.reasons,
        }),
        Record::Disease(d) => json!({
            "kind": "disease", "id": d.id, "name": d.name, "synonyms": d.synonyms, "parents": d.parents,
        }),
    };
    value["source"] = found.source.name().into();
    value["as_of"] = found.as_of.map(|day| day.to_string()).into();
    value["url"] = found.source.page().into();
    value
}
