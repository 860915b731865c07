//! `--fix` and `--add-ignores`: what can be mended without a person looking is mended, and what a person wants to keep gets
//! a comment with the reason.

use std::path::PathBuf;

use similar::TextDiff;

use crate::cli::args::{Fixing, Lint};
use crate::cli::desk::Desk;
use crate::cli::error::{Failure, InputError, tell};
use crate::cli::judge::{Input, Judged};
use crate::cli::rewrite::rewrite;
use crate::cli::sieve::Sieve;
use crate::cli::{Exit, read, say};
use crate::finding::{Applicability, Fix, RuleId};
use crate::fixes::apply;
use crate::report::{FileReport, Row, counted};
use crate::source::{SourceFile, Span};
use crate::suppress::write::{Meant, accept};

/// How often a text is looked at again after a fix, which may bring another one to light.
const ROUNDS: usize = 10;

/// Makes fixes.
pub(super) struct Fixer {
    /// Whether fixes are made, and whether those that may change what is said are among them.
    fixes: bool,
    with_unsafe: bool,
    /// The reason for which everything else is accepted.
    reason: Option<String>,
    dry: bool,
    made: usize,
    files: usize,
    /// Fixes that a person should look at.
    left: usize,
    accepted: usize,
    /// Findings that no comment can accept.
    unaccepted: usize,
}

/// A draft after its fixes.
pub(super) struct Fixed {
    /// What is left to tell.
    pub(super) judged: Judged,
    pub(super) made: Made,
}

/// What became of the new text.
pub(super) enum Made {
    /// It is in the file, which may have needed no fix.
    Rewritten,
    /// It could not be written, and that is told.
    Refused,
    /// It differs like this, and nothing was changed.
    Difference(String),
    /// It is for whoever gave the old one on standard input.
    Text(String),
}

impl Fixer {
    /// A fixer, if the arguments ask for one.
    pub(super) fn of(arguments: &Lint, paths: &[PathBuf]) -> Result<Option<Self>, Failure> {
        if !asks(arguments) {
            if arguments.fixing.dry_run {
                return refused("--dry-run has nothing to do", "Add --fix, --unsafe-fixes or --add-ignores.");
            }
            return Ok(None);
        }
        if paths.len() > 1 && paths.iter().any(|path| path.as_os_str() == "-") {
            return refused("drafts are changed on standard input or in files, not both", "Run the program twice.");
        }
        let Fixing { fix, unsafe_fixes: with_unsafe, add_ignores: reason, dry_run: dry } = arguments.fixing.clone();
        let (fixes, accepted, unaccepted) = (fix || with_unsafe, 0, 0);
        Ok(Some(Self { fixes, with_unsafe, reason, dry, made: 0, files: 0, left: 0, accepted, unaccepted }))
    }

    /// Whether nothing is to be changed.
    pub(super) fn is_dry(&self) -> bool {
        self.dry
    }

    /// How a run ends that changes nothing.
    pub(super) fn exit(&self) -> Exit {
        if self.made + self.accepted > 0 { Exit::Findings } else { Exit::Clean }
    }

    fn fixes(&self, report: &FileReport) -> Vec<Fix> {
        if !self.fixes {
            return Vec::new();
        }
        let fixes = report.rows.iter().filter_map(|row| row.fix.as_ref());
        fixes.filter(|fix| self.with_unsafe || fix.applicability == Applicability::Safe).map(Fix::from).collect()
    }

    /// Mends an input that was judged, until nothing changes. Only what `sieve` lets through is mended.
    pub(super) fn mend(
        &mut self,
        desk: &Desk,
        input: &Input,
        judged: Judged,
        sieve: &mut Sieve,
    ) -> Result<Fixed, InputError> {
        let (old, from) = match input {
            Input::Text(source) => (source.clone(), None),
            Input::File(_) if self.has_nothing_to_do(&judged.report) => {
                let report = sieve.sift(judged.report);
                self.left += fixable(&report);
                return Ok(Fixed { judged: Judged { report, ..judged }, made: Made::Rewritten });
            }
            Input::File(draft) => {
                let decoded = read::file(&draft.path)?;
                let name = draft.path.to_string_lossy();
                (SourceFile::new(name, decoded.text, draft.format), decoded.from)
            }
        };
        let before = sieve.clone();
        let (mut new, mut report, fixes) = self.until_nothing_changes(desk, &old, sieve)?;
        self.left += fixable(&report);
        let (mut accepted, mut unaccepted) = (0, 0);
        if let Some(reason) = self.reason.as_ref().filter(|_| !report.rows.is_empty()) {
            let written = accept(&new, &meant(&report), reason);
            new = SourceFile::new(new.name(), written.text, new.format());
            (accepted, unaccepted) = (written.accepted, written.left);
            *sieve = before;
            report = sieve.sift(judge(desk, &new)?);
        }
        let is_new = new.text() != old.text();
        let made = match input {
            _ if self.dry => Made::Difference(unified(&old, &new)),
            Input::Text(_) => Made::Text(new.text().to_owned()),
            Input::File(draft) if is_new => match rewrite(&draft.path, new.text(), from) {
                Ok(()) => Made::Rewritten,
                Err(failure) => {
                    tell(&failure, "Nothing in it was changed. Check its permissions, and those of its folder.");
                    Made::Refused
                }
            },
            Input::File(_) => Made::Rewritten,
        };
        if !matches!(made, Made::Refused) {
            self.made += fixes;
            self.accepted += accepted;
            self.unaccepted += unaccepted;
            self.files += usize::from(is_new);
        }
        Ok(Fixed { judged: Judged { report, ..judged }, made })
    }

