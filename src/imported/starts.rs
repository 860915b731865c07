//! How names start, as bits: most words of a text are passed over without a search.
//!
//! A bit stands for each name of one word, and for the first two words of each longer name. This is a Bloom filter with
//! one hash function (Bloom 1970): what it says no to starts no name.

use super::Kind;

/// Bits, as a power of two. The names of fifty thousand diseases and medicines set about a tenth of them.
const BITS: u32 = 19;
/// Bytes that the bits take.
const BYTES: usize = 1 << (BITS - 3);
/// 2^64 divided by the golden ratio: multiplying by it spreads neighbours (Knuth, The Art of Computer Programming 6.4).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A number for a word in any case; `None` for words with other letters than those of ASCII, which are always searched.
pub(super) fn number(word: &str) -> Option<u64> {
    let bytes = word.as_bytes();
    let eight = |part: &[u8]| {
        let mut all = [0; 8];
        all[..part.len()].copy_from_slice(part);
        // This makes capitals small, and does to other letters what it does to them every time.
        u64::from_le_bytes(all) | 0x2020_2020_2020_2020
    };
    let (head, tail) = (&bytes[..bytes.len().min(8)], &bytes[bytes.len().saturating_sub(8)..]);
    let mixed = eight(head) ^ eight(tail).rotate_left(29) ^ bytes.len() as u64;
    word.is_ascii().then(|| mixed.wrapping_mul(SPREAD))
}

fn bit(kind: Kind, first: u64, second: u64) -> usize {
    ((first ^ second.rotate_left(23) ^ u64::from(kind.mark())).wrapping_mul(SPREAD) >> (64 - BITS)) as usize
}

/// The bits of these names, each in lower case with single blanks between its words.
pub(super) fn of_names<'n>(names: impl Iterator<Item = (Kind, &'n str)>) -> Vec<u8> {
    let mut bits = vec![0; BYTES];
    for (kind, name) in names {
        let mut words = name.split(' ');
        let first = words.next().and_then(number);
        let second = words.next().map_or(Some(0), number);
        if let (Some(first), Some(second)) = (first, second) {
            let bit = bit(kind, first, second);
            bits[bit / 8] |= 1 << (bit % 8);
        }
    }
    bits
}

/// Whether a name of that kind may start with words of these numbers; `second` is `None` where there is no second word.
pub(super) fn may_start(bits: &[u8], kind: Kind, first: Option<u64>, second: Option<Option<u64>>) -> bool {
    let Some(first) = first else { return true };
    let is_set = |second: u64| {
        let bit = bit(kind, first, second);
        bits.get(bit / 8).is_some_and(|byte| byte & (1 << (bit % 8)) != 0)
    };
    is_set(0) || second.is_some_and(|second| second.is_none_or(is_set))
}
