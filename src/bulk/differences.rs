//! Where official files and the fact base say different things. The fact base's word is used; a person should look.

use jiff::civil::Date;

use crate::imported::{Found, Imported, Kind, Record, Source, State};
use crate::knowledge::{Entity, EntityId, EntityKind, Fact, Knowledge, Nature, Predicate};

/// One thing that is said in two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The entity of the fact base that it is about.
    pub entity: String,
    /// Its name.
    pub name: String,
    /// What is said in two ways: `first_approval`, `approved`, `refused` or `names`.
    pub field: &'static str,
    /// What the fact base says.
    pub base: String,
    /// What the file says.
    pub imported: String,
    /// The identifier of the record.
    pub record: String,
}

/// Where the records of a source differ from the fact base, by the entities' order in the base.
pub fn differences(base: &Knowledge, imported: &Imported, source: Source) -> Vec<Difference> {
    let compare = Compare { base, imported, source };
    let mut found = Vec::new();
    for (at, entity) in base.entities().iter().enumerate() {
        let id = EntityId(at as u32);
        match entity.kind {
            EntityKind::Therapy if entity.nature == Nature::Product => found.extend(compare.approval(id, entity)),
            EntityKind::Condition => found.extend(compare.names(id, entity)),
            _ => {}
        }
    }
    found
}

struct Compare<'a> {
    base: &'a Knowledge,
    imported: &'a Imported,
    source: Source,
}

impl Compare<'_> {
    /// The records that go by a name of an entity, of the source and of others of its authority: FDA's two lists hold
    /// parts of one history.
    fn records(&self, kind: Kind, entity: &Entity) -> Vec<Found> {
        let authority = self.source.authority();
        let is_meant = |other: Source| other == self.source || authority.is_some() && other.authority() == authority;
        let mut found: Vec<Found> = Vec::new();
        for name in &entity.names {
            for record in self.imported.named(kind, &name.text) {
                if is_meant(record.source) && !found.contains(&record) {
                    found.push(record);
                }
            }
        }
        found
    }

    fn approval(&self, id: EntityId, entity: &Entity) -> Option<Difference> {
        let authority_id = self.source.authority()?;
        let authority = self.base.by_id(authority_id)?;
        let names: Vec<&str> = entity.names.iter().map(|name| name.text.as_str()).collect();
        let mut records = self.records(Kind::Therapy, entity);
        records.retain(|found| matches!(&found.record, Record::Product(product) if product.is_alone(&names)));
        let facts = self.base.facts_about(id).into_iter();
        let facts: Vec<&Fact> = facts.filter(|f| f.therapy == Some(id) && f.authority == Some(authority)).collect();
        let told = |field, base: String, (imported, record): (String, &Found)| Difference {
            entity: entity.id.clone(),
            name: entity.name().to_owned(),
            field,
            base,
            imported,
            record: record.record.ids().into_iter().next().unwrap_or_default().to_uppercase(),
        };
        let earliest = records.iter().filter_map(|found| Some((since(found)?, found))).min_by_key(|(since, _)| *since);
        let first = facts.iter().filter(|f| f.predicate == Predicate::FirstApproved).filter_map(|f| f.since).min();
        let any = facts.iter().filter(|f| f.predicate.is_approval()).filter_map(|f| f.since).min();
        let refused = facts.iter().find(|f| {
            let says_no = matches!(f.predicate, Predicate::Refused | Predicate::NotApproved);
            says_no && f.condition.is_none() && f.until.is_none()
        });
        let difference = match (first, any, earliest) {
            (Some(first), _, Some((since, found))) if since != first && !is_shared(found, first) => {
                Some((told("first_approval", first.to_string(), (since.to_string(), found)), found.source))
            }
            (None, Some(any), Some((since, found))) if since > any => {
                Some((told("approved", any.to_string(), (format!("not before {since}"), found)), found.source))
            }
            (None, None, Some((since, found))) if refused.is_some() => {
                let base = refused.map(|fact| self.base.tell(fact)).unwrap_or_default();
                Some((told("refused", base, (format!("approved on {since}"), found)), found.source))
            }
            (_, Some(any), None) => {
                let found = records.iter().find(|found| state(found) == Some(State::Refused))?;
                Some((told("refused", format!("approved on {any}"), ("refused".to_owned(), found)), found.source))
            }
            _ => None,
        };
        difference.filter(|(_, source)| *source == self.source).map(|(difference, _)| difference)
    }

    /// A disease that the file calls by names of two conditions of the base, neither of which is the other's kind.
    fn names(&self, id: EntityId, entity: &Entity) -> Option<Difference> {
        self.records(Kind::Condition, entity).iter().find_map(|found| {
            let Record::Disease(disease) = &found.record else { return None };
            let all = std::iter::once(&disease.name).chain(&disease.synonyms);
            let others = all.flat_map(|name| self.base.named(name)).filter(|&other| other > id);
            let is_condition =
                |other: &EntityId| self.base.entity(*other).is_some_and(|e| e.kind == EntityKind::Condition);
            let kin = |other: EntityId| self.base.is_a(id, other) || self.base.is_a(other, id);
            let other = others.filter(is_condition).find(|&other| !kin(other))?;
            let other = self.base.entity(other)?.name();
            Some(Difference {
                entity: entity.id.clone(),
                name: entity.name().to_owned(),
                field: "names",
                base: format!("{} and {other} are two", entity.name()),
                imported: "they are names of one".to_owned(),
                record: disease.id.clone(),
            })
        })
    }
}

fn since(found: &Found) -> Option<Date> {
    match &found.record {
        Record::Product(product) => product.since,
        _ => None,
    }
}

fn state(found: &Found) -> Option<State> {
    match &found.record {
        Record::Product(product) => Some(product.state),
        _ => None,
    }
}

/// Whether a record's earlier day may be that of another brand of the same application.
fn is_shared(found: &Found, base: Date) -> bool {
    match &found.record {
        Record::Product(product) => product.brands.len() > 1 && product.since.is_some_and(|since| since < base),
        _ => false,
    }
}
