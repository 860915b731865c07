//! How a sentence falls into clauses and asides, word by word.

use std::ops::Range;

use crate::language::Marks;
use crate::pattern::{Candidates, View};

use super::book::{BoundaryKind, CueBook, Place, Until};

/// What begins at a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Joint {
    /// A clause of its own.
    contrast: bool,
    /// A relative clause.
    relative: bool,
    /// A new clause even right behind a cue: "No, it cures MS".
    at_once: bool,
    /// The innermost aside that the word stands in; 0: none.
    aside: u16,
}

/// A sentence's clauses and asides. An aside is what stands in brackets, between dashes, or between the commas around
/// "which …" or "however": scopes pass over it, and what it says stays in it.
#[derive(Debug)]
pub(super) struct Clauses {
    joints: Vec<Joint>,
    /// Where each aside ends, and which one it stands in.
    asides: Vec<(usize, u16)>,
}

/// Most asides in a sentence. No sensible one has more; what comes then is read as if it were none.
const MOST_ASIDES: usize = 24;
/// Longest stretch between two dashes that is an aside, in words.
const LONGEST_ASIDE: usize = 30;

/// How many words behind a comma the last item of a list is looked for.
const LIST_WITHIN: usize = 8;

const STRONG: Marks = Marks::SEMICOLON.with(Marks::COLON).with(Marks::DASH).with(Marks::DOT);

impl CueBook {
    /// The clauses of a sentence. `candidates` is scratch space.
    pub(super) fn clauses(&self, view: View<'_>, candidates: &mut Candidates) -> Clauses {
        let mut asides = between_dashes(view);
        let mut joints = vec![Joint::default(); view.words.len()];
        for (at, word) in view.words.iter().enumerate().skip(1) {
            if word.marks.has(STRONG) && !asides.iter().any(|aside| aside.start == at || aside.end == at) {
                joints[at].contrast = true;
                joints[at].at_once = !word.marks.has(Marks::COLON);
            }
        }
        asides.extend(brackets(view));
        self.boundary_patterns.candidates(view, candidates);
        let (mut opened, mut lists) = (Vec::new(), Vec::new());
        for candidate in candidates.iter() {
            let (kind, place) = self.boundaries[candidate.number as usize];
            for found in candidate.matches(&self.boundary_patterns, view) {
                let paused = |at: usize| view.words.get(at).is_some_and(|word| word.marks.has(Marks::PAUSE));
                let at = match place {
                    Place::Here => Some(found.start),
                    Place::BehindComma => Some(found.start).filter(|&at| paused(at)),
                    Place::NextComma => comma(view, found.end),
                    Place::CommaBehind => Some(found.end).filter(|&at| paused(at)),
                    Place::Aside => {
                        opened.extend(Some(found.start..found.end).filter(|found| paused(found.start)));
                        None
                    }
                    Place::List => {
                        lists.push(found.start);
                        None
                    }
                };
                let Some(joint) = at.and_then(|at| joints.get_mut(at)) else { continue };
                match kind {
                    BoundaryKind::Contrast => joint.contrast = true,
                    BoundaryKind::Relative => joint.relative = true,
                }
                let closed = place == Place::CommaBehind || kind == BoundaryKind::Contrast;
                joint.at_once |= closed && at.is_some_and(paused);
            }
        }
        for found in opened {
            let close = comma(view, found.end).filter(|&at| !view.words[at].marks.has(STRONG));
            let goes_on = |at: &usize| lists.iter().any(|list| (*at..*at + LIST_WITHIN).contains(list));
            match close.filter(|at| !goes_on(at)) {
                Some(close) => asides.push(found.start..close),
                None => (joints[found.start].contrast, joints[found.start].at_once) = (true, true),
            }
        }
        let asides = nest(asides, &mut joints);
        Clauses { joints, asides }
    }
}

/// The first word from `from` on with a comma, or a mark as strong, before it.
fn comma(view: View<'_>, from: usize) -> Option<usize> {
    (from..view.words.len()).find(|&at| view.words[at].marks.has(Marks::COMMA.with(STRONG)))
}

