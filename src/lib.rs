//! `caveat` reads health writing as a careful medical editor would.
//!
//! The way of an article is one direction: bytes become a [`source::SourceFile`], a [`document::Document`], sentences,
//! matches of rules, questions, answers and [`finding::Finding`]s. Everything but `net` and `cli` is pure: no file,
//! clock, environment or network.

pub mod assertion;
pub mod baseline;
#[cfg(feature = "net")]
pub mod bulk;
pub mod checks;
pub mod claims;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compiled;
pub mod cues;
pub mod document;
pub mod evidence;
pub mod examples;
pub mod figures;
pub mod finding;
pub mod fixes;
pub mod imported;
pub mod knowledge;
pub mod language;
pub mod linter;
#[cfg(feature = "cli")]
pub mod lsp;
#[cfg(feature = "net")]
pub mod net;
pub mod pattern;
pub mod prose;
pub mod reading;
pub mod report;
pub mod rules;
pub mod settings;
#[cfg(feature = "cli")]
pub mod sheet;
pub mod source;
pub mod spanned;
pub mod suggest;
pub mod suppress;
pub mod surroundings;
pub mod verdicts;
