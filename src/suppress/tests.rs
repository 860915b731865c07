//! Comments over hand-made documents.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::Block;
use crate::prose::Prose;
use crate::source::{Format, SourceFile};

/// A document whose blocks are the paragraphs between blank lines, with comments wherever they stand.
fn document(text: &str) -> Document {
    let source = SourceFile::new("draft.md", text, Format::Markdown);
    let (mut blocks, mut comments) = (Vec::new(), Vec::new());
    let mut at = 0;
    for paragraph in text.split("\n\n") {
        let span = Span::from(at..at + paragraph.len());
        let mut from = 0;
        while let Some(open) = paragraph[from..].find("<!--").map(|open| open + from) {
            let close = paragraph[open..].find("-->").unwrap() + open + 3;
            comments.push(Comment {
                span: Span::from(at + open..at + close),
                text: paragraph[open + 4..close - 3].trim().to_owned(),
                before_block: blocks.len(),
            });
            from = close;
        }
        if !(paragraph.starts_with("<!--") && paragraph.ends_with("-->")) {
            let kind = if paragraph.starts_with('|') { BlockKind::TableCell } else { BlockKind::Paragraph };
            let prose = Prose::literal(paragraph, at as u32);
            blocks.push(Block { kind, prose, span, section: 0, in_quote: false, lead_in: None });
        }
        at += paragraph.len() + 2;
    }
    let mut document = Document::parse(SourceFile::new("draft.md", "", Format::Markdown));
    (document.source, document.blocks, document.comments) = (source, blocks, comments);
    document
}

const NAMES: [&str; 6] = ["cure", "cure-claim", "cure/cure-claim", "hype", "hype/miracle", "CAV101"];

/// One `cure/cure-claim` for every "cures" and one `hype/miracle` for every "miracle"; what is left after the comments,
/// as `code@words`.
fn left(text: &str) -> Vec<String> {
    let document = document(text);
    let mut findings = Vec::new();
    for (words, code, pack, rule) in
        [("cures", "CAV101", "cure", "cure-claim"), ("miracle", "CAV201", "hype", "miracle")]
    {
        for (at, _) in text.match_indices(words) {
            let id = RuleId::new(pack, rule);
            findings.push(Finding::new(code, id, Severity::Error, words, Span::from(at..at + words.len())));
        }
    }
    let names: Vec<String> = NAMES.map(str::to_owned).to_vec();
    let findings = apply(&document, findings, &|name| NAMES.contains(&name), &names);
    assert!(findings.is_sorted_by_key(|finding| finding.span));
    findings.iter().map(|f| format!("{}@{}", f.code, document.source.slice(f.span))).collect()
}

#[test]
fn a_comment_accepts_for_the_next_block_alone() {
    let text = "<!-- caveat-ignore cure-claim: quoted -->\n\nIt cures, a miracle.\n\nIt cures.";
    assert_eq!(left(text), ["CAV201@miracle", "CAV101@cures"]);
}

#[test]
fn every_kind_of_name_works() {
    for name in ["cure-claim", "cure/cure-claim", "cure", "CAV101", "hype, cure", " cure-claim ,hype/miracle "] {
        let text = format!("<!-- caveat-ignore {name}: quoted -->\n\nIt cures.\n\nmiracle");
        assert!(!left(&text).contains(&"CAV101@cures".to_owned()), "{name}");
    }
}

#[test]
fn inside_a_block_it_means_that_block() {
    let text = "It cures. <!-- caveat-ignore cure: said in irony -->\n\nIt cures.";
    assert_eq!(left(text), ["CAV101@cures"]);
    let document = document(text);
    assert_eq!(document.blocks.len(), 2);
}

#[test]
fn a_table_is_one_block() {
    let text = "<!-- caveat-ignore cure: names of sections -->\n\n| cures |\n\n| cures |\n\nIt cures.";
    assert_eq!(left(text), ["CAV101@cures"]);
}

#[test]
fn a_range_accepts_between_its_ends() {
    let text = "It cures.\n\n<!-- caveat-ignore-start cure, hype: an old advertisement -->\n\ncures\n\nmiracle\n\n\
                <!-- caveat-ignore-end -->\n\nmiracle";
    assert_eq!(left(text), ["CAV101@cures", "CAV201@miracle"]);
}

