//! The language server as an editor meets it: the program itself, spoken to over its standard input and output.

mod neovim;
mod protocol;
mod settings;

use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor with a server that it has started.
pub struct Editor {
    child: Child,
    stdin: Option<ChildStdin>,
    said: Receiver<Message>,
    /// What came while something else was waited for.
    kept: Vec<Message>,
    asked: i32,
}

impl Editor {
    /// Starts the server in a folder and says nothing yet.
    pub fn start(folder: &Path) -> Self {
        Self::of(crate::cli::caveat(folder).arg("lsp"))
    }

    pub fn of(command: &mut Command) -> Self {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = pipes.spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (send, said) = mpsc::channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Ok(Some(message)) = Message::read(&mut stdout) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, said, kept: Vec::new(), asked: 0 }
    }

    /// Starts the server and opens the folder with these capabilities and options.
    pub fn open(folder: &Path, capabilities: Value, options: Value) -> Self {
        let mut editor = Self::start(folder);
        let offered = editor.initialize(folder, capabilities, options);
        assert_eq!(offered["serverInfo"]["name"], "caveat");
        editor
    }

    pub fn initialize(&mut self, folder: &Path, capabilities: Value, options: Value) -> Value {
        let folders = json!([{ "uri": uri(folder, ""), "name": "drafts" }]);
        let params = json!({ "processId": null, "rootUri": uri(folder, ""), "workspaceFolders": folders,
            "capabilities": capabilities, "initializationOptions": options });
        let offered = self.ask("initialize", params).unwrap();
        self.tell("initialized", json!({}));
        offered
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    fn write(&mut self, message: Message) {
        let mut bytes = Vec::new();
        message.write(&mut bytes).unwrap();
        self.raw(&bytes);
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.write(Notification { method: method.to_owned(), params }.into());
    }

    /// Sends a request without waiting for its answer.
    pub fn begin(&mut self, method: &str, params: Value) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.write(Request { id: id.clone(), method: method.to_owned(), params }.into());
        id
    }

    /// The answer to a request: its result, or the error's code.
    pub fn answer(&mut self, id: &RequestId) -> Result<Value, i32> {
        let said = self.wait("an answer", |message| matches!(message, Message::Response(r) if r.id == *id));
        match said {
            Message::Response(response) => response.response_result.map_err(|error| error.code),
            other => panic!("{other:?}"),
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.begin(method, params);
        self.answer(&id)
    }

    /// What the server says next of this method, that `fits`.
    pub fn told(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let said = self.wait(method, |message| match message {
            Message::Notification(said) => said.method == method && fits(&said.params),
            Message::Request(said) => said.method == method && fits(&said.params),
            Message::Response(_) => false,
        });
        match said {
            Message::Notification(said) => said.params,
            Message::Request(said) => said.params,
            Message::Response(_) => Value::Null,
        }
    }

    fn wait(&mut self, what: &str, fits: impl Fn(&Message) -> bool) -> Message {
        if let Some(at) = self.kept.iter().position(&fits) {
            return self.kept.remove(at);
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.said.recv_timeout(left) {
                Ok(message) if fits(&message) => return message,
                Ok(message) => self.kept.push(message),
                Err(error) => panic!("{what}: {error}; there came {:#?}", self.kept),
            }
        }
    }

    /// Everything of a method that has come by now: the server answers in order, so that a request shows it.
    pub fn so_far(&mut self, method: &str) -> Vec<Value> {
        let _ = self.ask("caveat/nothing", Value::Null);
        let is_meant = |message: &Message| matches!(message, Message::Notification(said) if said.method == method);
        self.kept.iter().filter(|message| is_meant(message)).map(params).collect()
    }

    pub fn did_open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces a range, given as line and character of its start and end.
    pub fn did_change(&mut self, uri: &str, version: i32, range: [u32; 4], text: &str) {
        let change = json!({ "range": self::range(range), "text": text });
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// The findings that are shown for one version of a document.
    pub fn shown(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let shown =
            self.told("textDocument/publishDiagnostics", |params| params["uri"] == uri && params["version"] == version);
        shown["diagnostics"].as_array().unwrap().clone()
    }

    /// Ends the conversation as the protocol asks.
    pub fn close(mut self) -> ExitStatus {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        self.exit()
    }

    pub fn exit(mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        drop(self.stdin.take());
        status
    }

    pub fn hang_up(mut self) -> ExitStatus {
        drop(self.stdin.take());
        self.child.wait().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // A test that failed leaves no server behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn params(message: &Message) -> Value {
    match message {
        Message::Notification(said) => said.params.clone(),
        _ => Value::Null,
    }
}

/// The name of a file in the protocol.
pub fn uri(folder: &Path, name: &str) -> String {
    let path = if name.is_empty() { folder.to_owned() } else { folder.join(name) };
    url::Url::from_file_path(path).unwrap().to_string()
}

/// Line and character of the start and the end.
pub fn range([a, b, c, d]: [u32; 4]) -> Value {
    json!({ "start": { "line": a, "character": b }, "end": { "line": c, "character": d } })
}

pub fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect()
}
