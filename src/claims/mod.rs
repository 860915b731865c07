//! Claims drawn from sentences: what is said of what, how strongly, and by whom.
//!
//! A *relation* is a phrase that states one ("cures", "is associated with", "was approved"); relations are data
//! (`rules/language/relations.toml`, `rules/language/kinds.toml`). Around each relation the names before and behind it
//! become the claim's subject and object, and the cues of its sentence decide what is asserted of it.

mod book;
mod draw;
mod focus;
mod strength;

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

pub use book::{Kind, RelationBook, Strength};

use crate::assertion::Assertion;
use crate::cues::{CueBook, Decision, Origin};
use crate::document::Document;
use crate::finding::{self, RuleId};
use crate::pattern::Mention;
use crate::reading::{EntityLexicons, Reading};
use crate::surroundings::{LayoutBook, Surroundings};

/// One side of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The sentence it stands in: that of the claim, or an earlier one where a pronoun stands for it.
    pub sentence: usize,
    /// Its words in that sentence.
    pub words: Range<usize>,
    /// The name in it, where it is one.
    pub name: Option<Mention>,
}

/// One claim of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is about.
    pub kind: Kind,
    /// How strongly its relation ties its sides.
    pub strength: Strength,
    /// Of what it is said.
    pub subject: Option<Party>,
    /// What is said to be affected.
    pub object: Option<Party>,
    /// The words of the relation.
    pub relation: Range<usize>,
    /// The words of the whole claim: relation, subject and object as far as they stand in its sentence.
    pub words: Range<usize>,
    /// What the sentence asserts of it, with the cues behind that.
    pub decision: Decision,
}

/// What a sentence says.
#[derive(Clone, Debug, Default)]
pub struct SentenceClaims {
    /// How strongly it puts its main relation.
    pub strength: Strength,
    /// The words of that relation, be it stated or only named.
    pub main: Option<Range<usize>>,
    /// What it asserts as a whole, with the cues behind that.
    pub decision: Decision,
    /// Its claims, in order of their relations.
    pub claims: Vec<Claim>,
}

impl SentenceClaims {
    /// With what its surroundings add.
    fn amid(mut self, around: &Surroundings, sentence: usize) -> Self {
        around.apply(sentence, &mut self.decision);
        for claim in &mut self.claims {
            around.apply(sentence, &mut claim.decision);
        }
        self
    }

    /// What the sentence asserts as a whole.
    pub fn assertion(&self) -> Assertion {
        self.decision.assertion
    }
}

/// What drawing claims needs.
#[derive(Clone, Copy, Debug)]
pub struct ClaimReader<'a> {
    /// Phrases that state relations.
    pub relations: &'a RelationBook,
    /// Cues and scopes.
    pub cues: &'a CueBook,
    /// What the text around a sentence does to it.
    pub layouts: &'a LayoutBook,
    /// The lexicons whose names can be sides of a claim.
    pub names: EntityLexicons,
}

/// Words that can come and go without changing what a sentence claims.
const FUNCTION_WORDS: &str = include_str!("../../rules/language/function-words.toml");

/// Sixteen hexadecimal digits that tell a claim from others of its document, whatever stands around it: from its kind, its
/// own words and those of its sentence, without those that bear no meaning.
pub fn fingerprint(document: &Document, reading: &Reading, sentence: usize, claim: &Claim) -> String {
    #[derive(serde::Deserialize)]
    struct File {
        words: FxHashSet<String>,
    }
    static EMPTY: LazyLock<FxHashSet<String>> =
        LazyLock::new(|| toml::from_str(FUNCTION_WORDS).map(|file: File| file.words).unwrap_or_default());
    let bears = |word: &&str| !word.is_empty() && !EMPTY.contains(word.to_lowercase().as_str());
    let kept = |text: &str| -> String {
        text.split(|c: char| !c.is_alphanumeric() && c != '.').filter(bears).collect::<Vec<_>>().join(" ")
    };
    let own = kept(reading.words_text(document, sentence, claim.words.clone()));
    let kind = Kind::NAMES.iter().find(|(_, kind)| *kind == claim.kind).map_or("", |(name, _)| name);
    let words = format!("{own} / {}", kept(reading.text(document, sentence)));
    finding::fingerprint(&RuleId::new("claim", kind), &words)
}

impl ClaimReader<'_> {
    /// The claims of every sentence of a document, in reading order, with what their surroundings add to them.
    pub fn read(&self, document: &Document, reading: &Reading) -> Vec<SentenceClaims> {
        let around = self.layouts.survey(document, reading, self.cues);
        let said = |sentence: usize| self.sentence(document, reading, sentence).amid(&around, sentence);
        (0..reading.len()).map(said).collect()
    }

    /// The phenomenon behind a decision, for people who edit the data.
    pub fn serves(&self, origin: Origin) -> &str {
        match origin {
            Origin::Cue(cue) => self.cues.serves(cue),
            Origin::Layout(layout) => self.layouts.serves(layout),
            Origin::Sentence => "the text around it",
        }
    }
}