#[test]
fn an_end_may_name_what_it_ends() {
    let text = "<!-- caveat-ignore-start cure, hype: why -->\n\ncures miracle\n\n<!-- caveat-ignore-end cure -->\n\n\
                cures miracle\n\n<!-- caveat-ignore-end hype -->\n\nmiracle";
    assert_eq!(left(text), ["CAV101@cures", "CAV201@miracle"]);
}

#[test]
fn an_open_range_accepts_nothing_and_is_named() {
    let text = "<!-- caveat-ignore-start cure: why -->\n\nIt cures.";
    assert_eq!(left(text), ["CAV904@cure", "CAV101@cures"]);
}

#[test]
fn an_end_without_a_start_is_named() {
    assert_eq!(left("cures\n\n<!-- caveat-ignore-end -->"), ["CAV101@cures", "CAV904@<!-- caveat-ignore-end -->"]);
    let other = "<!-- caveat-ignore-start cure: why -->\n\ncures\n\n<!-- caveat-ignore-end hype -->\n\n<!-- caveat-ignore-end -->";
    assert_eq!(left(other), ["CAV904@<!-- caveat-ignore-end hype -->"]);
}

#[test]
fn a_file_is_accepted_whole_even_before_the_comment() {
    assert_eq!(left("cures\n\nmiracle\n\n<!-- caveat-ignore-file cure: an archive -->\n\ncures"), ["CAV201@miracle"]);
}

#[test]
fn without_a_reason_nothing_is_accepted() {
    for comment in
        ["<!-- caveat-ignore cure -->", "<!-- caveat-ignore cure: -->", "<!-- caveat-ignore cure because -->"]
    {
        assert_eq!(left(&format!("{comment}\n\nIt cures.")), [format!("CAV901@{comment}"), "CAV101@cures".into()]);
    }
}

#[test]
fn an_unused_name_is_named_alone() {
    assert_eq!(left("<!-- caveat-ignore cure, hype: why -->\n\nIt cures."), ["CAV902@hype"]);
}

#[test]
fn an_unused_name_is_passed_over_when_its_rules_did_not_run() {
    let document = document("<!-- caveat-ignore cure, hype: why -->\n\nNothing.");
    let findings = apply_where(&document, Vec::new(), &|_| true, &[], &|name| name == "cure");
    let about: Vec<&str> = findings.iter().map(|f| document.source.slice(f.span)).collect();
    assert_eq!(about, ["cure"]);
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let text = "<!-- caveat-ignore cure-clam: why -->\n\nIt cures.";
    assert_eq!(left(text), ["CAV903@cure-clam", "CAV101@cures"]);
    let names: Vec<String> = NAMES.map(str::to_owned).to_vec();
    let findings = apply(&document(text), Vec::new(), &|_| false, &names);
    assert_eq!(findings[0].help.as_deref(), Some("Did you mean `cure-claim`?"));
}

#[test]
fn what_is_not_understood_is_named() {
    for comment in
        ["<!-- caveat-ingore cure: x -->", "<!-- caveat-ignore -->", "<!-- caveat-ignore: why -->", "<!-- caveat- -->"]
    {
        assert_eq!(left(&format!("{comment}\n\nIt cures.")), [format!("CAV904@{comment}"), "CAV101@cures".into()]);
    }
}

#[test]
fn other_comments_are_left_alone() {
    assert_eq!(left("<!-- TODO caveat-ignore cure: x -->\n\n<!-- more -->\n\nIt cures."), ["CAV101@cures"]);
}

#[test]
fn findings_between_blocks_are_accepted_up_to_the_next_block() {
    // A comment at the end of the file has no block to speak of.
    assert_eq!(left("It cures.\n\n<!-- caveat-ignore cure: why -->"), ["CAV101@cures", "CAV902@cure"]);
}

proptest::proptest! {
    #[test]
    fn no_comment_is_too_much(words in "(-start|-end|-file|e|)[ :,\\PC]{0,12}(cure|hype|: x|µ|,)*") {
        let text = format!("It cures.\n\n<!-- caveat-ignore{words} -->\n\nIt cures.");
        let left = left(&text);
        assert!(left.iter().filter(|finding| finding.ends_with("@cures")).count() <= 2, "{left:?}");
    }
}
