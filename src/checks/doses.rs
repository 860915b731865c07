//! Rules about amounts of drugs that are far from what is usual: micrograms and milligrams confused, a point lost.

use crate::finding::{Finding, Severity};
use crate::language::Marks;
use crate::pattern::{Mention, View};
use crate::rules::{Amount, Doses, Rule, Trigger, Usual};

use super::{Context, said_by};

/// Farthest an amount may stand from its drug, in words.
const FARTHEST: usize = 4;

/// Everything that these rules have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in context.rules.rules() {
        let Trigger::Doses(doses) = &rule.trigger else { continue };
        let Some(severity) = rule.severity_under(context.settings) else { continue };
        for sentence in 0..context.reading.len() {
            let view = context.reading.view(context.document, sentence);
            let drugs = view.mentions.iter().filter(|mention| mention.lexicon == doses.drugs);
            let far = drugs.filter_map(|drug| far(view, doses, drug));
            let counting = far.filter(|_| context.counts(rule, Some(sentence)));
            findings.extend(counting.map(|(words, usual)| finding(context, rule, severity, sentence, words, usual)));
        }
    }
    findings
}

/// The amount that belongs to a drug, if it is far from what is usual: the words from the drug to the amount.
fn far<'d>(view: View<'_>, doses: &'d Doses, drug: &Mention) -> Option<(std::ops::Range<usize>, &'d Usual)> {
    let (start, end) = (drug.start as usize, drug.end as usize);
    let behind = (end..view.words.len().min(end + FARTHEST)).find_map(|at| Some((at, amount(view, at)?)));
    let before = (start.saturating_sub(FARTHEST)..start).rev().find_map(|at| Some((at, amount(view, at)?)));
    let is_free = |at: usize| !view.mentions.iter().any(|other| is_between(other, doses, drug, at));
    let (at, amount) = behind.filter(|(at, _)| is_free(*at)).or(before.filter(|(at, _)| is_free(*at)))?;
    let usual = doses.far_from(drug.entry, amount)?;
    Some((start.min(at)..end.max(at + 2), usual))
}

/// Whether another drug stands between this one and a place, and has the better claim to the amount there.
fn is_between(other: &Mention, doses: &Doses, drug: &Mention, at: usize) -> bool {
    let at = at as u32;
    other.lexicon == doses.drugs
        && other.entry != drug.entry
        && (drug.end.min(at)..drug.start.max(at)).contains(&other.start)
}

/// The amount at a place: a number and a unit. One per weight or volume is no dose.
fn amount(view: View<'_>, at: usize) -> Option<Amount> {
    let (number, unit) = (view.words.get(at)?, view.words.get(at + 1)?);
    let next = view.words.get(at + 2);
    let per = next.is_some_and(|next| next.marks.has(Marks::SLASH) || next.text(view.text) == "per");
    let amount = Amount::read(number.text(view.text), unit.text(view.text))?;
    (!per).then_some(amount)
}

fn finding(
    context: &Context<'_>,
    rule: &Rule,
    severity: Severity,
    sentence: usize,
    words: std::ops::Range<usize>,
    usual: &Usual,
) -> Finding {
    let span = context.reading.span(context.document, sentence, words);
    let message = rule.message.replace("{match}", context.document.source.slice(span));
    let message = message.replace("{usual}", &usual.written);
    said_by(rule, severity, span, message, &rule.help).with_context(context.reading.text(context.document, sentence))
}
