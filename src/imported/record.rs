//! What is kept of a row of an official file.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One thing that an official file tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// A medicine before an authority.
    Product(Product),
    /// A registered trial.
    Trial(Trial),
    /// A notice about a publication.
    Notice(Notice),
    /// A disease with its names.
    Disease(Disease),
}

/// How an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// Approved. Whether it is still sold is another matter.
    Approved,
    /// It was approved, and the approval has been withdrawn, revoked, or has run out.
    Ended,
    /// It was approved, and may not be sold for the time being.
    Suspended,
    /// The application was declined.
    Refused,
    /// The applicant took the application back before a decision.
    ApplicationWithdrawn,
    /// There is an opinion and no decision yet.
    Opinion,
}

/// A medicine before an authority: one application with its brands.
///
/// The files say nothing of *what for* that could be relied on, so an approval here is one for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The names under which it is sold. Where there are several the dates are those of the first.
    pub brands: Vec<String>,
    /// What works in it.
    pub substances: Vec<String>,
    /// The application's number: `BLA761053`, `EMEA/H/C/004043`.
    pub number: String,
    /// Who applied.
    pub holder: String,
    /// How it stands.
    pub state: State,
    /// The day of the first approval.
    pub since: Option<Date>,
    /// The day on which it was declined, taken back, or its approval ended.
    pub until: Option<Date>,
    /// The diseases that it is filed under, which is more and less than what it is approved for.
    pub areas: Vec<String>,
}

/// A registered trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// `NCT` and eight digits.
    pub nct: String,
    /// Its short title.
    pub title: String,
    /// Its status in the registry's words: `ACTIVE_NOT_RECRUITING`.
    pub status: String,
    /// Its phases in the registry's words: `PHASE1/PHASE2`; empty where it has none.
    pub phase: String,
    /// What is treated.
    pub conditions: Vec<String>,
    /// What is tried.
    pub interventions: Vec<String>,
    /// How many take part, or are to.
    pub enrollment: Option<u32>,
    /// When the registry's entry was last changed.
    pub updated: Option<Date>,
}

/// What a notice says of a publication, from the least to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Nature {
    /// Restored after a retraction.
    Reinstatement,
    /// Corrected.
    Correction,
    /// There is an expression of concern.
    Concern,
    /// Retracted.
    Retraction,
}

/// A notice about a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The publication's DOI in lower case.
    pub doi: Option<String>,
    /// The publication's PubMed number.
    pub pmid: Option<String>,
    /// Its title.
    pub title: String,
    /// What is said of it.
    pub nature: Nature,
    /// The day of the notice.
    pub date: Option<Date>,
    /// Why.
    pub reasons: Vec<String>,
}

/// A disease with its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disease {
    /// Its identifier: `DOID:2377`.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// Other names of just the same.
    pub synonyms: Vec<String>,
    /// The identifiers of what it is one of.
    pub parents: Vec<String>,
}

impl Product {
    /// Whether a brand or a substance of it has this name (in lower case), alone or with the salt or the suffix that
    /// tells its maker: `imatinib mesylate`, `nivolumab-xyzz`.
    pub fn goes_by(&self, name: &str) -> bool {
        let is_it = |own: &String| {
            let own = own.to_lowercase();
            own.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        self.brands.iter().any(|brand| brand.to_lowercase() == name) || self.substances.iter().any(is_it)
    }

    /// Whether it is the medicine that goes by one of these names, and not a combination with it.
    pub fn is_alone(&self, names: &[&str]) -> bool {
        let is_meant = |brand: &String| names.iter().any(|name| name.eq_ignore_ascii_case(brand));
        self.substances.len() < 2 || self.brands.iter().any(is_meant)
    }
}

impl State {
    /// It in a word for scripts.
    pub fn name(self) -> &'static str {
        match self {
            State::Approved => "approved",
            State::Ended => "ended",
            State::Suspended => "suspended",
            State::Refused => "refused",
            State::ApplicationWithdrawn => "application_withdrawn",
            State::Opinion => "opinion",
        }
    }
}

impl Nature {
    /// It in a word for scripts and people.
    pub fn name(self) -> &'static str {
        match self {
            Nature::Reinstatement => "reinstatement",
            Nature::Correction => "correction",
            Nature::Concern => "concern",
            Nature::Retraction => "retraction",
        }
    }
}

impl Record {
    /// The identifiers by which it is found, in lower case; DOIs and PubMed numbers with what they are.
    pub fn ids(&self) -> Vec<String> {
        match self {
            Record::Product(product) => vec![product.number.to_lowercase()],
            Record::Trial(trial) => vec![trial.nct.to_lowercase()],
            Record::Disease(disease) => vec![disease.id.to_lowercase()],
            Record::Notice(notice) => {
                let doi = notice.doi.as_ref().map(|doi| format!("doi:{doi}"));
                doi.into_iter().chain(notice.pmid.as_ref().map(|pmid| format!("pmid:{pmid}"))).collect()
            }
        }
    }

    /// Its name to show.
    pub fn name(&self) -> &str {
        match self {
            Record::Product(p) => p.brands.first().or(p.substances.first()).map_or(&p.number, |name| name),
            Record::Trial(trial) => &trial.nct,
            Record::Notice(notice) => &notice.title,
            Record::Disease(disease) => &disease.name,
        }
    }
}
