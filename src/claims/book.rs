//! Loading relations: the phrases that state a claim, with its kind and strength.

use serde::{Deserialize, Serialize};

use crate::cues::CueError;
use crate::pattern::{Compiler, Match, PatternSet, View};

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

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relation {
    pub phrase: Vec<String>,
    pub kind: Option<Kind>,
    #[serde(default)]
    pub strength: Strength,
    #[serde(default)]
    pub rank: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    relation: Vec<Relation>,
}

/// All relations, compiled.
#[derive(Debug, Default)]
pub struct RelationBook {
    relations: Vec<Relation>,
    relation_of: Vec<u32>,
    patterns: PatternSet,
}

/// A relation found in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Found<'b> {
    pub relation: &'b Relation,
    pub at: Match,
}

impl RelationBook {
    /// From the text of a file like `rules/language/relations.toml`.
    pub fn from_toml(text: &str, compiler: &mut Compiler<'_>) -> Result<Self, CueError> {
        let file: File = toml::from_str(text)?;
        let (mut patterns, mut relation_of) = (Vec::new(), Vec::new());
        for (number, relation) in file.relation.iter().enumerate() {
            for phrase in &relation.phrase {
                let compiled = compiler.compile(phrase);
                patterns.push(compiled.map_err(|error| CueError::Pattern { phrase: phrase.clone(), error })?);
                relation_of.push(number as u32);
            }
        }
        Ok(Self { relations: file.relation, relation_of, patterns: PatternSet::new(patterns) })
    }

    /// What a sentence claims: each kind with the words that say it.
    pub fn kinds(&self, view: View<'_>) -> Vec<(Kind, std::ops::Range<usize>)> {
        self.find(view).into_iter().filter_map(|f| Some((f.relation.kind?, f.at.start..f.at.end))).collect()
    }

    /// The relations of a sentence in order; of overlapping ones the longer.
    pub(super) fn find(&self, view: View<'_>) -> Vec<Found<'_>> {
        let mut candidates = Vec::new();
        self.patterns.candidates(view, &mut candidates);
        let mut found: Vec<Found<'_>> = Vec::new();
        for &number in &candidates {
            let Some(pattern) = self.patterns.get(number) else { continue };
            let relation = &self.relations[self.relation_of[number as usize] as usize];
            found.extend(pattern.find_all(view).map(|at| Found { relation, at }));
        }
        found.sort_by_key(|f| (f.at.start, std::cmp::Reverse(f.at.end)));
        found
    }
}
