//! One line a finding, as compilers write them: `path:line:column: severity CODE message [pack/rule]`.

use std::io::{self, Write};

use crate::report::{FileReport, Output, Summary, one_line};

/// The format for editors' error lists, grep and quick looks.
pub(super) struct Concise;

impl Output for Concise {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        for row in &file.rows {
            let path = one_line(&row.path);
            let (line, column) = (row.start.line, row.start.column);
            let message = one_line(&row.message);
            writeln!(out, "{path}:{line}:{column}: {} {} {message} [{}]", row.severity, row.code, row.rule)?;
        }
        Ok(())
    }

    fn finish(&mut self, _out: &mut dyn Write, _summary: &Summary) -> io::Result<()> {
        Ok(())
    }
}
