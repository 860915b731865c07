//! Where imported facts are kept, and when they are used.
//!
//! `caveat.toml` may name a file, which then belongs to the project as its rules do. Otherwise it is the user's own, which
//! runs leave out that are to be the same everywhere: `--locked` and `--isolated`.

use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::cli::args::{Drafts, Evidence};
use crate::cli::config::Config;
use crate::cli::error::Failure;
use crate::imported::{Imported, ImportedError};

/// Names another file than the usual one; empty for none.
const VARIABLE: &str = "CAVEAT_IMPORTED_FACTS";

/// The user's own file, whether or not it is there.
fn own() -> Option<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty()),
        None => Some(etcetera::choose_base_strategy().ok()?.data_dir().join("caveat").join("facts.bin")),
    }
}

/// The file that is used with this configuration, whether or not it is there.
pub(super) fn path(config: &Config) -> Option<PathBuf> {
    config.imported.clone().or_else(own)
}

/// The imported facts that a run with these arguments uses.
pub(super) fn of(config: &Config, drafts: &Drafts, evidence: &Evidence) -> Result<Option<&'static Imported>, Failure> {
    load(config, !drafts.origin.isolated && !evidence.locked)
}

/// The imported facts that a configuration names, else the user's own. `with_own` lets the user's own file count.
pub(super) fn load(config: &Config, with_own: bool) -> Result<Option<&'static Imported>, Failure> {
    let (path, is_named) = match &config.imported {
        Some(path) => (Some(path.clone()), true),
        None => (own().filter(|_| with_own), false),
    };
    let Some(path) = path else { return Ok(None) };
    match read(&path)? {
        // They are needed until the program ends, and loaded once.
        Some(imported) => Ok(Some(Box::leak(Box::new(imported)))),
        None if is_named => {
            let help = "Make it with `caveat facts import`, or take `imported-facts` out of caveat.toml.";
            Err(Failure::Imported { path, why: "there is no such file".to_owned(), help })
        }
        None => Ok(None),
    }
}

/// The imported facts in a file; `None` where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<Imported>, Failure> {
    let failed = |why: String, help| Failure::Imported { path: path.to_owned(), why, help };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.to_string(), "Check what it is and its permissions.")),
    };
    Imported::read(bytes).map(Some).map_err(|error| failed(error.to_string(), help(error)))
}

fn help(error: ImportedError) -> &'static str {
    match error {
        ImportedError::Foreign => "Name a file that `caveat facts import` made.",
        ImportedError::Newer(_) => "Update caveat, or import the official files again into another file (--output).",
        ImportedError::Damaged => "Remove it, and import the official files again with `caveat facts import`.",
        ImportedError::TooLarge => "Import fewer files.",
    }
}
