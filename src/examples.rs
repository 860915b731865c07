//! Running the examples that rules carry: a rule must be silent on its `pass` texts and speak on its `fail` texts.

use crate::checks::trace::Trace;
use crate::document::Document;
use crate::evidence::links::{LinkAnswer, LinkVerdict};
use crate::evidence::{Answer, Answers, Question};
use crate::finding::Finding;
use crate::linter::Linter;
use crate::rules::{Rule, Trigger};
use crate::settings::Settings;
use crate::source::{Format, SourceFile};

/// An example on which its rule did the wrong thing.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The rule.
    pub rule: String,
    /// The text.
    pub text: String,
    /// What went wrong.
    pub kind: FailureKind,
    /// What the rule's words matched in the text, and what became of each match.
    pub traces: Vec<Trace>,
}

/// What went wrong with an example.
#[derive(Clone, Debug)]
pub enum FailureKind {
    /// The rule spoke on a `pass` text: what it said.
    Spoke(Box<Finding>),
    /// The rule was silent on a `fail` text.
    Silent,
}

/// Runs one rule's examples and returns those that failed. Examples are Markdown. For a rule about links the links of
/// a `fail` text are answered as the rule looks for, those of a `pass` text as resolving.
pub fn run(linter: &Linter, rule: &Rule) -> Vec<Failure> {
    let failure = |text: &String, kind| {
        let traces = linter.trace(&document(text), &settings_for(rule), rule);
        Failure { rule: rule.id.to_string(), text: text.clone(), kind, traces }
    };
    let spoke = rule.pass.iter().filter_map(|text| {
        let finding = findings(linter, rule, text, LinkVerdict::Ok).into_iter().next()?;
        Some(failure(text, FailureKind::Spoke(Box::new(finding))))
    });
    let verdict = if let Trigger::Link(verdict) = rule.trigger { verdict } else { LinkVerdict::Ok };
    let silent = rule.fail.iter().filter(|text| findings(linter, rule, text, verdict).is_empty());
    spoke.chain(silent.map(|text| failure(text, FailureKind::Silent))).collect()
}

fn document(text: &str) -> Document {
    Document::parse(SourceFile::new("example.md", text, Format::Markdown))
}

fn findings(linter: &Linter, rule: &Rule, text: &str, links: LinkVerdict) -> Vec<Finding> {
    let document = document(text);
    let settings = settings_for(rule);
    let mut answers = Answers::default();
    for question in linter.questions(&document, &settings, &answers) {
        let answer = answer_with(&question, links);
        answers.insert(question, answer);
    }
    let mut findings = linter.judge(&document, &settings, &answers).findings;
    findings.retain(|finding| finding.rule == rule.id);
    findings
}

/// The day on which examples are judged, so that those about dates stay true.
const EXAMPLES_DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

/// Settings under which the rule runs: selected by name, in the first jurisdiction it is for.
fn settings_for(rule: &Rule) -> Settings {
    Settings {
        select: vec![rule.id.to_string()],
        jurisdiction: rule.jurisdictions.first().copied(),
        today: Some(EXAMPLES_DAY),
        ..Settings::default()
    }
}

fn answer_with(question: &Question, verdict: LinkVerdict) -> Answer {
    match (question, verdict) {
        (Question::File { .. }, LinkVerdict::Broken) => Answer::NoFile,
        (Question::File { .. }, _) => Answer::File { anchors: None },
        (Question::Link { url }, verdict) => Answer::Link(LinkAnswer {
            verdict,
            status: None,
            moved_to: (verdict == LinkVerdict::Moved).then(|| format!("{url}/new")),
            detail: "as the example supposes".to_owned(),
        }),
    }
}
