//! The editor: what it can do, and how it is spoken to.

use std::io::{self, Stdout};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{Diagnostic, MessageType, PositionEncodingKind, PublishDiagnosticsParams, ShowMessageParams, Uri};
use serde::Serialize;
use serde_json::{Value, json};

use crate::lsp::{Encoding, Shown};

/// What an editor can do, as it says at the start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// How it wants diagnostics.
    pub(super) shown: Shown,
    /// It asks for diagnostics, and can be told to ask again.
    pub(super) pulls: bool,
    /// It takes edits for one version of a document.
    pub(super) versioned: bool,
    /// It can be told to show a document.
    pub(super) shows: bool,
    /// It watches files.
    pub(super) watches: bool,
}

impl Abilities {
    /// Reads `capabilities` of the `initialize` request.
    pub(super) fn read(capabilities: &Value) -> Self {
        let at = |path: &str| capabilities.pointer(path).unwrap_or(&Value::Null);
        let can = |path: &str| at(path).as_bool().unwrap_or(false);
        let encodings: Option<Vec<PositionEncodingKind>> =
            serde_json::from_value(at("/general/positionEncodings").clone()).ok();
        Self {
            shown: Shown {
                encoding: Encoding::negotiate(encodings.as_deref()),
                related: can("/textDocument/publishDiagnostics/relatedInformation"),
            },
            pulls: at("/textDocument/diagnostic").is_object() && can("/workspace/diagnostics/refreshSupport"),
            versioned: can("/workspace/workspaceEdit/documentChanges"),
            shows: can("/window/showDocument/support"),
            watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }
}

/// Speaks to the editor.
#[derive(Debug)]
pub(super) struct Client {
    out: Stdout,
    asked: i32,
}

impl Client {
    pub(super) fn new(out: Stdout) -> Self {
        Self { out, asked: 0 }
    }

    fn write(&mut self, message: impl Into<Message>) -> io::Result<()> {
        message.into().write(&mut self.out.lock())
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, id: RequestId, result: impl Serialize) -> io::Result<()> {
        match serde_json::to_value(result) {
            Ok(result) => self.write(Response { id, response_result: Ok(result) }),
            Err(error) => self.refuse(id, ErrorCode::InternalError, &error.to_string()),
        }
    }

    /// Answers a request that cannot be met.
    pub(super) fn refuse(&mut self, id: RequestId, code: ErrorCode, why: &str) -> io::Result<()> {
        self.write(Response::new_err(id, code as i32, why.to_owned()))
    }

    /// Tells the editor something.
    pub(super) fn tell(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.write(Notification { method: method.to_owned(), params })
    }

    /// Asks the editor to do something; its answer is not waited for.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.write(Request { id, method: method.to_owned(), params })
    }

    /// Shows a message to the person.
    pub(super) fn message(&mut self, kind: MessageType, message: String) -> io::Result<()> {
        self.tell("window/showMessage", json!(ShowMessageParams { typ: kind, message }))
    }

    /// Shows what is wrong in a document, in place of what was shown before.
    pub(super) fn publish(&mut self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) -> io::Result<()> {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        self.tell("textDocument/publishDiagnostics", json!(params))
    }
}
