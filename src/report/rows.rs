//! Findings resolved for people and scripts: lines, columns, an excerpt, and the source lines that a terminal shows.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::assertion::Assertion;
use crate::finding::{Applicability, Evidence, Finding, Fix, Severity};
use crate::report::places::Places;
use crate::report::{one_line, printable};
use crate::source::{LineIndex, SourceFile, Span};

/// A place as scripts and people count it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Point {
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// Offset in UTF-8 bytes from the start of the file.
    pub offset: u32,
    /// 1-based column in UTF-8 bytes.
    #[serde(skip)]
    pub bytes: u32,
}

/// One finding, independent of the text it was found in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The path or name of the source.
    pub path: String,
    /// `CAV101`.
    pub code: String,
    /// `pack/rule`.
    pub rule: String,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where to read more.
    pub url: Option<String>,
    /// The first character meant.
    pub start: Point,
    /// Behind the last character meant.
    pub end: Point,
    /// The words around it, at most `EXCERPT_CHARACTERS` characters, white space made single spaces.
    pub excerpt: String,
    /// How the sentence puts it, for findings about wording.
    pub assertion: Option<Assertion>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Stable over edits elsewhere.
    pub fingerprint: String,
    /// How to mend it by machine.
    pub fix: Option<RowFix>,
    /// The source lines that show it.
    #[serde(skip)]
    pub shown: Vec<ShownLine>,
    /// Other places that belong to it, and what to say there.
    #[serde(skip)]
    pub related: Vec<(Point, Point, String)>,
}

impl Row {
    /// What is wrong and, on a second line, what to write instead.
    pub(super) fn said(&self) -> String {
        let help = self.help.iter().map(|help| format!("\n{}", one_line(help)));
        help.fold(one_line(&self.message), |said, help| said + &help)
    }
}

/// A replacement, resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowFix {
    /// The first character to replace.
    pub start: Point,
    /// Behind the last character to replace.
    pub end: Point,
    /// What to put there.
    pub replacement: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

impl From<&RowFix> for Fix {
    fn from(fix: &RowFix) -> Self {
        let span = Span::new(fix.start.offset, fix.end.offset.max(fix.start.offset));
        Self { span, replacement: fix.replacement.clone(), applicability: fix.applicability }
    }
}

/// A stretch of one source line, without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownLine {
    /// 1-based line.
    pub line: u32,
    /// 1-based column of the first character of the first mark.
    pub column: u32,
    /// The text, cut around the marks where the line is long.
    pub text: String,
    /// Whether something of the line was left out before and behind the text.
    pub cut: (bool, bool),
    /// What to mark in it, in order.
    pub marks: Vec<Mark>,
}

/// Words to be marked in a [`ShownLine`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes in the shown text.
    pub range: Range<usize>,
    /// What to say there.
    pub text: Option<String>,
    /// Whether these are the words that the finding is about.
    pub primary: bool,
}

/// The longest excerpt, in characters.
pub const EXCERPT_CHARACTERS: usize = 200;
/// How much of a long line is kept on either side of the marks, in bytes.
const AROUND: usize = 240;
/// How many bytes of one line a single mark may cover before the rest of it is left out.
const LONGEST_MARK: usize = 400;
/// How many lines of a span that runs over several are shown.
const LINES_OF_A_SPAN: u32 = 4;

/// Resolves findings against their source, in order of place.
pub(super) fn resolve(source: &SourceFile, mut findings: Vec<Finding>) -> Vec<Row> {
    if findings.is_empty() {
        return Vec::new();
    }
    let text = source.text();
    findings.sort_by(|a, b| (a.span, &a.code, &a.message).cmp(&(b.span, &b.code, &b.message)));
    let lines = LineIndex::new(text);
    let offsets = findings.iter().flat_map(offsets_of).collect();
    let places = Places::new(text, &lines, offsets);
    findings.into_iter().map(|finding| row(source, &lines, &places, finding)).collect()
}

fn offsets_of(finding: &Finding) -> Vec<u32> {
    let fix = finding.fix.iter().map(|fix| fix.span);
    let labels = finding.labels.iter().map(|label| label.span);
    std::iter::once(finding.span).chain(fix).chain(labels).flat_map(|span| [span.start, span.end]).collect()
}

fn row(source: &SourceFile, lines: &LineIndex, places: &Places, finding: Finding) -> Row {
    Row {
        path: source.name().to_owned(),
        code: finding.code.to_string(),
        rule: finding.rule.to_string(),
        severity: finding.severity,
        start: places.at(finding.span.start),
        end: places.at(finding.span.end),
        excerpt: excerpt(source.text(), finding.span),
        shown: shown_lines(source.text(), lines, places, &finding),
        related: (finding.labels.iter())
            .map(|label| (places.at(label.span.start), places.at(label.span.end), label.text.clone()))
            .collect(),
        message: finding.message,
        help: finding.help,
        url: finding.url.map(|url| url.to_string()),
        assertion: finding.assertion,
        evidence: finding.evidence,
        fingerprint: finding.fingerprint,
        fix: finding.fix.map(|fix| RowFix {
            start: places.at(fix.span.start),
            end: places.at(fix.span.end),
            replacement: fix.replacement,
            applicability: fix.applicability,
        }),
    }
}

