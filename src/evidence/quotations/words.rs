//! Texts as words that can be compared.

use std::ops::Range;

use super::{BOOK, Book};

/// A word in its common form, and the bytes of the text that it comes from.
pub(super) struct Token {
    pub word: String,
    pub at: Range<usize>,
}

/// A part of a quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Word(String),
    /// Any words, up to so many.
    Gap(usize),
}

/// How many words an ellipsis may stand for: a page's worth.
const LEFT_OUT: usize = 400;
/// How many words a bracketed insertion may stand for.
const REPLACED: usize = 8;
/// Digits that mark a note.
const NOTE_DIGITS: usize = 3;
/// How many letters a word has at least behind which a few digits are the mark of a note: "pressure3".
const NOTED: usize = 5;

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let Some(book) = BOOK.as_ref() else { return Vec::new() };
    let mut plain: Vec<(String, Range<usize>)> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = word_end(text, at);
        if end > at {
            let word = lower(&text[at..end]);
            if !is_note(text, at..end) {
                plain.push((without_note(word), at..end));
            }
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    let mut tokens = Vec::with_capacity(plain.len());
    let mut next = 0;
    while let Some((word, range)) = plain.get(next) {
        let pair = plain.get(next + 1).map(|(second, end)| (format!("{word} {second}"), range.start..end.end));
        let (known, range, taken) = match pair.filter(|(pair, _)| book.same.contains_key(pair)) {
            Some((pair, range)) => (book.same.get(&pair), range, 2),
            None => (book.same.get(word), range.clone(), 1),
        };
        let word = known.cloned().unwrap_or_else(|| spelled(book, word));
        tokens.push(Token { word, at: range });
        next += taken;
    }
    tokens
}

/// Where the word ends that starts at `at`; `at` where none does. Apostrophes, commas and points between letters or digits
/// belong to it.
fn word_end(text: &str, at: usize) -> usize {
    let mut end = at;
    let mut chars = text[at..].chars().peekable();
    while let Some(c) = chars.next() {
        let joins = match c {
            '%' | '&' => return if end == at { end + 1 } else { end },
            '\'' => chars.peek().is_some_and(|c| c.is_alphanumeric()),
            '.' | ',' => {
                text[at..end].ends_with(|c: char| c.is_ascii_digit()) && chars.peek().is_some_and(char::is_ascii_digit)
            }
            _ => c.is_alphanumeric(),
        };
        if !joins || (c == '\'' && end == at) {
            return end;
        }
        end += c.len_utf8();
    }
    end
}

fn lower(word: &str) -> String {
    word.chars().filter(|c| *c != ',').flat_map(char::to_lowercase).collect()
}

/// Whether it is the number of a note: `[4]`.
fn is_note(text: &str, at: Range<usize>) -> bool {
    let is_number = at.len() <= NOTE_DIGITS && text[at.clone()].bytes().all(|b| b.is_ascii_digit());
    let opens = |c: char| matches!(c, '[' | ',' | '-' | '–' | '^');
    let closes = |c: char| matches!(c, ']' | ',' | '-' | '–');
    let before = text[..at.start].trim_end();
    let is_inside = before.ends_with(opens) && text[at.end..].trim_start().starts_with(closes);
    is_number && is_inside && before.rfind('[') > before.rfind(']')
}

/// A word without the number of a note that stands right behind it.
fn without_note(word: String) -> String {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_noted = letters.len() < word.len()
        && word.len() - letters.len() < NOTE_DIGITS
        && letters.chars().count() >= NOTED
        && letters.chars().all(char::is_alphabetic);
    if is_noted { letters.to_owned() } else { word }
}

/// A word in one of two spellings of English.
fn spelled(book: &Book, word: &str) -> String {
    let other = book.endings.iter().find_map(|(from, to)| Some(format!("{}{to}", word.strip_suffix(from.as_str())?)));
    other.unwrap_or_else(|| word.to_owned())
}

/// The parts of a quotation, without gaps at its ends.
pub(super) fn pieces(quotation: &str) -> Vec<Piece> {
    let text = opened(quotation);
    let mut pieces = Vec::new();
    let mut done = 0;
    for (gap, range) in gaps(&text) {
        pieces.extend(tokens(&text[done..range.start]).into_iter().map(|token| Piece::Word(token.word)));
        if matches!(pieces.last(), Some(Piece::Word(_))) {
            pieces.push(Piece::Gap(gap));
        }
        done = range.end;
    }
    pieces.extend(tokens(&text[done..]).into_iter().map(|token| Piece::Word(token.word)));
    while matches!(pieces.last(), Some(Piece::Gap(_))) {
        pieces.pop();
    }
    pieces
}

/// A text whose changed letters stand without their brackets: "[T]he".
fn opened(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        let letters = behind.split_once(']').filter(|(inside, after)| {
            let is_short = (1..=2).contains(&inside.chars().count()) && inside.chars().all(char::is_alphabetic);
            is_short && (after.starts_with(char::is_alphabetic) || out.ends_with(char::is_alphabetic))
        });
        rest = match letters {
            Some((inside, after)) => {
                out.push_str(inside);
                after
            }
            None => {
                out.push('[');
                behind
            }
        };
    }
    out + rest
}

/// Where a quotation leaves words out or puts others in, and for how many words that may stand.
fn gaps(text: &str) -> Vec<(usize, Range<usize>)> {
    let mut gaps = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let bracket = |open: char, close: char| {
            let inside = rest.strip_prefix(open)?.split_once(close)?.0;
            Some((inside.trim().trim_matches(['.', '…', ' ']).is_empty(), inside.len() + 2))
        };
        let dots = rest.len() - rest.trim_start_matches(['.', ' ']).len();
        let is_ellipsis = rest[..dots].bytes().filter(|b| *b == b'.').count() >= 3;
        let gap = match (bracket('[', ']'), bracket('(', ')')) {
            (Some((is_empty, length)), _) => Some((if is_empty { LEFT_OUT } else { REPLACED }, length)),
            (_, Some((true, length))) => Some((LEFT_OUT, length)),
            _ if c == '…' => Some((LEFT_OUT, c.len_utf8())),
            _ if is_ellipsis => Some((LEFT_OUT, dots)),
            _ => None,
        };
        let length = gap.map_or(c.len_utf8(), |(_, length)| length);
        gaps.extend(gap.map(|(most, length)| (most, at..at + length)));
        at += length;
    }
    gaps
}
