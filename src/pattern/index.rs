//! Where in a document a pattern can be.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::language::{Marks, WordId};

use super::compile::{Key, Pattern};
use super::lexicon::LexiconId;
use super::matcher::View;

/// A sentence and a word of it.
type Place = (u32, u32);

/// The words and names of a document, each with where it stands. What is looked for in many sentences is tried only where
/// its key stands.
#[derive(Debug, Default)]
pub struct SentenceIndex {
    /// Every number stands under [`WordId::NUMBER`] too.
    words: Places<WordId>,
    names: Places<LexiconId>,
}

/// The places of many keys, ascending for each.
#[derive(Debug)]
struct Places<K> {
    of: FxHashMap<K, Range<u32>>,
    all: Vec<(K, Place)>,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self { of: FxHashMap::default(), all: Vec::new() }
    }
}

impl<K: Ord + Copy + std::hash::Hash> Places<K> {
    fn new(mut all: Vec<(K, Place)>) -> Self {
        all.sort_unstable();
        let (mut of, mut start) = (FxHashMap::default(), 0);
        for same in all.chunk_by(|one, next| one.0 == next.0) {
            let end = start + same.len() as u32;
            of.insert(same[0].0, start..end);
            start = end;
        }
        Self { of, all }
    }

    /// The places of a key in these sentences.
    fn within(&self, key: K, sentences: &Range<usize>) -> impl Iterator<Item = Place> {
        let all = self.of.get(&key).map_or(&[][..], |of| &self.all[of.start as usize..of.end as usize]);
        let from = all.partition_point(|(_, (sentence, _))| (*sentence as usize) < sentences.start);
        let end = sentences.end;
        all[from..].iter().map(|(_, place)| *place).take_while(move |(sentence, _)| (*sentence as usize) < end)
    }
}

impl SentenceIndex {
    /// The index of sentences in their order.
    pub fn new<'v>(sentences: impl Iterator<Item = View<'v>>) -> Self {
        let (mut words, mut names) = (Vec::new(), Vec::new());
        for (sentence, view) in (0..).zip(sentences) {
            for (at, word) in (0..).zip(view.words) {
                if word.id != WordId::UNKNOWN {
                    words.push((word.id, (sentence, at)));
                }
                if word.marks.has(Marks::DIGIT) && word.id != WordId::NUMBER {
                    words.push((WordId::NUMBER, (sentence, at)));
                }
            }
            names.extend(view.mentions.iter().map(|mention| (mention.lexicon, (sentence, mention.start))));
        }
        Self { words: Places::new(words), names: Places::new(names) }
    }

    /// Tells each sentence of a range in which the pattern occurs, perhaps more than once, until it is enough.
    /// `view` gives a sentence.
    pub fn find<'v>(
        &self,
        pattern: &Pattern,
        range: Range<usize>,
        view: impl Fn(usize) -> View<'v>,
        mut is_enough: impl FnMut(usize) -> bool,
    ) -> bool {
        let mut found = |(sentence, at): Place| {
            let sentence = sentence as usize;
            pattern.occurs_at(view(sentence), at as usize) && is_enough(sentence)
        };
        match &pattern.key {
            Key::Words(ids) => ids.iter().any(|&id| self.words.within(id, &range).any(&mut found)),
            Key::Number => self.words.within(WordId::NUMBER, &range).any(found),
            Key::Lexicon(id) => self.names.within(*id, &range).any(found),
            Key::Anything => range.clone().any(|sentence| {
                let last = view(sentence).words.len().saturating_sub(1);
                found((sentence as u32, last as u32))
            }),
        }
    }
}
