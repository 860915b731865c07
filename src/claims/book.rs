//! Loading relations: the phrases that state a claim, with its kind and strength.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::cues::{CueError, SentenceCues};
use crate::language::WordId;
use crate::pattern::{Candidates, Compiler, Match, PatternSet, View};

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something ends a condition for good.
    Cure,
    /// Something treats, relieves or improves.
    Treatment,
    /// Something prevents or lowers a risk.
    Prevention,
    /// Something causes or changes something.
    Cause,
    /// Something goes with something.
    Association,
    /// An authority has approved something.
    Approval,
    /// Something can be had, or not.
    Availability,
    /// A trial runs, recruits or has ended.
    TrialStatus,
    /// Something is safe, or not.
    Safety,
    /// A figure.
    Statistic,
    /// Groups or treatments are held against each other.
    Comparison,
    /// Something lasts or has lasted for a time.
    Duration,
    /// There are so many of something.
    Count,
}

impl Kind {
    /// Every kind with the name that packs and output use.
    pub const NAMES: [(&'static str, Kind); 13] = [
        ("cure", Kind::Cure),
        ("treatment", Kind::Treatment),
        ("prevention", Kind::Prevention),
        ("cause", Kind::Cause),
        ("association", Kind::Association),
        ("approval", Kind::Approval),
        ("availability", Kind::Availability),
        ("trial-status", Kind::TrialStatus),
        ("safety", Kind::Safety),
        ("statistic", Kind::Statistic),
        ("comparison", Kind::Comparison),
        ("duration", Kind::Duration),
        ("count", Kind::Count),
    ];
}

/// How strongly a sentence ties an exposure to an outcome. Ordered. After Yu et al. 2019 (EMNLP, "Detecting causal
/// language use in science findings").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// It does not.
    #[default]
    None,
    /// The two go together.
    Correlational,
    /// One may change the other.
    Conditional,
    /// One changes the other.
    Direct,
}

impl Strength {
    /// Every strength with the name that packs and output use.
    pub const NAMES: [(&'static str, Strength); 4] = [
        ("none", Strength::None),
        ("correlational", Strength::Correlational),
        ("conditional", Strength::Conditional),
        ("direct", Strength::Direct),
    ];
}

/// Where a relation's subject stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Order {
    /// Before it, and the object behind: "the drug treats asthma".
    #[default]
    SubjectFirst,
    /// Behind it, and the object before: "asthma is treated with the drug".
    ObjectFirst,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relation {
    pub phrase: Vec<String>,
    pub kind: Option<Kind>,
    #[serde(default)]
    pub strength: Strength,
    /// How much it says about the strength of its sentence; 0: nothing.
    #[serde(default)]
    pub weight: u8,
    #[serde(default)]
    pub order: Order,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    relation: Vec<Relation>,
    /// Words that stand for the therapy named before: "it", "this treatment".
    #[serde(default)]
    anaphors: Vec<String>,
    /// Words between a subject and its relation that belong to neither: "may", "is", "not".
    #[serde(default)]
    auxiliaries: Vec<String>,
    /// Words that make a causal relation behind them conditional: "may", "appears to".
    #[serde(default)]
    modals: Vec<String>,
    /// Alternatives that phrases call by name: `{change}` is the same as the list in brackets.
    #[serde(default)]
    lists: FxHashMap<String, Vec<String>>,
}

impl File {
    /// The phrase with the names of lists replaced by what they hold. Other names are left to the compiler.
    fn spelt_out(&self, phrase: &str) -> String {
        self.lists.iter().fold(phrase.to_owned(), |phrase, (name, words)| {
            phrase.replace(&format!("{{{name}}}"), &format!("({})", words.join("|")))
        })
    }
}

/// All relations, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RelationBook {
    relations: Vec<Relation>,
    relation_of: Vec<u32>,
    patterns: PatternSet,
    anaphors: PatternSet,
    auxiliaries: FxHashSet<WordId>,
    modals: PatternSet,
}

/// How many words a modal verb reaches over to the relation behind it.
const MODAL_REACH: usize = 8;

/// A relation found in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Found<'b> {
    pub relation: &'b Relation,
    /// Its number in the book.
    pub number: u32,
    pub at: Match,
    /// A modal verb makes it conditional.
    pub modal: bool,
}

impl Found<'_> {
    /// How strongly it is put.
    pub fn strength(&self) -> Strength {
        match self.relation.strength {
            Strength::Direct if self.modal => Strength::Conditional,
            strength => strength,
        }
    }
}

