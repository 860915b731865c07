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
    pub fractions: BTreeMap<String, f64>,
    /// The first form of each unit, by every form.
    pub units: BTreeMap<String, String>,
    pub common: Vec<String>,
    /// A figure, by named groups.
    pub figure: Regex,
    /// The end of a text before a figure that leaves it room.
    pub about: Regex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    numbers: BTreeMap<String, f64>,
    fractions: BTreeMap<String, f64>,
    people: Vec<String>,
    units: Vec<Vec<String>>,
    ratios: Vec<String>,
    about: Vec<String>,
    common: Vec<String>,
}

/// `None` only in a damaged build: the file is part of the program, and tests read it.
pub(super) static BOOK: LazyLock<Option<Book>> = LazyLock::new(|| Book::from_toml(WORDS));

impl Book {
    fn from_toml(text: &str) -> Option<Self> {
        let file: File = toml::from_str(text).ok()?;
        let units: BTreeMap<String, String> = file
            .units
            .iter()
            .filter_map(|forms| Some((forms, forms.first()?)))
            .flat_map(|(forms, first)| forms.iter().map(move |form| (form.clone(), first.clone())))
            .collect();
        let number = format!(r"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+(?:\.[0-9]+)?|{})", any(file.numbers.keys()));
        let (people, fractions) = (any(&file.people), any(file.fractions.keys()));
        let (units_any, ratios) = (any(units.keys()), any(&file.ratios));
        let forms = [
            format!(r"(?P<part>{number})(?: of the | of | in |/| out of )(?P<whole>{number})"),
            format!(r"(?P<fraction>{fractions})"),
            format!(r"(?:{ratios})(?: of|,| =|:)? (?P<ratio>[0-9]+\.[0-9]+)"),
            format!(r"[nN] ?= ?(?P<n>{number})"),
            format!(r"(?P<measured>{number})[ -]?(?P<unit>{units_any})"),
            format!(r"(?P<counted>{number}) (?:[a-z-]+ )?(?P<people>{people})"),
        ];
        let figure = Regex::new(&format!("(?i){}", forms.join("|"))).ok()?;
        let about = Regex::new(&format!(r"(?i)\b(?:{})(?: a| an| the)?\s*$", any(&file.about))).ok()?;
        Some(Self { numbers: file.numbers, fractions: file.fractions, units, common: file.common, figure, about })
    }

    /// A number as it is written.
    pub fn number(&self, written: &str) -> Option<f64> {
        let digits = written.replace(',', "");
        digits.parse().ok().or_else(|| self.numbers.get(&written.to_lowercase()).copied())
    }
}

/// An expression that takes any of these words, the longest first.
fn any<'w>(words: impl IntoIterator<Item = &'w String>) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| regex::escape(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.join("|")
}
