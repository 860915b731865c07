//! Checks: one file a kind. Each turns rules, readings and answers into findings.

pub mod document;
pub mod links;
pub mod unread;
pub mod wording;

use std::ops::Range;

use crate::cues::Decision;
use crate::document::{Block, BlockKind, Document};
use crate::finding::{Finding, Severity};
use crate::pattern::Match;
use crate::reading::Reading;
use crate::rules::{Condition, Rule, RuleSet, Scope};
use crate::settings::Settings;
use crate::surroundings::Surroundings;

/// Everything that checks judge from.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The draft.
    pub document: &'a Document,
    /// Its sentences.
    pub reading: &'a Reading,
    /// What the text around its sentences does to them.
    pub surroundings: &'a Surroundings,
    /// The rules.
    pub rules: &'a RuleSet,
    /// How it is to be judged.
    pub settings: &'a Settings,
}

impl<'a> Context<'a> {
    fn block(&self, sentence: usize) -> &'a Block {
        &self.document.blocks[self.reading.block(sentence)]
    }

    /// The sentences of a scope around a sentence; `None`: the whole document.
    fn scope(&self, sentence: Option<usize>, scope: Scope) -> Range<usize> {
        let all = 0..self.reading.len();
        let Some(sentence) = sentence else {
            return if scope == Scope::Lead { self.reading.lead() } else { all };
        };
        let section = || {
            let section = &self.document.sections[self.block(sentence).section];
            self.reading.of_blocks(section.blocks.clone())
        };
        match scope {
            Scope::Sentence => sentence..sentence + 1,
            Scope::Neighbours => {
                let section = section();
                sentence.saturating_sub(2).max(section.start)..(sentence + 3).min(section.end)
            }
            Scope::Paragraph => self.reading.of_block(self.reading.block(sentence)),
            Scope::Section => section(),
            Scope::Lead => self.reading.lead(),
            Scope::Document => all,
        }
    }

    /// A number for the scope around a sentence: the same for all sentences that share it.
    fn scope_key(&self, sentence: Option<usize>, scope: Scope) -> usize {
        match (scope, sentence) {
            (Scope::Sentence | Scope::Neighbours, Some(sentence)) => sentence,
            (Scope::Paragraph, Some(sentence)) => self.reading.block(sentence),
            (Scope::Section, Some(sentence)) => self.block(sentence).section,
            _ => 0,
        }
    }

    /// Whether a condition is met around a sentence.
    fn holds(&self, condition: &Condition, sentence: Option<usize>) -> bool {
        if self.document.metadata.get(&condition.metadata.iter().map(String::as_str).collect::<Vec<_>>()).is_some() {
            return true;
        }
        let sentences = self.scope(sentence, condition.within);
        let phrase = |s: usize| {
            let view = self.reading.view(self.document, s);
            condition.phrases.iter().any(|pattern| pattern.occurs(view))
        };
        if !condition.phrases.is_empty() && sentences.clone().any(phrase) {
            return true;
        }
        if !condition.regexes.is_empty() {
            let text = |s: usize| self.reading.text(self.document, s);
            if sentences.clone().any(|s| condition.regexes.iter().any(|regex| regex.is_match(text(s)))) {
                return true;
            }
        }
        condition.link && self.has_link(sentences)
    }

    fn has_link(&self, sentences: Range<usize>) -> bool {
        let Some((first, last)) = sentences.clone().next().zip(sentences.last()) else { return false };
        let blocks = self.reading.block(first)..self.reading.block(last) + 1;
        self.document.links.iter().any(|link| link.block.is_some_and(|block| blocks.contains(&block)))
    }

    /// Whether a rule's conditions let a hit in this sentence count.
    fn counts(&self, rule: &Rule, sentence: Option<usize>) -> bool {
        rule.when.iter().all(|condition| self.holds(condition, sentence))
            && !rule.unless.iter().any(|condition| self.holds(condition, sentence))
    }
}

/// A hit of a rule in a sentence, on its way to becoming a finding.
struct Hit<'r> {
    rule: &'r Rule,
    severity: Severity,
    sentence: usize,
    found: Match,
    decision: Decision,
}

impl Hit<'_> {
    fn overlaps(&self, other: &Hit<'_>) -> bool {
        self.sentence == other.sentence && self.found.start < other.found.end && other.found.start < self.found.end
    }

    fn into_finding(self, context: &Context<'_>) -> Finding {
        let Hit { rule, severity, sentence, found, decision } = self;
        let span = context.reading.span(context.document, sentence, found.start..found.end);
        let words = fill(context, sentence, &found);
        let mut finding = Finding::new(&rule.code, rule.id.clone(), severity, words(&rule.message), span)
            .with_help(words(&rule.help))
            .with_context(context.reading.text(context.document, sentence));
        finding.url = rule.sources.first().map(|(_, url)| url.clone());
        finding.assertion = Some(decision.assertion);
        finding.fix = replacement(rule, context.document, &finding);
        finding
    }
}

/// A safe replacement, where the rule lists the very words.
fn replacement(rule: &Rule, document: &Document, finding: &Finding) -> Option<crate::finding::Fix> {
    let written = document.source.slice(finding.span);
    let (_, put) = rule.replace.iter().find(|(from, _)| *from == written.to_lowercase())?;
    let capital = written.chars().next().is_some_and(char::is_uppercase);
    let replacement = match put.chars().next() {
        Some(first) if capital => first.to_uppercase().chain(put.chars().skip(1)).collect(),
        _ => put.clone(),
    };
    Some(crate::finding::Fix { span: finding.span, replacement, applicability: crate::finding::Applicability::Safe })
}

/// Fills the placeholders of a message: `{match}` with the words found, `{condition}` and the like with the name that
/// the pattern caught, or the first one of its sentence.
fn fill<'a>(context: &'a Context<'_>, sentence: usize, found: &'a Match) -> impl Fn(&str) -> String + 'a {
    let view = context.reading.view(context.document, sentence);
    let slice = move |start: usize, end: usize| -> &'a str {
        match (view.words.get(start), view.words.get(end.wrapping_sub(1))) {
            (Some(first), Some(last)) => view.text.get(first.start as usize..last.end as usize).unwrap_or(""),
            _ => "",
        }
    };
    move |template| {
        let mut text = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            if name == "match" {
                text.push_str(&shortened(slice(found.start, found.end)));
            } else {
                let lexicon = context.rules.reader().lexicons.find(name);
                let mention = found.captures.iter().chain(view.mentions).find(|m| Some(m.lexicon) == lexicon);
                match mention {
                    Some(m) => text.push_str(slice(m.start as usize, m.end as usize)),
                    None => text.push_str(&format!("the {name}")),
                }
            }
            rest = tail;
        }
        text.push_str(rest);
        text
    }
}

/// Longest quotation of a text in a message, in characters.
const LONGEST_QUOTE: usize = 80;

fn shortened(words: &str) -> std::borrow::Cow<'_, str> {
    match words.char_indices().nth(LONGEST_QUOTE) {
        None => words.into(),
        Some((at, _)) => format!("{}…", words[..at].trim_end()).into(),
    }
}

fn is_alternative(block: &Block) -> bool {
    block.kind == BlockKind::AltText
}
