//! What imported files answer where no registry is asked.

use jiff::civil::Date;

use crate::imported::{Found, Imported, Nature, Notice, Record as Row};

use super::records::{Id, Record, Registry, Standing};
use super::{Answer, Question};

/// The answer of imported files to a question. `None` where they do not list what is asked, which says nothing of it.
pub fn answer(imported: &Imported, question: &Question) -> Option<Answer> {
    let Question::Record { registry, id } = question else { return None };
    let rows = imported.by_id(&id.to_string());
    let record = match (registry, id) {
        (Registry::ClinicalTrials, Id::Nct(_)) => trial(&rows),
        (Registry::RetractionWatch, Id::Doi(_) | Id::Pmid(_)) => work(&rows),
        _ => None,
    };
    record.map(Answer::Record)
}

fn trial(rows: &[Found]) -> Option<Record> {
    rows.iter().find_map(|found| match &found.record {
        Row::Trial(trial) => Some(Record {
            found: true,
            status: Some(trial.status.clone()),
            title: trial.title.clone(),
            phases: trial.phase.split('/').filter(|phase| !phase.is_empty()).map(str::to_owned).collect(),
            subjects: trial.interventions.iter().chain(&trial.conditions).cloned().collect(),
            as_of: found.as_of,
            ..Record::default()
        }),
        _ => None,
    })
}

/// How a work stands after all notices about it: the gravest one counts, of those since it was last reinstated.
fn work(rows: &[Found]) -> Option<Record> {
    let notices = rows.iter().filter_map(|found| match &found.record {
        Row::Notice(notice) => Some((notice, found.as_of)),
        _ => None,
    });
    let mut notices: Vec<(&Notice, Option<Date>)> = notices.collect();
    notices.sort_by_key(|(notice, _)| notice.date);
    let (last, as_of) = notices.last()?;
    let standing = notices.iter().fold(Standing::Sound, |standing, (notice, _)| match notice.nature {
        Nature::Reinstatement => Standing::Sound,
        Nature::Correction => standing.max(Standing::Corrected),
        Nature::Concern => standing.max(Standing::Concern),
        Nature::Retraction => Standing::Retracted,
    });
    Some(Record { found: true, standing, title: last.title.clone(), as_of: *as_of, ..Record::default() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::imported::{Part, Source, write};

    fn notice(doi: &str, nature: Nature, date: &str) -> Row {
        Row::Notice(Notice {
            doi: Some(doi.to_owned()),
            pmid: None,
            title: "On gin".to_owned(),
            nature,
            date: date.parse().ok(),
            reasons: Vec::new(),
        })
    }

    #[test]
    fn notices_add_up_in_the_order_of_their_days() {
        let records = vec![
            notice("10.5555/a", Nature::Reinstatement, "2022-01-01"),
            notice("10.5555/a", Nature::Retraction, "2020-01-01"),
            notice("10.5555/b", Nature::Retraction, "2020-01-01"),
            notice("10.5555/b", Nature::Correction, "2021-01-01"),
            notice("10.5555/c", Nature::Concern, ""),
        ];
        let as_of = "2026-10-01".parse().unwrap();
        let part = Part { source: Source::RetractionWatch, as_of, files: Vec::new(), records };
        let imported = Imported::read(write(&[part], &|_| Vec::new()).unwrap()).unwrap();
        let said = |doi: &str| {
            let id = Id::Doi(doi.to_owned());
            match answer(&imported, &Question::Record { registry: Registry::RetractionWatch, id }) {
                Some(Answer::Record(record)) => record.words(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(said("10.5555/a"), "nothing against it, as of 2026-10-01");
        assert_eq!(said("10.5555/b"), "retracted, as of 2026-10-01");
        assert_eq!(said("10.5555/c"), "expression of concern, as of 2026-10-01");
        assert_eq!(said("10.5555/d"), "None");
    }
}
