//! One file that holds the results for many drafts: written whole, read whole, each result taken out on its own.
//!
//! Ten thousand small files would take longer to open than their drafts take to be told unchanged.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::cli::error::Failure;
use crate::cli::sink::Sink;
use crate::compiled;

use super::seen::Seen;

/// How the file starts. The number counts its layouts.
const MARK: &[u8; 18] = b"caveat results 1\r\n";
/// The mark, what the results depend on, and the checksum of the rest, which starts with the length of the index.
const HEAD: usize = MARK.len() + 16 + 8;

/// Where a draft's result stands, and for which draft it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// How the file looked when it was judged.
    pub(super) seen: Seen,
    /// The hash of its text.
    pub(super) text: u128,
    start: usize,
    len: usize,
}

/// Results by the names of their drafts.
#[derive(Debug, Default)]
pub(super) struct Packed {
    bytes: Vec<u8>,
    entries: HashMap<String, Entry, FxBuildHasher>,
    base: usize,
}

impl Packed {
    /// Reads a file that was written for the same `stamp`; anything else, whatever happened to it, holds nothing.
    pub(super) fn read(path: &Path, stamp: u128) -> Self {
        fs::read(path).ok().and_then(|bytes| Self::parse(bytes, stamp)).unwrap_or_default()
    }

    fn parse(bytes: Vec<u8>, stamp: u128) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD)?;
        let (mark, head) = head.split_at(MARK.len());
        let (of, head) = head.split_at(16);
        let is_ours = mark == MARK && of == stamp.to_le_bytes() && head == xxh3_64(rest).to_le_bytes();
        let (len, rest) = rest.split_at_checked(8).filter(|_| is_ours)?;
        let len = usize::try_from(u64::from_le_bytes(len.try_into().ok()?)).ok()?;
        let entries: Vec<(String, Entry)> = compiled::from_bytes(rest.get(..len)?).ok()?;
        Some(Self { entries: entries.into_iter().collect(), base: HEAD + 8 + len, bytes })
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.entries.keys()
    }

    /// The bytes of a result.
    pub(super) fn result(&self, entry: &Entry) -> Option<&[u8]> {
        let start = self.base.checked_add(entry.start)?;
        self.bytes.get(start..start.checked_add(entry.len)?)
    }
}

/// A result that is to be written: for which draft, and its bytes.
pub(super) struct Held<'a> {
    pub(super) name: &'a str,
    pub(super) seen: Seen,
    pub(super) text: u128,
    pub(super) bytes: &'a [u8],
}

/// Writes results under the name `path`. Another program that reads it sees the old file or the new one, never half.
pub(super) fn write(path: &Path, stamp: u128, results: &[Held<'_>]) -> Result<(), Failure> {
    let failed = |source| Failure::Output { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut start = 0;
    let entries = results.iter().map(|result| {
        let entry = Entry { seen: result.seen, text: result.text, start, len: result.bytes.len() };
        start += entry.len;
        (result.name, entry)
    });
    let entries: Vec<(&str, Entry)> = entries.collect();
    let index = compiled::to_bytes(&entries).map_err(|error| failed(std::io::Error::other(error)))?;
    let mut rest = Vec::with_capacity(8 + index.len() + start);
    rest.extend_from_slice(&(index.len() as u64).to_le_bytes());
    rest.extend_from_slice(&index);
    results.iter().for_each(|result| rest.extend_from_slice(result.bytes));
    let mut sink = Sink::open(Some(path))?;
    let parts: [&[u8]; 4] = [MARK, &stamp.to_le_bytes(), &xxh3_64(&rest).to_le_bytes(), &rest];
    parts.iter().try_for_each(|part| sink.write_all(part)).map_err(failed)?;
    sink.close()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("deep/er/x.bin");
        let result = |name, bytes| Held { name, seen: Seen::default(), text: 7, bytes };
        write(&path, 1, &[result("a.md", b"first"), result("b.md", b""), result("c.md", b"last")]).unwrap();
        path
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let packed = Packed::read(&written(folder.path()), 1);
        let of = |name: &str| packed.entry(name).and_then(|entry| packed.result(entry));
        assert_eq!(of("a.md"), Some(&b"first"[..]));
        assert_eq!(of("b.md"), Some(&b""[..]));
        assert_eq!(of("c.md"), Some(&b"last"[..]));
        assert_eq!(of("d.md"), None);
    }

    #[test]
    fn what_is_of_another_stamp_cut_short_or_damaged_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path());
        assert_eq!(Packed::read(&path, 2).names().count(), 0);
        let whole = fs::read(&path).unwrap();
        for end in 0..whole.len() {
            assert!(Packed::parse(whole[..end].to_vec(), 1).is_none(), "{end}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x20;
            assert!(Packed::parse(damaged, 1).is_none(), "{at}");
        }
        assert_eq!(Packed::read(&folder.path().join("none"), 1).names().count(), 0);
    }
}
