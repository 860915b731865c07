//! A draft as its reader meets it: metadata, sections, blocks of prose, links and comments, whatever it was written in.

mod autolink;
mod byline;
mod front_matter;
mod html;
mod index;
mod markdown;
mod references;
mod slug;
mod text;

use crate::prose::Prose;
use crate::source::{Format, SourceFile, Span};

/// A parsed draft. Parsing never fails: what could not be read is in [`Document::problems`].
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it came from.
    pub source: SourceFile,
    /// Front matter, `<meta>` elements and bylines.
    pub metadata: Metadata,
    /// Everything that is read, in reading order.
    pub blocks: Vec<Block>,
    /// The document's parts; the first holds what comes before any heading.
    pub sections: Vec<Section>,
    /// Everything that leads somewhere.
    pub links: Vec<Link>,
    /// Fragments that other texts may link to (`#anchor`), without the `#`, as the format's renderers make them.
    pub anchors: Vec<String>,
    /// HTML comments, for suppressions.
    pub comments: Vec<Comment>,
    /// What could not be read, for findings.
    pub problems: Vec<Problem>,
    index: index::Index,
}

/// What a block is to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// The document's title: front matter `title`, `<title>`, or the first heading of the first level.
    Title,
    /// A heading with its level, 1 to 6.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list (its own text; nested items are blocks of their own).
    ListItem,
    /// A cell of a table's body.
    TableCell,
    /// A cell of a table's head.
    TableHeader,
    /// A caption of a figure or table.
    Caption,
    /// The text that stands for a picture.
    AltText,
    /// A footnote's text.
    Footnote,
}

impl BlockKind {
    /// Whether it is a title or heading.
    pub fn is_heading(self) -> bool {
        matches!(self, BlockKind::Title | BlockKind::Heading(_))
    }
}

/// A stretch of prose that is read as one: sentences never cross its ends.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The text and its way back to the source.
    pub prose: Prose,
    /// The source bytes of the whole block, markers included.
    pub span: Span,
    /// Index into [`Document::sections`].
    pub section: usize,
    /// Inside a block quotation.
    pub in_quote: bool,
    /// For a list item: the index of the block that introduces its list ("X does not:"), where there is one.
    pub lead_in: Option<usize>,
}

/// A heading with what stands under it, up to the next heading of any level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Index of the heading's block; `None` for what comes before the first heading.
    pub heading: Option<usize>,
    /// The heading's level, 1 to 6; 0 without one.
    pub level: u8,
    /// Indices of its blocks, heading included.
    pub blocks: std::ops::Range<usize>,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `[text](destination)`, `[text][label]` or `<a href>`.
    Anchor,
    /// A bare or bracketed address.
    Auto,
    /// A picture.
    Image,
    /// `[^1]` to its definition.
    Footnote,
}

/// Something that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// Where it leads, as written, entities and escapes decoded.
    pub destination: String,
    /// The source bytes of the whole link.
    pub span: Span,
    /// The source bytes of the destination, where it stands in the link itself; else the whole link.
    pub destination_span: Span,
    /// What a reader sees of it.
    pub text: String,
    /// Index of the block it stands in.
    pub block: Option<usize>,
}

/// A comment that readers do not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The source bytes, `<!--` and `-->` included.
    pub span: Span,
    /// What is between them, trimmed.
    pub text: String,
    /// How many blocks stand before it: the next block's index.
    pub before_block: usize,
}

/// Something in the source that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// What the draft says about itself.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The source bytes of the front matter or head, delimiters included, where there is one.
    pub span: Option<Span>,
    /// Its entries in order; nested tables are flattened to `outer.inner`.
    pub entries: Vec<MetaEntry>,
}

/// One entry of the metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaEntry {
    /// Its key in lower case, `-` and spaces as `_`: `last_reviewed`, `author`, `author.name`.
    pub key: String,
    /// Its value as text; one entry for each element of a list.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}

impl Metadata {
    /// The first value that is not blank among these keys, in the order of the keys.
    pub fn get(&self, keys: &[&str]) -> Option<&MetaEntry> {
        keys.iter().find_map(|key| self.entries.iter().find(|e| e.key == *key && !e.value.trim().is_empty()))
    }
}

impl Document {
    /// Reads a source as its format says. Rule packs and configurations have no prose and give an empty document.
    pub fn parse(source: SourceFile) -> Self {
        let mut builder = Builder::new(source);
        match builder.document.source.format() {
            Format::Markdown => markdown::read(&mut builder),
            Format::Html => html::read(&mut builder),
            Format::Text => text::read(&mut builder),
            Format::Toml => {}
        }
        byline::find(&mut builder);
        builder.finish()
    }

    /// The blocks of one kind's predicate, with their indices.
    pub fn headings(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.blocks.iter().enumerate().filter(|(_, b)| b.kind.is_heading())
    }

    /// How many words a reader would count in it: runs of letters and digits in its blocks.
    pub fn words(&self) -> usize {
        self.blocks.iter().map(|b| b.prose.text().split_whitespace().count()).sum()
    }
}

/// Collects a document while a format's reader walks its source; sections follow from the headings pushed.
pub(crate) struct Builder {
    pub(crate) document: Document,
}

impl Builder {
    fn new(source: SourceFile) -> Self {
        Self {
            document: Document {
                source,
                metadata: Metadata::default(),
                blocks: Vec::new(),
                sections: vec![Section { heading: None, level: 0, blocks: 0..0 }],
                links: Vec::new(),
                anchors: Vec::new(),
                comments: Vec::new(),
                problems: Vec::new(),
                index: index::Index::default(),
            },
        }
    }

    /// Adds a block unless it is blank and returns its index.
    pub(crate) fn push_block(
        &mut self,
        kind: BlockKind,
        mut prose: Prose,
        span: Span,
        in_quote: bool,
    ) -> Option<usize> {
        prose.trim_end();
        if prose.is_blank() {
            return None;
        }
        let index = self.document.blocks.len();
        if let BlockKind::Heading(level) = kind {
            self.document.sections.push(Section { heading: Some(index), level, blocks: index..index });
        }
        let section = self.document.sections.len() - 1;
        self.document.blocks.push(Block { kind, prose, span, section, in_quote, lead_in: None });
        Some(index)
    }

    fn finish(mut self) -> Document {
        for (index, block) in self.document.blocks.iter().enumerate() {
            let range = &mut self.document.sections[block.section].blocks;
            if range.start == range.end {
                range.start = index;
            }
            range.end = index + 1;
        }
        self.document.index = index::Index::of(&self.document);
        self.document
    }
}
