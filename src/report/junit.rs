//! JUnit's XML, which every build server reads: a suite a file, a failed case a finding.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::report::list::List;
use crate::report::{FileReport, Output, Row, Summary, one_line};

/// The format for build servers.
#[derive(Default)]
pub(super) struct JUnit(List);

/// What stands before the suites.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"caveat\">\n";

impl Output for JUnit {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        let (path, failures) = (escaped(&file.path), file.rows.len());
        let tests = failures.max(1);
        writeln!(out, "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
        if file.rows.is_empty() {
            writeln!(out, "    <testcase name=\"nothing found\" classname=\"{path}\"/>")?;
        }
        for row in &file.rows {
            case(out, row)?;
        }
        writeln!(out, "  </testsuite>")
    }

    fn finish(&mut self, out: &mut dyn Write, _summary: &Summary) -> io::Result<()> {
        self.0.begin(out, HEAD)?;
        out.write_all(b"</testsuites>\n")
    }
}

fn case(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    let (path, line, column) = (escaped(&row.path), row.start.line, row.start.column);
    writeln!(
        out,
        "    <testcase name=\"{} {} at {line}:{column}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\">",
        escaped(&row.code),
        escaped(&row.rule),
    )?;
    write!(out, "      <failure type=\"{}\" message=\"{}\">", row.severity, escaped(&row.message))?;
    write!(out, "{path}:{line}:{column}: {}", escaped(&row.excerpt))?;
    if let Some(help) = &row.help {
        write!(out, "\n{}", escaped(help))?;
    }
    writeln!(out, "</failure>\n    </testcase>")
}

/// Text as XML holds it. Control characters have no place in XML 1.0.
fn escaped(text: &str) -> String {
    let parts = one_line(text);
    let mut escaped = String::with_capacity(parts.len());
    for c in parts.chars() {
        let part: Cow<'_, str> = match c {
            '&' => "&amp;".into(),
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            '"' => "&quot;".into(),
            '\u{FFFE}' | '\u{FFFF}' => "\u{FFFD}".into(),
            c => c.to_string().into(),
        };
        escaped.push_str(&part);
    }
    escaped
}
