//! `caveat lint`.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::cli::args::{Colour, Lint, Writing};
use crate::cli::desk::Desk;
use crate::cli::error::{Failure, InputError};
use crate::cli::fix::{Fixed, Fixer, Made};
use crate::cli::judge::{Input, Judged};
use crate::cli::sieve::Sieve;
use crate::cli::sink::Sink;
use crate::cli::stdin::Record;
use crate::cli::{Exit, fix, inputs, nothing, say, show, stdin, watch};
use crate::finding::{Finding, Severity};
use crate::report::statistics::Statistics;
use crate::report::{FileReport, OUTPUTS, Output, Row, Style, Summary, output};
use crate::source::SourceFile;

/// Lints what the arguments name.
pub(super) fn run(arguments: &Lint) -> Result<Exit, Failure> {
    let mut desk = match Desk::set_up(&arguments.drafts, &arguments.rules, &arguments.evidence)? {
        Ok(desk) => desk,
        Err(wrong) => return refuse(format(arguments), &arguments.writing, wrong),
    };
    desk.articles = output(format(arguments), Style::default()).is_some_and(|output| output.shows_articles());
    if let Some(file) = &arguments.show_settings {
        return show::settings(arguments, &desk, file);
    }
    match inputs::source(&arguments.drafts)? {
        inputs::From::Records => records(arguments, desk),
        inputs::From::Paths(paths) if arguments.watch => watch::run(arguments, &paths, desk),
        inputs::From::Paths(paths) => at(arguments, &paths, desk),
    }
}

/// Lints files and folders at a desk.
pub(super) fn at(arguments: &Lint, paths: &[PathBuf], desk: Desk) -> Result<Exit, Failure> {
    let exit = drafts(arguments, paths, &desk)?;
    desk.finish(arguments.writing.quiet)?;
    Ok(exit)
}

/// Answers records on standard input.
fn records(arguments: &Lint, desk: Desk) -> Result<Exit, Failure> {
    fix::refuse_records(arguments)?;
    let mut sink = Sink::open(arguments.writing.output.as_deref())?;
    let (mut summary, quiet) = (Summary::default(), arguments.writing.quiet);
    let mut answer = |records: Vec<Record>| findings(&desk, &records, !quiet, &mut summary);
    let all_read = stdin::records(io::stdin().lock(), &mut sink, &mut answer)?;
    close(sink)?;
    let exit = exit(&summary, !all_read, fail_on(arguments, &desk));
    desk.finish(quiet)?;
    Ok(exit)
}

fn fail_on(arguments: &Lint, desk: &Desk) -> Severity {
    arguments.fail_on.or(desk.config.fail_on).unwrap_or(Severity::Error)
}

/// The format that was asked for, or that the place asks for.
fn format(arguments: &Lint) -> &str {
    let in_workflow = || std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true");
    match &arguments.format {
        Some(format) => format,
        None if arguments.writing.output.is_none() && in_workflow() => "github",
        None => OUTPUTS[0].0,
    }
}

/// The answer to a record.
#[derive(Serialize)]
struct Reply<'a> {
    id: &'a Value,
    findings: &'a [Row],
}

/// The findings of each record, as its answer.
fn findings(desk: &Desk, records: &[Record], progress: bool, summary: &mut Summary) -> io::Result<Vec<Box<RawValue>>> {
    let inputs: Vec<Input> = records.iter().map(|record| Input::Text(record.source())).collect();
    let mut answers = Vec::with_capacity(records.len());
    desk.judge(&inputs, progress, &mut |judged| {
        let report = judged.map(|judged| judged.report).unwrap_or_default();
        summary.add(&report);
        answers.push(to_raw_value(&Reply { id: &records[answers.len()].id, findings: &report.rows })?);
        Ok(())
    })?;
    Ok(answers)
}

/// Lints files, folders and at most one document on standard input.
fn drafts(arguments: &Lint, paths: &[PathBuf], desk: &Desk) -> Result<Exit, Failure> {
    let (format, quiet) = (format(arguments), arguments.writing.quiet);
    let mut fixer = Fixer::of(arguments, paths)?;
    let mut run = Run::open(format, &arguments.writing)?;
    if arguments.statistics {
        run.output = statistics(format)?;
    }
    match &fixer {
        // A difference is all that is to be read.
        Some(fixer) if fixer.is_dry() => run.output = Box::new(Silent),
        // Standard output is for the text.
        Some(_) if arguments.writing.output.is_none() && is_stdin(paths) => run.sink = Sink::errors(),
        _ => {}
    }
    run.output.about(desk.linter.rules().rules());
    run.summarise_job(format)?;
    let mut sieve = Sieve::of(arguments, desk)?;
    let writes = [arguments.writing.output.as_deref(), arguments.evidence.changes.as_deref()];
    let (mut inputs, all_read) = inputs::gather(paths, &arguments.drafts, &desk.config, &writes, quiet)?;
    run.unread = !all_read;
    if run.unread {
        run.output.unread("some inputs could not be read; the messages of the run name them");
    }
    if arguments.show_files {
        sieve.leave_out(&mut inputs, true);
        return show::files(&inputs, all_read);
    }
    if inputs.is_empty() && !run.unread {
        nothing::tell(paths, &desk.config);
    } else if !quiet {
        let drafts: Vec<&Path> = inputs.iter().map(Input::path).collect();
        nothing::tell_unused(paths, &drafts, &desk.config);
    }
    sieve.leave_out(&mut inputs, quiet);
    let mut input = inputs.iter();
    let done = desk.judge(&inputs, !quiet, &mut |judged| {
        let input = input.next();
        match (&mut fixer, input, judged) {
            (Some(fixer), Some(input), Ok(judged)) => run.mended(fixer.mend(desk, input, judged, &mut sieve)),
            (_, _, judged) => run.judged(judged.map(|judged| Judged { report: sieve.sift(judged.report), ..judged })),
        }
    });
    run.summary.held_back = sieve.held_back();
    let done = done.and_then(|()| run.finish());
    if !quiet {
        sieve.tell();
        fixer.iter().for_each(Fixer::tell);
    }
    match done {
        Ok(()) => close(run.sink)?,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(Failure::Write(error)),
    }
    Ok(match fixer {
        Some(fixer) if fixer.is_dry() && !run.unread => fixer.exit(),
        _ => exit(&run.summary, run.unread, fail_on(arguments, desk)),
    })
}

