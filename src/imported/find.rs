//! Imported names in texts.

use std::ops::Range;

use crate::language::{Marks, Word};

use super::{Imported, Kind, starts};

/// What no name reaches over.
const STOPS: Marks =
    Marks::COMMA.with(Marks::SEMICOLON).with(Marks::COLON).with(Marks::DASH).with(Marks::OPEN).with(Marks::CLOSE);

/// Shortest first word of a name, in bytes. Shorter ones are too often something else.
const SHORTEST: u32 = 3;

impl Imported {
    /// Hands the names in a sentence's words to `take`: the kind, the words, and the entry for [`Self::at`]. At each word
    /// the longest name counts, and none inside another of its kind that was taken.
    pub fn each_name(&self, words: &[Word], text: &str, take: &mut dyn FnMut(Kind, Range<usize>, u32) -> bool) {
        let number = |at: usize| words.get(at).map(|word| starts::number(word.text(text)));
        let mut free = [0; Kind::ALL.len()];
        let mut next = number(0);
        for at in 0..words.len() {
            let (first, second) = (next.flatten(), number(at + 1));
            next = second;
            for (kind, free) in Kind::ALL.into_iter().zip(&mut free) {
                let is_possible = at >= *free && starts::may_start(self.starts(), kind, first, second);
                let found = if is_possible { self.longest(kind, &words[at..], text) } else { None };
                if let Some((count, entry)) = found
                    && take(kind, at..at + count, entry)
                {
                    *free = at + count;
                }
            }
        }
    }

    /// The longest name of that kind that starts with the first of these words: how many words it has, and its entry for
    /// [`Self::at`].
    pub fn longest(&self, kind: Kind, words: &[Word], text: &str) -> Option<(usize, u32)> {
        let first = words.first().filter(|word| word.end - word.start >= SHORTEST)?;
        let is_written = |value: u64| match value & 3 {
            0 => true,
            1 => first.marks.has(Marks::CAPITAL),
            _ => first.marks.has(Marks::UPPER),
        };
        let mut walk = Walk::new(self, kind)?;
        let mut longest = None;
        for (at, word) in words.iter().enumerate() {
            if at > 0 && (word.marks.has(STOPS) || !walk.take(b' ')) {
                break;
            }
            if !walk.take_word(word.text(text)) {
                break;
            }
            let value = walk.value().filter(|value| is_written(*value));
            longest = value.map(|value| (at + 1, (value >> 2) as u32)).or(longest);
        }
        longest
    }
}

/// A way through the names, byte by byte.
struct Walk<'a> {
    imported: &'a Imported,
    node: fst::raw::Node<'a>,
    sum: u64,
}

impl<'a> Walk<'a> {
    fn new(imported: &'a Imported, kind: Kind) -> Option<Self> {
        let mut walk = Self { imported, node: imported.names.root(), sum: 0 };
        walk.take(kind.mark()).then_some(walk)
    }

    fn take(&mut self, byte: u8) -> bool {
        let Some(found) = self.node.find_input(byte) else { return false };
        let transition = self.node.transition(found);
        self.sum += transition.out.value();
        self.node = self.imported.names.node(transition.addr);
        true
    }

    /// Takes a word in lower case.
    fn take_word(&mut self, word: &str) -> bool {
        if word.is_ascii() {
            return word.bytes().all(|byte| self.take(byte.to_ascii_lowercase()));
        }
        word.to_lowercase().bytes().all(|byte| self.take(byte))
    }

    fn value(&self) -> Option<u64> {
        self.node.is_final().then(|| self.sum + self.node.final_output().value())
    }
}
