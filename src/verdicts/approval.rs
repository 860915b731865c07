//! Approval and availability: how a therapy stands with an authority, and when it was approved.

use jiff::civil::Date;

use crate::evidence::{Judgement, Verdict};
use crate::knowledge::{EntityId, Fact, Predicate, Standing};

use super::book::Sign;
use super::case::Case;

/// Whether a therapy is approved as it is said to be.
pub(super) fn approval(case: &Case<'_, '_>, day: Date) -> Judgement {
    let before = case.near.start..case.claim.relation.end;
    if case.shows(Sign::OtherThing) || case.shows_in(Sign::Future, before) {
        return Judgement::default();
    }
    let Some(therapy) = case.therapy() else { return unknown() };
    if case.shows(Sign::Designation) {
        return designation(case, therapy, day);
    }
    let Some(asked) = Asked::of(case, therapy) else { return unknown() };
    if case.shows_in(Sign::Rejected, case.claim.relation.clone()) {
        return asked.rejected(case, day);
    }
    if !case.says_so() {
        return asked.denied(case, day);
    }
    match case.year() {
        Some(year) => asked.in_year(case, year, day),
        None => asked.said(case, day),
    }
}

/// Whether a therapy can be had, or only in trials: what is not approved cannot be had otherwise.
pub(super) fn availability(case: &Case<'_, '_>, day: Date) -> Judgement {
    let is_of_trials = case.shows(Sign::TrialOnly);
    let is_foretold = case.shows_in(Sign::Future, case.near.start..case.claim.relation.end);
    if is_foretold || (case.shows(Sign::OtherThing) && !is_of_trials) {
        return Judgement::default();
    }
    let Some(asked) = case.therapy().and_then(|therapy| Asked::of(case, therapy)) else { return unknown() };
    if is_of_trials {
        // "Only in trials" denies that it is approved; "not only in trials" says nothing of how else.
        return if case.says_so() { asked.denied(case, day) } else { unknown() };
    }
    let judgement = if case.says_so() { asked.said(case, day) } else { asked.denied(case, day) };
    // What no authority has approved is sold all the same, and what is approved may be out of stock or not paid for.
    let is_of_sale = case.shows(Sign::OnMarket);
    let speaks = matches!(judgement.verdict, Verdict::Contradicted) && !(is_of_sale && case.says_so());
    if speaks { Judgement { verdict: Verdict::Unverifiable, ..judgement } } else { judgement }
}

fn unknown() -> Judgement {
    Judgement::new(Verdict::Unverifiable)
}

/// Of what an approval is asked.
struct Asked {
    therapy: EntityId,
    condition: Option<EntityId>,
    authority: Option<EntityId>,
    /// It is said of more or of less than facts speak of: of children, of a use that no list holds.
    is_narrower: bool,
}

impl Asked {
    /// `None` where the condition or the place is one of which nothing is known.
    fn of(case: &Case<'_, '_>, therapy: EntityId) -> Option<Self> {
        let (condition, authority) = (case.condition().ok()?, case.authority().ok()?);
        let is_for_something_else = condition.is_none() && case.shows_behind(Sign::ForWhat);
        let is_narrower = is_for_something_else || case.shows_behind(Sign::Restricted);
        Some(Self { therapy, condition, authority, is_narrower })
    }

    fn standing<'a>(&self, case: &Case<'a, '_>, day: Date) -> Standing<'a> {
        case.judge.knowledge.standing(self.therapy, self.condition, self.authority, day)
    }

    /// "It is approved."
    fn said(&self, case: &Case<'_, '_>, day: Date) -> Judgement {
        let judge = case.judge;
        let is_past = case.shows_in(Sign::Past, case.near.start..case.claim.relation.end);
        let (verdict, fact) = match self.standing(case, day) {
            Standing::Unknown => return unknown(),
            Standing::Approved(fact) if self.is_narrower && self.condition.is_none() => (Verdict::Unverifiable, fact),
            Standing::Approved(fact) if self.is_narrower => (Verdict::Partly, fact),
            Standing::Approved(fact) => (Verdict::Supported, fact),
            Standing::Partly(fact) => (Verdict::Partly, fact),
            Standing::Ended(fact) if is_past => (Verdict::Supported, fact),
            Standing::Ended(fact) => (Verdict::Contradicted, fact),
            // Another authority may have been earlier.
            Standing::Later(fact) if self.authority.is_none() => (Verdict::Unverifiable, fact),
            Standing::Later(fact) | Standing::Denied(fact) => (Verdict::Contradicted, fact),
        };
        judge.by(verdict, fact, day)
    }

