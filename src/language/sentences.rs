//! Cutting a block's prose into sentences and words, in one pass.

use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::words::{Marks, Vocabulary, Word, starts_word};

/// How a sentence ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// With a full stop, or with the end of its block.
    #[default]
    Statement,
    /// With a question mark.
    Question,
    /// With an exclamation mark.
    Exclamation,
}

/// One sentence: where its text and its words are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Bytes of the block's prose, without white space around them.
    pub range: Range<u32>,
    /// Indices of its words.
    pub words: Range<u32>,
    /// How it ends.
    pub end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Abbreviation {
    Never,
    Maybe,
}

/// Knows abbreviations and the words that start sentences; cuts text.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Segmenter {
    abbreviations: FxHashMap<Box<str>, bool>,
    starters: FxHashMap<Box<str>, ()>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    never: Vec<Box<str>>,
    maybe: Vec<Box<str>>,
    starters: Vec<Box<str>>,
}

impl Segmenter {
    /// From the text of a list like `rules/language/abbreviations.toml`.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let lists: Lists = toml::from_str(text)?;
        let never = lists.never.into_iter().map(|word| (word, true));
        let maybe = lists.maybe.into_iter().map(|word| (word, false));
        Ok(Self {
            abbreviations: maybe.chain(never).collect(),
            starters: lists.starters.into_iter().map(|word| (word, ())).collect(),
        })
    }

    fn abbreviation(&self, word: &str) -> Option<Abbreviation> {
        if word.len() > 8 {
            return None;
        }
        let never = *self.abbreviations.get(word.to_ascii_lowercase().as_str())?;
        Some(if never { Abbreviation::Never } else { Abbreviation::Maybe })
    }

    fn is_starter(&self, word: &str) -> bool {
        word.len() <= 12 && self.starters.contains_key(word.to_ascii_lowercase().as_str())
    }

    /// Cuts `text` and appends its sentences and words to the two lists.
    pub fn cut(&self, text: &str, vocabulary: &Vocabulary, sentences: &mut Vec<Sentence>, words: &mut Vec<Word>) {
        let mut cutter = Cutter {
            segmenter: self,
            text,
            words,
            sentences,
            first_word: 0,
            sentence_start: None,
            marks: Marks::default(),
            quoted: false,
            single_quoted: false,
        };
        cutter.first_word = cutter.words.len();
        cutter.run(vocabulary);
    }
}

struct Cutter<'a> {
    segmenter: &'a Segmenter,
    text: &'a str,
    words: &'a mut Vec<Word>,
    sentences: &'a mut Vec<Sentence>,
    first_word: usize,
    sentence_start: Option<usize>,
    marks: Marks,
    quoted: bool,
    single_quoted: bool,
}

