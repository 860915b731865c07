//! The words with which figures are written.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

const WORDS: &str = include_str!("../../rules/language/figures.toml");

/// Numbers, units and the words around them, compiled.
#[derive(Debug)]
pub(super) struct Book {
    pub numbers: BTreeMap<String, f64>,
    pub magnitudes: BTreeMap<String, f64>,
    pub fractions: BTreeMap<String, f64>,
    /// The first form of each unit, by every form.
    pub units: BTreeMap<String, String>,
    /// So many of the second unit are one of the first.
    pub conversions: Vec<(String, String, f64)>,
    /// The first word of each group, by every word.
    pub groups: BTreeMap<String, String>,
    /// The group with which others are compared.
    pub control: String,
    /// What ends the words that a figure goes with, besides the end of its sentence.
    pub clause_ends: Vec<String>,
    pub common: Vec<String>,
    /// What words lose before their starts are compared.
    pub endings: Vec<String>,
    /// A figure, by named groups.
    pub figure: Regex,
    /// The end of a text before a figure that leaves it room.
    pub about: Regex,
    /// What stands before the second figure of a range, and behind the first.
    pub range_before: Regex,
    pub range_behind: Regex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    numbers: BTreeMap<String, f64>,
    magnitudes: BTreeMap<String, f64>,
    fractions: BTreeMap<String, f64>,
    people: Vec<String>,
    units: Vec<Vec<String>>,
    conversions: Vec<(String, String, f64)>,
    groups: Vec<Vec<String>>,
    controls: Vec<String>,
    comparisons: Vec<String>,
    ratios: Vec<String>,
    about: Vec<String>,
    ranges: Vec<String>,
    endings: Vec<String>,
    common: Vec<String>,
}

const CLAUSE_ENDS: [&str; 6] = [", ", "; ", " and ", " but ", " (", ") "];

/// `None` only in a damaged build: the file is part of the program, and tests read it.
pub(super) static BOOK: LazyLock<Option<Book>> = LazyLock::new(|| Book::from_toml(WORDS));

impl Book {
    fn from_toml(text: &str) -> Option<Self> {
        let file: File = toml::from_str(text).ok()?;
        let (units, mut groups) = (by_every_form(&file.units), by_every_form(&file.groups));
        let control = file.controls.first()?.clone();
        groups.extend(file.controls.iter().map(|word| (word.clone(), control.clone())));
        let digits = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?)";
        let magnitudes = any(file.magnitudes.keys());
        let number = format!(r"(?:(?:{digits}|{})(?: (?:{magnitudes}))?)", any(file.numbers.keys()));
        let (people, fractions) = (any(&file.people), any(file.fractions.keys()));
        let (units_any, ratios) = (any(units.keys()), any(&file.ratios));
        let forms = [
            format!(r"(?P<part>{number})(?: of the | of |(?P<rate> in | per )|/| out of )(?P<whole>{number})"),
            format!(r"(?P<fraction>{fractions})"),
            format!(r"(?:{ratios})(?: of|,| =|:)? (?P<ratio>[0-9]+\.[0-9]+)"),
            format!(r"[nN] ?= ?(?P<n>{number})"),
            format!(r"(?P<measured>{number})[ -]?(?P<unit>{units_any})"),
            format!(r"(?P<counted>{number}) (?:[a-z-]+ )?(?P<people>{people})"),
        ];
        let figure = Regex::new(&format!("(?i){}", forms.join("|"))).ok()?;
        let about = Regex::new(&format!(r"(?i)\b(?:{})(?: a| an| the)?\s*$", any(&file.about))).ok()?;
        let joins = any(&file.ranges);
        let unit = format!("(?:[ -]?(?:{units_any}))?");
        let range_before = Regex::new(&format!(r"(?i)\b{number}{unit}(?:{joins})$")).ok()?;
        let range_behind = Regex::new(&format!(r"(?i)^(?:{joins}){number}\b")).ok()?;
        let File { numbers, magnitudes, fractions, conversions, mut comparisons, endings, common, .. } = file;
        comparisons.extend(CLAUSE_ENDS.map(str::to_owned));
        let clause_ends = comparisons;
        Some(Self {
            numbers,
            magnitudes,
            fractions,
            units,
            conversions,
            groups,
            control,
            clause_ends,
            common,
            endings,
            figure,
            about,
            range_before,
            range_behind,
        })
    }

    /// A number as it is written, and by what its last digit is to be multiplied: `2.8 million` is `(2800000, 1000000)`.
    pub fn number(&self, written: &str) -> Option<(f64, f64)> {
        let written = written.to_lowercase();
        let magnitude = |words: &str| self.magnitudes.get(words).copied();
        let (written, times) = match written.rsplit_once(' ') {
            Some((number, last)) => (number, magnitude(last)?),
            None => (written.as_str(), 1.0),
        };
        let digits = written.replace(',', "");
        let number = digits.parse().ok().or_else(|| self.numbers.get(written).copied())?;
        Some((number * times, times))
    }
}

/// The first form in each list, by every form of it.
fn by_every_form(lists: &[Vec<String>]) -> BTreeMap<String, String> {
    let with_first = lists.iter().filter_map(|forms| Some((forms, forms.first()?)));
    with_first.flat_map(|(forms, first)| forms.iter().map(move |form| (form.clone(), first.clone()))).collect()
}

/// An expression that takes any of these words, the longest first.
fn any<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| regex::escape(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.join("|")
}
