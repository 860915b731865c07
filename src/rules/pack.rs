//! Rule packs as they are written: the TOML schema, with the place of everything an error may point at.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use crate::spanned::Spanned;

use super::looks::{RawMore, RawTrigger};
use super::schema;

/// A pack of rules for caveat.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "caveat rule pack")]
pub(super) struct RawPack {
    /// The pack's name.
    pub pack: RawHead,
    /// Word lists that patterns call as `{name}`. A word with `~` stands for all its forms.
    #[serde(default)]
    pub lexicons: BTreeMap<String, Vec<String>>,
    /// Lists of phrases that conditions call by name: `caveat = "name"`.
    #[serde(default)]
    pub caveats: BTreeMap<String, Vec<Spanned<String>>>,
    /// What is usually taken of drugs.
    #[serde(default)]
    pub dose: Vec<RawDose>,
    /// The rules.
    #[serde(default)]
    pub rule: Vec<Spanned<RawRule>>,
    /// What is added to rules of other packs.
    #[serde(default)]
    pub extend: Vec<Spanned<RawExtension>>,
}

/// The pack's name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHead {
    /// The first half of every rule's full name, `pack/rule`.
    pub id: String,
    /// One line for people.
    pub title: String,
}

/// What a rule looks for, in which contexts it counts, what satisfies it, what it says, and the examples that prove it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    /// The second half of the full name. A rule with the full name of a built-in one takes its place.
    pub id: Spanned<String>,
    /// A short stable name of capital letters and digits. Those that start with CAV are the program's own.
    pub code: Spanned<String>,
    /// How grave a hit is.
    #[schemars(schema_with = "schema::severity")]
    pub severity: Spanned<String>,
    /// Whether the rule runs unless it is switched off; if not, it runs where it is selected or a profile wants it.
    #[serde(default = "yes")]
    pub default: bool,
    /// What profiles change: a severity, `on` or `off`.
    #[serde(default)]
    #[schemars(schema_with = "schema::profiles")]
    pub profiles: BTreeMap<Spanned<String>, String>,
    /// The rule runs only where one of these is set.
    #[serde(default)]
    #[schemars(schema_with = "schema::jurisdictions")]
    pub jurisdictions: Vec<Spanned<String>>,
    /// One line: what not to do.
    pub summary: String,
    /// Two or three plain sentences: why not.
    pub why: String,
    /// Where that is said.
    pub sources: Vec<RawSource>,
    /// What makes the rule look.
    #[serde(rename = "match")]
    pub trigger: Spanned<RawTrigger>,
    /// The kinds of block it looks at; without it, all.
    #[serde(default, rename = "in")]
    #[schemars(schema_with = "schema::blocks")]
    pub blocks: Vec<Spanned<String>>,
    /// A hit counts only if this is found.
    #[serde(default)]
    pub when: Many<RawCondition>,
    /// A hit does not count if this is found.
    #[serde(default)]
    pub unless: Many<RawCondition>,
    /// What the text must say; a hit counts once in each scope where it does not.
    #[serde(default)]
    pub require: Many<RawCondition>,
    /// Only the first hit in each such scope counts.
    #[serde(default)]
    #[schemars(schema_with = "schema::scope")]
    pub once: Option<Spanned<String>>,
    /// The only contexts in which a hit counts; without it, all.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub only: Vec<Spanned<String>>,
    /// Contexts in which a hit does not count.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub exempt: Vec<Spanned<String>>,
    /// Contexts that make a hit one severity milder.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub soften: Vec<Spanned<String>>,
    /// Contexts that make a hit one severity graver.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub raise: Vec<Spanned<String>>,
    /// Rules of this pack beside which it has nothing to add: where one of them speaks on the same words, it is silent.
    #[serde(default)]
    pub yields: Vec<Spanned<String>>,
    /// What the finding says. `{match}` stands for the words found, `{condition}` and the like for the name caught.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Replacements that cannot change what the text means: the words found, and what to put.
    #[serde(default)]
    pub replace: BTreeMap<String, String>,
    /// Texts on which the rule is silent.
    #[schemars(length(min = 1))]
    pub pass: Vec<String>,
    /// Texts on which it speaks.
    #[schemars(length(min = 1))]
    pub fail: Vec<String>,
}

fn yes() -> bool {
    true
}

/// What is added to a rule of another pack, which otherwise stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExtension {
    /// The rule meant, as `pack/rule`.
    pub rule: Spanned<String>,
    /// How grave a hit is from now on.
    #[serde(default)]
    #[schemars(schema_with = "schema::severity")]
    pub severity: Option<Spanned<String>>,
    /// More to look for, where the rule looks for phrases or regular expressions.
    #[serde(default, rename = "match")]
    pub trigger: RawMore,
    /// One more thing that must be found for a hit to count.
    #[serde(default)]
    pub when: Many<RawCondition>,
    /// One more thing with which a hit does not count.
    #[serde(default)]
    pub unless: Many<RawCondition>,
    /// More contexts in which a hit does not count.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub exempt: Vec<Spanned<String>>,
    /// More contexts that make a hit one severity milder.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub soften: Vec<Spanned<String>>,
    /// More contexts that make a hit one severity graver.
    #[serde(default)]
    #[schemars(schema_with = "schema::contexts")]
    pub raise: Vec<Spanned<String>>,
    /// Another help text: your own way of saying what to write instead.
    #[serde(default)]
    pub help: Option<String>,
    /// Texts on which the rule is now silent. One example at least is needed, here or under `fail`.
    #[serde(default)]
    pub pass: Vec<String>,
    /// Texts on which the rule now speaks.
    #[serde(default)]
    pub fail: Vec<String>,
}

/// Where a rule's advice is said.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// What is usually taken of a drug at one time or on one day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDose {
    /// Its names.
    pub drug: Vec<String>,
    /// The least and the most, such as `12.5 mcg to 300 mcg`; more than one where it is measured in more than one way.
    pub usual: Vec<Spanned<String>>,
}

/// Something to be found in a scope around a hit: any of its parts will do.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    /// One of these phrases.
    #[serde(default)]
    pub phrase: Vec<Spanned<String>>,
    /// A match of one of these regular expressions.
    #[serde(default)]
    pub regex: Vec<Spanned<String>>,
    /// A phrase of this list under `[caveats]`: of this pack, or `pack/list`.
    pub caveat: Option<Spanned<String>>,
    /// A link or a footnote.
    #[serde(default)]
    pub link: bool,
    /// A link to one of these hosts.
    #[serde(default)]
    pub host: Vec<String>,
    /// One of these keys in the metadata.
    #[serde(default)]
    pub metadata: Vec<String>,
    /// How far to look; without it, in the sentence.
    #[serde(default)]
    #[schemars(schema_with = "schema::scope")]
    pub within: Option<Spanned<String>>,
    /// In how many sentences it must be found; without it, in one.
    pub least: Option<usize>,
    /// So many words or more in the scope.
    pub words: Option<usize>,
    /// What the first group of the regular expressions catches are years, and the latest of them lies more than so many
    /// years before the day of the article.
    #[schemars(with = "Option<i16>")]
    pub years: Option<Spanned<i16>>,
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

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("One or more of {}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}
