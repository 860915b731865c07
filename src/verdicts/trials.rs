//! How trials stand: by the registry's answer where a number is named, else by what the fact base calls investigational.

use jiff::civil::Date;

use crate::evidence::records::{Fate, Registry, fate, find};
use crate::evidence::searches::{Hits, Search, Trials};
use crate::evidence::{Answer, Judgement, Question, Verdict};
use crate::finding::Evidence;
use crate::knowledge::{Entity, Nature};

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

/// Whether any trial of the therapy takes participants. A sentence that names its trial is left to that; that no trial is
/// found under the name of a class of therapies says little.
fn by_name(case: &Case<'_, '_>) -> Judgement {
    let judge = case.judge;
    let names_a_trial = !find(judge.reading.text(judge.document, case.sentence)).is_empty();
    let Some(therapy) = case.therapy_name().filter(|_| !names_a_trial) else { return Judgement::default() };
    let condition = case.condition_name().map(|name| case.name_of(&name));
    let search = Search::trials(case.name_of(&therapy), condition);
    let page = search.page();
    let Some(Hits::Trials(trials)) = case.search(search) else { return Judgement::default() };
    let is_one = |entity: &Entity| matches!(entity.nature, Nature::Product | Nature::Substance);
    let is_class = !case.entity(&therapy).is_none_or(is_one);
    let verdict = match (trials.recruiting > 0, case.says_so()) {
        (true, true) => Verdict::Supported,
        (true, false) => Verdict::Contradicted,
        (false, _) if trials.total == 0 || is_class => Verdict::Unverifiable,
        (false, true) => Verdict::Contradicted,
        (false, false) => Verdict::Supported,
    };
    let of = condition.map_or_else(String::new, |condition| format!(" for {condition}"));
    let recruiting = if trials.recruiting == 0 { "none".to_owned() } else { trials.recruiting.to_string() };
    let (Trials { total, some, .. }, therapy) = (trials, case.name_of(&therapy));
    let such_as = if some.is_empty() { String::new() } else { format!(" ({})", some.join(", ")) };
    Judgement::new(verdict).with_evidence(Evidence {
        source: Registry::ClinicalTrials.title().to_owned(),
        detail: format!("of {total} registered trials of {therapy}{of} {recruiting} takes participants{such_as}"),
        field: Some(format!("trials of {therapy}{of}")),
        url: Some(page),
        date: None,
    })
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
    let Some((id, record)) = asked else { return by_name(case) };
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
