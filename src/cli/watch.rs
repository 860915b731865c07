//! `--watch`: drafts are judged again as they change.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecursiveMode, Watcher, recommended_watcher};

use crate::cli::args::Lint;
use crate::cli::config::{Config, NAME};
use crate::cli::desk::Desk;
use crate::cli::error::{Failure, tell};
use crate::cli::globs::absolute;
use crate::cli::{Exit, lint, say, walk};

/// Editors write a file in several steps; a moment of silence ends them.
const SETTLED: Duration = Duration::from_millis(60);

enum Message {
    Changed(notify::Result<Event>),
    Stop,
}

/// Lints, and lints again what changes, until the program is told to stop.
pub(super) fn run(arguments: &Lint, paths: &[PathBuf], mut desk: Desk) -> Result<Exit, Failure> {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        let (what, help) = ("standard input cannot be watched", "Name files or folders.");
        return Err(Failure::Usage { what: what.to_owned(), help: help.to_owned() });
    }
    let (sender, messages) = channel();
    let stop = sender.clone();
    let stopping = AtomicBool::new(false);
    let on_stop = move || {
        // Who asks twice does not want to wait for a run to end.
        if stopping.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        drop(stop.send(Message::Stop));
    };
    // Without a handler Ctrl-C ends the program too.
    let _ = ctrlc::set_handler(on_stop);
    let failed = |error: notify::Error| Failure::Usage {
        what: format!("the files cannot be watched: {error}"),
        help: "Watch fewer folders, or allow more watches (on Linux: fs.inotify.max_user_watches).".to_owned(),
    };
    let mut watcher = recommended_watcher(move |event| drop(sender.send(Message::Changed(event)))).map_err(failed)?;
    for folder in folders(paths, &desk.config) {
        watcher.watch(&folder, RecursiveMode::Recursive).map_err(failed)?;
    }
    judge(arguments, paths, &desk);
    while let Some(changed) = changes(&messages) {
        if changed.iter().any(|path| is_shared(path, &desk.config)) {
            match Desk::set_up(&arguments.drafts, &arguments.rules, &arguments.evidence) {
                Ok(Ok(new)) => desk = new,
                Ok(Err(wrong)) => {
                    if let Err(failure) = lint::refuse("terminal", &arguments.writing, wrong) {
                        tell(&failure, failure.help());
                    }
                    continue;
                }
                Err(failure) => {
                    tell(&failure, failure.help());
                    continue;
                }
            }
            judge(arguments, paths, &desk);
            continue;
        }
        let drafts = walk::follow(paths, &desk.config).into_iter().flatten().map(|draft| draft.path);
        let drafts: Vec<PathBuf> = drafts.filter(|path| changed.contains(&absolute(path))).collect();
        if !drafts.is_empty() {
            judge(arguments, &drafts, &desk);
        }
    }
    Ok(Exit::Clean)
}

/// The folders that hold what is watched: editors replace files, which only their folders tell.
fn folders(paths: &[PathBuf], config: &Config) -> BTreeSet<PathBuf> {
    let folder = |path: &PathBuf| {
        let path = absolute(path);
        if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("/")).to_owned() }
    };
    let configuration = config.place().map(|(name, _)| PathBuf::from(name));
    let shared = configuration.iter().chain(&config.packs).chain(&config.facts);
    let all: BTreeSet<PathBuf> = paths.iter().chain(shared).map(folder).collect();
    let is_inside = |path: &PathBuf| all.iter().any(|other| path != other && path.starts_with(other));
    all.iter().filter(|path| !is_inside(path)).cloned().collect()
}

/// Whether every draft depends on a file: then everything is judged again.
fn is_shared(path: &Path, config: &Config) -> bool {
    let is_configuration = match config.place() {
        Some((name, _)) => path == absolute(Path::new(name)),
        None => path.file_name().is_some_and(|name| name == NAME),
    };
    let files = config.packs.iter().chain(&config.facts).chain(&config.sheet).chain(&config.baseline);
    is_configuration || files.map(|file| absolute(file)).any(|file| file == path)
}

/// The files of the next change, once it has settled; `None` when it is time to stop.
fn changes(messages: &Receiver<Message>) -> Option<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    let mut note = |message: Message| match message {
        Message::Stop => None,
        Message::Changed(Ok(event)) => {
            // Whoever reads a file, as this program does, has not changed it.
            if !matches!(event.kind, EventKind::Access(_)) {
                changed.extend(event.paths);
            }
            Some(())
        }
        Message::Changed(Err(error)) => {
            tell(&error, "Some changes may not be noticed. Start the program again.");
            Some(())
        }
    };
    note(messages.recv().ok()?)?;
    loop {
        match messages.recv_timeout(SETTLED) {
            Ok(message) => note(message)?,
            Err(RecvTimeoutError::Timeout) => return Some(changed),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// One run. What goes wrong is told, and watching goes on.
fn judge(arguments: &Lint, paths: &[PathBuf], desk: &Desk) {
    if io::stdout().is_terminal() {
        // Clears the screen and what has scrolled away, and goes to its top.
        let _ = io::stdout().write_all(b"\x1b[2J\x1b[3J\x1b[H");
    }
    let started = Instant::now();
    let desk = desk.again(&arguments.drafts, &arguments.rules, &arguments.evidence);
    if let Err(failure) = desk.and_then(|desk| lint::at(arguments, paths, desk)) {
        tell(&failure, failure.help());
    }
    if !arguments.writing.quiet {
        say(&format!("{} ms. Watching for changes; Ctrl-C ends it.", started.elapsed().as_millis()));
    }
}
