//! Ask, answer, judge: runs every check over a document.

use crate::checks::{self, Context};
use crate::document::Document;
use crate::evidence::{Answers, Question};
use crate::finding::Finding;
use crate::rules::RuleSet;
pub use crate::settings::{Jurisdiction, Profile, Settings};

/// What judging a document gave.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What to tell the writer, in order of place; suppressions are applied.
    pub findings: Vec<Finding>,
    /// How many questions nobody answered.
    pub unchecked: usize,
}

/// Runs rules over documents. Immutable and shared between threads.
#[derive(Debug)]
pub struct Linter {
    rules: RuleSet,
}

impl Linter {
    /// A linter with these rules.
    pub fn new(rules: RuleSet) -> Self {
        Self { rules }
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What it needs to know about a document that is not known yet. Ask again after answering, until nothing is
    /// returned: an answer may raise another question.
    pub fn questions(&self, _document: &Document, _settings: &Settings, _known: &Answers) -> Vec<Question> {
        Vec::new()
    }

    /// Judges a document from what is known. Questions that nobody answered are counted, never guessed.
    pub fn judge(&self, document: &Document, settings: &Settings, _known: &Answers) -> Outcome {
        let reading = self.rules.reader().read(document);
        let context = Context { document, reading: &reading, rules: &self.rules, settings };
        let mut findings = checks::wording::check(&context);
        findings.extend(checks::document::check(&context));
        findings.sort_by(|a, b| (a.span.start, a.span.end, &a.code).cmp(&(b.span.start, b.span.end, &b.code)));
        Outcome { findings, unchecked: 0 }
    }
}
