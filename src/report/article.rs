//! A draft as reports show it: its text as written, cut into the pieces that a reader meets, with what it claims.

use crate::document::{Block, BlockKind, Document};
use crate::prose::Piece as Written;
use crate::report::claims::{ClaimRow, ClaimsReport};
use crate::source::Span;

/// The whole text of one draft, for reports that show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// Its title, or else its first heading.
    pub title: Option<String>,
    /// The source.
    pub text: String,
    /// What the source consists of, in order; between pieces is only white space.
    pub pieces: Vec<Piece>,
    /// What it claims, in order of place.
    pub claims: Vec<ClaimRow>,
}

/// A stretch of the source that is shown as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Inside a block quotation.
    pub in_quote: bool,
    /// Its bytes, markers included.
    pub span: Span,
    /// The bytes of it that are read as words, in order; the others are markup.
    pub prose: Vec<Span>,
}

/// What a piece is to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// Front matter, delimiters included.
    FrontMatter,
    /// A title or heading with its level, 1 to 6.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list.
    Item,
    /// Rows of a table.
    Table,
    /// A caption or a footnote.
    Aside,
    /// What nobody reads as prose: code, comments, markup.
    Raw,
}

impl From<BlockKind> for PieceKind {
    fn from(kind: BlockKind) -> Self {
        match kind {
            BlockKind::Title => PieceKind::Heading(1),
            BlockKind::Heading(level) => PieceKind::Heading(level),
            BlockKind::Paragraph | BlockKind::AltText => PieceKind::Paragraph,
            BlockKind::ListItem => PieceKind::Item,
            BlockKind::TableCell | BlockKind::TableHeader => PieceKind::Table,
            BlockKind::Caption | BlockKind::Footnote => PieceKind::Aside,
        }
    }
}

impl Article {
    /// A draft with what it claims.
    pub fn new(document: &Document, claims: ClaimsReport) -> Self {
        Self {
            title: title(document),
            text: document.source.text().to_owned(),
            pieces: pieces(document),
            claims: claims.sentences.into_iter().flat_map(|sentence| sentence.claims).collect(),
        }
    }
}

fn title(document: &Document) -> Option<String> {
    let titles = document.blocks.iter().find(|block| block.kind == BlockKind::Title);
    let block = titles.or_else(|| document.headings().next().map(|(_, block)| block))?;
    let text = block.prose.text().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Cuts a source at its blocks. What stands on a block's own lines beside it (a quote marker, a tag) goes with it.
fn pieces(document: &Document) -> Vec<Piece> {
    let text = document.source.text();
    let mark = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    // Metadata further down is shown as what it looks like.
    let opens = |front: &Span| text[mark.min(front.start as usize)..front.start as usize].trim().is_empty();
    let front = document.metadata.span.filter(opens).unwrap_or_default();
    let body_start = front.end.max(mark as u32);
    let mut cutter = Cutter { text, prose: prose(document), pieces: Vec::new(), done: body_start };
    if !front.is_empty() {
        cutter.push(PieceKind::FrontMatter, false, front);
    }
    for (block, span) in stretches(document, body_start) {
        cutter.block(block, span);
    }
    cutter.rest();
    cutter.pieces
}

/// The stretches of source for which a block is the innermost one, in order.
fn stretches(document: &Document, from: u32) -> Vec<(&Block, Span)> {
    let is_shown = |block: &&Block| block.kind != BlockKind::AltText && block.span.start >= from;
    let mut blocks: Vec<&Block> = document.blocks.iter().filter(is_shown).collect();
    blocks.sort_by_key(|block| (block.span.start, std::cmp::Reverse(block.span.end)));
    let mut stretches = Vec::new();
    let mut open: Vec<&Block> = Vec::new();
    let mut done = from;
    let mut emit = |block, to: u32, done: &mut u32| {
        if *done < to {
            stretches.push((block, Span::new(*done, to)));
            *done = to;
        }
    };
    for block in blocks {
        while let Some(outer) = open.pop_if(|outer| outer.span.end <= block.span.start) {
            emit(outer, outer.span.end, &mut done);
        }
        if let Some(outer) = open.last() {
            emit(outer, block.span.start, &mut done);
        }
        done = done.max(block.span.start);
        open.push(block);
    }
    while let Some(outer) = open.pop() {
        emit(outer, outer.span.end, &mut done);
    }
    stretches
}

/// The bytes that are read as words, in order. A line break with its markers is read as a space and is markup.
fn prose(document: &Document) -> Vec<Span> {
    let mut spans = Vec::new();
    for block in &document.blocks {
        let prose = &block.prose;
        spans.extend(prose.pieces(0..prose.text().len()).filter_map(|(range, span, written)| {
            let is_break = written == Written::Decoded && prose.text()[range].trim().is_empty();
            (!is_break && !span.is_empty()).then_some(span)
        }));
    }
    spans.sort_unstable();
    spans
}

struct Cutter<'a> {
    text: &'a str,
    prose: Vec<Span>,
    pieces: Vec<Piece>,
    /// Where the source is cut up to.
    done: u32,
}

