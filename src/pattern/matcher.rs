//! Running patterns over a sentence.

use std::ops::Range;

use crate::language::{Marks, Word, WordId, words::is_number};

use super::compile::{Op, Pattern, Starts};
use super::lexicon::Mention;

/// A sentence as patterns see it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Its words.
    pub words: &'a [Word],
    /// The names in it, ordered by their first word.
    pub mentions: &'a [Mention],
    /// The prose of its block, for the letters of words.
    pub text: &'a str,
}

/// Where a pattern was found, in words of the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index of the first word.
    pub start: usize,
    /// Index behind the last word.
    pub end: usize,
    /// The names that its lexicons matched, in order.
    pub captures: Vec<Mention>,
    /// The words that the pattern names; what a gap or `_` passed over is left out.
    pub named: Named,
}

impl Match {
    /// Whether the pattern itself names every word of this range.
    pub fn names(&self, start: usize, end: usize) -> bool {
        (start..end).all(|at| at >= self.start && self.named.has(at - self.start))
    }
}

/// A set of words of a match, counted from its first. Words behind the 128th are never in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named(u128);

impl Named {
    /// The words of that range.
    pub fn these(words: Range<usize>) -> Self {
        let mut named = Self::default();
        named.add(words);
        named
    }

    fn add(&mut self, words: Range<usize>) {
        let below = |at: usize| 1u128.checked_shl(at as u32).map_or(u128::MAX, |bit| bit - 1);
        self.0 |= below(words.end) & !below(words.start);
    }

    fn has(self, at: usize) -> bool {
        1u128.checked_shl(at as u32).is_some_and(|bit| self.0 & bit != 0)
    }
}

/// Steps that the search for one match may take. No sensible pattern comes near; a hostile one ends here.
const FUEL: u32 = 50_000;

impl Pattern {
    /// Its matches that do not overlap, where its key stands at these words, ascending: leftmost first, gaps as short
    /// as possible.
    pub(super) fn matches<'a>(
        &'a self,
        view: View<'a>,
        mut keys: impl Iterator<Item = usize> + 'a,
    ) -> impl Iterator<Item = Match> + 'a {
        let mut run = Run { pattern: self, view, fuel: FUEL, captures: Vec::new(), named: Named::default() };
        let (mut from, mut starts) = (0, 0..0);
        std::iter::from_fn(move || {
            loop {
                for start in starts.by_ref() {
                    if start >= from
                        && self.starts.at(view, start)
                        && let Some(found) = run.at(start)
                    {
                        from = found.end;
                        return Some(found);
                    }
                }
                let key = keys.next()?;
                let begun = from.max(starts.end);
                starts = begun.max(key.saturating_sub(self.ahead.most()))..(key + 1).saturating_sub(self.ahead.least());
            }
        })
    }

    /// Whether it occurs in the sentence with its key at this word.
    pub(super) fn occurs_at(&self, view: View<'_>, key: usize) -> bool {
        self.matches(view, std::iter::once(key)).next().is_some()
    }
}

impl Starts {
    /// Whether a match can begin at this word.
    fn at(&self, view: View<'_>, at: usize) -> bool {
        let word = &view.words[at];
        self.anything
            || self.words.binary_search(&word.id).is_ok()
            || (self.digits && word.marks.has(Marks::DIGIT))
            || (!self.lexicons.is_empty()
                && view.mentions.iter().any(|m| m.start as usize == at && self.lexicons.contains(&m.lexicon)))
    }
}

struct Run<'a> {
    pattern: &'a Pattern,
    view: View<'a>,
    fuel: u32,
    captures: Vec<Mention>,
    named: Named,
}

