//! Which sentences of a document a pattern can be in.

use std::ops::Range;

use crate::language::{Marks, WordId};

use super::compile::{Key, Pattern};
use super::lexicon::LexiconId;
use super::matcher::View;

/// The words and names of a document, each with the sentences that hold it. What is looked for in a whole document is
/// tried only in sentences that hold its key.
#[derive(Debug, Default)]
pub struct SentenceIndex {
    /// Sorted by word, then by sentence. Every number stands under [`WordId::NUMBER`] too.
    words: Vec<(WordId, u32)>,
    /// Sorted by lexicon, then by sentence.
    names: Vec<(LexiconId, u32)>,
}

impl SentenceIndex {
    /// The index of sentences in their order.
    pub fn new<'v>(sentences: impl Iterator<Item = View<'v>>) -> Self {
        let mut index = Self::default();
        for (sentence, view) in (0..).zip(sentences) {
            for word in view.words.iter().filter(|word| word.id != WordId::UNKNOWN) {
                index.words.push((word.id, sentence));
                if word.marks.has(Marks::DIGIT) {
                    index.words.push((WordId::NUMBER, sentence));
                }
            }
            index.names.extend(view.mentions.iter().map(|mention| (mention.lexicon, sentence)));
        }
        index.words.sort_unstable();
        index.words.dedup();
        index.names.sort_unstable();
        index.names.dedup();
        index
    }

    /// The sentences within `range` that can hold the pattern; some may come more than once.
    pub fn candidates<'a>(&'a self, pattern: &'a Pattern, range: Range<usize>) -> Box<dyn Iterator<Item = usize> + 'a> {
        match &pattern.key {
            Key::Words(ids) => Box::new(ids.iter().flat_map(move |&id| within(&self.words, id, range.clone()))),
            Key::Number => Box::new(within(&self.words, WordId::NUMBER, range)),
            Key::Lexicon(id) => Box::new(within(&self.names, *id, range)),
            Key::Anything => Box::new(range),
        }
    }
}

/// The sentences of `range` that stand beside `key`.
fn within<K: Ord + Copy>(entries: &[(K, u32)], key: K, range: Range<usize>) -> impl Iterator<Item = usize> {
    let at = |sentence: usize| entries.partition_point(|&entry| entry < (key, sentence as u32));
    let (from, to) = (at(range.start), at(range.end));
    entries[from..to.max(from)].iter().map(|&(_, sentence)| sentence as usize)
}
