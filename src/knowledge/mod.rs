//! Entities with their names, and dated facts about them.
//!
//! Nothing is concluded from silence: that something is not approved, or has no cure, is a fact of its own. What no fact
//! speaks of is unknown.

mod load;
mod schema;

use std::sync::LazyLock;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::source::{Format, SourceFile, Span};

pub use schema::{CureStrength, Predicate};

/// The number of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As it is written.
    pub text: String,
    /// It must be written just so: `MS` is a condition, `ms` is not.
    pub case_sensitive: bool,
}

/// Something that texts speak of.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its identifier in the fact files.
    pub id: String,
    /// What it is.
    pub kind: EntityKind,
    /// Its names; the first is the one to show.
    pub names: Vec<Name>,
    /// What it is one of: a cancer, a CAR T-cell therapy.
    pub parents: Vec<EntityId>,
}

/// Where a fact can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who says so.
    pub publisher: String,
    /// The page's title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// One assertion, with its date and sources.
#[derive(Clone, Debug)]
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
    /// How far a cure goes.
    pub strength: Option<CureStrength>,
    /// By what, for whom: a few words.
    pub scope: Option<String>,
    /// From when it is true.
    pub since: Option<Date>,
    /// When it was last seen to be true.
    pub as_of: Date,
    /// Where it can be read.
    pub sources: Vec<Source>,
    /// A sentence to write.
    pub say: Option<String>,
}

/// A list of words that rules call by name.
#[derive(Clone, Debug)]
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
#[derive(Debug, Default)]
pub struct Knowledge {
    entities: Vec<Entity>,
    by_id: FxHashMap<String, EntityId>,
    facts: Vec<Fact>,
    lexicons: Vec<(String, Lexicon)>,
    /// The facts that name each entity.
    facts_of: FxHashMap<EntityId, Vec<usize>>,
}

/// The files of the built-in base: name and text.
const FILES: &[(&str, &str)] = &[
    ("rules/facts/authorities.toml", include_str!("../../rules/facts/authorities.toml")),
    ("rules/facts/conditions.toml", include_str!("../../rules/facts/conditions.toml")),
    ("rules/facts/therapies.toml", include_str!("../../rules/facts/therapies.toml")),
    ("rules/facts/cures.toml", include_str!("../../rules/facts/cures.toml")),
    ("rules/facts/approvals.toml", include_str!("../../rules/facts/approvals.toml")),
    ("rules/facts/investigational.toml", include_str!("../../rules/facts/investigational.toml")),
    ("rules/lexicon/words.toml", include_str!("../../rules/lexicon/words.toml")),
];

static BUILTIN: LazyLock<Knowledge> = LazyLock::new(|| {
    // The files are part of the program, and a test loads them; a damaged build knows nothing rather than half.
    Knowledge::load(&Knowledge::builtin_files()).unwrap_or_default()
});

impl Knowledge {
    /// What comes with the program.
    pub fn builtin() -> &'static Knowledge {
        &BUILTIN
    }

    /// The files of the built-in base.
    pub fn builtin_files() -> Vec<SourceFile> {
        FILES.iter().map(|(name, text)| SourceFile::new(*name, *text, Format::Toml)).collect()
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

    /// Whether a condition can be cured, from the nearest fact about it or what it is one of; `None`: no cure, or
    /// nothing is known.
    pub fn cure_strength(&self, condition: EntityId) -> Option<CureStrength> {
        let fact = self.nearest(condition, |f| matches!(f.predicate, Predicate::Cure | Predicate::NoCure))?;
        (fact.predicate == Predicate::Cure).then_some(fact.strength.unwrap_or(CureStrength::Usual))
    }

    /// The fact that a condition has an accepted cure.
    pub fn is_curable(&self, condition: EntityId) -> Option<&Fact> {
        let fact = self.nearest(condition, |f| matches!(f.predicate, Predicate::Cure | Predicate::NoCure))?;
        (fact.predicate == Predicate::Cure).then_some(fact)
    }

    /// The fact that a condition has no cure.
    pub fn no_cure(&self, condition: EntityId) -> Option<&Fact> {
        let fact = self.nearest(condition, |f| matches!(f.predicate, Predicate::Cure | Predicate::NoCure))?;
        (fact.predicate == Predicate::NoCure).then_some(fact)
    }

    /// The fact that a therapy is investigational for a condition: of the pair itself, or of what they are one of. An
    /// approval of the pair that is nearer wins.
    pub fn investigational(&self, therapy: EntityId, condition: EntityId) -> Option<&Fact> {
        let conditions = self.lineage(condition);
        for therapy in self.lineage(therapy) {
            for &condition in &conditions {
                let of_pair = |f: &&Fact| f.condition == Some(condition);
                let known = || self.of(therapy).filter(of_pair);
                if known().any(|f| f.predicate == Predicate::Approved) {
                    return None;
                }
                if let Some(fact) = known().find(|f| f.predicate == Predicate::Investigational) {
                    return Some(fact);
                }
            }
        }
        None
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
