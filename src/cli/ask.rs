//! Where questions become answers: the lock, and the client.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::civil::Date;

use crate::cli::args::Evidence;
use crate::cli::config::Config;
use crate::cli::error::{self, Failure};
use crate::cli::globs::relative;
use crate::cli::sink::Sink;
use crate::cli::{client, say};
use crate::evidence::links::without_credentials;
use crate::evidence::{Answer, Answers, Question, imported};
use crate::imported::Imported;
pub(super) use crate::net::Progress;
use crate::net::{Change, Client, Lock, NetConfig, look};
use crate::source::SourceFile;

/// What may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// What is not pinned, or pinned too long ago.
    Missing,
    /// Everything, whatever is pinned.
    All,
    /// Nothing; what is pinned counts.
    Nothing,
}

/// Asks what the checks want to know.
#[derive(Debug)]
pub(super) struct Asker {
    config: NetConfig,
    asking: Asking,
    today: Date,
    pinned: Mutex<Pinned>,
    /// What answers where registries are not asked, or do not.
    imported: Option<&'static Imported>,
}

/// The lock, and where it is kept.
#[derive(Debug, Default)]
struct Pinned {
    lock: Lock,
    /// None where answers are not to be kept.
    keep_in: Option<PathBuf>,
    changes: Vec<Change>,
    /// Addresses that nobody answered for, with the reason.
    silent: Vec<(String, String)>,
    /// Whether it holds something that the file does not.
    is_newer: bool,
}

/// A question that only somebody outside can answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct WouldAsk;

/// The file of pinned answers, beside the configuration.
const LOCK: &str = "caveat.lock";

impl Asker {
    /// The asker that arguments and configuration ask for, with the lock beside the configuration.
    pub(super) fn of(arguments: &Evidence, config: &Config) -> Result<Self, Failure> {
        let asking = match (arguments.offline || arguments.locked, arguments.refresh) {
            (true, _) => Asking::Nothing,
            (false, true) => Asking::All,
            (false, false) => Asking::Missing,
        };
        let beside = |file: &SourceFile| Path::new(file.name()).with_file_name(LOCK);
        let lock = config.source.as_ref().map_or(PathBuf::from(LOCK), beside);
        if arguments.locked && !lock.exists() {
            return Err(Failure::Lock { path: lock, source: std::io::ErrorKind::NotFound.into() });
        }
        Self::new(config, asking, arguments.today()).with_lock(&lock)
    }

    /// An asker with these settings and nothing pinned. Files are looked at whatever may be asked.
    pub(super) fn new(config: &Config, asking: Asking, today: Date) -> Self {
        let config = client::config(config, asking == Asking::Nothing);
        Self { config, asking, today, pinned: Mutex::default(), imported: None }
    }

    /// Lets imported files answer where registries are not asked, or do not answer.
    pub(super) fn with_imported(mut self, imported: Option<&'static Imported>) -> Self {
        self.imported = imported;
        self
    }

    /// Takes what is pinned in a file into account. New answers are kept there if it is there already, or if everything
    /// is asked: then it is made.
    pub(super) fn with_lock(mut self, path: &Path) -> Result<Self, Failure> {
        let is_there = path.exists();
        let mut lock = Lock::default();
        if is_there {
            let failed = |source| Failure::Lock { path: path.to_owned(), source };
            let bytes = std::fs::read(path).map_err(failed)?;
            let unread;
            (lock, unread) = Lock::parse(&String::from_utf8_lossy(&bytes));
            for line in unread {
                say(&format!("warning: {}:{line}: this line cannot be read and is left out", relative(path)));
            }
        }
        let keeps = self.asking == Asking::All || (is_there && self.asking == Asking::Missing);
        let keep_in = keeps.then(|| path.to_owned());
        self.pinned = Mutex::new(Pinned { lock, keep_in, ..Pinned::default() });
        Ok(self)
    }

    /// Whether it could answer at all. Drafts whose questions it cannot answer are judged at once.
    pub(super) fn can_answer(&self, question: &Question) -> bool {
        let is_at_hand = matches!(question, Question::File { .. });
        is_at_hand || self.config.asks(question) || self.at_hand(question).is_some()
    }

    /// What needs no asking: what is pinned, and what imported files say where nobody else can be asked.
    fn at_hand(&self, question: &Question) -> Option<Answer> {
        let in_files = || self.in_files(question).filter(|_| !self.config.asks(question));
        self.pinned(question).or_else(in_files)
    }

    /// What is known of a question without asking anybody, `None` where nobody could tell; `Err` where somebody would be
    /// asked.
    pub(super) fn without_asking(&self, question: &Question) -> Result<Option<Answer>, WouldAsk> {
        match self.at_hand(question).or_else(|| look(question)) {
            None if self.config.asks(question) => Err(WouldAsk),
            known => Ok(known),
        }
    }

    fn in_files(&self, question: &Question) -> Option<Answer> {
        imported::answer(self.imported?, question)
    }

