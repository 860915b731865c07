//! Fact files as they are written.

use serde::Deserialize;
use toml::Spanned;

/// What a fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// The condition has an accepted cure.
    Cure,
    /// It has none.
    NoCure,
    /// The authority has approved the therapy for the condition.
    Approved,
    /// It has not.
    NotApproved,
    /// The therapy is being studied for the condition and is not an accepted treatment of it.
    Investigational,
}

/// How far an accepted cure goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CureStrength {
    /// Cure is the ordinary result of treatment.
    Usual,
    /// Some patients, forms or stages can be cured.
    Some,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub authority: Vec<RawEntity>,
    #[serde(default)]
    pub condition: Vec<RawEntity>,
    #[serde(default)]
    pub therapy: Vec<RawEntity>,
    #[serde(default)]
    pub source: Vec<RawSource>,
    #[serde(default)]
    pub fact: Vec<Spanned<RawFact>>,
    #[serde(default)]
    pub lexicon: Vec<RawLexicon>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntity {
    pub id: Spanned<String>,
    pub names: Vec<Spanned<String>>,
    /// What it is one of.
    #[serde(default)]
    pub is: Vec<Spanned<String>>,
}

/// A source that facts of the same file call by its id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub id: String,
    pub publisher: String,
    pub title: String,
    pub url: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFact {
    pub id: Option<String>,
    pub predicate: Predicate,
    /// One condition, or several of which the same is said.
    #[serde(default)]
    pub condition: Vec<Spanned<String>>,
    pub therapy: Option<Spanned<String>>,
    pub authority: Option<Spanned<String>>,
    pub strength: Option<CureStrength>,
    pub scope: Option<String>,
    pub since: Option<toml::value::Datetime>,
    pub as_of: Option<toml::value::Datetime>,
    #[serde(default)]
    pub sources: Vec<Spanned<String>>,
    pub say: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLexicon {
    pub name: String,
    /// What it holds, for people who edit it.
    #[serde(rename = "about")]
    pub _about: String,
    pub words: Vec<String>,
}
