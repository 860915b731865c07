//! A file's report as bytes, so that a later run over the same text can tell the same without judging it again.
//!
//! The shapes of [`FileReport`] and [`Row`] are those of scripts' JSON, which leaves things out. These leave out nothing,
//! and taking a report apart by all its fields makes sure that a new one is not forgotten.

use serde::{Deserialize, Serialize};

use crate::assertion::Assertion;
use crate::compiled;
use crate::finding::{Applicability, Evidence, Severity};
use crate::report::{FileReport, Mark, Point, Row, RowFix, ShownLine};

/// Line, column, offset, column in bytes.
type KeptPoint = (u32, u32, u32, u32);
/// Source, detail, field, address, date.
type KeptEvidence = (String, String, Option<String>, Option<String>, Option<String>);
/// Start, end and text of bytes to be marked, and whether the finding is about them.
type KeptMark = (usize, usize, Option<String>, bool);

#[derive(Serialize, Deserialize)]
struct Kept {
    rows: Vec<KeptRow>,
    words: usize,
    unchecked: usize,
}

#[derive(Serialize, Deserialize)]
struct KeptRow {
    code: String,
    rule: String,
    severity: Severity,
    message: String,
    help: Option<String>,
    url: Option<String>,
    start: KeptPoint,
    end: KeptPoint,
    excerpt: String,
    assertion: Option<Assertion>,
    evidence: Vec<KeptEvidence>,
    fingerprint: String,
    fix: Option<(KeptPoint, KeptPoint, String, Applicability)>,
    shown: Vec<KeptLine>,
    related: Vec<(KeptPoint, KeptPoint, String)>,
}

#[derive(Serialize, Deserialize)]
struct KeptLine {
    line: u32,
    column: u32,
    text: String,
    cut: (bool, bool),
    marks: Vec<KeptMark>,
}

/// The report as bytes, without its path and without its text and claims, which few reports carry.
pub fn to_bytes(report: &FileReport) -> Option<Vec<u8>> {
    let FileReport { path: _, rows, words, unchecked, article: _ } = report;
    let kept = Kept { rows: rows.iter().map(keep).collect(), words: *words, unchecked: *unchecked };
    compiled::to_bytes(&kept).ok()
}

/// The report that [`to_bytes`] wrote, under this path; `None` for bytes of anything else.
pub fn from_bytes(path: &str, bytes: &[u8]) -> Option<FileReport> {
    let Kept { rows, words, unchecked } = compiled::from_bytes(bytes).ok()?;
    let rows = rows.into_iter().map(|row| restore(path, row)).collect();
    Some(FileReport { path: path.to_owned(), rows, words, unchecked, article: None })
}

fn keep(row: &Row) -> KeptRow {
    #[rustfmt::skip]
    let Row {
        path: _, code, rule, severity, message, help, url, start, end, excerpt, assertion, evidence, fingerprint, fix,
        shown, related,
    } = row.clone();
    KeptRow {
        code,
        rule,
        severity,
        message,
        help,
        url,
        start: keep_point(start),
        end: keep_point(end),
        excerpt,
        assertion,
        evidence: evidence.into_iter().map(keep_evidence).collect(),
        fingerprint,
        fix: fix.map(|RowFix { start, end, replacement, applicability }| {
            (keep_point(start), keep_point(end), replacement, applicability)
        }),
        shown: shown.into_iter().map(keep_line).collect(),
        related: related.into_iter().map(|(start, end, text)| (keep_point(start), keep_point(end), text)).collect(),
    }
}

fn restore(path: &str, row: KeptRow) -> Row {
    Row {
        path: path.to_owned(),
        code: row.code,
        rule: row.rule,
        severity: row.severity,
        message: row.message,
        help: row.help,
        url: row.url,
        start: point(row.start),
        end: point(row.end),
        excerpt: row.excerpt,
        assertion: row.assertion,
        evidence: row.evidence.into_iter().map(evidence).collect(),
        fingerprint: row.fingerprint,
        fix: row.fix.map(|(start, end, replacement, applicability)| RowFix {
            start: point(start),
            end: point(end),
            replacement,
            applicability,
        }),
        shown: row.shown.into_iter().map(line).collect(),
        related: row.related.into_iter().map(|(start, end, text)| (point(start), point(end), text)).collect(),
    }
}

fn keep_point(Point { line, column, offset, bytes }: Point) -> KeptPoint {
    (line, column, offset, bytes)
}

fn point((line, column, offset, bytes): KeptPoint) -> Point {
    Point { line, column, offset, bytes }
}

fn keep_evidence(Evidence { source, detail, field, url, date }: Evidence) -> KeptEvidence {
    (source, detail, field, url, date)
}

fn evidence((source, detail, field, url, date): KeptEvidence) -> Evidence {
    Evidence { source, detail, field, url, date }
}

fn keep_line(ShownLine { line, column, text, cut, marks }: ShownLine) -> KeptLine {
    let mark = |Mark { range, text, primary }| (range.start, range.end, text, primary);
    KeptLine { line, column, text, cut, marks: marks.into_iter().map(mark).collect() }
}

fn line(KeptLine { line, column, text, cut, marks }: KeptLine) -> ShownLine {
    let mark = |(start, end, text, primary)| Mark { range: start..end, text, primary };
    ShownLine { line, column, text, cut, marks: marks.into_iter().map(mark).collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::finding::{Finding, Fix, Label, RuleId};
    use crate::source::{Format, SourceFile, Span};

    #[test]
    fn nothing_is_lost() {
        let text = "\u{FEFF}Ein µ.\r\nThis tea cures colds — all of them.\nMore.\n";
        let source = SourceFile::new("a.md", text, Format::Markdown);
        let at = |words: &str| Span::from(text.find(words).unwrap()..text.find(words).unwrap() + words.len());
        let mut finding = Finding::new("CAV101", RuleId::new("cure", "cure-claim"), Severity::Error, "m", at("cures"));
        finding = finding.with_help("h").with_evidence(Evidence {
            source: "FDA".into(),
            detail: "d".into(),
            field: Some("f".into()),
            url: None,
            date: Some("2026-01-01".into()),
        });
        finding.url = Some("https://example.org".into());
        finding.assertion = Some(Assertion::default());
        finding.labels = vec![Label { span: at("all"), text: "here".into() }];
        finding.fix =
            Some(Fix { span: at("cures"), replacement: "may ease".into(), applicability: Applicability::Unsafe });
        let plain = Finding::new("CAV901", RuleId::new("suppress", "x"), Severity::Info, "m", Span::at(3));
        let report = FileReport::new(&source, vec![finding, plain], 9, 2);
        let bytes = to_bytes(&report).unwrap();
        assert_eq!(from_bytes("a.md", &bytes).unwrap(), report);
        assert_eq!(from_bytes("b.md", &bytes).unwrap().rows[0].path, "b.md");
        assert_eq!(from_bytes("a.md", &bytes[..bytes.len() - 1]), None);
    }
}
