//! A configuration with its rules and answers, and what they say of a text.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::checks::records;
use crate::cli::args::Evidence;
use crate::cli::ask::{Asker, lock_beside};
use crate::cli::config::{Config, Overlay};
use crate::cli::error::Failure;
use crate::cli::globs::{absolute, relative};
use crate::cli::judge::{Step, open_of};
use crate::cli::lsp::answering::{Answering, Look, copy, settled};
use crate::cli::lsp::options::Options;
use crate::cli::setup::{Mistakes, Origin, packs};
use crate::cli::{claims, facts, imported, names, sheet, walk};
use crate::document::Document;
use crate::evidence::{Answer, Answers, Question};
use crate::imported::Imported;
use crate::knowledge::Knowledge;
use crate::linter::{Linter, Outcome, Settings};
use crate::report::FileReport;
use crate::report::claims::ClaimsReport;
use crate::rules::{Page, RuleSet, own_pages, pages};
use crate::source::SourceFile;

/// What judges the drafts of a folder.
pub(super) struct Project {
    /// Tells it from all others, and from what it was before it was read again.
    pub(super) id: u64,
    config: Config,
    facts: Vec<State>,
    knowledge: &'static Knowledge,
    imported: (Option<State>, Option<&'static Imported>),
    linter: Linter,
    pages: Vec<Page>,
    overlay: Overlay,
    signed: Arc<FxHashSet<String>>,
    /// What is pinned and what files say; never waits.
    offline: Asker,
    /// Whether the network may be asked.
    online: bool,
    /// What it has heard from the network since the editor was started.
    heard: Mutex<Arc<Answers>>,
}

/// Why a project cannot be used.
pub(super) enum Refused {
    /// Files with what is wrong in them.
    Mistakes(Mistakes),
    /// Something that cannot be read.
    Failure(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// How many projects have been read.
static LOADED: AtomicU64 = AtomicU64::new(0);

fn today() -> Date {
    jiff::Zoned::now().date()
}

impl Project {
    /// Reads a configuration and all that it names; `None` for none. What `before` has and is still the same is taken
    /// over: facts stay in memory to the end, and nobody is asked again.
    pub(super) fn load(path: Option<&Path>, options: &Options, before: Option<&Project>) -> Result<Self, Refused> {
        let origin = Origin { config: path.map(Path::to_owned), isolated: path.is_none() };
        let config = origin.read()?.map_err(|wrong| Refused::Mistakes(vec![(wrong.source, wrong.findings)]))?;
        let facts: Vec<State> = config.facts.iter().map(|path| state(path)).collect();
        let knowledge = match before.filter(|before| before.facts == facts) {
            Some(before) => before.knowledge,
            None => facts::knowledge(&config)?.map_err(Refused::Mistakes)?,
        };
        let file = imported::path(&config).map(|path| state(&path));
        let imported = match before.filter(|before| before.imported.0 == file) {
            Some(before) => before.imported.1,
            None => imported::load(&config, true)?,
        };
        let own = packs(&config.packs)?;
        let mut rules = RuleSet::builtin_knowing(knowledge);
        rules.load(&own).map_err(Refused::Mistakes)?;
        let known = names::all(&rules);
        config.check_names(&known).map_err(|wrong| Refused::Mistakes(vec![(wrong.source, wrong.findings)]))?;
        imported.iter().for_each(|imported| rules.import(imported));
        let mut all_packs = RuleSet::builtin_packs();
        all_packs.extend(own);
        let mut pages = pages(&all_packs).map_err(Refused::Mistakes)?;
        pages.extend(own_pages());
        let signed = config.sheet.as_deref().map(sheet::signed).transpose()?.unwrap_or_default();
        Ok(Self {
            id: LOADED.fetch_add(1, Ordering::Relaxed),
            facts,
            knowledge,
            imported: (file, imported),
            linter: Linter::new(rules),
            pages,
            overlay: options.overlay(),
            signed: Arc::new(signed.into_keys().collect()),
            offline: asker(&config, true, imported)?,
            online: options.online,
            heard: Mutex::new(before.map(|before| Arc::clone(&before.heard())).unwrap_or_default()),
            config,
        })
    }

    /// Whether the configuration leaves a file out.
    pub(super) fn leaves_out(&self, path: &Path) -> bool {
        self.config.exclude.matches(path, false)
    }

    /// The page of a rule, by its full name.
    pub(super) fn page(&self, rule: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == rule)
    }

    /// The file that it was read from.
    pub(super) fn config_path(&self) -> Option<PathBuf> {
        self.config.source.as_ref().map(|source| absolute(Path::new(source.name())))
    }

    /// Whether the network may be asked.
    pub(super) fn is_online(&self) -> bool {
        self.online
    }

    /// The drafts below a folder, as a run over it would find them.
    pub(super) fn drafts(&self, root: &Path) -> Vec<walk::Draft> {
        walk::follow(&[root.to_owned()], &self.config).into_iter().flatten().collect()
    }

    fn settings(&self, path: &Path) -> Settings {
        let path = Some(path).filter(|path| !path.as_os_str().is_empty());
        Settings { signed: Arc::clone(&self.signed), ..self.config.settings(path, &self.overlay, today()) }
    }

    /// What is to be said of a text, from what is at hand.
    pub(super) fn judge(&self, source: SourceFile) -> FileReport {
        let document = Document::parse(source);
        let outcome = self.at_hand(|answering| self.outcome(&document, answering));
        FileReport::new(&document.source, outcome.findings, document.words(), outcome.unchecked)
    }

    /// What a text claims, with verdicts from what is at hand.
    pub(super) fn claims(&self, source: SourceFile) -> ClaimsReport {
        let rules = self.linter.rules();
        let document = Document::parse(source);
        let reading = rules.reader().read(&document);
        let look: Look<'_, ClaimsReport> = &|known, new| {
            let questions = new(records::questions_of(&document, known));
            if !questions.is_empty() {
                return Step::Asks(questions);
            }
            let (report, searches) = claims::report(rules, &document, &reading, known, today(), false);
            match new(open_of(&searches)) {
                open if open.is_empty() => Step::Done(report),
                open => Step::Asks(open),
            }
        };
        self.at_hand(|answering| settled(answering, look))
    }

