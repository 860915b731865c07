//! Triggers that look at a document's measures, dates, links and abbreviations.

use serde::{Deserialize, Serialize};

use crate::pattern::LexiconId;
use crate::settings::{Profile, Settings};

/// Hosts, each with the start of a path or without one: `medrxiv.org`, `doi.org/10.1101/`. A host stands for its
/// subdomains too.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Hosts(pub Vec<String>);

impl Hosts {
    /// Whether an address leads to one of them.
    pub fn hold(&self, url: &str) -> bool {
        let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else { return false };
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = host.split(['?', '#', ':']).next().unwrap_or(host).to_ascii_lowercase();
        self.0.iter().any(|entry| {
            let (wanted, start) = entry.split_at(entry.find('/').unwrap_or(entry.len()));
            let fits = host.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('.'));
            fits && path.starts_with(start)
        })
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// School years that the document asks of its readers: the median of four formulas.
    ReadingGrade,
    /// Words of a sentence.
    SentenceWords,
}

impl Measure {
    pub(super) const NAMES: [(&'static str, Measure); 2] =
        [("reading-grade", Measure::ReadingGrade), ("sentence-words", Measure::SentenceWords)];
}

/// A measure that is too high.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Metric {
    /// What is measured.
    pub of: Measure,
    /// The highest value that is well.
    pub above: f32,
    /// Other values for some profiles.
    pub profiles: Vec<(Profile, f32)>,
}

impl Metric {
    /// The highest value that is well under these settings.
    pub fn limit(&self, settings: &Settings) -> f32 {
        let of_profile = self.profiles.iter().find(|(profile, _)| *profile == settings.profile);
        of_profile.map_or(self.above, |(_, limit)| *limit)
    }
}

/// A date in the metadata that lies too far back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Age {
    /// The keys under which it stands; the latest date counts.
    pub metadata: Vec<String>,
    /// How many months back it may lie.
    pub months: i32,
}

/// Abbreviations that nothing explains.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Abbreviations {
    /// Those that need no explanation.
    pub known: LexiconId,
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn hosts_stand_for_subdomains_and_paths() {
        let hosts = Hosts(vec!["medrxiv.org".into(), "doi.org/10.1101/".into()]);
        for url in ["https://medrxiv.org", "http://www.MEDRXIV.org/content/1", "https://doi.org/10.1101/2020.1"] {
            assert!(hosts.hold(url), "{url}");
        }
        for url in ["https://notmedrxiv.org/", "https://doi.org/10.1000/1", "medrxiv.org", "https://doi.org"] {
            assert!(!hosts.hold(url), "{url}");
        }
    }
}
