//! The formats over hand-made findings.
#![allow(clippy::unwrap_used)]

use super::counted;
use super::*;
use crate::assertion::Assertion;
use crate::finding::{Applicability, Evidence, Fix, Label, RuleId};
use crate::source::{Format, Span};

const TEXT: &str = "# A root for all\n\nThe herb\tcures MS, they say, and nothing\nelse is needed. It is a miracle.\n\nIt costs 5 €.\n\n\n\nNo trial has been run.\n";

fn source() -> SourceFile {
    SourceFile::new("blog/herb.md", TEXT, Format::Markdown)
}

fn span_of(text: &str, words: &str) -> Span {
    let at = text.find(words).unwrap();
    Span::from(at..at + words.len())
}

fn finding(code: &str, rule: &str, severity: Severity, message: &str, words: &str) -> Finding {
    Finding::new(code, RuleId::new("cure", rule), severity, message, span_of(TEXT, words))
}

fn findings() -> Vec<Finding> {
    let mut miracle = finding("CAV201", "miracle", Severity::Warning, "“miracle” is hype", "miracle");
    miracle.fix = Some(Fix {
        span: span_of(TEXT, "miracle"),
        replacement: "surprise".into(),
        applicability: Applicability::Unsafe,
    });
    let mut cure = finding("CAV101", "cure-claim", Severity::Error, "“cures MS” says that MS can be cured", "cures MS")
        .with_help("Say what it was shown to do, in whom, and by which trial.")
        .with_evidence(Evidence {
            source: "fact base".into(),
            detail: "no treatment cures multiple sclerosis".into(),
            field: None,
            url: Some("https://example.org/ms".into()),
            date: Some("2026-03-01".into()),
        });
    cure.url = Some("https://example.org/cure".into());
    cure.assertion = Some(Assertion::default());
    cure.labels.push(Label { span: span_of(TEXT, "No trial"), text: "the text itself says so".into() });
    cure.labels.push(Label { span: span_of(TEXT, "they say"), text: "nobody is named".into() });
    let over_lines =
        finding("CAV102", "only-cure", Severity::Info, "it runs over two lines", "nothing\nelse is needed");
    let cost = finding("CAV300", "cost", Severity::Info, "a price without a date", "5 €");
    vec![miracle, cost, cure, over_lines]
}

fn written(format: &str, style: Style, findings: Vec<Finding>) -> String {
    let file = FileReport::new(&source(), findings, 1234, 1);
    let mut summary = Summary::default();
    summary.add(&file);
    let mut output = output(format, style).unwrap();
    let mut out = Vec::new();
    output.file(&mut out, &file).unwrap();
    output.finish(&mut out, &summary).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn terminal() {
    insta::assert_snapshot!(written("terminal", Style::default(), findings()));
}

#[test]
fn concise() {
    insta::assert_snapshot!(written("concise", Style::default(), findings()));
}

#[test]
fn json() {
    let text = written("json", Style::default(), findings());
    insta::assert_json_snapshot!(serde_json::from_str::<serde_json::Value>(&text).unwrap());
}

#[test]
fn sarif() {
    let text = written("sarif", Style::default(), findings());
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["runs"][0]["tool"]["driver"]["version"] = "(this one)".into();
    let run = &value["runs"][0];
    let rules: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    for result in run["results"].as_array().unwrap() {
        assert!(rules.contains(&result["ruleId"].as_str().unwrap()), "{result}");
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() >= Some(1) && region["startColumn"].as_u64() >= Some(1), "{region}");
    }
    insta::assert_json_snapshot!(value);
}

#[test]
fn what_build_servers_read() {
    for format in ["github", "gitlab", "junit", "rdjson", "markdown"] {
        insta::assert_snapshot!(format, written(format, Style::default(), findings()));
    }
    for format in ["sarif", "gitlab", "rdjson"] {
        let nothing = written(format, Style::default(), Vec::new());
        assert!(serde_json::from_str::<serde_json::Value>(&nothing).is_ok(), "{format}: {nothing}");
    }
}

#[test]
fn annotations_beyond_what_is_shown_are_lines_of_the_log() {
    let many =
        (0..25).map(|n| finding("CAV101", "cure-claim", Severity::Error, &format!("{n}: 100%\n::error::x"), "MS"));
    let text = written("github", Style::default(), many.collect());
    let commands = text.lines().filter(|line| line.starts_with("::error ")).count();
    assert_eq!((commands, text.lines().count()), (10, 26), "{text}");
    assert!(text.contains("0: 100%25 ::error::x") && text.contains("15 findings are in the log"), "{text}");
}

