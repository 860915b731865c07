//! What earlier runs found, so that a draft that has not changed is not judged again.
//!
//! Findings follow from a draft's text and name, from what is told of the world on its questions, and from the rest:
//! program, rules, facts, configuration, arguments, day. A file of results holds for one folder, configuration and
//! selection of rules; its stamp is of the rest. What is not as it was is not taken, so nothing ever has to be cleaned.

mod packed;
mod seen;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::cli::args::{Drafts, Evidence, Rules};
use crate::cli::ask::Asker;
use crate::cli::config::Config;
use crate::cli::error::{Failure, tell};
use crate::cli::judge::{Input, Judged};
use crate::cli::raised::Raised;
use crate::cli::{cache, folders, imported, walk};
use crate::evidence::{Answer, Question};
use crate::report::kept;
use crate::source::SourceFile;

use packed::{Entry, Held, Packed};
use seen::Seen;
pub(super) use stamp::Digest;

/// Results that nobody has used for so long are thrown away.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The results of earlier runs like this one, and those of this one.
pub(super) struct Results {
    path: PathBuf,
    stamp: u128,
    packed: Packed,
    fresh: Mutex<Vec<Fresh>>,
    /// What this run has looked up for the drafts before: a page may be linked to from everywhere.
    looked_up: Mutex<FxHashMap<Question, Option<Known>>>,
}

/// The hash of what is known of a question; none where somebody would have to be asked.
type Known = u128;

/// A result of this run, or one of an earlier run whose file was looked at anew.
struct Fresh {
    name: String,
    seen: Seen,
    text: u128,
    bytes: Vec<u8>,
}

/// What stands before a report.
#[derive(Serialize, Deserialize)]
struct Head {
    note: Option<String>,
    /// What was asked, and the hash of what was answered.
    questions: Vec<Question>,
    answers: u128,
}

impl Results {
    /// The results for a run with these arguments, under a configuration and what was loaded by it. `None` where
    /// nothing is to be kept.
    pub(super) fn of(
        drafts: &Drafts,
        rules: &Rules,
        evidence: &Evidence,
        config: &Config,
        signed: &FxHashSet<String>,
    ) -> Option<Self> {
        if rules.no_cache {
            return None;
        }
        let source = config.source.as_ref();
        let kind = Digest::new()
            .with_value(&std::env::current_dir().ok()?)
            .with_value(&source.map(SourceFile::name))
            .with_value(rules)
            .with_value(&drafts.origin.isolated);
        let read = |path: &PathBuf| fs::read(path).unwrap_or_default();
        let mut signed: Vec<&String> = signed.iter().collect();
        signed.sort_unstable();
        let stamp = Digest::new().with_program().with_value(&source.map(SourceFile::text));
        let stamp = config.packs.iter().chain(&config.facts).map(read).fold(stamp, Digest::with);
        let stamp = stamp.with_value(&evidence.today()).with_value(&signed);
        let stamp = imported::path(config).iter().fold(stamp, |stamp, path| stamp.with_file(path));
        Self::open(kind.finish(), stamp.with_value(&evidence.locked).finish())
    }

    fn open(kind: u128, stamp: u128) -> Option<Self> {
        let path = folders::cache()?.join(cache::RESULTS).join(format!("{kind:032x}.bin"));
        Some(Self {
            packed: Packed::read(&path, stamp),
            path,
            stamp,
            fresh: Mutex::default(),
            looked_up: Mutex::default(),
        })
    }

    /// The place for the result of an input. Only files have one: what comes on standard input is not met again.
    pub(super) fn place<'a>(&'a self, input: &'a Input) -> Option<Place<'a>> {
        let Input::File(walk::Draft { path, .. }) = input else { return None };
        let seen = Seen::now(&path.metadata().ok()?);
        let name = path.to_str()?;
        Some(Place { results: self, name, seen, text: None, entry: self.packed.entry(name) })
    }

    /// What is known of a question without asking anybody.
    fn look_up(&self, question: &Question, asker: &Asker) -> Option<Known> {
        let looked_up = || self.looked_up.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = looked_up().get(question) {
            return *known;
        }
        // Not under the lock: other threads look up other things meanwhile.
        let known = asker.without_asking(question).ok().map(|answer| hash(answer.as_ref()));
        looked_up().insert(question.clone(), known);
        known
    }

