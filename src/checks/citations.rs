//! Figures and quotations that do not stand in the works and pages that their sentence cites.

use std::collections::BTreeSet;

use crate::document::{Document, Link, LinkKind};
use crate::evidence::pages::PageText;
use crate::evidence::quotations::{Quoted, differences};
use crate::evidence::records::find;
use crate::evidence::{Answer, Answers, Question, Verdict};
use crate::figures;
use crate::finding::{Evidence, Finding, Severity};
use crate::reading::Reading;
use crate::rules::{Rule, RuleSet, Trigger};
use crate::settings::Settings;
use crate::verdicts::{Citations, Cited};

use super::raised::Raised;
use super::{Context, said_by, shortened};

/// What running rules look for in what a document cites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Wanted {
    figures: bool,
    quotations: bool,
}

impl Wanted {
    fn of(set: &RuleSet, settings: &Settings) -> Self {
        let runs = |is_it: &dyn Fn(&Trigger) -> bool| {
            set.rules().iter().any(|rule| is_it(&rule.trigger) && rule.severity_under(settings).is_some())
        };
        Self {
            figures: runs(&|trigger| matches!(trigger, Trigger::Figure(_))),
            quotations: runs(&|trigger| matches!(trigger, Trigger::Quotation(_))),
        }
    }
}

/// What has to be asked about the texts that a document cites, besides the records of works.
pub fn questions(set: &RuleSet, settings: &Settings, document: &Document) -> Vec<Question> {
    asked(set, document, Wanted::of(set, settings))
}

/// What can be asked about the pages that a document takes figures from.
pub fn questions_of(set: &RuleSet, document: &Document) -> Vec<Question> {
    asked(set, document, Wanted { figures: true, quotations: false })
}

/// Pages are read only where a sentence takes a figure or words from them; all others are looked at in the cheap way in
/// which links are.
fn asked(set: &RuleSet, document: &Document, wanted: Wanted) -> Vec<Question> {
    if wanted == Wanted::default() {
        return Vec::new();
    }
    let may_cite: Vec<bool> = (0..document.blocks.len()).map(|block| may_cite(document, block, wanted)).collect();
    if !may_cite.contains(&true) {
        return Vec::new();
    }
    let reading = set.reader().read_blocks(document, &|block| may_cite[block]);
    distinct(raised_by(set, document, &reading, wanted)).into_iter().collect()
}

fn distinct(raised: Vec<Raised>) -> BTreeSet<Question> {
    raised.into_iter().map(|raised| raised.question).collect()
}

/// Everything that can be asked about the texts that a document cites, with the places that raise it.
pub(super) fn raised(set: &RuleSet, document: &Document, reading: &Reading) -> Vec<Raised> {
    raised_by(set, document, reading, Wanted { figures: true, quotations: true })
}

fn raised_by(set: &RuleSet, document: &Document, reading: &Reading, wanted: Wanted) -> Vec<Raised> {
    let citations = Citations { document, reading, names: RuleSet::ENTITIES };
    let mut raised = Vec::new();
    let blocks = || (0..document.blocks.len()).filter(|&block| may_cite(document, block, wanted));
    for sentence in blocks().filter(|_| wanted.figures).flat_map(|block| reading.of_block(block)) {
        let cited = citations.of(sentence);
        let has_pages = cited.iter().any(|cited| matches!(cited, Cited::Page(_)));
        if has_pages && !figures::read(reading.text(document, sentence)).is_empty() {
            let span = reading.sentence_span(document, sentence);
            raised.extend(cited.into_iter().filter_map(|cited| match cited {
                Cited::Page(url) => Some(Raised { question: Question::Page { url }, span, sentence: Some(sentence) }),
                Cited::Work(_) => None,
            }));
        }
    }
    for block in blocks().filter(|_| wanted.quotations) {
        for quotation in citations.quotations(block, set.cues()) {
            let span = document.blocks[block].prose.source_span(quotation.at.clone());
            let sentence = Some(quotation.sentence);
            let questions = quotation.questions().into_iter();
            raised.extend(questions.map(|question| Raised { question, span, sentence }));
        }
    }
    raised
}

/// Whether a block can hold a figure or quotation with a citation: a look that spares most blocks the reading.
fn may_cite(document: &Document, block: usize, wanted: Wanted) -> bool {
    let text = document.blocks[block].prose.text();
    let leads_away = |link: &Link| {
        link.kind == LinkKind::Footnote || link.destination.contains("//") && link.kind != LinkKind::Image
    };
    let cites = || document.links_of(block).any(leads_away);
    let quotes = wanted.quotations && text.contains('"') && (cites() || !find(text).is_empty());
    quotes || (wanted.figures && cites() && !figures::read(text).is_empty())
}

