//! Loading what is read in a claim before facts are held against it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::cues::CueError;
use crate::pattern::{Candidates, Compiler, PatternSet, View};

/// What words in or around a claim change about it. The file that lists them says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sign {
    Restricted,
    OtherThing,
    Rejected,
    Designation,
    Past,
    Future,
    First,
    TrialOnly,
    OnMarket,
    Record,
    Boxed,
    Recruiting,
    InTrials,
    Approved,
    Part,
    AtLeast,
    AtMost,
    About,
    ForWhat,
}

/// What a phrase of the book means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Meaning {
    Sign(Sign),
    /// A number from `least` to `most`; without `most`, there is no limit.
    Number {
        least: u32,
        most: Option<u32>,
    },
    /// So many years.
    Years(u32),
    /// A place, with the identifier of the authority whose word counts there.
    Place(Option<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sign: Vec<SignEntry>,
    number: Vec<NumberEntry>,
    years: Vec<YearsEntry>,
    place: Vec<PlaceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignEntry {
    shows: Sign,
    phrase: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberEntry {
    phrase: Vec<String>,
    least: u32,
    most: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearsEntry {
    phrase: Vec<String>,
    years: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceEntry {
    phrase: Vec<String>,
    authority: Option<String>,
}

/// The phrases that say how a claim is to be held against facts, compiled from `rules/language/verdicts.toml`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct VerdictBook {
    /// What each pattern means.
    meanings: Vec<Meaning>,
    patterns: PatternSet,
}

/// A phrase of the book in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Marked<'b> {
    pub meaning: &'b Meaning,
    pub words: Range<usize>,
}

impl VerdictBook {
    /// From the text of a file like `rules/language/verdicts.toml`.
    pub fn from_toml(text: &str, compiler: &mut Compiler<'_>) -> Result<Self, CueError> {
        let file: File = toml::from_str(text)?;
        let signs = file.sign.into_iter().map(|entry| (entry.phrase, Meaning::Sign(entry.shows)));
        let numbers = file.number.into_iter();
        let numbers = numbers.map(|entry| (entry.phrase, Meaning::Number { least: entry.least, most: entry.most }));
        let years = file.years.into_iter().map(|entry| (entry.phrase, Meaning::Years(entry.years)));
        let places = file.place.into_iter().map(|entry| (entry.phrase, Meaning::Place(entry.authority)));
        let (mut meanings, mut patterns) = (Vec::new(), Vec::new());
        for (phrases, meaning) in signs.chain(numbers).chain(years).chain(places) {
            for phrase in phrases {
                let compiled = compiler.compile(&phrase).map_err(|error| CueError::Pattern { phrase, error })?;
                patterns.push(compiled);
                meanings.push(meaning.clone());
            }
        }
        Ok(Self { meanings, patterns: PatternSet::new(patterns) })
    }

    /// Every phrase of the book in a sentence, in order of their first words.
    pub(super) fn read(&self, view: View<'_>) -> Vec<Marked<'_>> {
        let mut candidates = Candidates::default();
        self.patterns.candidates(view, &mut candidates);
        let mut found = Vec::new();
        self.patterns.each_match(view, &candidates, |number, at| {
            found.push(Marked { meaning: &self.meanings[number as usize], words: at.start..at.end });
        });
        found.sort_by_key(|marked| (marked.words.start, marked.words.end));
        found
    }
}
