//! Workflow commands of GitHub Actions: an annotation a finding, at its words in the changed files.
//!
//! GitHub shows ten annotations of each level in a step and drops the rest without a word. What is beyond that is written
//! as plain lines of the log, so that nothing is lost, and the last annotation says how many there are.

use std::io::{self, Write};

use crate::finding::Severity;
use crate::report::{FileReport, Output, Row, Summary, counted, one_line};

/// Annotations of one level that a step shows.
const SHOWN: usize = 10;

/// The format for a step of a workflow.
#[derive(Default)]
pub(super) struct GitHub {
    /// Findings so far: errors, warnings, infos.
    counts: [usize; 3],
}

impl Output for GitHub {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        for row in &file.rows {
            let (level, count) = match row.severity {
                Severity::Error => ("error", &mut self.counts[0]),
                Severity::Warning => ("warning", &mut self.counts[1]),
                Severity::Info => ("notice", &mut self.counts[2]),
            };
            *count += 1;
            if *count <= SHOWN { annotate(out, level, row)? } else { plain(out, level, row)? }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let beyond: usize = self.counts.iter().map(|count| count.saturating_sub(SHOWN)).sum();
        let Summary { files, error, warning, info, unchecked, .. } = summary;
        let found = [counted(*error, "error"), counted(*warning, "warning"), counted(*info, "info")].join(", ");
        let all = format!("{found} in {}; {unchecked} unchecked", counted(*files, "file"));
        match beyond {
            0 => writeln!(out, "caveat: {all}"),
            _ => writeln!(out, "::notice title=caveat::{all}. {beyond} findings are in the log of this step alone."),
        }
    }
}

fn annotate(out: &mut dyn Write, level: &str, row: &Row) -> io::Result<()> {
    let (path, title) = (property(&row.path), property(&format!("{} {}", row.code, row.rule)));
    write!(out, "::{level} file={path},line={},endLine={}", row.start.line, row.end.line)?;
    // Columns belong to one line: over several the words of all lines are meant.
    if row.start.line == row.end.line {
        write!(out, ",col={},endColumn={}", row.start.column, row.end.column)?;
    }
    writeln!(out, ",title={title}::{}", data(&row.said()))
}

fn plain(out: &mut dyn Write, level: &str, row: &Row) -> io::Result<()> {
    let (path, message) = (one_line(&row.path), one_line(&row.message));
    // What starts a line must not be taken for a command.
    writeln!(out, "  {path}:{}:{}: {level} {} {message}", row.start.line, row.start.column, row.code)
}

/// The part behind `::`, where line ends must not end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&one_line(text)).replace(':', "%3A").replace(',', "%2C")
}