    /// Asks the network what a text wants to know and nobody has said yet. Waits for the answers; tells whether any
    /// came.
    pub(super) fn ask(&self, source: SourceFile) -> Result<bool, Failure> {
        let asker = asker(&self.config, false, self.imported.1)?.keeping_nothing();
        let document = Document::parse(source);
        let came = Cell::new(false);
        let ask = |questions: &[Question]| {
            let is_told = |question: &&Question| self.heard().get(question).is_some_and(Answer::is_settled);
            let (told, open): (Vec<&Question>, Vec<&Question>) = questions.iter().partition(is_told);
            let open: Vec<Question> = open.into_iter().cloned().collect();
            let mut answers = asker.ask(&open, &|_| {});
            let mut heard = self.heard();
            for question in open {
                if let Some(answer) = answers.get(&question) {
                    came.set(true);
                    Arc::make_mut(&mut heard).insert(question, answer.clone());
                }
            }
            copy(&heard, told, &mut answers);
            answers
        };
        self.outcome(&document, &Answering { can: &|question| asker.can_answer(question), ask: &ask });
        // What was heard is kept for this person, as after any run.
        asker.finish(true)?;
        Ok(came.get())
    }

    /// Does something that needs answers, with those that are at hand: from the lock, files, and what was heard.
    fn at_hand<T>(&self, need: impl FnOnce(&Answering<'_>) -> T) -> T {
        let heard = Arc::clone(&self.heard());
        let can = |question: &Question| self.offline.can_answer(question) || heard.get(question).is_some();
        let ask = |questions: &[Question]| {
            let (told, open): (Vec<&Question>, Vec<&Question>) =
                questions.iter().partition(|question| heard.get(question).is_some());
            let open: Vec<Question> = open.into_iter().cloned().collect();
            let mut answers = self.offline.ask(&open, &|_| {});
            copy(&heard, told, &mut answers);
            answers
        };
        need(&Answering { can: &can, ask: &ask })
    }

    /// Judges a document as soon as all is known that can be.
    fn outcome(&self, document: &Document, answering: &Answering<'_>) -> Outcome {
        let settings = self.settings(Path::new(document.source.name()));
        settled(answering, &|known, new| {
            let questions = new(self.linter.questions(document, &settings, known));
            if !questions.is_empty() {
                return Step::Asks(questions);
            }
            let outcome = self.linter.judge(document, &settings, known);
            match new(open_of(&outcome.searches)) {
                open if open.is_empty() => Step::Done(outcome),
                open => Step::Asks(open),
            }
        })
    }

    fn heard(&self) -> MutexGuard<'_, Arc<Answers>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What answers as a run over the project would.
fn asker(config: &Config, offline: bool, imported: Option<&'static Imported>) -> Result<Asker, Failure> {
    let evidence = Evidence { today: None, offline, locked: false, refresh: false, changes: None };
    Ok(Asker::of(&evidence, config)?.with_imported(imported))
}

/// A file as it is now: another state means that it is to be read again.
pub(super) type State = (PathBuf, Option<SystemTime>, u64);

pub(super) fn state(path: &Path) -> State {
    match path.metadata() {
        Ok(metadata) => (path.to_owned(), metadata.modified().ok(), metadata.len()),
        Err(_) => (path.to_owned(), None, 0),
    }
}

/// The files that are read for a configuration.
pub(super) fn inputs(config: Option<&Path>) -> Vec<State> {
    let mut paths: Vec<PathBuf> = config.map(absolute).into_iter().collect();
    let read = config.map_or_else(|| Some(Config::none()), |path| Config::read(path).ok()?.ok());
    if let Some(config) = read {
        paths.push(lock_beside(&config));
        paths.extend(config.packs.iter().chain(&config.facts).chain(&config.sheet).cloned());
        paths.extend(imported::path(&config));
    }
    paths.iter().map(|path| state(path)).collect()
}

/// The name under which a file is judged, as a run would show it.
pub(super) fn name(path: &Path) -> String {
    relative(path)
}