    /// What the lock says.
    fn pinned(&self, question: &Question) -> Option<Answer> {
        let pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        match self.asking {
            Asking::Nothing => pinned.lock.get(question),
            Asking::Missing => pinned.lock.fresh(question, self.today),
            Asking::All => None,
        }
    }

    /// Answers as many questions as it can, all at once. The client is made here and not before: most runs need none.
    pub(super) fn ask(&self, questions: &[Question], progress: &(dyn Fn(Progress) + Sync)) -> Answers {
        let mut known = Answers::default();
        let mut open = Vec::new();
        for question in questions {
            match self.at_hand(question) {
                Some(answer) => known.insert(question.clone(), answer),
                None => open.push(question.clone()),
            }
        }
        open.retain(|question| {
            let answer = look(question);
            let is_open = answer.is_none();
            if let Some(answer) = answer {
                known.insert(question.clone(), answer);
            }
            is_open
        });
        if open.is_empty() {
            return known;
        }
        let client = match Client::new(self.config.clone()) {
            Ok(client) => client,
            Err(failure) => {
                error::tell(&failure, Some("Links and sources stay unchecked."));
                return known;
            }
        };
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        let mut saved = Instant::now();
        let answers = client.answer_each(
            &open,
            &mut |question, answer| {
                pinned.keep(question, answer, self.today);
                // A run that is killed loses little of what it has learned. What cannot be written is told at the end.
                if saved.elapsed() >= SAVE_EVERY {
                    let _ = pinned.save();
                    saved = Instant::now();
                }
            },
            progress,
        );
        for question in open {
            let Some(answer) = answers.get(&question) else { continue };
            let counting = pinned.counting(&question, answer);
            // What a busy server said now does not outweigh what is pinned or imported.
            let is_open = !counting.as_ref().is_some_and(Answer::is_settled);
            let in_files = if is_open { self.in_files(&question) } else { None };
            let answer = in_files.or(counting);
            answer.into_iter().for_each(|answer| known.insert(question.clone(), answer));
        }
        known
    }

    /// Writes what is to be kept, and tells what is no longer what it was.
    pub(super) fn finish(self, quiet: bool) -> Result<(), Failure> {
        let pinned = self.pinned.into_inner().unwrap_or_else(PoisonError::into_inner);
        for change in pinned.changes.iter().filter(|_| !quiet) {
            say(&told(change));
        }
        let silent = if quiet { &[][..] } else { &pinned.silent };
        for (url, why) in silent.iter().take(MOST_SILENT) {
            say(&format!("note: {url} stays unchecked: {why}"));
        }
        if silent.len() > MOST_SILENT {
            say(&format!("note: so do {} others", silent.len() - MOST_SILENT));
        }
        pinned.save()
    }
}

/// So many addresses that stay unchecked are named.
const MOST_SILENT: usize = 10;

/// How often what was learned is written down while more is being asked.
const SAVE_EVERY: Duration = Duration::from_secs(2);

impl Pinned {
    fn keep(&mut self, question: &Question, answer: &Answer, today: Date) {
        if self.keep_in.is_some() {
            self.changes.extend(self.lock.pin(question, answer, today));
            self.is_newer = true;
        }
    }

    /// What counts of an answer. A run that keeps a lock judges by what is in it, so that the lock alone says the same:
    /// silence is not pinned, neither outweighs what is nor counts by itself.
    fn counting(&mut self, question: &Question, answer: &Answer) -> Option<Answer> {
        let earlier = self.lock.get(question);
        match (answer.is_settled(), self.keep_in.is_some()) {
            (true, false) => Some(answer.clone()),
            (false, false) => earlier.or_else(|| Some(answer.clone())),
            (_, true) => {
                if let (None, Question::Link { url }, Answer::Link(answer)) = (&earlier, question, answer) {
                    self.silent.push((without_credentials(url), answer.detail.clone()));
                }
                earlier
            }
        }
    }

    fn save(&self) -> Result<(), Failure> {
        let Some(path) = self.keep_in.as_ref().filter(|_| self.is_newer) else { return Ok(()) };
        let mut sink = Sink::open(Some(path))?;
        std::io::Write::write_all(&mut sink, self.lock.to_text().as_bytes()).map_err(Failure::Write)?;
        sink.close()
    }
}

/// A change in a sentence.
fn told(change: &Change) -> String {
    let Change { question, was: (was, date), now } = change;
    let words = |answer: &Answer| match answer {
        Answer::Link(answer) => answer.verdict.name().to_owned(),
        Answer::Record(record) => record.words(),
        Answer::Archived(Some(copy)) => copy.url.clone(),
        Answer::Archived(None) => "none".to_owned(),
        _ => "unknown".to_owned(),
    };
    let (what, more) = match (question, now) {
        (Question::Link { url }, Answer::Link(now)) => (url.clone(), format!(": {}", now.detail)),
        (Question::Archived { url }, _) => (format!("the copy of {url}"), String::new()),
        (Question::Record { registry, id }, _) => (id.to_string(), format!(", says {}", registry.title())),
        _ => (String::new(), String::new()),
    };
    format!("note: {what} was {} on {date} and is {} now{more}", words(was), words(now))
}
