//! Names that no list holds, known by how they are made: `-itis`, "… syndrome", `-mab`, KYV-101.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::language::{Marks, Vocabulary, Word, WordId};

use super::lexicon::{LexiconId, Lexicons, Mention};

/// How the names of one lexicon are made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    lexicon: String,
    /// Endings of single words.
    #[serde(default)]
    endings: Vec<String>,
    /// Words that end with one of these and are no such name.
    #[serde(default)]
    except: Vec<String>,
    /// Last words of names: the capitals, possessives and adjectives before them belong to the name.
    #[serde(default)]
    heads: Vec<String>,
    /// Words that never belong to the name before a head, however they are written.
    #[serde(default)]
    not_before: Vec<String>,
    /// Endings of adjectives that belong to the name before a head.
    #[serde(default)]
    adjectives: Vec<String>,
    /// Code names: two to five capitals, a hyphen, and at least three digits.
    #[serde(default)]
    codes: bool,
    /// Capitals before a hyphen and digits that are no code of such a name.
    #[serde(default)]
    not_codes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Vec<Made>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Recogniser {
    lexicon: LexiconId,
    made: Made,
}

/// Every way in which names are made.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Recognisers {
    all: Vec<Recogniser>,
    /// Recognisers with their endings, by the last three letters of these.
    by_tail: FxHashMap<[u8; 3], Vec<(usize, String)>>,
    /// Recognisers by their heads.
    by_head: FxHashMap<WordId, Vec<usize>>,
    /// What few words have, looked at before anything else.
    signs: Signs,
}

/// Signs that a word may end a name.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Signs {
    /// Whether the word of that number is a head.
    heads: Vec<bool>,
    /// For each last letter the letters that stand before it in an ending, as bits.
    tails: [u32; 32],
}

impl Signs {
    fn add_tail(&mut self, [_, before, last]: [u8; 3]) {
        self.tails[usize::from(last % 32)] |= 1 << (before % 32);
    }

    fn add_head(&mut self, head: WordId) {
        let number = head.0 as usize;
        self.heads.resize(self.heads.len().max(number + 1), false);
        self.heads[number] = true;
    }

    fn has(&self, word: &Word, text: &str) -> bool {
        let ends = |word: &[u8]| match word {
            [.., before, last] => self.tails[usize::from(last % 32)] & (1 << (before % 32)) != 0,
            _ => false,
        };
        self.heads.get(word.id.0 as usize).is_some_and(|&is| is)
            || (word.marks.has(Marks::HYPHEN) && word.marks.has(Marks::DIGIT))
            || ((word.end - word.start) as usize >= SHORTEST && ends(word.text(text).as_bytes()))
    }
}

/// Shortest word that an ending can make a name of, in bytes.
const SHORTEST: usize = 6;
/// Most words before a head that belong to its name.
const WIDEST: usize = 3;
/// Letters of a code name at most.
const CODE_LETTERS: std::ops::RangeInclusive<usize> = 2..=5;
/// Digits of a code name at least.
const CODE_DIGITS: usize = 3;

impl Recognisers {
    /// From the text of a file like `rules/language/names.toml`. Lexicons that are not declared are passed over.
    pub fn from_toml(text: &str, lexicons: &Lexicons, vocabulary: &mut Vocabulary) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let mut recognisers = Self::default();
        for made in file.name {
            let Some(lexicon) = lexicons.find(&made.lexicon) else { continue };
            let number = recognisers.all.len();
            for ending in &made.endings {
                if let Some(tail) = tail(ending.as_bytes()) {
                    recognisers.signs.add_tail(tail);
                    recognisers.by_tail.entry(tail).or_default().push((number, ending.clone()));
                }
            }
            for head in &made.heads {
                let head = vocabulary.intern(head);
                recognisers.signs.add_head(head);
                recognisers.by_head.entry(head).or_default().push(number);
            }
            recognisers.all.push(Recogniser { lexicon, made });
        }
        Ok(recognisers)
    }

    /// Adds the names in a sentence's words that no list holds to `mentions`, of which those from `first` on are the
    /// sentence's, and keeps these ordered by their first word.
    pub fn annotate(&self, words: &[Word], text: &str, first: usize, mentions: &mut Vec<Mention>) {
        let listed = mentions.len();
        for at in (0..words.len()).filter(|&at| self.signs.has(&words[at], text)) {
            for (recogniser, start) in self.names_ending_at(words, text, at) {
                let mention = Mention {
                    start: start as u32,
                    end: at as u32 + 1,
                    lexicon: recogniser.lexicon,
                    entry: Mention::UNLISTED,
                };
                let clashes = |other: &Mention| {
                    other.lexicon == mention.lexicon && other.start < mention.end && mention.start < other.end
                };
                if !mentions[first..].iter().any(clashes) {
                    mentions.push(mention);
                }
            }
        }
        if mentions.len() > listed {
            mentions[first..].sort_by_key(|mention| mention.start);
        }
    }

    /// The names that end with the word at `at`, with their first words.
    fn names_ending_at<'a>(
        &'a self,
        words: &'a [Word],
        text: &'a str,
        at: usize,
    ) -> impl Iterator<Item = (&'a Recogniser, usize)> {
        let (word, marks) = (words[at].text(text), words[at].marks);
        let tail = tail(word.as_bytes()).filter(|_| word.len() >= SHORTEST);
        let by_ending = tail.and_then(|tail| self.by_tail.get(&tail)).into_iter().flatten();
        let by_ending = by_ending.map(|(number, ending)| (&self.all[*number], ending));
        let by_ending = by_ending.filter(move |(r, ending)| r.has_ending(word, ending)).map(move |(r, _)| (r, at));
        // The digits of a code follow a hyphen.
        let may_be_code = marks.has(Marks::HYPHEN) && marks.has(Marks::DIGIT);
        let codes = self.all.iter().filter(move |_| may_be_code);
        let codes = codes.filter_map(move |recogniser| Some((recogniser, recogniser.code(words, text, at)?)));
        let by_head = self.by_head.get(&words[at].id).into_iter().flatten().map(|&number| &self.all[number]);
        let by_head = by_head.filter_map(move |recogniser| Some((recogniser, recogniser.head(words, text, at)?)));
        by_ending.chain(codes).chain(by_head)
    }
}

