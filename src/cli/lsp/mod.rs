//! `caveat lsp`: the language server on standard input and output.
//!
//! One thread reads messages, one takes them in their order and judges when nothing more waits: of several changes only
//! the last state is judged. What takes long (asking the network, reading a whole workspace) runs on threads of its
//! own, whose results come in by the same queue.

mod answering;
mod client;
mod options;
mod project;
mod projects;
mod requests;
mod server;
mod talk;
mod texts;
mod workspace;

use std::collections::VecDeque;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, Sender};
use std::thread;

use clap::Args;
use lsp_server::Message;

use crate::cli::error::Failure;
use crate::cli::{Exit, say};

use client::Client;
use server::Server;

const EXPLAINED: &str = "\
An editor starts this program and speaks the Language Server Protocol with it on standard
input and output; run by hand, it waits for an editor to speak. Point your editor's client at
the command `caveat lsp` for Markdown, HTML and plain text. It needs no other arguments: rules
and settings are those of the closest caveat.toml, as for `caveat lint`, and are read again
when they change. Set-ups for Neovim, VS Code, Helix, Emacs and others: docs/editors.md.

Initialization options, all of them optional:
  profile         for whom the drafts are written, over what caveat.toml says: \"newsroom\"
  jurisdiction    whose law binds the publisher, over what caveat.toml says: \"eu\"
  online          true: ask about links and sources when a draft is opened or saved; else
                  nothing is asked of the network, and answers are those of caveat.lock
  wholeWorkspace  true: judge every draft of the workspace and not only open ones, for
                  editors that pull diagnostics

Exit codes:
  0  the editor has shut it down
  1  the editor has gone away";

/// Serves an editor: findings while you type, explanations, fixes.
#[derive(Clone, Copy, Debug, Args)]
#[command(after_help = EXPLAINED)]
pub(super) struct Lsp {
    /// Taken for editors that always pass it; there is no other way to speak
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Something to be seen to.
#[derive(Debug)]
enum Event {
    /// The editor said something.
    Said(Message),
    /// The editor is gone.
    Gone,
    /// Answers came in for a text.
    Heard(String),
    /// A workspace was read.
    Scanned(workspace::Scanned),
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    GoOn,
    End(Exit),
}

/// Serves until the editor ends it.
pub(super) fn run(_arguments: Lsp) -> Result<Exit, Failure> {
    if io::stdin().is_terminal() {
        say("note: this waits for an editor to speak; `caveat lsp --help` says how one is told to. Ctrl-D ends it.");
    }
    let (send, events) = mpsc::channel();
    let reader = send.clone();
    thread::spawn(move || read(&reader));
    let mut server = Server::new(Client::new(io::stdout()), send);
    let mut waiting: VecDeque<Event> = VecDeque::new();
    loop {
        waiting.extend(events.try_iter());
        server.cancel(&mut waiting).map_err(Failure::Write)?;
        let flow = match waiting.pop_front() {
            Some(event) => server.take(event),
            None => match server.judge_next() {
                Ok(true) => Ok(Flow::GoOn),
                Ok(false) => {
                    // The server holds a sender, so that there is always something to come.
                    waiting.extend(events.recv());
                    Ok(Flow::GoOn)
                }
                Err(error) => Err(error),
            },
        };
        match flow {
            Ok(Flow::GoOn) => {}
            Ok(Flow::End(exit)) => return Ok(exit),
            // Whoever does not listen any more is gone.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Exit::Findings),
            Err(error) => return Err(Failure::Write(error)),
        }
    }
}

/// Reads messages until there are no more. One that cannot be read is left out: the next one has a head of its own.
fn read(into: &Sender<Event>) {
    let mut input = io::stdin().lock();
    loop {
        let event = match Message::read(&mut input) {
            Ok(Some(message)) => Event::Said(message),
            Ok(None) => Event::Gone,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                say(&format!("warning: a message was left out: {error}"));
                continue;
            }
            Err(_) => Event::Gone,
        };
        let is_last = matches!(event, Event::Gone);
        if into.send(event).is_err() || is_last {
            return;
        }
    }
}
