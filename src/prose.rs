//! Text as it is read, and the way back to the bytes it came from.
//!
//! A sentence runs across soft line breaks, emphasis, entities, escapes and list markers. `Prose` holds the text a
//! reader sees and, for every piece of it, where that piece stands in the source. Rules search the prose; each hit
//! is mapped back. Typographic variants are made one here (curly quotes, U+2011 and other hyphens, no-break spaces,
//! the micro sign), so nothing above this floor needs to know them. Letter case is kept.

use std::ops::Range;

use crate::source::Span;

/// How a piece of prose stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The source bytes are the text.
    Literal,
    /// The source bytes decode to the text: an entity, an escape, a line break with its markers, a typographic variant.
    Decoded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// Where the piece starts in the prose (bytes). It ends where the next one starts.
    at: u32,
    source: Span,
    piece: Piece,
}

/// Extracted text with the map back to source bytes.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    text: String,
    segments: Vec<Segment>,
}

impl Prose {
    /// Prose without text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Prose that is one literal stretch of a source, starting at byte `start` there.
    pub fn literal(text: &str, start: u32) -> Self {
        let mut prose = Self::new();
        prose.push_literal(text, start);
        prose
    }

    /// The text as a reader sees it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Appends source text that stands for itself; `start` is its first byte in the source. Typographic variants in
    /// it become decoded pieces of their own.
    pub fn push_literal(&mut self, text: &str, start: u32) {
        let mut done = 0;
        if !text.is_ascii() {
            for (at, character) in text.char_indices() {
                if let Some(plain) = plain(character) {
                    self.extend_literal(&text[done..at], start + done as u32);
                    let from = start + at as u32;
                    done = at + character.len_utf8();
                    self.push_piece(plain, Span::new(from, start + done as u32), Piece::Decoded);
                }
            }
        }
        self.extend_literal(&text[done..], start + done as u32);
    }

    /// Appends `text` that the source bytes under `source` decode to.
    pub fn push_decoded(&mut self, text: &str, source: Span) {
        if text.chars().any(|c| plain(c).is_some()) {
            let mut plainer = String::with_capacity(text.len());
            for c in text.chars() {
                match plain(c) {
                    Some(p) => plainer.push_str(p),
                    None => plainer.push(c),
                }
            }
            self.push_piece(&plainer, source, Piece::Decoded);
        } else {
            self.push_piece(text, source, Piece::Decoded);
        }
    }

    fn extend_literal(&mut self, text: &str, start: u32) {
        if let Some(last) = self.segments.last_mut()
            && last.piece == Piece::Literal
            && last.source.end == start
        {
            last.source.end += text.len() as u32;
            self.text.push_str(text);
            return;
        }
        self.push_piece(text, Span::new(start, start + text.len() as u32), Piece::Literal);
    }

    fn push_piece(&mut self, text: &str, source: Span, piece: Piece) {
        if !text.is_empty() {
            self.segments.push(Segment { at: self.text.len() as u32, source, piece });
            self.text.push_str(text);
        }
    }

    /// Cuts trailing white space.
    pub fn trim_end(&mut self) {
        let length = self.text.trim_end().len();
        self.text.truncate(length);
        while self.segments.last().is_some_and(|s| s.at as usize >= length) {
            self.segments.pop();
        }
        if let Some(last) = self.segments.last_mut()
            && last.piece == Piece::Literal
        {
            last.source.end = last.source.start + (length as u32 - last.at);
        }
    }

    /// The source bytes that a range of the text came from: from the first byte of its first piece to the last byte
    /// of its last. An empty range gives an empty span at its place.
    pub fn source_span(&self, range: Range<usize>) -> Span {
        if self.segments.is_empty() {
            return Span::default();
        }
        let first = self.segment_at(range.start);
        let start = self.source_offset(first, range.start, false);
        if range.is_empty() {
            return Span::at(start);
        }
        let last = self.segment_at(range.end - 1);
        Span::new(start, self.source_offset(last, range.end, true).max(start))
    }

