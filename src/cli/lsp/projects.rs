//! Which configuration holds for which draft, read when it is first needed and again when it has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::config::Config;
use crate::cli::lsp::options::Options;
use crate::cli::lsp::project::{Project, Refused, State, inputs};

/// The projects of the drafts that are open, by the path of their configuration.
#[derive(Default)]
pub(super) struct Projects {
    /// The folders that the editor works in.
    pub(super) roots: Vec<PathBuf>,
    options: Options,
    held: BTreeMap<Option<PathBuf>, Held>,
    news: Vec<News>,
}

/// What is held of a configuration.
struct Held {
    inputs: Vec<State>,
    /// The last one that could be used.
    project: Option<Arc<Project>>,
    is_broken: bool,
}

/// Something to be told about a configuration.
pub(super) struct News {
    /// Its path.
    pub(super) config: Option<PathBuf>,
    /// What is wrong now; `None` where all is well again.
    pub(super) refused: Option<Refused>,
    /// Whether nothing was wrong before.
    pub(super) is_new: bool,
    /// Whether an earlier state of it is used in the meantime.
    pub(super) goes_on: bool,
}

impl Projects {
    /// The project of a draft: that of the folder which the editor works in, as for a run that is started there, else
    /// the one closest to the file. `None` where it has never been usable.
    pub(super) fn of(&mut self, path: Option<&Path>) -> Option<Arc<Project>> {
        let key = self.config_of(path);
        if !self.held.contains_key(&key) {
            self.load(key.clone());
        }
        self.held.get(&key).and_then(|held| held.project.clone())
    }

    fn config_of(&self, path: Option<&Path>) -> Option<PathBuf> {
        let root = match path {
            Some(path) => {
                let around = self.roots.iter().filter(|root| path.starts_with(root));
                around.max_by_key(|root| root.components().count())
            }
            None => self.roots.first(),
        };
        let closest = || Config::find(path?.parent()?);
        root.and_then(|root| Config::find(root)).or_else(closest)
    }

    /// Takes other settings, under which everything is read again.
    pub(super) fn set(&mut self, options: Options) -> bool {
        let is_other = self.options != options;
        self.options = options;
        if is_other {
            let keys: Vec<_> = self.held.keys().cloned().collect();
            keys.into_iter().for_each(|key| self.load(key));
        }
        is_other
    }

    /// Reads again what has changed on disk. Tells whether anything has.
    pub(super) fn refresh(&mut self) -> bool {
        let is_stale =
            |(key, held): (&Option<PathBuf>, &Held)| (held.inputs != inputs(key.as_deref())).then(|| key.clone());
        let stale: Vec<_> = self.held.iter().filter_map(is_stale).collect();
        for key in &stale {
            if key.as_ref().is_some_and(|path| !path.exists()) {
                self.held.remove(key);
                self.news.push(News { config: key.clone(), refused: None, is_new: false, goes_on: false });
            } else {
                self.load(key.clone());
            }
        }
        !stale.is_empty()
    }

    /// What is to be told since this was last asked.
    pub(super) fn news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    fn load(&mut self, key: Option<PathBuf>) {
        let before = self.held.remove(&key);
        let was_broken = before.as_ref().is_some_and(|held| held.is_broken);
        let earlier = before.and_then(|held| held.project);
        // Seen before it is read: what changes in between is read again.
        let inputs = inputs(key.as_deref());
        let (project, refused) = match Project::load(key.as_deref(), &self.options, earlier.as_deref()) {
            Ok(project) => (Some(Arc::new(project)), None),
            Err(refused) => (earlier, Some(refused)),
        };
        let is_broken = refused.is_some();
        if is_broken || was_broken {
            let goes_on = project.is_some();
            self.news.push(News { config: key.clone(), refused, is_new: !was_broken, goes_on });
        }
        self.held.insert(key, Held { inputs, project, is_broken });
    }
}
