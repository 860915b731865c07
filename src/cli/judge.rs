//! Read, ask, judge: many drafts at once, their reports in order, no text kept longer than it takes to judge it.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::cli::ask::{Asker, Progress};
use crate::cli::error::InputError;
use crate::cli::read;
use crate::cli::walk::Draft;
use crate::document::Document;
use crate::evidence::{Answers, Question};
use crate::linter::{Linter, Settings};
use crate::report::FileReport;
use crate::source::SourceFile;

/// Something to judge.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// A file, read when its turn comes.
    File(Draft),
    /// A text that is at hand.
    Text(SourceFile),
}

impl Input {
    /// The path or name under which settings for files are looked up.
    pub(super) fn path(&self) -> &Path {
        match self {
            Input::File(draft) => &draft.path,
            Input::Text(source) => Path::new(source.name()),
        }
    }
}

/// A judged draft, and what is to be noted about the way it was read.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) report: FileReport,
    pub(super) note: Option<String>,
}

/// What judges drafts.
pub(super) struct Judge<'a> {
    pub(super) linter: &'a Linter,
    pub(super) asker: &'a Asker,
    pub(super) settings: &'a (dyn Fn(&Input) -> Settings + Sync),
    /// Whether to show how far asking has come.
    pub(super) progress: bool,
}

/// Drafts that are under way at once. Only their reports are held, their texts just while a thread is at them.
const AT_ONCE: usize = 256;
/// How often an answer may raise new questions before the draft is judged with what is known.
const ROUNDS: usize = 4;

enum Step {
    Done(Result<Judged, InputError>),
    Asks(Vec<Question>),
}

impl Judge<'_> {
    /// Judges inputs and hands on each result in the order of the inputs, as soon as those before it are there. Stops
    /// at the first error of `emit`.
    pub(super) fn run(
        &self,
        inputs: &[Input],
        emit: &mut dyn FnMut(Result<Judged, InputError>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut results: Vec<Option<Result<Judged, InputError>>> = Vec::new();
        results.resize_with(inputs.len(), || None);
        let mut emitted = 0;
        let mut known = Answers::default();
        let mut asked = BTreeSet::new();
        let mut waiting: Vec<usize> = (0..inputs.len()).collect();
        for round in 0.. {
            let mut questions = BTreeSet::new();
            let mut still_waiting = Vec::new();
            let is_last = round == ROUNDS;
            for some in waiting.chunks(AT_ONCE) {
                let steps: Vec<Step> =
                    some.par_iter().map(|&at| self.step(&inputs[at], &known, &asked, is_last)).collect();
                for (&at, step) in some.iter().zip(steps) {
                    match step {
                        Step::Done(result) => results[at] = Some(result),
                        Step::Asks(more) => {
                            questions.extend(more);
                            still_waiting.push(at);
                        }
                    }
                }
                while let Some(result) = results.get_mut(emitted).and_then(Option::take) {
                    emit(result)?;
                    emitted += 1;
                }
            }
            if still_waiting.is_empty() {
                break;
            }
            self.ask(questions.iter().cloned().collect(), &mut known);
            asked.append(&mut questions);
            waiting = still_waiting;
        }
        Ok(())
    }

    /// Reads one input and judges it, unless something could be asked first. What was asked once is not asked again,
    /// answered or not.
    fn step(&self, input: &Input, known: &Answers, asked: &BTreeSet<Question>, is_last: bool) -> Step {
        let (source, note) = match open(input) {
            Ok(opened) => opened,
            Err(error) => return Step::Done(Err(error)),
        };
        let settings = (self.settings)(input);
        let document = Document::parse(source);
        if !is_last {
            let mut questions = self.linter.questions(&document, &settings, known);
            questions.retain(|question| !asked.contains(question) && self.asker.can_answer(question));
            if !questions.is_empty() {
                return Step::Asks(questions);
            }
        }
        let outcome = self.linter.judge(&document, &settings, known);
        let report = FileReport::new(&document.source, outcome.findings, document.words(), outcome.unchecked);
        Step::Done(Ok(Judged { report, note }))
    }

    /// Asks and adds the answers to what is known.
    fn ask(&self, questions: Vec<Question>, known: &mut Answers) {
        let bar = self.bar(questions.len());
        let answers = self.asker.ask(&questions, &|progress: Progress<'_>| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
            bar.set_message(progress.host.to_owned());
        });
        bar.finish_and_clear();
        for question in questions {
            if let Some(answer) = answers.get(&question).cloned() {
                known.insert(question, answer);
            }
        }
    }

    fn bar(&self, total: usize) -> ProgressBar {
        if !self.progress || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{spinner} checking links {pos}/{len} {msg}");
        ProgressBar::new(total as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

fn open(input: &Input) -> Result<(SourceFile, Option<String>), InputError> {
    match input {
        Input::Text(source) => Ok((source.clone(), None)),
        Input::File(draft) => {
            let name = draft.path.to_string_lossy();
            let decoded = read::file(&draft.path)?;
            let note = decoded.from.map(|from| encoding_note(&name, from));
            Ok((SourceFile::new(name, decoded.text, draft.format), note))
        }
    }
}

/// What to tell about a text that was not UTF-8.
pub(super) fn encoding_note(name: &str, from: &str) -> String {
    format!("note: {name}: read as {from}; offsets count the decoded text. Save it as UTF-8.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rules::RuleSet;
    use crate::source::Format;

    fn run(inputs: &[Input]) -> Vec<Result<Judged, InputError>> {
        let linter = Linter::new(RuleSet::builtin());
        let asker = Asker::new(&Default::default(), &Default::default(), true);
        let settings = |_: &Input| Settings::default();
        let judge = Judge { linter: &linter, asker: &asker, settings: &settings, progress: false };
        let mut results = Vec::new();
        let done = judge.run(inputs, &mut |result| {
            results.push(result);
            Ok(())
        });
        done.unwrap();
        results
    }

    #[test]
    fn results_come_in_the_order_of_the_inputs() {
        let name = |n: usize| format!("draft-{n}.md");
        let inputs: Vec<Input> =
            (0..1000).map(|n| Input::Text(SourceFile::new(name(n), "Words.", Format::Markdown))).collect();
        for (n, result) in run(&inputs).into_iter().enumerate() {
            assert_eq!(result.unwrap().report.path, name(n));
        }
    }

    #[test]
    fn a_vanished_file_is_an_error_and_the_others_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let draft = |name: &str| Draft { path: folder.path().join(name), format: Format::Markdown };
        std::fs::write(draft("a.md").path, "Words.").unwrap();
        let results = run(&[Input::File(draft("gone.md")), Input::File(draft("a.md"))]);
        assert!(matches!(&results[0], Err(InputError::Missing { .. })));
        assert!(results[1].is_ok());
    }

    #[test]
    fn nothing_more_is_judged_once_nobody_listens() {
        let linter = Linter::new(RuleSet::builtin());
        let asker = Asker::new(&Default::default(), &Default::default(), true);
        let settings = |_: &Input| Settings::default();
        let judge = Judge { linter: &linter, asker: &asker, settings: &settings, progress: false };
        let inputs = vec![Input::Text(SourceFile::new("a.md", "Words.", Format::Markdown)); 3];
        let mut calls = 0;
        let done = judge.run(&inputs, &mut |_| {
            calls += 1;
            Err(io::ErrorKind::BrokenPipe.into())
        });
        assert_eq!((done.unwrap_err().kind(), calls), (io::ErrorKind::BrokenPipe, 1));
    }
}
