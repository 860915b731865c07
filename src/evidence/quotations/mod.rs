//! Whether the words of a quotation stand in the text that it is said to come from.
//!
//! Both are compared as words: in lower case, without punctuation and marks of notes, in one spelling of English. An ellipsis
//! stands for any words that follow, a bracketed insertion for a few. Where the words do not stand there, the stretch of the
//! text that needs the fewest changes is looked for (Sellers 1980, by words), and told if these are few.

mod find;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::records::{Id, Registry};

pub use find::{differences, find};

const WORDS: &str = include_str!("../../../rules/language/quotations.toml");

/// How many words before a link are read for what it is about.
const SPEAKER_WITHIN: usize = 7;

/// Where a quotation is said to come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// The page at this address, without a fragment.
    Page(String),
    /// What this registry holds on that identifier: a summary.
    Record(Registry, Id),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Page(url) => f.write_str(url),
            Source::Record(_, id) => id.fmt(f),
        }
    }
}

/// What a text has of a quotation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "found")]
pub enum Quoted {
    /// Its words.
    Verbatim,
    /// Nearly its words.
    Nearly {
        /// What stands there.
        has: String,
    },
    /// Nothing like them.
    Absent,
    /// The text could not be read, or not all of it.
    Unread {
        /// The reason, for people.
        why: String,
    },
}

impl Quoted {
    /// What there is of the quotation, in a few words.
    pub fn words(&self) -> String {
        match self {
            Quoted::Verbatim => "word for word".to_owned(),
            Quoted::Nearly { has } => format!("“{has}”"),
            Quoted::Absent => "not there".to_owned(),
            Quoted::Unread { why } => format!("not read: {why}"),
        }
    }
}

/// What may differ between a quotation and its source without being another wording.
#[derive(Debug)]
struct Book {
    least: usize,
    small: Vec<String>,
    /// The word to put for a word or two.
    same: BTreeMap<String, String>,
    endings: Vec<(String, String)>,
    speaker: Vec<String>,
    says: Vec<String>,
    tells: Vec<String>,
    partial: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    least: usize,
    small: Vec<String>,
    same: Vec<Vec<String>>,
    endings: Vec<(String, String)>,
    speaker: Vec<String>,
    says: Vec<String>,
    tells: Vec<String>,
    partial: Vec<String>,
}

/// `None` only in a damaged build: the file is part of the program, and tests read it.
static BOOK: LazyLock<Option<Book>> = LazyLock::new(|| {
    let File { least, small, same, mut endings, speaker, says, tells, partial } = toml::from_str(WORDS).ok()?;
    let of_list = |list: Vec<String>| {
        let first = list.first().cloned().unwrap_or_default();
        list.into_iter().skip(1).map(move |form| (form, first.clone())).collect::<Vec<_>>()
    };
    // The longest ending that fits is the one that is meant.
    endings.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
    let same = same.into_iter().flat_map(of_list).collect();
    Some(Book { least, small, same, endings, speaker, says, tells, partial })
});

/// Whether words in quotation marks are long enough to be somebody's, and no title.
pub fn is_quotation(words: &str) -> bool {
    let Some(book) = BOOK.as_ref() else { return false };
    let pieces = words::pieces(words);
    let count = pieces.iter().filter(|piece| matches!(piece, words::Piece::Word(_))).count();
    count >= book.least && !is_title(book, words)
}

/// Whether a link tells of the person who speaks and not of where the words stand: "said Ann Lee, who led [the trial]",
/// "said [Ann Lee]". `before` is what stands before the link in its sentence, `text` what a reader sees of it.
pub fn is_about_speaker(before: &str, text: &str) -> bool {
    let Some(book) = BOOK.as_ref() else { return false };
    let words = before.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let mut on = text.split_whitespace().map(str::to_lowercase);
    if on.any(|word| book.says.contains(&word) || book.tells.contains(&word)) {
        return false;
    }
    let is_name = text.trim_start().starts_with(char::is_uppercase);
    let near = &words[words.len().saturating_sub(SPEAKER_WITHIN)..];
    near.iter().any(|word| book.speaker.contains(word))
        || (is_name && words.last().is_some_and(|word| book.says.contains(word)))
}

/// Whether every word of some length starts with a capital.
fn is_title(book: &Book, words: &str) -> bool {
    let all = words.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty());
    let mut large = all.filter(|word| !book.small.contains(&word.to_lowercase())).peekable();
    large.peek().is_some() && large.all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
}

/// Whether the source of a page says that strangers see its beginning only.
pub(super) fn shows_beginning(html: &str) -> bool {
    let Some(book) = BOOK.as_ref() else { return false };
    let letters: String = html.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    book.partial.iter().any(|mark| letters.contains(mark.as_str()))
}

#[cfg(test)]
mod tests;
