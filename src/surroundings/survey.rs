//! Finding what surrounds the sentences of a document.

use std::ops::Range;

use crate::assertion::{Certainty, Polarity, Stance, Voice};
use crate::cues::{Axis, CueBook, Deciding, Decision, Origin};
use crate::document::{Block, BlockKind, Document};
use crate::language::End;
use crate::pattern::Candidates;
use crate::reading::Reading;

use super::book::{Head, LayoutBook, Role};
use super::{Effect, Surroundings};

/// How many blocks behind a claim its verdict is looked for.
const VERDICT_WITHIN: usize = 8;

impl LayoutBook {
    /// What surrounds the sentences of a document.
    pub fn survey(&self, document: &Document, reading: &Reading, cues: &CueBook) -> Surroundings {
        let mut candidates = Candidates::default();
        let heads = (0..reading.len())
            .filter_map(|sentence| self.head(sentence, reading.view(document, sentence), &mut candidates))
            .filter(|head| head.role != Role::Plain)
            .collect();
        let mut survey = Survey { document, reading, cues, heads, found: Surroundings::default() };
        survey.headings();
        survey.labels();
        survey.tables();
        survey.replies();
        survey.lists();
        survey.quotations();
        survey.found
    }
}

pub(super) struct Survey<'a> {
    pub document: &'a Document,
    pub reading: &'a Reading,
    cues: &'a CueBook,
    /// The sentences that start with words of a layout, in order.
    pub heads: Vec<Head>,
    pub found: Surroundings,
}

/// What the words of a layout say.
pub(super) fn because(head: &Head, axis: Axis) -> Deciding {
    Deciding { words: 0..head.words, axis, origin: Origin::Layout(head.layout), sentence: Some(head.sentence) }
}

