//! What makes a rule look, as packs write it: the TOML schema of `match`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::spanned::Spanned;

use super::schema;

/// What makes a rule look: exactly one of these.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(super) struct RawTrigger {
    /// Phrases, in the phrase language.
    #[serde(default)]
    pub phrase: Vec<Spanned<String>>,
    /// Regular expressions over a block's text, in any case; for what phrases cannot say.
    #[serde(default)]
    pub regex: Vec<Spanned<String>>,
    /// Links that fared so.
    #[serde(default)]
    #[schemars(schema_with = "schema::link")]
    pub link: Option<Spanned<String>>,
    /// DOIs, PMIDs and NCT numbers of which registries say so.
    #[serde(default)]
    #[schemars(schema_with = "schema::record")]
    pub record: Option<Spanned<String>>,
    /// Figures that come out so beside the works and pages that their sentence cites.
    #[serde(default)]
    #[schemars(schema_with = "schema::figure")]
    pub figure: Option<Spanned<String>>,
    /// Quotations of which the works and pages that their sentence cites have other words, or none like them.
    #[serde(default)]
    #[schemars(schema_with = "schema::figure")]
    pub quotation: Option<Spanned<String>>,
    /// A document that has none of these keys in its front matter, head or byline.
    #[serde(default)]
    pub metadata: Vec<String>,
    /// A document that discusses a therapy and a condition for which the fact base says so.
    #[serde(default)]
    #[schemars(schema_with = "schema::pair")]
    pub pair: Option<Spanned<String>>,
    /// A document that discusses a therapy of which the fact base says so, and names nothing of what that is about.
    #[serde(default)]
    #[schemars(schema_with = "schema::therapy")]
    pub therapy: Option<Spanned<String>>,
    /// Claims that sentences make.
    pub claim: Option<RawClaim>,
    /// Hosts that links lead to.
    #[serde(default)]
    pub host: Vec<String>,
    /// A measure of the document that is too high.
    pub metric: Option<RawMetric>,
    /// A date of the document that lies too far back.
    pub age: Option<RawAge>,
    /// Abbreviations that the document does not explain.
    pub abbreviation: Option<RawAbbreviation>,
    /// Amounts of a drug of this pack's `[[dose]]` tables that lie far outside what is usual.
    pub dose: Option<RawOff>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMetric {
    /// What is measured.
    #[schemars(schema_with = "schema::measure")]
    pub of: Spanned<String>,
    /// The highest value that is well.
    pub above: f32,
    /// Other limits for some profiles.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, f32>")]
    pub profiles: BTreeMap<Spanned<String>, f32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAge {
    /// The keys under which the date stands; the latest counts.
    pub metadata: Vec<String>,
    /// How many months back it may lie.
    pub months: i32,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOff {
    /// How many times less than the least or more than the most an amount must be.
    pub off: f64,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAbbreviation {
    /// The lexicon of those that need no explanation.
    #[schemars(with = "String")]
    pub known: Spanned<String>,
}

/// What a claim must be like to make a rule look; what is left out may be anything.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClaim {
    /// What is claimed.
    #[schemars(schema_with = "schema::claim_kinds")]
    pub kind: OneOrMore,
    /// How strongly it is put.
    #[serde(default)]
    #[schemars(schema_with = "schema::strengths")]
    pub strength: OneOrMore,
    /// The lexicon that its subject is a name of.
    pub subject: Option<Spanned<String>>,
    /// The lexicon that its object is a name of.
    pub object: Option<Spanned<String>>,
    /// The fact base says so of its subject and object.
    #[serde(default)]
    #[schemars(schema_with = "schema::pair")]
    pub pair: Option<Spanned<String>>,
    /// It is said to be so, or not to be so.
    #[serde(default)]
    #[schemars(schema_with = "schema::polarity")]
    pub polarity: Option<Spanned<String>>,
    /// Held against the fact base and what registries have answered, it comes out so.
    #[serde(default)]
    #[schemars(schema_with = "schema::verdicts")]
    pub verdict: OneOrMore,
    /// Nobody has signed it as checked in the sheet that the configuration names.
    #[serde(default)]
    pub unsigned: bool,
}

/// One word, or a list of them.
#[derive(Debug, Default)]
pub(super) struct OneOrMore(pub Vec<Spanned<String>>);

/// A mistake in a list is shown at the whole list.
impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Spanned::<OneOrMoreText>::deserialize(deserializer)?;
        let span = written.span();
        Ok(match written.into_inner() {
            OneOrMoreText::One(text) => Self(vec![Spanned::new(span, text)]),
            OneOrMoreText::More(texts) => {
                Self(texts.into_iter().map(|text| Spanned::new(span.clone(), text)).collect())
            }
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a word or a list of words")]
enum OneOrMoreText {
    One(String),
    More(Vec<String>),
}

/// More for a rule to look for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMore {
    /// Phrases, in the phrase language.
    #[serde(default)]
    pub phrase: Vec<Spanned<String>>,
    /// Regular expressions over a block's text, in any case.
    #[serde(default)]
    pub regex: Vec<Spanned<String>>,
}
