//! Looking for a quotation.

use std::collections::HashMap;

use super::words::{Piece, Token, pieces, tokens};
use super::{BOOK, Quoted};

/// One changed word in so many may be a slip; more is another sentence.
const WORDS_A_CHANGE: usize = 5;
const WORDS_A_CHANGE_BY_GAPS: usize = 3;
/// Most changes in a quotation of any length.
const MOST_CHANGES: usize = 8;
/// What a word too many or too few costs, and what one in the place of another costs: less than both, more than either.
const LEFT_OUT: usize = 2;
const REPLACED: usize = 3;
/// Longest quotation that is looked for with changes, in words, and longest text.
const LONGEST: usize = 150;
const LONGEST_TEXT: usize = 100_000;
/// Longest stretch of a text that is told, in bytes.
const LONGEST_TOLD: usize = 600;

/// What a text has of a quotation. `limits` says why there may be more of the text than this.
pub fn find(quotation: &str, text: &str, limits: Option<&str>) -> Quoted {
    let (wanted, words) = (pieces(quotation), tokens(text));
    if BOOK.is_none() || wanted.is_empty() {
        return Quoted::Unread { why: "there are no words to look for".to_owned() };
    }
    if stands(&wanted, &words) {
        return Quoted::Verbatim;
    }
    match (nearly(&wanted, &words), limits) {
        (Some(found), _) => {
            let (start, end) = with_edges(found, &wanted, &words, text);
            let has = &text[words[start].at.start..words[end].at.end];
            Quoted::Nearly { has: has.split_whitespace().collect::<Vec<_>>().join(" ") }
        }
        (None, Some(why)) => Quoted::Unread { why: why.to_owned() },
        (None, None) => Quoted::Absent,
    }
}

/// Whether all words stand there, in order, with no more between them than gaps allow.
fn stands(wanted: &[Piece], words: &[Token]) -> bool {
    let runs: Vec<(usize, Vec<&str>)> = runs(wanted);
    let is_at = |run: &[&str], at: usize| {
        words.get(at..at + run.len()).is_some_and(|here| here.iter().zip(run).all(|(token, word)| token.word == *word))
    };
    let Some(((_, first), others)) = runs.split_first() else { return false };
    (0..words.len()).filter(|&at| is_at(first, at)).any(|at| {
        let mut end = at + first.len();
        others.iter().all(|(gap, run)| {
            let next = (end..=end + gap).find(|&at| is_at(run, at));
            end = next.map_or(end, |next| next + run.len());
            next.is_some()
        })
    })
}

/// The runs of words between gaps, each with the most words that may stand before it.
fn runs(pieces: &[Piece]) -> Vec<(usize, Vec<&str>)> {
    let mut runs = vec![(0, Vec::new())];
    for piece in pieces {
        match (piece, runs.last_mut()) {
            (Piece::Word(word), Some((_, run))) => run.push(word.as_str()),
            (Piece::Gap(most), _) => runs.push((*most, Vec::new())),
            (Piece::Word(_), None) => {}
        }
    }
    runs
}

/// A cell of the table: the fewest changes, and the word of the text at which they start.
type Cell = (usize, usize);

