//! What a sentence asserts of a stretch of its words, read from cues and their scope.
//!
//! The method is that of NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009): lexical cues open a scope in
//! one direction, boundaries end it, and what lies inside takes the cue's value. It is extended to the axes of
//! [`Assertion`], to scopes by clause, and to cues that are patterns. Cues and boundaries are data
//! (`rules/language/cues.toml`).

mod book;
mod clauses;
mod scope;

pub use book::{Axis, Cue, CueBook, CueError};
pub use scope::{Deciding, Decision, Origin, SentenceCues};

#[cfg(doc)]
use crate::assertion::Assertion;
