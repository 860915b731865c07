//! `--diff BASE`: what has changed since a branch was begun, as git tells it.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::error::Failure;
use crate::cli::judge::Input;
use crate::report::Row;

/// The lines that have changed, by file.
#[derive(Debug, Default)]
pub(super) struct Changes {
    base: String,
    files: HashMap<PathBuf, Lines>,
}

/// Lines of one file, 1-based.
#[derive(Debug, PartialEq, Eq)]
enum Lines {
    /// The file is new.
    All,
    Some(Vec<Hunk>),
}

/// A stretch of lines, 1-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hunk {
    /// From the first one to the last.
    Written(u32, u32),
    /// Something was taken out behind this line.
    TakenOut(u32),
}

impl Changes {
    /// What differs between the files as they are now, staged or not, and the commit at which this branch and `base`
    /// parted.
    pub(super) fn since(base: &str) -> Result<Self, Failure> {
        let top = git(&["rev-parse", "--show-toplevel"])?.map_err(|said| refused(&said, NO_REPOSITORY))?;
        let top = PathBuf::from(top.trim_end_matches(['\n', '\r']));
        let commit = format!("{base}^{{commit}}");
        if git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?.is_err() {
            return Err(refused(&format!("git knows no commit “{base}”"), NO_COMMIT));
        }
        let parted = git(&["merge-base", "--end-of-options", base, "HEAD"])?;
        let no_base = |_| refused(&format!("git finds no commit that HEAD and {base} share"), NO_COMMIT);
        let parted = parted.map_err(no_base)?;
        // Whatever the user's own settings make of a difference.
        let plain = ["--unified=0", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames"];
        let prefixes = ["--src-prefix=a/", "--dst-prefix=b/", "--relative=", parted.trim(), "--"];
        let diff = git(&[&["diff"], &plain[..], &prefixes].concat())?.map_err(|said| refused(&said, TRY_BY_HAND))?;
        let mut files: HashMap<PathBuf, Lines> =
            changed(&diff).into_iter().map(|(name, lines)| (top.join(name), lines)).collect();
        let list = ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":/"];
        let untracked = git(&list)?.map_err(|said| refused(&said, TRY_BY_HAND))?;
        files.extend(untracked.split_terminator('\0').map(|name| (top.join(name), Lines::All)));
        Ok(Self { base: base.to_owned(), files })
    }

    /// Against what.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Whether an input has changed at all.
    pub(super) fn touch(&self, input: &Input) -> bool {
        self.lines(input.path()).is_some()
    }

    fn lines(&self, path: &Path) -> Option<&Lines> {
        self.files.get(&path.canonicalize().ok()?)
    }

    /// Which of a file's findings are on lines that have changed, or in a sentence that runs over one.
    pub(super) fn are_touched(&self, path: &str, rows: &[Row]) -> Vec<bool> {
        let hunks = match self.lines(Path::new(path)) {
            None => return vec![false; rows.len()],
            Some(Lines::All) => return vec![true; rows.len()],
            Some(Lines::Some(hunks)) => hunks,
        };
        let text = std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let ranges = sentences(&text, hunks);
        let is_in = |first: u32, last: u32| ranges.iter().any(|range| *range.start() <= last && first <= *range.end());
        let is_touched = |row: &Row| {
            let related = row.related.iter().any(|(start, end, _)| is_in(start.line, end.line));
            related || is_in(row.start.line, row.end.line)
        };
        rows.iter().map(is_touched).collect()
    }
}

const NO_REPOSITORY: &str = "Run it inside a git repository, or leave --diff out.";
const NO_COMMIT: &str = "Fetch it first: `git fetch origin main`, then --diff origin/main. In CI, check out the whole history (`fetch-depth: 0`).";
const TRY_BY_HAND: &str = "Try `git diff` by hand.";

fn refused(said: &str, help: &str) -> Failure {
    let what = said.trim().trim_start_matches("fatal: ").lines().next().unwrap_or("git says nothing").to_owned();
    Failure::Usage { what: format!("--diff: {what}"), help: help.to_owned() }
}

/// What git says on standard output; the inner error is what it says on standard error.
fn git(arguments: &[&str]) -> Result<Result<String, String>, Failure> {
    let quiet = ["-c", "core.quotePath=false", "-c", "diff.relative=false"];
    let output = Command::new("git").args(quiet).args(arguments.iter().map(OsStr::new)).env("LC_ALL", "C").output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => refused("git is not installed", "Install git, or leave --diff out."),
        _ => refused(&format!("git cannot be started: {error}"), TRY_BY_HAND),
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) })
}

