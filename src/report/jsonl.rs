//! JSON Lines: one finding a line, as soon as its file is judged.

use std::io::{self, Write};

use crate::report::{FileReport, Output, Summary};

/// The format for scripts that read along.
pub(super) struct JsonLines;

impl Output for JsonLines {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        for row in &file.rows {
            serde_json::to_writer(&mut *out, row)?;
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    fn finish(&mut self, _out: &mut dyn Write, _summary: &Summary) -> io::Result<()> {
        Ok(())
    }
}
