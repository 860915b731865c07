//! One JSON document for a whole run.

use std::io::{self, Write};

use crate::report::list::List;
use crate::report::{FileReport, Output, Summary};

/// What stands before the findings: the version of the document's shape. Keys may be added within one version.
const HEAD: &str = "{\"schema\":1,\"findings\":[";

/// The format for scripts that read a whole run.
#[derive(Default)]
pub(super) struct Json(List);

impl Output for Json {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        file.rows.iter().try_for_each(|row| self.0.item(out, row))
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        out.write_all(b"],\n\"summary\":")?;
        serde_json::to_writer(&mut *out, summary)?;
        out.write_all(b"}\n")
    }
}
