//! What could not be read: malformed parts, and text in a language that the program does not know.

use crate::finding::{Finding, RuleId, Severity};
use crate::language::WordId;
use crate::source::Span;

use super::Context;

/// Fewest words from which a language can be told.
const FEWEST_WORDS: usize = 40;
/// Share of a text's words that are common English ones: in English prose about half, in other languages (which share
/// a few, like "in" or "die") well below a tenth.
const ENGLISH_SHARE: f32 = 0.12;

/// Findings about what was not read.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let problem = |span: Span, message: &str| {
        Finding::new("CAV921", RuleId::new("document", "unreadable"), Severity::Warning, message, span)
            .with_help("Mend it; the rest of the draft was read.")
    };
    let mut findings: Vec<Finding> = context.document.problems.iter().map(|p| problem(p.span, &p.message)).collect();
    if !is_judged_language(context) {
        let rule = RuleId::new("document", "language-not-judged");
        let message = "This text is not in English: links, sources and metadata were checked, the wording was not.";
        let span = context.document.blocks.first().map(|block| Span::at(block.span.start)).unwrap_or_default();
        findings.push(Finding::new("CAV922", rule, Severity::Info, message, span));
    }
    findings
}

/// Whether the text is in a language whose wording can be judged. Short texts are taken to be.
pub fn is_judged_language(context: &Context<'_>) -> bool {
    let words = context.reading.words();
    if words < FEWEST_WORDS {
        return true;
    }
    let common = context.rules.common_ids();
    let english = (0..context.reading.len())
        .flat_map(|s| context.reading.view(context.document, s).words)
        .filter(|word| word.id != WordId::UNKNOWN && common.contains(&word.id))
        .count();
    english as f32 >= words as f32 * ENGLISH_SHARE
}
