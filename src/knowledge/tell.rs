//! Facts as sentences.

use super::{CureStrength, Entity, EntityId, Fact, Knowledge, Predicate};

impl Knowledge {
    /// A fact as one sentence that a person reads, without its sources.
    pub fn tell(&self, fact: &Fact) -> String {
        self.tell_of(fact, fact.condition.as_slice())
    }

    /// What a fact says of one condition, said of all of these.
    pub fn tell_of(&self, fact: &Fact, conditions: &[EntityId]) -> String {
        let name = |id: Option<EntityId>, else_: &'static str| {
            id.and_then(|id| self.entity(id)).map_or(else_.to_owned(), |entity| entity.name().to_owned())
        };
        let names: Vec<&str> = conditions.iter().filter_map(|&id| self.entity(id)).map(Entity::name).collect();
        let condition = match &names[..] {
            [] => "any condition".to_owned(),
            [one] => (*one).to_owned(),
            [before @ .., last] => format!("{} and {last}", before.join(", ")),
        };
        let therapy = name(fact.therapy, "it");
        let authority = name(fact.authority, "the authority");
        let of_condition = if names.is_empty() { String::new() } else { format!(" for {condition}") };
        let on = fact.since.map(|day| format!(" on {day}")).unwrap_or_default();
        let what = fact.what.as_deref().unwrap_or("unnamed");
        let said = match fact.predicate {
            Predicate::Cure if fact.strength == Some(CureStrength::Some) => {
                format!("Some people with {condition} can be cured")
            }
            Predicate::Cure => format!("{condition} can ordinarily be cured"),
            Predicate::NoCure => format!("There is no cure for {condition}"),
            Predicate::FirstApproved => format!("{authority} first approved {therapy}{on}{of_condition}"),
            Predicate::Approved => format!("{authority} approved {therapy}{of_condition}{on}"),
            Predicate::NotApproved => format!("{authority} has not approved {therapy} for {condition}"),
            Predicate::Investigational => {
                format!("{therapy} is being studied for {condition}, and is no accepted treatment")
            }
            Predicate::Designation => {
                format!("{authority} has given {therapy} the designation “{what}”{of_condition}, which is no approval")
            }
            Predicate::Withdrawn => format!("{therapy}{of_condition} was taken back{on} ({authority})"),
            Predicate::Refused => format!("{authority} declined the application for {therapy}{of_condition}{on}"),
            Predicate::BoxedWarning => format!("{authority} demands a boxed warning on {therapy}: {what}"),
            Predicate::Count => {
                let count = fact.value.unwrap_or_default();
                format!("{authority} has approved {count} products of the class {therapy}")
            }
        };
        let ended = fact.until.map(|day| format!(", until {day}")).unwrap_or_default();
        let scope = fact.scope.as_ref().map(|scope| format!(": {scope}")).unwrap_or_default();
        let mut sentence = format!("{said}{ended}{scope}.");
        if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
            sentence.replace_range(..1, &first);
        }
        sentence
    }
}