/// What stands in brackets. What is never closed is none.
fn brackets(view: View<'_>) -> Vec<Range<usize>> {
    let (mut open, mut asides) = (Vec::new(), Vec::new());
    for (at, word) in view.words.iter().enumerate() {
        if word.marks.has(Marks::CLOSE)
            && let Some(start) = open.pop()
        {
            asides.push(start..at);
        }
        if word.marks.has(Marks::OPEN) {
            open.push(at);
        }
    }
    // A bracket that closes at the sentence's end has no word behind it.
    asides.extend(open.last().map(|&start| start..view.words.len()));
    asides
}

/// What stands between two dashes.
fn between_dashes(view: View<'_>) -> Vec<Range<usize>> {
    let mut dashes = (1..view.words.len()).filter(|&at| view.words[at].marks.has(Marks::DASH));
    let mut asides = Vec::new();
    let mut open = dashes.next();
    while let (Some(start), Some(end)) = (open, dashes.next())
        && asides.len() < MOST_ASIDES
    {
        if end - start <= LONGEST_ASIDE {
            asides.push(start..end);
            open = dashes.next();
        } else {
            open = Some(end);
        }
    }
    asides
}

/// Numbers asides and notes for each word the innermost.
fn nest(mut found: Vec<Range<usize>>, joints: &mut [Joint]) -> Vec<(usize, u16)> {
    found.sort_unstable_by_key(|aside| (aside.start, std::cmp::Reverse(aside.end)));
    found.truncate(MOST_ASIDES);
    let mut asides = vec![(joints.len(), 0)];
    for aside in found {
        let around = joints.get(aside.start).map_or(0, |joint| joint.aside);
        let end = aside.end.min(asides[usize::from(around)].0);
        let number = asides.len() as u16;
        for joint in &mut joints[aside.start..end] {
            joint.aside = number;
        }
        asides.push((end, around));
    }
    asides
}

impl Clauses {
    /// The aside that a word stands in.
    fn aside(&self, at: usize) -> u16 {
        self.joints.get(at).map_or(0, |joint| joint.aside)
    }

    /// Whether a relative clause starts at a word.
    pub(super) fn starts_relative(&self, at: usize) -> bool {
        self.joints.get(at).is_some_and(|joint| joint.relative)
    }

    /// Whether both words stand in the same aside, or in none.
    pub(super) fn together(&self, one: usize, other: usize) -> bool {
        self.aside(one) == self.aside(other)
    }

    /// Whether an aside of the other word stands around it.
    fn is_inside(&self, at: usize, of: usize) -> bool {
        let (mut aside, outer) = (self.aside(at), self.aside(of));
        while aside != outer && aside != 0 {
            aside = self.asides[usize::from(aside)].1;
        }
        aside == outer
    }

    /// What a scope does at a word, seen from a word of its cue.
    pub(super) fn step(&self, at: usize, cue: usize, until: Until) -> Step {
        if until == Until::Sentence {
            return Step::Into;
        }
        if !self.is_inside(at, cue) {
            return Step::Stop;
        }
        if self.together(at, cue) { Step::Into } else { Step::Over }
    }

    /// Whether a scope that comes from the left ends before this word, or one from the right behind it.
    pub(super) fn parts(&self, at: usize, until: Until, pause: impl Fn() -> bool) -> bool {
        let Some(joint) = self.joints.get(at) else { return false };
        match until {
            Until::Sentence => false,
            Until::Contrast => joint.contrast,
            Until::Clause => joint.contrast || joint.relative,
            Until::Phrase => joint.contrast || joint.relative || pause(),
        }
    }

    /// Whether a scope ends right behind its cue: "No, it cures MS".
    pub(super) fn parts_at_once(&self, at: usize, until: Until) -> bool {
        until != Until::Sentence && self.joints.get(at).is_some_and(|joint| joint.at_once)
    }

    /// The clause around these words: from the last boundary before them to the first behind, in their own aside.
    pub(super) fn around(&self, words: Range<usize>) -> Range<usize> {
        let bounds = |at: &usize| {
            (self.together(*at, words.start) && self.joints[*at].contrast) || !self.is_inside(*at, words.start)
        };
        let start = (0..=words.start.min(self.joints.len().saturating_sub(1))).rev().find(bounds);
        let start = start.map_or(0, |at| if self.is_inside(at, words.start) { at } else { at + 1 });
        let end = (words.end..self.joints.len()).find(bounds).unwrap_or(self.joints.len());
        start..end
    }
}

/// What a scope does at a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It holds the word.
    Into,
    /// It passes over it: the word stands in an aside.
    Over,
    /// It ends: it would leave its own aside.
    Stop,
}
