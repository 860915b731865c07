//! Words, their numbers, and the marks that stand before them.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The number of a word in a [`Vocabulary`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WordId(pub u32);

impl WordId {
    /// A word that nothing mentions.
    pub const UNKNOWN: WordId = WordId(0);
    /// Any number in digits.
    pub const NUMBER: WordId = WordId(1);
    /// The per cent sign.
    pub const PERCENT: WordId = WordId(2);
}

/// Bit set: what stands between a word and the one before it, and how the word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// A comma.
    pub const COMMA: Marks = Marks(1);
    /// A semicolon.
    pub const SEMICOLON: Marks = Marks(1 << 1);
    /// A colon.
    pub const COLON: Marks = Marks(1 << 2);
    /// A dash (not a hyphen).
    pub const DASH: Marks = Marks(1 << 3);
    /// An opening bracket.
    pub const OPEN: Marks = Marks(1 << 4);
    /// A closing bracket.
    pub const CLOSE: Marks = Marks(1 << 5);
    /// An opening or closing quotation mark.
    pub const QUOTE: Marks = Marks(1 << 6);
    /// A hyphen joins it to the word before.
    pub const HYPHEN: Marks = Marks(1 << 7);
    /// A slash joins it to the word before.
    pub const SLASH: Marks = Marks(1 << 8);
    /// The word stands inside double quotation marks.
    pub const QUOTED: Marks = Marks(1 << 9);
    /// Its first letter is a capital.
    pub const CAPITAL: Marks = Marks(1 << 10);
    /// Two letters or more, all of them capitals.
    pub const UPPER: Marks = Marks(1 << 11);
    /// It holds a digit.
    pub const DIGIT: Marks = Marks(1 << 12);
    /// A dot that ends no sentence, or an ellipsis.
    pub const DOT: Marks = Marks(1 << 13);
    /// The word stands inside single quotation marks.
    pub const SINGLE_QUOTED: Marks = Marks(1 << 14);

    /// What parts a sentence into stretches that plain phrases do not cross.
    pub const PAUSE: Marks = Marks(
        Self::COMMA.0 | Self::SEMICOLON.0 | Self::COLON.0 | Self::DASH.0 | Self::OPEN.0 | Self::CLOSE.0 | Self::DOT.0,
    );

    /// Whether any of `other`'s bits is set.
    pub fn has(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets of bits.
    pub const fn with(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// Adds bits.
    pub fn set(&mut self, other: Marks) {
        self.0 |= other.0;
    }
}

/// One word, number or per cent sign of a block's prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte in the block's prose.
    pub start: u32,
    /// Behind its last byte.
    pub end: u32,
    /// Its number.
    pub id: WordId,
    /// What stands before it, and how it is written.
    pub marks: Marks,
}

impl Word {
    /// The word's letters in its block's prose.
    pub fn text<'t>(&self, prose: &'t str) -> &'t str {
        prose.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// Every word that rules, cues and names mention, in lower case, with its number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Words that fit into a number: what holds a word holds its letters, so that looking it up reads one place.
    short: FxHashMap<u128, WordId>,
    long: FxHashMap<Box<[u8]>, WordId>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let short = FxHashMap::from_iter(packed(b"%").map(|word| (word, WordId::PERCENT)));
        Self { short, long: FxHashMap::default() }
    }
}

/// Longest word looked up, in bytes; a longer one is unknown.
const LONGEST: usize = 64;

/// A word of at most 16 bytes as a number, its ASCII letters in lower case.
fn packed(word: &[u8]) -> Option<u128> {
    let mut bytes = [0u8; 16];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    bytes.make_ascii_lowercase();
    Some(u128::from_le_bytes(bytes))
}

impl Vocabulary {
    /// The number of `word`, which is added if it is new. Case does not matter.
    pub fn intern(&mut self, word: &str) -> WordId {
        let lower = word.to_lowercase().into_bytes();
        let next = WordId(self.size() as u32);
        match packed(&lower) {
            Some(word) => *self.short.entry(word).or_insert(next),
            None => *self.long.entry(lower.into()).or_insert(next),
        }
    }

    /// The number of `word` in any case, or [`WordId::UNKNOWN`]. A number in digits that is not mentioned as such is
    /// [`WordId::NUMBER`].
    pub fn look_up(&self, word: &str) -> WordId {
        let bytes = word.as_bytes();
        let known = if bytes.len() > LONGEST {
            None
        } else if word.is_ascii() {
            match packed(bytes) {
                Some(word) => self.short.get(&word),
                None => self.long.get(&*bytes.to_ascii_lowercase()),
            }
        } else {
            let lower = word.to_lowercase().into_bytes();
            packed(&lower).map_or_else(|| self.long.get(&*lower), |word| self.short.get(&word))
        };
        match known {
            Some(&id) => id,
            None if is_number(word) => WordId::NUMBER,
            None => WordId::UNKNOWN,
        }
    }

    /// One more than the greatest number given out.
    pub fn size(&self) -> usize {
        self.short.len() + self.long.len() + 2
    }
}

