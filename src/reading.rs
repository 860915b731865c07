//! A document cut into sentences, with the names in them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document::{Block, BlockKind, Document};
use crate::imported::{Imported, Kind};
use crate::language::{End, Segmenter, Sentence, Vocabulary, Word, WordId};
use crate::pattern::{LexiconId, Lexicons, Mention, Recognisers, View};
use crate::source::Span;

/// Lexicons that hold the fact base's entities: their entries are entity numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityLexicons {
    /// `{condition}`.
    pub condition: LexiconId,
    /// `{therapy}`.
    pub therapy: LexiconId,
    /// `{authority}`.
    pub authority: LexiconId,
}

/// What reading needs: how to cut, the words that count, and the names.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reader {
    /// Cuts text.
    pub segmenter: Segmenter,
    /// Every word that anything mentions.
    pub vocabulary: Vocabulary,
    /// Every name.
    pub lexicons: Lexicons,
    /// How names are made that no list holds.
    pub recognisers: Recognisers,
    /// Names that were imported from official files, and the lexicons that they belong to.
    #[serde(skip)]
    pub imported: Option<(&'static Imported, EntityLexicons)>,
}

/// The sentences of a document, with their words and names, in reading order.
#[derive(Debug, Default)]
pub struct Reading {
    words: Vec<Word>,
    mentions: Vec<Mention>,
    sentences: Vec<Entry>,
    /// The sentences of each block.
    blocks: Vec<Range<usize>>,
    /// The first sentence behind the lead.
    lead_end: usize,
    /// The sentences of the title.
    title: Range<usize>,
    /// The sentences of the first paragraph.
    first_paragraph: Range<usize>,
}

#[derive(Debug)]
struct Entry {
    block: usize,
    sentence: Sentence,
    mentions: Range<u32>,
}

/// Fewest words of a first paragraph; what is shorter is a byline or a place and date.
const FIRST_PARAGRAPH_WORDS: usize = 10;
/// Share of a document's words that is its lead.
const LEAD_SHARE: f32 = 0.3;

impl Reader {
    /// Reads a document.
    pub fn read(&self, document: &Document) -> Reading {
        self.read_blocks(document, &|_| true)
    }

    /// Reads some blocks of a document, by their numbers; the others have no sentences.
    pub fn read_blocks(&self, document: &Document, is_read: &dyn Fn(usize) -> bool) -> Reading {
        let mut reading = Reading::default();
        let mut sentences = Vec::new();
        let mut other_meanings = Vec::new();
        for (block, content) in document.blocks.iter().enumerate() {
            let first = reading.sentences.len();
            let text = if is_read(block) { content.prose.text() } else { "" };
            sentences.clear();
            self.segmenter.cut(text, &self.vocabulary, &mut sentences, &mut reading.words);
            for sentence in sentences.drain(..) {
                let start = reading.mentions.len() as u32;
                let words = &reading.words[sentence.words.start as usize..sentence.words.end as usize];
                other_meanings.extend(self.lexicons.annotate(words, text, &mut reading.mentions));
                self.annotate_imported(words, text, start as usize, &mut reading.mentions);
                self.recognisers.annotate(words, text, start as usize, &mut reading.mentions);
                let mentions = start..reading.mentions.len() as u32;
                reading.sentences.push(Entry { block, sentence, mentions });
            }
            reading.blocks.push(first..reading.sentences.len());
        }
        if !other_meanings.is_empty() {
            reading.forget(&other_meanings);
        }
        reading.lead_end = reading.find_lead_end();
        reading.title = reading.find_title(document);
        reading.first_paragraph = reading.find_first_paragraph(document);
        reading
    }

    /// Adds the imported names in a sentence's words to `mentions`, of which those from `first` on are the sentence's, and
    /// keeps these ordered by their first word. What the fact base knows by name stays what it is.
    fn annotate_imported(&self, words: &[Word], text: &str, first: usize, mentions: &mut Vec<Mention>) {
        let Some((imported, lexicons)) = self.imported else { return };
        let listed = mentions.len();
        imported.each_name(words, text, &mut |kind, at, entry| {
            let lexicon = match kind {
                Kind::Condition => lexicons.condition,
                Kind::Therapy => lexicons.therapy,
            };
            let found = Mention::imported(at.start as u32, at.end as u32, lexicon, entry);
            let clashes = |m: &Mention| m.lexicon == lexicon && m.start < found.end && found.start < m.end;
            let is_new = !mentions[first..].iter().any(clashes);
            mentions.extend(Some(found).filter(|_| is_new));
            is_new
        });
        if mentions.len() > listed {
            mentions[first..].sort_by_key(|mention| mention.start);
        }
    }
}

impl Reading {
    /// Leaves out the mentions that are nothing but a word to which the document gives another meaning.
    fn forget(&mut self, other_meanings: &[(LexiconId, WordId)]) {
        let mut kept = Vec::with_capacity(self.mentions.len());
        for Entry { sentence, mentions, .. } in &mut self.sentences {
            let start = kept.len() as u32;
            let words = &self.words[sentence.words.start as usize..sentence.words.end as usize];
            let is_other =
                |m: &Mention| m.end - m.start == 1 && other_meanings.contains(&(m.lexicon, words[m.start as usize].id));
            let range = mentions.start as usize..mentions.end as usize;
            kept.extend(self.mentions[range].iter().filter(|m| !is_other(m)));
            *mentions = start..kept.len() as u32;
        }
        self.mentions = kept;
    }

