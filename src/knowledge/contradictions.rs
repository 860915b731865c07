//! Facts that cannot both be true.

use rustc_hash::FxHashMap;

use super::{EntityId, Fact, Knowledge, Predicate};

/// Each fact that another one contradicts, by its number, and how.
///
/// A condition cannot both have a cure and have none. A therapy cannot be approved for a condition by an authority while
/// it, or a class that it belongs to, is said to be not approved or only investigational for the condition or for what
/// the condition is one of; what ended before the approval is history and no contradiction.
pub(super) fn find(base: &Knowledge) -> Vec<(usize, String)> {
    let mut negative: FxHashMap<(Option<EntityId>, Option<EntityId>), Vec<&Fact>> = FxHashMap::default();
    for fact in base.facts().iter().filter(|fact| is_negative(fact.predicate)) {
        negative.entry((fact.therapy, fact.condition)).or_default().push(fact);
    }
    let mut found = Vec::new();
    for (at, fact) in base.facts().iter().enumerate() {
        let against = base.facts_against(fact, &negative);
        found.extend(against.map(|other| (at, format!("`{}` contradicts `{}`.", fact.id, other.id))));
    }
    found
}

fn is_negative(predicate: Predicate) -> bool {
    matches!(predicate, Predicate::NoCure | Predicate::NotApproved | Predicate::Investigational)
}

type ByPair<'a> = FxHashMap<(Option<EntityId>, Option<EntityId>), Vec<&'a Fact>>;

impl Knowledge {
    fn facts_against<'a>(&self, fact: &'a Fact, negative: &'a ByPair<'a>) -> impl Iterator<Item = &'a Fact> {
        let above = |entity: Option<EntityId>| match entity {
            Some(entity) => self.lineage(entity).into_iter().map(Some).collect(),
            None => vec![None],
        };
        let (therapies, conditions) = match fact.predicate {
            Predicate::Cure => (vec![fact.therapy], vec![fact.condition]),
            predicate if predicate.is_approval() && fact.until.is_none() => {
                (above(fact.therapy), above(fact.condition))
            }
            _ => (Vec::new(), Vec::new()),
        };
        let pairs: Vec<_> = therapies.into_iter().flat_map(|t| conditions.iter().map(move |&c| (t, c))).collect();
        let others = pairs.into_iter().filter_map(|pair| negative.get(&pair)).flatten().copied();
        others.filter(move |other| {
            let one_sort = (fact.predicate == Predicate::Cure) == (other.predicate == Predicate::NoCure);
            let one_authority = fact.authority == other.authority || other.authority.is_none();
            let is_history = fact.since.is_some_and(|since| other.until.is_some_and(|until| until <= since));
            one_sort && one_authority && !is_history
        })
    }
}