/// Everything that these rules have to say, and how many questions about cited texts have no answer that says something.
pub fn check(context: &Context<'_>) -> (Vec<Finding>, usize) {
    let wanted = Wanted::of(context.rules, context.settings);
    let raised = if wanted == Wanted::default() {
        Vec::new()
    } else {
        raised_by(context.rules, context.document, context.reading, wanted)
    };
    let questions = distinct(raised);
    let unchecked = questions.iter().filter(|question| !says_something(context.answers, question)).count();
    // Without answers there is nothing to hold figures and words against.
    if context.answers.is_empty() {
        return (Vec::new(), unchecked);
    }
    let mut findings = figures(context);
    findings.extend(quotations(context));
    (findings, unchecked)
}

fn says_something(answers: &Answers, question: &Question) -> bool {
    match answers.get(question) {
        Some(Answer::Page(PageText { figures, .. })) => figures.is_some(),
        Some(Answer::Quoted(quoted)) => !matches!(quoted, Quoted::Unread { .. }),
        _ => false,
    }
}

/// The rules that speak of figures, or of quotations, that come out so, with their severities.
fn running<'r>(context: &Context<'r>, of: &dyn Fn(&Trigger) -> Option<Verdict>) -> Vec<(&'r Rule, Verdict, Severity)> {
    let rules = context.rules.rules().iter();
    rules.filter_map(|rule| Some((rule, of(&rule.trigger)?, rule.severity_under(context.settings)?))).collect()
}

fn figures(context: &Context<'_>) -> Vec<Finding> {
    let running = running(context, &|trigger| match trigger {
        Trigger::Figure(wanted) => Some(*wanted),
        _ => None,
    });
    let mut findings = Vec::new();
    if running.is_empty() {
        return findings;
    }
    let judge = context.judge();
    for sentence in 0..context.reading.len() {
        for compared in judge.compared(sentence) {
            let start = context.reading.range(sentence).start as usize;
            let at = compared.figure.at.start + start..compared.figure.at.end + start;
            let place = Place { sentence, at, words: &compared.figure.text, evidence: &compared.evidence };
            findings.extend(place.findings(context, &running, compared.verdict));
        }
    }
    findings
}

fn quotations(context: &Context<'_>) -> Vec<Finding> {
    let running = running(context, &|trigger| match trigger {
        Trigger::Quotation(wanted) => Some(*wanted),
        _ => None,
    });
    let mut findings = Vec::new();
    if running.is_empty() {
        return findings;
    }
    let (judge, citations) = (context.judge(), context.judge().citations());
    for block in 0..context.document.blocks.len() {
        for quotation in citations.quotations(block, context.rules.cues()) {
            let (verdict, evidence) = judge.quoted(&quotation);
            let (sentence, at) = (quotation.sentence, quotation.at.clone());
            let place = Place { sentence, at, words: &quotation.words, evidence: &evidence };
            findings.extend(place.findings(context, &running, verdict));
        }
    }
    findings
}

/// Words of a draft that stand beside a cited text, and what was read there.
struct Place<'a> {
    sentence: usize,
    /// Their bytes in the block's prose.
    at: std::ops::Range<usize>,
    words: &'a str,
    evidence: &'a Evidence,
}

impl Place<'_> {
    fn findings(
        &self,
        context: &Context<'_>,
        running: &[(&Rule, Verdict, Severity)],
        verdict: Verdict,
    ) -> Vec<Finding> {
        let block = context.block(self.sentence);
        let speaking = running.iter().filter(|(rule, wanted, _)| {
            *wanted == verdict && rule.blocks.has(block.kind) && context.counts(rule, Some(self.sentence))
        });
        let span = block.prose.source_span(self.at.clone());
        let text = context.reading.text(context.document, self.sentence);
        let finding = |(rule, _, severity): &(&Rule, Verdict, Severity)| {
            let said = said_by(rule, *severity, span, self.fill(&rule.message), self.fill(&rule.help));
            said.with_context(text).with_evidence(self.evidence.clone())
        };
        speaking.map(finding).collect()
    }

    fn fill(&self, template: &str) -> String {
        let Evidence { source, detail, field, .. } = self.evidence;
        let field = field.as_deref().unwrap_or_default();
        let (within, place, source) = match field.strip_suffix(" summary") {
            Some(id) => ("in", "the summary of the cited work", format!("{source}, {id}")),
            None => ("on", "the linked page", source.clone()),
        };
        let mut filled = template.replace("{in}", within).replace("{place}", place).replace("{source}", &source);
        if filled.contains("{differences}") {
            filled = filled.replace("{differences}", &differences(self.words, detail));
        }
        filled.replace("{detail}", &shortened(detail)).replace("{match}", &shortened(self.words))
    }
}
