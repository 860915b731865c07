//! A table for people in Markdown: the summary of a job, a comment on a change.

use std::io::{self, Write};

use crate::finding::Severity;
use crate::report::{FileReport, Output, Summary, counted, one_line};

/// Most findings that the table holds; a job's summary is limited to a megabyte.
const SHOWN: usize = 200;

/// The format for pages that read Markdown.
#[derive(Default)]
pub(super) struct Markdown {
    rows: usize,
}

impl Output for Markdown {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        for row in &file.rows {
            self.rows += 1;
            if self.rows > SHOWN {
                continue;
            }
            if self.rows == 1 {
                out.write_all(b"| | Where | What | Rule |\n|---|---|---|---|\n")?;
            }
            let sign = match row.severity {
                Severity::Error => "❌ error",
                Severity::Warning => "⚠️ warning",
                Severity::Info => "ℹ️ info",
            };
            let (place, line) = (escaped(&row.path), row.start.line);
            let help = row.help.iter().map(|help| format!("<br>{}", escaped(help))).collect::<String>();
            let (message, code, rule) = (escaped(&row.message), &row.code, &row.rule);
            writeln!(out, "| {sign} | {place}:{line} | {message}{help} | {code} {rule} |")?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let Summary { files, words, error, warning, info, unchecked, held_back, fixable: _ } = summary;
        if self.rows > SHOWN {
            writeln!(out, "\n{} more findings are left out here.", self.rows - SHOWN)?;
        }
        let counts = [counted(*error, "error"), counted(*warning, "warning"), counted(*info, "info")].join(", ");
        let (files, words) = (counted(*files, "file"), counted(*words, "word"));
        let held_back = match held_back {
            0 => String::new(),
            held_back => format!(" {} held back;", counted(*held_back, "finding")),
        };
        let unchecked = counted(*unchecked, "question");
        writeln!(out, "\n**{counts}** in {files} ({words});{held_back} {unchecked} unchecked.")
    }
}

/// Text that stays text, in a table too: no mark-up, no new cell.
pub(super) fn escaped(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '&' => cell.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '#' => {
                cell.push('\\');
                cell.push(c);
            }
            c => cell.push(c),
        }
    }
    cell
}
