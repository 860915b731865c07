//! One file a registry: where it is asked, and how its reply is read. Pure but for the address; `services` does the asking.

mod clinicaltrials;
mod crossref;
mod doi;
mod ema;
mod europepmc;
mod openfda;
mod pubmed;
pub(super) mod wayback;

use url::Url;

use crate::document::Document;
use crate::evidence::pages::Text;
use crate::evidence::records::{Id, Record, Registry};
use crate::evidence::searches::{Hits, Search, Topic};
use crate::figures::Figure;
use crate::source::{Format, SourceFile};

/// Why a reply says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    /// It asked for patience, in whatever form.
    #[error("too many requests")]
    Busy,
    /// A status that means nothing here.
    #[error("status {0}")]
    Status(u16),
    /// Not what the registry answers with.
    #[error("the reply cannot be read")]
    Shape,
}

/// Where a registry is asked about an identifier; `None` where it cannot be, as about a PMID at Crossref.
pub(super) fn address(registry: Registry, base: &str, id: &Id) -> Option<Url> {
    let base = Url::parse(&format!("{}/", base.trim_end_matches('/'))).ok()?;
    match (registry, id) {
        (Registry::ClinicalTrials, Id::Nct(nct)) => clinicaltrials::address(base, nct),
        (Registry::Crossref, Id::Doi(doi)) => crossref::address(base, doi),
        (Registry::Doi, Id::Doi(doi)) => doi::address(base, doi),
        (Registry::EuropePmc, Id::Doi(_) | Id::Pmid(_)) => europepmc::address(base, id),
        (Registry::Pubmed, Id::Pmid(pmid)) => pubmed::address(base, pmid),
        _ => None,
    }
}

/// What a reply says.
pub(super) fn read(registry: Registry, id: &Id, status: u16, body: &[u8]) -> Result<Record, Unread> {
    match registry {
        Registry::ClinicalTrials => clinicaltrials::read(status, body),
        Registry::Crossref => crossref::read(status, body),
        Registry::Doi => doi::read(status, body),
        Registry::EuropePmc => europepmc::read(status, body),
        Registry::Pubmed => pubmed::read(id, status, body),
        Registry::RetractionWatch | Registry::OpenFda | Registry::Ema => Err(Unread::Shape),
    }
}

/// Where a service is asked for what it holds under a name; `None` where it cannot be.
pub(super) fn search_address(search: &Search, base: &str) -> Option<Url> {
    let base = Url::parse(&format!("{}/", base.trim_end_matches('/'))).ok()?;
    match (search.registry, search.topic) {
        (Registry::ClinicalTrials, Topic::Trials) => clinicaltrials::search(base, search),
        (Registry::OpenFda, Topic::Applications) => openfda::applications(base, &search.therapy),
        (Registry::OpenFda, Topic::Label) => openfda::label(base, &search.therapy),
        _ => None,
    }
}

/// What a reply holds of what was looked for.
pub(super) fn read_search(search: &Search, status: u16, body: &[u8]) -> Result<Hits, Unread> {
    match (search.registry, search.topic) {
        (Registry::ClinicalTrials, Topic::Trials) => clinicaltrials::found(status, body),
        (Registry::OpenFda, Topic::Applications) => openfda::read_applications(&search.therapy, status, body),
        (Registry::OpenFda, Topic::Label) => openfda::read_label(&search.therapy, status, body),
        _ => Err(Unread::Shape),
    }
}

/// Where the list of a service is that publishes one.
pub(super) fn list_address(registry: Registry, base: &str) -> Option<Url> {
    let base = Url::parse(&format!("{}/", base.trim_end_matches('/'))).ok()?;
    (registry == Registry::Ema).then(|| ema::address(base))?
}

/// A list that is published as a whole.
pub(super) fn read_list(registry: Registry, status: u16, body: &[u8]) -> Result<ema::List, Unread> {
    match registry {
        Registry::Ema => ema::read(status, body, jiff::Zoned::now().date()),
        _ => Err(Unread::Shape),
    }
}

/// The summary in a reply of which a record was read.
pub(super) fn summary(registry: Registry, body: &[u8]) -> Option<Text> {
    let place = match registry {
        Registry::ClinicalTrials => "/protocolSection/descriptionModule/briefSummary",
        Registry::Crossref => "/message/abstract",
        Registry::EuropePmc => "/resultList/result/0/abstractText",
        Registry::Doi | Registry::Ema | Registry::OpenFda | Registry::Pubmed | Registry::RetractionWatch => {
            return None;
        }
    };
    let reply: serde_json::Value = serde_json::from_slice(body).ok()?;
    Text::of_summary(reply.pointer(place)?.as_str()?)
}

/// The most requests a second, and at once, that the registry itself lets strangers make.
pub(super) fn limits(registry: Registry) -> (u32, usize) {
    match registry {
        Registry::ClinicalTrials => (1, 1),
        Registry::Crossref => (5, 1),
        Registry::Pubmed => (3, 1),
        Registry::OpenFda => (4, 2),
        Registry::Ema => (1, 1),
        Registry::Doi | Registry::EuropePmc | Registry::RetractionWatch => (5, 2),
    }
}

/// Most figures of a summary that are kept.
const MOST_FIGURES: usize = 60;

/// The figures of a summary, which may hold markup. The summary itself is not kept.
fn figures(summary: &str) -> Option<Vec<Figure>> {
    if summary.trim().is_empty() {
        return None;
    }
    let document = Document::parse(SourceFile::new("summary", summary, Format::Html));
    let texts = document.blocks.iter().map(|block| block.prose.text());
    Some(texts.flat_map(crate::figures::read).take(MOST_FIGURES).collect())
}

fn json(status: u16, body: &[u8]) -> Result<serde_json::Value, Unread> {
    match status {
        200 => serde_json::from_slice(body).map_err(|_| Unread::Shape),
        429 => Err(Unread::Busy),
        status => Err(Unread::Status(status)),
    }
}

#[cfg(test)]
mod tests;
