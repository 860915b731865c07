//! Imported names in texts.

use crate::language::{Marks, Word};

use super::{Imported, Kind};

/// What no name reaches over.
const STOPS: Marks =
    Marks::COMMA.with(Marks::SEMICOLON).with(Marks::COLON).with(Marks::DASH).with(Marks::OPEN).with(Marks::CLOSE);

impl Imported {
    /// The longest name of that kind that starts with the first of these words: how many words it has, and its entry for
    /// [`Self::at`].
    pub fn longest(&self, kind: Kind, words: &[Word], text: &str) -> Option<(usize, u32)> {
        let first = words.first().filter(|word| self.may_start(word, text))?;
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
