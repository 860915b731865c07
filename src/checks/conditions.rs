//! Scopes around a hit, and what conditions find in them.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::pattern::SentenceIndex;
use crate::rules::{Condition, Rule, Scope};

use super::{Context, dates};

/// What conditions have found in one document so far. A condition is looked for once in each scope, so that no number of
/// hits makes a document dear.
#[derive(Debug, Default)]
pub struct Found {
    /// Whether a condition holds, by its number and the scope's key.
    held: RefCell<FxHashMap<(u32, usize), bool>>,
    /// Made when a condition first asks for words.
    index: OnceCell<SentenceIndex>,
    /// The day of the article.
    day: OnceCell<Option<Date>>,
}

impl Context<'_> {
    /// The day by which the article is to be judged: the last one that it gives of itself; else the day of the run.
    pub(super) fn day(&self) -> Option<Date> {
        *self.found.day.get_or_init(|| dates::own_day(self.rules, self.document).or(self.settings.today))
    }

    /// The sentences of a scope around a sentence; `None`: the whole document.
    pub(super) fn scope(&self, sentence: Option<usize>, scope: Scope) -> Range<usize> {
        let all = 0..self.reading.len();
        let Some(sentence) = sentence else {
            return match scope {
                Scope::Lead => self.reading.lead(),
                Scope::Title => self.reading.title(),
                _ => all,
            };
        };
        let section = || {
            let section = &self.document.sections[self.block(sentence).section];
            self.reading.of_blocks(section.blocks.clone())
        };
        match scope {
            Scope::Sentence => sentence..sentence + 1,
            Scope::Neighbours => {
                let section = section();
                sentence.saturating_sub(2).max(section.start)..(sentence + 3).min(section.end)
            }
            Scope::Paragraph => self.reading.of_block(self.reading.block(sentence)),
            Scope::Section => section(),
            Scope::Lead => self.reading.lead(),
            Scope::Title => self.reading.title(),
            Scope::Document => all,
        }
    }

    /// A number for the scope around a sentence: the same for all sentences that share it.
    pub(super) fn scope_key(&self, sentence: Option<usize>, scope: Scope) -> usize {
        match (scope, sentence) {
            (Scope::Sentence | Scope::Neighbours, Some(sentence)) => sentence,
            (Scope::Paragraph, Some(sentence)) => self.reading.block(sentence),
            (Scope::Section, Some(sentence)) => self.block(sentence).section,
            _ => 0,
        }
    }

    /// Whether a rule's conditions let a hit in this sentence count.
    pub(super) fn counts(&self, rule: &Rule, sentence: Option<usize>) -> bool {
        self.is_wanted(rule, sentence) && !self.is_satisfied(rule, sentence)
    }

    /// Whether everything that a rule needs around a hit is there.
    pub(super) fn is_wanted(&self, rule: &Rule, sentence: Option<usize>) -> bool {
        rule.when.iter().all(|condition| self.holds(condition, sentence))
    }

    /// Whether something around a hit satisfies the rule.
    pub(super) fn is_satisfied(&self, rule: &Rule, sentence: Option<usize>) -> bool {
        rule.unless.iter().any(|condition| self.holds(condition, sentence))
    }

    /// Whether a condition is met around a sentence.
    fn holds(&self, condition: &Condition, sentence: Option<usize>) -> bool {
        let key = (condition.number, self.scope_key(sentence, condition.within));
        if let Some(&held) = self.found.held.borrow().get(&key) {
            return held;
        }
        let held = self.find(condition, sentence);
        self.found.held.borrow_mut().insert(key, held);
        held
    }

    fn find(&self, condition: &Condition, sentence: Option<usize>) -> bool {
        let keys: Vec<&str> = condition.metadata.iter().map(String::as_str).collect();
        if self.document.metadata.get(&keys).is_some() {
            return true;
        }
        let sentences = self.scope(sentence, condition.within);
        if condition.words.is_some_and(|least| self.words(sentences.clone()) >= least) {
            return true;
        }
        let mut met: Vec<usize> = Vec::new();
        let enough = |met: &mut Vec<usize>, sentence: usize| {
            if !met.contains(&sentence) {
                met.push(sentence);
            }
            met.len() >= condition.least
        };
        if !condition.lists.is_empty() {
            let view = |sentence| self.reading.view(self.document, sentence);
            let index = self.found.index.get_or_init(|| SentenceIndex::new((0..self.reading.len()).map(view)));
            let mut phrases = condition.lists.iter().flat_map(|&list| self.rules.phrases(list));
            if phrases.any(|p| index.find(p, sentences.clone(), view, |sentence| enough(&mut met, sentence))) {
                return true;
            }
        }
        if let Some(years) = condition.years {
            return self.years_since(condition, sentences).is_some_and(|since| since > years);
        }
        for regex in &condition.regexes {
            let is_match = |s: &usize| regex.is_match(self.reading.text(self.document, *s));
            if sentences.clone().filter(is_match).any(|sentence| enough(&mut met, sentence)) {
                return true;
            }
        }
        let fits = |url: &str| condition.link || condition.hosts.hold(url);
        (condition.link || !condition.hosts.0.is_empty()) && self.has_link(sentences, fits)
    }

    /// How many years before the day of the article the latest year lies that the condition's expressions catch.
    fn years_since(&self, condition: &Condition, sentences: Range<usize>) -> Option<i16> {
        let caught = |s: usize| {
            let text = self.reading.text(self.document, s);
            condition.regexes.iter().flat_map(move |regex| regex.groups(text))
        };
        let latest = sentences.flat_map(caught).filter_map(|year| year.parse::<i16>().ok()).max()?;
        Some(self.day()?.year() - latest)
    }

    fn words(&self, sentences: Range<usize>) -> usize {
        sentences.map(|s| self.reading.view(self.document, s).words.len()).sum()
    }

    fn has_link(&self, sentences: Range<usize>, fits: impl Fn(&str) -> bool) -> bool {
        let Some((first, last)) = sentences.clone().next().zip(sentences.last()) else { return false };
        let blocks = self.reading.block(first)..self.reading.block(last) + 1;
        self.document
            .links
            .iter()
            .any(|link| link.block.is_some_and(|block| blocks.contains(&block)) && fits(&link.destination))
    }
}
