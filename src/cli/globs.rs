//! Globs of the configuration: as in a `.gitignore` that stands beside it.

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns relative to one folder. A pattern with a slash in it is anchored there, one without matches at any depth,
/// and one that names a folder means everything in it.
#[derive(Clone, Debug)]
pub(super) struct Globs {
    root: PathBuf,
    matcher: Gitignore,
    patterns: Arc<[Pattern]>,
}

/// A pattern as it is written, and whether anything has matched it.
#[derive(Debug)]
struct Pattern {
    written: String,
    used: AtomicBool,
}

impl Globs {
    /// Compiles patterns; the error is the number of the pattern that is wrong and what is wrong with it.
    pub(super) fn new<'a>(root: &Path, patterns: impl Iterator<Item = &'a str>) -> Result<Self, (usize, String)> {
        let mut builder = GitignoreBuilder::new("");
        // A misspelt pattern in our own file is told, not taken to the letter.
        builder.allow_unclosed_class(false);
        let mut written = Vec::new();
        for (at, pattern) in patterns.enumerate() {
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            written.push(Pattern { written: pattern.to_owned(), used: AtomicBool::new(false) });
            builder.add_line(None, pattern).map_err(|error| (at, reason(&error)))?;
        }
        let matcher = builder.build().map_err(|error| (0, reason(&error)))?;
        Ok(Self { root: root.to_owned(), matcher, patterns: written.into() })
    }

    /// No patterns: nothing matches.
    pub(super) fn none() -> Self {
        Self { root: PathBuf::new(), matcher: Gitignore::empty(), patterns: Arc::default() }
    }

    /// Whether a path, relative to the current directory or absolute, matches. Paths outside the folder do not.
    pub(super) fn matches(&self, path: &Path, is_folder: bool) -> bool {
        if self.matcher.is_empty() {
            return false;
        }
        let path = absolute(path);
        let Some(path) = path.strip_prefix(&self.root).ok().filter(|path| !path.as_os_str().is_empty()) else {
            return false;
        };
        let matched = self.matcher.matched_path_or_any_parents(path, is_folder);
        if let Some(glob) = matched.inner() {
            let used = self.patterns.iter().filter(|pattern| pattern.written == glob.original());
            used.for_each(|pattern| pattern.used.store(true, Ordering::Relaxed));
        }
        matched.is_ignore()
    }

    /// The patterns as they are written.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(|pattern| pattern.written.as_str())
    }

    /// The patterns that have not decided about any path so far.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        let unused = self.patterns.iter().filter(|pattern| !pattern.used.load(Ordering::Relaxed));
        unused.map(|pattern| pattern.written.as_str())
    }
}

fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

/// The path as it is shown: from the current directory where it is below it, else whole.
pub(super) fn relative(path: &Path) -> String {
    let here = std::path::absolute(".").unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).to_string_lossy().into_owned()
}

/// The path from the root of the file system, `.` and `..` resolved by name alone.
pub(super) fn absolute(path: &Path) -> PathBuf {
    // The system is asked once where we are: ten thousand paths may be asked for.
    static HERE: OnceLock<PathBuf> = OnceLock::new();
    let full = if path.is_absolute() {
        path.to_owned()
    } else {
        HERE.get_or_init(|| std::path::absolute(".").unwrap_or_default()).join(path)
    };
    let mut plain = PathBuf::with_capacity(full.as_os_str().len());
    for part in full.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore_from_the_root() {
        let globs =
            Globs::new(Path::new("/site"), ["drafts/", "*.tmp.md", "/blog/**/old.md", "./a/*.md"].into_iter()).unwrap();
        for path in
            ["/site/drafts/x.md", "/site/deep/drafts/x.md", "/site/q/a.tmp.md", "/site/blog/1/2/old.md", "/site/a/b.md"]
        {
            assert!(globs.matches(Path::new(path), false), "{path}");
        }
        for path in ["/site/blog/x.md", "/site/c/a/b.md", "/elsewhere/drafts/x.md", "/site"] {
            assert!(!globs.matches(Path::new(path), false), "{path}");
        }
        assert!(globs.matches(Path::new("/site/x/../drafts/y.md"), false));
    }

    #[test]
    fn a_wrong_pattern_is_named() {
        let (at, why) = Globs::new(Path::new("/"), ["a", "b[c"].into_iter()).unwrap_err();
        assert_eq!(at, 1);
        assert!(why.contains("unclosed"), "{why}");
    }
}
