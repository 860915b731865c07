//! The words around a figure: what it is about, of whom it is, and when.

use std::ops::Range;

use super::book::{BOOK, Book};

/// How many bytes on either side of a figure say what it is about, and how many belong to its sentence at most.
const NEAR: usize = 60;
const SENTENCE: usize = 200;
const SENTENCE_ENDS: [&str; 4] = [". ", "! ", "? ", "\n"];
/// How many letters of a word tell it from others, whatever its ending.
const STEM: usize = 5;
/// Most words of a sentence that are kept with a figure. Sentences of twice that length have more words that say
/// something; the nearest ones are kept, and two shared ones are enough.
const MOST: usize = 12;
/// How many letters of it are left at least when its ending is taken off.
const SHORTEST_STEM: usize = 3;
/// How many letters a word of content has at least.
const SHORTEST: usize = 4;

/// The starts of the words of a figure's clause that say something, and of the other ones of its sentence.
pub(super) fn about(book: &Book, text: &str, at: Range<usize>) -> (Vec<String>, Vec<String>) {
    let clause = stretch(text, &at, NEAR, &book.clause_ends);
    let sentence = stretch(text, &at, SENTENCE, &[]);
    let mut near: Vec<String> = parts(text, &clause, &at).into_iter().flat_map(|part| stems(book, part)).collect();
    near.sort();
    near.dedup();
    let [before, behind] = parts(text, &sentence, &at).map(|part| stems(book, part).collect::<Vec<String>>());
    let mut around: Vec<String> = Vec::new();
    // From the figure outwards.
    for step in 0..before.len().max(behind.len()) {
        let nearest = [before.iter().rev().nth(step), behind.get(step)];
        for word in nearest.into_iter().flatten().filter(|word| !near.contains(word)) {
            if around.len() + near.len() < MOST && !around.contains(word) {
                around.push(word.clone());
            }
        }
    }
    around.sort();
    (near, around)
}

/// The starts of the words of a text that stand for what a figure is about, though they are not in its sentence: those of
/// a table's line, of a heading. At most so many that `around` is full.
pub(super) fn beside(text: &str, near: &[String], around: &mut Vec<String>) {
    let Some(book) = BOOK.as_ref() else { return };
    for word in stems(book, text) {
        if around.len() + near.len() < MOST && !near.contains(&word) && !around.contains(&word) {
            around.push(word);
        }
    }
    around.sort();
}

/// Of whom a figure is, by the words of its clause, or else by those before it in its sentence ("among women, …"), and when,
/// by the years of its sentence.
pub(super) fn of(book: &Book, text: &str, at: Range<usize>) -> Vec<String> {
    let clause = stretch(text, &at, NEAR, &book.clause_ends);
    let sentence = stretch(text, &at, SENTENCE, &[]);
    let groups = |range: Range<usize>| -> Vec<String> {
        let words = text[range].split(|c: char| !(c.is_alphabetic() || c == '-'));
        words.filter_map(|word| book.groups.get(&word.to_lowercase()).cloned()).collect()
    };
    let mut of = groups(clause);
    if of.is_empty() {
        of = groups(sentence.start..at.start);
    }
    let numbers = parts(text, &sentence, &at).into_iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    of.extend(numbers.filter(|word| is_year(word)).map(str::to_owned));
    of.sort();
    of.dedup();
    of
}

/// Whether it is a year of the last hundred or of the next.
pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit())
}

/// The words right before a place of a text.
pub(super) fn before(text: &str, at: usize) -> &str {
    &text[boundary(text, at.saturating_sub(NEAR))..at]
}

/// The text before and behind a figure in a stretch.
fn parts<'t>(text: &'t str, stretch: &Range<usize>, at: &Range<usize>) -> [&'t str; 2] {
    [&text[stretch.start..at.start], &text[at.end..stretch.end]]
}

/// The stretch around a figure in its sentence, up to so many bytes, and to the nearest of these ends.
fn stretch(text: &str, at: &Range<usize>, most: usize, ends: &[String]) -> Range<usize> {
    let from = boundary(text, at.start.saturating_sub(most));
    let to = boundary(text, (at.end + most).min(text.len()));
    let ends = || ends.iter().map(String::as_str).chain(SENTENCE_ENDS);
    let last = ends().filter_map(|end| Some(text[from..at.start].rfind(end)? + end.len())).max();
    let first = ends().filter_map(|end| text[at.end..to].find(end)).min();
    from + last.unwrap_or(0)..first.map_or(to, |first| at.end + first)
}

fn stems<'t>(book: &'t Book, text: &'t str) -> impl Iterator<Item = String> + 't {
    let words = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    let says_something = |word: &String| word.chars().count() >= SHORTEST && !book.common.contains(word);
    words.filter(says_something).map(|word| {
        let without = book.endings.iter().find_map(|ending| word.strip_suffix(ending.as_str()));
        let stem = without.filter(|stem| stem.chars().count() >= SHORTEST_STEM).unwrap_or(&word);
        stem.chars().take(STEM).collect()
    })
}

/// The nearest place at or before `at` where a character starts.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
