//! How trials stand: by the registry's answer where a number is named, else by what the fact base calls investigational.

use jiff::civil::Date;

use crate::evidence::records::{Fate, Registry, fate, find};
use crate::evidence::{Answer, Judgement, Question, Verdict};
use crate::finding::Evidence;

use super::book::Sign;
use super::case::Case;

/// Whether a trial recruits, or a therapy is in trials at all.
pub(super) fn status(case: &Case<'_, '_>, day: Date) -> Judgement {
    if case.shows(Sign::Recruiting) {
        return recruiting(case);
    }
    if !case.shows(Sign::InTrials) || !case.says_so() {
        return Judgement::default();
    }
    let (Some(therapy), Ok(Some(condition))) = (case.therapy(), case.condition()) else {
        return Judgement::new(Verdict::Unverifiable);
    };
    match case.judge.knowledge.investigational(therapy, condition, Some(day)) {
        Some(fact) => case.judge.by(Verdict::Supported, fact, day),
        None => Judgement::new(Verdict::Unverifiable),
    }
}

/// What the registry says of the first trial that the sentence names by its number.
fn recruiting(case: &Case<'_, '_>) -> Judgement {
    let judge = case.judge;
    let text = judge.reading.text(judge.document, case.sentence);
    let asked = find(text).into_iter().find_map(|(_, id)| {
        let question = Question::Record { registry: Registry::ClinicalTrials, id: id.clone() };
        match judge.answers.get(&question) {
            Some(Answer::Record(record)) => Some((id, record)),
            _ => None,
        }
    });
    let Some((id, record)) = asked else { return Judgement::default() };
    let evidence = Evidence {
        source: Registry::ClinicalTrials.title().to_owned(),
        detail: record.words(),
        field: Some(format!("{id} overallStatus")),
        url: Some(id.page()),
        date: record.as_of.map(|day| day.to_string()),
    };
    let verdict = match fate(&id, &[(Registry::ClinicalTrials, record)]) {
        Some(Fate::NotRecruiting) if case.says_so() => Verdict::Contradicted,
        Some(Fate::NotRecruiting) => Verdict::Supported,
        Some(_) => Verdict::Unverifiable,
        None if record.status.as_deref() == Some("RECRUITING") && case.says_so() => Verdict::Supported,
        None if record.status.as_deref() == Some("RECRUITING") => Verdict::Contradicted,
        None => Verdict::Unverifiable,
    };
    Judgement::new(verdict).with_evidence(evidence)
}
