//! Read, ask, judge: many drafts at once, their reports in order, no text kept longer than it takes to judge it.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::cli::ask::{Asker, Progress};
use crate::cli::claims;
use crate::cli::error::InputError;
use crate::cli::raised::Raised;
use crate::cli::read;
use crate::cli::results::Results;
use crate::cli::walk::Draft;
use crate::document::Document;
use crate::evidence::searches::Searched;
use crate::evidence::{Answers, Question};
use crate::linter::{Linter, Settings};
use crate::report::{Article, FileReport};
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
    /// What earlier runs found.
    pub(super) results: Option<&'a Results>,
    /// What was answered in this run, so that nobody is asked twice.
    pub(super) heard: &'a Mutex<Answers>,
    /// Whether reports are to carry their drafts' text and claims.
    pub(super) articles: bool,
}

/// Drafts that are under way at once. Only their reports are held, their texts just while a thread is at them.
const AT_ONCE: usize = 256;
/// How often an answer may raise new questions before the draft is judged with what is known.
const ROUNDS: usize = 4;

/// One look at an input.
pub(super) enum Step<T> {
    Done(T),
    Asks(Vec<Question>),
}

/// What has been asked, and what is known from it.
#[derive(Default)]
pub(super) struct Asked {
    questions: BTreeSet<Question>,
    pub(super) known: Answers,
}

impl Asked {
    /// Asks these questions, unless they have all been asked, answered or not, or nobody could answer them.
    pub(super) fn asks<T>(&self, mut questions: Vec<Question>, asker: &Asker) -> Option<Step<T>> {
        questions.retain(|question| !self.questions.contains(question) && asker.can_answer(question));
        (!questions.is_empty()).then_some(Step::Asks(questions))
    }
}

/// Takes `count` inputs through rounds of asking. `step` looks at one input, on any thread; `ask` answers what a round
/// wants to know; `emit` gets the results in the order of the inputs, each as soon as those before it are there. In the
/// last round `step` is told to ask no more.
pub(super) fn in_rounds<T: Send>(
    count: usize,
    step: &(dyn Fn(usize, &Asked, bool) -> Step<T> + Sync),
    ask: &mut dyn FnMut(&[Question]) -> Answers,
    emit: &mut dyn FnMut(T) -> io::Result<()>,
) -> io::Result<()> {
    let mut results: Vec<Option<T>> = Vec::new();
    results.resize_with(count, || None);
    let mut emitted = 0;
    let mut asked = Asked::default();
    let mut waiting: Vec<usize> = (0..count).collect();
    for round in 0..=ROUNDS {
        let mut questions = BTreeSet::new();
        let mut still_waiting = Vec::new();
        for some in waiting.chunks(AT_ONCE) {
            let steps: Vec<Step<T>> = some.par_iter().map(|&at| step(at, &asked, round == ROUNDS)).collect();
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
        let new: Vec<Question> = questions.into_iter().collect();
        let answers = ask(&new);
        for question in new {
            if let Some(answer) = answers.get(&question).cloned() {
                asked.known.insert(question.clone(), answer);
            }
            asked.questions.insert(question);
        }
        waiting = still_waiting;
    }
    Ok(())
}

impl Judge<'_> {
    /// Judges inputs and hands on each result in the order of the inputs. Stops at the first error of `emit`.
    pub(super) fn run(
        &self,
        inputs: &[Input],
        emit: &mut dyn FnMut(Result<Judged, InputError>) -> io::Result<()>,
    ) -> io::Result<()> {
        let step = |at: usize, asked: &Asked, is_last: bool| self.step(&inputs[at], asked, is_last);
        in_rounds(inputs.len(), &step, &mut |questions| self.hear(questions), emit)
    }

    /// Asks what has not been asked in this run. Files are looked at again: they may change meanwhile.
    fn hear(&self, questions: &[Question]) -> Answers {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |question: &&Question| heard.get(question).is_none();
        let new: Vec<Question> = questions.iter().filter(is_new).cloned().collect();
        let mut answers = ask(self.asker, &new, self.progress);
        for question in questions {
            match (heard.get(question), answers.get(question)) {
                (Some(answer), _) => answers.insert(question.clone(), answer.clone()),
                (None, Some(answer)) if !matches!(question, Question::File { .. }) => {
                    heard.insert(question.clone(), answer.clone());
                }
                (None, _) => {}
            }
        }
        answers
    }

    /// Reads one input and judges it, unless something could be asked first. What was asked once is not asked again,
    /// answered or not, and what an earlier run found is taken from there.
    fn step(&self, input: &Input, asked: &Asked, is_last: bool) -> Step<Result<Judged, InputError>> {
        // What is kept carries no text and no claims.
        let mut place = self.results.filter(|_| !self.articles).and_then(|results| results.place(input));
        if let Some(judged) = place.as_ref().and_then(|place| place.unread(self.asker)) {
            return Step::Done(Ok(judged));
        }
        let (source, note) = match open(input) {
            Ok(opened) => opened,
            Err(error) => return Step::Done(Err(error)),
        };
        if let Some(judged) = place.as_mut().and_then(|place| place.read(&source, &note, self.asker)) {
            return Step::Done(Ok(judged));
        }
        let settings = (self.settings)(input);
        let document = Document::parse(source);
        let mut raised = self.raised(&document, &settings, &asked.known);
        if !is_last && let Some(step) = asked.asks(raised.open(), self.asker) {
            return step;
        }
        let mut outcome = self.linter.judge(&document, &settings, &raised.known);
        // What its claims want to know shows only while it is judged.
        while raised.add(open_of(&outcome.searches), &asked.known) {
            outcome = self.linter.judge(&document, &settings, &raised.known);
        }
        if !is_last && let Some(step) = asked.asks(open_of(&outcome.searches), self.asker) {
            return step;
        }
        let (article, searches) = self.articles.then(|| self.article(&document, &settings, &asked.known)).unzip();
        if !is_last && let Some(step) = asked.asks(open_of(&searches.unwrap_or_default()), self.asker) {
            return step;
        }
        let rules = self.linter.rules();
        self.asker.note_touched(&document, rules, &settings, &raised.known, &outcome.searches);
        let report = FileReport::new(&document.source, outcome.findings, document.words(), outcome.unchecked);
        let judged = Judged { report: report.with_article(article), note };
        if let Some(place) = place {
            place.keep(&judged, &raised);
        }
        Step::Done(Ok(judged))
    }

    /// All that a document asks, and what is known of that: what was asked for other documents is not its business, so that it
    /// is judged the same alone and in company.
    fn raised(&self, document: &Document, settings: &Settings, known: &Answers) -> Raised {
        let mut raised = Raised::default();
        // An answer may raise another question, which is answered in the next round at the earliest.
        for _ in 0..=ROUNDS {
            if !raised.add(self.linter.questions(document, settings, &raised.known), known) {
                break;
            }
        }
        raised
    }

    /// The draft with its claims, for reports that show both, and what services would be asked about these by name.
    fn article(&self, document: &Document, settings: &Settings, known: &Answers) -> (Article, Vec<Searched>) {
        let (rules, today) = (self.linter.rules(), settings.today.unwrap_or_default());
        let reading = rules.reader().read(document);
        let (claims, searches) = claims::report(rules, document, &reading, known, today, false);
        (Article::new(document, claims), searches)
    }
}

