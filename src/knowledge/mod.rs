//! Entities with their names, and dated facts about them.
//!
//! Nothing is concluded from silence: that something is not approved, or has no cure, is a fact of its own. What no fact
//! speaks of is unknown.

mod contradictions;
mod files;
mod lint;
mod load;
mod schema;
mod standing;
mod tell;

use std::sync::LazyLock;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::compiled;
use crate::source::{Format, SourceFile, Span};

pub use lint::lint;
pub use schema::{CureStrength, Nature, Predicate, schema};
pub use standing::Standing;

/// The number of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityId(pub u32);

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EntityKind {
    /// A body that approves, advises or publishes.
    Authority,
    /// A disease, a symptom, a state of health.
    Condition,
    /// A medicine, procedure, product or practice, or a class of them.
    Therapy,
    /// A registered trial.
    Trial,
}

/// One way of naming an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// As it is written.
    pub text: String,
    /// It must be written just so: `MS` is a condition, `ms` is not.
    pub case_sensitive: bool,
}

/// Something that texts speak of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// Its identifier in the fact files.
    pub id: String,
    /// What it is.
    pub kind: EntityKind,
    /// Which sort of it.
    pub nature: Nature,
    /// Its names; the first is the one to show.
    pub names: Vec<Name>,
    /// Phrases that hold a name of it, or stand for the same letters, and mean something else.
    pub look_alikes: Vec<String>,
    /// What it is one of: a cancer, a CAR T-cell therapy.
    pub parents: Vec<EntityId>,
    /// Of an authority: where its word counts.
    pub jurisdiction: Option<String>,
    /// Of an authority: what it gives besides approvals, and what is often taken for one.
    pub not_approval: Vec<String>,
}

impl Entity {
    /// The name to show.
    pub fn name(&self) -> &str {
        self.names.first().map_or(&self.id, |name| &name.text)
    }
}

/// Where a fact can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who says so.
    pub publisher: String,
    /// The page's title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// One assertion, with its date and sources.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// Its identifier.
    pub id: String,
    /// What it says.
    pub predicate: Predicate,
    /// Of which condition.
    pub condition: Option<EntityId>,
    /// Of which therapy.
    pub therapy: Option<EntityId>,
    /// By which authority.
    pub authority: Option<EntityId>,
    /// The therapies that bring a cure about; none: any accepted treatment.
    pub by: Vec<EntityId>,
    /// How far a cure goes.
    pub strength: Option<CureStrength>,
    /// Which designation, or what a boxed warning warns of.
    pub what: Option<String>,
    /// The number of a count.
    pub value: Option<u32>,
    /// By what, for whom: a few words.
    pub scope: Option<String>,
    /// From when it is true.
    pub since: Option<Date>,
    /// The first day on which it is no longer true.
    pub until: Option<Date>,
    /// When it was last seen to be true.
    pub as_of: Date,
    /// When it is to be looked at again.
    pub review_by: Date,
    /// Where it can be read.
    pub sources: Vec<Source>,
    /// A sentence to write.
    pub say: Option<String>,
}

impl Fact {
    /// Whether it says the same as another one, of another condition.
    pub fn says_the_same(&self, other: &Fact) -> bool {
        let said = |f: &Fact| (f.predicate, f.therapy, f.authority, f.since, f.until, f.as_of, f.review_by, f.value);
        let how = |f: &Fact| (f.by.clone(), f.strength, f.what.clone(), f.scope.clone(), f.say.clone());
        said(self) == said(other) && how(self) == how(other) && self.sources == other.sources
    }

    /// Whether it was true on that day. What has no beginning was always true.
    pub fn holds_on(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// A list of words that rules call by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lexicon {
    /// The words, as patterns of names.
    pub words: Vec<String>,
}

/// A mistake in a fact file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct KnowledgeError {
    /// The file's name.
    pub file: String,
    /// Where in it.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// Everything that is known.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Knowledge {
    entities: Vec<Entity>,
    by_id: FxHashMap<String, EntityId>,
    facts: Vec<Fact>,
    lexicons: Vec<(String, Lexicon)>,
    /// The facts that name each entity.
    facts_of: FxHashMap<EntityId, Vec<usize>>,
}

