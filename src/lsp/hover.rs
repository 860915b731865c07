//! What a finding says when somebody looks closer: why, by which sources, on what evidence, and what to write.

use std::fmt::Write;

use crate::finding::Evidence;
use crate::report::Row;
use crate::report::pages::escaped;
use crate::rules::Page;

/// A finding explained, in Markdown. `page` is its rule's, where there is one.
pub fn finding_hover(row: &Row, page: Option<&Page>) -> String {
    let mut text = format!("**{}**\n\n", escaped(&row.message));
    // Writing to a string does not fail.
    let _ = writeln!(text, "`{}` {} · {}\n", row.code, row.rule, row.severity);
    if let Some(page) = page {
        let _ = writeln!(text, "{}\n", escaped(&page.why));
    }
    if let Some(help) = row.help.as_deref().or(page.map(|page| page.help.as_str())) {
        let _ = writeln!(text, "**Write:** {}\n", escaped(help));
    }
    rests_on(&mut text, &row.evidence);
    let sources = page.map(|page| page.sources.as_slice()).unwrap_or_default();
    if !sources.is_empty() {
        text.push_str("Sources:\n\n");
    }
    for source in sources {
        let _ = writeln!(text, "- [{}](<{}>)", escaped(&source.title), source.url);
    }
    text.trim_end().to_owned()
}

/// Facts, fields and answers with their days and addresses.
pub(super) fn rests_on(text: &mut String, evidence: &[Evidence]) {
    if evidence.is_empty() {
        return;
    }
    text.push_str("Rests on:\n\n");
    for one in evidence {
        let source = match &one.url {
            Some(url) => format!("[{}](<{url}>)", escaped(&one.source)),
            None => escaped(&one.source),
        };
        let date = one.date.iter().map(|date| format!(", {date}")).collect::<String>();
        let field = one.field.iter().map(|field| format!(", `{field}`")).collect::<String>();
        let _ = writeln!(text, "- {} ({source}{date}{field})", escaped(&one.detail));
    }
    text.push('\n');
}
