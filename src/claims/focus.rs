//! What a text asserts of a phrase that somebody points at.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use crate::cues::Decision;
use crate::document::Document;
use crate::prose::plain;
use crate::reading::Reading;

use super::ClaimReader;

impl ClaimReader<'_> {
    /// What is asserted of `phrase`, in any case, by the first sentence that holds it; `None` where none does. Where it
    /// stands there several times the last counts: what goes before is a label or history ("PE in the past, but no PE
    /// now"). Whole words go before parts of words; a part means the whole word, and a phrase that runs over a
    /// sentence's end means its first sentence.
    pub fn focus(&self, document: &Document, reading: &Reading, phrase: &str) -> Option<Decision> {
        let phrase = searched(phrase)?;
        let place =
            |whole: bool| (0..document.blocks.len()).find_map(|block| place(document, reading, block, &phrase, whole));
        let (sentence, bytes) = place(true).or_else(|| place(false))?;
        let view = reading.view(document, sentence);
        let first = view.words.iter().position(|word| word.end as usize > bytes.start)?;
        let behind = view.words.iter().take_while(|word| (word.start as usize) < bytes.end).count();
        let mut decision = self.cues.read(view, reading.end(sentence)).judge_phrase(first..behind.max(first + 1));
        self.layouts.survey(document, reading, self.cues).apply(sentence, &mut decision);
        Some(decision)
    }
}

/// The first sentence of a block that holds the phrase, with the last place in it where it does; as `whole` words only,
/// or anywhere.
fn place(
    document: &Document,
    reading: &Reading,
    block: usize,
    phrase: &Regex,
    whole: bool,
) -> Option<(usize, Range<usize>)> {
    let text = document.blocks[block].prose.text();
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_whole =
        |at: &Range<usize>| !joins(text[..at.start].chars().next_back()) && !joins(text[at.end..].chars().next());
    let found = phrase.find_iter(text).map(|m| m.range()).filter(|at| !whole || is_whole(at));
    let mut places = found.filter_map(|at| Some((reading.sentence_at(block, at.start)?, at)));
    let first = places.next()?;
    Some(places.take_while(|(sentence, _)| *sentence == first.0).last().unwrap_or(first))
}

/// A search for the phrase in prose, where typographic variants are one; any white space stands for any other.
fn searched(phrase: &str) -> Option<Regex> {
    let mut text = String::with_capacity(phrase.len());
    for c in phrase.chars() {
        match plain(c) {
            Some(plain) => text.push_str(plain),
            None => text.push(c),
        }
    }
    let words: Vec<String> = text.split_whitespace().map(regex::escape).collect();
    let search = RegexBuilder::new(&words.join(r"\s+")).case_insensitive(true).build();
    search.ok().filter(|_| !words.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::assertion::Polarity;
    use crate::rules::RuleSet;
    use crate::source::{Format, SourceFile};

    fn polarity(text: &str, phrase: &str) -> Option<Polarity> {
        let rules = RuleSet::builtin();
        let document = Document::parse(SourceFile::new("t", text, Format::Text));
        let reading = rules.reader().read(&document);
        rules.claims().focus(&document, &reading, phrase).map(|decision| decision.assertion.polarity)
    }

    #[test]
    fn the_place_decides() {
        let text = "He has a cough.\n\nThere is no fever. It isn’t “chest  pain”.";
        assert_eq!(polarity(text, "COUGH"), Some(Polarity::Positive));
        assert_eq!(polarity(text, "feve"), Some(Polarity::Negative));
        assert_eq!(polarity(text, "fever. It"), Some(Polarity::Negative));
        assert_eq!(polarity(text, "“chest pain"), Some(Polarity::Negative));
        assert_eq!(polarity("Allergies: he has no allergies.", "allergies"), Some(Polarity::Negative));
        assert_eq!(polarity("He was admitted without mi.", "mi"), Some(Polarity::Negative));
        assert_eq!(polarity("He has pain without fever.", "pain without fever"), Some(Polarity::Positive));
        assert_eq!(polarity(text, "rash"), None);
        assert_eq!(polarity(text, " "), None);
    }
}
