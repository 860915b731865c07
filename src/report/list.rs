//! A list that is written as it goes, so that an archive's findings are never all in memory.

use std::io::{self, Write};

use serde::Serialize;

/// How far a document with a list in it is written.
#[derive(Default)]
pub(super) struct List {
    begun: bool,
    items: bool,
}

impl List {
    /// Writes what stands before the first item, unless it is there.
    pub(super) fn begin(&mut self, out: &mut dyn Write, head: &str) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) { Ok(()) } else { out.write_all(head.as_bytes()) }
    }

    /// Writes one more item as JSON, on a line of its own.
    pub(super) fn item(&mut self, out: &mut dyn Write, item: &impl Serialize) -> io::Result<()> {
        out.write_all(if std::mem::replace(&mut self.items, true) { b",\n" } else { b"\n" })?;
        Ok(serde_json::to_writer(&mut *out, item)?)
    }

    /// Whether it has no item yet.
    pub(super) fn is_empty(&self) -> bool {
        !self.items
    }
}
