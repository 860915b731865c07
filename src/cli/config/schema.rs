//! The keys of `caveat.toml`, as serde reads them.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::finding::Finding;
use crate::source::Span;
use crate::suggest::nearest;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Raw {
    profile: Option<Spanned<String>>,
    jurisdiction: Option<Spanned<String>>,
    select: Option<Vec<Spanned<String>>>,
    ignore: Option<Vec<Spanned<String>>>,
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) fail_on: Option<Spanned<String>>,
    pub(super) exclude: Vec<Spanned<String>>,
    pub(super) include: Vec<Spanned<String>>,
    pub(super) packs: Vec<Spanned<String>>,
    pub(super) facts: Vec<Spanned<String>>,
    pub(super) site_root: Option<Spanned<String>>,
    pub(super) files: Vec<RawFiles>,
    pub(super) links: Links,
    pub(super) evidence: BTreeMap<String, Service>,
}

/// One `[[files]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFiles {
    paths: Spanned<Vec<Spanned<String>>>,
    profile: Option<Spanned<String>>,
    jurisdiction: Option<Spanned<String>>,
    select: Option<Vec<Spanned<String>>>,
    ignore: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// `[links]`: how links are asked. `None` leaves the choice to the client.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::cli) struct Links {
    /// Whether loopback and private addresses may be asked.
    pub(in crate::cli) allow_private: bool,
    /// How long one request may take.
    pub(in crate::cli) timeout_seconds: Option<u64>,
    /// Addresses that are not asked: regular expressions.
    pub(in crate::cli) exclude: Vec<toml::Spanned<String>>,
    /// HTTP statuses that count as resolving besides the usual ones.
    pub(in crate::cli) accept: Vec<u16>,
    /// How many requests a host gets in a second at most.
    pub(in crate::cli) requests_per_second: Option<f64>,
    /// How many requests are under way at once.
    pub(in crate::cli) concurrency: Option<usize>,
    /// An address under which the one who asks can be reached, for the user agent.
    pub(in crate::cli) contact: Option<String>,
}

/// `[evidence.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub(super) base: toml::Spanned<String>,
}

/// The keys that the whole file and an entry of `files` share.
pub(super) struct RawOverlay<'a> {
    pub(super) profile: Option<&'a Spanned<String>>,
    pub(super) jurisdiction: Option<&'a Spanned<String>>,
    pub(super) select: Option<&'a [Spanned<String>]>,
    pub(super) ignore: Option<&'a [Spanned<String>]>,
    pub(super) severity: &'a BTreeMap<Spanned<String>, Spanned<String>>,
}

impl Raw {
    pub(super) fn whole(&self) -> RawOverlay<'_> {
        RawOverlay {
            profile: self.profile.as_ref(),
            jurisdiction: self.jurisdiction.as_ref(),
            select: self.select.as_deref(),
            ignore: self.ignore.as_deref(),
            severity: &self.severity,
        }
    }
}

impl RawFiles {
    pub(super) fn paths(&self) -> &[Spanned<String>] {
        self.paths.get_ref()
    }

    pub(super) fn paths_span(&self) -> Range<usize> {
        self.paths.span()
    }

    pub(super) fn settings(&self) -> RawOverlay<'_> {
        RawOverlay {
            profile: self.profile.as_ref(),
            jurisdiction: self.jurisdiction.as_ref(),
            select: self.select.as_deref(),
            ignore: self.ignore.as_deref(),
            severity: &self.severity,
        }
    }
}

/// What the parser found wrong, with the key that was meant where one is misspelt.
pub(super) fn finding(text: &str, error: &toml::de::Error) -> Finding {
    let range = error.span().unwrap_or(0..0);
    let written = text.get(range.clone()).unwrap_or("").trim_matches(['"', '\'']);
    let span = Span::from(range.start..range.end.max(range.start));
    let Some((_, expected)) = error.message().split_once("unknown field ").and_then(|(_, m)| m.split_once(", ")) else {
        let is_value = error.message().starts_with("invalid type") || error.message().starts_with("missing field");
        let rule = if is_value { "value" } else { "syntax" };
        return super::wrong(rule, error.message(), span);
    };
    let keys: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let help = match nearest(written, keys.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("The keys here are {}.", keys.join(", ")),
    };
    super::wrong("unknown-key", format!("there is no key “{written}” here"), span).with_help(help)
}
