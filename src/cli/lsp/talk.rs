//! The conversation: who may say what when, and who takes it.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::path::PathBuf;
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use lsp_types::MessageType;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::cli::lsp::client::Abilities;
use crate::cli::lsp::options::Options;
use crate::cli::lsp::server::Server;
use crate::cli::lsp::{Event, Flow};
use crate::cli::{Exit, say};
use crate::lsp::{OPEN_RULE, SELECT, path_of, valid};
use crate::source::{Format, SourceFile};

/// How far the conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing has been said.
    Before,
    /// The editor has introduced itself.
    Open,
    /// The editor has asked for the end.
    ShutDown,
}

impl Server {
    /// Answers the requests among those waiting that the editor has taken back.
    pub(super) fn cancel(&mut self, waiting: &mut VecDeque<Event>) -> io::Result<()> {
        let cancelled = |event: &Event| match event {
            Event::Said(Message::Notification(said)) if said.method == "$/cancelRequest" => {
                serde_json::from_value::<RequestId>(said.params.get("id")?.clone()).ok()
            }
            _ => None,
        };
        let ids: BTreeSet<String> = waiting.iter().filter_map(cancelled).map(|id| id.to_string()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let is_meant = |event: &Event| match event {
            Event::Said(Message::Request(request)) => ids.contains(&request.id.to_string()),
            _ => false,
        };
        let (taken_back, rest): (VecDeque<_>, VecDeque<_>) = std::mem::take(waiting).into_iter().partition(is_meant);
        *waiting = rest;
        for event in taken_back {
            if let Event::Said(Message::Request(request)) = event {
                self.client.refuse(request.id, ErrorCode::RequestCanceled, "taken back")?;
            }
        }
        Ok(())
    }

    /// Takes what comes next.
    pub(super) fn take(&mut self, event: Event) -> io::Result<Flow> {
        let flow = match event {
            Event::Gone => return Ok(Flow::End(Exit::Findings)),
            Event::Said(Message::Request(request)) => self.request(request).map(|()| Flow::GoOn),
            Event::Said(Message::Notification(said)) => self.said(said),
            // Nothing is asked of the editor whose answer matters.
            Event::Said(Message::Response(_)) => Ok(Flow::GoOn),
            Event::Heard(uri) => self.judge_again(Some(&uri)).map(|()| Flow::GoOn),
            Event::Scanned(scanned) => self.client.answer(scanned.id, scanned.report).map(|()| Flow::GoOn),
        };
        self.tell_news()?;
        flow
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request;
        match (self.stage, method.as_str()) {
            (Stage::Before, "initialize") => self.initialize(id, &params),
            (Stage::Before, _) => self.client.refuse(id, ErrorCode::ServerNotInitialized, "say `initialize` first"),
            (Stage::ShutDown, _) => self.client.refuse(id, ErrorCode::InvalidRequest, "the server is shut down"),
            (_, "initialize") => self.client.refuse(id, ErrorCode::InvalidRequest, "that has been said"),
            (_, "shutdown") => {
                self.stage = Stage::ShutDown;
                self.client.answer(id, Value::Null)
            }
            (_, "textDocument/hover") => self.with(id, params, Self::hover),
            (_, "textDocument/codeAction") => self.with(id, params, Self::code_action),
            (_, "textDocument/diagnostic") => self.with(id, params, Self::pulled),
            (_, "workspace/diagnostic") => self.with(id, params, Self::scan),
            (_, "workspace/executeCommand") => self.with(id, params, Self::execute),
            _ => self.client.refuse(id, ErrorCode::MethodNotFound, &format!("there is no `{method}` here")),
        }
    }

    /// Reads the parameters of a request and meets it.
    fn with<P: DeserializeOwned>(
        &mut self,
        id: RequestId,
        mut params: Value,
        meet: fn(&mut Self, RequestId, P) -> io::Result<()>,
    ) -> io::Result<()> {
        name_validly(&mut params);
        match serde_json::from_value(params) {
            Ok(params) => meet(self, id, params),
            Err(error) => self.client.refuse(id, ErrorCode::InvalidParams, &error.to_string()),
        }
    }

    fn said(&mut self, said: Notification) -> io::Result<Flow> {
        let Notification { method, params } = said;
        match (self.stage, method.as_str()) {
            (stage, "exit") => {
                // The protocol asks for 0 after `shutdown`, else for 1.
                let exit = if stage == Stage::ShutDown { Exit::Clean } else { Exit::Findings };
                return Ok(Flow::End(exit));
            }
            (Stage::Open, "initialized") => self.initialized()?,
            (Stage::Open, "textDocument/didOpen") => self.noted(params, Self::opened)?,
            (Stage::Open, "textDocument/didChange") => self.noted(params, Self::edited)?,
            (Stage::Open, "textDocument/didSave") => self.noted(params, Self::saved)?,
            (Stage::Open, "textDocument/didClose") => self.noted(params, Self::closed)?,
            (Stage::Open, "workspace/didChangeConfiguration") => {
                self.set(params.get("settings").unwrap_or(&Value::Null))?
            }
            (Stage::Open, "workspace/didChangeWatchedFiles") => self.refresh()?,
            (Stage::Open, "workspace/didChangeWorkspaceFolders") => self.noted(params, Self::moved)?,
            _ => {}
        }
        Ok(Flow::GoOn)
    }

    fn noted<P: DeserializeOwned>(
        &mut self,
        mut params: Value,
        note: fn(&mut Self, P) -> io::Result<()>,
    ) -> io::Result<()> {
        name_validly(&mut params);
        match serde_json::from_value(params) {
            Ok(params) => note(self, params),
            Err(error) => {
                say(&format!("warning: a notification was left out: {error}"));
                Ok(())
            }
        }
    }

    fn initialize(&mut self, id: RequestId, params: &Value) -> io::Result<()> {
        self.can = Abilities::read(params.get("capabilities").unwrap_or(&Value::Null));
        self.projects.roots = roots(params);
        let (options, wrong) = Options::read(params.get("initializationOptions").unwrap_or(&Value::Null));
        let offers = offers(self.can, options.whole_workspace);
        self.projects.set(options);
        self.stage = Stage::Open;
        self.client.answer(id, offers)?;
        wrong.into_iter().try_for_each(|wrong| self.client.message(MessageType::WARNING, wrong))
    }

    /// Asks to be told of changed files, and makes what takes time the first time it is used.
    fn initialized(&mut self) -> io::Result<()> {
        if self.can.watches {
            let watchers = ["**/*.toml", "**/caveat.lock"].map(|glob| json!({ "globPattern": glob }));
            let method = "workspace/didChangeWatchedFiles";
            let registration =
                json!({ "id": "caveat-files", "method": method, "registerOptions": { "watchers": watchers } });
            self.client.ask("client/registerCapability", json!({ "registrations": [registration] }))?;
        }
        let root = self.projects.roots.first().map(|root| root.join("draft.md"));
        if let Some(project) = self.projects.of(root.as_deref()) {
            thread::spawn(move || project.judge(SourceFile::new("", "This cures nothing.", Format::Markdown)));
        }
        Ok(())
    }

    fn set(&mut self, settings: &Value) -> io::Result<()> {
        if !Options::are_in(settings) {
            return Ok(());
        }
        let (options, wrong) = Options::read(settings);
        wrong.into_iter().try_for_each(|wrong| self.client.message(MessageType::WARNING, wrong))?;
        if self.projects.set(options) { self.judge_again(None) } else { Ok(()) }
    }

    fn moved(&mut self, params: lsp_types::DidChangeWorkspaceFoldersParams) -> io::Result<()> {
        let paths = |folders: &[lsp_types::WorkspaceFolder]| -> Vec<PathBuf> {
            folders.iter().filter_map(|folder| path_of(folder.uri.as_str())).collect()
        };
        let gone = paths(&params.event.removed);
        self.projects.roots.retain(|root| !gone.contains(root));
        self.projects.roots.extend(paths(&params.event.added));
        self.judge_again(None)
    }
}

/// Takes documents whose names are no URIs to the letter.
fn name_validly(params: &mut Value) {
    if let Some(Value::String(uri)) = params.pointer_mut("/textDocument/uri") {
        *uri = valid(uri);
    }
}

/// The folders that an editor works in.
fn roots(params: &Value) -> Vec<PathBuf> {
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    let uri = |folder: &Value| path_of(folder.get("uri")?.as_str()?);
    match folders {
        Some(folders) => folders.iter().filter_map(uri).collect(),
        None => params.get("rootUri").and_then(Value::as_str).and_then(path_of).into_iter().collect(),
    }
}

/// What the server can do for this editor.
fn offers(can: Abilities, whole_workspace: bool) -> Value {
    let mut capabilities = json!({
        "positionEncoding": can.shown.encoding.kind(),
        "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
        "hoverProvider": true,
        "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll.caveat"] },
        "executeCommandProvider": { "commands": [OPEN_RULE, SELECT] },
        "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
    });
    if can.pulls {
        capabilities["diagnosticProvider"] =
            json!({ "identifier": "caveat", "interFileDependencies": false, "workspaceDiagnostics": whole_workspace });
    }
    json!({ "capabilities": capabilities, "serverInfo": { "name": "caveat", "version": env!("CARGO_PKG_VERSION") } })
}
