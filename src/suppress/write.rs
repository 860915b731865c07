//! Comments written into a draft, so that what was found in it is accepted.
//!
//! Where a comment works depends on what stands around it. Instead of knowing that for every format and every kind of
//! block, places are tried: a comment stays where it changes nothing that a reader sees and accepts what it is meant to.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Block, BlockKind, Document};
use crate::finding::{Finding, RuleId, Severity};
use crate::source::{Format, SourceFile, Span};

use super::apply;

/// A finding that is to be accepted: its rule, and where it stands.
pub type Meant = (RuleId, Span);

/// A draft with comments in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The new text.
    pub text: String,
    /// How many findings its new comments accept.
    pub accepted: usize,
    /// How many no comment can accept.
    pub left: usize,
}

/// Whether a reason can stand in a comment: on one line, without the end of the comment in it.
pub fn is_reason(reason: &str) -> bool {
    !reason.trim().is_empty() && !reason.contains("--") && !reason.contains(char::is_control)
}

/// Writes comments with this reason for findings of a draft: one for each block, before it or in it, and one for the whole
/// file where nothing else works.
pub fn accept(source: &SourceFile, findings: &[Meant], reason: &str) -> Written {
    let document = Document::parse(source.clone());
    let mut draft = Draft { source: source.clone(), seen: seen(&document), reason: reason.trim() };
    let can_be = |(rule, _): &&Meant| rule.pack() != "suppress";
    let mut groups: BTreeMap<Option<usize>, Vec<&Meant>> = BTreeMap::new();
    for meant in findings.iter().filter(can_be) {
        groups.entry(block_of(&document, meant.1)).or_default().push(meant);
    }
    let mut of_file: Vec<&Meant> = groups.remove(&None).unwrap_or_default();
    let (mut accepted, mut blocks) = (0, Vec::new());
    for (at, meant) in groups {
        blocks.extend(at.and_then(|at| document.blocks.get(at)).map(|block| (block, meant)));
    }
    // From the end on, so that places before stay where they are.
    blocks.sort_by_key(|(block, _)| std::cmp::Reverse(own_end(block)));
    for (block, meant) in blocks {
        if draft.accept_in(block, &meant) {
            accepted += meant.len();
        } else {
            of_file.extend(meant);
        }
    }
    if !of_file.is_empty() && draft.accept_everywhere(&document, &of_file) {
        accepted += of_file.len();
    }
    Written { text: draft.source.text().to_owned(), accepted, left: findings.len() - accepted }
}

/// The smallest block that holds a finding; none for findings about the whole draft or its metadata.
fn block_of(document: &Document, span: Span) -> Option<usize> {
    let in_metadata = document.metadata.span.is_some_and(|metadata| metadata.overlaps(span));
    if span.is_empty() || in_metadata {
        return None;
    }
    let holding = document.blocks.iter().enumerate().filter(|(_, block)| block.span.overlaps(span));
    holding.min_by_key(|(_, block)| (!block.span.contains(span), block.span.len())).map(|(at, _)| at)
}

/// What a reader sees of a draft: no comment may change it.
pub(crate) type Seen = Vec<(BlockKind, String)>;

/// What a reader sees of a draft.
pub(crate) fn seen(document: &Document) -> Seen {
    document.blocks.iter().map(|block| (block.kind, block.prose.text().trim().to_owned())).collect()
}

/// Behind the last byte of a block's own text: the blocks in it may follow.
fn own_end(block: &Block) -> usize {
    block.prose.source_span(0..block.prose.text().len()).end as usize
}

