//! Tables whose columns are "Myth" and "Fact", or "Claim" and "Verdict".

use std::ops::Range;

use crate::cues::{Axis, Deciding};
use crate::document::BlockKind;

use super::Effect;
use super::book::{Head, Role};
use super::survey::{Survey, because};

impl Survey<'_> {
    /// What the heads of columns say of the cells under them. Blocks hold no empty cells, so a table that has some
    /// tells no columns and is left alone.
    pub(super) fn tables(&mut self) {
        let blocks = &self.document.blocks;
        let run = |from: usize, kind: BlockKind| from + blocks[from..].iter().take_while(|b| b.kind == kind).count();
        let mut at = 0;
        while at < blocks.len() {
            let body = run(at, BlockKind::TableHeader);
            let end = run(body, BlockKind::TableCell);
            let width = body - at;
            if width > 0 && (end - body) % width == 0 {
                self.columns(at..body, body..end);
            }
            at = end.max(at + 1);
        }
    }

    fn columns(&mut self, titles: Range<usize>, cells: Range<usize>) {
        let width = titles.len();
        let heads: Vec<Option<Head>> = titles.map(|block| self.title(block)).collect();
        let verdicts = heads.iter().position(|head| head.is_some_and(|head| head.role == Role::Verdict));
        for (column, head) in heads.iter().enumerate() {
            let Some(head) = head else { continue };
            for row in cells.clone().step_by(width) {
                let reasons: Vec<Deciding> = match head.role {
                    Role::Myth => vec![because(head, Axis::Refuted)],
                    Role::Claim => {
                        let verdict = verdicts.and_then(|column| self.reading.of_block(row + column).next());
                        let distanced = || vec![because(head, Axis::Distanced)];
                        let said = verdict.map_or_else(distanced, |sentence| self.reads(head, sentence));
                        said.into_iter().chain([because(head, Axis::Reported)]).collect()
                    }
                    _ => continue,
                };
                for sentence in self.reading.of_block(row + column) {
                    reasons.iter().for_each(|reason| self.found.add(sentence, Effect::Cue, reason.clone()));
                }
            }
        }
    }

    /// The label that a column's title is.
    fn title(&self, block: usize) -> Option<Head> {
        let sentence = self.reading.of_block(block).next()?;
        let at = self.heads.binary_search_by_key(&sentence, |head| head.sentence).ok()?;
        Some(self.heads[at]).filter(|head| head.alone)
    }
}
