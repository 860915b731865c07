//! Regular expressions of rules: compiled when they are first needed, since most drafts need few of them.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// A regular expression, in any case.
#[derive(Debug, Serialize, Deserialize)]
pub struct LazyRegex {
    pattern: String,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

/// Largest program of one expression, in bytes.
const LARGEST: usize = 1 << 22;

impl LazyRegex {
    /// Compiles it at once, so that its mistakes are found.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        let compiled = compile(pattern)?;
        Ok(Self { pattern: pattern.to_owned(), compiled: Some(compiled).into() })
    }

    /// Whether it occurs in a text.
    pub fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|regex| regex.is_match(text))
    }

    /// Everything that it matches in a text.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = regex::Match<'t>> {
        self.get().into_iter().flat_map(move |regex| regex.find_iter(text))
    }

    /// What its first group catches in a text, match by match.
    pub fn groups<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let all = self.get().into_iter().flat_map(move |regex| regex.captures_iter(text));
        all.filter_map(|captures| captures.get(1).map(|group| group.as_str()))
    }

    fn get(&self) -> Option<&Regex> {
        // One that comes from a release build has been compiled there.
        self.compiled.get_or_init(|| compile(&self.pattern).ok()).as_ref()
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&in_ascii(pattern)).case_insensitive(true).size_limit(LARGEST).build()
}

/// The same pattern with the classes `\d`, `\s`, `\w` and the boundary `\b` of ASCII. Those of Unicode take many
/// times as long to compile, and prose has no digits or spaces of other kinds left.
fn in_ascii(pattern: &str) -> String {
    let mut ascii = String::with_capacity(pattern.len() + 16);
    let mut in_class = false;
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        let escaped = if c == '\\' { characters.next() } else { None };
        match (escaped, in_class) {
            (Some('d'), true) => ascii.push_str("0-9"),
            (Some('s'), true) => ascii.push_str(r"\t\n\v\f\r "),
            (Some('w'), true) => ascii.push_str("0-9A-Za-z_"),
            (Some('d'), false) => ascii.push_str("[0-9]"),
            (Some('s'), false) => ascii.push_str(r"[\t\n\v\f\r ]"),
            (Some('w'), false) => ascii.push_str("[0-9A-Za-z_]"),
            (Some('b'), false) => ascii.push_str(r"(?-u:\b)"),
            (Some(other), _) => ascii.extend(['\\', other]),
            (None, _) => ascii.push(c),
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn classes_are_those_of_ascii() {
        assert_eq!(in_ascii(r"\b\d+[\d.,]*\s?(mg|µg)\b"), r"(?-u:\b)[0-9]+[0-9.,]*[\t\n\v\f\r ]?(mg|µg)(?-u:\b)");
        assert_eq!(in_ascii(r"[$£€]\s\\d\[\d\]"), r"[$£€][\t\n\v\f\r ]\\d\[[0-9]\]");
        let regex = LazyRegex::new(r"take \d+ ?µg\b").unwrap();
        assert_eq!(
            regex.find_iter("Take 5 µg. TAKE 10µg!").map(|m| m.as_str()).collect::<Vec<_>>(),
            ["Take 5 µg", "TAKE 10µg"]
        );
        assert!(LazyRegex::new("(").is_err());
    }
}
