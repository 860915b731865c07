//! Reading Markdown: CommonMark with tables, footnotes, strikethrough, task lists, alerts and front matter.

use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CowStr, Event, HeadingLevel, LinkType, MetadataBlockKind, Options, Parser, Tag, TagEnd,
};

use crate::prose::Prose;
use crate::source::Span;

use super::front_matter::{self, Notation};
use super::slug::Slugs;
use super::{BlockKind, Builder, Link, LinkKind, autolink, html, references};

/// Reads the builder's source.
pub(crate) fn read(builder: &mut Builder) {
    let source = builder.document.source.clone();
    let base = if source.text().starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let text = &source.text()[base..];
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_GFM;
    let mut reader = Reader {
        builder,
        text,
        base,
        open: None,
        quotes: 0,
        kinds: Vec::new(),
        lead_ins: Vec::new(),
        links: Vec::new(),
        first_link: 0,
        alternatives: Vec::new(),
        slugs: Slugs::default(),
        heading_id: None,
        heading: String::new(),
        silent: 0,
        notation: None,
        html: None,
    };
    let mut undefined = Vec::new();
    let mut note = |link: BrokenLink<'_>| {
        undefined.push((link.span, link.link_type));
        None
    };
    for (event, range) in Parser::new_with_broken_link_callback(text, options, Some(&mut note)).into_offset_iter() {
        reader.event(event, range);
    }
    reader.flush();
    references::note_undefined(builder, text, base, undefined);
    if builder.document.metadata.span.is_none() {
        front_matter::find_unclosed(builder, text, base);
    }
}

/// A block being read.
struct Open {
    kind: BlockKind,
    prose: Prose,
    span: Span,
}

/// A link or picture whose end has not come yet.
struct OpenLink {
    kind: LinkKind,
    destination: String,
    start: usize,
    /// Where its text starts in the block's prose; for a picture, in its own.
    text_start: usize,
    /// The text that stands for a picture.
    alternative: Option<Prose>,
}

struct Reader<'a, 'b> {
    builder: &'b mut Builder,
    text: &'a str,
    base: usize,
    open: Option<Open>,
    quotes: usize,
    /// What bare text in the innermost container is: list item, footnote, cell.
    kinds: Vec<BlockKind>,
    lead_ins: Vec<Option<usize>>,
    links: Vec<OpenLink>,
    /// The first link of the block being read.
    first_link: usize,
    /// Texts that stand for pictures of the block being read.
    alternatives: Vec<(Prose, Span)>,
    slugs: Slugs,
    heading_id: Option<String>,
    /// The text of the heading being read, with the code that prose leaves out.
    heading: String,
    /// Inside code.
    silent: usize,
    notation: Option<Notation>,
    /// Raw HTML lines being gathered.
    html: Option<Range<usize>>,
}

