//! Replacements put into a text, so that none spoils another.

use crate::finding::Fix;

/// The fixes that can be made together, in order of place. Of two that overlap, the one that starts first is among them and
/// the other left for the next look at the text; one that is given twice is there once. Fixes that do not fit the text are
/// left out.
pub fn together<'f>(text: &str, fixes: &'f [Fix]) -> Vec<&'f Fix> {
    let mut fixes: Vec<&Fix> = fixes.iter().collect();
    fixes.sort_by(|a, b| (a.span, &a.replacement).cmp(&(b.span, &b.replacement)));
    let (mut until, mut last) = (0, None);
    fixes.retain(|fix| {
        let range = fix.span.range();
        let fits = text.get(range.clone()).is_some_and(|written| written != fix.replacement);
        // Two insertions at one place would have an order that nobody chose.
        let is_made = fits && range.start >= until && last != Some(range.start);
        if is_made {
            (until, last) = (range.end, Some(range.start));
        }
        is_made
    });
    fixes
}

/// Makes those fixes that can be made together, and tells how many.
pub fn apply(text: &str, fixes: &[Fix]) -> (String, usize) {
    let made = together(text, fixes);
    let mut fixed = String::with_capacity(text.len());
    let mut until = 0;
    for fix in &made {
        let range = fix.span.range();
        fixed.push_str(&text[until..range.start]);
        fixed.push_str(&fix.replacement);
        until = range.end;
    }
    fixed.push_str(&text[until..]);
    (fixed, made.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::Applicability;
    use crate::source::Span;

    fn fix(start: u32, end: u32, replacement: &str) -> Fix {
        Fix { span: Span::new(start, end), replacement: replacement.to_owned(), applicability: Applicability::Safe }
    }

    #[test]
    fn what_overlaps_waits() {
        let fixes = [fix(4, 9, "X"), fix(0, 5, "Y"), fix(9, 9, "+"), fix(9, 9, "-"), fix(0, 5, "Y")];
        assert_eq!(apply("0123456789", &fixes), ("Y5678+9".to_owned(), 2));
        assert_eq!(apply("0123456789", &fixes[..1]), ("0123X9".to_owned(), 1));
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        assert_eq!(apply("aµb", &[fix(1, 2, "x"), fix(3, 9, "x"), fix(3, 4, "b")]), ("aµb".to_owned(), 0));
    }

    proptest! {
        /// The text outside of the fixes that were made stays as it was, and each that was made is in it.
        #[test]
        fn nothing_else_changes(text in "[a-zµ ]{0,40}", fixes in proptest::collection::vec((0u32..50, 0u32..6, "[A-Z]{0,4}"), 0..8)) {
            let fixes: Vec<Fix> = fixes.iter().map(|(start, len, put)| fix(*start, start + len, put)).collect();
            let (fixed, made) = apply(&text, &fixes);
            let small = |text: &str| text.chars().filter(|c| !c.is_ascii_uppercase()).collect::<String>();
            let taken = text.chars().count() - small(&fixed).chars().count();
            prop_assert!(taken <= 6 * made);
            prop_assert!(made <= fixes.len());
            // What is left of the text is a subsequence of it.
            let mut rest = text.chars();
            prop_assert!(small(&fixed).chars().all(|c| rest.any(|other| other == c)));
            // In whatever order they are given.
            let backwards: Vec<Fix> = fixes.iter().rev().cloned().collect();
            prop_assert_eq!(apply(&text, &backwards), (fixed, made));
        }
    }
}
