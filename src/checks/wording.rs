//! Rules whose trigger is words: phrases and regular expressions.

use rustc_hash::FxHashSet;

use crate::assertion::{Assertion, Certainty, Mood, Polarity, Stance, Voice};
use crate::claims::{Claim, Kind, Party, fingerprint};
use crate::cues::Decision;
use crate::evidence::Judgement;
use crate::finding::{Finding, RuleId, Severity};
use crate::knowledge::{CureStrength, EntityId};
use crate::pattern::{Candidates, Match, Mention, Named, View};
use crate::rules::{ClaimShape, Contexts, Pair, Rule, RuleSet, Trigger, entity_of};

use super::{Context, Hit};

/// Most findings of one rule in one document. Nobody reads more, and memory stays bounded on hostile texts.
const MOST: usize = 1000;

/// Everything that the rules of wording have to say.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let severities: Vec<Option<Severity>> =
        context.rules.rules().iter().map(|rule| rule.severity_under(context.settings)).collect();
    let mut hits = phrase_hits(context, &severities);
    hits.extend(regex_hits(context, &severities));
    hits.extend(claim_hits(context, &severities));
    hits.sort_by_key(|hit| (hit.sentence, hit.found.start));
    drop_milder(&mut hits);
    let mut seen = FxHashSet::default();
    hits.retain(|hit| match hit.rule.once {
        None => true,
        Some(scope) => seen.insert((hit.rule.id.clone(), context.scope_key(Some(hit.sentence), scope))),
    });
    let mut findings: Vec<Finding> = hits.into_iter().map(|hit| hit.into_finding(context)).collect();
    findings.extend(cut_short(context, &findings));
    findings
}

/// Says so where a rule had more to say than is shown.
fn cut_short(context: &Context<'_>, findings: &[Finding]) -> Vec<Finding> {
    let full = |rule: &&Rule| findings.len() >= MOST && findings.iter().filter(|f| f.rule == rule.id).count() >= MOST;
    let tell = |rule: &Rule| {
        let last = findings.iter().rfind(|f| f.rule == rule.id).map(|f| f.span).unwrap_or_default();
        let message = format!("{} speaks {MOST} times up to here; what it says further on is left out", rule.id);
        Finding::new("CAV923", RuleId::new("document", "cut-short"), Severity::Info, message, last)
    };
    context.rules.rules().iter().filter(full).map(tell).collect()
}

fn phrase_hits<'a>(context: &Context<'a>, severities: &[Option<Severity>]) -> Vec<Hit<'a>> {
    let mut hits: Vec<Hit<'a>> = Vec::new();
    let mut count = vec![0; context.rules.rules().len()];
    let mut candidates = Candidates::default();
    for sentence in 0..context.reading.len() {
        let view = context.reading.view(context.document, sentence);
        context.rules.triggers().candidates(view, &mut candidates);
        let mut cues = None;
        let first = hits.len();
        for candidate in candidates.iter() {
            let index = context.rules.rule_of(candidate.number);
            let Some(severity) = severities[index] else { continue };
            let rule = &context.rules.rules()[index];
            if count[index] >= MOST || !rule.blocks.has(context.block(sentence).kind) {
                continue;
            }
            if !is_in_place(context, rule, sentence) || !context.is_wanted(rule, Some(sentence)) {
                continue;
            }
            for found in candidate.matches(context.rules.triggers(), view) {
                let cues = cues.get_or_insert_with(|| context.rules.cues().read(view, context.reading.end(sentence)));
                let decision = cues.judge(&found);
                if let Some(hit) = weigh(context, rule, severity, sentence, found, decision) {
                    count[index] += usize::from(keep_best(&mut hits, first, hit));
                }
            }
        }
    }
    hits
}

