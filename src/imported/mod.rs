//! Records of official bulk files: names, approvals, refusals, trials, retractions. They lie in one file that is read
//! whole and searched where it lies, so that tens of thousands of them cost a start a few milliseconds.
//!
//! What stands here was taken over by a machine. The fact base that people keep wins wherever the two differ.

mod build;
mod find;
mod record;
mod standing;
mod starts;
mod store;
mod tell;

use serde::{Deserialize, Serialize};

pub use build::{Case, Key, Part, write};
pub use record::{Disease, Nature, Notice, Product, Record, State, Trial};
pub use standing::{Stand, stand_of};
pub use store::{Found, Imported, ImportedError, PartNote};

/// An official file that is published as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    /// FDA's tables of applications, products and submissions.
    DrugsFda,
    /// FDA's list of licensed biological products.
    PurpleBook,
    /// EMA's table of medicines.
    Ema,
    /// Records of the registry of trials.
    ClinicalTrials,
    /// Retractions, corrections, concerns and reinstatements.
    RetractionWatch,
    /// Names of diseases.
    DiseaseOntology,
}

impl Source {
    /// Every source, with its name on the command line, its name for people, and the page where its files are.
    pub const ALL: [(Source, &'static str, &'static str, &'static str); 6] = [
        (
            Source::DrugsFda,
            "drugsfda",
            "Drugs@FDA",
            "https://www.fda.gov/drugs/drug-approvals-and-databases/drugsfda-data-files",
        ),
        (Source::PurpleBook, "purplebook", "Purple Book", "https://purplebooksearch.fda.gov/downloads"),
        (Source::Ema, "ema", "EMA", "https://www.ema.europa.eu/en/medicines/download-medicine-data"),
        (Source::ClinicalTrials, "ctgov", "ClinicalTrials.gov", "https://clinicaltrials.gov/search"),
        (
            Source::RetractionWatch,
            "retraction-watch",
            "Retraction Watch",
            "https://gitlab.com/crossref/retraction-watch-data",
        ),
        (Source::DiseaseOntology, "do", "Disease Ontology", "http://purl.obolibrary.org/obo/doid.obo"),
    ];

    fn row(self) -> (Source, &'static str, &'static str, &'static str) {
        Self::ALL[self as usize]
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// Where its files are offered.
    pub fn page(self) -> &'static str {
        self.row().3
    }

    /// The source of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The identifier that the fact base has for the authority whose decisions the source tells.
    pub fn authority(self) -> Option<&'static str> {
        match self {
            Source::DrugsFda | Source::PurpleBook => Some("fda"),
            Source::Ema => Some("ema"),
            Source::ClinicalTrials | Source::RetractionWatch | Source::DiseaseOntology => None,
        }
    }
}

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A disease.
    Condition,
    /// A medicine: a brand or a substance.
    Therapy,
}

impl Kind {
    /// Both kinds.
    pub const ALL: [Kind; 2] = [Kind::Condition, Kind::Therapy];

    /// What stands before a key of that kind.
    fn mark(self) -> u8 {
        match self {
            Kind::Condition => b'c',
            Kind::Therapy => b't',
        }
    }
}

#[cfg(test)]
mod tests;
