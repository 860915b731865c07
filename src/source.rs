//! Byte spans, source files and the index that turns bytes into lines.
//!
//! Everything inside the program speaks in byte offsets; lines and columns are made here, on request, for the two
//! places that show them to people: `report` and the language server.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A half-open range of UTF-8 byte offsets into one source file.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, and without, `end` (bytes).
    pub fn new(start: u32, end: u32) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end: end.max(start) }
    }

    /// An empty span at `at`.
    pub fn at(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// Its length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range as `usize`, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<Range<usize>> for Span {
    /// Offsets past 4 GiB cannot occur: [`SourceFile::new`] takes no longer text.
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start as u32, range.end as u32)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// CommonMark with the GitHub extensions.
    Markdown,
    /// A whole page or a fragment.
    Html,
    /// Plain text.
    Text,
    /// A rule pack, fact file or configuration: findings may point into it, nothing reads it as prose.
    Toml,
}

impl Format {
    /// The format that a file name's ending stands for, if it stands for one.
    pub fn of_path(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "md" | "markdown" | "mdown" | "mkd" | "mdx" => Format::Markdown,
            "html" | "htm" | "xhtml" => Format::Html,
            "txt" | "text" => Format::Text,
            _ => return None,
        })
    }

    /// The format that a name on the command line stands for.
    pub fn of_name(name: &str) -> Option<Format> {
        Some(match name {
            "markdown" | "md" => Format::Markdown,
            "html" => Format::Html,
            "text" | "txt" => Format::Text,
            _ => return None,
        })
    }
}

/// One text with the name under which people know it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: Arc<str>,
    text: Arc<str>,
    format: Format,
}

impl SourceFile {
    /// Longest text taken, in bytes: spans are 32 bits wide.
    pub const MAX_BYTES: usize = u32::MAX as usize - 1;

    /// A source of that name and text. A text longer than [`SourceFile::MAX_BYTES`] is cut at the last character
    /// that fits; readers of files refuse such texts before they come here.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>, format: Format) -> Self {
        let mut text: Arc<str> = text.into();
        if text.len() > Self::MAX_BYTES {
            text = text[..text.floor_char_boundary(Self::MAX_BYTES)].into();
        }
        Self { name: name.into(), text, format }
    }

    /// The path or name, as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the text is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The text under `span`; empty where the span lies outside or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, counted in characters (Unicode scalar values).
    pub column: u32,
}

/// Where the lines of one text start; `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, &byte) in bytes.iter().enumerate() {
            let ends_line = byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts }
    }

    /// How many lines there are; an empty text has one.
    pub fn lines(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The place of byte `offset` in `text`, which must be the text that was indexed.
    pub fn place(&self, text: &str, offset: u32) -> Place {
        let line = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.starts[line] as usize;
        let end = text.floor_char_boundary((offset as usize).min(text.len()));
        let column = text.get(start..end).map_or(0, |before| before.chars().count());
        Place { line: line as u32 + 1, column: column as u32 + 1 }
    }

    /// The 1-based line on which byte `offset` stands.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The offset of the first byte of 1-based `line`.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get(line.checked_sub(1)? as usize).copied()
    }

    /// The span of 1-based `line` without its line end.
    pub fn line_span(&self, text: &str, line: u32) -> Option<Span> {
        let at = line.checked_sub(1)? as usize;
        let start = *self.starts.get(at)?;
        let end = self.starts.get(at + 1).map_or(text.len(), |&next| next as usize);
        let trimmed = text.get(start as usize..end)?.trim_end_matches(['\n', '\r']);
        Some(Span::new(start, start + trimmed.len() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_every_line_end() {
        let text = "a\r\nµbc\rd\n";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 4);
        let c = text.find('c').unwrap() as u32;
        assert_eq!(index.place(text, c), Place { line: 2, column: 3 });
        let d = text.find('d').unwrap() as u32;
        assert_eq!(index.place(text, d), Place { line: 3, column: 1 });
        assert_eq!(index.line_span(text, 2), Some(Span::new(3, 7)));
        assert_eq!(index.place(text, 999).line, 4);
    }

    #[test]
    fn spans_relate() {
        let a = Span::new(2, 6);
        assert!(a.contains(Span::new(3, 6)) && !a.contains(Span::new(3, 7)));
        assert!(a.overlaps(Span::new(5, 9)) && !a.overlaps(Span::new(6, 9)));
        assert_eq!(a.cover(Span::new(8, 9)), Span::new(2, 9));
    }
}
