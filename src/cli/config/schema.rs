//! The keys of `caveat.toml`, as serde reads them.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::finding::Finding;
use crate::linter::{Jurisdiction, Profile};
use crate::source::Span;
use crate::spanned::Spanned;
use crate::suggest::nearest;

/// How caveat judges the drafts in and below this file's folder.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "caveat.toml")]
pub(super) struct Raw {
    /// For whom the drafts are written; without it, `editorial`.
    #[schemars(schema_with = "profile")]
    profile: Option<Spanned<String>>,
    /// Whose law binds the publisher; without it, nobody's in particular.
    #[schemars(schema_with = "jurisdiction")]
    jurisdiction: Option<Spanned<String>>,
    /// Run these alone: rules, `pack/rule`, packs, codes or starts of codes; `all` for everything.
    select: Option<Vec<Spanned<String>>>,
    /// Do not run these.
    ignore: Option<Vec<Spanned<String>>>,
    /// The severity of a rule, pack or code, or `off`. The most particular name wins.
    #[schemars(schema_with = "levels")]
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
    /// The least grave finding that fails a run; without it, `error`.
    #[schemars(schema_with = "severity")]
    pub(super) fail_on: Option<Spanned<String>>,
    /// What is not linted in folders: globs as in a `.gitignore`.
    pub(super) exclude: Vec<Spanned<String>>,
    /// What is linted in folders besides files with a draft's ending: globs.
    pub(super) include: Vec<Spanned<String>>,
    /// Rule packs to load besides the built-in ones: files or globs.
    pub(super) packs: Vec<Spanned<String>>,
    /// Files of facts besides the built-in ones: files or globs.
    pub(super) facts: Vec<Spanned<String>>,
    /// The file of facts that `caveat facts import` made from official files; without it, the user's own.
    pub(super) imported_facts: Option<String>,
    /// The folder that links starting with `/` are looked up in.
    pub(super) site_root: Option<Spanned<String>>,
    /// The fact-checker's ledger that `caveat claims --sheet` keeps: claims that are signed in it count as checked.
    pub(super) sheet: Option<Spanned<String>>,
    /// The file that `caveat baseline` wrote: findings that are in it are not told.
    pub(super) baseline: Option<String>,
    /// Other settings for some files. A later entry wins over an earlier one.
    pub(super) files: Vec<RawFiles>,
    /// How links are asked.
    pub(super) links: Links,
    /// Where services are asked, by their names.
    pub(super) evidence: BTreeMap<Spanned<String>, Service>,
}

/// Settings for some files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFiles {
    /// The files meant: globs as in a `.gitignore`.
    paths: Spanned<Vec<Spanned<String>>>,
    /// For whom they are written.
    #[serde(default)]
    #[schemars(schema_with = "profile")]
    profile: Option<Spanned<String>>,
    /// Whose law binds the publisher.
    #[serde(default)]
    #[schemars(schema_with = "jurisdiction")]
    jurisdiction: Option<Spanned<String>>,
    /// Run these alone, instead of what the whole file selects.
    select: Option<Vec<Spanned<String>>>,
    /// Do not run these either.
    ignore: Option<Vec<Spanned<String>>>,
    /// Severities besides those of the whole file.
    #[serde(default)]
    #[schemars(schema_with = "levels")]
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// How links are asked. What is not set is left to the client.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::cli) struct Links {
    /// Whether loopback and private addresses may be asked.
    pub(in crate::cli) allow_private: bool,
    /// How long one request may take.
    pub(in crate::cli) timeout_seconds: Option<u64>,
    /// How often a request is made again after a failure that may pass.
    pub(in crate::cli) retries: Option<u32>,
    /// How many redirects are followed.
    pub(in crate::cli) max_redirects: Option<usize>,
    /// Addresses that are not asked: regular expressions.
    pub(in crate::cli) exclude: Vec<Spanned<String>>,
    /// Addresses that are asked although `exclude` names them; without `exclude`, these alone: regular expressions.
    pub(in crate::cli) include: Vec<Spanned<String>>,
    /// Addresses that are asked at another place. The first entry that matches counts.
    pub(in crate::cli) remap: Vec<Remap>,
    /// HTTP statuses that count as resolving besides the usual ones.
    pub(in crate::cli) accept: Vec<u16>,
    /// How many requests a host gets in a second at most.
    pub(in crate::cli) requests_per_second: Option<f64>,
    /// How many requests are under way at once.
    pub(in crate::cli) concurrency: Option<usize>,
    /// How many of them at one host.
    pub(in crate::cli) host_concurrency: Option<usize>,
    /// An address under which the one who asks can be reached, for the user agent.
    pub(in crate::cli) contact: Option<String>,
    /// Whether the Wayback Machine is asked for copies of dead pages.
    pub(in crate::cli) archive: bool,
    /// What holds for some hosts alone, by their names: `wiki.example.org`, `wiki.example.org:8080`,
    /// `http://wiki.example.org`.
    pub(in crate::cli) hosts: BTreeMap<Spanned<String>, Host>,
}

/// Where addresses are asked instead.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Remap {
    /// A regular expression.
    pub(in crate::cli) from: Spanned<String>,
    /// What stands in the place of its match; `$1` is its first group.
    pub(in crate::cli) to: String,
}

/// What holds for one host alone.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::cli) struct Host {
    /// HTTP statuses that count as resolving there.
    pub(in crate::cli) accept: Vec<u16>,
    /// The environment variable that holds what the host is told of who asks: `user:password`, a token, or a whole
    /// `Authorization` header.
    pub(in crate::cli) auth: Option<String>,
    /// How many requests it gets in a second at most.
    pub(in crate::cli) requests_per_second: Option<f64>,
    /// How many requests are under way there at once.
    pub(in crate::cli) concurrency: Option<usize>,
}

/// A service that is asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    /// Its base address, where it is not to be asked at its own.
    pub(super) base: Option<Spanned<String>>,
    /// Whether it is asked at all; it is unless this says `false`.
    pub(super) ask: Option<bool>,
}

/// The JSON Schema of the file.
pub(in crate::cli) fn schema() -> Schema {
    schemars::schema_for!(Raw)
}

fn one_of<T>(names: &[(&'static str, T)]) -> Schema {
    let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    json_schema!({ "type": "string", "enum": names })
}

fn profile(_: &mut SchemaGenerator) -> Schema {
    one_of(&Profile::ALL)
}

fn jurisdiction(_: &mut SchemaGenerator) -> Schema {
    one_of(&Jurisdiction::ALL)
}

fn severity(_: &mut SchemaGenerator) -> Schema {
    one_of(&super::SEVERITIES)
}

fn levels(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "object", "additionalProperties": one_of(&super::LEVELS) })
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
