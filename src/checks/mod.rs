//! Checks: one file a kind. Each turns rules, readings and answers into findings.

pub mod abbreviations;
pub mod citations;
pub mod conditions;
pub mod dates;
pub mod document;
pub mod doses;
pub mod hosts;
pub mod links;
pub mod measures;
pub mod raised;
pub mod records;
pub mod trace;
mod trials;
pub mod unread;
pub mod wording;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::assertion::Voice;
use crate::cues::Decision;
use crate::document::{Block, BlockKind, Document};
use crate::evidence::searches::Searches;
use crate::evidence::{Answers, Judgement};
use crate::finding::{Applicability, Finding, Fix, Severity};
use crate::knowledge::{EntityId, Fact, Standing};
use crate::pattern::Match;
use crate::reading::Reading;
use crate::rules::{Pair, Rule, RuleSet};
use crate::settings::Settings;
use crate::source::Span;
use crate::surroundings::Surroundings;
use crate::verdicts::Judge;

use conditions::Found;

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
    /// What conditions have found in it so far.
    pub found: &'a Found,
    /// What has been answered.
    pub answers: &'a Answers,
    /// Takes what services should be asked by name.
    pub searches: &'a Searches,
}

impl<'a> Context<'a> {
    /// Holds its claims against what is known.
    fn judge(&self) -> Judge<'a> {
        let day = self.judged_on();
        let knowledge = self.rules.knowledge();
        Judge {
            book: self.rules.verdicts(),
            knowledge,
            imported: self.rules.imported(),
            names: RuleSet::ENTITIES,
            document: self.document,
            reading: self.reading,
            answers: self.answers,
            searches: self.searches,
            day,
            today: self.settings.today.unwrap_or(day),
        }
    }

    /// The fact that says so of a therapy and a condition.
    fn paired(&self, pair: Pair, therapy: EntityId, condition: EntityId) -> Option<&'a Fact> {
        let knowledge = self.rules.knowledge();
        match pair {
            Pair::Investigational => knowledge.investigational(therapy, condition, self.day()),
            Pair::OffLabel => {
                let stands = |condition| knowledge.standing(therapy, condition, None, self.judged_on());
                match (stands(None), stands(Some(condition))) {
                    (Standing::Approved(_), Standing::Denied(fact)) => Some(fact),
                    _ => None,
                }
            }
        }
    }

    /// The day by which facts are asked: the article's, or that of the run; where neither is known, the day on which the
    /// fact base was last looked at.
    fn judged_on(&self) -> Date {
        self.day().unwrap_or_else(|| self.rules.knowledge().as_of())
    }

    fn block(&self, sentence: usize) -> &'a Block {
        &self.document.blocks[self.reading.block(sentence)]
    }
}

/// What a rule says of a place, with the address where it can be read about.
fn said_by(rule: &Rule, severity: Severity, span: Span, message: String, help: impl Into<String>) -> Finding {
    let mut finding = Finding::new(&rule.code, rule.id.clone(), severity, message, span).with_help(help);
    finding.url = rule.sources.first().map(|(_, url)| url.clone());
    finding
}

/// A hit of a rule in a sentence, on its way to becoming a finding.
struct Hit<'r> {
    rule: &'r Rule,
    severity: Severity,
    sentence: usize,
    found: Match,
    decision: Decision,
    /// What facts say to the claim, where the rule asked for it.
    judgement: Option<Judgement>,
}

impl Hit<'_> {
    fn overlaps(&self, other: &Hit<'_>) -> bool {
        self.sentence == other.sentence && self.found.start < other.found.end && other.found.start < self.found.end
    }

    fn into_finding(self, context: &Context<'_>) -> Finding {
        let Hit { rule, severity, sentence, found, decision, judgement } = self;
        let span = context.reading.span(context.document, sentence, found.start..found.end);
        let words = fill(context, sentence, &found);
        let (message, help) = told(rule, judgement.as_ref());
        let mut finding = said_by(rule, severity, span, words(&message), words(&help))
            .with_context(context.reading.text(context.document, sentence));
        finding.assertion = Some(decision.assertion);
        for evidence in judgement.into_iter().flat_map(|judgement| judgement.evidence) {
            finding = finding.with_evidence(evidence);
        }
        finding.fix = replacement(rule, context.document, &finding);
        finding
    }
}

/// A rule's message and help, with what a verdict rests on for `{fact}` and the sentence that a fact gives to write
/// instead.
fn told<'r>(rule: &'r Rule, judgement: Option<&Judgement>) -> (Cow<'r, str>, Cow<'r, str>) {
    let Some(judgement) = judgement else { return (rule.message.as_str().into(), rule.help.as_str().into()) };
    let detail = judgement.evidence.first().map_or("no fact speaks of it", |evidence| &evidence.detail);
    let message = rule.message.replace("{fact}", detail.trim_end_matches('.'));
    let mut help = rule.help.clone();
    help.extend(judgement.note.iter().map(|note| format!(" {note}")));
    help.extend(judgement.say.iter().map(|say| format!(" For example: “{say}”")));
    (message.into(), help.into())
}

/// A replacement, where the rule lists the very words. Other people's words are theirs: in a quotation it is not safe.
fn replacement(rule: &Rule, document: &Document, finding: &Finding) -> Option<Fix> {
    let written = document.source.slice(finding.span);
    let (_, put) = rule.replace.iter().find(|(from, _)| *from == written.to_lowercase())?;
    let capital = written.chars().next().is_some_and(char::is_uppercase);
    let replacement = match put.chars().next() {
        Some(first) if capital => first.to_uppercase().chain(put.chars().skip(1)).collect(),
        _ => put.clone(),
    };
    let is_quoted = finding.assertion.is_some_and(|assertion| assertion.voice == Voice::Quoted)
        || document.blocks.iter().any(|block| block.in_quote && block.span.contains(finding.span));
    let applicability = if is_quoted { Applicability::Unsafe } else { Applicability::Safe };
    Some(Fix { span: finding.span, replacement, applicability })
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
