//! From paths on the command line to the files to lint.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::cli::config::Config;
use crate::cli::error::InputError;
use crate::cli::globs::{Globs, absolute};
use crate::source::Format;

/// Folders that hold other people's text; they are entered only when they are named.
const NOT_ENTERED: [&str; 3] = ["node_modules", ".git", "target"];

/// A file to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) path: PathBuf,
    pub(super) format: Format,
}

/// What the paths led to, in order: those named first come first, folders in order of their paths.
pub(super) type Found = Vec<Result<Draft, InputError>>;

/// Follows paths. A file that is named is always taken; in a folder those are that are drafts by their ending or by
/// `include`, that git would not ignore, that are not hidden and that `exclude` does not name. Each file comes once.
pub(super) fn follow(paths: &[PathBuf], config: &Config) -> Found {
    let mut found = Vec::new();
    // Two names of one file can only be told apart from two files by the file system, and only links make them.
    let mut has_links = false;
    for path in paths {
        has_links |= path.ancestors().any(Path::is_symlink);
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => has_links |= folder(path, config, &mut found),
            Ok(_) => found.push(Ok(draft(path.clone()))),
            Err(error) => found.push(Err(InputError::of_io(path, error))),
        }
    }
    // One folder without links holds each of its files once.
    if paths.len() == 1 && !has_links { found } else { once_each(found, has_links) }
}

fn draft(path: PathBuf) -> Draft {
    let format = Format::of_path(&path).unwrap_or(Format::Text);
    Draft { path, format }
}

/// Adds what a folder holds; tells whether there are links in it. Folders are read by many threads, and what they find is
/// put into order afterwards.
fn folder(path: &Path, config: &Config, found: &mut Found) -> bool {
    let has_links = AtomicBool::new(false);
    let exclude = config.exclude.clone();
    let walk = WalkBuilder::new(path)
        .follow_links(true)
        .require_git(false)
        .threads(rayon::current_num_threads())
        .filter_entry(move |entry| entry.depth() == 0 || !(is_foreign(entry) || is_shut(entry, &exclude)))
        .build_parallel();
    let (sender, items) = mpsc::channel();
    walk.run(|| {
        let (sender, has_links) = (sender.clone(), &has_links);
        Box::new(move |entry| {
            let item = match entry {
                Ok(entry) => {
                    has_links.fetch_or(entry.path_is_symlink(), Ordering::Relaxed);
                    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                    let is_draft = is_file && is_wanted(entry.path(), config);
                    is_draft.then(|| (entry.path().to_owned(), Ok(draft(shown(path, entry.into_path())))))
                }
                Err(error) => {
                    let place = culprit(&error).0.map_or_else(|| path.to_owned(), Path::to_owned);
                    failure(&error, path, config).map(|error| (place, Err(error)))
                }
            };
            // The other end is there until all have been sent.
            item.into_iter().for_each(|item| drop(sender.send(item)));
            WalkState::Continue
        })
    });
    drop(sender);
    let mut items: Vec<(PathBuf, Result<Draft, InputError>)> = items.into_iter().collect();
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.extend(items.into_iter().map(|(_, item)| item));
    has_links.into_inner()
}

/// `caveat lint` alone walks `.`; its files are shown as people name them, without `./`.
fn shown(root: &Path, path: PathBuf) -> PathBuf {
    if root == Path::new(".") { path.strip_prefix(".").map(Path::to_owned).unwrap_or(path) } else { path }
}

fn is_foreign(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    is_folder && entry.file_name().to_str().is_some_and(|name| NOT_ENTERED.contains(&name))
}

/// Whether a folder is excluded: then nothing in it needs to be looked at.
fn is_shut(entry: &DirEntry, exclude: &Globs) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir()) && exclude.matches(entry.path(), true)
}

fn is_wanted(path: &Path, config: &Config) -> bool {
    let is_draft = Format::of_path(path).is_some() || config.include.matches(path, false);
    is_draft && !config.exclude.matches(path, false)
}

/// The error to tell, or nothing where what failed would not have been linted anyway: editors leave hidden links that
/// lead nowhere, and a broken link to a picture is not ours.
fn failure(error: &ignore::Error, root: &Path, config: &Config) -> Option<InputError> {
    let (path, ancestor) = culprit(error);
    let path = path.map_or_else(|| root.to_owned(), Path::to_owned);
    let is_hidden = path != root && path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let is_foreign =
        path != root && path.file_name().and_then(|n| n.to_str()).is_some_and(|n| NOT_ENTERED.contains(&n));
    let is_other_file = path.extension().is_some() && !path.is_dir() && !is_wanted(&path, config);
    if is_hidden || is_foreign || is_other_file || config.exclude.matches(&path, true) {
        return None;
    }
    let path = shown(root, path);
    if let Some(ancestor) = ancestor {
        let (path, ancestor) = (path.to_string_lossy().into_owned(), ancestor.to_string_lossy().into_owned());
        return Some(InputError::Loop { path, ancestor });
    }
    let why = || io::Error::other(error.to_string());
    let source = error.io_error().map_or_else(why, |error| match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    });
    Some(InputError::of_io(&path, source))
}

/// The path that failed and, for a loop of links, where it leads back to.
fn culprit(error: &ignore::Error) -> (Option<&Path>, Option<&Path>) {
    match error {
        ignore::Error::WithPath { path, err } => (culprit(err).0.or(Some(path)), culprit(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => culprit(err),
        ignore::Error::Loop { ancestor, child } => (Some(child), Some(ancestor)),
        ignore::Error::Partial(errors) => errors.first().map_or((None, None), culprit),
        _ => (None, None),
    }
}

/// Leaves out what came before under another name.
fn once_each(found: Found, has_links: bool) -> Found {
    let key = |path: &Path| {
        let by_name = || absolute(path);
        if has_links { path.canonicalize().unwrap_or_else(|_| by_name()) } else { by_name() }
    };
    let mut seen = HashSet::with_capacity(found.len());
    let mut told = HashSet::new();
    let mut is_new = |item: &Result<Draft, InputError>| match item {
        Ok(draft) => seen.insert(key(&draft.path)),
        Err(error) => told.insert(error.to_string()),
    };
    found.into_iter().filter(|item| is_new(item)).collect()
}
