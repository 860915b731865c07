//! Loading cues and boundaries.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::pattern::{Compiler, Pattern, PatternError, PatternSet};

/// What a cue says of the words in its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// They are said not to be so.
    Negated,
    /// They are a possibility.
    Hedged,
    /// They depend on something.
    Conditional,
    /// They are asked.
    Question,
    /// They tell the reader what to do.
    Imperative,
    /// Somebody else says them.
    Reported,
    /// The text rejects them.
    Refuted,
    /// The text passes them on and keeps its distance: "he claims that".
    Distanced,
    /// Nothing: the phrase only looks like a cue ("no doubt", "not only").
    Plain,
}

impl Axis {
    /// Its name, as cue files write it.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Negated => "negated",
            Axis::Hedged => "hedged",
            Axis::Conditional => "conditional",
            Axis::Question => "question",
            Axis::Imperative => "imperative",
            Axis::Reported => "reported",
            Axis::Refuted => "refuted",
            Axis::Distanced => "distanced",
            Axis::Plain => "plain",
        }
    }
}

/// In which direction a cue reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reach {
    /// To what follows.
    #[default]
    After,
    /// To what stands before.
    Before,
    /// Both ways, its own words included.
    Around,
    /// No farther than its own words, gaps included: "no change in her cough" denies the change and not the cough.
    Inside,
    /// Back over the colon or dash right before it, to what stands under that label: "Allergies: none".
    Label,
    /// To what stands in quotation marks right behind or right before it.
    Quotation,
}

/// What ends a cue's scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Until {
    /// A comma, or any boundary.
    Phrase,
    /// A boundary, relative clauses included.
    Clause,
    /// A boundary, but not a relative clause: "no drug that cures".
    #[default]
    Contrast,
    /// Only the sentence's end.
    Sentence,
}

/// For what a cue counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Counts {
    /// For the words in its scope, and for its sentence as a whole.
    #[default]
    Everywhere,
    /// For the words alone: "they seek a cure" doubts the cure and not that they seek it.
    Words,
    /// For the sentence alone: "it can cure MS" says less than "it cures MS", but is no smaller promise of a cure.
    Sentence,
}

/// One entry of a cue file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// The phrases that give the cue.
    pub phrase: Vec<String>,
    /// What it says.
    pub axis: Axis,
    #[serde(default)]
    pub(super) reach: Reach,
    #[serde(default)]
    pub(super) until: Until,
    /// Farthest reach, in words.
    #[serde(default = "far")]
    pub(super) words: usize,
    #[serde(default)]
    pub(super) counts: Counts,
    /// The axes of the cues that a plain one looks like; none: of all.
    #[serde(default)]
    pub(super) of: Vec<Axis>,
    /// The phenomenon it serves, for people who edit the file.
    pub serves: String,
}

fn far() -> usize {
    usize::MAX
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cue: Vec<Cue>,
    boundary: Vec<Boundary>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Boundary {
    phrase: Vec<String>,
    kind: BoundaryKind,
    /// Only where a comma, or a mark as strong, stands before it.
    #[serde(default)]
    comma: bool,
    /// It opens a clause that ends at the next comma; the boundary is there.
    #[serde(default)]
    opens: bool,
    /// It is a clause by itself where a comma stands behind it: "No, it works".
    #[serde(default)]
    closes: bool,
    /// Behind a comma it opens an aside, up to the next comma.
    #[serde(default)]
    aside: bool,
    /// It goes on with a list: the comma before it closes no aside.
    #[serde(default)]
    lists: bool,
    /// The phenomenon it serves, for people who edit the file.
    serves: String,
}

/// Where the clause begins that a boundary's phrase announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Place {
    /// At the phrase.
    Here,
    /// At the phrase, if a comma or a stronger mark stands before it.
    BehindComma,
    /// Behind the next comma.
    NextComma,
    /// Behind the phrase, if a comma or a stronger mark stands there.
    CommaBehind,
    /// At the phrase, behind a comma. Where another comma follows, what stands between them is an aside instead.
    Aside,
    /// Nowhere: the phrase goes on with a list.
    List,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BoundaryKind {
    /// Starts a clause of its own: "but", "although".
    Contrast,
    /// Starts a relative clause: "which", "who".
    Relative,
}

/// A cue file that could not be used.
#[derive(Debug, Error)]
pub enum CueError {
    /// It is no TOML, or has keys that are not known.
    #[error("cue file: {0}")]
    Toml(#[from] toml::de::Error),
    /// A phrase in it is no pattern.
    #[error("cue `{phrase}`: {error}")]
    Pattern {
        /// The phrase.
        phrase: String,
        /// What is wrong with it.
        error: PatternError,
    },
}

/// All cues and boundaries, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct CueBook {
    pub(super) cues: Vec<Cue>,
    /// The cue of each pattern.
    pub(super) cue_of: Vec<u32>,
    pub(super) cue_patterns: PatternSet,
    pub(super) boundaries: Vec<(BoundaryKind, Place)>,
    pub(super) boundary_patterns: PatternSet,
    /// What boundaries serve.
    boundaries_serve: Vec<String>,
}

impl CueBook {
    /// The phenomenon that a cue serves.
    pub fn serves(&self, cue: u32) -> &str {
        self.cues.get(cue as usize).map_or("", |cue| &cue.serves)
    }

    /// Every phenomenon that an entry names.
    pub fn phenomena(&self) -> impl Iterator<Item = &str> {
        self.cues.iter().map(|cue| &cue.serves).chain(&self.boundaries_serve).map(String::as_str)
    }

    /// From the text of a file like `rules/language/cues.toml`.
    pub fn from_toml(text: &str, compiler: &mut Compiler<'_>) -> Result<Self, CueError> {
        let file: File = toml::from_str(text)?;
        let mut compile = |phrase: &str| -> Result<Pattern, CueError> {
            compiler.compile(phrase).map_err(|error| CueError::Pattern { phrase: phrase.to_owned(), error })
        };
        let (mut cue_of, mut cue_patterns) = (Vec::new(), Vec::new());
        for (number, cue) in file.cue.iter().enumerate() {
            for phrase in &cue.phrase {
                cue_patterns.push(compile(phrase)?);
                cue_of.push(number as u32);
            }
        }
        let (mut boundaries, mut boundary_patterns) = (Vec::new(), Vec::new());
        for boundary in &file.boundary {
            let place = match boundary {
                Boundary { opens: true, .. } => Place::NextComma,
                Boundary { closes: true, .. } => Place::CommaBehind,
                Boundary { aside: true, .. } => Place::Aside,
                Boundary { lists: true, .. } => Place::List,
                Boundary { comma: true, .. } => Place::BehindComma,
                _ => Place::Here,
            };
            for phrase in &boundary.phrase {
                boundary_patterns.push(compile(phrase)?);
                boundaries.push((boundary.kind, place));
            }
        }
        Ok(Self {
            cues: file.cue,
            cue_of,
            cue_patterns: PatternSet::new(cue_patterns),
            boundaries,
            boundary_patterns: PatternSet::new(boundary_patterns),
            boundaries_serve: file.boundary.into_iter().map(|boundary| boundary.serves).collect(),
        })
    }
}
