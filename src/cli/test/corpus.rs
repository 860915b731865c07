//! How often rules speak over a folder of drafts.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use crate::cli::config::{Config, Overlay};
use crate::cli::error::{Failure, tell};
use crate::cli::{read, walk};
use crate::document::Document;
use crate::evidence::Answers;
use crate::linter::{Linter, Settings};
use crate::report::counted;
use crate::rules::{Rule, Trigger};
use crate::source::SourceFile;

/// How often rules speak.
#[derive(Debug, Serialize)]
pub(super) struct Corpus {
    folder: String,
    files: usize,
    words: usize,
    /// Those that speak, the most frequent first.
    rules: Vec<Count>,
    /// Those that never do.
    never: Vec<Name>,
    /// Those that wait for the network's answers, which are not asked for here.
    unasked: Vec<Name>,
    #[serde(skip)]
    pub(super) unread: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Name {
    code: String,
    rule: String,
}

#[derive(Debug, Serialize)]
struct Count {
    #[serde(flatten)]
    name: Name,
    findings: usize,
    files: usize,
}

/// What was found in one draft.
struct Tally {
    words: usize,
    findings: BTreeMap<String, usize>,
}

/// Runs rules over the drafts in a folder: all of them, on by default or not, each where its law binds. Nothing is
/// asked of the network.
pub(super) fn count(folder: &Path, config: &Config, linter: &Linter, rules: &[&Rule]) -> Result<Corpus, Failure> {
    let (mut drafts, mut unread) = (Vec::new(), false);
    let mut lost = |error: &crate::cli::error::InputError| {
        unread = true;
        tell(error, error.help());
    };
    for found in walk::follow(&[PathBuf::from(folder)], config) {
        match found {
            Ok(draft) => drafts.push(draft),
            Err(error) => lost(&error),
        }
    }
    let plans = plans(rules);
    let tallies: Vec<Result<Tally, _>> = drafts
        .par_iter()
        .map(|draft| {
            let decoded = read::file(&draft.path)?;
            let document = Document::parse(SourceFile::new(draft.path.to_string_lossy(), decoded.text, draft.format));
            let settings = config.settings(Some(&draft.path), &Overlay::default(), jiff::Zoned::now().date());
            Ok(tally(&document, linter, &plans, &settings))
        })
        .collect();
    let mut corpus = Corpus {
        folder: folder.to_string_lossy().into_owned(),
        files: 0,
        words: 0,
        rules: Vec::new(),
        never: Vec::new(),
        unasked: Vec::new(),
        unread: false,
    };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for tally in tallies {
        match tally {
            Ok(tally) => {
                corpus.files += 1;
                corpus.words += tally.words;
                for (rule, findings) in tally.findings {
                    let count = counts.entry(rule).or_default();
                    *count = (count.0 + findings, count.1 + 1);
                }
            }
            Err(error) => lost(&error),
        }
    }
    for rule in rules {
        let name = Name { code: rule.code.to_string(), rule: rule.id.to_string() };
        match counts.get(rule.id.as_str()) {
            Some(&(findings, files)) => corpus.rules.push(Count { name, findings, files }),
            None if needs_answers(&rule.trigger) => corpus.unasked.push(name),
            None => corpus.never.push(name),
        }
    }
    corpus.rules.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.name.rule.cmp(&b.name.rule)));
    Ok(Corpus { unread, ..corpus })
}

/// Whether a rule can only speak once somebody was asked.
fn needs_answers(trigger: &Trigger) -> bool {
    matches!(trigger, Trigger::Link(_) | Trigger::Record(_) | Trigger::Figure(_) | Trigger::Quotation(_))
}

/// The rules to select in each jurisdiction: those of any law together, those of one law under it.
fn plans(rules: &[&Rule]) -> BTreeMap<Option<&'static str>, Vec<String>> {
    let mut plans: BTreeMap<Option<&'static str>, Vec<String>> = BTreeMap::new();
    for rule in rules {
        let jurisdiction = rule.jurisdictions.first().map(|jurisdiction| jurisdiction.name());
        plans.entry(jurisdiction).or_default().push(rule.id.to_string());
    }
    plans
}

fn tally(
    document: &Document,
    linter: &Linter,
    plans: &BTreeMap<Option<&'static str>, Vec<String>>,
    settings: &Settings,
) -> Tally {
    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    for (jurisdiction, rules) in plans {
        let jurisdiction = jurisdiction.and_then(crate::linter::Jurisdiction::of_name).or(settings.jurisdiction);
        let settings = Settings {
            select: rules.clone(),
            ignore: Vec::new(),
            severity: Default::default(),
            jurisdiction,
            ..settings.clone()
        };
        for finding in linter.judge(document, &settings, &Answers::default()).findings {
            *findings.entry(finding.rule.to_string()).or_default() += 1;
        }
    }
    Tally { words: document.words(), findings }
}

impl Corpus {
    /// For people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ =
            writeln!(text, "In {} of {} ({}):", counted(self.files, "draft"), self.folder, counted(self.words, "word"));
        if !self.rules.is_empty() {
            let _ = writeln!(text, "\n  {:>8} {:>7} {:>11}", "findings", "drafts", "per 1,000");
        }
        for Count { name, findings, files } in &self.rules {
            let rate = *findings as f64 * 1000.0 / self.words.max(1) as f64;
            let _ = writeln!(text, "  {findings:>8} {files:>7} {rate:>11.2}  {}  {}", name.code, name.rule);
        }
        for (title, names) in [
            ("Never speak here", &self.never),
            ("Wait for answers from the network, which was not asked", &self.unasked),
        ] {
            if !names.is_empty() {
                let _ = writeln!(text, "\n{title} ({}):", names.len());
            }
            for name in names {
                let _ = writeln!(text, "  {}  {}", name.code, name.rule);
            }
        }
        text
    }
}