impl Reader<'_, '_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::from(self.base + range.start..self.base + range.end)
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.notation.is_none() && self.silent == 0 => {
                self.note_heading(&text);
                self.push_text(&text, &range);
            }
            Event::Text(_) => {}
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.note_heading(&text);
                self.push_decoded(" ", &range);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.note_heading(" ");
                self.push_decoded(" ", &range);
            }
            Event::Html(_) => match &mut self.html {
                Some(gathered) => gathered.end = range.end.max(gathered.end),
                None => self.html = Some(range),
            },
            Event::InlineHtml(_) => self.inline_html(range),
            Event::FootnoteReference(label) => {
                let span = self.span(&range);
                self.push_link(LinkKind::Footnote, label.into_string(), span, String::new());
            }
            Event::TaskListMarker(_) => {}
            Event::Rule => self.flush(),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.flush();
                let kind = self.kinds.last().copied().unwrap_or(BlockKind::Paragraph);
                self.begin(kind, &range);
            }
            Tag::Heading { level, id, .. } => {
                self.flush();
                self.heading_id = id.map(CowStr::into_string);
                self.heading.clear();
                self.begin(BlockKind::Heading(level_number(level)), &range);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.silent += 1;
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(range.start..range.start);
            }
            Tag::List(_) => {
                self.flush();
                let lead_in = self.builder.document.blocks.len().checked_sub(1).filter(|&last| self.may_lead_in(last));
                self.lead_ins.push(lead_in);
            }
            Tag::Item => {
                self.flush();
                self.kinds.push(BlockKind::ListItem);
            }
            Tag::FootnoteDefinition(_) => {
                self.flush();
                self.kinds.push(BlockKind::Footnote);
            }
            Tag::TableHead => self.kinds.push(BlockKind::TableHeader),
            Tag::TableRow => self.kinds.push(BlockKind::TableCell),
            Tag::TableCell => {
                self.flush();
                let kind = self.kinds.last().copied().unwrap_or(BlockKind::TableCell);
                self.begin(kind, &range);
            }
            Tag::Link { link_type, dest_url, .. } => {
                let auto = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let destination = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}"),
                    _ => dest_url.into_string(),
                };
                self.open_link(if auto { LinkKind::Auto } else { LinkKind::Anchor }, destination, range.start, None);
            }
            Tag::Image { dest_url, .. } => {
                self.open_link(LinkKind::Image, dest_url.into_string(), range.start, Some(Prose::new()));
            }
            Tag::MetadataBlock(kind) => {
                self.notation = Some(match kind {
                    MetadataBlockKind::YamlStyle => Notation::Yaml,
                    MetadataBlockKind::PlusesStyle => Notation::Toml,
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::TableCell => self.flush(),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.silent = self.silent.saturating_sub(1),
            TagEnd::HtmlBlock => {
                if let Some(gathered) = self.html.take() {
                    html::read_fragment(
                        self.builder,
                        self.base + gathered.start..self.base + gathered.end,
                        self.quotes > 0,
                    );
                }
            }
            TagEnd::List(_) => {
                self.flush();
                self.lead_ins.pop();
            }
            TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.flush();
                self.kinds.pop();
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.kinds.pop();
            }
            TagEnd::Link | TagEnd::Image => self.close_link(range.end),
            TagEnd::MetadataBlock(_) => {
                if let Some(notation) = self.notation.take() {
                    front_matter::read(self.builder, self.base + range.start..self.base + range.end, notation);
                }
            }
            _ => {}
        }
    }

    /// A paragraph or list item right before a list introduces it.
    fn may_lead_in(&self, block: usize) -> bool {
        let block = &self.builder.document.blocks[block];
        matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem)
            && block.section + 1 == self.builder.document.sections.len()
    }

    fn begin(&mut self, kind: BlockKind, range: &Range<usize>) {
        let span = self.span(range);
        self.open = Some(Open { kind, prose: Prose::new(), span });
        self.first_link = self.builder.document.links.len();
    }

    /// The prose that text goes to now: a picture's, or the block's, which is begun if need be.
    fn prose(&mut self, range: &Range<usize>) -> &mut Prose {
        if self.open.is_none() {
            let kind = self.kinds.last().copied().unwrap_or(BlockKind::Paragraph);
            self.begin(kind, range);
        }
        let span = self.span(range);
        let block = self.open.get_or_insert_with(|| Open { kind: BlockKind::Paragraph, prose: Prose::new(), span });
        block.span = block.span.cover(span);
        match self.links.iter_mut().rev().find_map(|link| link.alternative.as_mut()) {
            Some(alternative) => alternative,
            None => &mut block.prose,
        }
    }

    fn push_text(&mut self, text: &str, range: &Range<usize>) {
        let literal = self.text.get(range.clone()) == Some(text);
        let span = if literal { self.span(range) } else { self.span(&self.tight(range)) };
        let prose = self.prose(range);
        if literal {
            prose.push_literal(text, span.start);
        } else {
            prose.push_decoded(text, span);
        }
    }

    /// An event for a character reference may cover the markers behind it, too; only the reference says the text.
    fn tight(&self, range: &Range<usize>) -> Range<usize> {
        let slice = &self.text[range.clone()];
        match slice.find(';') {
            Some(end) if slice.starts_with('&') => range.start..range.start + end + 1,
            _ => range.clone(),
        }
    }

    fn push_decoded(&mut self, text: &str, range: &Range<usize>) {
        let span = self.span(range);
        self.prose(range).push_decoded(text, span);
    }

    /// Tags inside a line leave no trace but `<br>`; links, pictures, anchors and comments are noted.
    fn inline_html(&mut self, range: Range<usize>) {
        let Some(tag) = html::single_tag(&self.text[range.clone()]) else {
            let before_block = self.builder.document.blocks.len() + usize::from(self.open.is_some());
            let span = self.span(&range);
            // A comment at the end of an item is in the item.
            if let Some(block) = &mut self.open {
                block.span = block.span.cover(span);
            }
            html::note_comment(self.builder, span, before_block);
            return;
        };
        for name in ["id", "name"] {
            if let Some(id) = tag.attribute(name) {
                self.builder.document.anchors.push(id.to_owned());
            }
        }
        match (tag.name.as_str(), tag.closing) {
            ("br" | "hr", _) => self.push_decoded(" ", &range),
            ("script" | "style", closing) => {
                self.silent = if closing { self.silent.saturating_sub(1) } else { self.silent + 1 };
            }
            ("a", false) => {
                if let Some(destination) = tag.attribute("href") {
                    self.open_link(LinkKind::Anchor, destination.to_owned(), range.start, None);
                }
            }
            ("a", true) if self.links.last().is_some_and(|link| link.kind == LinkKind::Anchor) => {
                self.close_link(range.end)
            }
            ("img", _) => {
                let span = self.span(&range);
                if let Some(destination) = tag.attribute("src") {
                    self.push_link(LinkKind::Image, destination.to_owned(), span, String::new());
                }
                if tag.attribute("alt").is_some() {
                    self.alternatives.push((html::attribute_prose(self.text, self.base, &range, "alt"), span));
                }
            }
            _ => {}
        }
    }

    fn open_link(&mut self, kind: LinkKind, destination: String, start: usize, alternative: Option<Prose>) {
        let text_start = self.open.as_ref().map_or(0, |block| block.prose.text().len());
        self.links.push(OpenLink { kind, destination, start, text_start, alternative });
    }

    fn close_link(&mut self, end: usize) {
        let Some(link) = self.links.pop() else { return };
        let span = self.span(&(link.start..end));
        let text = match &link.alternative {
            Some(alternative) => alternative.text().to_owned(),
            None => self.open.as_ref().and_then(|b| b.prose.text().get(link.text_start..)).unwrap_or("").to_owned(),
        };
        self.push_link(link.kind, link.destination, span, text);
        if let Some(alternative) = link.alternative {
            self.alternatives.push((alternative, span));
        }
    }

    fn push_link(&mut self, kind: LinkKind, destination: String, span: Span, text: String) {
        let source = self.builder.document.source.slice(span);
        let destination_span = match source.rfind(&destination) {
            Some(at) if !destination.is_empty() => {
                let start = span.start + at as u32;
                Span::new(start, start + destination.len() as u32)
            }
            _ => span,
        };
        self.builder.document.links.push(Link { kind, destination, span, destination_span, text, block: None });
    }

    fn end_heading(&mut self) {
        if self.open.is_some() {
            let anchor = self.heading_id.take().unwrap_or_else(|| self.slugs.next(self.heading.trim()));
            self.builder.document.anchors.push(anchor);
        }
        self.flush();
    }

    /// Gathers what the heading being read says; the text that stands for a picture is no part of it.
    fn note_heading(&mut self, text: &str) {
        let in_heading = self.open.as_ref().is_some_and(|block| block.kind.is_heading());
        if in_heading && !self.links.iter().any(|link| link.alternative.is_some()) {
            self.heading.push_str(text);
        }
    }

    /// Ends the block being read.
    fn flush(&mut self) {
        let Some(block) = self.open.take() else { return };
        let known = self.first_link.min(self.builder.document.links.len());
        let index = self.builder.push_block(block.kind, block.prose, block.span, self.quotes > 0);
        if let Some(index) = index {
            if block.kind == BlockKind::ListItem {
                self.builder.document.blocks[index].lead_in = self.lead_ins.last().copied().flatten();
            }
            for link in &mut self.builder.document.links[known..] {
                link.block = Some(index);
            }
            autolink::find(self.builder, index, known);
            references::note_lost_footnotes(self.builder, index);
        }
        for (prose, span) in std::mem::take(&mut self.alternatives) {
            self.builder.push_block(BlockKind::AltText, prose, span, self.quotes > 0);
        }
        self.first_link = self.builder.document.links.len();
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests;
