//! Rules about where links lead, by host: preprints, press releases, shops.

use crate::document::{Document, Link, LinkKind};
use crate::finding::{Finding, Severity};
use crate::reading::Reading;
use crate::rules::{Rule, Trigger};

use super::{Context, said_by, shortened};

/// Everything that these rules have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in context.rules.rules() {
        let Trigger::Hosts(hosts) = &rule.trigger else { continue };
        let Some(severity) = rule.severity_under(context.settings) else { continue };
        let mut told: Vec<usize> = Vec::new();
        for link in context.document.links.iter().filter(|link| link.kind != LinkKind::Image) {
            if !hosts.hold(&link.destination) {
                continue;
            }
            let sentence = sentence_of(context, link);
            let key = rule.once.map(|scope| context.scope_key(sentence, scope));
            if key.is_some_and(|key| told.contains(&key)) || !context.counts(rule, sentence) {
                continue;
            }
            told.extend(key);
            findings.push(finding(rule, severity, link));
        }
    }
    findings
}

/// The sentence that a link stands in.
pub(super) fn sentence_of(context: &Context<'_>, link: &Link) -> Option<usize> {
    sentence_with(context.document, context.reading, link)
}

/// The sentence of a reading that a link stands in.
pub(super) fn sentence_with(document: &Document, reading: &Reading, link: &Link) -> Option<usize> {
    let sentences = reading.of_block(link.block?);
    let ends_behind = |&sentence: &usize| {
        let words = reading.view(document, sentence).words.len();
        reading.span(document, sentence, 0..words).end > link.span.start
    };
    sentences.clone().find(ends_behind).or_else(|| sentences.last())
}

fn finding(rule: &Rule, severity: Severity, link: &Link) -> Finding {
    let message = rule.message.replace("{match}", &shortened(&link.destination));
    said_by(rule, severity, link.span, message, &rule.help)
}
