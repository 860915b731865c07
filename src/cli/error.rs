//! What can go wrong at the rim, and how it is told.

use std::io;
use std::path::PathBuf;

use crate::cli::say;
use crate::report::one_line;

/// A run that cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{what}")]
    Usage { what: String, help: String },
    #[error("{path} cannot be read: {source}", path = path.display())]
    Config { path: PathBuf, source: io::Error },
    #[error("{path} cannot be read: {source}", path = path.display())]
    Lock { path: PathBuf, source: io::Error },
    #[error("{path} cannot be used, so {so}")]
    WrongConfig { path: String, so: &'static str },
    #[error("{path} cannot be used: {why}", path = path.display())]
    Imported { path: PathBuf, why: String, help: &'static str },
    #[error("{path} cannot be used: {why}", path = path.display())]
    Baseline { path: PathBuf, why: String },
    #[error("{path} cannot be written: {source}", path = path.display())]
    Output { path: PathBuf, source: io::Error },
    #[error("the report cannot be written: {0}")]
    Write(io::Error),
    #[error("standard input cannot be read: {0}")]
    Stdin(io::Error),
}

impl Failure {
    /// What to do about it.
    pub(super) fn help(&self) -> &str {
        match self {
            Failure::Usage { help, .. } => help,
            Failure::Config { .. } => "Name a readable file with --config, or use --isolated to go without one.",
            Failure::Lock { .. } => "Pin the answers with `caveat lint --refresh`, which writes it.",
            Failure::Imported { help, .. } => help,
            Failure::Baseline { .. } => {
                "Write it with `caveat baseline`; `--isolated` goes without the one of caveat.toml."
            }
            Failure::WrongConfig { .. } => "Mend what the findings name, or use --isolated to go without it.",
            Failure::Output { .. } => "Name a file in a folder that exists and that you may write to.",
            Failure::Write(_) => "Make room, or write to another place with --output.",
            Failure::Stdin(_) => "Name files, or give `-` something to read.",
        }
    }
}

/// An input that cannot be judged. The others go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum InputError {
    #[error("{path}: no such file or folder")]
    Missing { path: String },
    #[error("{path}: a symbolic link that leads nowhere")]
    BrokenLink { path: String },
    #[error("{path}: a symbolic link that leads back to {ancestor}")]
    Loop { path: String, ancestor: String },
    #[error("{path}: cannot be read: {source}")]
    Unreadable { path: String, source: io::Error },
    #[error("{path}: is neither UTF-8 nor another encoding that can be told: byte {at} does not fit")]
    NotText { path: String, at: usize },
    #[error("{path}: is {encoding}, and byte {at} does not fit")]
    Damaged { path: String, encoding: &'static str, at: usize },
    #[error("{path}: is longer than 4 GiB")]
    TooLong { path: String },
}

impl InputError {
    /// The error for an I/O failure on a path.
    pub(super) fn of_io(path: &std::path::Path, source: io::Error) -> Self {
        let shown = path.to_string_lossy().into_owned();
        // ELOOP has no stable kind of its own yet, but a link that cannot be followed to an end is a loop.
        let is_link = || path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        match source.kind() {
            io::ErrorKind::NotFound if is_link() => Self::BrokenLink { path: shown },
            io::ErrorKind::NotFound => Self::Missing { path: shown },
            _ => Self::Unreadable { path: shown, source },
        }
    }

    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Check the spelling; paths are taken from the current directory.",
            Self::BrokenLink { .. } => "Mend or remove the link.",
            Self::Loop { .. } => "Remove the link, or put its path into `exclude` of caveat.toml.",
            Self::Unreadable { .. } => "Check what it is and its permissions, or put it into `exclude` of caveat.toml.",
            Self::NotText { .. } | Self::Damaged { .. } => "Save the file as UTF-8.",
            Self::TooLong { .. } => "Split it.",
        }
    }
}

/// Tells an error with its help on standard error.
pub(super) fn tell(error: &dyn std::error::Error, help: &str) {
    let line = format!("error: {}", one_line(&error.to_string()));
    if help.is_empty() { say(&line) } else { say(&format!("{line}\n  help: {help}")) }
}
