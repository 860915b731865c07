//! Running the examples that rules carry: a rule must be silent on its `pass` texts and speak on its `fail` texts.

use crate::checks::trace::Trace;
use crate::document::Document;
use crate::evidence::links::{LinkAnswer, LinkVerdict};
use crate::evidence::pages::PageText;
use crate::evidence::quotations;
use crate::evidence::records::{Fate, Record, Standing};
use crate::evidence::{Answer, Answers, Question};
use crate::finding::Finding;
use crate::linter::Linter;
use crate::rules::{LinkFate, Rule, Trigger};
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

/// Runs one rule's examples and returns those that failed. Examples are Markdown. For a rule about links or
/// records what a `fail` text asks is answered as the rule looks for, what a `pass` text asks as all being well.
pub fn run(linter: &Linter, rule: &Rule) -> Vec<Failure> {
    let failure = |text: &String, kind| {
        let traces = linter.trace(&document(text), &settings_for(rule), rule);
        Failure { rule: rule.id.to_string(), text: text.clone(), kind, traces }
    };
    let spoke = rule.pass.iter().filter_map(|text| {
        let finding = findings(linter, rule, text, Supposed::WELL).into_iter().next()?;
        Some(failure(text, FailureKind::Spoke(Box::new(finding))))
    });
    let supposed = match rule.trigger {
        Trigger::Link(LinkFate::Fared(link)) => Supposed { link, ..Supposed::WELL },
        Trigger::Record(fate) => Supposed { record: Some(fate), ..Supposed::WELL },
        _ => Supposed::WELL,
    };
    let silent = rule.fail.iter().filter(|text| findings(linter, rule, text, supposed).is_empty());
    spoke.chain(silent.map(|text| failure(text, FailureKind::Silent))).collect()
}

fn document(text: &str) -> Document {
    Document::parse(SourceFile::new("example.md", text, Format::Markdown))
}

fn findings(linter: &Linter, rule: &Rule, text: &str, supposed: Supposed) -> Vec<Finding> {
    let document = document(text);
    let settings = settings_for(rule);
    let mut answers = Answers::default();
    loop {
        let questions = linter.questions(&document, &settings, &answers);
        if questions.is_empty() {
            break;
        }
        for question in questions {
            let answer = answer_with(&question, supposed);
            answers.insert(question, answer);
        }
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

/// The summary of every work, and the text of every page, that an example cites.
const SUMMARY: &str = "In a trial with 120 participants, back pain fell by 26% within 12 weeks. We saw no serious side \
                       effects in either group, and most people went back to work.";

/// How what an example asks is supposed to fare.
#[derive(Clone, Copy)]
struct Supposed {
    link: LinkVerdict,
    record: Option<Fate>,
}

impl Supposed {
    const WELL: Supposed = Supposed { link: LinkVerdict::Ok, record: None };

    fn record(self) -> Record {
        let figures = Some(crate::figures::read(SUMMARY));
        let found = Record { found: true, status: Some("RECRUITING".to_owned()), figures, ..Record::default() };
        match self.record {
            None => found,
            Some(Fate::Absent) => Record::default(),
            Some(Fate::Retracted) => Record { standing: Standing::Retracted, ..found },
            Some(Fate::Concern) => Record { standing: Standing::Concern, ..found },
            Some(Fate::OtherPhase) => Record { phases: vec!["PHASE2".to_owned()], ..found },
            Some(Fate::OtherSubject) => Record {
                title: "Swimming for low back pain".to_owned(),
                subjects: vec!["Swimming".to_owned(), "Low Back Pain".to_owned()],
                ..found
            },
            Some(Fate::NotRecruiting) => Record { status: Some("COMPLETED".to_owned()), ..found },
        }
    }
}

fn answer_with(question: &Question, supposed: Supposed) -> Answer {
    match (question, supposed.link) {
        (Question::Record { .. }, _) => Answer::Record(supposed.record()),
        (Question::Page { .. }, _) => {
            Answer::Page(PageText { figures: Some(crate::figures::read(SUMMARY)), limits: None })
        }
        (Question::Quoted { words, .. }, _) => Answer::Quoted(quotations::find(words, SUMMARY, None)),
        (Question::File { .. }, LinkVerdict::Broken) => Answer::NoFile,
        (Question::File { .. }, _) => Answer::File { anchors: None },
        (Question::Archived { .. }, _) => Answer::Archived(None),
        (Question::Search(_), _) => Answer::Unknown { why: "no example asks by name".to_owned() },
        (Question::Link { url }, verdict) => Answer::Link(LinkAnswer {
            moved_to: (verdict == LinkVerdict::Moved).then(|| format!("{url}/new")),
            ..LinkAnswer::new(verdict, None, "as the example supposes")
        }),
    }
}
