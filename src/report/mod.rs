//! Output formats, one file each, and the resolved findings that they print.
//!
//! This is the only place besides the language server that knows lines, columns and 1-based numbers. A file's findings
//! are resolved to [`Row`]s while its text is at hand; after that the text can go, so memory follows the largest file
//! and not the archive.

mod article;
pub mod claims;
mod concise;
#[cfg(feature = "cli")]
pub mod evidence;
mod github;
mod gitlab;
#[cfg(feature = "cli")]
mod html;
mod json;
mod jsonl;
mod junit;
pub mod kept;
mod list;
mod markdown;
pub mod pages;
mod places;
mod rdjson;
mod rows;
mod sarif;
pub mod statistics;
#[cfg(feature = "cli")]
mod terminal;

pub use article::{Article, Piece, PieceKind};
pub use rows::{Mark, Point, Row, RowFix, ShownLine};

use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Applicability, Finding, Severity};
use crate::rules::Rule;
use crate::source::SourceFile;

/// What is to be said about one file, without its text unless the report shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileReport {
    /// The path or name, as it was given.
    pub path: String,
    /// Its findings in order of place.
    pub rows: Vec<Row>,
    /// How many words it has.
    pub words: usize,
    /// How many questions about it nobody answered.
    pub unchecked: usize,
    /// Its text and claims, where the output shows them; see [`Output::shows_articles`].
    pub article: Option<Box<Article>>,
}

impl FileReport {
    /// Resolves the findings of one source. `words` and `unchecked` are counted by whoever judged it.
    pub fn new(source: &SourceFile, findings: Vec<Finding>, words: usize, unchecked: usize) -> Self {
        Self { path: source.name().to_owned(), rows: rows::resolve(source, findings), words, unchecked, article: None }
    }

    /// The same with its text and claims.
    pub fn with_article(mut self, article: Option<Article>) -> Self {
        self.article = article.map(Box::new);
        self
    }
}

/// The counts of a whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that were judged.
    pub files: usize,
    /// Words in them.
    pub words: usize,
    /// Findings that are errors.
    pub error: usize,
    /// Findings that are warnings.
    pub warning: usize,
    /// Findings that are worth knowing.
    pub info: usize,
    /// Questions that nobody answered.
    pub unchecked: usize,
    /// Findings that are not told, because they are in the baseline or on lines that have not changed.
    #[serde(skip_serializing_if = "is_none")]
    pub held_back: usize,
    /// Findings that can be mended without a person looking.
    #[serde(skip)]
    pub fixable: usize,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Summary {
    /// Counts one more file.
    pub fn add(&mut self, file: &FileReport) {
        self.files += 1;
        self.words += file.words;
        self.unchecked += file.unchecked;
        for row in &file.rows {
            self.fixable += usize::from(row.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe));
            *match row.severity {
                Severity::Error => &mut self.error,
                Severity::Warning => &mut self.warning,
                Severity::Info => &mut self.info,
            } += 1;
        }
    }

    /// Whether there is a finding at or above `severity`.
    pub fn reaches(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.error > 0,
            Severity::Warning => self.error + self.warning > 0,
            Severity::Info => self.error + self.warning + self.info > 0,
        }
    }
}

/// How a person's terminal wants the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
    /// Whether to leave out everything but the findings.
    pub quiet: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 100, quiet: false }
    }
}

/// One way of writing a run down: each file as it comes, then the end.
pub trait Output: Send {
    /// Is told, before anything else, of the rules that may speak.
    fn about(&mut self, _rules: &[Rule]) {}

    /// Whether it shows whole articles, so that whoever judges them hands on their text and claims.
    fn shows_articles(&self) -> bool {
        false
    }

    /// Writes one file's findings.
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()>;

    /// Is told why an input could not be judged.
    fn unread(&mut self, _why: &str) {}

    /// Writes what comes after the last file.
    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()>;
}

/// Makes an output in a style.
pub type Constructor = fn(Style) -> Box<dyn Output>;

/// Every format with the name under which `--format` knows it.
pub const OUTPUTS: &[(&str, Constructor)] = &[
    #[cfg(feature = "cli")]
    ("terminal", |style| Box::new(terminal::Terminal::new(style))),
    ("concise", |_| Box::new(concise::Concise)),
    ("json", |_| Box::<json::Json>::default()),
    ("jsonl", |_| Box::new(jsonl::JsonLines)),
    ("sarif", |_| Box::<sarif::Sarif>::default()),
    ("github", |_| Box::<github::GitHub>::default()),
    ("gitlab", |_| Box::<gitlab::GitLab>::default()),
    ("junit", |_| Box::<junit::JUnit>::default()),
    ("markdown", |_| Box::<markdown::Markdown>::default()),
    ("rdjson", |_| Box::<rdjson::ReviewDog>::default()),
    #[cfg(feature = "cli")]
    ("html", |_| Box::<html::Html>::default()),
];

/// The output of that name.
pub fn output(name: &str, style: Style) -> Option<Box<dyn Output>> {
    OUTPUTS.iter().find(|(known, _)| *known == name).map(|(_, make)| make(style))
}

/// Text from a draft or a server, made harmless for a terminal: control characters become the replacement character,
/// line ends and tabs become spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { printable(c) }).collect()
}

/// `1 error`, `2 errors`; numbers of four digits and more are grouped.
pub(crate) fn counted(count: usize, one: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {one}{ending}", grouped(count))
}

fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The character itself, or the replacement character for one that would steer a terminal or reorder its text.
pub(crate) fn printable(c: char) -> char {
    let steers = c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if steers { '\u{FFFD}' } else { c }
}

#[cfg(all(test, feature = "cli"))]
mod tests;
