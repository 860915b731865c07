//! Works and trials that a text names by DOI, PMID or NCT number: whether they exist, how they stand, whom they recruit.

use crate::document::{Document, LinkKind};
use crate::evidence::records::{Fate, Id, Record, Registry, fate, find};
use crate::evidence::{Answer, Answers, Question};
use crate::finding::{Evidence, Finding, Severity};
use crate::rules::{Rule, RuleSet, Trigger};
use crate::settings::Settings;
use crate::source::Span;

use super::Context;
use super::hosts::sentence_of;

/// A place where a text names something by its identifier.
struct Mention {
    id: Id,
    span: Span,
    sentence: Option<usize>,
}

fn rules<'r>(rules: &'r RuleSet, settings: &Settings) -> Vec<(&'r Rule, Fate, Severity)> {
    let running = rules.rules().iter().filter_map(|rule| match rule.trigger {
        Trigger::Record(fate) => Some((rule, fate, rule.severity_under(settings)?)),
        _ => None,
    });
    running.collect()
}

/// The identifiers of a document, each once.
fn ids(document: &Document) -> Vec<Id> {
    let in_links = document.links.iter().filter_map(|link| Id::of_address(&link.destination));
    let in_text = document.blocks.iter().flat_map(|block| find(block.prose.text()).into_iter().map(|(_, id)| id));
    let mut ids: Vec<Id> = in_links.chain(in_text).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// What has to be asked about a document's identifiers.
pub fn questions(set: &RuleSet, settings: &Settings, document: &Document, known: &Answers) -> Vec<Question> {
    if rules(set, settings).is_empty() {
        return Vec::new();
    }
    ids(document).iter().flat_map(|id| id.questions(known)).collect()
}

/// Findings about identifiers, and how many questions about them nobody answered.
pub fn check(context: &Context<'_>, known: &Answers) -> (Vec<Finding>, usize) {
    let rules = rules(context.rules, context.settings);
    let (mut findings, mut unchecked) = (Vec::new(), 0);
    if rules.is_empty() {
        return (findings, unchecked);
    }
    let ids = ids(context.document);
    let mentions = if ids.is_empty() { Vec::new() } else { mentions(context) };
    for id in ids {
        let mut records = Vec::new();
        for question in id.questions(known) {
            match (&question, known.get(&question)) {
                (Question::Record { registry, .. }, Some(Answer::Record(record))) => records.push((*registry, record)),
                _ => unchecked += 1,
            }
        }
        let Some(fate) = fate(&id, &records) else { continue };
        for (rule, _, severity) in rules.iter().filter(|(_, wanted, _)| *wanted == fate) {
            // Said once, where it is first named in a way that counts.
            let of_it = mentions.iter().filter(|mention| mention.id == id);
            let counting = of_it.filter(|mention| context.counts(rule, mention.sentence)).min_by_key(|m| m.span.start);
            findings.extend(counting.map(|mention| finding(context, rule, *severity, mention, &records)));
        }
    }
    (findings, unchecked)
}

fn mentions(context: &Context<'_>) -> Vec<Mention> {
    let document = context.document;
    let links = document.links.iter().filter(|link| link.kind != LinkKind::Footnote).filter_map(|link| {
        let id = Id::of_address(&link.destination)?;
        Some(Mention { id, span: link.span, sentence: sentence_of(context, link) })
    });
    let mut mentions: Vec<Mention> = links.collect();
    for (at, block) in document.blocks.iter().enumerate() {
        for (range, id) in find(block.prose.text()) {
            let sentence = context.reading.sentence_at(at, range.start);
            mentions.push(Mention { id, span: block.prose.source_span(range), sentence });
        }
    }
    mentions
}

fn finding(
    context: &Context<'_>,
    rule: &Rule,
    severity: Severity,
    mention: &Mention,
    records: &[(Registry, &Record)],
) -> Finding {
    let said: Vec<String> =
        records.iter().map(|(who, record)| format!("{}: {}", who.title(), record.words())).collect();
    let said = said.join("; ");
    let id = mention.id.to_string();
    let fill = |template: &str| template.replace("{match}", &id).replace("{detail}", &said);
    let mut finding = Finding::new(&rule.code, rule.id.clone(), severity, fill(&rule.message), mention.span)
        .with_help(fill(&rule.help));
    if let Some(sentence) = mention.sentence {
        finding = finding.with_context(context.reading.text(context.document, sentence));
    }
    for (who, record) in records {
        let evidence = Evidence {
            source: who.title().into(),
            detail: record.words(),
            url: Some(mention.id.page()),
            ..Evidence::default()
        };
        finding = finding.with_evidence(evidence);
    }
    finding.url = rule.sources.first().map(|(_, url)| url.clone());
    finding
}
