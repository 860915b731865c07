//! Rule packs as they are written: the TOML schema, with the place of everything an error may point at.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// A pack file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPack {
    pub pack: RawHead,
    /// Word lists for this pack's patterns, by name.
    #[serde(default)]
    pub lexicons: BTreeMap<String, Vec<String>>,
    /// Lists of phrases that conditions may call by name.
    #[serde(default)]
    pub caveats: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    pub rule: Vec<Spanned<RawRule>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHead {
    pub id: String,
    /// For people who read the file.
    #[serde(rename = "title")]
    pub _title: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub id: Spanned<String>,
    pub code: Spanned<String>,
    pub severity: Spanned<String>,
    #[serde(default = "yes")]
    pub default: bool,
    #[serde(default)]
    pub profiles: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    pub jurisdictions: Vec<Spanned<String>>,
    pub summary: String,
    pub why: String,
    pub sources: Vec<RawSource>,
    #[serde(rename = "match")]
    pub trigger: Spanned<RawTrigger>,
    #[serde(default, rename = "in")]
    pub blocks: Vec<Spanned<String>>,
    #[serde(default)]
    pub when: Many<RawCondition>,
    #[serde(default)]
    pub unless: Many<RawCondition>,
    #[serde(default)]
    pub require: Many<RawCondition>,
    pub once: Option<Spanned<String>>,
    #[serde(default)]
    pub only: Vec<Spanned<String>>,
    #[serde(default)]
    pub exempt: Vec<Spanned<String>>,
    #[serde(default)]
    pub soften: Vec<Spanned<String>>,
    #[serde(default)]
    pub raise: Vec<Spanned<String>>,
    pub message: String,
    pub help: String,
    #[serde(default)]
    pub replace: BTreeMap<String, String>,
    pub pass: Vec<String>,
    pub fail: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub title: String,
    pub url: String,
}

/// What makes a rule look: exactly one of these.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrigger {
    #[serde(default)]
    pub phrase: Vec<Spanned<String>>,
    #[serde(default)]
    pub regex: Vec<Spanned<String>>,
    pub link: Option<Spanned<String>>,
    #[serde(default)]
    pub metadata: Vec<String>,
    pub pair: Option<Spanned<String>>,
    pub claim: Option<RawClaim>,
    /// Hosts that links lead to.
    #[serde(default)]
    pub host: Vec<String>,
    pub metric: Option<RawMetric>,
    pub age: Option<RawAge>,
    pub abbreviation: Option<RawAbbreviation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMetric {
    pub of: Spanned<String>,
    pub above: f32,
    /// Other limits for some profiles.
    #[serde(default)]
    pub profiles: BTreeMap<Spanned<String>, f32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAge {
    pub metadata: Vec<String>,
    pub months: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAbbreviation {
    /// The lexicon of those that need no explanation.
    pub known: Spanned<String>,
}

/// What a claim must be like to make a rule look; what is left out may be anything.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClaim {
    pub kind: OneOrMore,
    #[serde(default)]
    pub strength: OneOrMore,
    /// The lexicon that its subject is a name of.
    pub subject: Option<Spanned<String>>,
    /// The lexicon that its object is a name of.
    pub object: Option<Spanned<String>>,
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

/// Something to be found in a scope.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    #[serde(default)]
    pub phrase: Vec<Spanned<String>>,
    #[serde(default)]
    pub regex: Vec<Spanned<String>>,
    /// The name of a list under `[caveats]`: of this pack, or `pack/list`.
    pub caveat: Option<Spanned<String>>,
    #[serde(default)]
    pub link: bool,
    #[serde(default)]
    pub host: Vec<String>,
    #[serde(default)]
    pub metadata: Vec<String>,
    pub within: Option<Spanned<String>>,
    pub least: Option<usize>,
    pub words: Option<usize>,
}

/// One table, or a list of them.
#[derive(Debug)]
pub(super) struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// By hand, since `untagged` would lose the spans inside.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMore<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table or a list of tables")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Many<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = sequence.next_element()? {
                    all.push(one);
                }
                Ok(Many(all))
            }
        }

        deserializer.deserialize_any(OneOrMore(std::marker::PhantomData))
    }
}
