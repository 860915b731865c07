//! Scopes: which words a cue reaches, and what follows for a stretch of them.

use std::ops::Range;

use crate::assertion::{Assertion, Certainty, Mood, Polarity, Stance, Voice};
use crate::language::{End, Marks};
use crate::pattern::{Candidates, Match, View};

use super::book::{Axis, Counts, Cue, CueBook, Reach, Until};
use super::clauses::{Clauses, Step};

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
    /// In order of their first words.
    hits: Vec<Hit>,
    clauses: Clauses,
    /// The words from the sentence's start that a quotation from before, or the sentence's own, holds.
    quoted: usize,
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
        let mut candidates = Candidates::default();
        self.cue_patterns.candidates(view, &mut candidates);
        let mut hits = Vec::new();
        self.cue_patterns.each_match(view, &candidates, |number, found| {
            hits.push(Hit { cue: self.cue_of[number as usize], start: found.start, end: found.end });
        });
        self.drop_overlapped(&mut hits);
        SentenceCues { book: self, view, end, hits, clauses: self.clauses(view, &mut candidates), quoted: quoted(view) }
    }

    /// Of overlapping cues that say the same in the same direction the longer counts, unless they count for different
    /// things. A phrase that only looks like a cue takes out the cues in it, and one that stays inside its words those
    /// that would reach out of them.
    fn drop_overlapped(&self, hits: &mut Vec<Hit>) {
        let cue = |hit: &Hit| &self.cues[hit.cue as usize];
        let length = |hit: &Hit| hit.end - hit.start;
        let outdoes = |other: &Hit, hit: &Hit| {
            let holds = other.start <= hit.start && hit.end <= other.end;
            (holds && cue(other).takes_out(cue(hit)))
                || (length(other) > length(hit) && cue(other).stands_for(cue(hit), holds))
        };
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.cue));
        hits.dedup();
        let farthest = hits.iter().map(length).max().unwrap_or(0);
        let stays = |hit: &Hit| {
            let from = hits.partition_point(|other| other.start + farthest <= hit.start);
            let near = hits[from..].iter().take_while(|other| other.start < hit.end);
            !near.filter(|other| other.end > hit.start).any(|other| other != hit && outdoes(other, hit))
        };
        let keep: Vec<bool> = hits.iter().map(stays).collect();
        let mut keep = keep.into_iter();
        hits.retain(|_| keep.next().unwrap_or(true));
    }
}

/// How many words from the start of a sentence belong to a quotation that no scare quotes can be: one that holds the
/// whole sentence, or that was opened in a sentence before.
fn quoted(view: View<'_>) -> usize {
    let Some(first) = view.words.first().filter(|word| word.marks.has(Marks::QUOTED)) else { return 0 };
    let open = view.words.iter().take_while(|word| word.marks.has(Marks::QUOTED)).count();
    let from_before = !first.marks.has(Marks::QUOTE);
    if from_before || open == view.words.len() { open } else { 0 }
}

impl Cue {
    /// Whether it only looks like the other.
    fn takes_out(&self, other: &Cue) -> bool {
        self.axis == Axis::Plain && (self.of.is_empty() || self.of.contains(&other.axis))
    }

    /// Whether it says, at greater length, what a cue that it overlaps or holds would say.
    fn stands_for(&self, other: &Cue, holds: bool) -> bool {
        let apart =
            self.counts != other.counts && self.counts != Counts::Everywhere && other.counts != Counts::Everywhere;
        self.axis == other.axis && !apart && (self.reach == other.reach || (holds && self.reach == Reach::Inside))
    }
}

