//! Lines and columns for many offsets of one text in a single walk.
//!
//! Counting each column from its line's start would be quadratic on a line of 100 MB with a finding in every sentence.

use crate::report::Point;
use crate::source::LineIndex;

/// The places of a fixed set of offsets.
pub(super) struct Places {
    known: Vec<Point>,
}

impl Places {
    /// Walks `text` once for all `offsets` (bytes; clamped to the text and to character boundaries).
    pub(super) fn new(text: &str, lines: &LineIndex, mut offsets: Vec<u32>) -> Self {
        offsets.sort_unstable();
        offsets.dedup();
        let mut known: Vec<Point> = Vec::with_capacity(offsets.len());
        let mut last: Option<(usize, Point)> = None;
        for offset in offsets {
            let end = text.floor_char_boundary((offset as usize).min(text.len()));
            let point = match last {
                Some((from, point)) if !text[from..end].contains(['\n', '\r']) => {
                    let (column, bytes) =
                        (point.column + characters(text, from, end), point.bytes + (end - from) as u32);
                    Point { offset, column, bytes, ..point }
                }
                _ => {
                    let line = lines.line_of(offset);
                    let from = lines.line_start(line).unwrap_or(0) as usize;
                    let from = from.min(end);
                    let bytes = 1 + (end - from) as u32;
                    Point { line, column: 1 + characters(text, from, end), offset, bytes }
                }
            };
            last = Some((end, point));
            known.push(point);
        }
        Self { known }
    }

    /// The place of an offset that was given to [`Places::new`].
    pub(super) fn at(&self, offset: u32) -> Point {
        match self.known.binary_search_by_key(&offset, |point| point.offset) {
            Ok(at) => self.known[at],
            Err(_) => Point { line: 1, column: 1, offset, bytes: 1 },
        }
    }
}

/// How many characters people count between two offsets: a byte order mark is none.
fn characters(text: &str, from: usize, to: usize) -> u32 {
    let counted = text[from..to].chars().count();
    let mark = from == 0 && to > 0 && text.starts_with('\u{FEFF}');
    (counted - usize::from(mark)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_each_on_its_own() {
        let text = "a\r\nµbc\rd\n\nlast 𝛼 line";
        let lines = LineIndex::new(text);
        let offsets: Vec<u32> = (0..=text.len() as u32).collect();
        let places = Places::new(text, &lines, offsets.clone());
        for offset in offsets {
            let expected = lines.place(text, offset);
            let point = places.at(offset);
            assert_eq!((point.line, point.column), (expected.line, expected.column), "at {offset}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let text = "\u{FEFF}one\ntwo";
        let lines = LineIndex::new(text);
        let places = Places::new(text, &lines, vec![0, 3, 4, 7]);
        assert_eq!(places.at(3), Point { line: 1, column: 1, offset: 3, bytes: 4 });
        assert_eq!(places.at(4).column, 2);
        assert_eq!((places.at(7).line, places.at(7).column), (2, 1));
    }
}
