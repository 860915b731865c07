//! Whether a figure stands in another text.

use super::book::BOOK;
use super::words::is_year;
use super::{Figure, Unit};

/// What another text has of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found<'f> {
    /// It stands there.
    Same(&'f Figure),
    /// Of the same thing it has another one.
    Other(&'f Figure),
    /// One that may be it: the same number where nothing says that it is of the same thing, or one that it can follow
    /// from. A person has to look.
    Unclear(&'f Figure),
    /// Nothing of the sort.
    Nothing,
}

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// One work, as a summary is.
    One,
    /// Many things: there the same number is often one of something else, and the same words too.
    Many,
}

/// How many of the words around two figures must be the same for them to speak of the same thing, where there are so
/// many.
const SAME_THING: usize = 2;
/// A summary with more figures than that tells of many things.
const ONE_WORK: usize = 24;
/// A number of so many digits is hardly ever found by chance.
const TELLING_DIGITS: usize = 3;
/// Whole numbers up to this are found everywhere, and so are multiples of the other.
const EVERYWHERE: f64 = 12.0;
const ROUND: f64 = 5.0;
/// By what part two measures in different units may differ: 24 months and two years.
const CONVERTED: f64 = 0.01;

impl Figure {
    /// Whether two figures are the same after rounding to the digits that either writes.
    pub fn equals(&self, other: &Figure) -> bool {
        let room = self.within.max(other.within) + 1e-9;
        (self.unit == other.unit && (self.value - other.value).abs() <= room)
            || self.converts_to(other)
            || other.converts_to(self)
    }

    /// Whether it is the other in a larger unit.
    fn converts_to(&self, other: &Figure) -> bool {
        let (Unit::Of(large), Unit::Of(small), Some(book)) = (&self.unit, &other.unit, BOOK.as_ref()) else {
            return false;
        };
        let factor = book.conversions.iter().find(|(from, to, _)| from == large && to == small);
        factor.is_some_and(|(.., factor)| (self.value * factor - other.value).abs() <= other.value * CONVERTED)
    }

    /// Looks for it among the figures of another text. Another one is told only where both speak of the same thing, of the
    /// same people and time, and no third does.
    pub fn find<'f>(&self, text: &'f [Figure], breadth: Breadth) -> Found<'f> {
        let is_broad = breadth == Breadth::Many || text.len() > ONE_WORK;
        let same = || text.iter().filter(|other| self.equals(other));
        if let Some(same) = same().find(|other| !is_broad || self.is_in_context(other)) {
            return Found::Same(same);
        }
        if let Some(unclear) = same().next().or_else(|| text.iter().find(|other| self.follows_from(other))) {
            return Found::Unclear(unclear);
        }
        let mut of_the_same = text.iter().filter(|other| self.is_of_the_same(other, is_broad));
        match of_the_same.next() {
            Some(other) if of_the_same.all(|third| third.equals(other)) => Found::Other(other),
            _ => Found::Nothing,
        }
    }

    /// Whether the words around the same number say that it is the same figure, or its digits alone do.
    fn is_in_context(&self, other: &Figure) -> bool {
        let digits = self.text.trim_matches(|c: char| !c.is_ascii_digit()).bytes().filter(u8::is_ascii_digit);
        let digits: Vec<u8> = digits.skip_while(|digit| *digit == b'0').collect();
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        let is_telling = digits.len() - zeros >= TELLING_DIGITS;
        let is_round = self.value % ROUND == 0.0 || (self.value <= EVERYWHERE && self.value.fract() == 0.0);
        let is_everywhere = is_round && self.unit != Unit::Ratio;
        let wanted = if is_everywhere { SAME_THING } else { 1 };
        let is_of_control = |figure: &Figure| BOOK.as_ref().is_some_and(|book| figure.of.contains(&book.control));
        if is_of_control(self) != is_of_control(other) {
            return false;
        }
        let known = |figure: &Figure, word: &String| figure.near.contains(word) || figure.around.contains(word);
        let shared = self.near.iter().chain(&self.around).filter(|word| known(other, word)).count();
        is_telling || shared >= wanted
    }

    /// Whether it may be worked out from the other: what is left of a hundred, or of a ratio of risks.
    fn follows_from(&self, other: &Figure) -> bool {
        let room = self.within.max(other.within).max(0.5) + 1e-9;
        let left = match (&self.unit, &other.unit) {
            (Unit::Share, Unit::Share) => 100.0 - other.value,
            (Unit::Share, Unit::Ratio) => 100.0 * (1.0 - other.value).abs(),
            _ => return false,
        };
        let shares = self.near.iter().any(|word| other.near.contains(word) || other.around.contains(word));
        (self.value - left).abs() <= room && (shares || other.unit == Unit::Ratio)
    }

    /// Whether another figure is one of the same thing: by the words of its clause, of whom it is, and when. In a text
    /// that is about many things more of the words have to be the same.
    fn is_of_the_same(&self, other: &Figure, is_broad: bool) -> bool {
        let shared = self.near.iter().filter(|word| other.near.contains(word)).count();
        let fewest = self.near.len().min(other.near.len());
        let is_about_it = if is_broad {
            let is_all = self.near.len() == shared && other.near.len() == shared;
            let wanted = if is_all || self.is_slip_of(other) { SAME_THING } else { SAME_THING + 1 };
            shared >= wanted && 2 * shared >= fewest
        } else {
            shared >= SAME_THING.min(fewest).max(1)
        };
        // A figure may lie between the ends of a range, and the ends are told in other ways.
        let is_one = !self.is_of_range && !other.is_of_range;
        self.unit == other.unit && is_about_it && is_one && self.is_of_those(other)
    }

    /// Whether one is the other with digits that have changed places, or with its point in another.
    fn is_slip_of(&self, other: &Figure) -> bool {
        let digits = |figure: &Figure| {
            let mut digits: Vec<char> = figure.text.chars().filter(|c| ('1'..='9').contains(c)).collect();
            digits.sort_unstable();
            digits
        };
        let (mine, theirs) = (digits(self), digits(other));
        !mine.is_empty() && mine == theirs
    }

    /// Whether both are of the same people, as far as either says, and of one year, where both name one.
    fn is_of_those(&self, other: &Figure) -> bool {
        let groups =
            |figure: &'_ Figure| -> Vec<String> { figure.of.iter().filter(|word| !is_year(word)).cloned().collect() };
        let years =
            |figure: &'_ Figure| -> Vec<String> { figure.of.iter().filter(|word| is_year(word)).cloned().collect() };
        let (mine, theirs) = (years(self), years(other));
        let is_then = mine.is_empty() || theirs.is_empty() || mine.iter().any(|year| theirs.contains(year));
        groups(self) == groups(other) && is_then
    }
}
