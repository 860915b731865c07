//! What is open in the editor, and what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use lsp_types::MessageType;
use serde_json::Value;

use crate::cli::globs::absolute;
use crate::cli::lsp::Event;
use crate::cli::lsp::client::{Abilities, Client};
use crate::cli::lsp::project::{Project, Refused, name};
use crate::cli::lsp::projects::{News, Projects};
use crate::cli::lsp::talk::Stage;
use crate::cli::lsp::workspace::Seen;
use crate::lsp::{Draft, diagnostics, uri_of};
use crate::report::{FileReport, Row};
use crate::source::SourceFile;

/// A text that is open, and what was found in it.
pub(super) struct Open {
    pub(super) draft: Draft,
    judged: Option<Judged>,
}

/// What was found in one state of a text.
#[derive(Clone)]
pub(super) struct Judged {
    /// Tells this result from all others.
    pub(super) id: u64,
    pub(super) rows: Arc<[Row]>,
}

/// Everything that is known about the conversation.
pub(super) struct Server {
    pub(super) client: Client,
    pub(super) can: Abilities,
    pub(super) projects: Projects,
    pub(super) open: BTreeMap<String, Open>,
    pub(super) seen: Seen,
    pub(super) later: Sender<Event>,
    pub(super) stage: Stage,
    /// Texts that are to be judged when nothing more waits.
    changed: BTreeSet<String>,
    /// How many results there have been.
    results: u64,
    /// Where mistakes are shown, by the configuration that they belong to.
    mistaken: BTreeMap<Option<PathBuf>, Vec<lsp_types::Uri>>,
}

impl Server {
    pub(super) fn new(client: Client, later: Sender<Event>) -> Self {
        Self {
            client,
            can: Abilities::default(),
            projects: Projects::default(),
            open: BTreeMap::new(),
            seen: Seen::default(),
            later,
            stage: Stage::Before,
            changed: BTreeSet::new(),
            results: 0,
            mistaken: BTreeMap::new(),
        }
    }

    /// Reads again what has changed on disk.
    pub(super) fn refresh(&mut self) -> io::Result<()> {
        if self.projects.refresh() { self.judge_again(None) } else { Ok(()) }
    }

    /// Forgets what was found in a text, or in all, and has it judged anew.
    pub(super) fn judge_again(&mut self, only: Option<&str>) -> io::Result<()> {
        let mut any = false;
        for (uri, open) in self.open.iter_mut().filter(|(uri, _)| only.is_none_or(|only| only == *uri)) {
            open.judged = None;
            any = true;
            self.changed.insert(uri.clone());
        }
        match any && self.can.pulls {
            true => self.client.ask("workspace/diagnostic/refresh", Value::Null),
            false => Ok(()),
        }
    }

    /// Notes that a text is another one now.
    pub(super) fn is_changed(&mut self, uri: &str) {
        if let Some(open) = self.open.get_mut(uri) {
            open.judged = None;
            self.changed.insert(uri.to_owned());
        }
    }

    /// Opens a text.
    pub(super) fn hold(&mut self, draft: Draft) {
        let uri = draft.uri.as_str().to_owned();
        self.open.insert(uri.clone(), Open { draft, judged: None });
        self.changed.insert(uri);
    }

    /// Judges a text that has changed and shows what is found. Tells whether there was one.
    pub(super) fn judge_next(&mut self) -> io::Result<bool> {
        let Some(uri) = self.changed.pop_first() else { return Ok(false) };
        if !self.can.pulls && self.open.contains_key(&uri) {
            let judged = self.judged(&uri);
            if let (Some(judged), Some(open)) = (judged, self.open.get(&uri)) {
                let shown = diagnostics(&judged.rows, open.draft.text(), &open.draft.uri, self.can.shown);
                self.client.publish(open.draft.uri.clone(), Some(open.draft.version), shown)?;
            }
            self.tell_news()?;
        }
        Ok(true)
    }

    /// What is found in a text as it is now.
    pub(super) fn judged(&mut self, uri: &str) -> Option<Judged> {
        let open = self.open.get(uri)?;
        if let Some(judged) = &open.judged {
            return Some(judged.clone());
        }
        let project = self.project_of(uri);
        let source = self.source(uri)?;
        let rows = project.map(|project| project.judge(source).rows).unwrap_or_default();
        self.results += 1;
        let judged = Judged { id: self.results, rows: rows.into() };
        self.open.get_mut(uri)?.judged = Some(judged.clone());
        Some(judged)
    }

    /// What judges a text; `None` where its configuration leaves it out or cannot be used.
    pub(super) fn project_of(&mut self, uri: &str) -> Option<Arc<Project>> {
        let path = self.open.get(uri)?.draft.path.clone();
        let project = self.projects.of(path.as_deref())?;
        let is_left_out = path.is_some_and(|path| project.leaves_out(&path));
        (!is_left_out).then_some(project)
    }

    /// A text as it is judged, under the name that a run would give it.
    pub(super) fn source(&self, uri: &str) -> Option<SourceFile> {
        let draft = &self.open.get(uri)?.draft;
        let name = draft.path.as_deref().map(name).unwrap_or_default();
        Some(draft.source(&name))
    }

    pub(super) fn tell_news(&mut self) -> io::Result<()> {
        self.projects.news().into_iter().try_for_each(|news| self.tell(news))
    }

    /// Shows what is wrong with a configuration where it is wrong, and says once what that means.
    fn tell(&mut self, news: News) -> io::Result<()> {
        let mut shown_before = self.mistaken.remove(&news.config).unwrap_or_default();
        let Some(refused) = news.refused else {
            return shown_before.into_iter().try_for_each(|uri| self.client.publish(uri, None, Vec::new()));
        };
        let so = match news.goes_on {
            true => "the rules and settings of before go on",
            false => "nothing is judged until it is mended",
        };
        let what = match refused {
            Refused::Failure(failure) => failure.to_string(),
            Refused::Mistakes(mistakes) => {
                let first = mistakes.first().map(|(source, _)| source.name().to_owned()).unwrap_or_default();
                for (source, findings) in mistakes {
                    let Some(uri) = uri_of(&absolute(Path::new(source.name()))) else { continue };
                    let report = FileReport::new(&source, findings, 0, 0);
                    let found = diagnostics(&report.rows, source.text(), &uri, self.can.shown);
                    self.client.publish(uri.clone(), None, found)?;
                    shown_before.retain(|other| *other != uri);
                    self.mistaken.entry(news.config.clone()).or_default().push(uri);
                }
                format!("{first} cannot be used")
            }
        };
        shown_before.into_iter().try_for_each(|uri| self.client.publish(uri, None, Vec::new()))?;
        if news.is_new {
            self.client.message(MessageType::ERROR, format!("caveat: {what}, so {so}."))?;
        }
        Ok(())
    }
}
