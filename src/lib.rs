//! `caveat` reads health writing as a careful medical editor would.
//!
//! The way of an article is one direction: bytes become a [`source::SourceFile`], a [`document::Document`], sentences,
//! matches of rules, questions, answers and [`finding::Finding`]s. Everything but `net` and `cli` is pure: no file,
//! clock, environment or network.

pub mod assertion;
pub mod checks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod document;
pub mod evidence;
pub mod finding;
pub mod linter;
#[cfg(feature = "net")]
pub mod net;
pub mod prose;
pub mod report;
pub mod rules;
pub mod source;
pub mod suggest;
pub mod suppress;
