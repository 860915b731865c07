//! Claims for scripts: one JSON document for a run, or one line a file.

use std::io::{self, Write};

use super::{ClaimOutput, ClaimsReport};
use crate::report::list::List;

/// `{"schema":1,"files":[…]}`, written as it goes.
#[derive(Default)]
pub(super) struct Json(List);

/// What stands before the files: the version of the document's shape. Keys may be added within one version.
const HEAD: &str = "{\"schema\":1,\"files\":[";

impl ClaimOutput for Json {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        self.0.item(out, file)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
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
