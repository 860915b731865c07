//! The user's cache: where it is, and `caveat clean`.
//!
//! It is in the user's folder and not among the drafts: those are often synchronised, published or searched as a whole,
//! and nobody expects a linter to leave something there.

use std::fs;
use std::io;
use std::path::Path;

use clap::Args;

use crate::cli::error::Failure;
use crate::cli::globs::relative;
use crate::cli::{Exit, folders, printed};
use crate::report::counted;

/// Findings of earlier runs.
pub(super) const RESULTS: &str = "results";
/// What is kept there; nothing else is ever removed.
const KEPT: [&str; 2] = [RESULTS, "answers"];

/// Empties the cache: what earlier runs found and what they were answered. The next run takes a little longer.
///
/// The cache is in the user's folder for such things (`$XDG_CACHE_HOME/caveat`, on most systems `~/.cache/caveat`);
/// CAVEAT_CACHE_DIR names another one. Nothing needs it: what is in it is made again.
#[derive(Clone, Debug, Args)]
pub(super) struct Clean {}

/// Empties the cache.
pub(super) fn clean(_: &Clean) -> Result<Exit, Failure> {
    let Some(folder) = folders::cache() else { return printed("Nothing is kept: CAVEAT_CACHE_DIR is empty.\n") };
    let (mut files, mut bytes) = (0, 0);
    for kept in KEPT.map(|name| folder.join(name)) {
        let failed = |source| Failure::Output { path: kept.clone(), source };
        let (more_files, more_bytes) = held(&kept).map_err(failed)?;
        if kept.exists() {
            fs::remove_dir_all(&kept).map_err(failed)?;
        }
        files += more_files;
        bytes += more_bytes;
    }
    // Only where nothing of anybody else's is in it.
    let _ = fs::remove_dir(&folder);
    let place = relative(&folder);
    match files {
        0 => printed(&format!("{place} holds nothing.\n")),
        _ => printed(&format!("Removed {} ({}) from {place}\n", counted(files, "file"), size(bytes))),
    }
}

/// How many files a folder holds, and how many bytes they have.
fn held(folder: &Path) -> io::Result<(usize, u64)> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, 0)),
        entries => entries?,
    };
    let (mut files, mut bytes) = (0, 0);
    for entry in entries {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let (more, their) = if metadata.is_dir() { held(&entry.path())? } else { (1, metadata.len()) };
        files += more;
        bytes += their;
    }
    Ok((files, bytes))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