impl RelationBook {
    /// From the texts of files like `rules/language/relations.toml`.
    pub fn from_toml(texts: &[&str], compiler: &mut Compiler<'_>) -> Result<Self, CueError> {
        let mut compile = |phrase: &String| {
            let compiled = compiler.compile(phrase);
            compiled.map_err(|error| CueError::Pattern { phrase: phrase.clone(), error })
        };
        let (mut relations, mut patterns, mut relation_of) = (Vec::new(), Vec::new(), Vec::new());
        let (mut anaphors, mut modals, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for text in texts {
            let mut file: File = toml::from_str(text)?;
            for phrase in &file.anaphors {
                anaphors.push(compile(&file.spelt_out(phrase))?);
            }
            for phrase in &file.modals {
                modals.push(compile(&file.spelt_out(phrase))?);
            }
            for (number, relation) in (relations.len()..).zip(&file.relation) {
                for phrase in &relation.phrase {
                    patterns.push(compile(&file.spelt_out(phrase))?);
                    relation_of.push(number as u32);
                }
            }
            relations.append(&mut file.relation);
            words.append(&mut file.auxiliaries);
        }
        Ok(Self {
            auxiliaries: words.iter().map(|word| compiler.vocabulary.intern(word)).collect(),
            relations,
            relation_of,
            patterns: PatternSet::new(patterns),
            anaphors: PatternSet::new(anaphors),
            modals: PatternSet::new(modals),
        })
    }

    /// Marks the causal relations that a modal verb reaches: one in the relation, or in its clause before it.
    fn hedge(&self, view: View<'_>, cues: &SentenceCues<'_>, found: &mut [Found<'_>]) {
        if !found.iter().any(|f| f.relation.strength == Strength::Direct) {
            return;
        }
        let mut modals = find_in(&self.modals, view);
        modals.sort_unstable_by_key(|modal| modal.end);
        for found in found.iter_mut().filter(|f| f.relation.strength == Strength::Direct) {
            let near = modals.partition_point(|modal| modal.end + MODAL_REACH < found.at.start);
            let mut near = modals[near..].iter().take_while(|modal| modal.end <= found.at.end).peekable();
            if near.peek().is_some() {
                let clause = cues.clause(found.at.start..found.at.end);
                found.modal = near.any(|modal| modal.start >= clause.start);
            }
        }
    }

    /// Whether a word belongs neither to the subject before it nor to the relation behind.
    pub(super) fn is_auxiliary(&self, word: WordId) -> bool {
        self.auxiliaries.contains(&word)
    }

    /// The words of a sentence that stand for a therapy named before.
    pub(super) fn anaphors(&self, view: View<'_>) -> Vec<Range<usize>> {
        find_in(&self.anaphors, view)
    }

    /// Whether a sentence states a claim of one of these kinds. `candidates` is a buffer.
    pub fn states(&self, view: View<'_>, kinds: &[Kind], candidates: &mut Candidates) -> bool {
        self.patterns.candidates(view, candidates);
        candidates.iter().any(|candidate| {
            let kind = self.relations[self.relation_of[candidate.number as usize] as usize].kind;
            kind.is_some_and(|kind| kinds.contains(&kind)) && candidate.occurs(&self.patterns, view)
        })
    }

    /// The relations of a sentence, in order of their first words; of those that start together the longer first.
    pub(super) fn find(&self, view: View<'_>, cues: &SentenceCues<'_>) -> Vec<Found<'_>> {
        let mut candidates = Candidates::default();
        self.patterns.candidates(view, &mut candidates);
        let mut found: Vec<Found<'_>> = Vec::new();
        self.patterns.each_match(view, &candidates, |number, at| {
            let number = self.relation_of[number as usize];
            found.push(Found { relation: &self.relations[number as usize], number, at, modal: false });
        });
        self.hedge(view, cues, &mut found);
        found.sort_by_key(|f| (f.at.start, std::cmp::Reverse(f.at.end)));
        found
    }
}

/// Where any of these patterns stands.
fn find_in(patterns: &PatternSet, view: View<'_>) -> Vec<Range<usize>> {
    let mut candidates = Candidates::default();
    patterns.candidates(view, &mut candidates);
    let mut found = Vec::new();
    patterns.each_match(view, &candidates, |_, at| found.push(at.start..at.end));
    found
}
