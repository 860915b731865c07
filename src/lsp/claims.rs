//! What is known of a claim that nobody objects to.

use std::fmt::Write;

use crate::lsp::hover::rests_on;
use crate::report::claims::ClaimRow;
use crate::report::pages::escaped;

/// A claim with its verdict, in Markdown.
pub fn claim_hover(claim: &ClaimRow) -> String {
    let kind = serde_json::to_value(claim.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let mut text = String::new();
    let parties: Vec<String> =
        claim.subject.iter().chain(&claim.object).map(|words| format!("“{}”", escaped(words))).collect();
    let of = if parties.is_empty() { String::new() } else { format!(" of {}", parties.join(" and ")) };
    let verdict = claim.judgement.verdict.name();
    // Writing to a string does not fail.
    let _ = writeln!(text, "**{verdict}** · {} claim{of}\n", kind.unwrap_or_default());
    rests_on(&mut text, &claim.judgement.evidence);
    if let Some(note) = &claim.judgement.note {
        let _ = writeln!(text, "{}\n", escaped(note));
    }
    if let Some(say) = &claim.judgement.say {
        let _ = writeln!(text, "**Write:** {}", escaped(say));
    }
    text.trim_end().to_owned()
}
