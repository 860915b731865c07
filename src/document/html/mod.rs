//! Reading HTML: whole pages, fragments, and the raw HTML inside Markdown.

mod head;
mod reader;
mod tags;

use std::ops::Range;

use crate::prose::Prose;
use crate::source::Span;

use super::{Builder, Comment};

pub(crate) use tags::single_tag;

/// Reads the builder's source.
pub(crate) fn read(builder: &mut Builder) {
    let length = builder.document.source.text().len();
    reader::read(builder, 0..length, false);
}

/// Reads raw HTML that stands in these bytes of a Markdown source.
pub(crate) fn read_fragment(builder: &mut Builder, range: Range<usize>, in_quote: bool) {
    reader::read(builder, range, in_quote);
}

/// Notes the comment that stands in these bytes; anything else is passed over.
pub(crate) fn note_comment(builder: &mut Builder, span: Span, before_block: usize) {
    let text = builder.document.source.slice(span).trim();
    if let Some(inner) = text.strip_prefix("<!--") {
        let text = inner.strip_suffix("-->").unwrap_or(inner).trim().to_owned();
        builder.document.comments.push(Comment { span, text, before_block });
    }
}

/// The prose of an attribute of the tag in these bytes of `text`, which starts at byte `base` of the source.
pub(crate) fn attribute_prose(text: &str, base: usize, tag: &Range<usize>, name: &str) -> Prose {
    let slice = &text[tag.clone()];
    let mut prose = Prose::new();
    if let Some(value) = tags::attribute_range(slice, name) {
        let start = base + tag.start + value.start;
        for (range, decoded) in tags::references(&slice[value.clone()]) {
            let source = Span::from(start + range.start..start + range.end);
            match decoded {
                Some(decoded) => prose.push_decoded(&decoded, source),
                None => prose.push_literal(&slice[value.clone()][range], source.start),
            }
        }
    }
    prose
}

#[cfg(test)]
mod tests {
    use crate::document::{BlockKind, Document, LinkKind};
    use crate::source::{Format, SourceFile};

    fn parse(text: &str) -> Document {
        Document::parse(SourceFile::new("a.html", text, Format::Html))
    }

    fn blocks(text: &str) -> Vec<(BlockKind, String)> {
        parse(text).blocks.iter().map(|b| (b.kind, b.prose.text().to_owned())).collect()
    }

    #[test]
    fn pages_are_read_as_people_see_them() {
        let page = "<!doctype html><html><head><title>Fish &amp; chips</title><style>p{}</style></head><body><nav><a href=/x>Home</a></nav>\
            <h1>One</h1><p>It <b>cure</b>s\n  MS<br>today.</p><ul><li>a<li>b</ul><script>var x='<p>no</p>';</script>\
            <table><tr><th>H<td>C</table><img src=a.png alt='A &lt;pic&gt;'><blockquote><p>Q</p></blockquote></body></html>";
        assert_eq!(
            blocks(page),
            [
                (BlockKind::Title, "Fish & chips".into()),
                (BlockKind::Heading(1), "One".into()),
                (BlockKind::Paragraph, "It cures MS today.".into()),
                (BlockKind::ListItem, "a".into()),
                (BlockKind::ListItem, "b".into()),
                (BlockKind::TableHeader, "H".into()),
                (BlockKind::TableCell, "C".into()),
                (BlockKind::AltText, "A <pic>".into()),
                (BlockKind::Paragraph, "Q".into()),
            ]
        );
        assert!(parse(page).blocks.last().is_some_and(|b| b.in_quote));
    }

    #[test]
    fn hits_map_back_across_tags_and_entities() {
        let text = "<p>It <b>cure</b>s Sj&ouml;gren&rsquo;s for &pound;9</p>";
        let document = parse(text);
        let prose = &document.blocks[0].prose;
        assert_eq!(prose.text(), "It cures Sjögren's for £9");
        let at = prose.text().find("cures").unwrap_or(0);
        assert_eq!(document.source.slice(prose.source_span(at..at + 5)), "cure</b>s");
        let at = prose.text().find("gren").unwrap_or(0);
        assert_eq!(document.source.slice(prose.source_span(at..at + 6)), "gren&rsquo;s");
    }

    #[test]
    fn links_anchors_comments_and_metadata() {
        let document = parse(
            "<head><meta name=author content='A. Lee'><meta property='article:published_time' content='2026-01-02'>\
            <script type='application/ld+json'>{\"author\":{\"name\":\"B\"},\"dateModified\":\"2026-02-03\"}</script></head>\
            <h2 id=risks>Risks</h2><!-- note --><p>See <a href='x.html?a=1&amp;b=2'>the <i>list</i></a>.</p>",
        );
        assert_eq!(document.anchors, ["risks"]);
        assert_eq!(document.comments[0].text, "note");
        assert_eq!(document.comments[0].before_block, 1);
        let link = &document.links[0];
        assert_eq!(
            (link.kind, link.destination.as_str(), link.text.as_str()),
            (LinkKind::Anchor, "x.html?a=1&b=2", "the list")
        );
        assert_eq!(link.block, Some(1));
        let keys: Vec<_> = document.metadata.entries.iter().map(|e| (e.key.as_str(), e.value.as_str())).collect();
        assert!(keys.contains(&("author", "A. Lee")) && keys.contains(&("article:published_time", "2026-01-02")));
        assert!(keys.contains(&("author.name", "B")) && keys.contains(&("datemodified", "2026-02-03")), "{keys:?}");
    }

    #[test]
    fn soup_is_read_and_ends() {
        for soup in [
            "<p><b>unclosed <i>tags",
            "</p></b>x</div>",
            "<a href='",
            "<script>never closed",
            "<!-- open",
            "&#xZZ; &nosuch; &",
        ] {
            parse(soup);
        }
        let deep = format!("{}x{}", "<div>".repeat(10_000), "</div>".repeat(10_000));
        assert_eq!(blocks(&deep).len(), 1);
    }
}