impl SentenceCues<'_> {
    /// What the sentence asserts of a match. Cues that the pattern itself names do not count: a rule that looks for
    /// "no longer has" means it.
    pub fn judge(&self, found: &Match) -> Decision {
        self.decide(found.start..found.end, Counts::Sentence, |hit| found.names(hit.start, hit.end))
    }

    /// The clause around these words: from the last boundary before them to the first behind, in their own aside.
    pub fn clause(&self, words: Range<usize>) -> Range<usize> {
        self.clauses.around(words)
    }

    /// Whether both words stand in the same aside, or in none.
    pub fn together(&self, one: usize, other: usize) -> bool {
        self.clauses.together(one, other)
    }

    /// What the sentence asserts of these words.
    pub fn judge_words(&self, words: Range<usize>) -> Decision {
        self.decide(words, Counts::Sentence, |_| false)
    }

    /// What the sentence asserts as a whole: every cue in it speaks, but for those that speak of their words alone.
    pub fn judge_sentence(&self) -> Decision {
        let in_relative = |hit: &Hit| hit.start > 0 && self.clauses.starts_relative(hit.start - 1);
        let voices_other = |hit: &Hit| self.axis(hit) == Axis::Reported && in_relative(hit);
        self.decide(0..self.view.words.len(), Counts::Words, voices_other)
    }

    /// What the sentence asserts of these words as one thing: what they deny themselves is part of what is asserted.
    /// "He has pain without fever" affirms "pain without fever".
    pub fn judge_phrase(&self, words: Range<usize>) -> Decision {
        let own = |hit: &Hit| self.axis(hit) == Axis::Negated && words.contains(&hit.start);
        self.decide(words.clone(), Counts::Sentence, own)
    }

    /// What the sentence leaves open at its end, for the list that it leads into: "The drug does not:".
    pub fn open_at_end(&self) -> Decision {
        let end = self.view.words.len();
        let mut decision = Decision::default();
        self.take_all(&(end..end + 1), Counts::Sentence, |_| false, &mut decision);
        decision
    }

    /// The numbers of the cues found in the sentence, whatever they reach.
    pub fn found(&self) -> impl Iterator<Item = u32> {
        self.hits.iter().map(|hit| hit.cue)
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
        let near = self.hits.partition_point(|hit| hit.start + FARTHEST < target.start);
        for hit in self.hits[near..].iter().take_while(|hit| hit.start <= target.end + FARTHEST) {
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

    /// Words inside quotation marks are somebody else's where the sentence has a speaker, where the whole sentence
    /// stands inside them, or where they were opened in a sentence before. A few words in quotation marks without a
    /// speaker are the author's scare quotes, unless they are spoken of as words: "the word “cure”".
    fn voice(&self, target: &Range<usize>, decision: &mut Decision) {
        let quoted = |at: usize| self.view.words.get(at).is_some_and(|word| word.marks.has(Marks::QUOTED));
        let speaker = |hit: &Hit| self.axis(hit) == Axis::Reported && !(hit.start..hit.end).all(quoted);
        let mentions =
            |hit: &Hit| self.book.cues[hit.cue as usize].reach == Reach::Quotation && self.reaches(hit, target);
        let has = |is_so: &dyn Fn(&Hit) -> bool| self.hits.iter().any(is_so);
        let is_said = || target.clone().all(quoted) && (target.end <= self.quoted || has(&speaker));
        if is_said() || has(&mentions) {
            decision.assertion.voice = Voice::Quoted;
        }
    }

    /// The words inside the quotation marks, single or double, that hold the target's first word: what it goes on with
    /// may stand outside, as in "the word “cured” in cancer care".
    fn quotation(&self, target: &Range<usize>) -> Option<Range<usize>> {
        let marks = [Marks::QUOTED, Marks::SINGLE_QUOTED];
        let quoted =
            |at: usize| self.view.words.get(at).is_some_and(|word| marks.iter().any(|mark| word.marks.has(*mark)));
        let first = target.clone().next().filter(|&at| quoted(at))?;
        let start = (0..first).rev().take_while(|&at| quoted(at)).last().unwrap_or(first);
        let end = (first..self.view.words.len()).take_while(|&at| quoted(at)).last().map_or(first, |at| at + 1);
        Some(start..end)
    }

    fn reaches(&self, hit: &Hit, target: &Range<usize>) -> bool {
        let cue = &self.book.cues[hit.cue as usize];
        let inside = hit.start < target.end && target.start < hit.end;
        let after = || self.reaches_after(hit.end, target, cue.until, cue.words);
        let before = || self.reaches_before(hit.start, target, cue.until, cue.words, false);
        match cue.reach {
            Reach::After => after(),
            Reach::Before => before(),
            Reach::Around => inside || after() || before(),
            Reach::Inside => inside,
            Reach::Quotation => {
                let quotation = self.quotation(target);
                quotation.is_some_and(|words| words.start == hit.end || words.end == hit.start)
            }
            Reach::Label => {
                let colon = Marks::COLON.with(Marks::DASH);
                self.view.words[hit.start].marks.has(colon)
                    && self.reaches_before(hit.start, target, cue.until, cue.words, true)
            }
        }
    }

    /// Whether a scope that opens at word `from` holds a word of the target, or is still open at the sentence's end
    /// where that is the target.
    fn reaches_after(&self, from: usize, target: &Range<usize>, until: Until, words: usize) -> bool {
        let (cue, end) = (from.saturating_sub(1), self.view.words.len());
        let farthest = from.saturating_add(words.min(FARTHEST));
        for at in from..end.min(farthest) {
            match self.clauses.step(at, cue, until) {
                Step::Over => continue,
                Step::Stop => return false,
                Step::Into => {}
            }
            let parts = if at == from { self.clauses.parts_at_once(at, until) } else { self.parts(at, until) };
            if parts {
                return false;
            }
            if target.contains(&at) {
                return true;
            }
        }
        target.start == end && farthest > end && self.clauses.together(cue, end)
    }

    /// Whether a scope that ends at word `to` holds a word of the target. A label lies behind the mark at `to`.
    fn reaches_before(&self, to: usize, target: &Range<usize>, until: Until, words: usize, over_mark: bool) -> bool {
        for at in (0..to).rev().take(words.min(FARTHEST)) {
            match self.clauses.step(at, to, until) {
                Step::Over => continue,
                Step::Stop => return false,
                Step::Into => {}
            }
            if self.parts(at + 1, until) && !(over_mark && at + 1 == to) {
                return false;
            }
            if target.contains(&at) {
                return true;
            }
        }
        false
    }

    fn parts(&self, at: usize, until: Until) -> bool {
        let pause = || self.view.words.get(at).is_some_and(|word| word.marks.has(Marks::PAUSE));
        self.clauses.parts(at, until, pause)
    }
}

/// Farthest reach of any cue, in words. It bounds the work on a sentence that never ends.
const FARTHEST: usize = 150;

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
            Axis::Conditional if assertion.mood != Mood::Question => assertion.mood = Mood::Conditional,
            Axis::Imperative if assertion.mood == Mood::Statement => assertion.mood = Mood::Imperative,
            Axis::Question => assertion.mood = Mood::Question,
            Axis::Reported if assertion.voice == Voice::Author => assertion.voice = Voice::Reported,
            Axis::Refuted => assertion.stance = Stance::Refuted,
            _ => {}
        }
    }
}
