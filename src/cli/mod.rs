//! The command line: arguments, files, configuration, progress and exit codes.

mod args;
mod ask;
mod baseline;
mod cache;
mod changes;
mod claims;
mod client;
mod config;
mod desk;
mod diff;
mod error;
mod evidence;
mod facts;
mod fix;
mod folders;
mod globs;
mod imported;
mod init;
mod inputs;
mod judge;
mod lint;
mod lsp;
mod names;
mod nothing;
mod pinned;
mod question;
mod raised;
mod read;
mod results;
mod rewrite;
mod rule;
mod schema;
mod setup;
mod sheet;
mod show;
mod sieve;
mod sink;
mod stdin;
mod test;
mod walk;
mod watch;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

/// How a run ends, as scripts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// Usage, configuration, a rule file or an input could not be read.
    Unread = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe must not turn `--help | head -1` into a failure.
            let _ = error.print();
            return if error.use_stderr() { Exit::Unread.into() } else { Exit::Clean.into() };
        }
    };
    let done = match &arguments.command {
        Command::Lint(arguments) => lint::run(arguments),
        Command::Claims(arguments) => claims::run(arguments),
        Command::Baseline(arguments) => baseline::run(arguments),
        Command::Evidence(arguments) => evidence::run(arguments),
        Command::Facts(arguments) => facts::run(arguments),
        Command::Init(arguments) => init::run(arguments),
        Command::Rule(arguments) => rule::run(arguments),
        Command::Test(arguments) => test::run(arguments),
        Command::Lsp(arguments) => lsp::run(*arguments),
        Command::Schema(arguments) => printed(&schema::text(arguments)),
        Command::Completions { shell } => printed(&schema::completions(*shell)),
        Command::Clean(arguments) => cache::clean(arguments),
        Command::Man => printed(&schema::manual()),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            error::tell(&error, error.help());
            Exit::Unread.into()
        }
    }
}

/// Writes a whole output to standard output. Whoever closes the pipe has read enough.
fn printed(text: &str) -> Result<Exit, error::Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error::Failure::Write(error)),
        _ => Ok(Exit::Clean),
    }
}

/// Writes a line for people to standard error; there is nobody left to tell if that fails.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