    /// How many sentences there are.
    pub fn len(&self) -> usize {
        self.sentences.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty()
    }

    /// The words of all sentences.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// The sentences of a block.
    pub fn of_block(&self, block: usize) -> Range<usize> {
        self.blocks.get(block).cloned().unwrap_or(0..0)
    }

    /// The sentences of a run of blocks.
    pub fn of_blocks(&self, blocks: Range<usize>) -> Range<usize> {
        if blocks.start >= blocks.end {
            return 0..0;
        }
        self.of_block(blocks.start).start..self.of_block(blocks.end - 1).end
    }

    /// The sentences of the lead: the first three tenths of the words.
    pub fn lead(&self) -> Range<usize> {
        0..self.lead_end
    }

    /// The sentences of the title: a title block, or else the first heading.
    pub fn title(&self) -> Range<usize> {
        self.title.clone()
    }

    /// The sentences of the first paragraph of running text: bylines, captions and the like before it are passed over.
    pub fn first_paragraph(&self) -> Range<usize> {
        self.first_paragraph.clone()
    }

    /// The block that a sentence stands in.
    pub fn block(&self, sentence: usize) -> usize {
        self.sentences[sentence].block
    }

    /// The bytes of a sentence in its block's prose.
    pub fn range(&self, sentence: usize) -> Range<u32> {
        let range = &self.sentences[sentence].sentence.range;
        range.start..range.end
    }

    /// How a sentence ends.
    pub fn end(&self, sentence: usize) -> End {
        self.sentences[sentence].sentence.end
    }

    /// The sentence as patterns see it.
    pub fn view<'a>(&'a self, document: &'a Document, sentence: usize) -> View<'a> {
        let entry = &self.sentences[sentence];
        View {
            words: &self.words[entry.sentence.words.start as usize..entry.sentence.words.end as usize],
            mentions: &self.mentions[entry.mentions.start as usize..entry.mentions.end as usize],
            text: self.block_of(document, sentence).prose.text(),
        }
    }

    /// The sentence's text.
    pub fn text<'a>(&self, document: &'a Document, sentence: usize) -> &'a str {
        let range = &self.sentences[sentence].sentence.range;
        &document.blocks[self.block(sentence)].prose.text()[range.start as usize..range.end as usize]
    }

    /// Words of a sentence as its reader sees them, with what stands between them.
    pub fn words_text<'a>(&self, document: &'a Document, sentence: usize, words: Range<usize>) -> &'a str {
        let (view, text) = (self.view(document, sentence), document.blocks[self.block(sentence)].prose.text());
        match (view.words.get(words.start), view.words.get(words.end.wrapping_sub(1))) {
            (Some(first), Some(last)) => text.get(first.start as usize..last.end as usize).unwrap_or(""),
            _ => "",
        }
    }

    /// Where a sentence stands in the source, its closing mark included.
    pub fn sentence_span(&self, document: &Document, sentence: usize) -> Span {
        let range = &self.sentences[sentence].sentence.range;
        self.block_of(document, sentence).prose.source_span(range.start as usize..range.end as usize)
    }

    /// Where words of a sentence stand in the source.
    pub fn span(&self, document: &Document, sentence: usize, words: Range<usize>) -> Span {
        let (view, prose) = (self.view(document, sentence), &document.blocks[self.block(sentence)].prose);
        match (view.words.get(words.start), view.words.get(words.end.wrapping_sub(1))) {
            (Some(first), Some(last)) => prose.source_span(first.start as usize..last.end as usize),
            _ => prose.source_span(0..0),
        }
    }

    /// The sentence of a block that holds byte `at` of its prose.
    pub fn sentence_at(&self, block: usize, at: usize) -> Option<usize> {
        let sentences = self.of_block(block);
        let behind = self.sentences[sentences.clone()].partition_point(|s| s.sentence.range.end as usize <= at);
        (behind < sentences.len()).then_some(sentences.start + behind)
    }

    fn block_of<'a>(&self, document: &'a Document, sentence: usize) -> &'a Block {
        &document.blocks[self.block(sentence)]
    }

    fn find_title(&self, document: &Document) -> Range<usize> {
        let title = document.blocks.iter().position(|block| block.kind == BlockKind::Title);
        let first_heading = || document.headings().map(|(index, _)| index).next();
        title.or_else(first_heading).map_or(0..0, |block| self.of_block(block))
    }

    fn find_first_paragraph(&self, document: &Document) -> Range<usize> {
        let is_prose = |sentences: &Range<usize>| {
            let block = sentences.clone().next().map(|sentence| &document.blocks[self.block(sentence)]);
            let words: usize = sentences.clone().map(|s| self.sentences[s].sentence.words.len()).sum();
            let ends = |text: &str| text.trim_end_matches(['"', '\'', ')', '”', '’']).ends_with(['.', '!', '?', ':']);
            words >= FIRST_PARAGRAPH_WORDS
                && block.is_some_and(|b| b.kind == BlockKind::Paragraph && ends(b.prose.text().trim_end()))
        };
        self.blocks.iter().find(|sentences| is_prose(sentences)).cloned().unwrap_or(0..0)
    }

    fn find_lead_end(&self) -> usize {
        let share = (self.words.len() as f32 * LEAD_SHARE) as u32;
        self.sentences.iter().position(|entry| entry.sentence.words.end > share).map_or(0, |at| at + 1)
    }
}

/// Whether sentences of a block are read for a document's running text: tables, alternative texts and footnotes are
/// notes beside it.
pub fn is_running_text(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Paragraph | BlockKind::ListItem)
}
