//! Scopes: which words a cue reaches, and what follows for a stretch of them.

use std::ops::Range;

use crate::assertion::{Assertion, Certainty, Mood, Polarity, Stance, Voice};
use crate::language::{End, Marks, Word};
use crate::pattern::{Match, View};

use super::book::{Axis, BoundaryKind, Counts, CueBook, Place, Reach, Until};

/// A cue found in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    cue: u32,
    start: usize,
    end: usize,
}

/// A sentence's cues and boundaries, ready to be asked about any stretch of it.
#[derive(Debug)]
pub struct SentenceCues<'a> {
    book: &'a CueBook,
    view: View<'a>,
    end: End,
    hits: Vec<Hit>,
    /// Words that start a clause.
    bounds: Vec<(usize, BoundaryKind)>,
}

/// A cue that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// Its words in the sentence.
    pub words: Range<usize>,
    /// What it says.
    pub axis: Axis,
    /// Where it comes from.
    pub origin: Origin,
    /// The sentence it stands in, where that is another than the one judged.
    pub sentence: Option<usize>,
}

/// Where what decided comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A cue, with its number in the [`CueBook`].
    Cue(u32),
    /// A layout, with its number among the layouts.
    Layout(u32),
    /// A whole sentence nearby: a question, a speaker's name.
    Sentence,
}

/// An assertion with the cues behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// What is asserted.
    pub assertion: Assertion,
    /// The text passes it on and keeps its distance.
    pub distanced: bool,
    /// The cues that decided, in no order.
    pub cues: Vec<Deciding>,
}

impl CueBook {
    /// Finds the cues and boundaries of a sentence.
    pub fn read<'a>(&'a self, view: View<'a>, end: End) -> SentenceCues<'a> {
        let mut candidates = Vec::new();
        let mut hits = Vec::new();
        self.cue_patterns.candidates(view, &mut candidates);
        for &number in &candidates {
            let Some(pattern) = self.cue_patterns.get(number) else { continue };
            let cue = self.cue_of[number as usize];
            hits.extend(pattern.find_all(view).map(|m| Hit { cue, start: m.start, end: m.end }));
        }
        self.drop_overlapped(&mut hits);
        SentenceCues { book: self, view, end, hits, bounds: self.bounds(view, &mut candidates) }
    }

    /// Of overlapping cues that say the same in the same direction the longer counts, unless they count for different
    /// things. A phrase that only looks like a cue takes out every cue in it that is not longer, and one that stays
    /// inside its words those that would reach out of them.
    fn drop_overlapped(&self, hits: &mut Vec<Hit>) {
        let cue = |hit: &Hit| &self.cues[hit.cue as usize];
        let length = |hit: &Hit| hit.end - hit.start;
        let apart =
            |one: Counts, other: Counts| one != other && one != Counts::Everywhere && other != Counts::Everywhere;
        let outdoes = |other: &Hit, hit: &Hit| {
            let longer = length(other) > length(hit);
            let same = cue(other).axis == cue(hit).axis && !apart(cue(other).counts, cue(hit).counts);
            let reach = cue(other).reach;
            (cue(other).axis == Axis::Plain && length(other) >= length(hit))
                || (same && longer && (reach == cue(hit).reach || reach == Reach::Inside))
        };
        let overlap = |a: &Hit, b: &Hit| a.start < b.end && b.start < a.end;
        let keep: Vec<bool> = hits
            .iter()
            .map(|hit| !hits.iter().any(|other| other != hit && overlap(other, hit) && outdoes(other, hit)))
            .collect();
        let mut keep = keep.into_iter();
        hits.retain(|_| keep.next().unwrap_or(true));
    }

    fn bounds(&self, view: View<'_>, candidates: &mut Vec<u32>) -> Vec<(usize, BoundaryKind)> {
        let mut bounds = Vec::new();
        let strong = Marks::SEMICOLON.with(Marks::COLON).with(Marks::DASH).with(Marks::DOT);
        bounds.extend(
            (1..view.words.len()).filter(|&at| view.words[at].marks.has(strong)).map(|at| (at, BoundaryKind::Contrast)),
        );
        self.boundary_patterns.candidates(view, candidates);
        let comma = strong.with(Marks::COMMA).with(Marks::OPEN).with(Marks::CLOSE);
        for &number in candidates.iter() {
            let Some(pattern) = self.boundary_patterns.get(number) else { continue };
            let (kind, place) = self.boundaries[number as usize];
            bounds.extend(pattern.find_all(view).filter_map(|found| {
                let at = match place {
                    Place::Here => Some(found.start),
                    Place::BehindComma => Some(found.start).filter(|&at| view.words[at].marks.has(comma)),
                    Place::NextComma => {
                        (found.end..view.words.len()).find(|&at| view.words[at].marks.has(Marks::COMMA))
                    }
                };
                at.map(|at| (at, kind))
            }));
        }
        bounds.sort_unstable_by_key(|(at, _)| *at);
        bounds
    }
}