impl Cutter<'_> {
    /// Adds a stretch of a block, and what stands before it.
    fn block(&mut self, block: &Block, span: Span) {
        let Some(span) = self.trimmed(span).filter(|span| span.end > self.done) else { return };
        let kind = PieceKind::from(block.kind);
        let start = self.before(span.start.max(self.done), kind);
        self.done = span.end;
        match self.pieces.last_mut() {
            Some(last) if kind == PieceKind::Table && last.kind == kind && start == last.span.end => {
                last.span.end = span.end;
                last.prose = inside(&self.prose, last.span);
            }
            _ => self.push(kind, block.in_quote, Span::new(start, span.end)),
        }
    }

    /// Places what stands between the last piece and a block at `start`; returns where the block's piece begins.
    fn before(&mut self, start: u32, kind: PieceKind) -> u32 {
        let gap = &self.text[self.done as usize..start as usize];
        let in_table = kind == PieceKind::Table && self.pieces.last().is_some_and(|last| last.kind == kind);
        if in_table && gap.matches('\n').count() <= 2 && !gap.contains("\n\n") {
            return self.done;
        }
        let Some(first_line) = gap.find('\n') else {
            return if gap.trim().is_empty() { start } else { self.done };
        };
        let last_line = gap.rfind('\n').map_or(0, |at| at + 1);
        self.behind(first_line);
        let line_start = start - (gap.len() - last_line) as u32;
        self.raw(Span::new(self.done, line_start.max(self.done)));
        if gap[last_line..].trim().is_empty() { start } else { line_start }
    }

    /// Gives the last piece the `length` bytes behind it that end its line.
    fn behind(&mut self, length: usize) {
        let end = self.done + length as u32;
        let is_blank = self.text[self.done as usize..end as usize].trim().is_empty();
        if let Some(last) = self.pieces.last_mut().filter(|last| !is_blank && last.span.end == self.done) {
            last.span.end = end;
            self.done = end;
        }
    }

    /// What follows the last block.
    fn rest(&mut self) {
        let rest = &self.text[self.done as usize..];
        self.behind(rest.find('\n').unwrap_or(rest.len()));
        self.raw(Span::new(self.done, self.text.len() as u32));
    }

    fn raw(&mut self, span: Span) {
        if let Some(span) = self.trimmed(span) {
            self.push(PieceKind::Raw, false, span);
        }
    }

    fn push(&mut self, kind: PieceKind, in_quote: bool, span: Span) {
        let is_prose = !matches!(kind, PieceKind::FrontMatter | PieceKind::Raw);
        let prose = if is_prose { inside(&self.prose, span) } else { Vec::new() };
        self.pieces.push(Piece { kind, in_quote, span, prose });
    }

    /// The span without white space at its ends; none where there is nothing else.
    fn trimmed(&self, span: Span) -> Option<Span> {
        let text = &self.text[span.range()];
        let start = span.start + (text.len() - text.trim_start().len()) as u32;
        let length = text.trim().len() as u32;
        (length > 0).then(|| Span::new(start, start + length))
    }
}

