//! Byte offsets as an editor's lines and characters, and back.

use std::cell::Cell;

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::{LineIndex, Span};

/// What an editor counts as one character of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 bytes.
    Utf8,
    /// UTF-16 code units: what every editor understands.
    #[default]
    Utf16,
}

impl Encoding {
    /// The cheapest of those that an editor offers; UTF-16 where it offers nothing.
    pub fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let takes_bytes = offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8));
        if takes_bytes { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn units(self, c: char) -> u32 {
        match self {
            Encoding::Utf8 => c.len_utf8() as u32,
            Encoding::Utf16 => c.len_utf16() as u32,
        }
    }

    fn length(self, text: &str) -> u32 {
        match self {
            Encoding::Utf8 => text.len() as u32,
            Encoding::Utf16 => text.encode_utf16().count() as u32,
        }
    }
}

/// The places of one text.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t str,
    lines: LineIndex,
    encoding: Encoding,
    /// The last place that a range started at. Findings come in order, so that most lines are walked once, however
    /// long they are.
    last: Cell<(u32, Position)>,
}

impl<'t> Positions<'t> {
    /// Indexes a text.
    pub fn new(text: &'t str, encoding: Encoding) -> Self {
        Self { text, lines: LineIndex::new(text), encoding, last: Cell::default() }
    }

    /// The place of a byte offset. An offset inside a character means that character, one inside a line's end the end
    /// of the line, one behind the text its end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.line_of(offset.min(self.text.len() as u32));
        let whole = self.lines.line_span(self.text, line).unwrap_or_default();
        let offset = self.text.floor_char_boundary(offset.min(whole.end) as usize) as u32;
        let (from, before) = match self.last.get() {
            (known, place) if known >= whole.start && known <= offset => (known, place.character),
            _ => (whole.start, 0),
        };
        let length = self.encoding.length(&self.text[from as usize..offset as usize]);
        let place = Position { line: line - 1, character: before + length };
        self.last.set((offset, place));
        place
    }

    /// The places of a span.
    pub fn range(&self, span: Span) -> Range {
        let start = self.position(span.start);
        let known = self.last.get();
        let end = self.position(span.end);
        self.last.set(known);
        Range { start, end }
    }

    /// The byte offset of a place. A character behind a line's end means the end of the line, one within a pair of
    /// code units the start of its character, a line behind the last one the end of the text.
    pub fn offset(&self, place: Position) -> u32 {
        let line = place.line.saturating_add(1);
        let Some(whole) = self.lines.line_span(self.text, line) else { return self.text.len() as u32 };
        let mut left = place.character;
        let mut offset = whole.start;
        for c in self.text[whole.range()].chars() {
            let units = self.encoding.units(c);
            if left < units {
                break;
            }
            left -= units;
            offset += c.len_utf8() as u32;
        }
        offset
    }

    /// The bytes of a range; one that runs backwards means the same characters.
    pub fn span(&self, range: Range) -> Span {
        let (a, b) = (self.offset(range.start), self.offset(range.end));
        Span::new(a.min(b), a.max(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn emoji_take_two_units_of_utf16_and_four_bytes() {
        let text = "µ😀b\r\nc\rd";
        let at = |encoding, what: char| {
            let place = Positions::new(text, encoding).position(text.find(what).unwrap() as u32);
            (place.line, place.character)
        };
        assert_eq!([at(Encoding::Utf8, 'b'), at(Encoding::Utf16, 'b')], [(0, 6), (0, 3)]);
        assert_eq!([at(Encoding::Utf8, 'c'), at(Encoding::Utf16, 'd')], [(1, 0), (2, 0)]);
    }

    #[test]
    fn places_outside_the_text_are_moved_into_it() {
        let text = "a😀\r\nb";
        let places = Positions::new(text, Encoding::Utf16);
        let offset = |line, character| places.offset(Position { line, character });
        assert_eq!([offset(0, 2), offset(0, 99), offset(9, 0), offset(u32::MAX, u32::MAX)], [1, 5, 8, 8]);
        let place = |offset| places.position(offset);
        assert_eq!([place(6), place(5)], [Position::new(0, 3); 2]);
        assert_eq!([place(8), place(99)], [Position::new(1, 1); 2]);
    }

    #[test]
    fn utf8_is_taken_where_it_is_offered() {
        let (utf8, utf16) = (PositionEncodingKind::UTF8, PositionEncodingKind::UTF16);
        assert_eq!(Encoding::negotiate(Some(&[utf16.clone(), utf8])), Encoding::Utf8);
        assert_eq!(Encoding::negotiate(Some(&[PositionEncodingKind::UTF32, utf16])), Encoding::Utf16);
        assert_eq!(Encoding::negotiate(None), Encoding::Utf16);
    }

    /// Text with what is hard about places: line ends of all kinds, characters of all lengths.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\r\n"),
            Just("\r"),
            Just("\n"),
            Just("😀"),
            Just("é"),
            Just("e\u{301}"),
            Just("€"),
            Just("\u{FEFF}"),
            Just("word "),
            Just("👩‍🔬"),
            Just("\u{2028}"),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn spans_come_back(text in texts(), any in any::<String>(), mixed: bool) {
            let text = if mixed { text } else { any };
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let places = Positions::new(&text, encoding);
                let inside_end = |at: usize| text[..at].ends_with('\r') && text[at..].starts_with('\n');
                let edges: Vec<u32> =
                    (0..=text.len()).filter(|&at| text.is_char_boundary(at) && !inside_end(at)).map(|at| at as u32).collect();
                for (at, &start) in edges.iter().enumerate() {
                    for &end in edges[at..].iter().step_by(3) {
                        let range = places.range(Span::new(start, end));
                        prop_assert_eq!(places.span(range), Span::new(start, end));
                        prop_assert_eq!(range, Range { start: fresh(&text, encoding, start), end: fresh(&text, encoding, end) });
                    }
                }
            }
        }

        #[test]
        fn any_place_is_somewhere(text in texts(), line: u32, character: u32, offset: u32) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let places = Positions::new(&text, encoding);
                for (line, character) in [(line, character), (line % 8, character % 16)] {
                    let offset = places.offset(Position { line, character });
                    prop_assert!(text.is_char_boundary(offset as usize));
                }
                places.position(offset);
            }
        }
    }

    /// Without anything remembered.
    fn fresh(text: &str, encoding: Encoding, offset: u32) -> Position {
        Positions::new(text, encoding).position(offset)
    }
}
