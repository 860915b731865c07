//! Words and sentences: what prose is cut into before anything is looked for in it.
//!
//! Words are looked up in a [`Vocabulary`] of everything that any rule, cue or name can mention; each becomes a number, and all matching further up compares numbers. A word outside the vocabulary
//! is [`WordId::UNKNOWN`] and can only be passed over, which is what makes one pass over the text enough.

pub mod inflection;
mod naming;
pub mod readability;
pub mod sentences;
pub mod words;

pub use naming::names_whole;
pub use sentences::{End, Segmenter, Sentence};
pub use words::{Marks, Vocabulary, Word, WordId};
