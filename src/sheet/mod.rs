//! A fact-checker's ledger of claims, kept beside the article as TOML that people edit.
//!
//! Every claim has an entry with the program's verdict and with room for a person's. Writing the ledger anew keeps what
//! people wrote, comments and layout included: entries follow their sentences, are marked as stale where its words
//! changed, and are set apart, never dropped, where the claim is gone.

mod entry;
mod review;
mod update;

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

pub use review::reviews;
pub use update::{Changed, update};

/// A claim of an article, as the ledger takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The article.
    pub path: String,
    /// The 1-based line on which the claim starts.
    pub line: u32,
    /// What it is about: `approval`, `cure` …
    pub kind: String,
    /// Its words.
    pub claim: String,
    /// The sentence it stands in.
    pub sentence: String,
    /// What tells it from others, whatever stands around it.
    pub fingerprint: String,
    /// The program's verdict.
    pub verdict: String,
    /// What that rests on; may be empty.
    pub evidence: String,
    /// Where that can be read; may be empty.
    pub address: String,
}

/// Why a ledger cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It is no TOML.
    #[error("it is not TOML: {0}")]
    Toml(String),
    /// Something in it is not what it is to be.
    #[error("{place}: {problem}")]
    Entry {
        /// The entry, by its claim.
        place: String,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
}

/// The claims that a person has signed, by fingerprint, with the person's verdict.
pub fn signed(text: &str) -> Result<BTreeMap<String, String>, SheetError> {
    let document = parse(text)?;
    let tables = document.get(entry::CLAIMS).and_then(Item::as_array_of_tables).into_iter().flatten();
    let signed = tables.filter(|table| entry::is_signed(table) && !entry::is_stale(table));
    Ok(signed.map(|table| (entry::text(table, "fingerprint"), entry::text(table, "verdict"))).collect())
}

fn parse(text: &str) -> Result<DocumentMut, SheetError> {
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        SheetError::Toml(error.to_string().lines().next().unwrap_or_default().to_owned())
    })?;
    for name in [entry::CLAIMS, entry::GONE] {
        let Some(item) = document.get(name) else { continue };
        let Some(tables) = item.as_array_of_tables() else {
            let problem = format!("`{name}` is not a list of tables; write `[[{name}]]` above each entry");
            return Err(SheetError::Entry { place: name.to_owned(), problem });
        };
        tables.iter().try_for_each(entry::check)?;
    }
    Ok(document)
}

/// The entries under a name, taken out of a document.
fn take(document: &mut DocumentMut, name: &str) -> Vec<Table> {
    match document.remove(name).map(Item::into_array_of_tables) {
        Some(Ok(tables)) => tables.into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Puts entries under a name, in this order.
fn put(document: &mut DocumentMut, name: &str, tables: Vec<Table>, position: &mut isize) {
    if tables.is_empty() {
        return;
    }
    let mut list = ArrayOfTables::new();
    for mut table in tables {
        table.set_position(Some(*position));
        *position += 1;
        list.push(table);
    }
    document.insert(name, Item::ArrayOfTables(list));
}
