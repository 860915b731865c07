//! Where a comment goes that accepts a finding.
//!
//! Texts are nested in too many ways for one answer: of the places that people would choose, the first is taken at which
//! the comment is read as one, accepts the finding and leaves the text as it was.

use crate::document::{Block, BlockKind, Document};
use crate::finding::RuleId;
use crate::lsp::diagnostics::span;
use crate::report::Row;
use crate::source::Format;
use crate::suppress::write::{Seen, seen, tried};

/// A comment to be put into a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Insertion {
    /// The byte before which it goes.
    pub(super) at: u32,
    /// What goes there.
    pub(super) text: String,
    /// Where in it the writer's reason goes, in bytes.
    pub(super) reason: u32,
    /// Whether it accepts the rule's findings in the whole file.
    pub(super) whole_file: bool,
}

/// The comment that accepts this finding; `None` where no place for one works.
pub(super) fn insertion(document: &Document, row: &Row) -> Option<Insertion> {
    let seen = seen(document);
    candidates(document, row).into_iter().find(|candidate| works(document, &seen, row, candidate))
}

/// The places to try, the best one first.
fn candidates(document: &Document, row: &Row) -> Vec<Insertion> {
    let text = document.source.text();
    let format = document.source.format();
    let words = span(row);
    let in_metadata = document.metadata.span.is_some_and(|metadata| metadata.contains(words));
    let holds =
        |block: &&Block| block.span.start <= words.start && words.end <= block.span.end && !block.span.is_empty();
    let block = document.blocks.iter().filter(holds).min_by_key(|block| block.span.len());
    let mut places = Vec::new();
    if let Some(block) = block.filter(|_| format == Format::Html || !in_metadata) {
        let start = block.span.start as usize;
        let line = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let indent = &text[line..start];
        let is_plain = matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_));
        let has_own_line = match format {
            Format::Markdown => indent.is_empty() && is_plain && !block.in_quote,
            _ => indent.trim().is_empty(),
        };
        if has_own_line {
            places.push(comment(row, start, "ignore", "", &format!("{}{indent}", line_end(text))));
        }
        let end = start + document.source.slice(block.span).trim_end().len();
        match format {
            Format::Markdown => places.push(comment(row, end, "ignore", " ", "")),
            _ => places.push(comment(row, start, "ignore", "", "")),
        }
    }
    let head = document.metadata.span.filter(|_| format == Format::Markdown).map_or(0, |head| head.end as usize);
    let rest = &text[head..];
    let body = head + (rest.len() - rest.trim_start_matches(['\n', '\r']).len());
    let first_byte = if body == 0 && text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { body };
    let end = line_end(text);
    places.push(comment(row, first_byte, "ignore-file", "", &format!("{end}{end}")));
    places
}

/// How the text ends its lines.
fn line_end(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        _ => "\n",
    }
}

fn comment(row: &Row, at: usize, word: &str, before: &str, behind: &str) -> Insertion {
    let name = row.rule.split_once('/').map_or(row.rule.as_str(), |(_, rule)| rule);
    let opening = format!("{before}<!-- caveat-{word} {name}: ");
    Insertion {
        at: at as u32,
        reason: opening.len() as u32,
        text: format!("{opening} -->{behind}"),
        whole_file: word == "ignore-file",
    }
}

/// Whether the comment, with a reason in it, accepts the finding, and nothing else about the text has changed.
fn works(document: &Document, seen: &Seen, row: &Row, insertion: &Insertion) -> bool {
    let (opening, closing) = insertion.text.split_at(insertion.reason as usize);
    let (pack, rule) = row.rule.split_once('/').unwrap_or(("", &row.rule));
    let meant = (RuleId::new(pack, rule), span(row));
    let tried = tried(&document.source, seen, insertion.at as usize, &format!("{opening}why{closing}"), &[&meant]);
    // Other comments may accept nothing here, since only this finding is looked at.
    tried.is_some_and(|(_, left)| left.iter().all(|left| left.rule.as_str() == "suppress/unused"))
}
