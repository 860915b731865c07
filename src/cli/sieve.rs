//! Which findings are told: those that are new.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::baseline::{Baseline, Comparison, Known};
use crate::cli::args::Lint;
use crate::cli::desk::Desk;
use crate::cli::diff::Changes;
use crate::cli::error::Failure;
use crate::cli::globs::{absolute, relative};
use crate::cli::judge::Input;
use crate::cli::say;
use crate::report::{FileReport, Row, counted, one_line};

/// Holds findings back.
#[derive(Clone, Default)]
pub(super) struct Sieve {
    baseline: Option<Against>,
    changes: Option<Arc<Changes>>,
    on_old_lines: usize,
}

/// A baseline, and how findings fare against it.
#[derive(Clone)]
struct Against {
    path: PathBuf,
    run: Comparison,
}

/// So many findings that are gone are named.
const MOST_GONE: usize = 3;

impl Sieve {
    /// What arguments and configuration ask for.
    pub(super) fn of(arguments: &Lint, desk: &Desk) -> Result<Self, Failure> {
        let path = arguments.baseline.as_ref().or(desk.config.baseline.as_ref());
        let against = |path: &PathBuf| {
            let baseline = read(path)?;
            let is_there = |name: &str| root(path).join(name).exists();
            let mut run = Comparison::new(baseline, is_there);
            run.only(|rule| desk.runs(rule));
            Ok(Against { run, path: path.clone() })
        };
        let baseline = path.map(against).transpose()?;
        let changes = arguments.diff.as_deref().map(Changes::since).transpose()?.map(Arc::new);
        Ok(Self { baseline, changes, on_old_lines: 0 })
    }

    /// Leaves out inputs that have not changed at all.
    pub(super) fn leave_out(&self, inputs: &mut Vec<Input>, quiet: bool) {
        let Some(changes) = &self.changes else { return };
        let some = !inputs.is_empty();
        inputs.retain(|input| changes.touch(input));
        if some && inputs.is_empty() && !quiet {
            say(&format!("note: no draft has changed since {}", changes.base()));
        }
    }

    /// The report with what is to be told.
    pub(super) fn sift(&mut self, mut report: FileReport) -> FileReport {
        if let Some(Against { path, run }) = &mut self.baseline {
            let known: Vec<Known> = report.rows.iter().map(known).collect();
            let mut are_new = run.are_new(&name(path, &report.path), &known, report.unchecked == 0).into_iter();
            report.rows.retain(|_| are_new.next().unwrap_or(true));
        }
        if let Some(changes) = self.changes.as_deref().filter(|_| !report.rows.is_empty()) {
            let before = report.rows.len();
            let mut are_touched = changes.are_touched(&report.path, &report.rows).into_iter();
            report.rows.retain(|_| are_touched.next().unwrap_or(true));
            self.on_old_lines += before - report.rows.len();
        }
        report
    }

    /// How many findings were held back.
    pub(super) fn held_back(&self) -> usize {
        self.on_old_lines + self.baseline.as_ref().map_or(0, |against| against.run.held_back())
    }

    /// Tells what of the baseline was not found again.
    pub(super) fn tell(&self) {
        let Some(Against { path, run }) = &self.baseline else { return };
        let gone = run.gone();
        let count: usize = gone.iter().map(|gone| gone.count).sum();
        if count > 0 {
            let (path, of_it) = (relative(&absolute(path)), counted(count, "finding"));
            say(&format!("note: {of_it} of {path} {} no longer there:", if count == 1 { "is" } else { "are" }));
            gone.iter().take(MOST_GONE).for_each(|gone| say(&told(gone)));
            if gone.len() > MOST_GONE {
                say(&format!("  and {} more", gone.len() - MOST_GONE));
            }
            say("  help: `caveat baseline --prune` takes them out, so that they do not come back unseen.");
        }
    }
}

/// A finding that is gone, in a line.
pub(super) fn told(gone: &crate::baseline::Gone) -> String {
    let words = one_line(&gone.words);
    let words = if words.is_empty() { String::new() } else { format!(": {words}") };
    let times = if gone.count == 1 { String::new() } else { format!(" (×{})", gone.count) };
    format!("  {} {}{times}{words}", one_line(&gone.path), gone.rule)
}

/// Reads a baseline that must be there.
pub(super) fn read(path: &Path) -> Result<Baseline, Failure> {
    let failed = |why: String| Failure::Baseline { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    Baseline::parse(&text).map_err(|error| failed(error.to_string()))
}

/// The folder that a baseline's paths are relative to: its own.
fn root(baseline: &Path) -> PathBuf {
    absolute(baseline).parent().unwrap_or(Path::new("/")).to_owned()
}

/// An article's name in a baseline: its path from there, the same on every machine.
pub(super) fn name(baseline: &Path, article: &str) -> String {
    let (root, article) = (root(baseline), absolute(Path::new(article)));
    let shared = root.components().zip(article.components()).take_while(|(a, b)| a == b).count();
    let up = root.components().skip(shared).map(|_| "..".to_owned());
    let down = article.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// A finding as a baseline knows it.
pub(super) fn known(row: &Row) -> Known {
    Known {
        rule: row.rule.clone(),
        fingerprint: row.fingerprint.clone(),
        words: row.excerpt.clone(),
        has_words: row.start.offset != row.end.offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_named_from_the_baseline_on() {
        assert_eq!(name(Path::new("/site/b.json"), "/site/blog/./a.md"), "blog/a.md");
        assert_eq!(name(Path::new("/site/lint/b.json"), "/site/blog/a.md"), "../blog/a.md");
    }
}
