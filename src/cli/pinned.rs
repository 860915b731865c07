//! The lock of a run: what is pinned, what is to be kept, and what has changed since.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::cli::error::Failure;
use crate::cli::globs::relative;
use crate::cli::say;
use crate::cli::sink::Sink;
use crate::evidence::links::without_credentials;
use crate::evidence::{Answer, Question};
use crate::net::{Change, Lock};

/// The file of pinned answers, beside the configuration.
pub(super) const LOCK: &str = "caveat.lock";

/// The lock, and where it is kept.
#[derive(Debug, Default)]
pub(super) struct Pinned {
    pub(super) lock: Lock,
    /// None where answers are not to be kept.
    pub(super) keep_in: Option<PathBuf>,
    pub(super) changes: Vec<Change>,
    /// Addresses that nobody answered for, with the reason.
    pub(super) silent: Vec<(String, String)>,
    /// Whether it holds something that the file does not.
    pub(super) is_newer: bool,
}

impl Pinned {
    /// What a file pins, if it is there. Lines that cannot be read are told and left out.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let failed = |source| Failure::Lock { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(failed)?;
        let (lock, unread) = Lock::parse(&String::from_utf8_lossy(&bytes));
        for line in unread {
            say(&format!("warning: {}:{line}: this line cannot be read and is left out", relative(path)));
        }
        Ok(Self { lock, ..Self::default() })
    }

    /// Keeps an answer of that day, if answers are kept.
    pub(super) fn keep(&mut self, question: &Question, answer: &Answer, day: Date) {
        if self.keep_in.is_some() {
            self.changes.extend(self.lock.pin(question, answer, day));
            self.is_newer = true;
        }
    }

    /// What counts of an answer. A run that keeps a lock judges by what is in it, so that the lock alone says the same:
    /// silence is not pinned, neither outweighs what is nor counts by itself.
    pub(super) fn counting(&mut self, question: &Question, answer: &Answer) -> Option<Answer> {
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

    /// Writes it down, if there is something new to keep.
    pub(super) fn save(&mut self) -> Result<(), Failure> {
        let Some(path) = self.keep_in.as_ref().filter(|_| self.is_newer) else { return Ok(()) };
        let mut sink = Sink::open(Some(path))?;
        sink.write_all(self.lock.to_text().as_bytes()).map_err(Failure::Write)?;
        sink.close()?;
        self.is_newer = false;
        Ok(())
    }
}
