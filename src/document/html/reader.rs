//! From tags and text to blocks and links.

use std::ops::Range;

use html5gum::Token;

use crate::document::{BlockKind, Builder, Link, LinkKind, autolink};
use crate::prose::Prose;
use crate::source::Span;

use super::tags::{Tag, lossy, range, references, tokens};
use super::{attribute_prose, head, note_comment};

/// Elements whose content nobody reads as the article.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "nav", "code", "pre", "button", "select", "svg", "textarea", "iframe",
    "object", "math", "form",
];
/// Elements inside a line; every other one starts and ends blocks.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "img", "meta", "link", "input", "picture", "source",
];
/// Elements that hold nothing.
const VOID: &[&str] =
    &["img", "br", "hr", "meta", "link", "input", "wbr", "source", "area", "base", "col", "embed", "track"];

/// Reads the HTML in these bytes of the builder's source.
pub(super) fn read(builder: &mut Builder, bytes: Range<usize>, in_quote: bool) {
    let source = builder.document.source.clone();
    let Some(text) = source.text().get(bytes.clone()) else { return };
    let mut reader = Reader {
        builder,
        text,
        base: bytes.start,
        in_quote,
        place: Place::default(),
        open: None,
        link: None,
        first_link: 0,
        alternatives: Vec::new(),
        skip: None,
    };
    for token in tokens(text) {
        reader.token(token);
    }
    reader.flush();
}

/// Where in the page the reader stands.
#[derive(Default)]
struct Place {
    title: bool,
    heading: Option<u8>,
    caption: bool,
    cell: Option<BlockKind>,
    items: usize,
    quotes: usize,
}

impl Place {
    fn kind(&self) -> BlockKind {
        if self.title {
            BlockKind::Title
        } else if let Some(level) = self.heading {
            BlockKind::Heading(level)
        } else if self.caption {
            BlockKind::Caption
        } else if let Some(cell) = self.cell {
            cell
        } else if self.items > 0 {
            BlockKind::ListItem
        } else {
            BlockKind::Paragraph
        }
    }
}

struct OpenLink {
    destination: String,
    start: usize,
    tag: Range<usize>,
    text: String,
}

/// A skipped element: its name, how many of that name are open, and where its content starts.
struct Skip {
    name: String,
    depth: usize,
    is_json: bool,
}

struct Reader<'a, 'b> {
    builder: &'b mut Builder,
    text: &'a str,
    base: usize,
    in_quote: bool,
    place: Place,
    open: Option<(BlockKind, Prose, Span)>,
    link: Option<OpenLink>,
    first_link: usize,
    alternatives: Vec<(Prose, Span)>,
    skip: Option<Skip>,
}