impl SentenceCues<'_> {
    /// What the sentence asserts of a match. Cues that the pattern itself names do not count: a rule that looks for
    /// "no longer has" means it.
    pub fn judge(&self, found: &Match) -> Decision {
        self.decide(found.start..found.end, Counts::Sentence, |hit| found.names(hit.start, hit.end))
    }

    /// The clause around these words: from the last boundary before them to the first behind.
    pub fn clause(&self, words: Range<usize>) -> Range<usize> {
        let contrast = self.bounds.iter().filter(|(_, kind)| *kind == BoundaryKind::Contrast).map(|&(at, _)| at);
        let start = contrast.clone().filter(|&at| at <= words.start).max().unwrap_or(0);
        let end = contrast.filter(|&at| at >= words.end).min().unwrap_or(self.view.words.len());
        start..end
    }

    /// What the sentence asserts of these words.
    pub fn judge_words(&self, words: Range<usize>) -> Decision {
        self.decide(words, Counts::Sentence, |_| false)
    }

    /// What the sentence asserts as a whole: every cue in it speaks, but for those that speak of their words alone.
    pub fn judge_sentence(&self) -> Decision {
        let in_relative = |hit: &Hit| self.bounds.contains(&(hit.start.wrapping_sub(1), BoundaryKind::Relative));
        let voices_other = |hit: &Hit| self.axis(hit) == Axis::Reported && in_relative(hit);
        self.decide(0..self.view.words.len(), Counts::Words, voices_other)
    }

    /// What the sentence asserts of these words as one thing: what they deny themselves is part of what is asserted.
    /// "He has pain without fever" affirms "pain without fever".
    pub fn judge_phrase(&self, words: Range<usize>) -> Decision {
        let own = |hit: &Hit| self.axis(hit) == Axis::Negated && words.start <= hit.start && hit.end <= words.end;
        self.decide(words.clone(), Counts::Sentence, own)
    }

    /// What the sentence leaves open at its end, for the list that it leads into: "The drug does not:".
    pub fn open_at_end(&self) -> Decision {
        let end = self.view.words.len();
        let mut decision = Decision::default();
        self.take_all(&(end..end + 1), Counts::Sentence, |_| false, &mut decision);
        decision
    }

    fn axis(&self, hit: &Hit) -> Axis {
        self.book.cues[hit.cue as usize].axis
    }

    /// Takes what the cues say that reach the target and count for more than `alone`.
    fn take_all(
        &self,
        target: &Range<usize>,
        alone: Counts,
        is_left_out: impl Fn(&Hit) -> bool,
        decision: &mut Decision,
    ) {
        for hit in &self.hits {
            let cue = &self.book.cues[hit.cue as usize];
            let axis = cue.axis;
            if axis != Axis::Plain && cue.counts != alone && !is_left_out(hit) && self.reaches(hit, target) {
                let (words, origin) = (hit.start..hit.end, Origin::Cue(hit.cue));
                decision.take(Deciding { words, axis, origin, sentence: None });
            }
        }
    }

    fn decide(&self, target: Range<usize>, alone: Counts, is_left_out: impl Fn(&Hit) -> bool) -> Decision {
        let mut decision = Decision::default();
        self.take_all(&target, alone, is_left_out, &mut decision);
        if self.end == End::Question && !self.statement_before_tag(&target) {
            decision.assertion.mood = Mood::Question;
        }
        self.voice(&target, &mut decision);
        decision
    }

    /// "It cures MS, right?" states; the words before a short last clause behind a comma are no question.
    fn statement_before_tag(&self, target: &Range<usize>) -> bool {
        let words = self.view.words;
        let tag = (1..words.len()).rev().take(3).find(|&at| words[at].marks.has(Marks::COMMA));
        tag.is_some_and(|tag| target.end <= tag)
    }

    /// Words inside quotation marks are somebody else's where the sentence has a speaker, or where the whole sentence
    /// stands inside them. A few words in quotation marks without a speaker are the author's scare quotes.
    fn voice(&self, target: &Range<usize>, decision: &mut Decision) {
        let quoted = |at: usize| self.view.words.get(at).is_some_and(|w| w.marks.has(Marks::QUOTED));
        let inside = target.clone().all(quoted);
        let whole = (0..self.view.words.len()).all(quoted);
        let speaker = self.hits.iter().any(|hit| self.axis(hit) == Axis::Reported && !(hit.start..hit.end).all(quoted));
        if inside && (speaker || whole || self.quotation_runs_on(target)) {
            decision.assertion.voice = Voice::Quoted;
        }
    }

    /// A quotation that was opened in a sentence before is somebody's speech, however short its rest is.
    fn quotation_runs_on(&self, target: &Range<usize>) -> bool {
        let open = |word: &Word| word.marks.has(Marks::QUOTED);
        let opened_here = |word: &Word| word.marks.has(Marks::QUOTE);
        let words = self.view.words;
        words.first().is_some_and(|first| open(first) && !opened_here(first))
            && words[..target.end.min(words.len())].iter().all(|word| open(word) && !opened_here(word))
    }

    fn reaches(&self, hit: &Hit, target: &Range<usize>) -> bool {
        let cue = &self.book.cues[hit.cue as usize];
        let after = || self.reaches_after(hit.end, target, cue.until, cue.words);
        let before = || self.reaches_before(hit.start, target, cue.until, cue.words, false);
        match cue.reach {
            Reach::After => after(),
            Reach::Before => before(),
            Reach::Around => after() || before(),
            Reach::Inside => hit.start < target.end && target.start < hit.end,
            Reach::Label => {
                let colon = Marks::COLON.with(Marks::DASH);
                self.view.words[hit.start].marks.has(colon)
                    && self.reaches_before(hit.start, target, cue.until, cue.words, true)
            }
        }
    }

    /// Whether a scope that opens at word `from` holds a word of the target. Brackets that open behind the cue are
    /// passed over, unless the target stands in them; a bracket that closes around the cue ends its scope.
    fn reaches_after(&self, from: usize, target: &Range<usize>, until: Until, words: usize) -> bool {
        let mut depth = 0usize;
        let end = self.view.words.len();
        for at in from..end.min(from.saturating_add(words)) {
            let marks = self.view.words[at].marks;
            if marks.has(Marks::CLOSE) {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None if until == Until::Sentence => {}
                    None => return false,
                }
            }
            if marks.has(Marks::OPEN) {
                depth += 1;
            }
            if depth == 0 && at > from && self.ends_scope(at, until) {
                return false;
            }
            if depth == 0 && at == from && self.ends_scope_at_once(at, until) {
                return false;
            }
            if depth == 0 && target.contains(&at) {
                return true;
            }
        }
        target.start == end && depth == 0 && words > end - from.min(end)
    }

    /// Whether a scope that ends at word `to` holds a word of the target. A label lies behind the mark at `to`.
    fn reaches_before(&self, to: usize, target: &Range<usize>, until: Until, words: usize, over_mark: bool) -> bool {
        for at in (0..to).rev().take(words) {
            if self.ends_scope(at + 1, until) && !(over_mark && at + 1 == to) {
                return false;
            }
            if target.contains(&at) {
                return true;
            }
        }
        false
    }

    /// Right behind a cue only punctuation ends its scope: "No, it cures MS".
    fn ends_scope_at_once(&self, at: usize, until: Until) -> bool {
        until != Until::Sentence
            && self.view.words[at].marks.has(Marks::COMMA.with(Marks::SEMICOLON).with(Marks::DASH).with(Marks::DOT))
    }

    fn ends_scope(&self, at: usize, until: Until) -> bool {
        let bound = |kind| self.bounds.iter().any(|&(b, k)| b == at && k == kind);
        match until {
            Until::Sentence => false,
            Until::Contrast => bound(BoundaryKind::Contrast),
            Until::Clause => bound(BoundaryKind::Contrast) || bound(BoundaryKind::Relative),
            Until::Phrase => {
                bound(BoundaryKind::Contrast)
                    || bound(BoundaryKind::Relative)
                    || self.view.words.get(at).is_some_and(|w| w.marks.has(Marks::PAUSE))
            }
        }
    }
}

impl Decision {
    /// Takes what a cue says.
    pub(crate) fn take(&mut self, deciding: Deciding) {
        let axis = deciding.axis;
        self.cues.push(deciding);
        self.distanced |= axis == Axis::Distanced;
        let assertion = &mut self.assertion;
        match axis {
            Axis::Negated => assertion.polarity = Polarity::Negative,
            Axis::Hedged => assertion.certainty = Certainty::Hedged,
            Axis::Conditional if assertion.mood == Mood::Statement => assertion.mood = Mood::Conditional,
            Axis::Imperative if assertion.mood == Mood::Statement => assertion.mood = Mood::Imperative,
            Axis::Question => assertion.mood = Mood::Question,
            Axis::Reported if assertion.voice == Voice::Author => assertion.voice = Voice::Reported,
            Axis::Refuted => assertion.stance = Stance::Refuted,
            _ => {}
        }
    }
}
