//! The file of imported records: read whole, checked, and searched where it lies.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use fst::raw::Fst;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::compiled::from_bytes;

use super::build::folded;
use super::{Kind, Part, Record, Source};

/// What a file starts with.
pub(super) const MAGIC: &[u8] = b"caveat facts\n";
/// The shape of what follows. It grows by one with every change that older programs cannot read.
pub(super) const VERSION: u8 = 1;

/// Bytes of all lists at most: their places are numbers of 30 bits.
pub(super) const LONGEST_LISTS: usize = 1 << 30;

/// Why a file of imported records cannot be used or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportedError {
    /// It is something else.
    #[error("this is no file of imported facts")]
    Foreign,
    /// A newer program wrote it.
    #[error("it was written by a newer caveat (its shape is {0}, this one reads {VERSION})")]
    Newer(u8),
    /// It is not what was written.
    #[error("it is damaged: its checksum does not fit")]
    Damaged,
    /// There is too much to be written.
    #[error("there are more records than a file of imported facts can hold")]
    TooLarge,
}

/// What a file holds of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartNote {
    /// Whose records they are.
    pub source: Source,
    /// The day up to which they hold.
    pub as_of: Date,
    /// The names of the files that they were read from.
    pub files: Vec<String>,
    /// How many there are.
    pub count: u32,
    /// Where they start among all records.
    pub(super) start: u32,
    /// Where they end.
    pub(super) end: u32,
}

/// What a file starts with behind its checksum.
#[derive(Serialize, Deserialize)]
pub(super) struct Directory {
    pub(super) parts: Vec<PartNote>,
    /// Bytes of how names start, of the names, identifiers, lists and records.
    pub(super) lengths: [u64; 5],
}

/// A stretch of the file.
#[derive(Clone)]
pub(super) struct Stretch {
    bytes: Arc<[u8]>,
    range: Range<usize>,
}

impl AsRef<[u8]> for Stretch {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.range.clone()).unwrap_or_default()
    }
}

/// A record with the source that tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who tells it.
    pub source: Source,
    /// The day up to which it holds; none where it was asked for.
    pub as_of: Option<Date>,
    /// What is told.
    pub record: Record,
}

/// Imported records, searched where they lie.
pub struct Imported {
    parts: Vec<PartNote>,
    starts: Stretch,
    pub(super) names: Fst<Stretch>,
    ids: Fst<Stretch>,
    lists: Stretch,
    records: Stretch,
}

impl fmt::Debug for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imported").field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl Imported {
    /// From what a file holds.
    ///
    /// # Errors
    ///
    /// It is something else, of a newer program, or damaged.
    pub fn read(bytes: Vec<u8>) -> Result<Self, ImportedError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ImportedError::Foreign)?;
        let (&version, rest) = rest.split_first().ok_or(ImportedError::Damaged)?;
        if version > VERSION {
            return Err(ImportedError::Newer(version));
        }
        if version < VERSION {
            return Err(ImportedError::Damaged);
        }
        let (check, body) = rest.split_first_chunk::<4>().ok_or(ImportedError::Damaged)?;
        if crc32fast::hash(body) != u32::from_le_bytes(*check) {
            return Err(ImportedError::Damaged);
        }
        Self::of_body(bytes.len() - body.len(), bytes.into()).ok_or(ImportedError::Damaged)
    }

    fn of_body(start: usize, bytes: Arc<[u8]>) -> Option<Self> {
        let (length, rest) = bytes.get(start..)?.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        let directory: Directory = from_bytes(rest.get(..length)?).ok()?;
        let mut at = start + 4 + length;
        let mut next = |length: u64| {
            let range = at..at.checked_add(usize::try_from(length).ok()?)?;
            at = range.end;
            (range.end <= bytes.len()).then(|| Stretch { bytes: Arc::clone(&bytes), range })
        };
        let [starts, names, ids, lists, records] = directory.lengths;
        let starts = next(starts)?;
        let (names, ids, lists, records) = (next(names)?, next(ids)?, next(lists)?, next(records)?);
        let (names, ids) = (Fst::new(names).ok()?, Fst::new(ids).ok()?);
        Some(Self { parts: directory.parts, starts, names, ids, lists, records })
    }

    pub(super) fn starts(&self) -> &[u8] {
        self.starts.as_ref()
    }

    /// What it holds of each source.
    pub fn parts(&self) -> &[PartNote] {
        &self.parts
    }

    /// What a source gave, whole.
    pub fn part(&self, source: Source) -> Option<Part> {
        let note = self.parts.iter().find(|part| part.source == source)?;
        let mut rest = self.records.as_ref().get(note.start as usize..note.end as usize)?;
        let mut records = Vec::with_capacity(note.count.min(1 << 20) as usize);
        while !rest.is_empty() {
            let (record, behind) = postcard::take_from_bytes(rest).ok()?;
            records.push(record);
            rest = behind;
        }
        Some(Part { source, as_of: note.as_of, files: note.files.clone(), records })
    }

    /// The records that go by a name, in any case.
    pub fn named(&self, kind: Kind, name: &str) -> Vec<Found> {
        let key = [&[kind.mark()], folded(name).as_bytes()].concat();
        self.names.get(key).map(|value| self.at((value.value() >> 2) as u32)).unwrap_or_default()
    }

    /// The records with an identifier: `NCT01234567`, `doi:10.1000/182`, `pmid:1`, `BLA761053`, `DOID:2377`.
    pub fn by_id(&self, id: &str) -> Vec<Found> {
        let found = self.ids.get(id.to_lowercase());
        found.map(|value| self.at((value.value() >> 2) as u32)).unwrap_or_default()
    }

    /// The records of a name that [`Self::longest`] has found.
    pub fn at(&self, entry: u32) -> Vec<Found> {
        let list = self.lists.as_ref().get(entry as usize..).unwrap_or_default();
        let places: Vec<u32> = postcard::take_from_bytes(list).map(|(places, _)| places).unwrap_or_default();
        places.into_iter().filter_map(|place| self.record(place)).collect()
    }

    fn record(&self, place: u32) -> Option<Found> {
        let part = self.parts.iter().find(|part| (part.start..part.end).contains(&place))?;
        let (record, _) = postcard::take_from_bytes(self.records.as_ref().get(place as usize..)?).ok()?;
        Some(Found { source: part.source, as_of: Some(part.as_of), record })
    }
}
