//! One claim with everything that is read for holding facts against it.

use std::ops::Range;

use crate::assertion::{Polarity, Stance};
use crate::claims::{Claim, Party};
use crate::evidence::searches::{Hits, Search};
use crate::knowledge::{Entity, EntityId};
use crate::language::Marks;
use crate::pattern::{LexiconId, Mention, View};

use super::Judge;
use super::book::{Marked, Meaning, Sign};

/// How many words behind its relation belong to a claim.
const REACH: usize = 12;
/// How many words before its relation can change it: "was first", "is expected to be".
const LEAD: usize = 5;

/// A claim, read for judging.
pub(super) struct Case<'a, 'c> {
    pub judge: &'c Judge<'a>,
    pub claim: &'c Claim,
    pub sentence: usize,
    pub view: View<'a>,
    /// The words that can change the claim.
    pub near: Range<usize>,
    marked: Vec<Marked<'a>>,
}

impl<'a, 'c> Case<'a, 'c> {
    pub fn new(judge: &'c Judge<'a>, sentence: usize, claim: &'c Claim) -> Self {
        let view = judge.reading.view(judge.document, sentence);
        let relation = &claim.relation;
        let farthest = (relation.end + REACH).min(view.words.len());
        let end = (relation.end..farthest).find(|&at| at > relation.end && breaks(view, at)).unwrap_or(farthest);
        let nearest = relation.start.saturating_sub(LEAD);
        let start = (nearest..=relation.start).rev().find(|&at| at < relation.start && breaks(view, at + 1));
        let near = start.map_or(nearest, |at| at + 1)..end;
        Self { judge, claim, sentence, view, near, marked: judge.book.read(view) }
    }

    /// Whether it is said to be so: a rejected denial is an assertion.
    pub fn says_so(&self) -> bool {
        let assertion = self.claim.decision.assertion;
        (assertion.polarity == Polarity::Positive) != (assertion.stance == Stance::Refuted)
    }