    /// The pieces under a range of the text, in order: text range, source span, and how they relate.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Span, Piece)> + '_ {
        let first = if self.segments.is_empty() { 0 } else { self.segment_at(range.start) };
        (first..self.segments.len()).take_while(move |&i| (self.segments[i].at as usize) < range.end).map(move |i| {
            let segment = self.segments[i];
            let from = (segment.at as usize).max(range.start);
            let to = self.segment_end(i).min(range.end);
            let source = match segment.piece {
                Piece::Decoded => segment.source,
                Piece::Literal => {
                    let shift = |at: usize| segment.source.start + (at as u32 - segment.at);
                    Span::new(shift(from), shift(to))
                }
            };
            (from..to, source, segment.piece)
        })
    }

    fn segment_at(&self, at: usize) -> usize {
        self.segments.partition_point(|s| s.at as usize <= at).saturating_sub(1)
    }

    fn segment_end(&self, index: usize) -> usize {
        self.segments.get(index + 1).map_or(self.text.len(), |s| s.at as usize)
    }

    fn source_offset(&self, index: usize, at: usize, is_end: bool) -> u32 {
        let segment = self.segments[index];
        match segment.piece {
            Piece::Literal => segment.source.start + (at as u32).saturating_sub(segment.at).min(segment.source.len()),
            Piece::Decoded if is_end || at > segment.at as usize => segment.source.end,
            Piece::Decoded => segment.source.start,
        }
    }
}

/// The plain form of a typographic variant; `None` for a character that stands for itself.
pub fn plain(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{2032}' | '\u{FF07}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{2033}' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{FE63}' | '\u{FF0D}' => "-",
        '\u{2015}' => "\u{2014}",
        '\u{00A0}' | '\u{202F}' | '\u{2000}'..='\u{200A}' | '\u{3000}' => " ",
        '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{FEFF}' | '\u{00AD}' | '\u{2060}' => "",
        '\u{03BC}' => "\u{00B5}",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_map_back_through_entities_and_breaks() {
        // Source: `Fish &amp; chips\n> cure` with a quote marker that the reader does not see.
        let source = "Fish &amp; chips\n> cure";
        let mut prose = Prose::new();
        prose.push_literal("Fish ", 0);
        prose.push_decoded("&", Span::new(5, 10));
        prose.push_literal(" chips", 10);
        prose.push_decoded(" ", Span::new(16, 19));
        prose.push_literal("cure", 19);
        assert_eq!(prose.text(), "Fish & chips cure");
        let at = prose.text().find("& chips").unwrap();
        assert_eq!(&source[prose.source_span(at..at + 7).range()], "&amp; chips");
        let cure = prose.text().find("cure").unwrap();
        assert_eq!(&source[prose.source_span(cure..cure + 4).range()], "cure");
        assert_eq!(&source[prose.source_span(cure - 6..cure + 2).range()], "chips\n> cu");
    }

    #[test]
    fn typographic_variants_become_plain() {
        let source = "isn’t CAR\u{2011}T";
        let prose = Prose::literal(source, 0);
        assert_eq!(prose.text(), "isn't CAR-T");
        assert_eq!(&source[prose.source_span(0..5).range()], "isn’t");
        assert_eq!(&source[prose.source_span(6..11).range()], "CAR\u{2011}T");
    }

    #[test]
    fn soft_hyphens_vanish() {
        let source = "mira\u{AD}cle";
        let prose = Prose::literal(source, 0);
        assert_eq!(prose.text(), "miracle");
        assert_eq!(&source[prose.source_span(0..7).range()], source);
    }

    #[test]
    fn trailing_space_is_cut_from_the_map_too() {
        let mut prose = Prose::literal("word  ", 4);
        prose.trim_end();
        assert_eq!(prose.text(), "word");
        assert_eq!(prose.source_span(0..4), Span::new(4, 8));
    }
}
