//! Rules about the document as a whole: what its metadata lacks, and what a pair of therapy and condition asks for.

use crate::finding::{Finding, Severity};
use crate::knowledge::{EntityId, Fact, Predicate};
use crate::pattern::{LexiconId, Mention};
use crate::reading::is_running_text;
use crate::rules::{Pair, Rule, RuleSet, Trigger, entity_of};
use crate::source::Span;
use crate::verdicts::evidence;

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
            Trigger::Pair(pair) => findings.extend(pairs(context, rule, severity, *pair)),
            Trigger::BoxedTherapy => findings.extend(boxed(context, rule, severity)),
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

/// One finding for each pair that the document discusses and of which the fact base says so.
fn pairs(context: &Context<'_>, rule: &Rule, severity: Severity, pair: Pair) -> Vec<Finding> {
    let mut told: Vec<(EntityId, EntityId)> = Vec::new();
    let mut findings = Vec::new();
    for (sentence, therapy, (condition, fact)) in discussed(context, pair) {
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
    said_by(rule, severity, span, message, help).with_evidence(evidence(context.rules.knowledge(), fact))
}

/// How often a therapy is named where a text is about it, and not only in passing.
const DISCUSSED: usize = 2;

/// One finding for the first therapy that the document discusses and whose label warns of something that the document
/// nowhere names.
fn boxed(context: &Context<'_>, rule: &Rule, severity: Severity) -> Option<Finding> {
    let knowledge = context.rules.knowledge();
    let mut named: Vec<(EntityId, usize, Mention, usize)> = Vec::new();
    for sentence in 0..context.reading.len() {
        for mention in mentions(context, sentence, RuleSet::ENTITIES.therapy) {
            match named.iter_mut().find(|(id, ..)| *id == entity_of(mention)) {
                Some((.., count)) => *count += 1,
                None => named.push((entity_of(mention), sentence, *mention, 1)),
            }
        }
    }
    named.retain(|(.., count)| *count >= DISCUSSED);
    let text: String = context.document.blocks.iter().map(|block| block.prose.text().to_lowercase() + "\n").collect();
    let is_named = |fact: &Fact| {
        let risks = fact.what.iter().flat_map(|what| what.split([',', ';'])).flat_map(|risk| risk.split(" and "));
        risks.map(|risk| risk.trim().to_lowercase()).any(|risk| !risk.is_empty() && text.contains(&risk))
    };
    named.into_iter().find_map(|(id, sentence, mention, _)| {
        let warnings = knowledge.facts_on(id, context.judged_on()).into_iter();
        let fact = warnings.into_iter().find(|fact| fact.predicate == Predicate::BoxedWarning)?;
        if is_named(fact) || !context.counts(rule, Some(sentence)) {
            return None;
        }
        let words = mention.start as usize..mention.end as usize;
        let span = context.reading.span(context.document, sentence, words);
        let what = fact.what.as_deref().unwrap_or_default();
        let name = knowledge.entity(id).map_or("it", |entity| entity.name());
        let fill = |template: &str| template.replace("{therapy}", name).replace("{warning}", what);
        Some(
            said_by(rule, severity, span, fill(&rule.message), fill(&rule.help))
                .with_evidence(evidence(knowledge, fact)),
        )
    })
}

/// A condition, and the fact that pairs it with a therapy.
type Paired<'k> = (EntityId, &'k Fact);

/// The pairs of this sort that the document discusses, at the therapy's first such mention. A pair is discussed where
/// the two stand close together, or where the document is about the condition and names the therapy.
fn discussed<'a>(context: &Context<'a>, pair: Pair) -> Vec<(usize, Mention, Paired<'a>)> {
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
                let fact = context.paired(pair, entity_of(therapy), entity_of(condition))?;
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