impl Survey<'_> {
    fn block(&self, sentence: usize) -> &Block {
        &self.document.blocks[self.reading.block(sentence)]
    }

    /// Whether a block's text ends with one of these characters.
    fn ends_with(&self, block: usize, marks: &[char]) -> bool {
        self.document.blocks[block].prose.text().trim_end().ends_with(marks)
    }

    /// What a block's last sentence leaves open at its end, and what is said of that sentence from outside.
    fn left_open(&self, block: usize) -> Decision {
        let Some(last) = self.reading.of_block(block).next_back() else { return Decision::default() };
        let mut open = self.cues.read(self.reading.view(self.document, last), self.reading.end(last)).open_at_end();
        open.cues.iter_mut().for_each(|cue| cue.sentence = Some(last));
        self.found.apply(last, &mut open);
        open
    }

    /// A heading that starts as a question is one, and so is all of a heading that ends with one: "He says that it
    /// cures. Is that true?".
    fn headings(&mut self) {
        for head in self.heads.iter().filter(|head| head.role == Role::Asks) {
            if self.document.blocks[self.reading.block(head.sentence)].kind.is_heading() {
                self.found.add(head.sentence, Effect::Cue, because(head, Axis::Question));
            }
        }
        for (number, _) in self.document.headings() {
            let sentences = self.reading.of_block(number);
            let Some(last) = sentences.clone().next_back().filter(|&last| self.reading.end(last) == End::Question)
            else {
                continue;
            };
            for sentence in sentences.start..last {
                let words = 0..self.reading.view(self.document, last).words.len();
                let origin = Origin::Sentence;
                let asks = Deciding { words, axis: Axis::Question, origin, sentence: Some(last) };
                self.found.add(sentence, Effect::Cue, asks);
            }
        }
    }

    /// "Myth: …", and claims with their verdicts.
    fn labels(&mut self) {
        for (number, head) in self.heads.clone().iter().enumerate() {
            if self.block(head.sentence).kind == BlockKind::TableHeader {
                continue;
            }
            let later = &self.heads[number + 1..];
            match head.role {
                Role::Myth => {
                    for sentence in self.labelled(head, later) {
                        self.found.add(sentence, Effect::Cue, because(head, Axis::Refuted));
                    }
                }
                Role::Claim => {
                    let distanced = || vec![because(head, Axis::Distanced)];
                    let reasons = self.verdict(head, later).unwrap_or_else(distanced);
                    for sentence in self.labelled(head, later) {
                        self.found.add(sentence, Effect::Cue, because(head, Axis::Reported));
                        reasons.iter().for_each(|reason| self.found.add(sentence, Effect::Cue, reason.clone()));
                    }
                }
                _ => {}
            }
        }
    }

    /// The sentences that a label speaks of: what follows it in its block, or the next block where it has one of its
    /// own, up to the next label. Without a next label a label inside a block speaks of one sentence: what comes then
    /// mostly explains it.
    fn labelled(&self, head: &Head, later: &[Head]) -> Range<usize> {
        let start = head.sentence + usize::from(head.alone);
        let block = self.reading.block(head.sentence);
        let own_block = head.alone && self.reading.of_block(block).len() == 1;
        let end = self.reading.of_block(block + usize::from(own_block)).end;
        let next = later.iter().find(|head| head.role.is_label()).map(|head| head.sentence);
        match next {
            Some(next) if next <= end => start..next,
            _ if own_block => start..end,
            _ => start..end.min(start + 1),
        }
    }

    /// What the verdict on a claim says of it: `None` without a verdict, nothing where it is upheld.
    fn verdict(&self, claim: &Head, later: &[Head]) -> Option<Vec<Deciding>> {
        let far = self.reading.block(claim.sentence) + VERDICT_WITHIN;
        let verdict = later
            .iter()
            .take_while(|head| {
                !matches!(head.role, Role::Claim | Role::Myth) && self.reading.block(head.sentence) <= far
            })
            .find(|head| head.role == Role::Verdict)?;
        let sentence = verdict.sentence + usize::from(verdict.alone);
        (sentence < self.reading.len()).then(|| self.reads(verdict, sentence))
    }

    /// What a verdict reads: its words reject the claim, doubt it, or say neither.
    pub(super) fn reads(&self, verdict: &Head, sentence: usize) -> Vec<Deciding> {
        let cues = self.cues.read(self.reading.view(self.document, sentence), self.reading.end(sentence));
        let said = cues.open_at_end().assertion;
        if said.stance == Stance::Refuted || said.polarity == Polarity::Negative {
            vec![because(verdict, Axis::Refuted)]
        } else if said.certainty == Certainty::Hedged {
            vec![because(verdict, Axis::Hedged)]
        } else {
            Vec::new()
        }
    }

    /// "Does it work? Yes." and "It cures colds. That is a myth.".
    fn replies(&mut self) {
        for head in self.heads.clone() {
            let block = self.reading.block(head.sentence);
            let Some(before) = head.sentence.checked_sub(1) else { continue };
            let same_block = self.reading.block(before) == block;
            let asks = self.reading.end(before) == End::Question
                || self.found.of.get(&before).is_some_and(|all| all.iter().any(|(_, b)| b.axis == Axis::Question));
            match head.role {
                Role::Yes if asks => self.found.add(before, Effect::Affirmed, because(&head, Axis::Plain)),
                Role::No if asks => self.found.add(before, Effect::Cue, because(&head, Axis::Negated)),
                Role::Rejects if same_block || self.block(before).kind.is_heading() || self.block(before).in_quote => {
                    self.found.add(before, Effect::Cue, because(&head, Axis::Refuted));
                }
                _ => {}
            }
        }
    }

    /// The items of a list take over what its lead-in leaves open: "The drug does not:". Right under a heading they take
    /// over its rejection: "Myths about colds".
    fn lists(&mut self) {
        let mut open = (usize::MAX, Decision::default());
        for (number, block) in self.document.blocks.iter().enumerate() {
            if block.kind != BlockKind::ListItem {
                continue;
            }
            // A list with nothing else between it and its section's heading.
            let blocks = &self.document.blocks;
            let tops = |heading: &usize| blocks[*heading + 1].kind == BlockKind::ListItem;
            let heading = || self.document.sections[block.section].heading.filter(tops);
            let Some(lead_in) = block.lead_in.or_else(heading) else { continue };
            if open.0 != lead_in {
                let leads = !self.ends_with(lead_in, &['.', '!', '?']);
                open = (lead_in, if leads { self.left_open(lead_in) } else { Decision::default() });
            }
            let under_heading = block.lead_in.is_none();
            for sentence in self.reading.of_block(number) {
                let cues = open.1.cues.iter().filter(|cue| !under_heading || cue.axis == Axis::Refuted);
                cues.for_each(|cue| self.found.add(sentence, Effect::Cue, cue.clone()));
            }
        }
    }

    /// Quotations that stand in blocks of their own, with their speaker before them ("She wrote:") or below ("— Jane
    /// Doe").
    fn quotations(&mut self) {
        let blocks = &self.document.blocks;
        let mut at = 0;
        while at < blocks.len() {
            let quote = blocks[at..].iter().take_while(|block| block.in_quote).count();
            let run = at..at + quote.max(1);
            at = run.end;
            let speaker =
                run.start.checked_sub(1).filter(|&before| self.ends_with(before, &[':'])).and_then(|before| {
                    let open = self.left_open(before);
                    let said = open.cues.into_iter().find(|cue| cue.axis == Axis::Reported);
                    said.filter(|_| open.assertion.voice != Voice::Author)
                });
            let follows = matches!(blocks[run.start].kind, BlockKind::Paragraph | BlockKind::ListItem);
            let effect = if quote > 0 { Effect::Quoted } else { Effect::Cue };
            let below = || {
                let last = self.reading.of_blocks(run.clone()).next_back().filter(|_| quote > 0)?;
                let text = self.reading.text(self.document, last);
                let words = 0..self.reading.view(self.document, last).words.len();
                let origin = Origin::Sentence;
                let reason = Deciding { words, axis: Axis::Reported, origin, sentence: Some(last) };
                text.starts_with(['—', '–', '-']).then_some(reason)
            };
            if let Some(reason) = speaker.filter(|_| follows).or_else(below) {
                for sentence in self.reading.of_blocks(run) {
                    self.found.add(sentence, effect, reason.clone());
                }
            }
        }
    }
}
