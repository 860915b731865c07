//! reviewdog's diagnostic format: findings with the words to put instead, for its comments on changes.

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::Severity;
use crate::report::list::List;
use crate::report::{FileReport, Output, Point, Row, Summary};

/// The format for `reviewdog -f=rdjson`.
#[derive(Default)]
pub(super) struct ReviewDog(List);

/// What stands before the findings.
const HEAD: &str = "{\"source\":{\"name\":\"caveat\"},\"diagnostics\":[";

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// A place; reviewdog counts columns in UTF-8 bytes.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

impl Range {
    fn of(start: Point, end: Point) -> Self {
        let position = |point: Point| Position { line: point.line, column: point.bytes };
        Self { start: position(start), end: position(end) }
    }
}

impl<'a> Diagnostic<'a> {
    fn of(row: &'a Row) -> Self {
        let severity = match row.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        };
        let fix = row.fix.iter();
        Self {
            message: row.said(),
            location: Location { path: &row.path, range: Range::of(row.start, row.end) },
            severity,
            code: Code { value: &row.code, url: row.url.as_deref() },
            suggestions: fix.map(|f| Suggestion { range: Range::of(f.start, f.end), text: &f.replacement }).collect(),
        }
    }
}

impl Output for ReviewDog {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        file.rows.iter().try_for_each(|row| self.0.item(out, &Diagnostic::of(row)))
    }

    fn finish(&mut self, out: &mut dyn Write, _summary: &Summary) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        out.write_all(b"]}\n")
    }
}