    /// Writes down what is new. What cannot be written is lost, and that is told where somebody named the folder.
    pub(super) fn save(self) {
        let fresh = self.fresh.into_inner().unwrap_or_else(PoisonError::into_inner);
        if fresh.is_empty() {
            return;
        }
        let is_new: std::collections::HashSet<&str> = fresh.iter().map(|result| result.name.as_str()).collect();
        let old = self.packed.names().filter(|name| !is_new.contains(name.as_str()) && Path::new(name).exists());
        let old = old.filter_map(|name| {
            let entry = self.packed.entry(name)?;
            let bytes = self.packed.result(entry)?;
            Some(Held { name, seen: entry.seen, text: entry.text, bytes })
        });
        let new = fresh.iter().map(|Fresh { name, seen, text, bytes }| Held { name, seen: *seen, text: *text, bytes });
        let mut all: Vec<Held<'_>> = old.chain(new).collect();
        all.sort_by_key(|result| result.name);
        if let Err(failure) = packed::write(&self.path, self.stamp, &all) {
            tell_where_named(&failure);
        }
        self.path.parent().map(sweep);
    }
}

fn tell_where_named(failure: &Failure) {
    if std::env::var_os(folders::CACHE).is_some() {
        tell(failure, "Findings are not kept. Name another folder in CAVEAT_CACHE_DIR, or use --no-cache.");
    }
}

/// Throws away results that nobody has used for long.
fn sweep(folder: &Path) {
    let is_old = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        modified.is_some_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > KEPT_FOR))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_old) {
        // Another run may be faster.
        let _ = fs::remove_file(entry.path());
    }
}

/// Where the result for one file is kept.
pub(super) struct Place<'a> {
    results: &'a Results,
    name: &'a str,
    seen: Seen,
    text: Option<u128>,
    entry: Option<&'a Entry>,
}

impl Place<'_> {
    /// The result, if the file must be as it was: then it need not be read.
    pub(super) fn unread(&self, asker: &Asker) -> Option<Judged> {
        let entry = self.entry.filter(|entry| self.seen.is_sure(&entry.seen))?;
        self.judged(self.results.packed.result(entry)?, asker)
    }

    /// The result, if the text is what it was.
    /// `note` is what is noted about the way it was read, which another encoding changes.
    pub(super) fn read(&mut self, source: &SourceFile, note: &Option<String>, asker: &Asker) -> Option<Judged> {
        let text = xxh3_128(source.text().as_bytes());
        self.text = Some(text);
        let entry = self.entry.filter(|entry| entry.text == text)?;
        let bytes = self.results.packed.result(entry)?;
        let judged = self.judged(bytes, asker).filter(|judged| judged.note == *note)?;
        self.push(bytes.to_vec());
        Some(judged)
    }

    fn judged(&self, bytes: &[u8], asker: &Asker) -> Option<Judged> {
        let (Head { note, questions, answers }, report) = postcard::take_from_bytes(bytes).ok()?;
        let known: Option<Vec<Known>> =
            questions.iter().map(|question| self.results.look_up(question, asker)).collect();
        (digest(&known?) == answers)
            .then(|| kept::from_bytes(self.name, report))
            .flatten()
            .map(|report| Judged { report, note })
    }

    /// Keeps what was found, with all that was asked.
    pub(super) fn keep(self, judged: &Judged, raised: &Raised) {
        let known: Vec<Known> = raised.questions.iter().map(|question| hash(raised.known.get(question))).collect();
        let answers = digest(&known);
        let head = Head { note: judged.note.clone(), questions: raised.questions.iter().cloned().collect(), answers };
        if let (Ok(mut bytes), Some(report)) = (postcard::to_allocvec(&head), kept::to_bytes(&judged.report)) {
            bytes.extend(report);
            self.push(bytes);
        }
    }

    fn push(&self, bytes: Vec<u8>) {
        let Some(text) = self.text else { return };
        let fresh = Fresh { name: self.name.to_owned(), seen: self.seen, text, bytes };
        self.results.fresh.lock().unwrap_or_else(PoisonError::into_inner).push(fresh);
    }
}

fn hash(answer: Option<&Answer>) -> Known {
    Digest::new().with_value(&answer).finish()
}

fn digest(known: &[Known]) -> u128 {
    known.iter().fold(Digest::new(), |digest, known| digest.with(known.to_le_bytes())).finish()
}
