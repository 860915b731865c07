//! Works and trials that a text names by an identifier, and what the registries that keep them say.

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};
use url::Url;

use super::links::percent_decoded;
use super::{Answer, Answers, Question};
use crate::figures::Figure;

/// An identifier that a registry resolves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Id {
    /// A DOI, in lower case: `10.1000/182`.
    Doi(String),
    /// A PubMed number without leading zeros.
    Pmid(String),
    /// A ClinicalTrials.gov number: `NCT` and eight digits.
    Nct(String),
}

/// Who is asked about identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    /// ClinicalTrials.gov, the registry of NCT numbers.
    ClinicalTrials,
    /// Crossref, where most publishers register DOIs and tell of retractions.
    Crossref,
    /// doi.org, which knows every DOI but nothing of the work.
    Doi,
    /// Europe PMC, which knows PMIDs, DOIs, preprints and retractions.
    EuropePmc,
    /// PubMed, the registry of PMIDs.
    Pubmed,
    /// Retraction Watch, whose notices are read from a file on disk and asked of nobody.
    RetractionWatch,
    /// openFDA: applications to FDA's centre for drugs, and labels.
    OpenFda,
    /// EMA's list of medicines.
    Ema,
}

/// How a work stands, from sound to gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing is known against it.
    #[default]
    Sound,
    /// Corrected since.
    Corrected,
    /// Its journal has published an expression of concern.
    Concern,
    /// Retracted, withdrawn or removed.
    Retracted,
}

/// What one registry holds on an identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Whether it knows the identifier.
    pub found: bool,
    /// How the work stands there.
    #[serde(default)]
    pub standing: Standing,
    /// A trial's status in the registry's words: `ACTIVE_NOT_RECRUITING`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A trial's phases in the registry's words: `PHASE2`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<String>,
    /// What is tried in a trial, and for which conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// Whether the work is a preprint.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preprint: bool,
    /// Its title there; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The figures of its summary there; `None`: no summary was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Vec<Figure>>,
    /// The day up to which an imported file tells it; none: the registry was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
}

/// What rules look for in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// No registry knows the identifier.
    Absent,
    /// The work is retracted.
    Retracted,
    /// There is an expression of concern about the work.
    Concern,
    /// The trial takes no participants.
    NotRecruiting,
    /// The trial is of another phase than its sentence says.
    OtherPhase,
    /// The trial is of another therapy and another condition than its sentence names.
    OtherSubject,
}

impl Registry {
    /// Every registry, with its name in configuration and lock, its name for people, and its address.
    pub const ALL: [(Registry, &'static str, &'static str, &'static str); 8] = [
        (Registry::ClinicalTrials, "clinicaltrials", "ClinicalTrials.gov", "https://clinicaltrials.gov/api/v2"),
        (Registry::Crossref, "crossref", "Crossref", "https://api.crossref.org"),
        (Registry::Doi, "doi", "doi.org", "https://doi.org"),
        (Registry::EuropePmc, "europepmc", "Europe PMC", "https://www.ebi.ac.uk/europepmc/webservices/rest"),
        (Registry::Pubmed, "pubmed", "PubMed", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"),
        (
            Registry::RetractionWatch,
            "retraction-watch",
            "Retraction Watch",
            "https://gitlab.com/crossref/retraction-watch-data",
        ),
        (Registry::OpenFda, "openfda", "openFDA", "https://api.fda.gov"),
        (Registry::Ema, "ema", "EMA", "https://www.ema.europa.eu/en/documents/report"),
    ];

    fn row(self) -> (Registry, &'static str, &'static str, &'static str) {
        Self::ALL[self as usize]
    }

    /// Its name in configuration and lock.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// Where it is asked unless configured otherwise.
    pub fn base(self) -> &'static str {
        self.row().3
    }

    /// Whether it answers from an imported file alone. What that does not list is unknown there, not sound.
    pub fn is_on_disk(self) -> bool {
        self == Registry::RetractionWatch
    }

    /// The registry of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Doi(doi) => write!(f, "doi:{doi}"),
            Id::Pmid(pmid) => write!(f, "pmid:{pmid}"),
            Id::Nct(nct) => f.write_str(nct),
        }
    }
}

impl Id {
    /// Reads what [`Id`] is displayed as.
    pub fn parse(text: &str) -> Option<Self> {
        let (_, id) = find(text).into_iter().next()?;
        (id.to_string() == text).then_some(id)
    }

