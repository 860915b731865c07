//! A finding in the margin.

use std::fmt::{self, Write};

use crate::finding::{Applicability, Evidence, Severity};
use crate::report::{Article, Row};

use super::escape::{Address, Advice, Text, icon};

/// The letter of a severity: in classes, and as the name of its picture.
pub(super) fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "e",
        Severity::Warning => "w",
        Severity::Info => "o",
    }
}

/// Writes row number `at` (from 0) of article number `number`.
pub(super) fn write(out: &mut String, number: usize, at: usize, row: &Row, article: Option<&Article>) -> fmt::Result {
    let (finding, class) = (at + 1, class(row.severity));
    let (pack, _) = row.rule.split_once('/').unwrap_or((&row.rule, ""));
    write!(out, "<li class=\"note {class}\" id=\"a{number}-f{finding}\" data-p=\"{}\" tabindex=\"-1\">", Text(pack))?;
    write!(
        out,
        "<p class=\"what\"><a class=\"n\" href=\"#a{number}-m{finding}\" aria-label=\"Finding {finding}: to its words\">{finding}</a> "
    )?;
    icon(out, class)?;
    write!(out, "<b>{}</b> <span class=\"rule\">{}</span></p>", name(row.severity), Text(&row.rule))?;
    write!(out, "<p class=\"msg\">{}</p>", Text(&row.message))?;
    out.push_str("<div class=\"more\">");
    if let Some(help) = &row.help {
        write!(out, "<p class=\"help\">{}</p>", Advice(help))?;
    }
    if let Some(fix) = &row.fix {
        let how = if fix.applicability == Applicability::Safe { "Write" } else { "Perhaps write" };
        write!(out, "<p class=\"help\">{how} <q>{}</q></p>", Text(&fix.replacement))?;
    }
    evidence(out, &row.evidence)?;
    if let Some(article) = article {
        related(out, number, row, article)?;
    }
    write!(
        out,
        "<p class=\"why\"><a href=\"#{code}\" data-why=\"{code}\">Why, and sources</a> <span class=\"code\">{code}</span></p>",
        code = Text(&row.code)
    )?;
    out.push_str("</div></li>\n");
    Ok(())
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    }
}

/// Writes what a finding or verdict rests on.
pub(super) fn evidence(out: &mut String, evidence: &[Evidence]) -> fmt::Result {
    if evidence.is_empty() {
        return Ok(());
    }
    out.push_str("<ul class=\"evidence\">");
    for one in evidence {
        write!(out, "<li>{}", Text(&one.detail))?;
        out.push_str(if one.detail.is_empty() { "<cite>" } else { " <cite>" });
        match &one.url {
            Some(url) => write!(out, "{}", Address { url, text: &one.source })?,
            None => write!(out, "{}", Text(&one.source))?,
        }
        if let Some(date) = &one.date {
            write!(out, ", <time>{}</time>", Text(date))?;
        }
        out.push_str("</cite></li>");
    }
    out.push_str("</ul>");
    Ok(())
}

/// Other places that belong to the finding.
fn related(out: &mut String, number: usize, row: &Row, article: &Article) -> fmt::Result {
    for (start, end, text) in &row.related {
        let piece = article.pieces.partition_point(|piece| piece.span.end <= start.offset);
        let words = article.text.get(start.offset as usize..end.offset as usize).unwrap_or_default();
        write!(out, "<p class=\"related\"><a href=\"#a{number}-p{piece}\">line {}</a>", start.line)?;
        if (1..=60).contains(&words.len()) {
            write!(out, " <q>{}</q>", Text(words))?;
        }
        write!(out, ": {}</p>", Text(text))?;
    }
    Ok(())
}
