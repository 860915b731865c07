//! How a medicine stands with an authority, by the records of official files.

use jiff::civil::Date;

use super::{Found, Imported, Kind, Product, Record, State};

/// What the records say to "this medicine is approved", for anything at all: they do not say what for, so nothing here
/// answers a claim that names a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It was approved.
    Approved(Found),
    /// The earliest approval that is recorded is later.
    Later(Found),
    /// Its approval had ended.
    Ended(Found),
    /// The application was declined, or taken back before a decision.
    Denied(Found),
}

impl Stand {
    /// The record that says so.
    pub fn record(&self) -> &Found {
        match self {
            Stand::Approved(found) | Stand::Later(found) | Stand::Ended(found) | Stand::Denied(found) => found,
        }
    }
}

impl Imported {
    /// How a medicine that goes by these names stands with an authority (an identifier of the fact base; `None`: any) on
    /// a day. `None` where no record speaks of it.
    pub fn standing(&self, names: &[&str], authority: Option<&str>, day: Date) -> Option<Stand> {
        stand_of(self.products(names, authority), names, day)
    }

    /// The day of the authority's first approval of a medicine that goes by these names, as far as the records go, with
    /// the record. Combinations count where there is nothing else.
    pub fn first_approval(&self, names: &[&str], authority: &str) -> Option<(Date, Found)> {
        let records = self.products(names, Some(authority)).into_iter();
        records.filter_map(|found| Some((product(&found)?.since?, found))).min_by_key(|(since, _)| *since)
    }

    /// The products that go by these names. A combination is left out where a product has one of the names to itself.
    fn products(&self, names: &[&str], authority: Option<&str>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for record in names.iter().flat_map(|name| self.named(Kind::Therapy, name)) {
            let is_by = authority.is_none_or(|authority| record.source.authority() == Some(authority));
            if is_by && product(&record).is_some() && !found.contains(&record) {
                found.push(record);
            }
        }
        alone(found, names)
    }
}

/// How a medicine of these names stands on a day, by the records of its applications. `None` where there is none that
/// tells.
pub fn stand_of(records: Vec<Found>, names: &[&str], day: Date) -> Option<Stand> {
    let records = alone(records, names);
    let since = |found: &Found| product(found).and_then(|product| product.since);
    let until = |found: &Found| product(found).and_then(|product| product.until);
    let state = |found: &Found| product(found).map(|product| product.state);
    let holds = |found: &&Found| {
        since(found).is_some_and(|since| since <= day)
            && (state(found) != Some(State::Ended) || until(found).is_some_and(|until| day < until))
    };
    let approved = records.iter().filter(holds).min_by_key(|found| since(found));
    if let Some(found) = approved {
        return Some(Stand::Approved(found.clone()));
    }
    let ended = records.iter().filter(|found| state(found) == Some(State::Ended));
    if let Some(found) = ended.filter(|found| until(found).is_some_and(|until| until <= day)).max_by_key(|f| until(f)) {
        return Some(Stand::Ended(found.clone()));
    }
    let later = records.iter().filter(|found| since(found).is_some_and(|since| since > day));
    if let Some(found) = later.min_by_key(|found| since(found)) {
        return Some(Stand::Later(found.clone()));
    }
    let is_denied = |found: &&Found| matches!(state(found), Some(State::Refused | State::ApplicationWithdrawn));
    let denied = records.iter().filter(is_denied).filter(|found| until(found).is_some_and(|until| until <= day));
    denied.max_by_key(|found| until(found)).map(|found| Stand::Denied(found.clone()))
}

/// The records without combinations, where a product has one of the names to itself.
fn alone(mut found: Vec<Found>, names: &[&str]) -> Vec<Found> {
    let is_alone = |found: &Found| product(found).is_some_and(|product| product.is_alone(names));
    if found.iter().any(is_alone) {
        found.retain(is_alone);
    }
    found
}

fn product(found: &Found) -> Option<&Product> {
    match &found.record {
        Record::Product(product) => Some(product),
        _ => None,
    }
}
