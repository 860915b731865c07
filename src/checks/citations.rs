//! Figures that do not stand in the works that their sentence cites.

use crate::evidence::Verdict;
use crate::finding::{Finding, Severity};
use crate::rules::{Rule, Trigger};

use super::{Context, said_by};

/// Everything that these rules have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let running = context.rules.rules().iter().filter_map(|rule| match rule.trigger {
        Trigger::Figure(wanted) => Some((rule, wanted, rule.severity_under(context.settings)?)),
        _ => None,
    });
    let running: Vec<(&Rule, Verdict, Severity)> = running.collect();
    let mut findings = Vec::new();
    // Without answers there is nothing to hold figures against.
    if running.is_empty() || context.answers.is_empty() {
        return findings;
    }
    let judge = context.judge();
    for sentence in 0..context.reading.len() {
        let (block, text) = (context.block(sentence), context.reading.text(context.document, sentence));
        for compared in judge.compared(sentence) {
            for (rule, _, severity) in running.iter().filter(|(_, wanted, _)| *wanted == compared.verdict) {
                if !rule.blocks.has(block.kind) || !context.counts(rule, Some(sentence)) {
                    continue;
                }
                let start = context.reading.range(sentence).start as usize;
                let at = compared.figure.at.start + start..compared.figure.at.end + start;
                let source =
                    format!("{}, {}", compared.evidence.source, compared.evidence.field.as_deref().unwrap_or(""));
                let fill = |template: &str| {
                    let filled = template.replace("{match}", &compared.figure.text);
                    filled
                        .replace("{detail}", &compared.evidence.detail)
                        .replace("{source}", source.trim_end_matches(" summary"))
                };
                let said = said_by(rule, *severity, block.prose.source_span(at), fill(&rule.message), fill(&rule.help));
                findings.push(said.with_context(text).with_evidence(compared.evidence.clone()));
            }
        }
    }
    findings
}
