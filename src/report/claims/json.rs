//! Claims for scripts: one JSON document for a run, or one line a file.

use std::io::{self, Write};

use super::{ClaimOutput, ClaimsReport};

/// The version of the document's shape; keys may be added within one version.
const SCHEMA: u32 = 1;

/// `{"schema":1,"files":[…]}`, written as it goes.
#[derive(Default)]
pub(super) struct Json {
    files: usize,
}

impl Json {
    fn begin(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.files == 0 { write!(out, "{{\"schema\":{SCHEMA},\"files\":[") } else { Ok(()) }
    }
}

impl ClaimOutput for Json {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(if self.files == 0 { b"\n" } else { b",\n" })?;
        self.files += 1;
        Ok(serde_json::to_writer(&mut *out, file)?)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(b"]}\n")
    }
}

/// One file a line, as soon as it is read.
pub(super) struct JsonLines;

impl ClaimOutput for JsonLines {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        serde_json::to_writer(&mut *out, file)?;
        out.write_all(b"\n")?;
        out.flush()
    }

    fn finish(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