/// Those of the sorted spans that lie in `whole`.
fn inside(spans: &[Span], whole: Span) -> Vec<Span> {
    let from = spans.partition_point(|span| span.start < whole.start);
    spans[from..].iter().take_while(|span| span.start < whole.end).copied().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::source::{Format, SourceFile};

    fn cut(text: &str, format: Format) -> Vec<(PieceKind, String)> {
        let document = Document::parse(SourceFile::new("x", text, format));
        let pieces = pieces(&document);
        let mut done = 0;
        for piece in &pieces {
            assert!(text[done..piece.span.start as usize].trim().is_empty(), "{pieces:?} leave something out");
            done = piece.span.end as usize;
        }
        assert!(text[done..].trim().is_empty(), "{pieces:?} leave the end out");
        pieces.iter().map(|piece| (piece.kind, text[piece.span.range()].to_owned())).collect()
    }

    #[test]
    fn markdown_is_cut_at_its_blocks() {
        let text = "---\ntitle: T\n---\n\n# One\n\nA *b*\nc.\n\n- x\n  - y\n- z\n\n> said\n> twice\n\n\
            | a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n<!-- note -->\n\nEnd.\n";
        use PieceKind::*;
        let expected = [
            (FrontMatter, "---\ntitle: T\n---"),
            (Heading(1), "# One"),
            (Paragraph, "A *b*\nc."),
            (Item, "- x"),
            (Item, "- y"),
            (Item, "- z"),
            (Paragraph, "> said\n> twice"),
            (Table, "| a | b |\n|---|---|\n| c | d |"),
            (Raw, "```\ncode\n```\n<!-- note -->"),
            (Paragraph, "End."),
        ];
        let found = cut(text, Format::Markdown);
        let found: Vec<(PieceKind, &str)> = found.iter().map(|(kind, text)| (*kind, text.trim())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn html_on_one_line_is_cut_too() {
        let found = cut("<h1>A</h1><p>B <b>c</b></p><ul><li>d</li></ul>", Format::Html);
        let kinds: Vec<PieceKind> = found.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [PieceKind::Heading(1), PieceKind::Paragraph, PieceKind::Item], "{found:?}");
    }

    #[test]
    fn markup_is_what_is_not_read() {
        let text = "> A **b** [c](d)\n> e &amp; f\n";
        let document = Document::parse(SourceFile::new("x", text, Format::Markdown));
        let piece = &pieces(&document)[0];
        let words: String = piece.prose.iter().map(|span| &text[span.range()]).collect();
        assert_eq!(words, "A b ce &amp; f");
        assert!(piece.in_quote);
    }

    /// Bits of Markdown and HTML, put together at random.
    const BITS: &[&str] = &[
        "word ",
        "µ\u{FEFF}",
        "\n",
        "\n\n",
        "\r\n\r\n",
        "# ",
        "- ",
        "  - ",
        "1. ",
        "> ",
        "| a | b |\n|---|---|\n",
        "| c | d |\n",
        "```\n",
        "    code\n",
        "<p>",
        "</p>",
        "<h1>",
        "</h1>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<!-- ",
        " -->",
        "![alt](x)",
        "[a](b)",
        "**",
        "---\n",
        "title: x\n",
        "[^1]",
        "[^1]: note\n",
        "===\n",
        "<img alt='x'>",
        "&amp;",
        "\\*",
        "<script>",
        "</script>",
    ];

    proptest::proptest! {
        #[test]
        fn nothing_is_left_out_but_white_space(
            bits in proptest::collection::vec(proptest::sample::select(BITS), 0..40),
            format in proptest::sample::select(&[Format::Markdown, Format::Html, Format::Text][..]),
        ) {
            cut(&bits.concat(), format);
        }
    }
}
