//! Rules about abbreviations that a text uses and does not explain.

use rustc_hash::FxHashSet;

use crate::finding::{Finding, Severity};
use crate::language::{Marks, Word};
use crate::pattern::View;
use crate::reading::is_running_text;
use crate::rules::{Abbreviations, Rule, RuleSet, Trigger};

use super::{Context, said_by};

/// Longest abbreviation, in letters; longer capitals are shouting.
const LONGEST: usize = 6;

/// Everything that these rules have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in context.rules.rules() {
        let Trigger::Abbreviations(wanted) = &rule.trigger else { continue };
        let Some(severity) = rule.severity_under(context.settings) else { continue };
        findings.extend(unexplained(context, rule, severity, *wanted));
    }
    findings
}

/// One finding for each abbreviation, at its first use in running text.
fn unexplained(context: &Context<'_>, rule: &Rule, severity: Severity, wanted: Abbreviations) -> Vec<Finding> {
    let explained = explained(context);
    let mut told: FxHashSet<&str> = FxHashSet::default();
    let mut findings = Vec::new();
    for sentence in (0..context.reading.len()).filter(|&s| is_running_text(context.block(s).kind)) {
        let view = context.reading.view(context.document, sentence);
        if is_shouted(view) {
            continue;
        }
        for (at, word) in view.words.iter().enumerate() {
            let text = word.text(view.text);
            let is_word = context.rules.common_ids().contains(&word.id);
            if is_word
                || !is_abbreviation(word, text)
                || is_part_of_a_formula(view, at)
                || explained.contains(singular(text))
                || !told.insert(singular(text))
            {
                continue;
            }
            let names = |m: &&crate::pattern::Mention| (m.start as usize..m.end as usize).contains(&at);
            let is_known = |m: &crate::pattern::Mention| {
                m.lexicon == wanted.known || m.lexicon == RuleSet::ENTITIES.authority || is_long_name(m, view)
            };
            let known = view.mentions.iter().filter(names).any(is_known);
            if !known && context.counts(rule, Some(sentence)) {
                let span = context.reading.span(context.document, sentence, at..at + 1);
                let message = rule.message.replace("{match}", text);
                findings.push(said_by(rule, severity, span, message, &rule.help));
            }
        }
    }
    findings
}

/// A part of a longer name ("HPV vaccine") is the name's business.
fn is_long_name(mention: &crate::pattern::Mention, view: View<'_>) -> bool {
    mention.lexicon.0 < 3
        && view.words[mention.start as usize..mention.end as usize].iter().any(|w| !w.marks.has(Marks::UPPER))
}

fn is_abbreviation(word: &Word, text: &str) -> bool {
    let letters = singular(text);
    (2..=LONGEST).contains(&letters.len())
        && letters.bytes().all(|b| b.is_ascii_uppercase())
        && !is_roman(letters)
        && !word.marks.has(Marks::DIGIT)
}

/// Joined to digits by a hyphen, it names a substance or a gene: 6-MP, BCR-ABL1.
fn is_part_of_a_formula(view: View<'_>, at: usize) -> bool {
    let has_digit = |word: &Word| word.text(view.text).bytes().any(|b| b.is_ascii_digit());
    let joined_to_next = view.words.get(at + 1).filter(|next| next.marks.has(Marks::HYPHEN));
    let before = view.words[at].marks.has(Marks::HYPHEN).then(|| at.checked_sub(1).map(|before| &view.words[before]));
    joined_to_next.into_iter().chain(before.flatten()).any(has_digit)
}

/// The first of the words that hyphens and slashes join to the one at a place: GM-CSF, IC/PBS.
fn head(view: View<'_>, at: usize) -> usize {
    let is_joined = |&at: &usize| view.words[at].marks.has(Marks::HYPHEN.with(Marks::SLASH));
    (0..=at).rev().find(|at| !is_joined(at)).unwrap_or(at)
}

/// Stages and types: IIIA, IIE, IV.
fn is_roman(letters: &str) -> bool {
    let numeral = letters.trim_end_matches(['A', 'B', 'C', 'E']);
    !numeral.is_empty() && numeral.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

/// Without the small `s` of a plural: DMTs.
fn singular(text: &str) -> &str {
    text.strip_suffix('s').unwrap_or(text)
}

fn is_shouted(view: View<'_>) -> bool {
    let upper = view.words.iter().filter(|word| word.marks.has(Marks::UPPER)).count();
    upper * 2 > view.words.len()
}

/// The abbreviations that stand in brackets behind their words, before their words in brackets, behind their words and
/// "or", or that name something whose full name stands in the text.
fn explained<'a>(context: &Context<'a>) -> FxHashSet<&'a str> {
    let mut found = FxHashSet::default();
    let mut named: FxHashSet<(u16, u32)> = FxHashSet::default();
    let mut short: Vec<(&'a str, (u16, u32))> = Vec::new();
    for sentence in 0..context.reading.len() {
        let view = context.reading.view(context.document, sentence);
        for (at, word) in view.words.iter().enumerate() {
            let text = word.text(view.text);
            if !is_abbreviation(word, text) {
                continue;
            }
            let opens_next = view.words[at + 1..].iter().take(2).any(|next| next.marks.has(Marks::OPEN));
            let head = head(view, at);
            let is_other_name = head > 0 && {
                let or = &view.words[head - 1];
                or.marks.has(Marks::COMMA) && or.text(view.text) == "or"
            };
            let opens = view.words[head].marks.has(Marks::OPEN.with(Marks::DASH));
            if opens || word.marks.has(Marks::DASH) || opens_next || is_other_name {
                found.insert(singular(text));
            }
        }
        for mention in view.mentions.iter().filter(|m| m.lexicon.0 < 3) {
            let words = &view.words[mention.start as usize..mention.end as usize];
            let key = (mention.lexicon.0, mention.entry);
            match words {
                [word] if is_abbreviation(word, word.text(view.text)) => short.push((word.text(view.text), key)),
                _ => {
                    named.insert(key);
                }
            }
        }
    }
    found.extend(short.into_iter().filter(|(_, key)| named.contains(key)).map(|(text, _)| singular(text)));
    found
}
