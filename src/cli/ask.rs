//! Where questions become answers: the lock, and the client.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use jiff::civil::Date;

use crate::checks::raised;
use crate::cli::args::Evidence;
use crate::cli::changes::{self, Touched};
use crate::cli::config::Config;
use crate::cli::error::{self, Failure};
use crate::cli::pinned::{LOCK, Pinned};
use crate::cli::{client, folders, say};
use crate::document::Document;
use crate::evidence::searches::Searched;
use crate::evidence::{Answer, Answers, Question, imported};
use crate::imported::Imported;
pub(super) use crate::net::Progress;
use crate::net::{Cache, Client, NetConfig, look};
use crate::rules::RuleSet;
use crate::settings::Settings;
use crate::source::SourceFile;

/// What may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// What is not pinned, or pinned too long ago.
    Missing,
    /// Everything, whatever is pinned.
    All,
    /// Nothing; what is pinned counts, and what was answered to this person before.
    Nothing,
    /// Nothing; what is pinned counts alone.
    Locked,
}

/// Asks what the checks want to know.
#[derive(Debug)]
pub(super) struct Asker {
    config: NetConfig,
    asking: Asking,
    today: Date,
    pinned: Mutex<Pinned>,
    touched: Mutex<Touched>,
    /// Where else to write what has changed.
    changes_to: Option<PathBuf>,
    /// The file of answers kept for this person, read when something is open; `None` where none are kept.
    cache_in: Option<PathBuf>,
    cache: OnceLock<Mutex<Cache>>,
    /// What answers where registries are not asked, or do not.
    imported: Option<&'static Imported>,
}

/// A question that only somebody outside can answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct WouldAsk;

impl Asker {
    /// The asker that arguments and configuration ask for, with the lock beside the configuration.
    pub(super) fn of(arguments: &Evidence, config: &Config) -> Result<Self, Failure> {
        let asking = match (arguments.locked, arguments.offline, arguments.refresh) {
            (true, ..) => Asking::Locked,
            (_, true, _) => Asking::Nothing,
            (_, _, true) => Asking::All,
            _ => Asking::Missing,
        };
        let lock = lock_beside(config);
        if arguments.locked && !lock.exists() {
            return Err(Failure::Lock { path: lock, source: std::io::ErrorKind::NotFound.into() });
        }
        let mut asker = Self::new(config, asking, arguments.today()).with_lock(&lock)?;
        asker.changes_to.clone_from(&arguments.changes);
        asker.cache_in = folders::cache().map(|folder| folder.join(CACHED)).filter(|_| asking != Asking::Locked);
        Ok(asker)
    }

    /// An asker with these settings and nothing pinned. Files are looked at whatever may be asked.
    pub(super) fn new(config: &Config, asking: Asking, today: Date) -> Self {
        let config = client::config(config, matches!(asking, Asking::Nothing | Asking::Locked));
        Self {
            config,
            asking,
            today,
            pinned: Mutex::default(),
            touched: Mutex::default(),
            changes_to: None,
            cache_in: None,
            cache: OnceLock::new(),
            imported: None,
        }
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
        let keeps = self.asking == Asking::All || (is_there && self.asking == Asking::Missing);
        let keep_in = keeps.then(|| path.to_owned());
        self.pinned = Mutex::new(Pinned { keep_in, ..Pinned::read(path)? });
        Ok(self)
    }

    /// Pins nothing, whatever it hears: an editor does not change a file that nobody opened.
    pub(super) fn keeping_nothing(mut self) -> Self {
        self.pinned.get_mut().unwrap_or_else(PoisonError::into_inner).keep_in = None;
        self
    }

    /// Whether it could answer at all. Drafts whose questions it cannot answer are judged at once.
    pub(super) fn can_answer(&self, question: &Question) -> bool {
        let is_at_hand = matches!(question, Question::File { .. });
        is_at_hand || self.config.asks(question) || self.at_hand(question).is_some()
    }

    /// What needs no asking: what is pinned, what was answered before, and what imported files say where nobody else can
    /// be asked.
    fn at_hand(&self, question: &Question) -> Option<Answer> {
        let in_files = || self.in_files(question).filter(|_| !self.config.asks(question));
        self.pinned(question).or_else(|| self.cached(question)).or_else(in_files)
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
        let pinned = self.lock();
        match self.asking {
            Asking::Nothing | Asking::Locked => pinned.lock.get(question),
            Asking::Missing => pinned.lock.fresh(question, self.today),
            Asking::All => None,
        }
    }