impl Run<'_> {
    /// The match that begins at this word.
    fn at(&mut self, start: usize) -> Option<Match> {
        self.captures.clear();
        self.named = Named::default();
        let end = self.step(0, start, start, true).filter(|&end| end > start)?;
        self.fuel = FUEL;
        Some(Match { start, end, captures: std::mem::take(&mut self.captures), named: self.named })
    }

    /// Runs from operation `op` at word `at`; `free` says that punctuation may stand before the next word. Returns
    /// the word behind the match. Recursion is bounded by the pattern's length and its gaps.
    fn step(&mut self, mut op: usize, mut at: usize, start: usize, mut free: bool) -> Option<usize> {
        loop {
            self.fuel = self.fuel.checked_sub(1)?;
            match &self.pattern.ops[op] {
                Op::Accept => return Some(at),
                Op::Jump(to) => op = usize::from(*to),
                Op::Split(first, second) => {
                    let kept = (self.captures.len(), self.named);
                    if let Some(end) = self.step(usize::from(*first), at, start, free) {
                        return Some(end);
                    }
                    self.forget(kept);
                    op = usize::from(*second);
                }
                Op::Switch(switch) => {
                    let kept = (self.captures.len(), self.named);
                    let word = self.view.words.get(at).map_or(WordId::UNKNOWN, |word| word.id);
                    return switch.branches(word).find_map(|branch| {
                        self.forget(kept);
                        self.step(branch, at, start, free)
                    });
                }
                Op::Start if at == 0 => op += 1,
                Op::End if at == self.view.words.len() => op += 1,
                Op::Start | Op::End => return None,
                Op::NotNext(ids, edge) => {
                    let parted = at == self.view.words.len() || (at > start && self.pause_before(at));
                    let stands = if parted { *edge } else { self.stands(ids, at) };
                    if stands {
                        return None;
                    }
                    op += 1;
                }
                Op::NotBefore(ids, edge) => {
                    let stands = match at.checked_sub(1) {
                        Some(last) if !self.pause_before(at) => self.stands(ids, last),
                        _ => *edge,
                    };
                    if stands {
                        return None;
                    }
                    op += 1;
                }
                Op::Gap(width) => return self.gap(op + 1, at, start, usize::from(*width)),
                Op::Lexicon(id) => {
                    let blocked = !free && at > start && self.pause_before(at);
                    let mention =
                        self.view.mentions.iter().find(|m| m.lexicon == *id && m.start as usize == at).copied();
                    let mention = mention.filter(|_| !blocked)?;
                    self.captures.push(mention);
                    self.named.add(at - start..mention.end as usize - start);
                    at = mention.end as usize;
                    (op, free) = (op + 1, false);
                }
                consuming => {
                    if !free && at > start && self.pause_before(at) {
                        return None;
                    }
                    let width = self.consumed(consuming, at)?;
                    if *consuming != Op::Any {
                        self.named.add(at - start..at + width - start);
                    }
                    at += width;
                    (op, free) = (op + 1, false);
                }
            }
        }
    }

    /// Tries the rest of the pattern behind zero words, then one, and so on.
    fn gap(&mut self, op: usize, at: usize, start: usize, width: usize) -> Option<usize> {
        let kept = (self.captures.len(), self.named);
        for skipped in 0..=width {
            let next = at + skipped;
            if next > self.view.words.len() {
                return None;
            }
            if skipped > 0 && next > start && self.hard_stop_before(next - 1) && next - 1 > start {
                return None;
            }
            if let Some(end) = self.step(op, next, start, true) {
                return (!self.crosses_hard_stop(at, end)).then_some(end);
            }
            self.forget(kept);
        }
        None
    }

    fn forget(&mut self, (captures, named): (usize, Named)) {
        self.captures.truncate(captures);
        self.named = named;
    }

    fn crosses_hard_stop(&self, from: usize, end: usize) -> bool {
        (from.max(1)..end).any(|at| self.hard_stop_before(at))
    }

    fn stands(&self, ids: &[WordId], at: usize) -> bool {
        self.view.words.get(at).is_some_and(|word| ids.binary_search(&word.id).is_ok())
    }

    fn hard_stop_before(&self, at: usize) -> bool {
        self.view.words.get(at).is_some_and(|w| w.marks.has(Marks::SEMICOLON.with(Marks::COLON)))
    }

    fn pause_before(&self, at: usize) -> bool {
        self.view.words.get(at).is_some_and(|w| w.marks.has(Marks::PAUSE))
    }

    /// How many words a single-word operation takes at `at`.
    fn consumed(&self, op: &Op, at: usize) -> Option<usize> {
        let word = self.view.words.get(at)?;
        let fits = match op {
            Op::Word(ids) => self.stands(ids, at),
            Op::Any => true,
            Op::Number => self.is_number(word),
            Op::NumberBetween(least, most) => {
                let value = || word.text(self.view.text).replace(',', "").parse::<f64>().ok();
                self.is_number(word)
                    && value().is_some_and(|v| (f64::from(*least)..=f64::from(*most)).contains(&v))
                    && self.percent_width(at).is_none()
            }
            Op::Year => {
                let digits = word.text(self.view.text);
                digits.len() == 4 && is_number(digits) && (digits.starts_with("19") || digits.starts_with("20"))
            }
            Op::Percent => {
                return self.percent_width(at).filter(|_| self.is_number(word));
            }
            _ => false,
        };
        fits.then_some(1)
    }

    /// How many words the percentage takes that starts at `at`, if the words behind say that it is one.
    fn percent_width(&self, at: usize) -> Option<usize> {
        let is = |at: usize, what: &str| {
            self.view.words.get(at).is_some_and(|w| w.text(self.view.text).eq_ignore_ascii_case(what))
        };
        let sign = self.view.words.get(at + 1).is_some_and(|w| w.id == WordId::PERCENT);
        if sign || is(at + 1, "percent") || is(at + 1, "pc") {
            Some(2)
        } else {
            (is(at + 1, "per") && is(at + 2, "cent")).then_some(3)
        }
    }

    fn is_number(&self, word: &Word) -> bool {
        word.id == WordId::NUMBER || (word.marks.has(Marks::DIGIT) && is_number(word.text(self.view.text)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::language::inflection::Inflector;
    use crate::language::{Segmenter, Vocabulary};
    use crate::pattern::{Candidates, Compiler, Lexicons, PatternSet};

    fn found(pattern: &str, text: &str) -> Option<String> {
        let inflector = Inflector::from_toml(include_str!("../../rules/language/irregular.toml")).unwrap();
        let segmenter = Segmenter::from_toml(include_str!("../../rules/language/abbreviations.toml")).unwrap();
        let (mut vocabulary, mut lexicons) = (Vocabulary::default(), Lexicons::default());
        let condition = lexicons.declare("condition");
        for (entry, (name, exact)) in
            [("MS", true), ("breast cancer", false), ("cancer", false)].into_iter().enumerate()
        {
            lexicons.add(&mut vocabulary, &inflector, condition, entry as u32, name, exact);
        }
        let mut compiler = Compiler {
            vocabulary: &mut vocabulary,
            inflector: &inflector,
            lexicons: &lexicons,
            common: &|w| w == "the",
        };
        let pattern = compiler.compile(pattern).unwrap();
        let (mut sentences, mut words, mut mentions) = (Vec::new(), Vec::new(), Vec::new());
        segmenter.cut(text, &vocabulary, &mut sentences, &mut words);
        lexicons.annotate(&words, text, &mut mentions);
        let view = View { words: &words, mentions: &mentions, text };
        let set = PatternSet::new(vec![pattern]);
        let mut candidates = Candidates::default();
        set.candidates(view, &mut candidates);
        let hit = candidates.iter().next()?.matches(&set, view).next()?;
        Some(text[words[hit.start].start as usize..words[hit.end - 1].end as usize].to_owned())
    }

    #[test]
    fn words_gaps_lexicons_and_choices() {
        assert_eq!(
            found("cure~ ..4 {condition}", "This herb cures most people's MS today").as_deref(),
            Some("cures most people's MS")
        );
        assert_eq!(found("cure~ ..4 {condition}", "This herb cures ms"), None);
        assert_eq!(found("cure~ {condition}", "curing breast cancers").as_deref(), Some("curing breast cancers"));
        assert_eq!(found("(the|a) cure for", "It is a cure for colds").as_deref(), Some("a cure for"));
        assert_eq!(found("really? safe", "It is safe").as_deref(), Some("safe"));
        assert_eq!(found("no _ cure", "no known cure").as_deref(), Some("no known cure"));
        assert_eq!(found("no _ cure", "no cure"), None);
        assert_eq!(found("^ cure", "A cure"), None);
        assert_eq!(found("cure $", "A cure").as_deref(), Some("cure"));
    }

    #[test]
    fn words_that_must_not_stand_beside() {
        let verb = "<!(the|with) reduced !(in|by)";
        assert_eq!(found(verb, "It reduced pain").as_deref(), Some("reduced"));
        assert_eq!(found(verb, "Reduced pain").as_deref(), Some("Reduced"));
        assert_eq!(found(verb, "with reduced pain"), None);
        assert_eq!(found(verb, "Pain was reduced by it"), None);
        assert_eq!(found(verb, "the reduced pain"), None);
        assert_eq!(found(verb, "with, reduced, by luck").as_deref(), Some("reduced"));
        assert_eq!(found("!cure~ _ cancer", "curing cancer"), None);
        assert_eq!(found("<!(^|the) cure", "Cure found, cure lost, the cure"), None);
        assert_eq!(found("cure !$", "A cure, or no cure."), None);
    }

    #[test]
    fn hyphen_space_and_closed_form_are_one() {
        for text in ["a game-changing drug", "a game changing drug", "a gamechanging drug", "a Game-Changing drug"] {
            assert!(found("game-changing", text).is_some(), "{text}");
        }
        assert!(found("side effect~", "side-effects").is_some());
    }

    #[test]
    fn punctuation_parts_plain_phrases_but_not_gaps() {
        assert_eq!(found("cure cancer", "a cure, cancer"), None);
        assert!(found("cure ..2 cancer", "a cure, the cancer").is_some());
        assert_eq!(found("cure ..2 cancer", "a cure; the cancer"), None);
        assert_eq!(found("cure ..2 cancer", "a cure: cancer"), None);
    }

    #[test]
    fn numbers_and_percentages() {
        assert_eq!(found("{percent} of", "cut 46% of cases").as_deref(), Some("46% of"));
        assert_eq!(found("{percent} of", "cut 46 per cent of cases").as_deref(), Some("46 per cent of"));
        assert_eq!(found("in {year}", "in 2024").as_deref(), Some("in 2024"));
        assert_eq!(found("in {year}", "in 3024"), None);
        assert_eq!(found("{number} people", "1,200 people").as_deref(), Some("1,200 people"));
        assert_eq!(found("{number<=30} people", "1,200 people or 30 people").as_deref(), Some("30 people"));
        assert_eq!(found("{number>=30} ..2 people", "30 percent of people"), None);
        assert_eq!(found("{number>=1000} people", "30 people or 1,200 people").as_deref(), Some("1,200 people"));
    }

    #[test]
    fn hostile_patterns_end() {
        let pattern = "..30 ..30 ..30 ..30 ..30 zzz";
        assert_eq!(found(pattern, &"word ".repeat(300)), None);
    }
}
