//! Cures, and the gravest warnings of labels.

use jiff::civil::Date;

use crate::evidence::{Judgement, Verdict};
use crate::knowledge::{CureStrength, Predicate};

use super::book::Sign;
use super::case::Case;
use super::records;

/// Whether a condition can be cured, by what is named if anything is.
pub(super) fn cure(case: &Case<'_, '_>, day: Date) -> Judgement {
    let (judge, knowledge) = (case.judge, case.judge.knowledge);
    let Ok(Some(condition)) = case.condition() else { return Judgement::new(Verdict::Unverifiable) };
    if let Some(none) = knowledge.no_cure(condition) {
        let verdict = if case.says_so() { Verdict::Contradicted } else { Verdict::Supported };
        return judge.by(verdict, none, day);
    }
    let Some(cure) = knowledge.is_curable(condition) else { return Judgement::new(Verdict::Unverifiable) };
    let is_usual = cure.strength != Some(CureStrength::Some);
    let by = case.therapy().map(|therapy| knowledge.is_accepted_cure(therapy, condition) == Some(true));
    let verdict = match (case.says_so(), by) {
        (true, Some(false)) => Verdict::Contradicted,
        (true, _) if is_usual => Verdict::Supported,
        (true, _) => Verdict::Partly,
        (false, Some(false)) => Verdict::Supported,
        // Of a stage or form that resists, or of one of several medicines, the fact does not speak.
        (false, Some(true)) => Verdict::Unverifiable,
        (false, None) if case.shows(Sign::Restricted) => Verdict::Unverifiable,
        (false, None) if is_usual => Verdict::Contradicted,
        (false, None) => Verdict::Partly,
    };
    judge.by(verdict, cure, day)
}

/// Whether a label carries a boxed warning. Other words on safety are not held against facts.
pub(super) fn boxed_warning(case: &Case<'_, '_>, day: Date) -> Judgement {
    if !case.shows(Sign::Boxed) {
        return Judgement::default();
    }
    let judge = case.judge;
    let warnings = case.therapy().map(|therapy| judge.knowledge.facts_on(therapy, day)).unwrap_or_default();
    let warning = warnings.into_iter().find(|fact| fact.predicate == Predicate::BoxedWarning);
    match warning {
        Some(fact) if case.says_so() => judge.by(Verdict::Supported, fact, day),
        Some(fact) => judge.by(Verdict::Contradicted, fact, day),
        None => records::boxed_warning(case, day).unwrap_or_else(|| Judgement::new(Verdict::Unverifiable)),
    }
}