impl Cutter<'_> {
    fn run(&mut self, vocabulary: &Vocabulary) {
        let text = self.text;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if let Some(end) = starts_word(text, at) {
                self.push_word(vocabulary, at, end);
                at = end;
                continue;
            }
            let width = if bytes[at] < 0x80 { 1 } else { text[at..].chars().next().map_or(1, char::len_utf8) };
            if !bytes[at].is_ascii_whitespace() && self.sentence_start.is_none() {
                self.sentence_start = Some(at);
            }
            at = match bytes[at] {
                b'.' | b'!' | b'?' => self.stop(at),
                b'\n' => at + 1,
                _ => {
                    self.mark(at, width);
                    at + width
                }
            };
        }
        self.finish(bytes.len(), End::Statement);
    }

    fn push_word(&mut self, vocabulary: &Vocabulary, start: usize, end: usize) {
        self.sentence_start.get_or_insert(start);
        let word = &self.text[start..end];
        let mut marks = self.marks.with(shape(word));
        if self.quoted {
            marks.set(Marks::QUOTED);
        }
        if self.single_quoted {
            marks.set(Marks::SINGLE_QUOTED);
        }
        self.words.push(Word { start: start as u32, end: end as u32, id: vocabulary.look_up(word), marks });
        self.marks = Marks::default();
    }

    /// Notes a character between words.
    fn mark(&mut self, at: usize, width: usize) {
        let text = self.text;
        let mark = match text.as_bytes()[at] {
            b',' => Marks::COMMA,
            b';' => Marks::SEMICOLON,
            b':' => Marks::COLON,
            b'(' | b'[' | b'{' => Marks::OPEN,
            b')' | b']' | b'}' => Marks::CLOSE,
            b'/' => Marks::SLASH,
            b'-' if self.joins(at) => Marks::HYPHEN,
            b'-' => Marks::DASH,
            b'"' => {
                self.quoted = if self.opens(at) { true } else { !self.quoted && self.closes_nothing(at) };
                Marks::QUOTE
            }
            b'\'' => {
                self.single_quoted = self.opens(at);
                Marks::QUOTE
            }
            _ => match &text[at..at + width] {
                "—" => Marks::DASH,
                "–" if !self.joins(at) => Marks::DASH,
                "…" => Marks::DOT,
                "•" | "·" | "|" => Marks::SEMICOLON,
                _ => return,
            },
        };
        self.marks.set(mark);
    }

    fn joins(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        let after = self.text[at..].chars().nth(1);
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    }

    /// A quotation mark opens where white space or an opening bracket stands before it and none behind.
    fn opens(&self, at: usize) -> bool {
        let before = self.text[..at].chars().next_back();
        let after = self.text[at + 1..].chars().next();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | '"' | '\''))
            && after.is_some_and(|c| !c.is_whitespace())
    }

    /// A mark between two letters says nothing; treat it as an opening one only if nothing is open.
    fn closes_nothing(&self, at: usize) -> bool {
        self.joins(at)
    }

    /// A full stop, exclamation or question mark at `at`: ends the sentence or not. Returns where to read on.
    fn stop(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at;
        let mut question = false;
        let mut exclamation = false;
        while let Some(&byte) = bytes.get(end) {
            match byte {
                b'.' => {}
                b'?' => question = true,
                b'!' => exclamation = true,
                _ => break,
            }
            end += 1;
        }
        let dots_only = !question && !exclamation;
        let ellipsis = dots_only && end - at > 1;
        // Closing quotation marks and brackets, and a footnote's number, belong to the sentence that ends here.
        let mut tail = end;
        while let Some(&byte) = bytes.get(tail) {
            match byte {
                b'"' | b'\'' | b')' | b']' | b'*' => tail += 1,
                b'0'..=b'9' if tail == end && footnote(bytes, tail) => {
                    while bytes.get(tail).is_some_and(u8::is_ascii_digit) {
                        tail += 1;
                    }
                }
                _ => break,
            }
        }
        let closing = &self.text[end..tail];
        if !self.ends_sentence(at, tail, dots_only, ellipsis, !closing.is_empty()) {
            self.marks.set(Marks::DOT);
            return end;
        }
        if closing.contains('"') {
            self.quoted = false;
            self.marks.set(Marks::QUOTE);
        }
        self.single_quoted = false;
        let kind = match (question, exclamation) {
            (true, _) => End::Question,
            (_, true) => End::Exclamation,
            _ => End::Statement,
        };
        self.finish(tail, kind);
        tail
    }

    fn ends_sentence(&self, at: usize, tail: usize, dots_only: bool, ellipsis: bool, closed: bool) -> bool {
        let rest = &self.text[tail..];
        let next = rest.trim_start();
        if next.is_empty() {
            return true;
        }
        if rest.len() == next.len() {
            return false;
        }
        let Some(first) = next.chars().find(|c| !matches!(c, '"' | '\'' | '(' | '[' | '*' | '-' | '—' | '•'))
        else {
            return true;
        };
        if first.is_lowercase() {
            // "“Is it safe?” she asked": the sentence goes on. A lone mark before a small letter still ends one in
            // informal writing ("does it work? idk"), but not behind a closing quotation mark or a full stop.
            return !dots_only && !closed;
        }
        if !dots_only {
            return true;
        }
        let before = self.words.get(self.first_word..).and_then(<[Word]>::last).filter(|w| w.end as usize == at);
        let Some(before) = before else { return true };
        let word = before.text(self.text);
        let next_word = starts_word(next, next.len() - next.trim_start_matches(|c: char| !c.is_alphanumeric()).len())
            .map_or("", |end| &next[next.len() - next.trim_start_matches(|c: char| !c.is_alphanumeric()).len()..end]);
        if ellipsis {
            return first.is_uppercase();
        }
        match self.segmenter.abbreviation(word) {
            // "No. 5" is a number, "he said no. Then" is not.
            Some(Abbreviation::Never) if matches!(word, "no" | "No" | "ed" | "min" | "max" | "col" | "est") => {
                !first.is_ascii_digit()
            }
            // In capitals it is the disease and not the title.
            Some(Abbreviation::Never) if word == "MS" => self.segmenter.is_starter(next_word) || first.is_uppercase(),
            Some(Abbreviation::Never) if word == "al" => self.segmenter.is_starter(next_word),
            Some(Abbreviation::Never) => false,
            Some(Abbreviation::Maybe) if word.len() > 3 || word.contains('.') => self.segmenter.is_starter(next_word),
            Some(Abbreviation::Maybe) => self.segmenter.is_starter(next_word) || first.is_uppercase(),
            // "J. Smith", but "vitamin D. The".
            None if word.chars().count() == 1 && word.chars().all(char::is_uppercase) => {
                self.segmenter.is_starter(next_word)
            }
            None => true,
        }
    }

    fn finish(&mut self, end: usize, kind: End) {
        if let Some(start) = self.sentence_start.take()
            && self.words.len() > self.first_word
        {
            let trimmed = self.text[start..end].trim_end();
            self.sentences.push(Sentence {
                range: start as u32..(start + trimmed.len()) as u32,
                words: self.first_word as u32..self.words.len() as u32,
                end: kind,
            });
            self.first_word = self.words.len();
        }
        self.marks = Marks::default();
    }
}

