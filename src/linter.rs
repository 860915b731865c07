//! Ask, answer, judge: runs every check over a document.

use crate::checks::trace::{self, Trace};
use crate::checks::{self, Context};
use crate::document::Document;
use crate::evidence::searches::{Searched, Searches};
use crate::evidence::{Answers, Question};
use crate::finding::Finding;
use crate::rules::{Rule, RuleSet};
pub use crate::settings::{Jurisdiction, Profile, Settings};
use crate::suppress;

/// What judging a document gave.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What to tell the writer, in order of place; suppressions are applied.
    pub findings: Vec<Finding>,
    /// How many questions nobody answered.
    pub unchecked: usize,
    /// What its claims would have services asked by name, and whether it was known. Asked and judged again, a document
    /// may fare otherwise.
    pub searches: Vec<Searched>,
}

/// Runs rules over documents. Immutable and shared between threads.
#[derive(Debug)]
pub struct Linter {
    rules: RuleSet,
    names: Vec<String>,
}

/// Findings that no pack holds: about comments and about what could not be read.
const OWN_NAMES: &[&str] = &[
    "suppress",
    "reason-missing",
    "unused",
    "unknown-rule",
    "malformed",
    "CAV901",
    "CAV902",
    "CAV903",
    "CAV904",
    "document",
    "unreadable",
    "language-not-judged",
    "CAV921",
    "CAV922",
    "cut-short",
    "CAV923",
];

/// Every name that configuration and comments may use for these rules.
pub fn names(rules: &RuleSet) -> Vec<String> {
    let mut names = rules.names();
    names.extend(OWN_NAMES.iter().map(|&name| name.to_owned()));
    names
}

impl Linter {
    /// A linter with these rules.
    pub fn new(rules: RuleSet) -> Self {
        let names = names(&rules);
        Self { rules, names }
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What it needs to know about a document that is not known yet. Ask again after answering, until nothing is
    /// returned: an answer may raise another question.
    pub fn questions(&self, document: &Document, settings: &Settings, known: &Answers) -> Vec<Question> {
        let mut questions = checks::records::questions(&self.rules, settings, document, known);
        questions.extend(checks::citations::questions(&self.rules, settings, document));
        questions.extend(checks::links::questions(&self.rules, settings, document, known));
        questions.retain(|question| known.get(question).is_none());
        questions
    }

    /// Judges a document from what is known. Questions that nobody answered are counted, never guessed.
    pub fn judge(&self, document: &Document, settings: &Settings, known: &Answers) -> Outcome {
        let reading = self.rules.reader().read(document);
        let surroundings = &self.rules.claims().layouts.survey(document, &reading, self.rules.cues());
        let found = &checks::conditions::Found::default();
        let rules = &self.rules;
        let searches = Searches::default();
        let context = Context {
            document,
            reading: &reading,
            surroundings,
            rules,
            settings,
            found,
            answers: known,
            searches: &searches,
        };
        let mut findings = checks::unread::check(&context);
        if checks::unread::is_judged_language(&context) {
            findings.extend(checks::wording::check(&context));
            findings.extend(checks::measures::check(&context));
            findings.extend(checks::abbreviations::check(&context));
            findings.extend(checks::doses::check(&context));
        }
        findings.extend(checks::document::check(&context));
        findings.extend(checks::dates::check(&context));
        findings.extend(checks::hosts::check(&context));
        let (of_citations, unchecked_citations) = checks::citations::check(&context);
        findings.extend(of_citations);
        let (of_links, unchecked_links) = checks::links::check(&context, known);
        let (of_records, unchecked_records) = checks::records::check(&context, known);
        findings.extend(of_links);
        findings.extend(of_records);
        let searches = searches.into_vec();
        let unasked = searches.iter().filter(|search| !search.answered).count();
        let unchecked = unchecked_links + unchecked_records + unchecked_citations + unasked;
        findings.sort_by(|a, b| (a.span.start, a.span.end, &a.code).cmp(&(b.span.start, b.span.end, &b.code)));
        let knows = |name: &str| {
            self.names.iter().any(|known| known == name || (name.starts_with("CAV") && known.starts_with(name)))
        };
        let ran = |name: &str| self.ran(name, settings);
        let mut findings = suppress::apply_where(document, findings, &knows, &self.names, &ran);
        findings.retain_mut(|finding| {
            if !matches!(finding.rule.pack(), "document" | "suppress") {
                return true;
            }
            let severity = settings.severity_beside_rules(&finding.code, &finding.rule, finding.severity);
            finding.severity = severity.unwrap_or(finding.severity);
            severity.is_some()
        });
        Outcome { findings, unchecked, searches }
    }

    /// Every match of a rule's words in a document, with what became of it and why.
    pub fn trace(&self, document: &Document, settings: &Settings, rule: &Rule) -> Vec<Trace> {
        let reading = self.rules.reader().read(document);
        let surroundings = &self.rules.claims().layouts.survey(document, &reading, self.rules.cues());
        let found = &checks::conditions::Found::default();
        trace::of_rule(
            &Context {
                document,
                reading: &reading,
                surroundings,
                rules: &self.rules,
                settings,
                found,
                answers: &Answers::default(),
                searches: &Searches::default(),
            },
            rule,
        )
    }

    /// Whether every rule of that name runs under these settings.
    fn ran(&self, name: &str, settings: &Settings) -> bool {
        let mut meant = self.rules.rules().iter().filter(|rule| Settings::means(name, &rule.code, &rule.id));
        meant.all(|rule| rule.severity_under(settings).is_some())
    }
}
