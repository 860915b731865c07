//! Many patterns, looked for at once.

use serde::{Deserialize, Serialize};

use crate::language::{Marks, WordId};

use super::compile::{Key, Pattern};
use super::matcher::{Match, View};

/// Many patterns, with an index that says which of them a sentence can hold, and where.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PatternSet {
    patterns: Vec<Pattern>,
    by_word: Lists,
    by_lexicon: Lists,
    by_number: Vec<u32>,
    always: Vec<u32>,
}

/// The patterns that a sentence can hold, each with the words at which its key stands. A buffer, to be used again.
#[derive(Debug, Default)]
pub struct Candidates(Vec<(u32, u32)>);

/// Most sentences hold fewer keys.
const USUAL: usize = 64;

/// Lists of pattern numbers one behind the other: a table with as many rows as there are words must be small.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Lists {
    /// Where each list begins; the last entry is where the last one ends.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    fn new(mut entries: Vec<(usize, u32)>) -> Self {
        entries.sort_unstable();
        let rows = entries.last().map_or(0, |(row, _)| row + 1);
        let mut starts = vec![0; rows + 1];
        for (row, _) in &entries {
            starts[row + 1] += 1;
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        Self { starts, numbers: entries.into_iter().map(|(_, number)| number).collect() }
    }

    fn at(&self, row: usize) -> &[u32] {
        match self.starts.get(row..row + 2) {
            Some(&[start, end]) if start < end => self.numbers.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl PatternSet {
    /// A set of these patterns; their numbers are their places.
    pub fn new(patterns: Vec<Pattern>) -> Self {
        let (mut words, mut lexicons) = (Vec::new(), Vec::new());
        let (mut by_number, mut always) = (Vec::new(), Vec::new());
        for (number, pattern) in (0..).zip(&patterns) {
            match &pattern.key {
                Key::Words(ids) => words.extend(ids.iter().map(|id| (id.0 as usize, number))),
                Key::Lexicon(id) => lexicons.push((usize::from(id.0), number)),
                Key::Number => by_number.push(number),
                Key::Anything => always.push(number),
            }
        }
        Self { patterns, by_word: Lists::new(words), by_lexicon: Lists::new(lexicons), by_number, always }
    }

    /// Finds out which patterns the sentence can hold.
    pub fn candidates(&self, view: View<'_>, found: &mut Candidates) {
        let found = &mut found.0;
        found.clear();
        found.reserve(USUAL);
        let mut add = |numbers: &[u32], at: u32| found.extend(numbers.iter().map(|&number| (number, at)));
        for (at, word) in (0..).zip(view.words) {
            if word.id != WordId::UNKNOWN {
                add(self.by_word.at(word.id.0 as usize), at);
            }
            if word.marks.has(Marks::DIGIT) {
                add(&self.by_number, at);
            }
        }
        for mention in view.mentions {
            add(self.by_lexicon.at(usize::from(mention.lexicon.0)), mention.start);
        }
        if let Some(last) = view.words.len().checked_sub(1) {
            add(&self.always, last as u32);
        }
        found.sort_unstable();
    }

    /// Tells each match of the candidates, with the number of its pattern, in order of these.
    pub fn each_match(&self, view: View<'_>, candidates: &Candidates, mut tell: impl FnMut(u32, Match)) {
        for candidate in candidates.iter() {
            for found in candidate.matches(self, view) {
                tell(candidate.number, found);
            }
        }
    }
}

/// A pattern that a sentence can hold.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its number.
    pub number: u32,
    keys: &'a [(u32, u32)],
}

impl<'a> Candidate<'a> {
    /// Its matches that do not overlap, leftmost first.
    pub fn matches(self, set: &'a PatternSet, view: View<'a>) -> impl Iterator<Item = Match> + 'a {
        set.patterns[self.number as usize].matches(view, self.keys.iter().map(|&(_, at)| at as usize))
    }

    /// Whether it matches at all.
    pub fn occurs(self, set: &PatternSet, view: View<'_>) -> bool {
        self.matches(set, view).next().is_some()
    }
}

impl Candidates {
    /// Each pattern once, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = Candidate<'_>> {
        self.0.chunk_by(|one, next| one.0 == next.0).map(|keys| Candidate { number: keys[0].0, keys })
    }
}