/// The last three letters in lower case.
fn tail(word: &[u8]) -> Option<[u8; 3]> {
    let tail: [u8; 3] = word.last_chunk().copied()?;
    Some(tail.map(|byte| byte.to_ascii_lowercase()))
}

/// The word without a plural's `s`, in lower case.
fn ends_with(word: &str, ending: &str) -> bool {
    word.len() >= SHORTEST.max(ending.len() + 2)
        && word.is_char_boundary(word.len() - ending.len())
        && word[word.len() - ending.len()..].eq_ignore_ascii_case(ending)
}

impl Recogniser {
    fn has_ending(&self, word: &str, ending: &str) -> bool {
        ends_with(word, ending) && !self.made.except.iter().any(|except| except.eq_ignore_ascii_case(word))
    }

    /// The first word of a code name that ends at `at`.
    fn code(&self, words: &[Word], text: &str, at: usize) -> Option<usize> {
        let digits = words[at];
        if !self.made.codes {
            return None;
        }
        let letters = words.get(at.checked_sub(1)?)?;
        let (letters, digits) = (letters.text(text), digits.text(text));
        let is_code = CODE_LETTERS.contains(&letters.len())
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.bytes().take_while(u8::is_ascii_digit).count() >= CODE_DIGITS
            && !self.made.not_codes.iter().any(|except| except == letters);
        is_code.then_some(at - 1)
    }

    /// The first word of a name whose head is the word at `at`.
    fn head(&self, words: &[Word], text: &str, at: usize) -> Option<usize> {
        let belongs = |before: usize| {
            let pauses = words[before + 1].marks.has(Marks::PAUSE);
            let word = words[before].text(text);
            let names = words[before].marks.has(Marks::CAPITAL) && before > 0;
            let adjective = self.made.adjectives.iter().any(|ending| ends_with(word, ending));
            let common = self.made.not_before.iter().any(|common| common.eq_ignore_ascii_case(word));
            !pauses && !common && (word == "'s" || names || adjective)
        };
        let start = (at.saturating_sub(WIDEST)..at).rev().take_while(|&before| belongs(before)).last()?;
        // A possessive alone is no name: "'s disease".
        let start = if words[start].text(text) == "'s" { start.checked_sub(1)? } else { start };
        Some(start)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::language::Segmenter;

    fn names(text: &str) -> Vec<(String, String)> {
        let mut lexicons = Lexicons::default();
        lexicons.declare("condition");
        lexicons.declare("therapy");
        let mut vocabulary = Vocabulary::default();
        let made = include_str!("../../rules/language/names.toml");
        let recognisers = Recognisers::from_toml(made, &lexicons, &mut vocabulary).unwrap();
        let segmenter = Segmenter::from_toml(include_str!("../../rules/language/abbreviations.toml")).unwrap();
        let (mut sentences, mut words, mut mentions) = (Vec::new(), Vec::new(), Vec::new());
        segmenter.cut(text, &vocabulary, &mut sentences, &mut words);
        recognisers.annotate(&words, text, 0, &mut mentions);
        let written =
            |m: &Mention| &text[words[m.start as usize].start as usize..words[m.end as usize - 1].end as usize];
        mentions.iter().map(|m| (lexicons.name(m.lexicon).to_owned(), written(m).to_owned())).collect()
    }

    #[track_caller]
    fn assert_names(text: &str, expected: &[(&str, &str)]) {
        let found = names(text);
        let found: Vec<(&str, &str)> = found.iter().map(|(lexicon, name)| (lexicon.as_str(), name.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn endings_heads_and_codes_make_names() {
        assert_names("He has sarcoidosis and a chordoma.", &[("condition", "sarcoidosis"), ("condition", "chordoma")]);
        assert_names("Zanubrutimab slows it.", &[("therapy", "Zanubrutimab")]);
        assert_names("They gave KYV-101 and ABC-77 to ten.", &[("therapy", "KYV-101")]);
        assert_names("She lives with Whipple's disease.", &[("condition", "Whipple's disease")]);
        assert_names("It is a metabolic disorder.", &[("condition", "metabolic disorder")]);
    }

    #[test]
    fn ordinary_words_make_none() {
        for text in [
            "The diagnosis needs a diploma, an aroma and empathy.",
            "The disease spreads, and this syndrome too. All The Diseases And Other Disorders.",
            "It follows ISO-9001 and COVID-190.",
            "Homeopathy and hypnosis are offered in the vocabulary.",
        ] {
            assert_names(text, &[]);
        }
    }
}