/// One or two digits behind a full stop with white space after them: a footnote's mark that lost its raised form.
fn footnote(bytes: &[u8], at: usize) -> bool {
    let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let after_letter = at >= 2 && bytes[at - 2].is_ascii_alphabetic();
    after_letter && digits <= 2 && bytes.get(at + digits).is_none_or(u8::is_ascii_whitespace)
}

fn shape(word: &str) -> Marks {
    let mut marks = Marks::default();
    let bytes = word.as_bytes();
    let first_upper =
        bytes[0].is_ascii_uppercase() || (bytes[0] >= 0x80 && word.chars().next().is_some_and(char::is_uppercase));
    if first_upper {
        marks.set(Marks::CAPITAL);
        if bytes.len() > 1 && !bytes.iter().any(u8::is_ascii_lowercase) {
            marks.set(Marks::UPPER);
        }
    }
    if bytes.iter().any(u8::is_ascii_digit) {
        marks.set(Marks::DIGIT);
    }
    marks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let segmenter = Segmenter::from_toml(include_str!("../../rules/language/abbreviations.toml")).unwrap();
        let (mut sentences, mut words) = (Vec::new(), Vec::new());
        segmenter.cut(text, &Vocabulary::default(), &mut sentences, &mut words);
        sentences.iter().map(|s| &text[s.range.start as usize..s.range.end as usize]).collect()
    }

    #[test]
    fn abbreviations_do_not_end_sentences() {
        assert_eq!(sentences("Dr. Smith saw Mrs. Jones vs. approx. 5 others. She left.").len(), 2);
        assert_eq!(sentences("Use e.g. aspirin, i.e. a tablet. See Fig. 2 for more.").len(), 2);
        assert_eq!(sentences("It is sold in the U.S. and the U.K. It works.").len(), 2);
        assert_eq!(sentences("The U.S. Food and Drug Administration agreed.").len(), 1);
        assert_eq!(sentences("J. Smith et al. found it. They wrote it up at 5 p.m. on Monday.").len(), 2);
        assert_eq!(sentences("Take vitamin D. The dose is 2.5 mg. It costs 1,000.50 dollars.").len(), 3);
        assert_eq!(sentences("We study MS. It has no cure.").len(), 2);
        assert_eq!(sentences("He said no. Then he left.").len(), 2);
    }

    #[test]
    fn quotes_and_questions() {
        assert_eq!(
            sentences("\"Is it safe?\" she asked. \"It is.\" He agreed."),
            ["\"Is it safe?\" she asked.", "\"It is.\"", "He agreed."]
        );
        assert_eq!(sentences("Can it cure MS? No."), ["Can it cure MS?", "No."]);
        assert_eq!(sentences("Just… quiet. Wait... what? Really?!").len(), 3);
        assert_eq!(sentences("(It works.) Then stop."), ["(It works.)", "Then stop."]);
        assert_eq!(sentences("kidney failure, not dialysis.1 More follows.").len(), 2);
        assert_eq!(sentences("See example.com for 10.1 things"), ["See example.com for 10.1 things"]);
    }

    #[test]
    fn words_inside_quotation_marks_are_marked() {
        let text = "He called it \"a cure\" today.";
        let segmenter = Segmenter::from_toml(include_str!("../../rules/language/abbreviations.toml")).unwrap();
        let (mut sentences, mut words) = (Vec::new(), Vec::new());
        segmenter.cut(text, &Vocabulary::default(), &mut sentences, &mut words);
        let quoted: Vec<_> = words.iter().filter(|w| w.marks.has(Marks::QUOTED)).map(|w| w.text(text)).collect();
        assert_eq!(quoted, ["a", "cure"]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(sentences("").is_empty());
        assert!(sentences(" . ! ?").is_empty());
    }
}