    /// The identifier that an address leads to: at doi.org, PubMed or ClinicalTrials.gov.
    pub fn of_address(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let host = url.host_str()?.trim_start_matches("www.");
        let path = url.path().trim_start_matches('/');
        match host {
            "doi.org" | "dx.doi.org" => doi(&percent_decoded(path)),
            "pubmed.ncbi.nlm.nih.gov" => pmid(path.trim_end_matches('/')),
            "ncbi.nlm.nih.gov" => pmid(path.strip_prefix("pubmed/")?.trim_end_matches('/')),
            "clinicaltrials.gov" => nct(path.rsplit('/').find(|part| !part.is_empty())?),
            _ => None,
        }
    }

    /// The page on which a person can read the record.
    pub fn page(&self) -> String {
        match self {
            Id::Doi(doi) => format!("https://doi.org/{doi}"),
            Id::Pmid(pmid) => format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/"),
            Id::Nct(nct) => format!("https://clinicaltrials.gov/study/{nct}"),
        }
    }

    /// Whom to ask, given what is known: doi.org only about DOIs that Crossref does not know, as others register DOIs too.
    pub fn questions(&self, known: &Answers) -> Vec<Question> {
        let ask = |registry| Question::Record { registry, id: self.clone() };
        match self {
            Id::Nct(_) => vec![ask(Registry::ClinicalTrials)],
            Id::Pmid(_) => vec![ask(Registry::Pubmed), ask(Registry::EuropePmc), ask(Registry::RetractionWatch)],
            Id::Doi(_) => {
                let mut questions =
                    vec![ask(Registry::Crossref), ask(Registry::EuropePmc), ask(Registry::RetractionWatch)];
                if matches!(known.get(&questions[0]), Some(Answer::Record(record)) if !record.found) {
                    questions.push(ask(Registry::Doi));
                }
                questions
            }
        }
    }

    /// Whether a registry's "unknown" means that there is no such identifier.
    fn is_kept_by(&self, registry: Registry) -> bool {
        matches!(
            (self, registry),
            (Id::Nct(_), Registry::ClinicalTrials) | (Id::Pmid(_), Registry::Pubmed) | (Id::Doi(_), Registry::Doi)
        )
    }
}

/// What the registries say together. Where two disagree the worse counts.
pub fn fate(id: &Id, records: &[(Registry, &Record)]) -> Option<Fate> {
    let is_known = records.iter().any(|(_, record)| record.found);
    let is_denied = records.iter().any(|(registry, record)| !record.found && id.is_kept_by(*registry));
    if is_denied && !is_known {
        return Some(Fate::Absent);
    }
    match records.iter().map(|(_, record)| record.standing).max() {
        Some(Standing::Retracted) => return Some(Fate::Retracted),
        Some(Standing::Concern) => return Some(Fate::Concern),
        _ => {}
    }
    let status = records.iter().find_map(|(_, record)| record.status.as_deref())?;
    (!matches!(status, "RECRUITING" | "ENROLLING_BY_INVITATION" | "AVAILABLE" | "UNKNOWN" | "WITHHELD"))
        .then_some(Fate::NotRecruiting)
}

impl Record {
    /// What it says, in a few words for people.
    pub fn words(&self) -> String {
        match self.as_of {
            Some(day) => format!("{}, as of {day}", self.standing_in_words()),
            None => self.standing_in_words(),
        }
    }

    fn standing_in_words(&self) -> String {
        if !self.found {
            return "unknown there".to_owned();
        }
        match (self.standing, &self.status) {
            (Standing::Retracted, _) => "retracted".to_owned(),
            (Standing::Concern, _) => "expression of concern".to_owned(),
            (Standing::Corrected, _) => "corrected".to_owned(),
            (Standing::Sound, Some(status)) => match status.as_str() {
                "ACTIVE_NOT_RECRUITING" => "active, not recruiting".to_owned(),
                status => status.to_lowercase().replace('_', " "),
            },
            (Standing::Sound, None) => "nothing against it".to_owned(),
        }
    }
}

/// Identifiers in running text, with the bytes on which each stands.
pub fn find(text: &str) -> Vec<(Range<usize>, Id)> {
    // Most texts have none, and a few searches for a literal cost next to nothing.
    if !["NCT", "PMID", "pmid", "10."].iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let Some(regex) = IDENTIFIERS.as_ref() else { return Vec::new() };
    let found = regex.captures_iter(text).filter_map(|found| {
        let (whole, kind) = (found.get(0)?, ["nct", "pmid", "doi"].iter().find_map(|&k| Some((k, found.name(k)?))));
        let (kind, part) = kind?;
        match kind {
            "nct" => Some((whole.range(), nct(part.as_str())?)),
            "pmid" => Some((whole.range(), pmid(part.as_str())?)),
            _ => {
                let written = trimmed(part.as_str());
                Some((part.start()..part.start() + written.len(), doi(written)?))
            }
        }
    });
    found.collect()
}

static IDENTIFIERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        r"\b(?P<nct>NCT[0-9]{8})\b",
        r"\b(?:PMID|pmid)(?:\s*:\s*|\s+)(?P<pmid>[0-9]{1,8})\b",
        r#"\b(?P<doi>10\.[0-9]{4,9}/[^\s"<>“”|]+)"#,
    ];
    Regex::new(&forms.join("|")).ok()
});

/// A DOI without the punctuation of the sentence around it; brackets stay where they are closed.
fn trimmed(doi: &str) -> &str {
    let mut doi = doi;
    loop {
        let Some(last) = doi.chars().last() else { return doi };
        let open = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' | '_' => None,
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => return doi,
        };
        if open.is_some_and(|open| doi.matches(open).count() >= doi.matches(last).count()) {
            return doi;
        }
        doi = &doi[..doi.len() - last.len_utf8()];
    }
}

fn doi(text: &str) -> Option<Id> {
    let (prefix, suffix) = text.split_once('/')?;
    let is_prefix =
        prefix.strip_prefix("10.").is_some_and(|number| number.len() >= 4 && !number.contains(char::is_alphabetic));
    (is_prefix && !suffix.is_empty()).then(|| Id::Doi(text.to_lowercase()))
}

fn pmid(text: &str) -> Option<Id> {
    let number = text.trim_start_matches('0');
    let is_number = (1..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| Id::Pmid(number.to_owned()))
}

fn nct(text: &str) -> Option<Id> {
    let digits = text.get(..3).filter(|start| start.eq_ignore_ascii_case("nct")).map(|_| &text[3..])?;
    (digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| Id::Nct(format!("NCT{digits}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find(text).into_iter().map(|(range, id)| format!("{} {id}", &text[range])).collect()
    }

    #[test]
    fn identifiers_in_text() {
        assert_eq!(found("The trial (NCT01234567) runs."), ["NCT01234567 NCT01234567"]);
        assert_eq!(found("PMID: 0012345, pmid 9."), ["PMID: 0012345 pmid:12345", "pmid 9 pmid:9"]);
        assert_eq!(found("See doi:10.1000/ABC(97)1-0."), ["10.1000/ABC(97)1-0 doi:10.1000/abc(97)1-0"]);
        assert_eq!(found("(10.1000/abc)."), ["10.1000/abc doi:10.1000/abc"]);
        for none in ["NCT0123456", "XNCT01234567", "10.5/7 people", "PMIDs are numbers", "10.1000/"] {
            assert_eq!(found(none), [""; 0], "{none}");
        }
    }

    #[test]
    fn identifiers_in_addresses() {
        let of = |address: &str| Id::of_address(address).map(|id| id.to_string());
        assert_eq!(of("https://doi.org/10.1000/A%3Cb"), Some("doi:10.1000/a<b".to_owned()));
        assert_eq!(of("https://pubmed.ncbi.nlm.nih.gov/123/"), Some("pmid:123".to_owned()));
        assert_eq!(of("https://www.ncbi.nlm.nih.gov/pubmed/123"), Some("pmid:123".to_owned()));
        assert_eq!(of("https://clinicaltrials.gov/ct2/show/nct01234567"), Some("NCT01234567".to_owned()));
        for none in
            ["https://example.org/10.1000/a", "https://clinicaltrials.gov/", "https://doi.org/", "doi:10.1000/a"]
        {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn the_worse_of_two_records_counts() {
        let id = Id::parse("doi:10.1000/a").unwrap();
        let record = |standing| Record { found: true, standing, ..Record::default() };
        let (sound, bad) = (record(Standing::Corrected), record(Standing::Retracted));
        assert_eq!(fate(&id, &[(Registry::Crossref, &sound), (Registry::EuropePmc, &bad)]), Some(Fate::Retracted));
        let none = Record::default();
        // Another agency's DOI is unknown to Crossref and no less a DOI.
        assert_eq!(fate(&id, &[(Registry::Crossref, &none)]), None);
        assert_eq!(fate(&id, &[(Registry::Crossref, &none), (Registry::Doi, &sound)]), None);
        assert_eq!(fate(&id, &[(Registry::Crossref, &none), (Registry::Doi, &none)]), Some(Fate::Absent));
    }
}
