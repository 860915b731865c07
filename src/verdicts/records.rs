//! Approvals and refusals by official records, where the fact base is silent: imported files, else what services answer.
//!
//! Applications say that something was approved and not what for, so they are left out of claims that name a use; for
//! those there is the label.

use jiff::civil::Date;

use crate::evidence::searches::{Hits, Label, Search};
use crate::evidence::{Judgement, Verdict};
use crate::finding::Evidence;
use crate::imported::{Found, Record, Source, Stand, stand_of};
use crate::knowledge::{Entity, Nature};
use crate::language::names_whole;

use super::book::Sign;
use super::case::Case;

/// The verdict of the fact base, or, where it rests on nothing, what records say of the therapy.
pub(super) fn or_records(case: &Case<'_, '_>, day: Date, judgement: Judgement) -> Judgement {
    let is_silent = judgement.verdict == Verdict::Unverifiable && judgement.evidence.is_empty();
    if !is_silent || case.shows(Sign::Designation) || case.year().is_some() {
        return judgement;
    }
    let names_a_use = case.condition() != Ok(None)
        || [Sign::ForWhat, Sign::Restricted].into_iter().any(|sign| case.shows_behind(sign));
    let by_records = if names_a_use { use_by_label(case, day) } else { approval(case, day) };
    by_records.unwrap_or(judgement)
}

fn approval(case: &Case<'_, '_>, day: Date) -> Option<Judgement> {
    let authority = case.authority().ok()?.and_then(|id| case.judge.knowledge.entity(id));
    let authority = authority.map(|authority| authority.id.as_str());
    let names = case.names_of(&case.therapy_name()?);
    let in_files = case.judge.imported.and_then(|imported| imported.standing(&names, authority, day));
    let stand = in_files.or_else(|| asked(case, &names, authority.unwrap_or("fda"), day))?;
    let is_past = case.shows_in(Sign::Past, case.near.start..case.claim.relation.end);
    let is_rejected = case.shows_in(Sign::Rejected, case.claim.relation.clone());
    let verdict = match (&stand, case.says_so()) {
        (Stand::Denied(_), true) if is_rejected => Verdict::Supported,
        (_, _) if is_rejected => return None,
        (Stand::Approved(_), true) => Verdict::Supported,
        (Stand::Ended(_), true) if is_past => Verdict::Supported,
        // Another authority may have approved it.
        (_, _) if authority.is_none() => Verdict::Unverifiable,
        (Stand::Later(_) | Stand::Ended(_) | Stand::Denied(_), true) => Verdict::Contradicted,
        // "It is not approved" may mean the use that the text is about.
        (Stand::Approved(_), false) => Verdict::Unverifiable,
        (Stand::Later(_) | Stand::Ended(_) | Stand::Denied(_), false) => Verdict::Supported,
    };
    let judgement = Judgement::new(verdict).with_evidence(evidence(stand.record()));
    // FDA's records keep what was withdrawn since as approved.
    let may_have_ended = matches!(stand, Stand::Approved(_)) && stand.record().source != Source::Ema;
    Some(if may_have_ended && verdict == Verdict::Supported && !is_past {
        judgement.with_note("The record tells of the first approval, and not whether it still holds.")
    } else {
        judgement
    })
}

/// How a medicine stands by what the authority's service holds.
fn asked(case: &Case<'_, '_>, names: &[&str], authority: &str, day: Date) -> Option<Stand> {
    let search = Search::applications(authority, medicine(case)?)?;
    let source = if authority == "fda" { Source::DrugsFda } else { Source::Ema };
    let Hits::Applications(products) = case.search(search)? else { return None };
    let found = products.iter().map(|product| Found { source, as_of: None, record: Record::Product(product.clone()) });
    stand_of(found.collect(), names, day)
}

/// Whether the label names the use that the claim names. It tells what is in force now: of an article that is older than
/// its version it says nothing.
fn use_by_label(case: &Case<'_, '_>, day: Date) -> Option<Judgement> {
    let is_left_out = case.shows_behind(Sign::Restricted) || case.shows_in(Sign::Rejected, case.claim.relation.clone());
    let authority = case.authority().ok()?.and_then(|id| case.judge.knowledge.entity(id));
    if is_left_out || authority.is_some_and(|authority| authority.id != "fda") {
        return None;
    }
    let conditions = case.names_of(&case.condition_name()?);
    let label = label(case)?;
    let is_named = conditions.iter().any(|condition| names_use(&label.uses, condition));
    let verdict = match (case.says_so(), is_named) {
        (true, true) => Verdict::Supported,
        // In another country it may be so.
        (false, true) if authority.is_some() => Verdict::Contradicted,
        _ => Verdict::Unverifiable,
    };
    let told = if is_named { "names" } else { "does not name" };
    let detail = format!("the label {told} {} among the uses", conditions[0]);
    Some(by_label(case, label, day, verdict, detail))
}

/// Whether a label carries a boxed warning, where no fact speaks of it.
pub(super) fn boxed_warning(case: &Case<'_, '_>, day: Date) -> Option<Judgement> {
    let label = label(case)?;
    let verdict = if label.boxed == case.says_so() { Verdict::Supported } else { Verdict::Contradicted };
    Some(by_label(case, label, day, verdict, format!("the label is {}", label.words())))
}

fn by_label(case: &Case<'_, '_>, label: &Label, day: Date, verdict: Verdict, detail: String) -> Judgement {
    let name = medicine(case).unwrap_or_default();
    let evidence = Evidence {
        source: "openFDA".to_owned(),
        detail,
        field: Some(format!("label of {name}")),
        url: Some(format!("https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={}", label.set)),
        date: label.effective.map(|day| day.to_string()),
    };
    match label.effective {
        Some(version) if version <= day => Judgement::new(verdict).with_evidence(evidence),
        _ => Judgement::new(Verdict::Unverifiable)
            .with_evidence(evidence)
            .with_note("This version of the label is newer than the article."),
    }
}

fn label<'a>(case: &Case<'a, '_>) -> Option<&'a Label> {
    match case.search(Search::label(medicine(case)?))? {
        Hits::Label(label) => label.as_ref(),
        _ => None,
    }
}

/// The name under which a service knows the medicine of the claim. Classes and procedures have no applications.
fn medicine<'a>(case: &Case<'a, '_>) -> Option<&'a str> {
    let name = case.therapy_name()?;
    let is_one = |entity: &Entity| matches!(entity.nature, Nature::Product | Nature::Substance);
    case.entity(&name).is_none_or(is_one).then(|| case.name_of(&name))
}

/// Whether a text on uses names one, in a sentence that rules nothing out.
fn names_use(uses: &str, name: &str) -> bool {
    uses.split(". ").any(|sentence| !sentence.to_lowercase().contains(" not ") && names_whole(sentence, name))
}

fn evidence(found: &Found) -> Evidence {
    Evidence {
        source: found.source.title().to_owned(),
        detail: found.tell(),
        field: found.record.ids().into_iter().next().map(|id| id.to_uppercase()),
        url: Some(found.source.page().to_owned()),
        date: found.as_of.map(|day| day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_named_by_whole_words() {
        let uses =
            "X is indicated for relapsing multiple sclerosis (RMS) and for gout. It is not indicated for asthma.";
        for (name, named) in [
            ("multiple sclerosis", true),
            ("Multiple Sclerosis", true),
            ("RMS", true),
            ("MS", false),
            ("gout", true),
            ("asthma", false),
            ("sclerosi", false),
        ] {
            assert_eq!(names_use(uses, name), named, "{name}");
        }
    }
}