/// A draft with a comment put in before a byte, and what is then left to be said of these findings and of comments. `None`
/// where a reader would see a difference.
pub(crate) fn tried(
    source: &SourceFile,
    unchanged: &Seen,
    at: usize,
    comment: &str,
    meant: &[&Meant],
) -> Option<(SourceFile, Vec<Finding>)> {
    let (before, behind) = source.text().split_at_checked(at)?;
    let text = [before, comment, behind].concat();
    let document = Document::parse(SourceFile::new(source.name(), text, source.format()));
    if seen(&document) != *unchanged {
        return None;
    }
    let moved = |place: u32| place + comment.len() as u32;
    let findings = meant.iter().map(|(rule, span)| {
        let start = if span.start as usize >= at { moved(span.start) } else { span.start };
        // An end at which the comment was put stays where it was.
        let end = if span.end as usize > at { moved(span.end) } else { span.end };
        Finding::new("", rule.clone(), Severity::Error, "", Span::new(start, end.max(start)))
    });
    let left = apply(&document, findings.collect(), &|_| true, &[]);
    Some((document.source, left))
}

/// A draft on its way.
struct Draft<'a> {
    source: SourceFile,
    /// What must not change.
    seen: Seen,
    reason: &'a str,
}

impl Draft<'_> {
    /// The comment that accepts these findings.
    fn comment(&self, word: &str, meant: &[&Meant]) -> String {
        let names: BTreeSet<&str> = meant.iter().map(|(rule, _)| rule.rule()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        format!("<!-- caveat-{word} {}: {} -->", names.join(", "), self.reason)
    }

    fn line_end(&self) -> &'static str {
        if self.source.text().contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Tries the line before a block, the end of its last own line, and the end of its own words.
    fn accept_in(&mut self, block: &Block, meant: &[&Meant]) -> bool {
        let comment = self.comment("ignore", meant);
        let start = block.span.start as usize;
        let line_start = self.source.text()[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent = self.source.text()[line_start..start].to_owned();
        let stands_alone = indent.chars().all(|c| c == ' ' || c == '\t') && !block.in_quote;
        let is_item = matches!(block.kind, BlockKind::ListItem | BlockKind::TableCell | BlockKind::TableHeader);
        let end = own_end(block);
        let rest = &self.source.text()[end..];
        let line_end = end + rest.find(['\r', '\n']).unwrap_or(rest.len());
        let before = format!("{indent}{comment}{}", self.line_end());
        let behind = format!(" {comment}");
        (stands_alone && !is_item && self.insert(line_start, &before, meant))
            || self.insert(line_end, &behind, meant)
            || self.insert(end, &behind, meant)
            || (self.source.format() == Format::Html && self.insert(start, &comment, meant))
            || (stands_alone && self.insert(line_start, &before, meant))
    }

    /// Tries the place behind the front matter, or the end of a page.
    fn accept_everywhere(&mut self, document: &Document, meant: &[&Meant]) -> bool {
        let comment = self.comment("ignore-file", meant);
        let line_end = self.line_end();
        if self.source.format() == Format::Html {
            let between = if self.source.text().ends_with('\n') { "" } else { line_end };
            return self.insert(self.source.text().len(), &format!("{between}{comment}{line_end}"), meant);
        }
        let mark = if self.source.text().starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let metadata = document.metadata.span.map_or(0, |span| span.end as usize);
        let rest = &self.source.text()[metadata..];
        let next_line = metadata + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let at = match metadata {
            0 => mark,
            _ if self.source.text()[..metadata].ends_with('\n') => metadata,
            _ => next_line,
        };
        // A blank line behind it: what follows may be anything.
        let has_blank = self.source.text()[at..].starts_with(['\r', '\n']);
        (has_blank && self.insert(at, &format!("{comment}{line_end}"), meant))
            || self.insert(at, &format!("{comment}{line_end}{line_end}"), meant)
            || self.insert(at, &format!("{line_end}{comment}{line_end}{line_end}"), meant)
    }

    /// Puts a comment in, if it then accepts these findings and changes nothing else.
    fn insert(&mut self, at: usize, comment: &str, meant: &[&Meant]) -> bool {
        let Some((source, left)) = tried(&self.source, &self.seen, at, comment, meant) else { return false };
        let is_meant = |finding: &Finding| meant.iter().any(|(rule, _)| *rule == finding.rule);
        let works = !left.iter().any(is_meant);
        if works {
            self.source = source;
        }
        works
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn rule() -> RuleId {
        RuleId::new("cure", "cure-claim")
    }

    fn accepted(format: Format, text: &str, words: &[&str]) -> Written {
        let place = |word: &&str| text.find(word).map_or(Span::at(0), |at| Span::from(at..at + word.len()));
        let meant: Vec<Meant> = words.iter().map(|word| (rule(), place(word))).collect();
        accept(&SourceFile::new("a", text, format), &meant, "old")
    }

    fn markdown(text: &str, words: &[&str]) -> String {
        let written = accepted(Format::Markdown, text, words);
        assert_eq!((written.accepted, written.left), (words.len(), 0), "{}", written.text);
        written.text
    }

    #[test]
    fn each_block_gets_its_comment_where_it_works() {
        let draft = "---\ntitle: It cures\n---\n\n# Tea\n\nOne cures\n*more*.\n\n> It heals\n> all.\n\n- Item helps\n  - deep mends\n\n1. First saves\n2. second\n\n| a | b |\n|---|---|\n| x | ends it |\n\n## Head works ##\n";
        let words = ["cures\n", "One", "heals", "helps", "mends", "saves", "ends it", "works"];
        let all = markdown(draft, &words);
        let comment = "<!-- caveat-ignore cure-claim: old -->";
        for line in [
            &format!("{comment}\nOne cures\n"),
            &format!("> It heals\n> all. {comment}\n"),
            &format!("- Item helps {comment}\n"),
            &format!("  - deep mends {comment}\n"),
            &format!("1. First saves {comment}\n"),
            &format!("| x | ends it {comment} |\n"),
            &format!("{comment}\n## Head works ##\n"),
        ] {
            assert!(all.contains(line), "{line}\n{all}");
        }
        assert_eq!(all.matches("<!--").count(), 8);
    }

    #[test]
    fn what_is_about_the_whole_is_accepted_at_the_top() {
        assert_eq!(
            markdown("---\ntitle: Tea cures\n---\n# Tea\n", &["title"]),
            "---\ntitle: Tea cures\n---\n<!-- caveat-ignore-file cure-claim: old -->\n\n# Tea\n"
        );
        assert_eq!(
            markdown("\u{FEFF}# Tea\r\n", &["not there"]),
            "\u{FEFF}<!-- caveat-ignore-file cure-claim: old -->\r\n\r\n# Tea\r\n"
        );
        let page = accepted(Format::Html, "<!DOCTYPE html>\n<ul><li>It cures</li></ul>", &["cures", "not there"]);
        assert_eq!((page.accepted, page.left), (2, 0), "{}", page.text);
        let of_item = "<!DOCTYPE html>\n<ul><li><!-- caveat-ignore cure-claim: old -->It cures</li></ul>\n";
        assert_eq!(page.text, of_item.to_owned() + "<!-- caveat-ignore-file cure-claim: old -->\n");
    }

    #[test]
    fn where_there_are_no_comments_it_is_left() {
        let written = accepted(Format::Text, "It cures.\n", &["cures"]);
        assert_eq!((written.accepted, written.left, written.text.as_str()), (0, 1, "It cures.\n"));
        assert!(is_reason("seen by Dana") && !is_reason(" ") && !is_reason("a --> b") && !is_reason("a\nb"));
    }

    proptest! {
        /// A reader sees the same, and only comments are new.
        #[test]
        fn a_reader_sees_no_difference(text in "([a-z]{1,4}[ .*_`]{0,2}|\n|\n\n|- |> |# |\\| |1\\. |    |<p>|</p>|---\n){0,24}", at in 0u32..60, len in 0u32..9) {
            let span = Span::new(at.min(text.len() as u32), (at + len).min(text.len() as u32));
            for format in [Format::Markdown, Format::Html] {
                let source = SourceFile::new("a", text.as_str(), format);
                let written = accept(&source, &[(rule(), span)], "old");
                let after = Document::parse(SourceFile::new("a", written.text.as_str(), format));
                prop_assert_eq!(seen(&after), seen(&Document::parse(source)));
                prop_assert_eq!(written.accepted + written.left, 1);
                prop_assert_eq!(written.text.len() > text.len(), written.accepted == 1);
            }
        }
    }
}