/// The sentence around a span as far as punctuation tells, else the words around it.
pub(super) fn excerpt(text: &str, span: Span) -> String {
    let start = text.floor_char_boundary((span.start as usize).min(text.len()));
    let end = text.floor_char_boundary((span.end as usize).min(text.len())).max(start);
    let from = text.floor_char_boundary(start.saturating_sub(EXCERPT_CHARACTERS));
    let mut begin = from + sentence_start(&text[from..start]);
    let stop = text.floor_char_boundary((end + EXCERPT_CHARACTERS).min(text.len()));
    let finish = end + sentence_end(&text[end..stop]);
    if finish - begin > EXCERPT_CHARACTERS && start - begin > EXCERPT_CHARACTERS / 3 {
        let near = text.floor_char_boundary(start - EXCERPT_CHARACTERS / 3);
        begin = near + text[near..start].find(char::is_whitespace).unwrap_or(0);
    }
    let mut words = String::new();
    for word in text[begin..finish].split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().filter(|&c| c != '\u{FEFF}').map(printable));
        if words.len() > 4 * EXCERPT_CHARACTERS {
            break;
        }
    }
    match words.char_indices().nth(EXCERPT_CHARACTERS) {
        None => words,
        Some(_) => {
            let cut = words.char_indices().nth(EXCERPT_CHARACTERS - 1).map_or(words.len(), |(at, _)| at);
            format!("{}…", words[..cut].trim_end())
        }
    }
}

/// Where the sentence at the end of `before` starts: behind a full stop or a blank line, else at a word's start.
fn sentence_start(before: &str) -> usize {
    let stop = |mark: &str| before.rfind(mark).map(|at| at + mark.len());
    let sentence = [". ", "? ", "! ", ".\n", "?\n", "!\n", "\n\n", "\r\n\r\n"].iter().filter_map(|m| stop(m)).max();
    let reaches_start = before.len() < EXCERPT_CHARACTERS;
    match sentence {
        Some(at) => at,
        None if reaches_start => 0,
        None => before.find(' ').map_or(0, |at| at + 1),
    }
}

/// Where the sentence at the start of `after` ends, its full stop included.
fn sentence_end(after: &str) -> usize {
    let stop = |mark: &str| after.find(mark).map(|at| at + 1);
    let sentence = [". ", "? ", "! ", ".\n", "?\n", "!\n"].iter().filter_map(|m| stop(m));
    let paragraph = ["\n\n", "\r\n\r\n"].iter().filter_map(|m| after.find(m));
    let cut = if after.len() < EXCERPT_CHARACTERS { after.len() } else { after.rfind(' ').unwrap_or(after.len()) };
    sentence.chain(paragraph).min().unwrap_or(cut)
}

/// A mark in bytes of the source, before its line is cut.
struct Marked<'a> {
    span: Span,
    text: Option<&'a str>,
    primary: bool,
    column: u32,
}

fn shown_lines(text: &str, lines: &LineIndex, places: &Places, finding: &Finding) -> Vec<ShownLine> {
    let mut by_line: BTreeMap<u32, Vec<Marked<'_>>> = BTreeMap::new();
    let primary = (finding.span, None, true);
    let labels = finding.labels.iter().map(|label| (label.span, Some(label.text.as_str()), false));
    for (span, label, is_primary) in std::iter::once(primary).chain(labels) {
        let first = places.at(span.start);
        let last = places.at(span.end).line.clamp(first.line, first.line + LINES_OF_A_SPAN - 1);
        for line in first.line..=last {
            let Some(whole) = lines.line_span(text, line) else { continue };
            let start = span.start.clamp(whole.start, whole.end);
            let end = span.end.clamp(start, whole.end);
            let is_first = line == first.line;
            if start == end && !is_first {
                continue;
            }
            let column = if is_first { first.column } else { 1 };
            let mark =
                Marked { span: Span::new(start, end), text: label.filter(|_| is_first), primary: is_primary, column };
            by_line.entry(line).or_default().push(mark);
        }
    }
    let mut shown = Vec::new();
    for (line, mut marks) in by_line {
        marks.sort_by_key(|mark| (mark.span, !mark.primary));
        let Some(whole) = lines.line_span(text, line) else { continue };
        for group in marks.chunk_by(|a, b| (b.span.start as usize) < a.span.start as usize + 2 * AROUND) {
            shown.push(shown_line(text, line, whole, group));
        }
    }
    shown
}

fn shown_line(text: &str, line: u32, whole: Span, marks: &[Marked<'_>]) -> ShownLine {
    let (line_start, line_end) = (whole.start as usize, whole.end as usize);
    let ends = marks.iter().map(|mark| mark_end(text, mark)).max().unwrap_or(line_start);
    let first = marks.first().map_or(line_start, |mark| mark.span.start as usize);
    let mut from = text.floor_char_boundary(first.saturating_sub(AROUND)).max(line_start);
    let to = text.floor_char_boundary((ends + AROUND).min(line_end)).max(from);
    if text[from..to].starts_with('\u{FEFF}') {
        from += '\u{FEFF}'.len_utf8();
    }
    let harmless = |until: usize| -> String {
        let until = text.floor_char_boundary(until.clamp(from, to));
        text[from..until].chars().map(|c| if c == '\t' { ' ' } else { printable(c) }).collect()
    };
    ShownLine {
        line,
        column: marks.first().map_or(1, |mark| mark.column),
        text: harmless(to),
        cut: (from > line_start && !text[line_start..from].starts_with('\u{FEFF}'), to < line_end),
        marks: marks
            .iter()
            .map(|mark| Mark {
                range: harmless(mark.span.start as usize).len()..harmless(mark_end(text, mark)).len(),
                text: mark.text.map(str::to_owned),
                primary: mark.primary,
            })
            .collect(),
    }
}

fn mark_end(text: &str, mark: &Marked<'_>) -> usize {
    text.floor_char_boundary((mark.span.end as usize).min(mark.span.start as usize + LONGEST_MARK))
}
