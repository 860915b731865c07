//! Why a rule of wording speaks on a text or does not: every match with the cues behind what is made of it.

use crate::assertion::Assertion;
use crate::cues::{Deciding, Decision};
use crate::finding::Severity;
use crate::pattern::{Candidates, Match};
use crate::rules::{Rule, Trigger};
use crate::source::Span;

use super::Context;
use super::wording::{Weight, as_match, is_in_place, weight, words_under};

/// A match of a rule's trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The words found.
    pub span: Span,
    /// What the sentence asserts of them.
    pub assertion: Assertion,
    /// The cues that reach them: what each says, and its words.
    pub cues: Vec<(&'static str, String)>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It counts, and is that grave.
    Counts(Severity),
    /// The rule does not look at this kind of block.
    Block,
    /// It stands in none of the contexts that the rule wants.
    NotMeant,
    /// It is exempt in these contexts.
    Exempt(Vec<&'static str>),
    /// What the rule wants around it, under `when`, is not there.
    Unwanted,
    /// Something around it satisfies the rule: `unless` or `require`.
    Satisfied,
}

/// Every match of a rule whose trigger is words, in order of place.
pub fn of_rule(context: &Context<'_>, rule: &Rule) -> Vec<Trace> {
    let mut traces: Vec<Trace> = (0..context.reading.len())
        .flat_map(|sentence| matches(context, rule, sentence).into_iter().map(move |found| (sentence, found)))
        .map(|(sentence, (found, decision))| trace(context, rule, sentence, &found, decision))
        .collect();
    traces.sort_by_key(|trace| (trace.span.start, trace.span.end));
    traces.dedup();
    traces
}

/// The matches in a sentence, each with how it is read.
fn matches(context: &Context<'_>, rule: &Rule, sentence: usize) -> Vec<(Match, Decision)> {
    let view = context.reading.view(context.document, sentence);
    if let Trigger::Claims(shape) = &rule.trigger {
        let claims = context.rules.claims().sentence(context.document, context.reading, sentence).claims;
        let wanted = claims.into_iter().filter(|claim| shape.fits(claim));
        return wanted.map(|claim| (as_match(&claim, sentence), claim.decision)).collect();
    }
    let found: Vec<Match> = match &rule.trigger {
        Trigger::Phrases => {
            let mut candidates = Candidates::default();
            context.rules.triggers().candidates(view, &mut candidates);
            let is_of_rule = |number: u32| context.rules.rules()[context.rules.rule_of(number)].id == rule.id;
            let of_rule = candidates.iter().filter(|candidate| is_of_rule(candidate.number));
            of_rule.flat_map(|candidate| candidate.matches(context.rules.triggers(), view)).collect()
        }
        Trigger::Regexes(regexes) => {
            let number = context.reading.block(sentence);
            let text = context.document.blocks[number].prose.text();
            let found = regexes.iter().flat_map(|regex| regex.find_iter(text));
            let here = found.filter(|found| context.reading.sentence_at(number, found.start()) == Some(sentence));
            here.filter_map(|found| words_under(view, found.start(), found.end())).collect()
        }
        _ => Vec::new(),
    };
    let cues = context.rules.cues().read(view, context.reading.end(sentence));
    let read = |found: Match| {
        let decision = cues.judge(&found);
        (found, decision)
    };
    found.into_iter().map(read).collect()
}

fn trace(context: &Context<'_>, rule: &Rule, sentence: usize, found: &Match, decision: Decision) -> Trace {
    let (decision, weight) = weight(context, rule, rule.severity, sentence, found, decision);
    let outcome = match weight {
        _ if !rule.blocks.has(context.block(sentence).kind) => Outcome::Block,
        _ if !is_in_place(context, rule, sentence) => Outcome::NotMeant,
        _ if !context.is_wanted(rule, Some(sentence)) => Outcome::Unwanted,
        Weight::Counts(severity) => Outcome::Counts(severity),
        Weight::Exempt(contexts) => Outcome::Exempt(contexts.names().collect()),
        Weight::Satisfied => Outcome::Satisfied,
    };
    let span = context.reading.span(context.document, sentence, found.start..found.end);
    Trace { span, assertion: decision.assertion, cues: cues_of(context, sentence, &decision), outcome }
}

fn cues_of(context: &Context<'_>, sentence: usize, decision: &Decision) -> Vec<(&'static str, String)> {
    let words = |cue: &Deciding| {
        let span = context.reading.span(context.document, sentence, cue.words.clone());
        context.document.source.slice(span).to_owned()
    };
    let mut cues: Vec<&Deciding> = decision.cues.iter().collect();
    cues.sort_by_key(|cue| cue.words.start);
    cues.into_iter().map(|cue| (cue.axis.name(), words(cue))).collect()
}
