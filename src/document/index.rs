//! What stands where in a document, so that looking it up for every block takes no longer than reading the document once.

use std::collections::BTreeMap;

use super::{BlockKind, Document, Link};

/// Links by block and footnotes by label.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// The numbers of links that stand in a block, in the order of blocks and then of places.
    links: Vec<u32>,
    notes: BTreeMap<String, usize>,
}

impl Index {
    pub(super) fn of(document: &Document) -> Self {
        let links = &document.links;
        let mut numbers: Vec<u32> = (0..links.len() as u32).filter(|&at| links[at as usize].block.is_some()).collect();
        numbers.sort_by_key(|&at| (links[at as usize].block, links[at as usize].span.start));
        let mut notes = BTreeMap::new();
        for (at, block) in document.blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Footnote) {
            if let Some(label) = label(document.source.text(), block.span.start as usize) {
                notes.entry(label).or_insert(at);
            }
        }
        Self { links: numbers, notes }
    }
}

/// The label of a footnote whose text starts in the line of that byte: `[^1]: …`.
fn label(source: &str, at: usize) -> Option<String> {
    let line = source.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let (label, _) = source.get(line..)?.trim_start().strip_prefix("[^")?.split_once("]:")?;
    (!label.contains('\n')).then(|| label.to_owned())
}

impl Document {
    /// The links of a block, in the order of their places.
    pub fn links_of(&self, block: usize) -> impl Iterator<Item = &Link> {
        self.links_from(block, 0)
    }

    /// The links of a block that start at this byte of the source or behind it, in the order of their places.
    pub fn links_from(&self, block: usize, start: u32) -> impl Iterator<Item = &Link> {
        let place = |at: &u32| (self.links[*at as usize].block, self.links[*at as usize].span.start);
        let from = self.index.links.partition_point(|at| place(at) < (Some(block), start));
        let of_block = self.index.links[from..].iter().take_while(move |at| place(at).0 == Some(block));
        of_block.map(|at| &self.links[*at as usize])
    }

    /// The block of the footnote with that label.
    pub fn note(&self, label: &str) -> Option<usize> {
        self.index.notes.get(label).copied()
    }
}