    /// The text with all fixes, what is left to tell of it, and how many fixes were made.
    fn until_nothing_changes(
        &self,
        desk: &Desk,
        old: &SourceFile,
        sieve: &mut Sieve,
    ) -> Result<(SourceFile, FileReport, usize), InputError> {
        let (mut text, mut made, mut round) = (old.clone(), 0, 0);
        loop {
            // The sieve counts what it holds back: of all looks at one text the last one counts.
            let mut counting = sieve.clone();
            let report = counting.sift(judge(desk, &text)?);
            let (new, more) = apply(text.text(), &self.fixes(&report));
            if more == 0 || round == ROUNDS {
                *sieve = counting;
                return Ok((text, report, made));
            }
            text = SourceFile::new(text.name(), new, text.format());
            (made, round) = (made + more, round + 1);
        }
    }

    fn has_nothing_to_do(&self, report: &FileReport) -> bool {
        self.fixes(report).is_empty() && (self.reason.is_none() || report.rows.is_empty())
    }

    /// Says what was done and what is left.
    pub(super) fn tell(&self) {
        let findings = |count| counted(count, "finding");
        let mut done = Vec::new();
        if self.made > 0 {
            done.push(format!("{} {}", if self.dry { "fix" } else { "Fixed" }, findings(self.made)));
        }
        if self.accepted > 0 {
            let word = if done.is_empty() && !self.dry {
                "Accepted"
            } else if self.dry {
                "accept"
            } else {
                "accepted"
            };
            done.push(format!("{word} {}", findings(self.accepted)));
        }
        match done.join(", ") {
            done if done.is_empty() => say("Nothing is changed: no finding can be mended without a person."),
            done if self.dry => say(&format!("Would {done} in {}.", counted(self.files, "file"))),
            done => say(&format!("{done} in {}.", counted(self.files, "file"))),
        }
        if self.left > 0 && self.fixes && !self.with_unsafe {
            let more = if self.left == 1 { "1 more fix".to_owned() } else { format!("{} more fixes", self.left) };
            say(&format!("{more} may change what a draft says: --unsafe-fixes makes them. Read what they do."));
        }
        if self.unaccepted > 0 {
            say(&format!("{} stay: no comment can accept them there.", findings(self.unaccepted)));
            say("  help: Plain text has no comments: write `ignore` into an entry of `files` in caveat.toml.");
        }
    }
}

/// The findings of a report as comments accept them.
fn meant(report: &FileReport) -> Vec<Meant> {
    let meant = |row: &Row| {
        let (pack, rule) = row.rule.split_once('/').unwrap_or(("", &row.rule));
        (RuleId::new(pack, rule), Span::new(row.start.offset, row.end.offset))
    };
    report.rows.iter().map(meant).collect()
}

fn fixable(report: &FileReport) -> usize {
    report.rows.iter().filter(|row| row.fix.is_some()).count()
}

/// What is found in a text.
fn judge(desk: &Desk, source: &SourceFile) -> Result<FileReport, InputError> {
    let mut report = Err(InputError::Missing { path: source.name().to_owned() });
    let input = [Input::Text(source.clone())];
    // Nothing can go wrong: what is emitted is only kept.
    let _ = desk.judge(&input, false, &mut |judged| {
        report = judged.map(|Judged { report, .. }| report);
        Ok(())
    });
    report
}

/// How one text becomes another, as `git apply` and `patch -p1` read it; empty where they are the same.
fn unified(old: &SourceFile, new: &SourceFile) -> String {
    if old.text() == new.text() {
        return String::new();
    }
    let name = old.name().trim_start_matches("./");
    let diff = TextDiff::from_lines(old.text(), new.text());
    diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

fn asks(arguments: &Lint) -> bool {
    let Fixing { fix, unsafe_fixes, add_ignores, .. } = &arguments.fixing;
    *fix || *unsafe_fixes || add_ignores.is_some()
}

fn refused<T>(what: &str, help: &str) -> Result<T, Failure> {
    Err(Failure::Usage { what: what.to_owned(), help: help.to_owned() })
}

/// Records are answered, not changed.
pub(super) fn refuse_records(arguments: &Lint) -> Result<(), Failure> {
    if asks(arguments) {
        return refused("drafts can be changed, records cannot", "Make the `fix` of each finding yourself.");
    }
    Ok(())
}
