//! `caveat claims`.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::to_raw_value;

use crate::assertion::Assertion;
use crate::cli::args::Claims;
use crate::cli::error::{Failure, InputError};
use crate::cli::inputs::{From, gather, source, start_threads, unread};
use crate::cli::judge::{Input, open};
use crate::cli::lint::{close, refuse, style};
use crate::cli::sink::Sink;
use crate::cli::stdin::Record;
use crate::cli::{Exit, say, stdin};
use crate::document::Document;
use crate::report::claims::{ClaimsReport, SentenceRow, output};
use crate::rules::RuleSet;
use crate::source::SourceFile;

/// Drafts that are read at once.
const AT_ONCE: usize = 256;

/// Lists what drafts claim.
pub(super) fn run(arguments: &Claims) -> Result<Exit, Failure> {
    start_threads(&arguments.drafts);
    let (config, knowledge) = match arguments.drafts.origin.base()? {
        Ok(base) => base,
        Err(wrong) => return refuse("terminal", &arguments.writing, wrong),
    };
    let rules = RuleSet::builtin_knowing(knowledge);
    match source(&arguments.drafts)? {
        From::Records => {
            let mut sink = Sink::open(arguments.writing.output.as_deref())?;
            let mut answer = |records: Vec<Record>| {
                records.par_iter().map(|record| Ok(to_raw_value(&reply(&rules, record, arguments.explain))?)).collect()
            };
            let all_read = stdin::records(io::stdin().lock(), &mut sink, &mut answer)?;
            close(sink)?;
            Ok(if all_read { Exit::Clean } else { Exit::Unread })
        }
        From::Paths(paths) => {
            let (inputs, mut all_read) = gather(&paths, &arguments.drafts, &config, arguments.writing.quiet)?;
            let mut sink = Sink::open(arguments.writing.output.as_deref())?;
            match write(arguments, &rules, &inputs, &mut sink) {
                Ok(wrote_all) => {
                    close(sink)?;
                    all_read &= wrote_all;
                }
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                Err(error) => return Err(Failure::Write(error)),
            }
            Ok(if all_read { Exit::Clean } else { Exit::Unread })
        }
    }
}

/// Reads the inputs on all threads and writes what they claim in their order. Tells whether all could be read.
fn write(arguments: &Claims, rules: &RuleSet, inputs: &[Input], sink: &mut Sink) -> io::Result<bool> {
    let style = style(&arguments.writing);
    let mut output = output(&arguments.format, style).ok_or(io::ErrorKind::InvalidInput)?;
    let mut all_read = true;
    for some in inputs.chunks(AT_ONCE) {
        let reports: Vec<Result<(ClaimsReport, Option<String>), InputError>> = some
            .par_iter()
            .map(|input| open(input).map(|(source, note)| (read(rules, source, None, arguments.explain).0, note)))
            .collect();
        for report in reports {
            match report {
                Ok((report, note)) => {
                    if let Some(note) = note.filter(|_| !arguments.writing.quiet) {
                        say(&note);
                    }
                    output.file(sink, &report)?;
                }
                Err(error) => all_read &= unread(&error),
            }
        }
    }
    output.finish(sink)?;
    sink.flush()?;
    Ok(all_read)
}

/// What a source claims, and what it asserts of `focus`.
fn read(rules: &RuleSet, source: SourceFile, focus: Option<&str>, explain: bool) -> (ClaimsReport, Option<Assertion>) {
    let document = Document::parse(source);
    let reading = rules.reader().read(&document);
    let claims = rules.claims();
    let focus = focus.and_then(|focus| claims.focus(&document, &reading, focus)).map(|decision| decision.assertion);
    let said = claims.read(&document, &reading);
    (ClaimsReport::new(&document, &reading, &said, explain.then_some(claims)), focus)
}

/// The answer to a record.
#[derive(Serialize)]
struct Reply<'a> {
    id: &'a Value,
    sentences: Vec<SentenceRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<Assertion>,
}

fn reply<'a>(rules: &RuleSet, record: &'a Record, explain: bool) -> Reply<'a> {
    let (report, focus) = read(rules, record.source(), record.focus.as_deref(), explain);
    Reply { id: &record.id, sentences: report.sentences, focus }
}