/// A report that is being written.
struct Run {
    sink: Sink,
    /// The page on which GitHub shows how a job went, where there is one.
    job: Option<(std::fs::File, Box<dyn Output>)>,
    output: Box<dyn Output>,
    summary: Summary,
    /// Whether an input could not be read.
    unread: bool,
    quiet: bool,
}

impl Run {
    fn open(format: &str, writing: &Writing) -> Result<Self, Failure> {
        let usage = || Failure::Usage { what: "there is no such format".to_owned(), help: String::new() };
        let output = output(format, style(writing)).ok_or_else(usage)?;
        let sink = Sink::open(writing.output.as_deref())?;
        Ok(Self { sink, job: None, output, summary: Summary::default(), unread: false, quiet: writing.quiet })
    }

    /// Also writes to the page of the job that runs this, as GitHub Actions names it.
    fn summarise_job(&mut self, format: &str) -> Result<(), Failure> {
        let page = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|page| format == "github" && !page.is_empty());
        let (Some(page), Some(output)) = (page, output("markdown", Style::default())) else { return Ok(()) };
        let file = std::fs::OpenOptions::new().create(true).append(true).open(page).map_err(Failure::Write)?;
        self.job = Some((file, output));
        Ok(())
    }

    fn judged(&mut self, judged: Result<Judged, InputError>) -> io::Result<()> {
        match judged {
            Ok(Judged { report, note }) => {
                self.note(note);
                self.summary.add(&report);
                if let Some((page, output)) = &mut self.job {
                    output.file(page, &report)?;
                }
                self.output.file(&mut self.sink, &report)
            }
            Err(error) => {
                self.output.unread(&error.to_string());
                self.unread |= !inputs::unread(&error);
                Ok(())
            }
        }
    }

    /// Writes what is left of a draft after its fixes, and what was made of it where no file was changed.
    fn mended(&mut self, fixed: Result<Fixed, InputError>) -> io::Result<()> {
        let Fixed { judged, made } = match fixed {
            Ok(fixed) => fixed,
            Err(error) => return self.judged(Err(error)),
        };
        match made {
            Made::Rewritten => {}
            Made::Refused => self.unread = true,
            Made::Difference(diff) => self.sink.write_all(diff.as_bytes())?,
            Made::Text(text) => io::stdout().lock().write_all(text.as_bytes())?,
        }
        self.judged(Ok(judged))
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some((page, output)) = &mut self.job {
            output.finish(page, &self.summary)?;
        }
        self.output.finish(&mut self.sink, &self.summary)?;
        self.sink.flush()
    }

    fn note(&self, note: Option<String>) {
        if let Some(note) = note.filter(|_| !self.quiet) {
            say(&note);
        }
    }
}

/// Writes nothing of a report.
struct Silent;

impl Output for Silent {
    fn file(&mut self, _: &mut dyn Write, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Write, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

/// Counts in a format that has a form for them.
fn statistics(format: &str) -> Result<Box<dyn Output>, Failure> {
    match format {
        "terminal" | "concise" | "github" | "json" => Ok(Box::new(Statistics::new(format == "json"))),
        _ => {
            let what = format!("--statistics are not written as {format}");
            Err(Failure::Usage { what, help: "Use --format json, or none.".to_owned() })
        }
    }
}

fn is_stdin(paths: &[PathBuf]) -> bool {
    paths.iter().any(|path| path.as_os_str() == "-")
}

/// Says what is wrong in configuration or rule packs, in the format asked for, and lints nothing.
pub(super) fn refuse(format: &str, writing: &Writing, wrong: Vec<(SourceFile, Vec<Finding>)>) -> Result<Exit, Failure> {
    // No summary: there is nothing that it could be about.
    let mut run = Run::open(format, &Writing { quiet: true, ..writing.clone() })?;
    let name = wrong.first().map(|(source, _)| source.name().to_owned()).unwrap_or_default();
    run.output.unread(&format!("{name} cannot be used, so nothing was linted"));
    let mut written = Ok(());
    for (source, findings) in wrong {
        let report = FileReport::new(&source, findings, 0, 0);
        written = written.and_then(|()| run.judged(Ok(Judged { report, note: None })));
    }
    match written.and_then(|()| run.finish()) {
        Ok(()) => close(run.sink)?,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(Failure::Write(error)),
    }
    Err(Failure::WrongConfig { path: name, so: "nothing was linted" })
}

pub(super) fn close(sink: Sink) -> Result<(), Failure> {
    match sink.close() {
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        closed => closed,
    }
}

fn exit(summary: &Summary, unread: bool, fail_on: Severity) -> Exit {
    match (unread, summary.reaches(fail_on)) {
        (true, _) => Exit::Unread,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    }
}

/// Colours and width of whoever reads.
pub(super) fn style(arguments: &Writing) -> Style {
    let is_terminal = arguments.output.is_none() && io::stdout().is_terminal();
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let colour = match arguments.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => is_terminal && !is_set("NO_COLOR") && !is_dumb,
    };
    let measured = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
    Style { colour, width: measured.unwrap_or(Style::default().width).min(160), quiet: arguments.quiet }
}