#[test]
fn json_without_findings_is_whole() {
    let text = written("json", Style::default(), Vec::new());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["schema"], 1);
    assert_eq!(value["findings"], serde_json::json!([]));
    let expected = serde_json::json!({"files": 1, "words": 1234, "error": 0, "warning": 0, "info": 0, "unchecked": 1});
    assert_eq!(value["summary"], expected);
}

#[test]
fn json_lines_are_the_rows() {
    let text = written("jsonl", Style::default(), findings());
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let whole: serde_json::Value = serde_json::from_str(&written("json", Style::default(), findings())).unwrap();
    assert_eq!(serde_json::Value::from(lines), whole["findings"]);
}

#[test]
fn every_format_survives_any_span() {
    let texts = ["", "\u{FEFF}", "a", "µ\u{1b}[31m\u{0}\t\u{202e}x\r\n\r\n", TEXT];
    for text in texts {
        let length = text.len() as u32;
        for start in 0..=length.min(40) + 2 {
            for end in [start, start + 1, start + 3, length.max(start) + 5] {
                let span = Span::new(start, end);
                let mut odd = Finding::new("CAV1", RuleId::new("a", "b"), Severity::Info, "odd\u{1b}[2J", span);
                odd.labels.push(Label { span: Span::at(start), text: "here".into() });
                odd.labels.push(Label { span: Span::new(0, length), text: "all".into() });
                let source = SourceFile::new("x\u{1b}.md", text, Format::Markdown);
                let file = FileReport::new(&source, vec![odd], 0, 0);
                for (name, make) in OUTPUTS {
                    let mut out = Vec::new();
                    let mut output = make(Style { width: 20, ..Style::default() });
                    output.file(&mut out, &file).unwrap();
                    output.finish(&mut out, &Summary::default()).unwrap();
                    assert!(!out.contains(&0x1b), "{name} lets an escape through for {span:?} of {text:?}");
                }
            }
        }
    }
}

#[test]
fn a_long_line_is_cut_around_the_words() {
    let text = format!("{}this cures MS{}", "word ".repeat(20_000), " more".repeat(20_000));
    let span = span_of(&text, "cures MS");
    let source = SourceFile::new("long.md", text.as_str(), Format::Markdown);
    let finding = Finding::new("CAV101", RuleId::new("cure", "cure-claim"), Severity::Error, "no", span);
    let file = FileReport::new(&source, vec![finding], 0, 0);
    let row = &file.rows[0];
    assert_eq!((row.start.line, row.start.column), (1, 100_006));
    assert!(row.excerpt.chars().count() <= rows::EXCERPT_CHARACTERS && row.excerpt.contains("cures MS"));
    let mut out = Vec::new();
    output("terminal", Style::default()).unwrap().file(&mut out, &file).unwrap();
    let shown = String::from_utf8(out).unwrap();
    assert!(shown.contains("long.md:1:100006"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    let words = shown.lines().find(|line| line.contains("cures MS")).unwrap();
    let under = shown.lines().find(|line| line.contains("──") && !line.contains('╭') && !line.contains('╰')).unwrap();
    let column = |line: &str, what: &str| line[..line.find(what).unwrap()].chars().count();
    assert_eq!(column(words, "cures MS"), column(under, "─"), "{shown}");
}

#[test]
fn many_findings_on_one_long_line_stay_linear() {
    let text = "It cures MS. ".repeat(20_000);
    let findings = (0..20_000u32)
        .map(|n| {
            Finding::new("CAV101", RuleId::new("a", "b"), Severity::Error, "m", Span::new(n * 13 + 3, n * 13 + 11))
        })
        .collect();
    let source = SourceFile::new("long.md", text.as_str(), Format::Markdown);
    let file = FileReport::new(&source, findings, 0, 0);
    assert_eq!(file.rows.last().unwrap().start.column, 19_999 * 13 + 4);
    assert_eq!(file.rows.last().unwrap().excerpt, "It cures MS.");
}

#[test]
fn colours_only_when_asked() {
    let plain = written("terminal", Style::default(), findings());
    let coloured = written("terminal", Style { colour: true, ..Style::default() }, findings());
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
}

#[test]
fn numbers_are_grouped() {
    assert_eq!(counted(1, "word"), "1 word");
    assert_eq!(counted(999, "word"), "999 words");
    assert_eq!(counted(1_234_567, "word"), "1,234,567 words");
}