impl Reader<'_, '_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::from(self.base + range.start..self.base + range.end)
    }

    fn token(&mut self, token: Token<usize>) {
        match token {
            Token::StartTag(tag) => {
                let at = range(tag.span);
                let closed = tag.self_closing;
                self.start(&Tag::of_start(&tag), at, closed);
            }
            Token::EndTag(tag) => self.end(&lossy(&tag.name), range(tag.span)),
            Token::String(text) => self.string(range(text.span)),
            Token::Comment(comment) if self.skip.is_none() => {
                let before = self.builder.document.blocks.len() + usize::from(self.open.is_some());
                note_comment(self.builder, self.span(&range(comment.span)), before);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag, at: Range<usize>, self_closing: bool) {
        let name = tag.name.as_str();
        if let Some(skip) = &mut self.skip {
            skip.depth += usize::from(skip.name == name);
            return;
        }
        self.note_anchors(tag);
        let hidden = tag.attribute("hidden").is_some()
            || tag.attribute("aria-hidden") == Some("true")
            || tag.attribute("role") == Some("navigation");
        if (SKIPPED.contains(&name) || hidden) && !VOID.contains(&name) && !self_closing {
            if !INLINE.contains(&name) && name != "code" {
                self.flush();
            }
            let is_json = tag.attribute("type") == Some("application/ld+json");
            self.skip = Some(Skip { name: name.to_owned(), depth: 1, is_json });
            return;
        }
        head::note_element(self.builder, tag, self.span(&at));
        if name == "br" || name == "hr" {
            self.push_decoded(" ", &at);
            return;
        }
        if !INLINE.contains(&name) {
            self.flush();
            self.enter(name);
            return;
        }
        match name {
            "a" => {
                self.close_link(at.start);
                if let Some(destination) = tag.attribute("href") {
                    let destination = destination.to_owned();
                    self.link = Some(OpenLink { destination, start: at.start, tag: at, text: String::new() });
                }
            }
            "img" => self.picture(tag, &at),
            _ => {}
        }
    }

    fn note_anchors(&mut self, tag: &Tag) {
        let id = tag.attribute("id");
        let name = tag.attribute("name").filter(|_| tag.name == "a");
        self.builder.document.anchors.extend(id.into_iter().chain(name).map(str::to_owned));
    }

    fn picture(&mut self, tag: &Tag, at: &Range<usize>) {
        let span = self.span(at);
        if let Some(destination) = tag.attribute("src") {
            self.push_link(LinkKind::Image, destination.to_owned(), span, at.clone(), String::new());
        }
        if tag.attribute("alt").is_some() {
            self.alternatives.push((attribute_prose(self.text, self.base, at, "alt"), span));
        }
        if self.open.is_none() {
            self.flush();
        }
    }

    fn enter(&mut self, name: &str) {
        match name {
            "title" => self.place.title = true,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.place.heading = Some(name.as_bytes()[1] - b'0'),
            "caption" | "figcaption" => self.place.caption = true,
            "td" => self.place.cell = Some(BlockKind::TableCell),
            "th" => self.place.cell = Some(BlockKind::TableHeader),
            "li" | "dd" | "dt" => self.place.items = self.place.items.max(1),
            "ul" | "ol" | "dl" => self.place.items += 1,
            "blockquote" => self.place.quotes += 1,
            _ => {}
        }
    }

    fn leave(&mut self, name: &str) {
        match name {
            "title" | "head" => self.place.title = false,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.place.heading = None,
            "caption" | "figcaption" | "figure" => self.place.caption = false,
            "td" | "th" | "table" => self.place.cell = None,
            "ul" | "ol" | "dl" => self.place.items = self.place.items.saturating_sub(1),
            "blockquote" => self.place.quotes = self.place.quotes.saturating_sub(1),
            "body" => self.place = Place::default(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, at: Range<usize>) {
        if let Some(skip) = &mut self.skip {
            if skip.name == name {
                skip.depth -= 1;
                if skip.depth == 0 {
                    self.skip = None;
                    if name == "code" {
                        self.push_decoded(" ", &at);
                    }
                }
            }
            return;
        }
        if name == "a" {
            self.close_link(at.end);
        } else if !INLINE.contains(&name) && !VOID.contains(&name) {
            self.flush();
            self.leave(name);
        }
    }

    fn string(&mut self, at: Range<usize>) {
        let Some(slice) = self.text.get(at.clone()) else { return };
        if let Some(skip) = &self.skip {
            if skip.is_json {
                let span = self.span(&at);
                head::note_json(self.builder, slice, span);
            }
            return;
        }
        for (part, decoded) in references(slice) {
            let source = at.start + part.start..at.start + part.end;
            match decoded {
                Some(decoded) => self.push_decoded(&decoded, &source),
                None => self.push_text(&slice[part], source.start),
            }
        }
    }

    /// Pushes literal text with white space collapsed, as a browser shows it.
    fn push_text(&mut self, text: &str, at: usize) {
        let mut rest = text;
        let mut at = at;
        while !rest.is_empty() {
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
            if blank > 0 {
                self.push_blank(blank == 1 && rest.starts_with(' '), at..at + blank);
                (rest, at) = (&rest[blank..], at + blank);
                continue;
            }
            // A run up to white space that is not a lone space between words.
            let length = run_length(rest);
            let start = (self.base + at) as u32;
            self.note_link_text(&rest[..length]);
            self.prose(&(at..at + length)).push_literal(&rest[..length], start);
            (rest, at) = (&rest[length..], at + length);
        }
    }

    fn push_blank(&mut self, is_space: bool, at: Range<usize>) {
        if self.open.as_ref().is_none_or(|(_, prose, _)| prose.text().is_empty() || prose.text().ends_with(' ')) {
            return;
        }
        self.note_link_text(" ");
        let span = self.span(&at);
        let prose = self.prose(&at);
        if is_space { prose.push_literal(" ", span.start) } else { prose.push_decoded(" ", span) }
    }

    fn push_decoded(&mut self, text: &str, at: &Range<usize>) {
        if text == " " {
            self.push_blank(false, at.clone());
            return;
        }
        self.note_link_text(text);
        let span = self.span(at);
        self.prose(at).push_decoded(text, span);
    }

    fn note_link_text(&mut self, text: &str) {
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
        }
    }

    fn prose(&mut self, at: &Range<usize>) -> &mut Prose {
        let span = self.span(at);
        if self.open.is_none() {
            self.first_link = self.first_link.max(self.builder.document.links.len());
        }
        let kind = self.place.kind();
        let (_, prose, block) = self.open.get_or_insert_with(|| (kind, Prose::new(), span));
        *block = block.cover(span);
        prose
    }

    fn close_link(&mut self, end: usize) {
        if let Some(link) = self.link.take() {
            let span = self.span(&(link.start..end));
            self.push_link(LinkKind::Anchor, link.destination, span, link.tag, link.text.trim().to_owned());
        }
    }

    fn push_link(&mut self, kind: LinkKind, destination: String, span: Span, tag: Range<usize>, text: String) {
        let written = self.text[tag.clone()].rfind(&destination).filter(|_| !destination.is_empty());
        let destination_span = match written {
            Some(at) => self.span(&(tag.start + at..tag.start + at + destination.len())),
            None => span,
        };
        if self.open.is_none() {
            self.first_link = self.first_link.min(self.builder.document.links.len());
        }
        self.builder.document.links.push(Link { kind, destination, span, destination_span, text, block: None });
    }

    /// Ends the block being read.
    fn flush(&mut self) {
        let in_quote = self.in_quote || self.place.quotes > 0;
        if let Some((kind, prose, span)) = self.open.take() {
            let first = self.first_link.min(self.builder.document.links.len());
            if let Some(index) = self.builder.push_block(kind, prose, span, in_quote) {
                for link in self.builder.document.links[first..].iter_mut().filter(|link| link.block.is_none()) {
                    link.block = Some(index);
                }
                autolink::find(self.builder, index, first);
            }
            self.first_link = self.builder.document.links.len();
        }
        for (prose, span) in std::mem::take(&mut self.alternatives) {
            self.builder.push_block(BlockKind::AltText, prose, span, in_quote);
        }
    }
}

/// Bytes up to the next white space that a browser would collapse: a lone space between words stays.
fn run_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\t' | b'\n' | b'\r' | 0x0c => break,
            b' ' if bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => break,
            _ => at += 1,
        }
    }
    at
}
