//! References and footnotes in Markdown whose label nothing defines: readers see the brackets.

use std::ops::Range;

use pulldown_cmark::LinkType;

use crate::source::Span;

use super::{Builder, Problem};

/// Notes `[text][label]` among the references that the parser found no definition for, as ranges of `text`, which starts
/// at byte `base` of the source. Brackets alone and numbers in a row (`[1][2]`) may be meant as they stand.
pub(crate) fn note_undefined(
    builder: &mut Builder,
    text: &str,
    base: usize,
    references: Vec<(Range<usize>, LinkType)>,
) {
    let mut done = 0;
    for (range, kind) in references {
        let written = &text[range.clone()];
        let names_something = written.split(']').next().is_some_and(|text| text.contains(char::is_alphabetic));
        if range.start < done || kind != LinkType::Reference || !names_something {
            continue;
        }
        done = range.end;
        let span = Span::from(base + range.start..base + range.end);
        let message = "This link leads nowhere: nothing defines its label.".to_owned();
        builder.document.problems.push(Problem { span, message });
    }
}

/// Notes every `[^label]` that was left standing in a block's prose.
pub(crate) fn note_lost_footnotes(builder: &mut Builder, block: usize) {
    let document = &mut builder.document;
    let prose = &document.blocks[block].prose;
    for (at, _) in prose.text().match_indices("[^") {
        let label = &prose.text()[at + 2..];
        let length = label.find(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '^')).unwrap_or(0);
        if length == 0 || !label[length..].starts_with(']') {
            continue;
        }
        let span = prose.source_span(at..at + 2 + length + 1);
        // What is escaped is meant as it stands.
        let before = &document.source.text()[..span.start as usize];
        if span.len() as usize == length + 3 && !before.ends_with('\\') {
            let message = "This footnote has no text: nothing defines its label.".to_owned();
            document.problems.push(Problem { span, message });
        }
    }
}
