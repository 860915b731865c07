//! Records written down as a file.

use std::collections::BTreeMap;

use fst::MapBuilder;
use jiff::civil::Date;

use crate::compiled::to_bytes;
use crate::language::words::cut;

use super::starts;
use super::store::{Directory, LONGEST_LISTS, MAGIC, VERSION};
use super::{ImportedError, Kind, PartNote, Record, Source};

/// What one source gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose records they are.
    pub source: Source,
    /// The day up to which they hold.
    pub as_of: Date,
    /// The names of the files that they were read from.
    pub files: Vec<String>,
    /// The records.
    pub records: Vec<Record>,
}

/// A name under which a record is found in texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What it names.
    pub kind: Kind,
    /// The name.
    pub text: String,
    /// How it must be written to count.
    pub case: Case,
}

/// How a name must be written to count in a text, from the least to the most particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// In any way.
    Any,
    /// With a capital, as brands are.
    Capital,
    /// In capitals throughout, as initials are.
    Upper,
}

/// The words of a name, as they are searched for.
pub(super) fn folded(name: &str) -> String {
    let name = name.replace(['’', 'ʼ'], "'");
    cut(&name).into_iter().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// What is found under a key while a file is built.
#[derive(Default)]
struct Entry {
    records: Vec<u32>,
    /// The least particular way of writing it that some record goes by.
    case: Option<Case>,
}

#[derive(Default)]
struct Index(BTreeMap<Vec<u8>, Entry>);

impl Index {
    fn add(&mut self, key: Vec<u8>, record: u32, case: Case) {
        let entry = self.0.entry(key).or_default();
        entry.case = Some(entry.case.map_or(case, |other| other.min(case)));
        if entry.records.last() != Some(&record) {
            entry.records.push(record);
        }
    }

    /// The index as an automaton. What is found under each key goes into `lists`; the keys' values are the places there,
    /// with two bits behind them that say how the name must be written.
    fn write(self, lists: &mut Vec<u8>) -> Result<Vec<u8>, ImportedError> {
        let mut map = MapBuilder::memory();
        for (key, entry) in self.0 {
            let place = lists.len() as u64;
            lists.extend(to_bytes(&entry.records).map_err(|_| ImportedError::TooLarge)?);
            map.insert(key, place << 2 | entry.case.map_or(0, |case| case as u64))
                .map_err(|_| ImportedError::TooLarge)?;
        }
        map.into_inner().map_err(|_| ImportedError::TooLarge)
    }
}

/// Writes parts down as a file. `keys` gives the names under which texts may mean a record.
///
/// # Errors
///
/// There are more records than a file can hold: 2 GiB.
pub fn write(parts: &[Part], keys: &dyn Fn(&Record) -> Vec<Key>) -> Result<Vec<u8>, ImportedError> {
    let (mut names, mut ids) = (Index::default(), Index::default());
    let (mut records, mut notes) = (Vec::new(), Vec::new());
    for part in parts {
        let start = records.len();
        for record in &part.records {
            let place = u32::try_from(records.len()).map_err(|_| ImportedError::TooLarge)?;
            for key in keys(record) {
                let text = folded(&key.text);
                if !text.is_empty() {
                    names.add([&[key.kind.mark()], text.as_bytes()].concat(), place, key.case);
                }
            }
            for id in record.ids() {
                ids.add(id.into_bytes(), place, Case::Any);
            }
            records.extend(to_bytes(record).map_err(|_| ImportedError::TooLarge)?);
        }
        notes.push(PartNote {
            source: part.source,
            as_of: part.as_of,
            files: part.files.clone(),
            count: part.records.len() as u32,
            start: start as u32,
            end: u32::try_from(records.len()).map_err(|_| ImportedError::TooLarge)?,
        });
    }
    let kind = |mark: u8| Kind::ALL.into_iter().find(|kind| kind.mark() == mark);
    let parted = names.0.keys().filter_map(|key| Some((kind(*key.first()?)?, std::str::from_utf8(&key[1..]).ok()?)));
    let starts = starts::of_names(parted);
    let mut lists = Vec::new();
    let (names, ids) = (names.write(&mut lists)?, ids.write(&mut lists)?);
    if lists.len() > LONGEST_LISTS {
        return Err(ImportedError::TooLarge);
    }
    let lengths = [starts.len(), names.len(), ids.len(), lists.len(), records.len()].map(|length| length as u64);
    let directory = to_bytes(&Directory { parts: notes, lengths }).map_err(|_| ImportedError::TooLarge)?;
    let mut body = (directory.len() as u32).to_le_bytes().to_vec();
    for section in [directory, starts, names, ids, lists, records] {
        body.extend(section);
    }
    let check = crc32fast::hash(&body).to_le_bytes();
    Ok([MAGIC, &[VERSION], &check, &body].concat())
}