/// Reads a difference without context: the new names of its files and the lines that changed in each.
fn changed(diff: &str) -> Vec<(String, Lines)> {
    let mut files: Vec<(String, Lines)> = Vec::new();
    let (mut is_new, mut in_hunk) = (false, 0);
    for line in diff.split('\n') {
        // The lines of a hunk may look like anything.
        if in_hunk > 0 && line.starts_with(['+', '-', '\\']) {
            in_hunk -= usize::from(!line.starts_with('\\'));
            continue;
        }
        if line.starts_with("diff --git ") {
            is_new = false;
        } else if line.starts_with("--- ") {
            is_new = line == "--- /dev/null";
        } else if let Some(name) = line.strip_prefix("+++ ").and_then(new_name) {
            files.push((name, if is_new { Lines::All } else { Lines::Some(Vec::new()) }));
        } else if let Some((old, new)) = line.strip_prefix("@@ -").and_then(hunk) {
            in_hunk = old.1 as usize + new.1 as usize;
            let last = new.0.saturating_add(new.1).saturating_sub(1);
            let hunk = if new.1 == 0 { Hunk::TakenOut(new.0) } else { Hunk::Written(new.0, last) };
            if let Some((_, Lines::Some(hunks))) = files.last_mut() {
                hunks.push(hunk);
            }
        }
    }
    files
}

/// Start and count of a hunk's old and new lines.
fn hunk(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let (old, rest) = line.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |text: &str| {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some((range(old)?, range(new)?))
}

/// The name in `b/name` or `"b/na\"me"`; none for a file that is gone.
fn new_name(written: &str) -> Option<String> {
    let written = written.trim_end_matches(['\t', '\r']);
    let name = match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => unquoted(quoted),
        None => written.to_owned(),
    };
    name.strip_prefix("b/").map(str::to_owned)
}

/// A name that git quoted as C does.
fn unquoted(quoted: &str) -> String {
    let mut bytes = Vec::with_capacity(quoted.len());
    let mut rest = quoted.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().unwrap_or(b'\\') {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            digit @ b'0'..=b'3' => {
                let more = [rest.next(), rest.next()].map(|digit| digit.unwrap_or(b'0').wrapping_sub(b'0') & 7);
                ((digit - b'0') << 6) | (more[0] << 3) | more[1]
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The lines of every sentence that hunks touch, as far as line ends tell where it ends: a change of words at the end of a
/// line may have changed what is said on the next one. Where something was taken out, a sentence is touched that now runs
/// over the gap.
fn sentences(text: &str, hunks: &[Hunk]) -> Vec<RangeInclusive<u32>> {
    let lines: Vec<&str> = text.lines().collect();
    let line = |number: u32| lines.get((number as usize).wrapping_sub(1)).copied().unwrap_or("");
    let goes_on = |first: u32| runs_on(line(first), line(first.saturating_add(1)));
    let grow = |hunk: &Hunk| {
        let (mut first, mut last) = match *hunk {
            Hunk::Written(first, last) => (first, last),
            Hunk::TakenOut(behind) if goes_on(behind) => (behind, behind + 1),
            Hunk::TakenOut(_) => return None,
        };
        while first > 1 && goes_on(first - 1) {
            first -= 1;
        }
        while goes_on(last) {
            last += 1;
        }
        Some(first..=last)
    };
    hunks.iter().filter_map(grow).collect()
}

/// Whether a sentence may run from one line to the next.
fn runs_on(line: &str, next: &str) -> bool {
    let (line, next) = (line.trim_end(), next.trim_start());
    let ends = line.is_empty() || line.ends_with(['.', '!', '?', ':', '|', '>']);
    let begins = next.is_empty() || next.starts_with(['#', '-', '*', '+', '|', '<', '>']);
    !ends && !begins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_read_whatever_its_lines_look_like() {
        let diff = "diff --git a/a b.md b/a b.md\nindex 1..2 100644\n--- a/a b.md\t\n+++ b/a b.md\t\n@@ -1 +1,2 @@ Head\n--- a/x\n+++ b/not-a-file\n+@@ -9 +9 @@\n@@ -7,2 +7,0 @@\n-x\n-y\n\\ No newline at end of file\ndiff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ \"b/q\\\"\\303\\274.md\"\n@@ -0,0 +1,2 @@\n+x\n+y\ndiff --git a/gone b/gone\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
        let first = vec![Hunk::Written(1, 2), Hunk::TakenOut(7)];
        assert_eq!(changed(diff), [("a b.md".to_owned(), Lines::Some(first)), ("q\"ü.md".to_owned(), Lines::All)]);
    }

    #[test]
    fn a_change_counts_for_its_sentence() {
        let text = "One.\nTwo begins\nand goes on\nand ends. Three\nalso.\n- four\n";
        assert_eq!(sentences(text, &[Hunk::Written(3, 3)]), [2..=5]);
        let others = [Hunk::Written(1, 1), Hunk::TakenOut(1), Hunk::TakenOut(2), Hunk::Written(6, 99)];
        assert_eq!(sentences(text, &others), [1..=1, 2..=5, 6..=99]);
    }

    proptest::proptest! {
        #[test]
        fn no_difference_is_too_much(diff in "[-+@ ab/\"\\\\0-9,\n]{0,200}") {
            for (_, lines) in changed(&diff) {
                if let Lines::Some(hunks) = lines {
                    sentences(&diff, &hunks);
                }
            }
        }
    }
}