/// What claims want to know and nobody has answered.
pub(super) fn open_of(searches: &[Searched]) -> Vec<Question> {
    searches.iter().filter(|search| !search.answered).map(|search| search.question.clone()).collect()
}

/// Asks, and shows how far it has come.
pub(super) fn ask(asker: &Asker, questions: &[Question], progress: bool) -> Answers {
    let bar = bar(questions.len(), progress);
    let answers = asker.ask(questions, &|progress: Progress| {
        bar.set_length(progress.total as u64);
        bar.set_position(progress.done as u64);
        let slowest = progress.slowest;
        bar.set_message(if slowest.is_empty() { slowest } else { format!("waiting for {slowest}") });
    });
    bar.finish_and_clear();
    answers
}

fn bar(total: usize, progress: bool) -> ProgressBar {
    if !progress || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("checking links and sources [{bar:24}] {pos}/{len} {msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
    ProgressBar::new(total as u64).with_style(style)
}

/// Reads an input, and says what is to be noted about the way it was read.
pub(super) fn open(input: &Input) -> Result<(SourceFile, Option<String>), InputError> {
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
    use crate::cli::ask::Asking;
    use crate::cli::config::Config;
    use crate::evidence::Answer;
    use crate::rules::RuleSet;
    use crate::source::Format;

    /// Judges with the built-in rules, asking nothing.
    fn judge(inputs: &[Input], emit: &mut dyn FnMut(Result<Judged, InputError>) -> io::Result<()>) -> io::Result<()> {
        let judge = Judge {
            linter: &Linter::new(RuleSet::builtin()),
            asker: &Asker::new(&Config::none(), Asking::Nothing, Default::default()),
            settings: &|_: &Input| Settings::default(),
            progress: false,
            articles: false,
            results: None,
            heard: &Mutex::default(),
        };
        judge.run(inputs, emit)
    }

    fn run(inputs: &[Input]) -> Vec<Result<Judged, InputError>> {
        let mut results = Vec::new();
        let done = judge(inputs, &mut |result| {
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

    fn link(url: &str) -> Question {
        Question::Link { url: url.to_owned() }
    }

    fn unknown(why: &str) -> Answer {
        Answer::Unknown { why: why.to_owned() }
    }

    #[test]
    fn an_answer_may_raise_a_question_and_nothing_is_asked_twice() {
        // The first input asks nothing, the second asks a link, and its answer leads to the next one.
        let step = |at: usize, asked: &Asked, is_last: bool| {
            let next = (0..10).map(|n| link(&format!("{n}"))).find(|question| !asked.questions.contains(question));
            match next {
                Some(next) if at == 1 && !is_last => Step::Asks(vec![next, link("0")]),
                _ => Step::Done((at, asked.known.len())),
            }
        };
        let (mut rounds, mut emitted) = (Vec::new(), Vec::new());
        let mut ask = |questions: &[Question]| {
            rounds.push(questions.len());
            let mut answers = Answers::default();
            // The second round's question gets no answer.
            for question in questions.iter().filter(|question| **question != link("1")) {
                answers.insert(question.clone(), unknown("why"));
            }
            answers
        };
        let mut emit = |result| {
            emitted.push(result);
            Ok(())
        };
        in_rounds(3, &step, &mut ask, &mut emit).unwrap();
        assert_eq!(rounds.len(), ROUNDS);
        assert_eq!(emitted, [(0, 0), (1, 3), (2, 0)]);
    }

    #[test]
    fn nothing_more_is_judged_once_nobody_listens() {
        let inputs = vec![Input::Text(SourceFile::new("a.md", "Words.", Format::Markdown)); 3];
        let mut calls = 0;
        let done = judge(&inputs, &mut |_| {
            calls += 1;
            Err(io::ErrorKind::BrokenPipe.into())
        });
        assert_eq!((done.unwrap_err().kind(), calls), (io::ErrorKind::BrokenPipe, 1));
    }
}