    /// The phrases of the book among these words.
    pub fn marked_in(&self, words: Range<usize>) -> impl DoubleEndedIterator<Item = &Marked<'a>> {
        self.marked.iter().filter(move |marked| words.start <= marked.words.start && marked.words.end <= words.end)
    }

    pub fn shows_in(&self, sign: Sign, words: Range<usize>) -> bool {
        self.marked_in(words).any(|marked| *marked.meaning == Meaning::Sign(sign))
    }

    /// Whether a sign stands in the claim or near it.
    pub fn shows(&self, sign: Sign) -> bool {
        self.shows_in(sign, self.near.clone())
    }

    /// Whether a sign stands in the claim or behind it, up to the next pause.
    pub fn shows_behind(&self, sign: Sign) -> bool {
        self.shows_in(sign, self.claim.relation.start..self.near.end)
    }

    /// Whether trials are what it speaks of.
    pub fn is_about_trials(&self) -> bool {
        [Sign::TrialOnly, Sign::Recruiting, Sign::InTrials].into_iter().any(|sign| self.shows(sign))
    }

    /// The therapy that the claim is about: a side of it; else the nearest one in its sentence before its relation, or
    /// right behind it.
    pub fn therapy(&self) -> Option<EntityId> {
        self.known(&self.therapy_name()?)
    }

    /// The name of the therapy that the claim is about, whether or not it is known.
    pub fn therapy_name(&self) -> Option<Mention> {
        let lexicon = self.judge.names.therapy;
        let before = || self.names(lexicon).rfind(|name| name.end as usize <= self.claim.relation.end);
        let behind = || self.names(lexicon).find(|name| self.near.contains(&(name.start as usize)));
        self.side_name(lexicon).or_else(|| before().or_else(behind).copied())
    }

    /// The condition that the claim is about. `Err`: one that no list holds.
    pub fn condition(&self) -> Result<Option<EntityId>, ()> {
        match self.condition_name() {
            None => Ok(None),
            Some(name) => self.known(&name).map(Some).ok_or(()),
        }
    }

    /// The name of the condition that the claim is about, whether or not it is known.
    pub fn condition_name(&self) -> Option<Mention> {
        let lexicon = self.judge.names.condition;
        let behind = || self.names(lexicon).find(|name| self.near.contains(&(name.start as usize)));
        self.side_name(lexicon).or_else(|| behind().copied())
    }

    /// What a service holds under a name, if it has been asked.
    pub fn search(&self, search: Search) -> Option<&'a Hits> {
        self.judge.searches.hits(self.judge.answers, search, self.sentence)
    }

    /// What is known of what a name stands for.
    pub fn entity(&self, name: &Mention) -> Option<&'a Entity> {
        self.judge.knowledge.entity(EntityId(name.entry))
    }

    /// What a name is called: as the fact base calls it, else as the text does.
    pub fn name_of(&self, name: &Mention) -> &'a str {
        self.entity(name).map_or_else(|| self.text_of(name), Entity::name)
    }

    /// Every name of what a name stands for, as far as it is known.
    pub fn names_of(&self, name: &Mention) -> Vec<&'a str> {
        match self.entity(name) {
            Some(entity) => entity.names.iter().map(|name| name.text.as_str()).collect(),
            None => vec![self.text_of(name)],
        }
    }

    /// The words of a name in the sentence.
    pub fn text_of(&self, name: &Mention) -> &'a str {
        self.judge.reading.words_text(self.judge.document, self.sentence, name.start as usize..name.end as usize)
    }

    /// The authority that the claim names: in the words nearest to its relation. `Err`: it says where, but whose word
    /// counts there is not known.
    pub fn authority(&self) -> Result<Option<EntityId>, ()> {
        let relation = &self.claim.relation;
        let distance = |name: &&Mention| {
            let (start, end) = (name.start as usize, name.end as usize);
            relation.start.saturating_sub(end).max(start.saturating_sub(relation.end))
        };
        let named = self.names(self.judge.names.authority).min_by_key(distance);
        if let Some(named) = named {
            return self.known(named).map(Some).ok_or(());
        }
        let mut places = self.marked_in(0..self.view.words.len()).filter_map(|marked| match marked.meaning {
            Meaning::Place(authority) => Some(authority.as_deref()),
            _ => None,
        });
        match places.next() {
            None => Ok(None),
            Some(authority) => authority.and_then(|id| self.judge.knowledge.by_id(id)).map(Some).ok_or(()),
        }
    }

    /// Every known therapy of its sentence before its relation; else all of its sentence; else the one that a pronoun
    /// stands for.
    pub fn therapies(&self) -> Vec<EntityId> {
        let lexicon = self.judge.names.therapy;
        let before = |name: &&Mention| name.end as usize <= self.claim.relation.start;
        let known = |name: &Mention| self.known(name);
        let first: Vec<EntityId> = self.names(lexicon).filter(before).filter_map(known).collect();
        let all = || -> Vec<EntityId> { self.names(lexicon).filter_map(known).collect() };
        let some = if first.is_empty() { all() } else { first };
        if some.is_empty() { self.side(lexicon).flatten().into_iter().collect() } else { some }
    }

    /// The year that it names behind its relation: "approved in March 2017".
    pub fn year(&self) -> Option<i16> {
        let behind = self.claim.relation.start..self.view.words.len().min(self.near.end + 3);
        let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        behind.filter_map(|at| self.word(at).parse().ok().filter(|_| is_year(self.word(at)))).next()
    }

    /// The letters of a word.
    pub fn word(&self, at: usize) -> &'a str {
        self.view.words.get(at).map_or("", |word| word.text(self.view.text))
    }

    /// The names of a lexicon in its sentence.
    pub fn names(&self, lexicon: LexiconId) -> impl DoubleEndedIterator<Item = &'a Mention> {
        self.view.mentions.iter().filter(move |name| name.lexicon == lexicon)
    }

    /// The entity that a name stands for; names that no list holds have none.
    pub fn known(&self, name: &Mention) -> Option<EntityId> {
        self.entity(name).map(|_| EntityId(name.entry))
    }

    /// The side of the claim that is a name of this lexicon, if one is; `Some(None)` where no list holds it.
    fn side(&self, lexicon: LexiconId) -> Option<Option<EntityId>> {
        self.side_name(lexicon).map(|name| self.known(&name))
    }

    fn side_name(&self, lexicon: LexiconId) -> Option<Mention> {
        let of = |party: &Option<Party>| party.as_ref()?.name.filter(|name| name.lexicon == lexicon);
        of(&self.claim.subject).or_else(|| of(&self.claim.object))
    }
}

/// Whether a clause ends before this word.
fn breaks(view: View<'_>, at: usize) -> bool {
    view.words.get(at).is_some_and(|word| word.marks.has(Marks::PAUSE))
}
