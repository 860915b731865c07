//! Reading figures out of prose.

use std::ops::Range;

use regex::Captures;

use super::book::{BOOK, Book};
use super::{Figure, Unit};

/// How many bytes on either side of a figure say what it is about.
const NEAR: usize = 60;
/// What ends the words that a figure goes with.
const CLAUSE_ENDS: [&str; 8] = [". ", ", ", "; ", "! ", "? ", " and ", " but ", "\n"];
/// How many letters of a word tell it from others, whatever its ending.
const STEM: usize = 5;
/// The room of a share in words: "a third" may be 31 to 36 per cent.
const LOOSE_SHARE: f64 = 2.5;
/// The room of a figure that is said to be about so much, as a part of it.
const LOOSE: f64 = 0.05;

/// The figures of a text, in order. Bare numbers, years, phases and the like are none.
pub fn read(text: &str) -> Vec<Figure> {
    let Some(book) = BOOK.as_ref() else { return Vec::new() };
    let mut figures = Vec::new();
    let mut from = 0;
    while let Some(found) = book.figure.captures_at(text, from) {
        let Some(whole) = found.get(0) else { break };
        from = whole.end();
        if !stands_alone(text, whole.range()) {
            // It starts or ends inside a word or number: look on behind its first letter.
            from = whole.start() + text[whole.start()..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let share = found.name("whole").map(|part| part.start());
        figures.extend(figure(book, text, &found));
        // The whole of a share is counted too: "of 26 women".
        from = share.unwrap_or(from);
    }
    figures
}

fn stands_alone(text: &str, at: Range<usize>) -> bool {
    let before = text[..at.start].chars().next_back();
    let mut behind = text[at.end..].chars();
    let next = behind.next();
    let goes_on = matches!(next, Some('.' | ',')) && behind.next().is_some_and(|c| c.is_ascii_digit());
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '–' | '/');
    let ends_in_letter = text[at.clone()].ends_with(|c: char| c.is_alphanumeric());
    let is_cut = ends_in_letter && next.is_some_and(char::is_alphanumeric);
    !(before.is_some_and(is_part) || goes_on || is_cut)
}

fn figure(book: &Book, text: &str, found: &Captures<'_>) -> Option<Figure> {
    let whole = found.get(0)?;
    let group = |name: &str| found.name(name).map(|part| part.as_str());
    let (value, unit, within) = if let (Some(part), Some(of)) = (group("part"), group("whole")) {
        let (n, all) = (book.number(part)?, book.number(of)?);
        if all < n || all == 0.0 {
            return None;
        }
        let is_in_words = all < 11.0;
        (100.0 * n / all, Unit::Share, if is_in_words { LOOSE_SHARE } else { 0.0 })
    } else if let Some(fraction) = group("fraction") {
        (*book.fractions.get(&fraction.to_lowercase())?, Unit::Share, LOOSE_SHARE)
    } else if let Some(ratio) = group("ratio") {
        (book.number(ratio)?, Unit::Ratio, half_digit(ratio))
    } else if let Some(n) = group("n") {
        (book.number(n)?, Unit::People, 0.0)
    } else if let (Some(measured), Some(unit)) = (group("measured"), group("unit")) {
        let unit = book.units.get(&unit.to_lowercase())?;
        let unit = if unit == "%" { Unit::Share } else { Unit::Of(unit.clone()) };
        (book.number(measured)?, unit, half_digit(measured))
    } else {
        (book.number(group("counted")?)?, Unit::People, 0.0)
    };
    let is_about = book.about.is_match(&text[..whole.start()]);
    // "Almost half" is less than what "half" leaves room for.
    let within = if is_about { (2.0 * within).max(value * LOOSE) } else { within };
    let near = near(book, text, whole.range());
    Some(Figure { value, unit, within, text: whole.as_str().to_owned(), near, at: whole.range() })
}

/// Half of the last digit that a number writes.
fn half_digit(written: &str) -> f64 {
    let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    0.5 * 0.1_f64.powi(i32::try_from(decimals).unwrap_or(0))
}

/// The starts of the words around a figure in its clause, without those that say nothing.
fn near(book: &Book, text: &str, at: Range<usize>) -> Vec<String> {
    let first = |part: &str| CLAUSE_ENDS.iter().filter_map(|end| part.find(end)).min();
    let last = |part: &str| CLAUSE_ENDS.iter().filter_map(|end| Some(part.rfind(end)? + end.len())).max();
    let before = &text[boundary(text, at.start.saturating_sub(NEAR))..at.start];
    let before = last(before).map_or(before, |end| &before[end..]);
    let behind = &text[at.end..boundary(text, (at.end + NEAR).min(text.len()))];
    let behind = first(behind).map_or(behind, |end| &behind[..end]);
    let words = before.split(|c: char| !c.is_alphabetic()).chain(behind.split(|c: char| !c.is_alphabetic()));
    let mut near: Vec<String> = words
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 3 && !book.common.contains(word))
        .map(|word| word.chars().take(STEM).collect())
        .collect();
    near.sort();
    near.dedup();
    near
}

/// The nearest place at or before `at` where a character starts.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
