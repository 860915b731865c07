//! `caveat claims`.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::assertion::Assertion;
use crate::checks::{citations, dates, records};
use crate::cli::args::Claims;
use crate::cli::ask::Asker;
use crate::cli::error::{Failure, InputError};
use crate::cli::inputs::{From, gather, source, start_threads, unread};
use crate::cli::judge::{Asked, Input, Step, ask, in_rounds, open, open_of};
use crate::cli::lint::{close, refuse, style};
use crate::cli::sink::Sink;
use crate::cli::stdin::Record;
use crate::cli::{Exit, imported, say, sheet, stdin};
use crate::document::Document;
use crate::evidence::Answers;
use crate::evidence::searches::{Searched, Searches};
use crate::reading::Reading;
use crate::report::claims::{ClaimsReport, SentenceRow, output};
use crate::rules::RuleSet;
use crate::settings::Settings;
use crate::verdicts::Judge;

/// Lists what drafts claim.
pub(super) fn run(arguments: &Claims) -> Result<Exit, Failure> {
    start_threads(&arguments.drafts);
    let (config, knowledge) = match arguments.drafts.origin.base()? {
        Ok(base) => base,
        Err(wrong) => return refuse("terminal", &arguments.writing, wrong),
    };
    let imported = imported::of(&config, &arguments.drafts, &arguments.evidence)?;
    let asker = Asker::of(&arguments.evidence, &config)?.with_imported(imported);
    let mut rules = RuleSet::builtin_knowing(knowledge);
    imported.iter().for_each(|imported| rules.import(imported));
    let reader = Reader {
        rules: &rules,
        asker: &asker,
        today: arguments.evidence.today(),
        explain: arguments.explain,
        progress: !arguments.writing.quiet,
    };
    let mut sink = Sink::open(arguments.writing.output.as_deref())?;
    let all_read = match source(&arguments.drafts)? {
        From::Records => {
            let mut answer = |records: Vec<Record>| reader.replies(&records);
            let all_read = stdin::records(io::stdin().lock(), &mut sink, &mut answer)?;
            close(sink)?;
            all_read
        }
        From::Paths(paths) => {
            let writes = [arguments.writing.output.as_deref(), arguments.evidence.changes.as_deref()];
            let (inputs, mut all_read) = gather(&paths, &arguments.drafts, &config, &writes, arguments.writing.quiet)?;
            let written = match &arguments.sheet {
                Some(path) => sheet::write(path, arguments, &reader, &inputs)?,
                None => write(arguments, &reader, &inputs, &mut sink),
            };
            match written {
                Ok(wrote_all) => {
                    close(sink)?;
                    all_read &= wrote_all;
                }
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                Err(error) => return Err(Failure::Write(error)),
            }
            all_read
        }
    };
    asker.finish(arguments.writing.quiet)?;
    Ok(if all_read { Exit::Clean } else { Exit::Unread })
}

/// Writes what the inputs claim, in their order. Tells whether all could be read.
fn write(arguments: &Claims, reader: &Reader<'_>, inputs: &[Input], sink: &mut Sink) -> io::Result<bool> {
    let mut output = output(&arguments.format, style(&arguments.writing)).ok_or(io::ErrorKind::InvalidInput)?;
    let mut all_read = true;
    reader.each(inputs, &|_| None, &mut |read| {
        match read {
            Ok(Read { report, note, .. }) => {
                if let Some(note) = note.filter(|_| !arguments.writing.quiet) {
                    say(&note);
                }
                output.file(sink, &report)?;
            }
            Err(error) => all_read &= unread(&error),
        }
        Ok(())
    })?;
    output.finish(sink)?;
    sink.flush()?;
    Ok(all_read)
}

/// What reads claims.
pub(super) struct Reader<'a> {
    rules: &'a RuleSet,
    asker: &'a Asker,
    today: Date,
    explain: bool,
    progress: bool,
}

/// What an input claims, and what it asserts of the phrase that was asked for.
pub(super) struct Read {
    pub(super) report: ClaimsReport,
    focus: Option<Assertion>,
    note: Option<String>,
}

impl Reader<'_> {
    /// Reads inputs on all threads and hands on each result in the order of the inputs.
    pub(super) fn each<'f>(
        &self,
        inputs: &[Input],
        focus: &(dyn Fn(usize) -> Option<&'f str> + Sync),
        emit: &mut dyn FnMut(Result<Read, InputError>) -> io::Result<()>,
    ) -> io::Result<()> {
        let step = |at: usize, asked: &Asked, is_last: bool| self.step(&inputs[at], focus(at), asked, is_last);
        in_rounds(inputs.len(), &step, &mut |questions| ask(self.asker, questions, self.progress), emit)
    }

    fn step(&self, input: &Input, focus: Option<&str>, asked: &Asked, is_last: bool) -> Step<Result<Read, InputError>> {
        let (source, note) = match open(input) {
            Ok(opened) => opened,
            Err(error) => return Step::Done(Err(error)),
        };
        let document = Document::parse(source);
        let mut questions = Vec::new();
        if !is_last {
            questions.extend(records::questions_of(&document, &asked.known));
            questions.extend(citations::questions_of(self.rules, &document));
        }
        if let Some(step) = asked.asks(questions, self.asker) {
            return step;
        }
        let reading = self.rules.reader().read(&document);
        let claims = self.rules.claims();
        let focus = focus.and_then(|focus| claims.focus(&document, &reading, focus)).map(|found| found.assertion);
        let (report, searches) = report(self.rules, &document, &reading, &asked.known, self.today, self.explain);
        if !is_last && let Some(step) = asked.asks(open_of(&searches), self.asker) {
            return step;
        }
        let settings = Settings::default();
        self.asker.note_touched(&document, self.rules, &settings, &asked.known, &searches);
        Step::Done(Ok(Read { report, focus, note }))
    }

    /// The answers to records.
    fn replies(&self, records: &[Record]) -> io::Result<Vec<Box<RawValue>>> {
        let inputs: Vec<Input> = records.iter().map(|record| Input::Text(record.source())).collect();
        let mut replies = Vec::with_capacity(records.len());
        self.each(&inputs, &|at| records[at].focus.as_deref(), &mut |read| {
            let record = &records[replies.len()];
            let (sentences, focus) = read.map(|read| (read.report.sentences, read.focus)).unwrap_or_default();
            replies.push(to_raw_value(&Reply { id: &record.id, sentences, focus })?);
            Ok(())
        })?;
        Ok(replies)
    }
}

/// What a document claims, with verdicts from what is known and with the cues behind them where they are wanted; and what
/// services would be asked by name.
pub(super) fn report(
    rules: &RuleSet,
    document: &Document,
    reading: &Reading,
    known: &Answers,
    today: Date,
    explain: bool,
) -> (ClaimsReport, Vec<Searched>) {
    let (claims, searches) = (rules.claims(), Searches::default());
    let judge = Judge {
        book: rules.verdicts(),
        knowledge: rules.knowledge(),
        imported: rules.imported(),
        names: RuleSet::ENTITIES,
        document,
        reading,
        answers: known,
        searches: &searches,
        day: dates::own_day(rules, document).unwrap_or(today),
        today,
    };
    let report = ClaimsReport::new(&judge, &claims.read(document, reading), explain.then_some(claims));
    (report, searches.into_vec())
}

/// The answer to a record.
#[derive(Serialize)]
struct Reply<'a> {
    id: &'a Value,
    sentences: Vec<SentenceRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<Assertion>,
}