    /// "It is not approved."
    fn denied(&self, case: &Case<'_, '_>, day: Date) -> Judgement {
        // What is left out may be in the text before: "it is not approved" means the condition that the text is about.
        let is_whole = self.condition.is_some() && !self.is_narrower;
        let (verdict, fact) = match self.standing(case, day) {
            Standing::Unknown => return unknown(),
            Standing::Approved(fact) if is_whole => (Verdict::Contradicted, fact),
            Standing::Approved(fact) => (Verdict::Unverifiable, fact),
            Standing::Partly(fact) => (Verdict::Partly, fact),
            Standing::Later(fact) | Standing::Ended(fact) | Standing::Denied(fact) => (Verdict::Supported, fact),
        };
        case.judge.by(verdict, fact, day)
    }

    /// "It was approved in that year." A year before every approval that is known is wrong; a later one may be that of
    /// another use.
    fn in_year(&self, case: &Case<'_, '_>, year: i16, day: Date) -> Judgement {
        let judge = case.judge;
        let known = approvals(case, self.therapy, self.authority);
        let is_of_first = case.shows(Sign::First) && self.condition.is_none() && !self.is_narrower;
        let is_meant = |fact: &&&Fact| !is_of_first || fact.predicate == Predicate::FirstApproved;
        let mut meant = known.iter().filter(is_meant);
        if let Some(fact) = meant.find(|fact| fact.since.is_some_and(|since| since.year() == year)) {
            let fits = self.condition.is_none_or(|condition| {
                fact.condition
                    .is_some_and(|of| judge.knowledge.is_a(condition, of) || judge.knowledge.is_a(of, condition))
            });
            return judge.by(if fits { Verdict::Supported } else { Verdict::Unverifiable }, fact, day);
        }
        let firsts = known.iter().filter(|fact| fact.predicate == Predicate::FirstApproved);
        let Some(first) = firsts.min_by_key(|fact| fact.since) else { return unknown() };
        let first_year = first.since.map_or(year, Date::year);
        // Where no authority is named, one that is not known may have been earlier by a year or two.
        let slack = if self.authority.is_some() { 0 } else { 3 };
        let is_too_early = year + slack < first_year;
        let is_too_late = is_of_first && self.authority.is_some() && year > first_year;
        let verdict = if is_too_early || is_too_late { Verdict::Contradicted } else { Verdict::Unverifiable };
        judge.by(verdict, first, day)
    }

    /// "The authority declined it."
    fn rejected(&self, case: &Case<'_, '_>, day: Date) -> Judgement {
        let judge = case.judge;
        let facts = judge.knowledge.facts_on(self.therapy, day).into_iter();
        let mut refusals = facts.filter(|fact| {
            fact.predicate == Predicate::Refused && self.authority.is_none_or(|by| fact.authority == Some(by))
        });
        match refusals.next() {
            Some(fact) if case.says_so() => judge.by(Verdict::Supported, fact, day),
            _ => unknown(),
        }
    }
}

/// A status that is no approval: known where a fact names it.
fn designation(case: &Case<'_, '_>, therapy: EntityId, day: Date) -> Judgement {
    let judge = case.judge;
    let text = judge.reading.text(judge.document, case.sentence).to_lowercase();
    let facts = judge.knowledge.facts_on(therapy, day).into_iter();
    let mut given = facts.filter(|fact| fact.predicate == Predicate::Designation);
    let named = given.find(|fact| fact.what.as_ref().is_some_and(|what| text.contains(&what.to_lowercase())));
    match named {
        Some(fact) if case.says_so() => judge.by(Verdict::Supported, fact, day),
        _ => unknown(),
    }
}

/// The approvals of a therapy, or of the members of a class, by an authority or by any.
fn approvals<'a>(case: &Case<'a, '_>, therapy: EntityId, authority: Option<EntityId>) -> Vec<&'a Fact> {
    let knowledge = case.judge.knowledge;
    let facts = knowledge.facts().iter().filter(|fact| fact.predicate.is_approval());
    let of_it = facts.filter(|fact| fact.therapy.is_some_and(|of| knowledge.is_a(of, therapy)));
    of_it.filter(|fact| authority.is_none() || fact.authority == authority).collect()
}
