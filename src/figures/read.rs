//! Reading figures out of prose.

use std::ops::Range;

use regex::Captures;

use super::book::{BOOK, Book};
use super::{Figure, Unit, words};

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
        // The whole of a share is counted too: "of 26 women". That of a rate is not: "one in five adults".
        let counted = found.name("whole").filter(|_| found.name("rate").is_none());
        figures.extend(figure(book, text, &found));
        from = counted.map_or(from, |whole| whole.start());
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
    let number = |written: &str| book.number(written).map(|(number, _)| number);
    let (value, unit, within) = if let (Some(part), Some(of)) = (group("part"), group("whole")) {
        let (n, all) = (number(part)?, number(of)?);
        if all < n || all == 0.0 {
            return None;
        }
        let is_in_words = all < 11.0;
        (100.0 * n / all, Unit::Share, if is_in_words { LOOSE_SHARE } else { 0.0 })
    } else if let Some(fraction) = group("fraction") {
        (*book.fractions.get(&fraction.to_lowercase())?, Unit::Share, LOOSE_SHARE)
    } else if let Some(ratio) = group("ratio") {
        (number(ratio)?, Unit::Ratio, half_digit(book, ratio))
    } else if let Some(n) = group("n") {
        (number(n)?, Unit::People, 0.0)
    } else if let (Some(measured), Some(unit)) = (group("measured"), group("unit")) {
        let unit = book.units.get(&unit.to_lowercase())?;
        let unit = if unit == "%" { Unit::Share } else { Unit::Of(unit.clone()) };
        (number(measured)?, unit, half_digit(book, measured))
    } else {
        let counted = group("counted")?;
        // Heads are counted one by one, millions of them are not.
        let is_rounded = book.number(counted)?.1 > 1.0;
        (number(counted)?, Unit::People, if is_rounded { half_digit(book, counted) } else { 0.0 })
    };
    let before = words::before(text, whole.start());
    let is_about = book.about.is_match(before);
    // "Almost half" is less than what "half" leaves room for.
    let within = if is_about { (2.0 * within).max(value * LOOSE) } else { within };
    let is_of_range = book.range_before.is_match(before) || book.range_behind.is_match(&text[whole.end()..]);
    let (near, around) = words::about(book, text, whole.range());
    let of = words::of(book, text, whole.range());
    Some(Figure {
        value,
        unit,
        within,
        text: whole.as_str().to_owned(),
        near,
        around,
        of,
        is_of_range,
        at: whole.range(),
    })
}

/// Half of the last digit that a number writes.
fn half_digit(book: &Book, written: &str) -> f64 {
    let number = written.split(' ').next().unwrap_or(written);
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let times = book.number(written).map_or(1.0, |(_, times)| times);
    0.5 * times * 0.1_f64.powi(i32::try_from(decimals).unwrap_or(0))
}