/// Whether a word is a number in digits, with or without thousands commas and a decimal point.
pub fn is_number(word: &str) -> bool {
    word.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// The place just behind the word that starts at `at`, a byte of `text` where a letter or digit stands.
///
/// A word is a run of letters and digits. An apostrophe stays inside (`O'Neill`) unless it starts a clitic (`'s`,
/// `n't`, `'ve`), which is a word of its own. Digits keep their decimal points and thousands commas; single letters
/// keep the dots between them (`e.g`, `U.S`).
pub fn word_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() {
        let byte = bytes[end];
        if byte.is_ascii_alphanumeric() {
            end += 1;
        } else if byte >= 0x80 {
            match text[end..].chars().next() {
                Some(c) if c.is_alphanumeric() || is_mark(c) => end += c.len_utf8(),
                _ => break,
            }
        } else if end > at && joins(bytes, at, end) {
            end += 1;
        } else {
            break;
        }
    }
    split_negation(text, at, end)
}

/// A combining accent belongs to the letter before it.
fn is_mark(c: char) -> bool {
    ('\u{0300}'..='\u{036F}').contains(&c)
}

/// Whether the byte at `end` is punctuation inside the word that started at `at`.
fn joins(bytes: &[u8], at: usize, end: usize) -> bool {
    let before = bytes[end - 1];
    let Some(&after) = bytes.get(end + 1) else { return false };
    match bytes[end] {
        b'.' | b',' if before.is_ascii_digit() && after.is_ascii_digit() => {
            bytes[at..end].iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
        }
        // Dotted letters: every second byte so far is a dot.
        b'.' => {
            before.is_ascii_alphabetic()
                && after.is_ascii_alphabetic()
                && (end - at == 1 || bytes[end - 2] == b'.')
                && !bytes.get(end + 2).is_some_and(u8::is_ascii_alphabetic)
        }
        b'\'' => {
            let rest = &bytes[end + 1..];
            let clitic = |tail: &[u8]| {
                rest.len() >= tail.len()
                    && rest[..tail.len()].eq_ignore_ascii_case(tail)
                    && !rest.get(tail.len()).is_some_and(|b| b.is_ascii_alphanumeric())
            };
            let starts_clitic = [&b"s"[..], b"ve", b"re", b"ll", b"d", b"m"].iter().any(|tail| clitic(tail));
            after.is_ascii_alphanumeric() && !starts_clitic
        }
        _ => false,
    }
}

/// Cuts `n't` off: `isn't` is `is` and `n't`, as in the Penn Treebank.
fn split_negation(text: &str, at: usize, end: usize) -> usize {
    let word = &text.as_bytes()[at..end];
    if word.len() > 3 && word[word.len() - 3..].eq_ignore_ascii_case(b"n't") { end - 3 } else { end }
}

/// The words of a phrase as the reader would cut them, for patterns and names. A clitic that stands alone (`'s`) is the
/// word that it would be behind another.
pub fn cut(phrase: &str) -> Vec<&str> {
    if let Some(tail) = phrase.strip_prefix('\'')
        && ["s", "ve", "re", "ll", "d", "m"].iter().any(|clitic| tail.eq_ignore_ascii_case(clitic))
    {
        return vec![phrase];
    }
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = phrase[at..].chars().next() {
        if let Some(end) = starts_word(phrase, at) {
            words.push(&phrase[at..end]);
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    words
}

/// Where the word that starts at `at` ends; `None` if none starts there. `'s` and its like start with their apostrophe.
pub fn starts_word(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let byte = *bytes.get(at)?;
    if byte == b'%' {
        return Some(at + 1);
    }
    if byte == b'\'' {
        let clitic = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
        let end = word_end(text, at + 1);
        return (clitic && end > at + 1 && end - at <= 3).then_some(end);
    }
    // The tail of a word that `split_negation` cut.
    if byte.is_ascii_alphanumeric() {
        if byte.eq_ignore_ascii_case(&b'n')
            && at > 0
            && bytes[at - 1].is_ascii_alphanumeric()
            && bytes.len() >= at + 3
            && bytes[at..at + 3].eq_ignore_ascii_case(b"n't")
        {
            return Some(at + 3);
        }
        return Some(word_end(text, at));
    }
    let c = text[at..].chars().next()?;
    c.is_alphanumeric().then(|| word_end(text, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_and_possessives_split() {
        assert_eq!(cut("It isn't Alzheimer's"), ["It", "is", "n't", "Alzheimer", "'s"]);
        assert_eq!(cut("they've can't patients' O'Neill"), ["they", "'ve", "ca", "n't", "patients", "O'Neill"]);
        assert_eq!(cut("won't"), ["wo", "n't"]);
    }

    #[test]
    fn numbers_and_abbreviations_hold_together() {
        assert_eq!(
            cut("1,200 mg, 2.5% of U.S. adults, e.g. men"),
            ["1,200", "mg", "2.5", "%", "of", "U.S", "adults", "e.g", "men"]
        );
        assert_eq!(cut("CAR-T cells (CD19)"), ["CAR", "T", "cells", "CD19"]);
        assert_eq!(cut("naïve Sjögren"), ["naïve", "Sjögren"]);
    }

    #[test]
    fn numbers_are_one_word_unless_mentioned() {
        let mut vocabulary = Vocabulary::default();
        let cure = vocabulary.intern("cure");
        assert_eq!(vocabulary.look_up("Cure"), cure);
        assert_eq!(vocabulary.look_up("46"), WordId::NUMBER);
        let crisis_line = vocabulary.intern("988");
        assert_eq!(vocabulary.look_up("988"), crisis_line);
        assert_eq!(vocabulary.look_up("zzz"), WordId::UNKNOWN);
        assert_eq!(vocabulary.look_up(&"x".repeat(999)), WordId::UNKNOWN);
    }
}
