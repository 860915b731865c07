//! GitLab's code quality report: a list of what its merge requests show beside the lines.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;
use crate::report::list::List;
use crate::report::{FileReport, Output, Row, Summary, one_line};

/// The format for the artifact `codequality`.
#[derive(Default)]
pub(super) struct GitLab(List);

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    fn of(row: &'a Row) -> Self {
        let severity = match row.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        };
        Self {
            description: format!("{}: {}", row.code, one_line(&row.message)),
            check_name: &row.rule,
            fingerprint: &row.fingerprint,
            severity,
            location: Location {
                path: row.path.strip_prefix("./").unwrap_or(&row.path),
                lines: Lines { begin: row.start.line, end: row.end.line },
            },
        }
    }
}

impl Output for GitLab {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        self.0.begin(out, "[")?;
        file.rows.iter().try_for_each(|row| self.0.item(out, &Issue::of(row)))
    }

    fn finish(&mut self, out: &mut dyn Write, _summary: &Summary) -> io::Result<()> {
        self.0.begin(out, "[")?;
        out.write_all(if self.0.is_empty() { b"]\n" } else { b"\n]\n" })
    }
}
