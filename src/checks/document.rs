//! Rules about the document as a whole: what its metadata lacks, and what a pair of therapy and condition asks for.

use crate::finding::{Evidence, Finding, Severity};
use crate::knowledge::{EntityId, Fact};
use crate::pattern::{LexiconId, Mention};
use crate::reading::is_running_text;
use crate::rules::{Rule, RuleSet, Trigger, entity_of};
use crate::source::Span;

use super::{Context, said_by};

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

fn missing_metadata(context: &Context<'_>, rule: &Rule, severity: Severity) -> Finding {
    let first_block = || context.document.blocks.first().map(|block| Span::new(block.span.start, block.span.start));
    let span = context.document.metadata.span.map(|s| Span::at(s.start)).or_else(first_block).unwrap_or_default();
    said_by(rule, severity, span, rule.message.clone(), &rule.help)
}

/// Sentences that two names may stand apart and still be discussed together.
const NEAR: usize = 2;

/// One finding for each pair that the document discusses and the fact base calls investigational.
fn pairs(context: &Context<'_>, rule: &Rule, severity: Severity) -> Vec<Finding> {
    let mut told: Vec<(EntityId, EntityId)> = Vec::new();
    let mut findings = Vec::new();
    for (sentence, therapy, (condition, fact)) in discussed(context) {
        let pair = (entity_of(&therapy), condition);
        if told.contains(&pair) || !context.counts(rule, Some(sentence)) {
            continue;
        }
        told.push(pair);
        findings.push(pair_finding(context, rule, severity, (sentence, therapy), (condition, fact)));
        // One caveat serves the whole document, so one finding is enough.
        if rule.once.is_some() {
            break;
        }
    }
    findings
}

fn pair_finding(
    context: &Context<'_>,
    rule: &Rule,
    severity: Severity,
    (sentence, therapy): (usize, Mention),
    (condition, fact): Paired<'_>,
) -> Finding {
    let name =
        |id| context.rules.knowledge().entity(id).and_then(|e| e.names.first()).map_or("it", |n| n.text.as_str());
    let words = therapy.start as usize..therapy.end as usize;
    let span = context.reading.span(context.document, sentence, words);
    let message = rule.message.replace("{therapy}", name(entity_of(&therapy))).replace("{condition}", name(condition));
    let help = fact.say.as_ref().map_or_else(|| rule.help.clone(), |say| format!("{} For example: “{say}”", rule.help));
    said_by(rule, severity, span, message, help).with_evidence(evidence(fact))
}

/// A condition, and the fact that pairs it with a therapy.
type Paired<'k> = (EntityId, &'k Fact);

/// The investigational pairs that the document discusses, at the therapy's first such mention. A pair is discussed where
/// the two stand close together, or where the document is about the condition and names the therapy.
fn discussed<'a>(context: &Context<'a>) -> Vec<(usize, Mention, Paired<'a>)> {
    let mut found = Vec::new();
    let topics = topics(context);
    for sentence in 0..context.reading.len() {
        let block = context.block(sentence);
        if !(is_running_text(block.kind) || block.kind.is_heading()) {
            continue;
        }
        for therapy in mentions(context, sentence, RuleSet::ENTITIES.therapy) {
            let near = sentence.saturating_sub(NEAR)..(sentence + NEAR + 1).min(context.reading.len());
            let close = near.flat_map(|s| mentions(context, s, RuleSet::ENTITIES.condition));
            let paired = close.chain(&topics).find_map(|condition| {
                let fact = context.rules.knowledge().investigational(
                    entity_of(therapy),
                    entity_of(condition),
                    context.day(),
                )?;
                Some((entity_of(condition), fact))
            });
            found.extend(paired.map(|paired| (sentence, *therapy, paired)));
        }
    }
    found
}

fn mentions<'a>(context: &Context<'a>, sentence: usize, lexicon: LexiconId) -> impl Iterator<Item = &'a Mention> {
    let mentions = context.reading.view(context.document, sentence).mentions;
    mentions.iter().filter(move |m| m.lexicon == lexicon)
}

/// Mentions that make a condition a topic without its standing in a heading.
const TOPIC: usize = 3;

/// The conditions that the document is about: those in its headings, and those named again and again.
fn topics(context: &Context<'_>) -> Vec<Mention> {
    let mut counted: Vec<(Mention, usize)> = Vec::new();
    for sentence in 0..context.reading.len() {
        let weight = if context.block(sentence).kind.is_heading() { TOPIC } else { 1 };
        for mention in mentions(context, sentence, RuleSet::ENTITIES.condition) {
            match counted.iter_mut().find(|(m, _)| m.entry == mention.entry) {
                Some((_, count)) => *count += weight,
                None => counted.push((*mention, weight)),
            }
        }
    }
    counted.into_iter().filter(|(_, count)| *count >= TOPIC).map(|(mention, _)| mention).collect()
}

fn evidence(fact: &Fact) -> Evidence {
    let source = fact.sources.first();
    Evidence {
        source: source.map_or_else(|| "fact base".to_owned(), |s| s.publisher.clone()),
        detail: fact.say.clone().unwrap_or_else(|| fact.id.clone()),
        field: None,
        url: source.map(|s| s.url.clone()),
        date: Some(fact.as_of.to_string()),
    }
}
