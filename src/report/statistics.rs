//! How often each rule speaks, instead of what it says.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Applicability, Severity};
use crate::report::{FileReport, Output, Summary, counted};

/// The counts, written when the last file is counted.
pub struct Statistics {
    as_json: bool,
    rules: BTreeMap<(String, String), Count>,
}

/// How often one rule speaks.
#[derive(Clone, Copy, Default, Serialize)]
struct Count {
    findings: usize,
    files: usize,
    error: usize,
    warning: usize,
    info: usize,
    fixable: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    rule: &'a str,
    #[serde(flatten)]
    count: Count,
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    rules: Vec<Line<'a>>,
    summary: &'a Summary,
}

impl Statistics {
    /// Counts as a table, or as JSON.
    pub fn new(as_json: bool) -> Self {
        Self { as_json, rules: BTreeMap::new() }
    }

    /// The rules, the most frequent first.
    fn lines(&self) -> Vec<Line<'_>> {
        let lines = self.rules.iter().map(|((code, rule), count)| Line { code, rule, count: *count });
        let mut lines: Vec<Line<'_>> = lines.collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.count.findings));
        lines
    }

    fn table(&self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let lines = self.lines();
        let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let number = wide(&mut lines.iter().map(|line| line.count.findings.to_string().len()));
        let code = wide(&mut lines.iter().map(|line| line.code.len()));
        let rule = wide(&mut lines.iter().map(|line| line.rule.len()));
        for Line { code: its_code, rule: its_rule, count } in &lines {
            let Count { findings, files, error, warning, info, fixable } = count;
            let by = [(error, "error"), (warning, "warning"), (info, "info")];
            let by = by.into_iter().filter(|(count, _)| **count > 0).map(|(count, one)| match *findings == *count {
                true => one.to_owned(),
                false => counted(*count, one),
            });
            let by = by.collect::<Vec<_>>().join(", ");
            let fix = if *fixable > 0 { format!(", {fixable} with a fix") } else { String::new() };
            let files = counted(*files, "file");
            writeln!(out, "{findings:>number$}  {its_code:<code$}  {its_rule:<rule$}  {by} in {files}{fix}")?;
        }
        let all: usize = lines.iter().map(|line| line.count.findings).sum();
        let (all, rules) = (counted(all, "finding"), counted(lines.len(), "rule"));
        let held_back = match summary.held_back {
            0 => String::new(),
            count => format!("; {} held back", counted(count, "finding")),
        };
        let between = if lines.is_empty() { "" } else { "\n" };
        writeln!(out, "{between}{all} of {rules} in {}{held_back}", counted(summary.files, "file"))
    }
}

impl Output for Statistics {
    fn file(&mut self, _: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        let mut in_file: BTreeMap<&str, ()> = BTreeMap::new();
        for row in &file.rows {
            let count = self.rules.entry((row.code.clone(), row.rule.clone())).or_default();
            count.findings += 1;
            count.files += usize::from(in_file.insert(&row.code, ()).is_none());
            count.fixable += usize::from(row.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe));
            *match row.severity {
                Severity::Error => &mut count.error,
                Severity::Warning => &mut count.warning,
                Severity::Info => &mut count.info,
            } += 1;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        if !self.as_json {
            return self.table(out, summary);
        }
        serde_json::to_writer_pretty(&mut *out, &Whole { schema: 1, rules: self.lines(), summary })?;
        writeln!(out)
    }
}
