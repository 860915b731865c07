//! Rules about the document as a whole: what its metadata lacks, and what a pair of therapy and condition asks for.

use crate::finding::{Evidence, Finding};
use crate::knowledge::{EntityId, Fact};
use crate::reading::is_running_text;
use crate::rules::{Rule, RuleSet, Trigger, entity_of};
use crate::source::Span;

use super::{Context, Hit};
use crate::cues::Decision;
use crate::pattern::{Match, Mention};

/// Everything that these rules have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in context.rules.rules() {
        let Some(severity) = rule.severity_under(context.settings) else { continue };
        match &rule.trigger {
            Trigger::MissingMetadata(keys) => {
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                if context.document.metadata.get(&keys).is_none()
                    && context.counts(rule, None)
                    && has_something_to_sign(context)
                {
                    findings.push(missing_metadata(context, rule, severity));
                }
            }
            Trigger::InvestigationalPair => findings.extend(pairs(context, rule, severity)),
            _ => {}
        }
    }
    findings
}

/// An empty file, or one without prose or metadata, has no author to name.
fn has_something_to_sign(context: &Context<'_>) -> bool {
    !context.document.blocks.is_empty() || context.document.metadata.span.is_some()
}

fn missing_metadata(context: &Context<'_>, rule: &Rule, severity: crate::finding::Severity) -> Finding {
    let first_block = || context.document.blocks.first().map(|block| Span::new(block.span.start, block.span.start));
    let span = context.document.metadata.span.map(|s| Span::at(s.start)).or_else(first_block).unwrap_or_default();
    let mut finding =
        Finding::new(&rule.code, rule.id.clone(), severity, rule.message.clone(), span).with_help(rule.help.clone());
    finding.url = rule.sources.first().map(|(_, url)| url.clone());
    finding
}

/// Sentences that two names may stand apart and still be discussed together.
const NEAR: usize = 2;

/// One finding for each pair that the document discusses and the fact base calls investigational.
fn pairs<'a>(context: &Context<'a>, rule: &'a Rule, severity: crate::finding::Severity) -> Vec<Finding> {
    let mut told: Vec<(EntityId, EntityId)> = Vec::new();
    let mut findings = Vec::new();
    for (sentence, therapy, fact) in discussed(context) {
        let pair = (entity_of(&therapy), fact.0);
        if told.contains(&pair) || !context.counts(rule, Some(sentence)) {
            continue;
        }
        told.push(pair);
        let found = Match {
            start: therapy.start as usize,
            end: therapy.end as usize,
            captures: vec![therapy, fact.2],
            named: Vec::new(),
        };
        let hit = Hit { rule, severity, sentence, found, decision: Decision::default() };
        let mut finding = hit.into_finding(context);
        finding.assertion = None;
        findings.push(finding.with_evidence(evidence(fact.1)));
        // One caveat serves the whole document, so one finding is enough.
        if rule.once.is_some() {
            break;
        }
    }
    findings
}

/// A condition, the fact that pairs it with a therapy, and where the condition is named.
type Paired<'k> = (EntityId, &'k Fact, Mention);

/// The investigational pairs that stand close together, at the therapy's first such mention.
fn discussed<'a>(context: &Context<'a>) -> Vec<(usize, Mention, Paired<'a>)> {
    let mut found = Vec::new();
    let of = |sentence: usize, lexicon| {
        let mentions = context.reading.view(context.document, sentence).mentions;
        mentions.iter().filter(move |m| m.lexicon == lexicon)
    };
    for sentence in 0..context.reading.len() {
        let block = context.block(sentence);
        if !(is_running_text(block.kind) || block.kind.is_heading()) {
            continue;
        }
        for therapy in of(sentence, RuleSet::ENTITIES.therapy) {
            let near = sentence.saturating_sub(NEAR)..(sentence + NEAR + 1).min(context.reading.len());
            let paired = near.flat_map(|s| of(s, RuleSet::ENTITIES.condition)).find_map(|condition| {
                let fact = context.rules.knowledge().investigational(entity_of(therapy), entity_of(condition))?;
                Some((entity_of(condition), fact, *condition))
            });
            if let Some((condition, fact, mention)) = paired {
                let local = of(sentence, RuleSet::ENTITIES.condition).any(|m| m == &mention);
                let shown = if local { mention } else { *therapy };
                found.push((sentence, *therapy, (condition, fact, shown)));
            }
        }
    }
    found
}

fn evidence(fact: &Fact) -> Evidence {
    let source = fact.sources.first();
    Evidence {
        source: source.map_or_else(|| "fact base".to_owned(), |s| s.publisher.clone()),
        detail: fact.say.clone().unwrap_or_else(|| fact.id.clone()),
        url: source.map(|s| s.url.clone()),
        date: Some(fact.as_of.to_string()),
    }
}
