//! Rules that measure: how hard a text is to read, and how long its sentences are.

use crate::finding::{Finding, Severity};
use crate::language::readability::Counts;
use crate::language::words::is_number;
use crate::reading::is_running_text;
use crate::rules::{Measure, Metric, Rule, Trigger};
use crate::source::Span;

use super::{Context, said_by};

/// Fewest words on which a reading grade says something.
const FEWEST_WORDS: usize = 100;
/// A name counts as a word of so many letters and syllables: readers of an article on a condition know its name.
const NAME: (usize, usize) = (6, 2);

/// Everything that these rules have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in context.rules.rules() {
        let Trigger::Metric(metric) = &rule.trigger else { continue };
        let Some(severity) = rule.severity_under(context.settings) else { continue };
        match metric.of {
            Measure::ReadingGrade => findings.extend(reading_grade(context, rule, severity, metric)),
            Measure::SentenceWords => findings.extend(long_sentences(context, rule, severity, metric)),
        }
    }
    findings
}

fn reading_grade(context: &Context<'_>, rule: &Rule, severity: Severity, metric: &Metric) -> Option<Finding> {
    let counts = counts(context);
    let grade = counts.grade().filter(|_| counts.words >= FEWEST_WORDS)?;
    let limit = metric.limit(context.settings);
    if grade <= limit || !context.counts(rule, None) {
        return None;
    }
    let first = context.document.blocks.first().map(|block| Span::at(block.span.start)).unwrap_or_default();
    Some(finding(rule, severity, first, grade, limit))
}

/// The counts of the running text, with names and numbers made easy.
fn counts(context: &Context<'_>) -> Counts {
    let mut counts = Counts::default();
    for sentence in (0..context.reading.len()).filter(|&s| is_running_text(context.block(s).kind)) {
        let view = context.reading.view(context.document, sentence);
        counts.sentences += usize::from(!view.words.is_empty());
        let is_name =
            |at: usize| view.mentions.iter().any(|m| m.lexicon.0 < 3 && (m.start..m.end).contains(&(at as u32)));
        for (at, word) in view.words.iter().enumerate() {
            let text = word.text(view.text);
            match is_name(at) || is_number(text) {
                true => counts.add_as(NAME.0, NAME.1),
                false if text.starts_with('\'') || text == "n't" => {}
                false => counts.add(text),
            }
        }
    }
    counts
}

fn long_sentences<'a>(
    context: &'a Context<'_>,
    rule: &'a Rule,
    severity: Severity,
    metric: &Metric,
) -> impl Iterator<Item = Finding> + 'a {
    let limit = metric.limit(context.settings);
    (0..context.reading.len()).filter_map(move |sentence| {
        let kind = context.block(sentence).kind;
        let words = context.reading.view(context.document, sentence).words.len();
        let is_long = words as f32 > limit && is_running_text(kind) && rule.blocks.has(kind);
        (is_long && context.counts(rule, Some(sentence))).then(|| {
            let span = context.reading.span(context.document, sentence, 0..words);
            finding(rule, severity, span, words as f32, limit)
        })
    })
}

fn finding(rule: &Rule, severity: Severity, span: Span, value: f32, limit: f32) -> Finding {
    let message = rule.message.replace("{value}", &format!("{value:.0}")).replace("{limit}", &format!("{limit:.0}"));
    said_by(rule, severity, span, message, &rule.help)
}
