//! What a text asserts of a phrase that somebody points at.

use regex::{Regex, RegexBuilder};

use crate::cues::Decision;
use crate::document::Document;
use crate::prose::plain;
use crate::reading::Reading;

use super::ClaimReader;

impl ClaimReader<'_> {
    /// What is asserted of the first place where `phrase` stands, in any case; `None` where it does not. A phrase that
    /// starts or ends inside a word means the whole word; one that runs over a sentence's end means its first sentence.
    pub fn focus(&self, document: &Document, reading: &Reading, phrase: &str) -> Option<Decision> {
        let phrase = searched(phrase)?;
        let found = |block: usize| Some((block, phrase.find(document.blocks[block].prose.text())?.range()));
        let (block, bytes) = (0..document.blocks.len()).find_map(found)?;
        let sentence = reading.sentence_at(block, bytes.start)?;
        let view = reading.view(document, sentence);
        let first = view.words.iter().position(|word| word.end as usize > bytes.start)?;
        let behind = view.words.iter().take_while(|word| (word.start as usize) < bytes.end).count();
        Some(self.cues.read(view, reading.end(sentence)).judge_words(first..behind.max(first + 1)))
    }
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
        assert_eq!(polarity(text, "rash"), None);
        assert_eq!(polarity(text, " "), None);
    }
}
