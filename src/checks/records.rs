//! Works and trials that a text names by DOI, PMID or NCT number: whether they exist, how they stand, whom they recruit.

use std::collections::BTreeSet;

use crate::document::{Document, Link};
use crate::evidence::records::{Fate, Id, Record, Registry, fate, find};
use crate::evidence::{Answer, Answers, Question};
use crate::finding::{Evidence, Finding, Severity};
use crate::reading::Reading;
use crate::rules::{Rule, RuleSet, Trigger};
use crate::settings::Settings;
use crate::source::Span;

use super::hosts::sentence_with;
use super::{Context, said_by, trials};

/// A place where a text names something by its identifier.
pub(super) struct Mention<'d> {
    pub(super) id: Id,
    pub(super) span: Span,
    place: Place<'d>,
}

/// What a mention stands in.
enum Place<'d> {
    Link(&'d Link),
    /// A block, and a byte of its prose.
    Block(usize, usize),
}

impl Mention<'_> {
    fn sentence(&self, context: &Context<'_>) -> Option<usize> {
        self.sentence_of(context.document, context.reading)
    }

    pub(super) fn sentence_of(&self, document: &Document, reading: &Reading) -> Option<usize> {
        match self.place {
            Place::Link(link) => sentence_with(document, reading, link),
            Place::Block(block, at) => reading.sentence_at(block, at),
        }
    }
}

fn rules<'r>(rules: &'r RuleSet, settings: &Settings) -> Vec<(&'r Rule, Fate, Severity)> {
    let running = rules.rules().iter().filter_map(|rule| match rule.trigger {
        Trigger::Record(fate) => Some((rule, fate, rule.severity_under(settings)?)),
        _ => None,
    });
    running.collect()
}

pub(super) fn mentions(document: &Document) -> Vec<Mention<'_>> {
    let links = document.links.iter().filter_map(|link| {
        Some(Mention { id: Id::of_address(&link.destination)?, span: link.span, place: Place::Link(link) })
    });
    let mut mentions: Vec<Mention<'_>> = links.collect();
    for (at, block) in document.blocks.iter().enumerate() {
        mentions.extend(find(block.prose.text()).into_iter().map(|(range, id)| Mention {
            id,
            place: Place::Block(at, range.start),
            span: block.prose.source_span(range),
        }));
    }
    mentions
}

/// What has to be asked about a document's identifiers.
pub fn questions(set: &RuleSet, settings: &Settings, document: &Document, known: &Answers) -> Vec<Question> {
    let asks = |rule: &Rule| matches!(rule.trigger, Trigger::Record(_) | Trigger::Figure(_));
    if !set.rules().iter().any(|rule| asks(rule) && rule.severity_under(settings).is_some()) {
        return Vec::new();
    }
    questions_of(document, known)
}

/// What registries can be asked about a document's identifiers.
pub fn questions_of(document: &Document, known: &Answers) -> Vec<Question> {
    let ids: BTreeSet<Id> = mentions(document).into_iter().map(|mention| mention.id).collect();
    ids.iter().flat_map(|id| id.questions(known)).collect()
}

/// Findings about identifiers, and how many questions about them nobody answered.
pub fn check(context: &Context<'_>, known: &Answers) -> (Vec<Finding>, usize) {
    let rules = rules(context.rules, context.settings);
    let (mut findings, mut unchecked) = (Vec::new(), 0);
    if rules.is_empty() {
        return (findings, unchecked);
    }
    let mentions = mentions(context.document);
    for id in mentions.iter().map(|mention| &mention.id).collect::<BTreeSet<_>>() {
        let mut records = Vec::new();
        for question in id.questions(known) {
            match (&question, known.get(&question)) {
                (Question::Record { registry, .. }, Some(Answer::Record(record))) => records.push((*registry, record)),
                (Question::Record { registry, .. }, _) if registry.is_on_disk() => {}
                _ => unchecked += 1,
            }
        }
        let mut of_it: Vec<(&Mention<'_>, Option<usize>)> = mentions
            .iter()
            .filter(|mention| mention.id == *id)
            .map(|mention| (mention, mention.sentence(context)))
            .collect();
        of_it.sort_by_key(|(mention, _)| mention.span.start);
        let fate = fate(id, &records);
        for (rule, wanted, severity) in &rules {
            // Said once, where it is first named in a way that counts.
            let first = of_it.iter().filter(|(_, sentence)| context.counts(rule, *sentence)).find_map(|place| {
                if Some(*wanted) == fate {
                    return Some((place, said_of(&records)));
                }
                let detail = misfit(context, place.1, *wanted, &records, &mentions)?;
                Some((place, format!("{}: {detail}", Registry::ClinicalTrials.title())))
            });
            findings.extend(first.map(|(place, said)| finding(context, rule, *severity, *place, (&records, &said))));
        }
    }
    (findings, unchecked)
}

/// What the registries say, each by its name.
fn said_of(records: &[(Registry, &Record)]) -> String {
    let said: Vec<String> =
        records.iter().map(|(who, record)| format!("{}: {}", who.title(), record.words())).collect();
    said.join("; ")
}

/// What a trial's entry says where it does not fit its sentence in that way. A sentence with several trials fits them all.
fn misfit(
    context: &Context<'_>,
    sentence: Option<usize>,
    wanted: Fate,
    records: &[(Registry, &Record)],
    mentions: &[Mention<'_>],
) -> Option<String> {
    if !matches!(wanted, Fate::OtherPhase | Fate::OtherSubject) {
        return None;
    }
    let sentence = sentence?;
    let here = mentions.iter().filter(|mention| mention.sentence(context) == Some(sentence)).map(|mention| &mention.id);
    if here.collect::<BTreeSet<_>>().len() > 1 {
        return None;
    }
    let (_, record) = records.iter().find(|(registry, _)| *registry == Registry::ClinicalTrials)?;
    trials::misfit(context, sentence, record, wanted)
}

fn finding(
    context: &Context<'_>,
    rule: &Rule,
    severity: Severity,
    (mention, sentence): (&Mention<'_>, Option<usize>),
    (records, said): (&[(Registry, &Record)], &str),
) -> Finding {
    let id = mention.id.to_string();
    let fill = |template: &str| template.replace("{match}", &id).replace("{detail}", said);
    let mut finding = said_by(rule, severity, mention.span, fill(&rule.message), fill(&rule.help));
    if let Some(sentence) = sentence {
        finding = finding.with_context(context.reading.text(context.document, sentence));
    }
    for (who, record) in records {
        let evidence = Evidence {
            source: who.title().into(),
            detail: record.words(),
            url: Some(if who.is_on_disk() { who.base().to_owned() } else { mention.id.page() }),
            date: record.as_of.map(|day| day.to_string()),
            ..Evidence::default()
        };
        finding = finding.with_evidence(evidence);
    }
    finding
}
