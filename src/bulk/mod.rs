//! Official bulk files, read: Drugs@FDA, the Purple Book, EMA's medicines, ClinicalTrials.gov, Retraction Watch and the
//! Disease Ontology.
//!
//! One file here a source. Each takes texts and gives records; a row that cannot be read is told with its line, and the
//! others go on. Which names of the records count in texts, and where they differ from the fact base, is decided here
//! too.

mod ctgov;
mod dates;
mod differences;
mod drugsfda;
mod ema;
mod json;
mod names;
mod ontology;
mod purplebook;
mod retractions;
mod table;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::imported::{Record, Source};

pub use differences::{Difference, differences};
pub use names::{LeftOut, Names};

/// A file's text, with the name it goes by.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name, for people.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// Files that are not what they are said to be. Nothing of them is taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct BulkError {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// What the files of a source give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Harvest {
    /// The records.
    pub records: Vec<Record>,
    /// How many rows there were.
    pub rows: usize,
    /// How many of them are no record of their own, by the reason.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Rows that could not be read.
    pub problems: Vec<Problem>,
    /// The day up to which the files say that they hold.
    pub as_of: Option<Date>,
}

impl Harvest {
    fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    fn wrong(&mut self, file: &str, line: u64, message: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), line, message: message.into() });
    }
}

/// Reads the files of a source. No year of two digits is taken for one after `today`.
///
/// # Errors
///
/// A file is no such file, or one that the source needs is not among them.
pub fn read(source: Source, files: &[File<'_>], today: Date) -> Result<Harvest, BulkError> {
    match source {
        Source::DrugsFda => drugsfda::read(files, today),
        Source::PurpleBook => purplebook::read(files, today),
        Source::Ema => ema::read(files, today),
        Source::ClinicalTrials => ctgov::read(files, today),
        Source::RetractionWatch => retractions::read(files, today),
        Source::DiseaseOntology => ontology::read(files),
    }
}

#[cfg(test)]
mod tests;
