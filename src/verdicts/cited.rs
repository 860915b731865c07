//! The figures of a sentence, held against the works and trials that it cites.

use crate::document::{Block, BlockKind, LinkKind};
use crate::evidence::records::{Id, Record, Registry, find};
use crate::evidence::{Answer, Judgement, Verdict};
use crate::figures::{Figure, Found, read};
use crate::finding::Evidence;

use super::Judge;
use super::case::Case;

/// A figure of a sentence, and what the cited texts have of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The figure, with its bytes in the sentence.
    pub figure: Figure,
    /// Whether it stands there: supported, contradicted where another figure of the same thing does, unverifiable where
    /// nothing of the sort does.
    pub verdict: Verdict,
    /// What was read.
    pub evidence: Evidence,
}

impl Judge<'_> {
    /// The works and trials that a sentence cites: by a number in it, a link, or a footnote.
    fn cites(&self, sentence: usize) -> Vec<Id> {
        let (document, reading) = (self.document, self.reading);
        let mut ids: Vec<Id> = find(reading.text(document, sentence)).into_iter().map(|(_, id)| id).collect();
        let block = reading.block(sentence);
        let of_block = document.links.iter().filter(|link| link.block == Some(block));
        let place = reading.sentence_span(document, sentence);
        // A mark behind the full stop belongs to the sentence before it.
        let next = reading.of_block(block).find(|&other| other > sentence);
        let end = next.map_or(u32::MAX, |next| reading.sentence_span(document, next).start);
        for link in of_block.filter(|link| (place.start..end).contains(&link.span.start)) {
            match link.kind {
                LinkKind::Footnote => {
                    let note = document.blocks.iter().find(|block| self.is_note(block, &link.destination));
                    ids.extend(note.iter().flat_map(|note| find(note.prose.text())).map(|(_, id)| id));
                }
                _ => ids.extend(Id::of_address(&link.destination)),
            }
        }
        ids.sort();
        ids.dedup();
        ids
    }

    /// Whether a block is the footnote of that label.
    fn is_note(&self, block: &Block, label: &str) -> bool {
        let source = self.document.source.text();
        let before = source.get(..block.span.start as usize).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let from_line = source.get(line..).unwrap_or_default().trim_start();
        block.kind == BlockKind::Footnote && from_line.starts_with(&format!("[^{label}]:"))
    }

    /// What registries hold on the works that a sentence cites, as far as they were asked and a text was read there.
    fn cited(&self, sentence: usize) -> Vec<(Id, Registry, &Record)> {
        let asked = self.cites(sentence).into_iter().flat_map(|id| {
            let questions = id.questions(self.answers).into_iter();
            questions.filter_map(move |question| match self.answers.get(&question) {
                Some(Answer::Record(record)) if record.figures.is_some() => {
                    Some((id.clone(), question.registry()?, record))
                }
                _ => None,
            })
        });
        asked.collect()
    }

    /// Every figure of a sentence beside the texts that it cites. Empty where it cites none that could be read.
    pub fn compared(&self, sentence: usize) -> Vec<Compared> {
        let cited = self.cited(sentence);
        if cited.is_empty() {
            return Vec::new();
        }
        let figures = read(self.reading.text(self.document, sentence)).into_iter();
        figures.filter_map(|figure| compare(figure, &cited)).collect()
    }
}

/// Where one of the cited texts has the figure, the others need not.
fn compare(figure: Figure, cited: &[(Id, Registry, &Record)]) -> Option<Compared> {
    let in_each = cited.iter().map(|(id, registry, record)| {
        let seen = record.figures.as_deref().unwrap_or_default();
        let (verdict, detail) = match figure.find(seen, crate::figures::Breadth::One) {
            Found::Same(same) => (Verdict::Supported, same.text.clone()),
            Found::Other(other) => (Verdict::Contradicted, other.text.clone()),
            Found::Unclear(_) => (Verdict::Unchecked, String::new()),
            Found::Nothing => (Verdict::Unverifiable, "not in its summary".to_owned()),
        };
        let evidence = Evidence {
            source: registry.title().to_owned(),
            detail,
            field: Some(format!("{id} summary")),
            url: Some(id.page()),
            ..Evidence::default()
        };
        (verdict, evidence)
    });
    let rank = |verdict: Verdict| match verdict {
        Verdict::Supported => 0,
        Verdict::Contradicted => 1,
        _ => 2,
    };
    let (verdict, evidence) = in_each.min_by_key(|(verdict, _)| rank(*verdict))?;
    Some(Compared { figure, verdict, evidence })
}

/// What the cited texts say to the figures of a claim: the worst of them decides.
pub(super) fn figures(case: &Case<'_, '_>) -> Judgement {
    let (judge, words) = (case.judge, case.claim.words.clone());
    let from = case.view.words.first().map_or(0, |word| word.start);
    let offset = |at: usize| case.view.words.get(at).map_or(0, |word| (word.start - from) as usize);
    let range = offset(words.start)..case.view.words.get(words.end).map_or(usize::MAX, |_| offset(words.end));
    let compared = judge.compared(case.sentence).into_iter();
    let of_claim = compared.filter(|one| one.figure.at.start < range.end && range.start < one.figure.at.end);
    let judged = of_claim.map(|one| Judgement::new(one.verdict).with_evidence(one.evidence));
    judged.reduce(Judgement::and).unwrap_or_default()
}
