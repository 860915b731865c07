//! The results of `caveat test`, for people and for scripts.

use std::fmt::Write;

use serde::{Serialize, Serializer};

use crate::assertion::{Assertion, Mood, Voice};
use crate::checks::trace::{Outcome, Trace};
use crate::cli::test::Results;
use crate::examples::{Failure, FailureKind};
use crate::finding::{Finding, RuleId, Severity};
use crate::report::{FileReport, Style, counted, output};
use crate::source::{Format, SourceFile, Span};

/// Every failure with its example, then how many held, then what the corpus showed.
pub(super) fn text(results: &Results, style: Style) -> String {
    let mut text = String::new();
    for failure in &results.failures {
        text.push_str(&shown(failure, style));
    }
    let failed = match results.failures.len() {
        0 => "all hold".to_owned(),
        failed => format!("{failed} failed"),
    };
    // Writing to a string does not fail.
    let (examples, rules) = (counted(results.examples, "example"), counted(results.rules, "rule"));
    let _ = writeln!(text, "{examples} of {rules}: {failed}");
    if let Some(corpus) = &results.corpus {
        text.push('\n');
        text.push_str(&corpus.text());
    }
    text
}

/// A failure as a finding on its example.
fn shown(failure: &Failure, style: Style) -> String {
    let source = SourceFile::new("example", failure.text.as_str(), Format::Markdown);
    let finding = finding(failure, &source);
    let mut shown = Vec::new();
    if let Some(mut output) = output("terminal", Style { quiet: true, ..style }) {
        // Writing to memory does not fail.
        let _ = output.file(&mut shown, &FileReport::new(&source, vec![finding], 0, 0));
    }
    String::from_utf8_lossy(&shown).into_owned()
}

fn finding(failure: &Failure, source: &SourceFile) -> Finding {
    let (pack, rule) = failure.rule.split_once('/').unwrap_or(("", &failure.rule));
    let (message, span) = match &failure.kind {
        FailureKind::Spoke(finding) => (format!("speaks on a `pass` text: {}", finding.message), finding.span),
        FailureKind::Silent => {
            let first = failure.traces.first().map(|trace| trace.span);
            let all = Span::new(0, failure.text.len() as u32);
            ("is silent on a `fail` text".to_owned(), first.unwrap_or(all))
        }
    };
    let mut help: Vec<String> = failure.traces.iter().map(|trace| told(trace, source)).collect();
    if help.is_empty() && matches!(failure.kind, FailureKind::Silent) {
        help.push("Nothing in the text matches what the rule looks for.".to_owned());
    }
    let finding = Finding::new("example", RuleId::new(pack, rule), Severity::Error, message, span);
    if help.is_empty() { finding } else { finding.with_help(help.join(" ")) }
}

/// A match, its cues and what became of it, in one sentence.
fn told(trace: &Trace, source: &SourceFile) -> String {
    let outcome = match &trace.outcome {
        Outcome::Counts(severity) => format!("counts as {}", article(*severity)),
        Outcome::Block => "stands in a kind of block that the rule does not look at".to_owned(),
        Outcome::NotMeant => "stands in none of the contexts under `only`".to_owned(),
        Outcome::Exempt(contexts) => format!("is exempt: {}", contexts.join(", ")),
        Outcome::Unwanted => "does not count, because what `when` asks for is not there".to_owned(),
        Outcome::Satisfied => "does not count, because of `unless` or `require`".to_owned(),
    };
    let mut read: Vec<String> = trace.cues.iter().map(|(says, words)| format!("{says} by “{words}”")).collect();
    let is_told = |axis: &str| trace.cues.iter().any(|(says, _)| *says == axis);
    if trace.assertion.mood == Mood::Question && !is_told("question") {
        read.push("a question by its end".to_owned());
    }
    if trace.assertion.voice == Voice::Quoted {
        read.push("quoted by its marks".to_owned());
    }
    let read = if read.is_empty() { "no cue reaches it".to_owned() } else { read.join(", ") };
    format!("“{}” {outcome} ({read}).", source.slice(trace.span))
}

fn article(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Info => "an info",
    }
}

#[derive(Serialize)]
struct Failed<'a> {
    rule: &'a str,
    text: &'a str,
    /// What the text is for: `pass` or `fail`.
    example: &'static str,
    matches: Vec<Matched<'a>>,
}

#[derive(Serialize)]
struct Matched<'a> {
    text: &'a str,
    start: u32,
    end: u32,
    assertion: Assertion,
    cues: Vec<Cue<'a>>,
    outcome: String,
}

#[derive(Serialize)]
struct Cue<'a> {
    axis: &'a str,
    text: &'a str,
}

/// Failures as scripts read them.
pub(super) fn failures<S: Serializer>(failures: &[Failure], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(failures.iter().map(|failure| Failed {
        rule: &failure.rule,
        text: &failure.text,
        example: match failure.kind {
            FailureKind::Spoke(_) => "pass",
            FailureKind::Silent => "fail",
        },
        matches: failure.traces.iter().map(|trace| matched(trace, &failure.text)).collect(),
    }))
}

fn matched<'a>(trace: &'a Trace, text: &'a str) -> Matched<'a> {
    let (start, end) = (trace.span.start, trace.span.end);
    Matched {
        text: text.get(start as usize..end as usize).unwrap_or_default(),
        start,
        end,
        assertion: trace.assertion,
        cues: trace.cues.iter().map(|(axis, text)| Cue { axis, text }).collect(),
        outcome: match &trace.outcome {
            Outcome::Counts(severity) => severity.to_string(),
            Outcome::Block => "block".to_owned(),
            Outcome::NotMeant => "only".to_owned(),
            Outcome::Exempt(contexts) => format!("exempt: {}", contexts.join(", ")),
            Outcome::Unwanted => "when".to_owned(),
            Outcome::Satisfied => "unless".to_owned(),
        },
    }
}
