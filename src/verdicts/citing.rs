//! What the sentences of a document cite, and which of their words they quote.

use std::ops::Range;

use url::Url;

use crate::assertion::Voice;
use crate::cues::CueBook;
use crate::document::{Document, Link, LinkKind};
use crate::evidence::Question;
use crate::evidence::links::{Target, target, web};
use crate::evidence::quotations::{is_about_speaker, is_quotation};
use crate::evidence::records::{Id, find};
use crate::language::Marks;
use crate::reading::{EntityLexicons, Reading};
use crate::source::Span;

/// Something that a sentence cites.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cited {
    /// A work or trial that registries know.
    Work(Id),
    /// A web page, by its address without a fragment.
    Page(String),
}

/// Somebody else's words, and where they are said to come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The words between the quotation marks.
    pub words: String,
    /// The sentence in which they end.
    pub sentence: usize,
    /// Their bytes in their block's prose.
    pub at: Range<usize>,
    /// What the sentences cite that they stand in. Never empty.
    pub sources: Vec<Cited>,
}

/// Finds what a document cites.
#[derive(Clone, Copy, Debug)]
pub struct Citations<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its sentences, or those of the blocks that are looked at.
    pub reading: &'a Reading,
    /// The lexicons whose names are entities.
    pub names: EntityLexicons,
}

