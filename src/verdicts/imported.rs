//! Approvals and refusals by the records of official files, where the fact base is silent.
//!
//! The files say that something was approved and not what for, so they are left out of claims that name a use.

use jiff::civil::Date;

use crate::evidence::{Judgement, Verdict};
use crate::finding::Evidence;
use crate::imported::{Found, Source, Stand};

use super::book::Sign;
use super::case::Case;

/// The verdict of the fact base, or, where it rests on nothing, what imported records say of the therapy.
pub(super) fn or_records(case: &Case<'_, '_>, day: Date, judgement: Judgement) -> Judgement {
    let is_silent = judgement.verdict == Verdict::Unverifiable && judgement.evidence.is_empty();
    if !is_silent {
        return judgement;
    }
    approval(case, day).unwrap_or(judgement)
}

fn approval(case: &Case<'_, '_>, day: Date) -> Option<Judgement> {
    let names_a_use = case.condition() != Ok(None)
        || [Sign::ForWhat, Sign::Restricted].into_iter().any(|sign| case.shows_behind(sign));
    if names_a_use || case.shows(Sign::Designation) || case.year().is_some() {
        return None;
    }
    let authority = case.authority().ok()?.and_then(|id| case.judge.knowledge.entity(id));
    let stand = case.judge.imported?.standing(&names(case)?, authority.map(|authority| authority.id.as_str()), day)?;
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
    // FDA's files keep what was withdrawn since as approved.
    let may_have_ended = matches!(stand, Stand::Approved(_)) && stand.record().source != Source::Ema;
    Some(if may_have_ended && verdict == Verdict::Supported && !is_past {
        judgement.with_note("The file tells of the first approval, and not whether it still holds.")
    } else {
        judgement
    })
}

/// The names by which the therapy of the claim may be recorded: all that the fact base knows of it, else the one that the
/// text has.
fn names<'a>(case: &Case<'a, '_>) -> Option<Vec<&'a str>> {
    let name = case.therapy_name()?;
    match case.known(&name).and_then(|id| case.judge.knowledge.entity(id)) {
        Some(entity) => Some(entity.names.iter().map(|name| name.text.as_str()).collect()),
        None => {
            let words = name.start as usize..name.end as usize;
            Some(vec![case.judge.reading.words_text(case.judge.document, case.sentence, words)])
        }
    }
}

fn evidence(found: &Found) -> Evidence {
    Evidence {
        source: found.source.title().to_owned(),
        detail: found.tell(),
        field: found.record.ids().into_iter().next().map(|id| id.to_uppercase()),
        url: Some(found.source.page().to_owned()),
        date: Some(found.as_of.to_string()),
    }
}