static BUILTIN: LazyLock<Knowledge> = LazyLock::new(|| {
    // The files are part of the program, and a test loads them; a damaged build knows nothing rather than half.
    let load = || Knowledge::load(&Knowledge::builtin_files()).unwrap_or_default();
    compiled::read(compiled::KNOWLEDGE).unwrap_or_else(load)
});

impl Knowledge {
    /// What comes with the program.
    pub fn builtin() -> &'static Knowledge {
        &BUILTIN
    }

    /// The files of the built-in base.
    pub fn builtin_files() -> Vec<SourceFile> {
        files::FILES.iter().map(|(name, text)| SourceFile::new(*name, *text, Format::Toml)).collect()
    }

    /// Loads fact files and word lists. Identifiers may be used across files. On error nothing is loaded.
    pub fn load(files: &[SourceFile]) -> Result<Knowledge, Vec<KnowledgeError>> {
        load::load(files)
    }

    /// All entities; an [`EntityId`] is an index into them.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The entity of that number.
    pub fn entity(&self, id: EntityId) -> Option<&Entity> {
        self.entities.get(id.0 as usize)
    }

    /// The entity with that identifier.
    pub fn by_id(&self, id: &str) -> Option<EntityId> {
        self.by_id.get(id).copied()
    }

    /// All facts.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The day on which it was last looked at: the latest of its facts' days.
    pub fn as_of(&self) -> Date {
        self.facts.iter().map(|fact| fact.as_of).max().unwrap_or_default()
    }

    /// All word lists, by name.
    pub fn lexicons(&self) -> impl Iterator<Item = (&str, &Lexicon)> {
        self.lexicons.iter().map(|(name, lexicon)| (name.as_str(), lexicon))
    }

    /// Whether `child` is `ancestor` or one of its kind, at any remove.
    pub fn is_a(&self, child: EntityId, ancestor: EntityId) -> bool {
        self.lineage(child).contains(&ancestor)
    }

    /// An entity and everything that it is one of, nearest first.
    pub fn lineage(&self, id: EntityId) -> Vec<EntityId> {
        let mut lineage = vec![id];
        let mut next = 0;
        while let Some(&current) = lineage.get(next) {
            let parents = self.entity(current).map_or(&[][..], |e| &e.parents);
            for &parent in parents {
                if !lineage.contains(&parent) {
                    lineage.push(parent);
                }
            }
            next += 1;
        }
        lineage
    }

    /// Whether a condition can be cured, from the nearest fact about it or what it is one of. A symptom that no fact
    /// speaks of counts as something that some are rid of. `None`: no cure, or nothing is known.
    pub fn cure_strength(&self, condition: EntityId) -> Option<CureStrength> {
        match self.about_cure(condition) {
            Some(fact) => (fact.predicate == Predicate::Cure).then_some(fact.strength.unwrap_or(CureStrength::Usual)),
            None => {
                let is_symptom = self.entity(condition).is_some_and(|entity| entity.nature == Nature::Symptom);
                is_symptom.then_some(CureStrength::Some)
            }
        }
    }

    /// [`Self::cure_strength`] where any of these therapies may be what cures it, or none is named: garlic does not cure
    /// tuberculosis, though tuberculosis can be cured.
    pub fn cure_strength_by(&self, condition: EntityId, therapies: &[EntityId]) -> Option<CureStrength> {
        let refused = |&therapy: &EntityId| self.is_accepted_cure(therapy, condition) == Some(false);
        let all_refused = !therapies.is_empty() && therapies.iter().all(refused);
        self.cure_strength(condition).filter(|_| !all_refused)
    }

    /// The fact that a condition has an accepted cure.
    pub fn is_curable(&self, condition: EntityId) -> Option<&Fact> {
        self.about_cure(condition).filter(|fact| fact.predicate == Predicate::Cure)
    }

    /// The fact that a condition has no cure.
    pub fn no_cure(&self, condition: EntityId) -> Option<&Fact> {
        self.about_cure(condition).filter(|fact| fact.predicate == Predicate::NoCure)
    }

    fn about_cure(&self, condition: EntityId) -> Option<&Fact> {
        self.nearest(condition, |f| matches!(f.predicate, Predicate::Cure | Predicate::NoCure))
    }

    /// Whether a therapy can be what cures a condition that has a cure. What the cure's fact names can; supplements,
    /// diets and practices that it does not name cannot, nor can what is said to be not approved or only studied for
    /// the condition. `None` where the condition has no accepted cure.
    pub fn is_accepted_cure(&self, therapy: EntityId, condition: EntityId) -> Option<bool> {
        let fact = self.is_curable(condition)?;
        if fact.by.iter().any(|&by| self.is_a(therapy, by) || self.is_a(by, therapy)) {
            return Some(true);
        }
        let nature = self.entity(therapy).map(|entity| entity.nature).unwrap_or_default();
        let is_beside_medicine =
            matches!(nature, Nature::Supplement | Nature::Diet | Nature::Practice | Nature::Substance);
        Some(!is_beside_medicine && self.not_accepted(therapy, condition, None).is_none())
    }

    /// The fact that a therapy is not approved, or only studied, for a condition: see [`Self::investigational`].
    pub fn not_accepted(&self, therapy: EntityId, condition: EntityId, day: Option<Date>) -> Option<&Fact> {
        self.of_pair(therapy, condition, day, |p| matches!(p, Predicate::NotApproved | Predicate::Investigational))
    }

    /// The fact that a therapy is investigational for a condition: of the pair itself, or of what they are one of. An
    /// approval of the pair that is nearer wins. With a day, only what held on that day counts.
    pub fn investigational(&self, therapy: EntityId, condition: EntityId, day: Option<Date>) -> Option<&Fact> {
        self.of_pair(therapy, condition, day, |predicate| predicate == Predicate::Investigational)
    }

    /// The nearest fact of a sort about a pair or what they are one of, unless an approval is nearer.
    fn of_pair(
        &self,
        therapy: EntityId,
        condition: EntityId,
        day: Option<Date>,
        fits: impl Fn(Predicate) -> bool,
    ) -> Option<&Fact> {
        let conditions = self.lineage(condition);
        for therapy in self.lineage(therapy) {
            for &condition in &conditions {
                let of_pair = |f: &&Fact| {
                    f.therapy == Some(therapy)
                        && f.condition == Some(condition)
                        && day.is_none_or(|day| f.holds_on(day))
                };
                let known = || self.of(therapy).filter(of_pair);
                if known().any(|f| f.predicate.is_approval()) {
                    return None;
                }
                if let Some(fact) = known().find(|f| fits(f.predicate)) {
                    return Some(fact);
                }
            }
        }
        None
    }

    /// The facts about an entity, a therapy's those of its classes too and a condition's those of what it is one of,
    /// nearest first.
    pub fn facts_about(&self, entity: EntityId) -> Vec<&Fact> {
        self.lineage(entity).into_iter().flat_map(|entity| self.of(entity)).collect()
    }

    /// The facts about an entity that held on a day.
    pub fn facts_on(&self, entity: EntityId, day: Date) -> Vec<&Fact> {
        self.facts_about(entity).into_iter().filter(|fact| fact.holds_on(day)).collect()
    }

    /// The day of an authority's first approval of a therapy for anything.
    pub fn first_approval(&self, therapy: EntityId, authority: EntityId) -> Option<Date> {
        let approvals = self.of(therapy).filter(|f| f.predicate.is_approval() && f.therapy == Some(therapy));
        approvals.filter(|f| f.authority == Some(authority)).filter_map(|f| f.since).min()
    }

    /// The entities that go by a name, in any case, or have it as their identifier.
    pub fn named(&self, name: &str) -> Vec<EntityId> {
        let goes_by = |entity: &Entity| {
            entity.id.eq_ignore_ascii_case(name)
                || entity.names.iter().any(|known| known.text.to_lowercase() == name.to_lowercase())
        };
        let found = self.entities.iter().enumerate().filter(|(_, entity)| goes_by(entity));
        found.map(|(number, _)| EntityId(number as u32)).collect()
    }

    fn of(&self, entity: EntityId) -> impl Iterator<Item = &Fact> {
        let facts = self.facts_of.get(&entity).map_or(&[][..], Vec::as_slice);
        facts.iter().filter_map(|&at| self.facts.get(at))
    }

    fn nearest(&self, condition: EntityId, fits: impl Fn(&Fact) -> bool) -> Option<&Fact> {
        let mut lineage = self.lineage(condition).into_iter();
        lineage
            .find_map(|entity| self.of(entity).find(|f| f.condition == Some(entity) && f.therapy.is_none() && fits(f)))
    }
}