    /// What was answered before. A run that keeps a lock pins it with the day on which it was answered.
    fn cached(&self, question: &Question) -> Option<Answer> {
        if self.asking == Asking::All || !self.is_cached(question) {
            return None;
        }
        let cache = self.cache()?.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, day) = match self.asking {
            Asking::Nothing => cache.get(question)?,
            _ => cache.fresh(question, self.today)?,
        };
        let mut pinned = self.lock();
        let is_newer = pinned.lock.dated(question).is_none_or(|(_, pinned)| pinned <= day);
        if is_newer {
            pinned.keep(question, &answer, day);
        }
        Some(answer)
    }

    /// Whether answers to it are kept for this person: not those of a stand-in for a service.
    fn is_cached(&self, question: &Question) -> bool {
        let asks_a_stand_in = |registry| self.config.services.contains_key(&registry);
        self.cache_in.is_some()
            && !matches!(question, Question::File { .. })
            && !question.registry().is_some_and(asks_a_stand_in)
    }

    fn cache(&self) -> Option<&Mutex<Cache>> {
        let path = self.cache_in.as_ref()?;
        Some(self.cache.get_or_init(|| Mutex::new(Cache::open(path))))
    }

    fn lock(&self) -> MutexGuard<'_, Pinned> {
        self.pinned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes where a document rests on answers that have changed in this run. All that it asks has been answered.
    pub(super) fn note_touched(
        &self,
        document: &Document,
        rules: &RuleSet,
        settings: &Settings,
        known: &Answers,
        searched: &[Searched],
    ) {
        let pinned = self.lock();
        if pinned.changes.is_empty() {
            return;
        }
        let changes = pinned.changes.clone();
        drop(pinned);
        let reading = rules.reader().read(document);
        let raised = raised::of(rules, document, &reading, settings, known, searched);
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        touched.note(&changes, document, &reading, raised);
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
                error::tell(
                    &failure,
                    "Links and sources stay unchecked. Check the proxies of the environment and `contact` of caveat.toml.",
                );
                return known;
            }
        };
        let mut cache = self.cache().map(|cache| cache.lock().unwrap_or_else(PoisonError::into_inner));
        let mut pinned = self.lock();
        let mut saved = Instant::now();
        let answers = client.answer_each(
            &open,
            &mut |question, answer| {
                pinned.keep(question, answer, self.today);
                if let Some(cache) = cache.as_mut().filter(|_| self.is_cached(question)) {
                    cache.keep(question, answer, self.today);
                }
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
        let mut pinned = self.pinned.into_inner().unwrap_or_else(PoisonError::into_inner);
        let silent = if quiet { &[][..] } else { &pinned.silent };
        for (url, why) in silent.iter().take(MOST_SILENT) {
            say(&format!("note: {url} stays unchecked: {why}"));
        }
        if silent.len() > MOST_SILENT {
            say(&format!("note: so do {} others", silent.len() - MOST_SILENT));
        }
        pinned.save()?;
        if let Some(cache) = self.cache.into_inner() {
            // What cannot be kept is asked again, which is all that it costs.
            let _ = cache.into_inner().unwrap_or_else(PoisonError::into_inner).save(self.today);
        }
        let touched = self.touched.into_inner().unwrap_or_else(PoisonError::into_inner);
        changes::tell(&touched.rows(pinned.changes), self.changes_to.as_deref(), quiet)
    }
}

/// The lock that belongs to a configuration.
pub(super) fn lock_beside(config: &Config) -> PathBuf {
    let beside = |file: &SourceFile| Path::new(file.name()).with_file_name(LOCK);
    config.source.as_ref().map_or(PathBuf::from(LOCK), beside)
}

/// The file of answers in the folder of what can be made again.
const CACHED: &str = "answers/answers.jsonl";

/// So many addresses that stay unchecked are named.
const MOST_SILENT: usize = 10;

/// How often what was learned is written down while more is being asked.
const SAVE_EVERY: Duration = Duration::from_secs(2);
