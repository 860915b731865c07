//! Numbers: how many of a class are approved, and for how long a therapy has been in use.

use std::ops::Range;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::evidence::{Judgement, Verdict};
use crate::knowledge::{EntityId, Fact, Predicate};

use super::book::{Meaning, Sign};
use super::case::Case;

/// Whether so many of a class are approved. Judged only where the fact base counts the class.
pub(super) fn count(case: &Case<'_, '_>, day: Date) -> Judgement {
    let (judge, knowledge) = (case.judge, case.judge.knowledge);
    let is_part = case.shows_in(Sign::Part, case.claim.relation.start.saturating_sub(2)..case.near.end);
    let is_of_approved = case.shows_in(Sign::Approved, 0..case.view.words.len());
    if is_part || !is_of_approved || !case.says_so() || case.condition() != Ok(None) {
        return Judgement::default();
    }
    let (Some((class, at)), Ok(authority)) = (class(case), case.authority()) else { return Judgement::default() };
    let Some(said) = number_before(case, at) else { return Judgement::default() };
    let facts =
        knowledge.facts().iter().filter(|fact| fact.predicate == Predicate::Count && fact.therapy == Some(class));
    let Some(fact) = facts.filter(|fact| authority.is_none() || fact.authority == authority).max_by_key(|f| f.as_of)
    else {
        return Judgement::new(Verdict::Unverifiable);
    };
    let Some(known) = counted(case, fact, day) else { return Judgement::new(Verdict::Unverifiable) };
    let holds = said.contains(&known);
    let judgement = judge.by(if holds { Verdict::Supported } else { Verdict::Contradicted }, fact, day);
    let is_todays = fact.value == Some(known);
    if holds || is_todays {
        judgement
    } else {
        judgement.with_say(None).with_note(format!("On {day} there were {known}."))
    }
}

/// The class of which something is counted, and its first word: a side of the claim, or the nearest name behind it.
fn class(case: &Case<'_, '_>) -> Option<(EntityId, usize)> {
    let names = case.names(case.judge.names.therapy);
    let mut near =
        names.filter(|name| name.end as usize > case.claim.relation.start && (name.start as usize) < case.near.end);
    let name = near.next()?;
    Some((case.known(name)?, name.start as usize))
}

/// How far before a class its number may stand: "seven FDA-approved CAR T-cell therapies".
const BEFORE: usize = 4;

/// The number in the words before a class, as the range that is meant.
fn number_before(case: &Case<'_, '_>, at: usize) -> Option<std::ops::RangeInclusive<u32>> {
    let words = at.saturating_sub(BEFORE)..at;
    let in_words = case.marked_in(words.clone()).filter_map(|marked| match *marked.meaning {
        Meaning::Number { least, most } => Some((least, most.unwrap_or(u32::MAX), marked.words.start)),
        _ => None,
    });
    let in_digits = words.filter_map(|at| case.word(at).parse().ok().map(|number| (number, number, at)));
    let (least, most, at) = in_words.chain(in_digits).max_by_key(|(.., at)| *at)?;
    let shows = |sign| case.shows_in(sign, at.saturating_sub(3)..at);
    Some(match () {
        () if shows(Sign::AtLeast) => least..=u32::MAX,
        () if shows(Sign::AtMost) => 0..=most,
        () if shows(Sign::About) => least - least / 5..=most.saturating_add(most / 5),
        () => least..=most,
    })
}

/// How many of a class an authority had approved on a day: the fact's number, where its day is near; else counted from
/// the members' first approvals, where these add up to the fact's number.
fn counted(case: &Case<'_, '_>, fact: &Fact, day: Date) -> Option<u32> {
    let knowledge = case.judge.knowledge;
    let on = |day: Date| {
        let of_class = |f: &&Fact| {
            f.therapy.is_some_and(|t| Some(t) != fact.therapy && knowledge.is_a(t, fact.therapy.unwrap_or(t)))
        };
        let approved = knowledge.facts().iter().filter(|f| f.predicate.is_approval() && f.authority == fact.authority);
        let members: FxHashSet<EntityId> =
            approved.filter(of_class).filter(|f| f.holds_on(day)).filter_map(|f| f.therapy).collect();
        members.len() as u32
    };
    let adds_up = fact.value == Some(on(fact.as_of));
    if day >= fact.as_of { fact.value } else { adds_up.then(|| on(day)) }
}

/// By how many years a record of use may be older than the first approval: the trials before it.
const TRIAL_YEARS: i32 = 5;

/// Whether a therapy has been in use for as long as is said, by its first approval.
pub(super) fn duration(case: &Case<'_, '_>, day: Date) -> Judgement {
    let relation = &case.claim.relation;
    if !case.says_so() || !case.shows_in(Sign::Record, relation.start.saturating_sub(6)..case.near.end) {
        return Judgement::default();
    }
    let Some(years) = years(case, relation.clone()) else { return Judgement::default() };
    let (judge, therapies) = (case.judge, case.therapies());
    let first = |&therapy: &EntityId| {
        let facts = judge.knowledge.facts().iter();
        let firsts = facts.filter(|f| f.predicate == Predicate::FirstApproved && f.therapy == Some(therapy));
        firsts.min_by_key(|fact| fact.since)
    };
    let since = |fact: &&Fact| fact.since.unwrap_or(day);
    // Of several therapies the youngest decides.
    let Some(youngest) = therapies.iter().filter_map(first).max_by_key(since) else {
        return Judgement::new(Verdict::Unverifiable);
    };
    let passed = i32::from(day.year()) - i32::from(since(&youngest).year());
    let verdict = match years - passed {
        missing if missing <= 0 => Verdict::Supported,
        missing if missing <= TRIAL_YEARS => Verdict::Unverifiable,
        _ => Verdict::Contradicted,
    };
    judge.by(verdict, youngest, day)
}

/// The years that words name: "decades", "30 years".
fn years(case: &Case<'_, '_>, words: Range<usize>) -> Option<i32> {
    let near = words.start.saturating_sub(2)..(words.end + 3).min(case.near.end);
    let spans = case.marked_in(near.clone()).filter_map(|marked| match *marked.meaning {
        Meaning::Years(years) => Some(years as i32),
        _ => None,
    });
    // "Two decades" are both "decades" and what is said of them: the larger counts.
    let in_words = spans.max();
    let mut of_years = near.filter(|&at| matches!(case.word(at + 1), "years" | "year")).filter_map(|at| {
        let named = case.marked_in(at..at + 1).find_map(|marked| match *marked.meaning {
            Meaning::Number { least, .. } => Some(least as i32),
            _ => None,
        });
        case.word(at).parse().ok().or(named)
    });
    in_words.or_else(|| of_years.next())
}
