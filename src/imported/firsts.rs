//! The first words of all names as bits, so that most words of a text are passed over without a search.

use crate::language::Word;

use super::Imported;

/// Bits, as a power of two. Ten thousands of first words set about a tenth of them.
const BITS: u32 = 18;
/// Bytes that the bits take.
const BYTES: usize = 1 << (BITS - 3);
/// Shortest first word of a name, in bytes. Shorter ones are too often something else.
const SHORTEST: u32 = 3;
/// 2^64 divided by the golden ratio: multiplying by it spreads neighbours (Knuth, The Art of Computer Programming 6.4).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The bit of a word in any case; `None` for words with other letters than those of ASCII, which are always searched.
fn bit(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    let eight = |part: &[u8]| {
        let mut all = [0; 8];
        all[..part.len()].copy_from_slice(part);
        // This makes capitals small, and does to other letters what it does to them every time.
        u64::from_le_bytes(all) | 0x2020_2020_2020_2020
    };
    let (head, tail) = (&bytes[..bytes.len().min(8)], &bytes[bytes.len().saturating_sub(8)..]);
    let mixed = eight(head) ^ eight(tail).rotate_left(29) ^ bytes.len() as u64;
    word.is_ascii().then(|| (mixed.wrapping_mul(SPREAD) >> (64 - BITS)) as usize)
}

/// The bits of these first words.
pub(super) fn of_words<'w>(words: impl Iterator<Item = &'w str>) -> Vec<u8> {
    let mut bits = vec![0; BYTES];
    for bit in words.filter_map(bit) {
        bits[bit / 8] |= 1 << (bit % 8);
    }
    bits
}

impl Imported {
    /// Whether a name may start with a word. Few words that start none are taken for such.
    pub fn may_start(&self, word: &Word, text: &str) -> bool {
        let is_set = |bit: usize| self.firsts().get(bit / 8).is_some_and(|byte| byte & (1 << (bit % 8)) != 0);
        word.end - word.start >= SHORTEST && bit(word.text(text)).is_none_or(is_set)
    }
}
