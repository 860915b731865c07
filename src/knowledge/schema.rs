//! Fact files as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::spanned::Spanned;

/// What a fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// The condition has an accepted cure.
    Cure,
    /// It has none.
    NoCure,
    /// The authority has approved the therapy for the condition.
    Approved,
    /// The same, and it was the authority's first approval of the therapy for anything.
    FirstApproved,
    /// It has not approved it.
    NotApproved,
    /// The therapy is being studied for the condition and is not an accepted treatment of it.
    Investigational,
    /// The authority has given the therapy a status that is no approval (`what`).
    Designation,
    /// The therapy, or its approval for the condition, was taken back.
    Withdrawn,
    /// The authority declined the application.
    Refused,
    /// The label carries the authority's gravest warning (`what`).
    BoxedWarning,
    /// How many members of a class the authority has approved (`value`).
    Count,
}

impl Predicate {
    /// Its name in fact files.
    pub fn name(self) -> &'static str {
        match self {
            Predicate::Cure => "cure",
            Predicate::NoCure => "no_cure",
            Predicate::Approved => "approved",
            Predicate::FirstApproved => "first_approved",
            Predicate::NotApproved => "not_approved",
            Predicate::Investigational => "investigational",
            Predicate::Designation => "designation",
            Predicate::Withdrawn => "withdrawn",
            Predicate::Refused => "refused",
            Predicate::BoxedWarning => "boxed_warning",
            Predicate::Count => "count",
        }
    }

    /// Whether it says that the therapy may be sold for the condition.
    pub fn is_approval(self) -> bool {
        matches!(self, Predicate::Approved | Predicate::FirstApproved)
    }
}

/// How far an accepted cure goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CureStrength {
    /// Cure is the ordinary result of treatment.
    Usual,
    /// Some patients, forms or stages can be cured.
    Some,
}

/// What sort of condition or therapy an entity is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Nothing in particular: an authority.
    #[default]
    Body,
    /// A disease or a lasting state.
    Disease,
    /// A complaint that ordinarily passes and is a sign of many diseases.
    Symptom,
    /// Several therapies of one sort.
    Class,
    /// A medicine with its brands.
    Product,
    /// A chemical or household substance.
    Substance,
    /// An operation, a course of treatment by people or machines.
    Procedure,
    /// A thing that is worn, implanted or run.
    Device,
    /// A vitamin, herb or food that is sold or taken as a remedy.
    Supplement,
    /// A way of eating.
    Diet,
    /// A way of living, or an alternative or traditional practice.
    Practice,
}

impl Nature {
    /// Its name in fact files.
    pub fn name(self) -> &'static str {
        match self {
            Nature::Body => "body",
            Nature::Disease => "disease",
            Nature::Symptom => "symptom",
            Nature::Class => "class",
            Nature::Product => "product",
            Nature::Substance => "substance",
            Nature::Procedure => "procedure",
            Nature::Device => "device",
            Nature::Supplement => "supplement",
            Nature::Diet => "diet",
            Nature::Practice => "practice",
        }
    }
}

/// Facts, the entities that they are about, and word lists.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "caveat facts")]
pub(super) struct RawFile {
    /// What the entities of this file are, where they do not say so themselves.
    pub kind: Option<Nature>,
    /// What the facts of this file have in common.
    #[serde(default)]
    pub defaults: RawDefaults,
    /// Days until a fact of each sort is to be looked at again.
    #[serde(default)]
    pub review_after_days: BTreeMap<Predicate, u16>,
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

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntity {
    pub id: Spanned<String>,
    pub names: Vec<Spanned<String>>,
    pub kind: Option<Nature>,
    /// What it is one of.
    #[serde(default)]
    pub is: Vec<Spanned<String>>,
    /// Phrases that hold a name of it, or stand for the same letters, and mean something else.
    #[serde(default)]
    pub not: Vec<Spanned<String>>,
    /// Of an authority: where its word counts.
    pub jurisdiction: Option<String>,
    /// Of an authority: what it gives besides approvals.
    #[serde(default)]
    pub not_approval: Vec<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDefaults {
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub as_of: Option<toml::value::Datetime>,
    pub sources: Vec<Spanned<String>>,
}

/// A source that facts call by its id. Where its address or title holds `{page}`, they call it `id:page`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub id: Spanned<String>,
    pub publisher: String,
    pub title: String,
    pub url: Spanned<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFact {
    pub id: Option<String>,
    pub predicate: Predicate,
    /// One condition, or several of which the same is said.
    #[serde(default)]
    pub condition: Vec<Spanned<String>>,
    pub therapy: Option<Spanned<String>>,
    pub authority: Option<Spanned<String>>,
    /// Of a cure: the therapies that bring it about.
    #[serde(default)]
    pub by: Vec<Spanned<String>>,
    pub strength: Option<CureStrength>,
    /// Of a designation or a boxed warning: which, of what.
    pub what: Option<String>,
    /// Of a count: the number.
    pub value: Option<u32>,
    pub scope: Option<String>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub since: Option<toml::value::Datetime>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<toml::value::Datetime>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub as_of: Option<toml::value::Datetime>,
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub review_by: Option<toml::value::Datetime>,
    #[serde(default)]
    pub sources: Vec<Spanned<String>>,
    pub say: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLexicon {
    pub name: String,
    /// What it holds, for people who edit it.
    #[serde(rename = "about")]
    pub _about: String,
    pub words: Vec<String>,
}

/// The JSON Schema of a file of facts.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(RawFile)
}
