//! `caveat baseline`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::baseline::{self, Comparison, Known};
use crate::cli::args::{Drafts, Evidence, Rules};
use crate::cli::config::Config;
use crate::cli::desk::Desk;
use crate::cli::error::Failure;
use crate::cli::globs::{absolute, relative};
use crate::cli::judge::Judged;
use crate::cli::setup::told as told_mistakes;
use crate::cli::sieve::{known, name, read, told};
use crate::cli::sink::Sink;
use crate::cli::{Exit, inputs, printed, say};
use crate::report::counted;

const EXAMPLES: &str = "\
Examples:
  caveat baseline                               take down what is found in the current folder
  caveat baseline blog/                         anew for some drafts; the others keep theirs
  caveat baseline --prune                       take out what has been mended since
  caveat baseline --check                       fail where something has been mended and is not taken out yet
  caveat lint --baseline caveat-baseline.json   tell only what is new

Write `baseline = \"caveat-baseline.json\"` into caveat.toml, and every run tells only what is new.";

/// Takes down what is found today in a file that you commit: `caveat lint` against it tells only what is new.
///
/// A finding is known again by its rule and the words of its sentence, not by its line; a second copy of the same sentence
/// is new. An article that gets another name is followed.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Baseline {
    #[command(flatten)]
    drafts: Drafts,

    /// The file [default: `baseline` of caveat.toml, else caveat-baseline.json beside caveat.toml]
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    baseline: Option<PathBuf>,

    /// Only take out what is no longer found
    #[arg(long, help_heading = "Output")]
    prune: bool,

    /// Write nothing, and fail where something in the file is no longer found
    #[arg(long, help_heading = "Output", conflicts_with = "prune")]
    check: bool,

    /// Leave out progress and notes
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,

    #[command(flatten)]
    rules: Rules,

    #[command(flatten)]
    evidence: Evidence,
}

/// What was found in an article.
struct Found {
    article: String,
    findings: Vec<Known>,
    /// Whether every question about it was answered.
    is_whole: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Baseline) -> Result<Exit, Failure> {
    let desk = Desk::set_up(&arguments.drafts, &arguments.rules, &arguments.evidence)?.map_err(told_mistakes)?;
    let path = path(arguments, &desk.config);
    let is_named = desk.config.baseline.is_some();
    let inputs::From::Paths(paths) = inputs::source(&arguments.drafts)? else {
        let what = "a baseline is of files, not of records on standard input".to_owned();
        return Err(Failure::Usage { what, help: "Name files or folders.".to_owned() });
    };
    let old = match arguments.prune || arguments.check || path.exists() {
        true => read(&path)?,
        false => baseline::Baseline::default(),
    };
    let (inputs, mut all_read) = inputs::gather(&paths, &arguments.drafts, &desk.config, &[], arguments.quiet)?;
    let mut found = Vec::new();
    let judged = desk.judge(&inputs, !arguments.quiet, &mut |judged| {
        match judged {
            Ok(Judged { report, .. }) => {
                let findings = report.rows.iter().map(known).collect();
                found.push(Found { article: name(&path, &report.path), findings, is_whole: report.unchecked == 0 });
            }
            Err(error) => all_read &= inputs::unread(&error),
        }
        Ok(())
    });
    judged.map_err(Failure::Write)?;
    let runs: BTreeSet<String> = old.rules().filter(|rule| desk.runs(rule)).cloned().collect();
    desk.finish(arguments.quiet)?;
    let exit = if arguments.prune || arguments.check {
        shrink(arguments, &path, old, (&found, &runs))?
    } else {
        take_down(&path, old, &found, (!arguments.drafts.paths.is_empty(), is_named, arguments.quiet))?
    };
    Ok(if all_read { exit } else { Exit::Unread })
}

fn path(arguments: &Baseline, config: &Config) -> PathBuf {
    let beside = || match &config.source {
        Some(source) => Path::new(source.name()).with_file_name(baseline::NAME),
        None => PathBuf::from(baseline::NAME),
    };
    arguments.baseline.clone().or_else(|| config.baseline.clone()).unwrap_or_else(beside)
}

fn is_there(baseline: &Path) -> impl Fn(&str) -> bool {
    let root = absolute(baseline).parent().unwrap_or(Path::new("/")).to_owned();
    move |name| root.join(name).exists()
}

/// Writes what was found for the articles that were judged, and keeps what was known of others that are still there.
fn take_down(
    path: &Path,
    old: baseline::Baseline,
    found: &[Found],
    (is_part, is_named, quiet): (bool, bool, bool),
) -> Result<Exit, Failure> {
    let mut new = old.clone();
    found.iter().for_each(|found| new.set(&found.article, &found.findings));
    let judged: BTreeSet<&str> = found.iter().map(|found| found.article.as_str()).collect();
    let is_there = is_there(path);
    // A part of the archive says nothing about articles that are elsewhere, whatever their names are now.
    new.retain(|article| is_part || judged.contains(article) || is_there(article));
    write(path, &new)?;
    if quiet {
        return Ok(Exit::Clean);
    }
    let shown = relative(&absolute(path));
    let (findings, articles) = (counted(new.findings(), "finding"), counted(new.articles(), "article"));
    let before = match old.findings() {
        0 => String::new(),
        before => format!(" ({before} before)"),
    };
    let mut text = format!("{shown}: {findings}{before} in {articles}. Commit it.\n");
    if !is_named {
        text += &format!("`caveat lint --baseline {shown}` tells only what is new, and so does every run with\n");
        text += &format!("`baseline = \"{}\"` in caveat.toml.\n", baseline::NAME);
    }
    printed(&text)
}

/// Takes out what was not found again, or tells it.
fn shrink(
    arguments: &Baseline,
    path: &Path,
    old: baseline::Baseline,
    (found, runs): (&[Found], &BTreeSet<String>),
) -> Result<Exit, Failure> {
    let mut run = Comparison::new(old.clone(), is_there(path));
    run.only(|rule| runs.contains(rule));
    for Found { article, findings, is_whole } in found {
        run.are_new(article, findings, *is_whole);
    }
    let gone = run.gone();
    let count = counted(gone.iter().map(|gone| gone.count).sum(), "finding");
    let shown = relative(&absolute(path));
    if gone.is_empty() {
        return printed(&format!("{shown}: nothing in it has been mended since.\n"));
    }
    let lines: String = gone.iter().map(|gone| told(gone) + "\n").collect();
    if arguments.check {
        printed(&format!("{shown}: {count} no longer there\n{lines}"))?;
        say("help: `caveat baseline --prune` takes them out. Commit the file.");
        return Ok(Exit::Findings);
    }
    write(path, &run.pruned(old))?;
    printed(&format!("{shown}: {count} taken out\n{lines}"))
}

fn write(path: &Path, baseline: &baseline::Baseline) -> Result<(), Failure> {
    let mut sink = Sink::open(Some(path))?;
    let failed = |source: io::Error| Failure::Output { path: path.to_owned(), source };
    sink.write_all(baseline.to_text().as_bytes()).map_err(failed)?;
    sink.close()
}
