//! The JSON Schema of rule packs, for editors. Names that a key may take come from the tables that packs are read by.

use schemars::{Schema, SchemaGenerator, json_schema};

use crate::claims::{Kind, Strength};
use crate::evidence::Verdict;
use crate::settings::{Jurisdiction, Profile};

use super::compile::{FIGURES, LINKS, PAIRS, POLARITIES, RECORDS, SEVERITIES, THERAPIES};
use super::pack::RawPack;
use super::rule::{BlockKinds, Contexts, Scope};
use super::trigger::Measure;

/// The JSON Schema of a rule pack.
pub fn schema() -> Schema {
    schemars::schema_for!(RawPack)
}

fn one_of<T>(names: &[(&'static str, T)]) -> Schema {
    let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    json_schema!({ "type": "string", "enum": names })
}

fn some_of<T>(names: &[(&'static str, T)]) -> Schema {
    json_schema!({ "type": "array", "items": one_of(names), "uniqueItems": true })
}

fn one_or_some_of<T>(names: &[(&'static str, T)]) -> Schema {
    json_schema!({ "anyOf": [one_of(names), some_of(names)] })
}

pub(super) fn claim_kinds(_: &mut SchemaGenerator) -> Schema {
    one_or_some_of(&Kind::NAMES)
}

pub(super) fn verdicts(_: &mut SchemaGenerator) -> Schema {
    one_or_some_of(&Verdict::NAMES)
}

pub(super) fn polarity(_: &mut SchemaGenerator) -> Schema {
    one_of(&POLARITIES)
}

pub(super) fn strengths(_: &mut SchemaGenerator) -> Schema {
    one_or_some_of(&Strength::NAMES)
}

pub(super) fn severity(_: &mut SchemaGenerator) -> Schema {
    one_of(&SEVERITIES)
}

pub(super) fn profiles(_: &mut SchemaGenerator) -> Schema {
    let values: Vec<&str> = SEVERITIES.iter().map(|(name, _)| *name).chain(["on", "off"]).collect();
    json_schema!({
        "type": "object",
        "propertyNames": one_of(&Profile::ALL),
        "additionalProperties": { "type": "string", "enum": values },
    })
}

pub(super) fn jurisdictions(_: &mut SchemaGenerator) -> Schema {
    some_of(&Jurisdiction::ALL)
}

pub(super) fn blocks(_: &mut SchemaGenerator) -> Schema {
    some_of(&BlockKinds::NAMES)
}

pub(super) fn contexts(_: &mut SchemaGenerator) -> Schema {
    some_of(&Contexts::NAMES)
}

pub(super) fn scope(_: &mut SchemaGenerator) -> Schema {
    one_of(&Scope::NAMES)
}

pub(super) fn link(_: &mut SchemaGenerator) -> Schema {
    one_of(&LINKS)
}

pub(super) fn record(_: &mut SchemaGenerator) -> Schema {
    one_of(&RECORDS)
}

pub(super) fn measure(_: &mut SchemaGenerator) -> Schema {
    one_of(&Measure::NAMES)
}

pub(super) fn pair(_: &mut SchemaGenerator) -> Schema {
    one_of(&PAIRS)
}

pub(super) fn therapy(_: &mut SchemaGenerator) -> Schema {
    one_of(&THERAPIES)
}

pub(super) fn figure(_: &mut SchemaGenerator) -> Schema {
    one_of(&FIGURES)
}
