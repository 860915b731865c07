//! What a keystroke costs: the program itself, spoken to as an editor does, in a draft of 5,000 words.
//!
//! `cargo bench --bench keystrokes`
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

const WORDS: usize = 5000;
const DRAFT: &str = "file:///drafts/draft.md";

struct Editor {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Editor {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caveat"));
        command.arg("lsp").env("CAVEAT_IMPORTED_FACTS", "");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut editor = Self { child, stdin, stdout: BufReader::new(stdout) };
        let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
        editor.write(Request { id: 1.into(), method: "initialize".to_owned(), params }.into());
        Message::read(&mut editor.stdout).unwrap();
        editor.tell("initialized", json!({}));
        editor
    }

    fn write(&mut self, message: Message) {
        message.write(&mut self.stdin).unwrap();
        self.stdin.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.write(Notification { method: method.to_owned(), params }.into());
    }

    /// Waits for the findings of a version of the draft; gives how many there are.
    fn findings(&mut self, version: i32) -> usize {
        loop {
            if let Some(Message::Notification(said)) = Message::read(&mut self.stdout).unwrap()
                && said.params["version"] == version
            {
                return said.params["diagnostics"].as_array().map_or(0, Vec::len);
            }
        }
    }

    fn open(&mut self, text: &str) {
        let document = json!({ "uri": DRAFT, "languageId": "markdown", "version": 0, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn type_letter(&mut self, version: i32, line: usize, at: usize, letter: char) {
        let place = json!({ "line": line, "character": at });
        let change = json!({ "range": { "start": place, "end": place }, "text": letter.to_string() });
        let document = json!({ "uri": DRAFT, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }
}

/// The project's own articles, one after the other.
fn draft() -> String {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    let mut paths: Vec<_> = std::fs::read_dir(articles).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    let mut text = String::new();
    for path in paths.iter().cycle() {
        text += &std::fs::read_to_string(path).unwrap();
        text.push('\n');
        if text.split_whitespace().count() >= WORDS {
            break;
        }
    }
    text
}

fn main() {
    let text = draft();
    let start = Instant::now();
    let mut editor = Editor::start();
    let started = start.elapsed();
    let start = Instant::now();
    editor.open(&text);
    let findings = editor.findings(0);
    println!("{} words, {findings} findings", text.split_whitespace().count());
    println!("server started in {started:.1?}, first findings {:.1?} after the draft was opened", start.elapsed());
    let line = text.lines().count() / 2;
    let sentence = "Typing this sentence, one letter after the other, takes a writer half a minute or so. ";
    // Run as a test, it only shows that it runs.
    let sentence = sentence.repeat(if std::env::args().any(|argument| argument == "--bench") { 4 } else { 1 });
    let mut times: Vec<Duration> = Vec::new();
    for (at, letter) in sentence.chars().enumerate() {
        let (start, version) = (Instant::now(), at as i32 + 1);
        editor.type_letter(version, line, at, letter);
        editor.findings(version);
        times.push(start.elapsed());
        // As fast as a very fast typist.
        std::thread::sleep(Duration::from_millis(20));
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{} keystrokes: median {:.1?}, 99 in 100 within {:.1?}, worst {:.1?}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    // Ended by us: there is nothing to be kept.
    let _ = editor.child.kill();
    let _ = editor.child.wait();
}