fn regex_hits<'a>(context: &Context<'a>, severities: &[Option<Severity>]) -> Vec<Hit<'a>> {
    let mut hits: Vec<Hit<'a>> = Vec::new();
    for (index, rule) in context.rules.rules().iter().enumerate() {
        let (Trigger::Regexes(regexes), Some(severity)) = (&rule.trigger, severities[index]) else { continue };
        let first_of_rule = hits.len();
        for (number, block) in context.document.blocks.iter().enumerate() {
            if hits.len() - first_of_rule >= MOST || !rule.blocks.has(block.kind) {
                continue;
            }
            let first = hits.len();
            for found in regexes.iter().flat_map(|regex| regex.find_iter(block.prose.text())) {
                let Some(sentence) = context.reading.sentence_at(number, found.start()) else { continue };
                if !is_in_place(context, rule, sentence) || !context.is_wanted(rule, Some(sentence)) {
                    continue;
                }
                let view = context.reading.view(context.document, sentence);
                let Some(words) = words_under(view, found.start(), found.end()) else { continue };
                let cues = context.rules.cues().read(view, context.reading.end(sentence));
                let decision = cues.judge(&words);
                if let Some(hit) = weigh(context, rule, severity, sentence, words, decision) {
                    keep_best(&mut hits, first, hit);
                }
                if hits.len() - first_of_rule >= MOST {
                    break;
                }
            }
        }
    }
    hits
}

/// Hits of the rules whose trigger is a claim. Sentences that state none of the kinds asked for are passed over.
fn claim_hits<'a>(context: &Context<'a>, severities: &[Option<Severity>]) -> Vec<Hit<'a>> {
    let active = context.rules.rules().iter().zip(severities);
    let wanted: Vec<(&Rule, Severity, &ClaimShape)> = active
        .filter_map(|(rule, severity)| match &rule.trigger {
            Trigger::Claims(shape) => Some((rule, (*severity)?, shape)),
            _ => None,
        })
        .collect();
    let kinds: Vec<Kind> = wanted.iter().flat_map(|(.., shape)| shape.kinds.iter().copied()).collect();
    let (reader, mut candidates, mut hits) = (context.rules.claims(), Candidates::default(), Vec::new());
    for sentence in 0..if kinds.is_empty() { 0 } else { context.reading.len() } {
        let view = context.reading.view(context.document, sentence);
        if hits.len() >= MOST * wanted.len() || !reader.relations.states(view, &kinds, &mut candidates) {
            continue;
        }
        let first = hits.len();
        for claim in reader.sentence(context.document, context.reading, sentence).claims {
            for (rule, severity, shape) in wanted.iter().filter(|(.., shape)| shape.fits(&claim)) {
                let in_place = rule.blocks.has(context.block(sentence).kind) && is_in_place(context, rule, sentence);
                if !shape.pair.is_none_or(|pair| is_pair(context, &claim, pair))
                    || !in_place
                    || !context.is_wanted(rule, Some(sentence))
                {
                    continue;
                }
                if shape.unsigned && is_signed(context, sentence, &claim) {
                    continue;
                }
                let judgement = if shape.verdicts.is_empty() { None } else { Some(judged(context, sentence, &claim)) };
                if judgement.as_ref().is_some_and(|judgement| !shape.verdicts.contains(&judgement.verdict)) {
                    continue;
                }
                let found = as_match(&claim, sentence);
                if let Some(hit) = weigh(context, rule, *severity, sentence, found, claim.decision.clone()) {
                    keep_best(&mut hits, first, Hit { judgement, ..hit });
                }
            }
        }
    }
    hits
}

/// Whether a person has signed a claim as checked.
fn is_signed(context: &Context<'_>, sentence: usize, claim: &Claim) -> bool {
    let signed = &context.settings.signed;
    !signed.is_empty() && signed.contains(&fingerprint(context.document, context.reading, sentence, claim))
}

/// What is known says so of a claim, read with what its surroundings do to it.
fn judged(context: &Context<'_>, sentence: usize, claim: &Claim) -> Judgement {
    let mut claim = claim.clone();
    context.surroundings.apply(sentence, &mut claim.decision);
    context.judge().judge(sentence, &claim)
}

/// Whether the fact base says so of the claim's subject and object.
fn is_pair(context: &Context<'_>, claim: &Claim, pair: Pair) -> bool {
    let named = |party: &Option<Party>| party.as_ref().and_then(|party| party.name);
    let (Some(subject), Some(object)) = (named(&claim.subject), named(&claim.object)) else { return false };
    context.paired(pair, entity_of(&subject), entity_of(&object)).is_some()
}

