//! One JSON document for a whole run. Written as it goes, so that an archive's findings are never all in memory.

use std::io::{self, Write};

use crate::report::{FileReport, Output, Summary};

/// The version of the document's shape; keys may be added within one version.
const SCHEMA: u32 = 1;

/// The format for scripts that read a whole run.
#[derive(Default)]
pub(super) struct Json {
    begun: bool,
    rows: bool,
}

impl Json {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        write!(out, "{{\"schema\":{SCHEMA},\"findings\":[")
    }
}

impl Output for Json {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        self.begin(out)?;
        for row in &file.rows {
            out.write_all(if self.rows { b",\n" } else { b"\n" })?;
            self.rows = true;
            serde_json::to_writer(&mut *out, row)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(b"],\n\"summary\":")?;
        serde_json::to_writer(&mut *out, summary)?;
        out.write_all(b"}\n")
    }
}
