//! How a therapy stands with an authority on a day: what "approved" can be held against.

use jiff::civil::Date;

use super::{EntityId, Fact, Knowledge, Predicate};

/// What the base says to "this therapy is approved for this condition". Where it says nothing, nothing follows.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// It was approved, for the condition or for something that it is one of.
    Approved(&'a Fact),
    /// It, or one of its class, was approved for a part of what is meant: one form of the condition, one product.
    Partly(&'a Fact),
    /// It was not yet approved on that day.
    Later(&'a Fact),
    /// Its approval had ended, or it was taken back.
    Ended(&'a Fact),
    /// A fact says that it was not approved, declined, or only studied.
    Denied(&'a Fact),
    /// No fact speaks of it.
    Unknown,
}

impl Knowledge {
    /// How a therapy or class stands for a condition (`None`: for anything) with an authority (`None`: with any) on a
    /// day. What is said of a class holds for its members, and what a member may is partly true of its class.
    pub fn standing(
        &self,
        therapy: EntityId,
        condition: Option<EntityId>,
        authority: Option<EntityId>,
        day: Date,
    ) -> Standing<'_> {
        let by_authority = |fact: &Fact| authority.is_none() || fact.authority == authority;
        // An approval that names no condition says nothing of a certain one.
        let meets = |fact: &Fact| condition.is_none_or(|c| fact.condition.is_some_and(|f| self.is_a(c, f)));
        let touches = |fact: &Fact| condition.is_none_or(|c| fact.condition.is_some_and(|f| self.is_a(f, c)));
        let all = self.facts().iter().filter(|fact| fact.predicate.is_approval() && by_authority(fact));
        let of_therapy = all.filter(|fact| fact.therapy.is_some_and(|t| self.is_a(t, therapy)));
        let approvals: Vec<&Fact> = of_therapy.filter(|fact| meets(fact) || touches(fact)).collect();
        let holds = || approvals.iter().filter(|fact| fact.holds_on(day));
        let whole = holds().find(|fact| fact.therapy == Some(therapy) && meets(fact));
        // What is said of one condition is not said of all.
        let covers = |fact: &Fact| fact.condition.is_none() || condition.is_some() && meets(fact);
        let said = |sorts: &'static [Predicate]| {
            let mut facts = self.facts_about(therapy).into_iter();
            facts.find(|f| sorts.contains(&f.predicate) && by_authority(f) && covers(f) && f.holds_on(day))
        };
        if let Some(fact) = said(&[Predicate::Withdrawn]).filter(|fact| fact.since.is_some()) {
            return Standing::Ended(fact);
        }
        if let Some(fact) = whole {
            return Standing::Approved(fact);
        }
        if let Some(fact) = holds().next() {
            return Standing::Partly(fact);
        }
        if let Some(fact) = approvals.iter().find(|fact| fact.since.is_some_and(|since| since > day)) {
            return Standing::Later(fact);
        }
        if let Some(fact) = approvals.first() {
            return Standing::Ended(fact);
        }
        let denied = said(&[Predicate::Refused, Predicate::NotApproved, Predicate::Investigational]);
        denied.map_or(Standing::Unknown, Standing::Denied)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn stands(therapy: &str, condition: &str, authority: &str, day: &str) -> &'static str {
        let base = Knowledge::builtin();
        let id = |id: &str| (!id.is_empty()).then(|| base.by_id(id).unwrap());
        match base.standing(id(therapy).unwrap(), id(condition), id(authority), day.parse().unwrap()) {
            Standing::Approved(_) => "approved",
            Standing::Partly(_) => "partly",
            Standing::Later(_) => "later",
            Standing::Ended(_) => "ended",
            Standing::Denied(_) => "denied",
            Standing::Unknown => "unknown",
        }
    }

    #[test]
    fn of_a_product() {
        assert_eq!(stands("ocrelizumab", "relapsing-ms", "fda", "2020-01-01"), "approved");
        assert_eq!(stands("ocrelizumab", "ms", "fda", "2020-01-01"), "partly");
        assert_eq!(stands("ocrelizumab", "", "fda", "2020-01-01"), "approved");
        assert_eq!(stands("ocrelizumab", "relapsing-ms", "fda", "2016-01-01"), "later");
        assert_eq!(stands("ocrelizumab", "relapsing-ms", "ema", "2017-06-01"), "later");
        assert_eq!(stands("ocrelizumab", "lupus", "fda", "2020-01-01"), "unknown");
        assert_eq!(stands("daclizumab", "relapsing-ms", "fda", "2020-01-01"), "ended");
        assert_eq!(stands("bevacizumab", "metastatic-breast-cancer", "fda", "2015-01-01"), "ended");
        assert_eq!(stands("bevacizumab", "", "fda", "2015-01-01"), "approved");
        assert_eq!(stands("rofecoxib", "", "fda", "2010-01-01"), "ended");
        assert_eq!(stands("mdma", "ptsd", "fda", "2025-01-01"), "denied");
        assert_eq!(stands("kyv-101", "ms", "fda", "2026-09-01"), "denied");
    }

    #[test]
    fn of_a_class() {
        assert_eq!(stands("car-t", "myeloma", "fda", "2026-01-01"), "partly");
        assert_eq!(stands("car-t", "ms", "fda", "2026-01-01"), "denied");
        assert_eq!(stands("car-t", "", "fda", "2015-01-01"), "later");
        assert_eq!(stands("exosomes", "back-pain", "fda", "2026-01-01"), "denied");
    }
}