/// A claim as a match: its relation with the names that are its sides.
pub(super) fn as_match(claim: &Claim, sentence: usize) -> Match {
    let sides = [&claim.subject, &claim.object].into_iter().flatten().filter(|party| party.sentence == sentence);
    let captures: Vec<Mention> = sides.filter_map(|party| party.name).collect();
    let relation = &claim.relation;
    let start = captures.iter().map(|name| name.start as usize).chain([relation.start]).min();
    let end = captures.iter().map(|name| name.end as usize).chain([relation.end]).max();
    let (start, end) = (start.unwrap_or(relation.start), end.unwrap_or(relation.end));
    Match { start, end, captures, named: Named::these(relation.start - start..relation.end - start) }
}

/// The words that a range of bytes touches, as a match.
pub(super) fn words_under(view: View<'_>, from: usize, to: usize) -> Option<Match> {
    let start = view.words.iter().position(|w| w.end as usize > from)?;
    let end = view.words.iter().rposition(|w| (w.start as usize) < to)? + 1;
    (start < end).then(|| Match { start, end, captures: Vec::new(), named: Named::these(0..end - start) })
}

/// Of overlapping hits of one rule the graver stays, and of equally grave ones the longer. Tells whether one came to
/// those from `first` on.
fn keep_best<'r>(hits: &mut Vec<Hit<'r>>, first: usize, hit: Hit<'r>) -> bool {
    let rival = hits[first..].iter_mut().find(|other| std::ptr::eq(other.rule, hit.rule) && other.overlaps(&hit));
    match rival {
        None => {
            hits.push(hit);
            true
        }
        Some(rival) => {
            let weight = |h: &Hit<'_>| (h.severity, h.found.end - h.found.start);
            if weight(&hit) > weight(rival) {
                *rival = hit;
            }
            false
        }
    }
}

/// Where two rules of one pack speak on the same words, the milder one has nothing to add, nor one that yields to an
/// equally grave one. `hits` are in order of their sentences.
fn drop_milder(hits: &mut Vec<Hit<'_>>) {
    let graver = |hit: &Hit<'_>, other: &Hit<'_>| {
        let yields = other.severity == hit.severity && hit.rule.yields.contains(&other.rule.id);
        let is_milder = other.severity > hit.severity && other.rule.id.pack() == hit.rule.id.pack();
        (is_milder || yields) && other.overlaps(hit)
    };
    let of_sentence = hits.chunk_by(|a, b| a.sentence == b.sentence);
    let keep: Vec<bool> =
        of_sentence.flat_map(|some| some.iter().map(|hit| !some.iter().any(|other| graver(hit, other)))).collect();
    let mut keep = keep.into_iter();
    hits.retain(|_| keep.next().unwrap_or(true));
}

/// Whether a rule that counts only in some places counts in this sentence.
pub(super) fn is_in_place(context: &Context<'_>, rule: &Rule, sentence: usize) -> bool {
    rule.only.is_empty() || rule.only.meets(place_of(context, sentence))
}

/// What becomes of a match in its context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// It counts, and is that grave.
    Counts(Severity),
    /// It stands in contexts that exempt it: these.
    Exempt(Contexts),
    /// Something around it satisfies the rule.
    Satisfied,
}

/// Judges a match in its context: `None` where it does not count.
fn weigh<'a>(
    context: &Context<'a>,
    rule: &'a Rule,
    severity: Severity,
    sentence: usize,
    found: Match,
    decision: Decision,
) -> Option<Hit<'a>> {
    match weight(context, rule, severity, sentence, &found, decision) {
        (decision, Weight::Counts(severity)) => {
            Some(Hit { rule, severity, sentence, found, decision, judgement: None })
        }
        _ => None,
    }
}

/// How a match is read, and what that means for the rule.
pub(super) fn weight(
    context: &Context<'_>,
    rule: &Rule,
    severity: Severity,
    sentence: usize,
    found: &Match,
    mut decision: Decision,
) -> (Decision, Weight) {
    context.surroundings.apply(sentence, &mut decision);
    let mut contexts = contexts_of(context, rule, sentence, found, decision.assertion);
    if decision.distanced {
        contexts = contexts.with(Contexts::DISTANCED);
    }
    if rule.exempt.meets(contexts) {
        return (decision, Weight::Exempt(rule.exempt.shared(contexts)));
    }
    if context.is_satisfied(rule, Some(sentence)) {
        return (decision, Weight::Satisfied);
    }
    let softened = if rule.soften.meets(contexts) { severity.softened() } else { severity };
    let severity = if rule.raise.meets(contexts) { softened.raised() } else { softened };
    (decision, Weight::Counts(severity))
}

