//! One entry of the ledger.

use toml_edit::{Item, Table, Value, value};

use crate::evidence::Verdict;
use crate::suggest::nearest;

use super::{Claimed, SheetError};

/// The claims of the articles as they are.
pub(super) const CLAIMS: &str = "claim";
/// Entries of people whose claims are gone.
pub(super) const GONE: &str = "gone";
/// What people fill in.
pub(super) const PEOPLE: [&str; 5] = ["checked_by", "checked_on", "source", "verdict", "note"];
/// Said of an entry whose claim is no longer worded as it was when a person checked it.
pub(super) const STALE: &str = "stale";

/// A text under a key; empty where there is none.
pub(super) fn text(table: &Table, key: &str) -> String {
    match table.get(key).and_then(Item::as_value) {
        Some(Value::String(text)) => text.value().clone(),
        Some(Value::Datetime(date)) => date.value().to_string(),
        _ => String::new(),
    }
}

/// Whether a person has written anything into it.
pub(super) fn is_of_people(table: &Table) -> bool {
    let known = |key: &str| PEOPLE.contains(&key) || MACHINE.contains(&key) || matches!(key, STALE | "gone_on");
    PEOPLE.iter().any(|key| !text(table, key).is_empty()) || table.iter().any(|(key, _)| !known(key))
}

/// Whether a person has said who checked it, when, and with what result.
pub(super) fn is_signed(table: &Table) -> bool {
    ["checked_by", "checked_on", "verdict"].iter().all(|key| !text(table, key).trim().is_empty())
}

/// Whether it is marked as checked in other words.
pub(super) fn is_stale(table: &Table) -> bool {
    table.contains_key(STALE)
}

/// Whether what people wrote can be read.
pub(super) fn check(table: &Table) -> Result<(), SheetError> {
    let wrong = |problem: String| Err(SheetError::Entry { place: format!("“{}”", text(table, "claim")), problem });
    let verdict = text(table, "verdict");
    if !verdict.is_empty() && !Verdict::NAMES.iter().any(|(name, _)| *name == verdict) {
        let names: Vec<&str> = Verdict::NAMES.iter().map(|(name, _)| *name).collect();
        let near = nearest(&verdict, names.iter().copied());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return wrong(format!("the verdict `{verdict}` is none of {}{hint}", names.join(", ")));
    }
    let day = text(table, "checked_on");
    if !day.is_empty() && day.parse::<jiff::civil::Date>().is_err() {
        return wrong(format!("`checked_on = {day}` is no day; write it as 2026-03-01"));
    }
    Ok(())
}

/// What the program writes and overwrites.
const MACHINE: [&str; 9] =
    ["fingerprint", "path", "line", "kind", "claim", "sentence", "automatic", "evidence", "address"];

/// Writes what the program knows of a claim into an entry; what people wrote stays as it is.
pub(super) fn fill(table: &mut Table, claimed: &Claimed) {
    set(table, "fingerprint", &claimed.fingerprint);
    set(table, "path", &claimed.path);
    put(table, "line", value(i64::from(claimed.line)));
    set(table, "kind", &claimed.kind);
    set(table, "claim", &claimed.claim);
    set(table, "sentence", &claimed.sentence);
    set(table, "automatic", &claimed.verdict);
    for (key, found) in [("evidence", &claimed.evidence), ("address", &claimed.address)] {
        if found.is_empty() {
            table.remove(key);
        } else {
            set(table, key, found);
        }
    }
    for key in PEOPLE {
        if !table.contains_key(key) {
            table.insert(key, value(""));
        }
    }
}

/// Writes a text, unless it stands there already: so its layout stays.
pub(super) fn set(table: &mut Table, key: &str, text: &str) {
    if self::text(table, key) != text || !table.contains_key(key) {
        put(table, key, value(text));
    }
}

/// Writes a value in place of one, with what stands around it.
fn put(table: &mut Table, key: &str, item: Item) {
    match (table.get_mut(key).and_then(Item::as_value_mut), item.into_value()) {
        (Some(old), Ok(mut new)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (_, Ok(new)) => drop(table.insert(key, Item::Value(new))),
        (_, Err(_)) => {}
    }
}