/// The first and last word of the stretch that needs the fewest changes, if these are few enough.
fn nearly(wanted: &[Piece], words: &[Token]) -> Option<(usize, usize)> {
    let count = wanted.iter().filter(|piece| matches!(piece, Piece::Word(_))).count();
    // What stands around a gap has little to be known by, so that less of it may be another word.
    let shortest = match runs(wanted).iter().map(|(_, run)| run.len()).min() {
        Some(shortest) if shortest < count => shortest / WORDS_A_CHANGE_BY_GAPS,
        _ => count,
    };
    let most = (count / WORDS_A_CHANGE).min(shortest).min(MOST_CHANGES);
    if most == 0 || count > LONGEST || words.len() > LONGEST_TEXT || !shares_enough(wanted, words, count - most) {
        return None;
    }
    let mut best: Option<(usize, usize, usize)> = None;
    let mut before: Vec<Cell> = std::iter::once((0, 0))
        .chain(wanted.iter().scan(0, |cost, piece| {
            *cost += if matches!(piece, Piece::Word(_)) { LEFT_OUT } else { 0 };
            Some((*cost, 0))
        }))
        .collect();
    let mut row: Vec<Cell> = Vec::with_capacity(before.len());
    for (at, token) in words.iter().enumerate() {
        row.clear();
        row.push((0, at + 1));
        for (i, piece) in wanted.iter().enumerate() {
            let (across, up, left) = (before[i], before[i + 1], row[i]);
            let cell = match piece {
                Piece::Gap(_) => left.min(up),
                Piece::Word(word) => {
                    let start = if i == 0 { at } else { across.1 };
                    let same = (across.0 + if *word == token.word { 0 } else { REPLACED }, start);
                    [same, (up.0 + LEFT_OUT, up.1), (left.0 + LEFT_OUT, left.1)]
                        .into_iter()
                        .min_by_key(|(cost, _)| *cost)?
                }
            };
            row.push(cell);
        }
        let &(cost, start) = row.last()?;
        // Of stretches that are as near the one with its last word too.
        let goes_on = best.is_some_and(|(known, from, end)| known == cost && from == start && end + 1 == at);
        if start <= at && (goes_on || best.is_none_or(|(known, ..)| cost < known)) {
            best = Some((cost, start, at));
        }
        std::mem::swap(&mut before, &mut row);
    }
    let (cost, start, end) = best?;
    let told = words[end].at.end.saturating_sub(words[start].at.start);
    (cost <= most * REPLACED && told <= LONGEST_TOLD).then_some((start, end))
}

/// The stretch with the words that stand where the quotation begins or ends with others, as far as its line goes.
fn with_edges((start, end): (usize, usize), wanted: &[Piece], words: &[Token], text: &str) -> (usize, usize) {
    let is = |piece: &Piece, token: &Token| matches!(piece, Piece::Word(word) if *word == token.word);
    let lead = wanted.iter().position(|piece| is(piece, &words[start])).unwrap_or(0);
    let trail = wanted.iter().rev().position(|piece| is(piece, &words[end])).unwrap_or(0);
    let in_line = |one: usize, other: usize| !text[words[one].at.start..words[other].at.end].contains('\n');
    let first = (start.saturating_sub(lead)..=start).find(|&at| in_line(at, start)).unwrap_or(start);
    let farthest = (end + trail).min(words.len() - 1);
    let last = (end..=farthest).rev().find(|&at| in_line(end, at)).unwrap_or(end);
    (first, last)
}

/// Whether so many of the words stand in the text at all: a look that spares most texts the table.
fn shares_enough(wanted: &[Piece], words: &[Token], least: usize) -> bool {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for token in words {
        *there.entry(token.word.as_str()).or_default() += 1;
    }
    let mut shared = 0;
    for piece in wanted {
        if let Piece::Word(word) = piece
            && let Some(left) = there.get_mut(word.as_str()).filter(|left| **left > 0)
        {
            *left -= 1;
            shared += 1;
        }
    }
    shared >= least
}

/// In which words a quotation differs from what stands in its source, for people: "“no” for “fewer”".
pub fn differences(quotation: &str, has: &str) -> String {
    let (said, there) = (tokens(quotation), tokens(has));
    let (n, m) = (said.len(), there.len());
    // The longest run of words in common, from the end.
    let mut common = vec![vec![0_usize; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let is_same = said[i].word == there[j].word;
            common[i][j] = if is_same { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut told = Vec::new();
    while i < n || j < m {
        let (from_i, from_j) = (i, j);
        while !(i < n && j < m && said[i].word == there[j].word) && (i < n || j < m) {
            if j == m || (i < n && common[i + 1][j] >= common[i][j + 1]) { i += 1 } else { j += 1 }
        }
        let words = |text: &str, tokens: &[Token]| match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => text[first.at.start..last.at.end].to_owned(),
            _ => String::new(),
        };
        let (mine, theirs) = (words(quotation, &said[from_i..i]), words(has, &there[from_j..j]));
        match (mine.is_empty(), theirs.is_empty()) {
            (true, true) => {}
            (false, true) => told.push(format!("“{mine}” is not there")),
            (true, false) => told.push(format!("“{theirs}” is left out")),
            (false, false) => told.push(format!("“{theirs}” has become “{mine}”")),
        }
        while i < n && j < m && said[i].word == there[j].word {
            i += 1;
            j += 1;
        }
    }
    told.join(", ")
}
