//! What GitHub's Markdown adds, and what each notation becomes.

use crate::document::{BlockKind, Document, LinkKind};
use crate::source::{Format, SourceFile};

fn document(text: &str) -> Document {
    Document::parse(SourceFile::new("a.md", text, Format::Markdown))
}

fn blocks(text: &str) -> Vec<(BlockKind, String)> {
    document(text).blocks.iter().map(|b| (b.kind, b.prose.text().to_owned())).collect()
}

fn links(text: &str) -> Vec<(LinkKind, String)> {
    document(text).links.into_iter().map(|link| (link.kind, link.destination)).collect()
}

fn block(kind: BlockKind, text: &str) -> (BlockKind, String) {
    (kind, text.to_owned())
}

#[test]
fn alerts_are_quotations_without_their_mark() {
    let document = document("> [!WARNING]\n> Mint cures *nothing*.\n\nPlain.\n");
    let told: Vec<_> = document.blocks.iter().map(|b| (b.prose.text(), b.in_quote)).collect();
    assert_eq!(told, [("Mint cures nothing.", true), ("Plain.", false)]);
}

#[test]
fn tasks_are_list_items_without_their_boxes() {
    let items = [block(BlockKind::ListItem, "Ask a nurse"), block(BlockKind::ListItem, "Read the leaflet")];
    assert_eq!(blocks("- [ ] Ask a nurse\n- [x] Read the leaflet\n"), items);
}

#[test]
fn each_cell_of_a_table_is_a_block() {
    let table = "| Plant | Use |\n|:--|--:|\n| Mint | ~~tea~~ **only** |\n";
    let expected = [
        block(BlockKind::TableHeader, "Plant"),
        block(BlockKind::TableHeader, "Use"),
        block(BlockKind::TableCell, "Mint"),
        block(BlockKind::TableCell, "tea only"),
    ];
    assert_eq!(blocks(table), expected);
}

#[test]
fn footnotes_are_blocks_and_their_marks_are_links() {
    let text = "It helps.[^a] Some say more.[^b]\n\n[^a]: One trial of 40 people.\n";
    assert_eq!(
        blocks(text),
        [
            block(BlockKind::Paragraph, "It helps. Some say more.[^b]"),
            block(BlockKind::Footnote, "One trial of 40 people.")
        ]
    );
    assert_eq!(links(text), [(LinkKind::Footnote, "a".to_owned())]);
    let document = document(text);
    assert_eq!(document.problems.len(), 1);
    assert_eq!(document.source.slice(document.problems[0].span), "[^b]");
    assert!(self::document("Not meant: \\[^c], `[^d]`, x[^].\n").problems.is_empty());
}

#[test]
fn addresses_are_links_with_and_without_brackets() {
    let text = "See https://a.org/x_(y). Or <https://b.org>, www.c.org and <ann@d.org>.\n";
    let mut found: Vec<_> = links(text).into_iter().map(|(kind, to)| (kind == LinkKind::Auto, to)).collect();
    found.sort();
    let expected = ["http://www.c.org", "https://a.org/x_(y)", "https://b.org", "mailto:ann@d.org"];
    assert_eq!(found, expected.map(|to| (true, to.to_owned())));
}

#[test]
fn references_without_a_definition_are_noted() {
    let undefined = |text: &str| -> Vec<String> {
        let document = document(text);
        document.problems.iter().map(|p| document.source.slice(p.span).to_owned()).collect()
    };
    assert_eq!(undefined("See [the trial][t1] and ![a scan][s].\n"), ["[the trial][t1]", "![a scan][s]"]);
    assert!(undefined("See [the trial][t1].\n\n[t1]: https://a.org\n").is_empty());
    assert!(undefined("He [sic] said so [1][2]. `[a][b]`\n\n```\n[a][b]\n```\n").is_empty());
}

#[test]
fn anchors_are_githubs() {
    let text = "# The `TP53` gene & you\n\n## Risks\n\n## Risks\n\n## ![a map](m.png) Where\n\n## Named {#here}\n\nSet\next\n===\n";
    assert_eq!(document(text).anchors, ["the-tp53-gene--you", "risks", "risks-1", "where", "here", "set-ext"]);
}

#[test]
fn code_is_not_read_and_raw_html_is() {
    let text = "Use `cures all` here.\n\n```\ncures all\n```\n\n    cures all\n\n<details><summary>More</summary>\n\nHoney <b>cure</b>s it.\n\n</details>\n";
    let read: Vec<_> = blocks(text).into_iter().map(|(_, text)| text).collect();
    assert_eq!(read, ["Use   here.", "More", "Honey cures it."]);
}

#[test]
fn front_matter_of_both_kinds_is_metadata() {
    for text in [
        "---\ntitle: A \"B\"\nLast-Reviewed: 2026-01-02\n---\n\nText.\n",
        "+++\ntitle = 'A \"B\"'\nlast_reviewed = 2026-01-02\n+++\n\nText.\n",
    ] {
        let document = document(text);
        assert_eq!(document.metadata.get(&["last_reviewed"]).map(|entry| entry.value.as_str()), Some("2026-01-02"));
        assert_eq!(blocks(text)[0], block(BlockKind::Title, "A \"B\""));
    }
}

#[test]
fn front_matter_that_cannot_be_read_is_noted_in_its_line() {
    let document = document("---\ntitle: Fine\nauthor: [a\ndate: x\n---\n\nText.\n");
    assert_eq!(document.problems.len(), 1);
    let problem = &document.problems[0];
    assert!(!problem.message.contains("line ") && document.source.slice(problem.span).contains(':'), "{problem:?}");
    assert_eq!(document.blocks.len(), 1);
}