fn contexts_of(context: &Context<'_>, rule: &Rule, sentence: usize, found: &Match, assertion: Assertion) -> Contexts {
    let mut contexts = contexts_of_assertion(assertion).with(place_of(context, sentence));
    let curable = Contexts::CURABLE.with(Contexts::CURABLE_SOME).with(Contexts::UNLISTED);
    if rule.exempt.with(rule.soften).with(rule.raise).meets(curable) {
        contexts = contexts.with(curability(context, sentence, found));
    }
    contexts
}

/// The contexts that follow from where a sentence stands.
fn place_of(context: &Context<'_>, sentence: usize) -> Contexts {
    let (block, reading) = (context.block(sentence), context.reading);
    let opens = reading.title().contains(&sentence) || reading.first_paragraph().contains(&sentence);
    let places = [
        (block.kind.is_heading(), Contexts::HEADING),
        (super::is_alternative(block), Contexts::ALT),
        (reading.lead().contains(&sentence), Contexts::LEAD),
        (opens, Contexts::OPENING),
    ];
    places.iter().filter(|(is, _)| *is).fold(Contexts::default(), |all, (_, place)| all.with(*place))
}

fn contexts_of_assertion(assertion: Assertion) -> Contexts {
    let mut contexts = Contexts::default();
    let mut add = |is: bool, which: Contexts| {
        if is {
            contexts = contexts.with(which);
        }
    };
    add(assertion.polarity == Polarity::Negative, Contexts::NEGATED);
    add(assertion.certainty == Certainty::Hedged, Contexts::HEDGED);
    add(assertion.mood == Mood::Question, Contexts::QUESTION);
    add(assertion.mood == Mood::Conditional, Contexts::CONDITIONAL);
    add(assertion.mood == Mood::Imperative, Contexts::IMPERATIVE);
    add(assertion.voice == Voice::Reported, Contexts::REPORTED);
    add(assertion.voice == Voice::Quoted, Contexts::QUOTED);
    add(assertion.stance == Stance::Refuted, Contexts::REFUTED);
    contexts
}

/// Whether what the match speaks of has an accepted cure that may be meant, or is known at all. It speaks of the
/// conditions in it; else of those in its sentence; else of the last one named before it in its section, in the
/// section's heading, or in the title.
fn curability(context: &Context<'_>, sentence: usize, found: &Match) -> Contexts {
    let conditions = conditions_meant(context, sentence, found);
    let (knowledge, mentions) = (context.rules.knowledge(), context.reading.view(context.document, sentence).mentions);
    let therapies: Vec<_> = mentions.iter().filter(|m| m.lexicon == RuleSet::ENTITIES.therapy).map(entity_of).collect();
    let strengths: Vec<_> = conditions.iter().map(|&c| knowledge.cure_strength_by(c, &therapies)).collect();
    if strengths.contains(&Some(CureStrength::Usual)) {
        Contexts::CURABLE.with(Contexts::CURABLE_SOME)
    } else if strengths.contains(&Some(CureStrength::Some)) {
        Contexts::CURABLE_SOME
    } else if !conditions.is_empty() && conditions.iter().all(|&c| knowledge.entity(c).is_none()) {
        Contexts::UNLISTED
    } else {
        Contexts::default()
    }
}

fn conditions_meant(context: &Context<'_>, sentence: usize, found: &Match) -> Vec<EntityId> {
    let is_condition = |m: &&Mention| m.lexicon == RuleSet::ENTITIES.condition;
    let named =
        |mentions: &[Mention]| -> Vec<EntityId> { mentions.iter().filter(is_condition).map(entity_of).collect() };
    let caught = named(&found.captures);
    if !caught.is_empty() {
        return caught;
    }
    let in_sentence = |s: usize| named(context.reading.view(context.document, s).mentions);
    let here = in_sentence(sentence);
    if !here.is_empty() {
        return here;
    }
    let section = context.scope(Some(sentence), crate::rules::Scope::Section);
    let before = (section.start..sentence).rev().map(in_sentence).find(|named| !named.is_empty());
    let title = || (0..context.reading.len().min(3)).map(in_sentence).find(|named| !named.is_empty());
    before.or_else(title).unwrap_or_default()
}