impl Citations<'_> {
    /// What a sentence cites: by a number in it, a link, or a footnote. A link on nothing but the name of an illness or a
    /// therapy explains the name, and a home page says nothing in particular: neither is a citation.
    pub fn of(&self, sentence: usize) -> Vec<Cited> {
        self.among(sentence, &|_| true, &|_| true)
    }

    /// Where the words may come from that stand in these bytes of the block's prose: what their sentence cites, but for what
    /// stands among them or tells of who speaks.
    fn beside(&self, sentence: usize, quoted: &Range<usize>) -> Vec<Cited> {
        let start = self.reading.range(sentence).start as usize;
        let held = self.document.blocks[self.reading.block(sentence)].prose.source_span(quoted.clone());
        let is_held = |link: &Link| held.start <= link.span.start && link.span.end <= held.end;
        self.among(sentence, &|at| !quoted.contains(&(start + at)), &|link| {
            !is_held(link) && !self.is_on_speaker(sentence, link, held)
        })
    }

    /// Whether a link of a sentence tells of who says the words that stand there in the source. What stands in brackets or
    /// behind the sentence stands apart and tells where they are from.
    fn is_on_speaker(&self, sentence: usize, link: &Link, quoted: Span) -> bool {
        let source = self.document.source.text();
        let start = self.reading.sentence_span(self.document, sentence).start;
        let from = if quoted.end <= link.span.start { quoted.end.max(start) } else { start };
        let before = source.get(from as usize..link.span.start as usize).unwrap_or_default();
        let is_apart =
            link.kind == LinkKind::Footnote || before.trim_end().ends_with(['(', '[', '.', '!', '?', '"', '”']);
        !is_apart && is_about_speaker(before, &link.text)
    }

    /// What those of a sentence's numbers and links cite that count: the numbers by their bytes in it.
    fn among(
        &self,
        sentence: usize,
        counts: &dyn Fn(usize) -> bool,
        link_counts: &dyn Fn(&Link) -> bool,
    ) -> Vec<Cited> {
        if self.reading.view(self.document, sentence).words.len() > LONGEST_SENTENCE {
            return Vec::new();
        }
        let numbers = find(self.reading.text(self.document, sentence)).into_iter();
        let numbers = numbers.filter(|(at, _)| counts(at.start));
        let mut cited: Vec<Cited> = numbers.map(|(_, id)| Cited::Work(id)).collect();
        for link in self.links(sentence).filter(|link| link_counts(link)) {
            cited.extend(self.of_link(sentence, link));
        }
        cited.sort();
        cited.dedup();
        cited
    }

    /// The links of a sentence. A mark behind the full stop belongs to the sentence before it.
    fn links(&self, sentence: usize) -> impl Iterator<Item = &Link> {
        let (document, reading) = (self.document, self.reading);
        let block = reading.block(sentence);
        let start = reading.sentence_span(document, sentence).start;
        let next = Some(sentence + 1).filter(|next| reading.of_block(block).contains(next));
        let end = next.map_or(u32::MAX, |next| reading.sentence_span(document, next).start);
        document.links_from(block, start).take_while(move |link| link.span.start < end)
    }

    fn of_link(&self, sentence: usize, link: &Link) -> Vec<Cited> {
        match link.kind {
            LinkKind::Image => Vec::new(),
            LinkKind::Footnote => self.of_note(&link.destination),
            _ if self.is_name(sentence, link) => {
                Id::of_address(&link.destination).map(Cited::Work).into_iter().collect()
            }
            _ => self.leads_to(link).into_iter().collect(),
        }
    }

    /// What the footnote of that label cites.
    fn of_note(&self, label: &str) -> Vec<Cited> {
        let Some(note) = self.document.note(label) else { return Vec::new() };
        let numbers = find(self.document.blocks[note].prose.text()).into_iter().map(|(_, id)| Cited::Work(id));
        let links = self.document.links_of(note).filter(|link| link.kind != LinkKind::Image);
        numbers.chain(links.filter_map(|link| self.leads_to(link))).collect()
    }

    fn leads_to(&self, link: &Link) -> Option<Cited> {
        if let Some(id) = Id::of_address(&link.destination) {
            return Some(Cited::Work(id));
        }
        let Target::Ask { question: Question::Link { url }, .. } =
            target(&link.destination, self.document.source.name(), None)
        else {
            return None;
        };
        let mut url = Url::parse(&url).ok()?;
        url.set_fragment(None);
        (!web::is_home(&url)).then(|| Cited::Page(url.into()))
    }

    /// Whether all that a reader sees of a link is the name of an illness or a therapy.
    fn is_name(&self, sentence: usize, link: &Link) -> bool {
        let mentions = self.reading.view(self.document, sentence).mentions.iter();
        let mut names = mentions.filter(|m| m.lexicon == self.names.condition || m.lexicon == self.names.therapy);
        names.any(|name| {
            let words = name.start as usize..name.end as usize;
            let at = self.reading.span(self.document, sentence, words.clone());
            let is_in = link.span.start <= at.start && at.end <= link.span.end;
            is_in && self.reading.words_text(self.document, sentence, words) == link.text.trim()
        })
    }

    /// The quotations of a block that come from somewhere: words in quotation marks that somebody says, or behind which a
    /// citation stands. Terms, titles and words at which the author winks are none.
    pub fn quotations(&self, block: usize, cues: &CueBook) -> Vec<Quotation> {
        let text = self.document.blocks[block].prose.text();
        if !text.contains('"') || (self.document.links_of(block).next().is_none() && find(text).is_empty()) {
            return Vec::new();
        }
        let quoted = self.quoted(block).into_iter().filter(|(_, at)| is_quotation(&text[at.clone()]));
        let found = quoted.filter_map(|(sentences, at)| {
            let behind = self.right_behind(block, &at);
            let is_said = sentences.clone().any(|sentence| self.is_said(sentence, &at, cues));
            if !(is_said || behind) {
                return None;
            }
            let mut sources: Vec<Cited> = sentences.clone().flat_map(|sentence| self.beside(sentence, &at)).collect();
            sources.sort();
            sources.dedup();
            let at = at.start..at.start + without_stop(&text[at]).len();
            let words = text[at.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
            (!sources.is_empty()).then_some(Quotation { words, sentence: sentences.end - 1, at, sources })
        });
        found.collect()
    }

    /// What stands in double quotation marks in a block: the sentences that it runs through, and its bytes.
    fn quoted(&self, block: usize) -> Vec<(Range<usize>, Range<usize>)> {
        let text = self.document.blocks[block].prose.text();
        let mut runs: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        let mut last: Option<usize> = None;
        for sentence in self.reading.of_block(block) {
            for word in self.reading.view(self.document, sentence).words {
                let (start, end) = (word.start as usize, word.end as usize);
                if !word.marks.has(Marks::QUOTED) {
                    last = None;
                    continue;
                }
                match (last, runs.last_mut()) {
                    (Some(before), Some((sentences, at))) if !text[before..start].contains('"') => {
                        sentences.end = sentence + 1;
                        at.end = end;
                    }
                    _ => {
                        let open = text[..start].rfind('"').map_or(start, |mark| mark + 1);
                        runs.push((sentence..sentence + 1, open..end));
                    }
                }
                last = Some(end);
            }
        }
        // Up to the closing mark: an ellipsis or a bracket may stand before it.
        for (_, at) in &mut runs {
            at.end = text[at.end..].find('"').map_or(at.end, |mark| at.end + mark);
        }
        runs
    }

    /// Whether the words of a sentence that stand in these bytes are somebody else's.
    fn is_said(&self, sentence: usize, at: &Range<usize>, cues: &CueBook) -> bool {
        let view = self.reading.view(self.document, sentence);
        if view.words.len() > LONGEST_SENTENCE {
            return false;
        }
        let inside = |word: &crate::language::Word| at.contains(&(word.start as usize));
        let Some(first) = view.words.iter().position(inside) else { return false };
        let count = view.words[first..].iter().take_while(|word| inside(word)).count();
        let said = cues.read(view, self.reading.end(sentence)).judge_words(first..first + count);
        said.assertion.voice == Voice::Quoted
    }

    /// Whether a citation stands right behind these bytes, with no word between.
    fn right_behind(&self, block: usize, at: &Range<usize>) -> bool {
        let block_of = &self.document.blocks[block];
        let is_closed = block_of.prose.text()[at.end..].starts_with('"');
        let end = at.end + usize::from(is_closed);
        let Span { end: closed, .. } = block_of.prose.source_span(at.start..end);
        let source = self.document.source.text();
        let next = self.document.links_from(block, closed).find(|link| link.kind != LinkKind::Image);
        let is_bare = |between: &str| !between.contains(char::is_alphanumeric);
        let near = next.filter(|link| link.span.start - closed <= NEAR);
        if near.and_then(|link| source.get(closed as usize..link.span.start as usize)).is_some_and(is_bare) {
            return true;
        }
        let text = block_of.prose.text();
        let mut until = (end + NEAR as usize).min(text.len());
        while !text.is_char_boundary(until) {
            until -= 1;
        }
        let rest = &text[end..until];
        find(rest).first().is_some_and(|(id, _)| is_bare(rest[..id.start].trim_end_matches("doi:")))
    }
}

/// How many bytes behind a quotation its citation may start.
const NEAR: u32 = 120;
/// A sentence of more words is none that a person wrote, and would take its time.
const LONGEST_SENTENCE: usize = 500;

/// A quotation without the comma or full stop of the sentence around it.
fn without_stop(words: &str) -> &str {
    let words = words.trim_end();
    let without = words.strip_suffix([',', ';', ':', '.']).unwrap_or(words);
    if without.ends_with(['.', '…']) { words } else { without }
}
