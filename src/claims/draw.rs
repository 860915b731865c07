//! From relations and names to claims with subject and object.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::ops::Range;

use crate::assertion::Assertion;
use crate::cues::{Decision, SentenceCues};
use crate::document::{Block, Document};
use crate::language::Marks;
use crate::pattern::{LexiconId, Mention, View};
use crate::reading::Reading;

use super::book::{Found, Kind, Order};
use super::strength::main;
use super::{Claim, ClaimReader, Party, SentenceClaims};

/// How many words a side has at most where no name stands for it.
const WIDEST_PARTY: usize = 8;

impl ClaimReader<'_> {
    /// What one sentence says.
    pub fn sentence(&self, document: &Document, reading: &Reading, sentence: usize) -> SentenceClaims {
        let view = reading.view(document, sentence);
        let cues = self.cues.read(view, reading.end(sentence));
        let found = self.relations.find(view, &cues);
        let whole = cues.judge_sentence();
        let (strength, main) = main(&found);
        SentenceClaims {
            strength,
            decision: match main {
                Some(main) => as_a_whole(whole, &cues.judge(&main.at)),
                None => whole,
            },
            main: main.map(|main| main.at.start..main.at.end),
            claims: self.claims(document, reading, sentence, &cues, &found),
        }
    }

    fn claims(
        &self,
        document: &Document,
        reading: &Reading,
        sentence: usize,
        cues: &SentenceCues<'_>,
        found: &[Found<'_>],
    ) -> Vec<Claim> {
        let (view, anaphors) = (reading.view(document, sentence), OnceCell::new());
        let search = Search { reader: self, document, reading, sentence, view, cues, anaphors };
        apart(found).into_iter().filter_map(|found| search.claim(found)).collect()
    }
}

/// The sentence asserts what it asserts of its main relation; doubt, voice and rejection anywhere in it count for it
/// as a whole.
fn as_a_whole(whole: Decision, of_main: &Decision) -> Decision {
    let Assertion { polarity, mood, .. } = of_main.assertion;
    Decision { assertion: Assertion { polarity, mood, ..whole.assertion }, ..whole }
}

/// The relations that state claims; of overlapping ones a cure, then what a treatment does, then the longest.
fn apart<'f, 'b>(found: &'f [Found<'b>]) -> Vec<&'f Found<'b>> {
    let weight = |kind: Option<Kind>| match kind {
        Some(Kind::Cure) => 2,
        Some(Kind::Treatment | Kind::Prevention) => 1,
        _ => 0,
    };
    let mut by_weight: Vec<&Found<'_>> = found.iter().filter(|f| f.relation.kind.is_some()).collect();
    by_weight.sort_by_key(|f| {
        let kind = f.relation.kind;
        (Reverse(weight(kind)), Reverse(f.at.end - f.at.start), kind.map(|kind| kind as u8))
    });
    let mut apart: Vec<&Found<'_>> = Vec::new();
    for found in by_weight {
        if !apart.iter().any(|kept| kept.at.start < found.at.end && found.at.start < kept.at.end) {
            apart.push(found);
        }
    }
    apart.sort_by_key(|f| f.at.start);
    apart
}

/// Looks for the sides of claims in one sentence.
struct Search<'a> {
    reader: &'a ClaimReader<'a>,
    document: &'a Document,
    reading: &'a Reading,
    sentence: usize,
    view: View<'a>,
    cues: &'a SentenceCues<'a>,
    /// Words that stand for a therapy named before, found when they are first asked for.
    anaphors: OnceCell<Vec<Range<usize>>>,
}

/// A lead-in is looked for so many blocks before a point of its list.
const LONGEST_LIST: usize = 6;

impl Search<'_> {
    fn claim(&self, found: &Found<'_>) -> Option<Claim> {
        let relation = found.at.start..found.at.end;
        let clause = self.cues.clause(relation.clone());
        let before = || self.before(clause.start..relation.start);
        let behind = || self.behind(relation.end..clause.end);
        // A side that the relation's own pattern catches needs no search.
        let caught =
            |lexicon| found.at.captures.iter().find(|name| name.lexicon == lexicon).map(|name| self.named(name));
        let (treats, treated) = (caught(self.reader.names.therapy), caught(self.reader.names.condition));
        let (subject, object) = match found.relation.order {
            Order::SubjectFirst => (treats.or_else(before), treated.or_else(behind)),
            Order::ObjectFirst => (treats.or_else(behind), treated.or_else(before)),
        };
        // "X was approved in May, and Y in June": Y is not what X was approved for.
        let is_therapy = |party: &Party| party.name.is_some_and(|name| name.lexicon == self.reader.names.therapy);
        let is_of_one = found.relation.kind == Some(Kind::Approval) && subject.as_ref().is_some_and(is_therapy);
        let object = object.filter(|object| !(is_of_one && is_therapy(object)));
        let inside = |party: &&Party| party.sentence == self.sentence;
        let sides = subject.iter().chain(&object).filter(inside);
        let words =
            sides.fold(relation.clone(), |all, side| all.start.min(side.words.start)..all.end.max(side.words.end));
        Some(Claim {
            kind: found.relation.kind?,
            strength: found.strength(),
            subject,
            object,
            relation,
            words,
            decision: self.cues.judge(&found.at),
        })
    }

    /// The side that stands before a relation: the closest name, what a pronoun stands for, or the words next to it.
    fn before(&self, words: Range<usize>) -> Option<Party> {
        let name = self.names(words.clone(), words.end).next_back();
        let anaphor = self.anaphor(words.clone());
        match (name, anaphor) {
            (Some(name), Some(anaphor)) if (name.start as usize) < anaphor.start => self.antecedent(anaphor),
            (Some(name), _) => Some(self.named(name)),
            (None, Some(anaphor)) => self.antecedent(anaphor),
            (None, None) => {
                let is_auxiliary = |at: &usize| self.reader.relations.is_auxiliary(self.view.words[*at].id);
                let end = words.end - words.clone().rev().take_while(is_auxiliary).count();
                let stretch = words.start.max(end.saturating_sub(WIDEST_PARTY))..end;
                let start = stretch.clone().rev().find(|&at| self.pauses(at)).unwrap_or(stretch.start);
                self.party(start..stretch.end)
            }
        }
    }

    /// The side that stands behind a relation: the first name, or the words next to it.
    fn behind(&self, words: Range<usize>) -> Option<Party> {
        let name = self.names(words.clone(), words.start).next();
        if let Some(name) = name {
            return Some(self.named(name));
        }
        let stretch = words.start..words.end.min(words.start + WIDEST_PARTY);
        let end = stretch.clone().skip(1).find(|&at| self.pauses(at)).unwrap_or(stretch.end);
        self.party(stretch.start..end)
    }

    /// The names among these words. Those in asides count where no other stands in the same aside as word `at`, or in
    /// none: "the drug (which also treats gout) cures malaria".
    fn names(&self, words: Range<usize>, at: usize) -> impl DoubleEndedIterator<Item = &Mention> {
        let is_name = move |m: &&Mention| {
            self.is_party(m.lexicon) && m.start as usize >= words.start && m.end as usize <= words.end
        };
        let together = move |m: &&Mention| self.cues.together(m.start as usize, at);
        let any_together = self.view.mentions.iter().filter(is_name).any(|m| together(&m));
        self.view.mentions.iter().filter(is_name).filter(move |m| !any_together || together(m))
    }

    fn named(&self, name: &Mention) -> Party {
        Party { sentence: self.sentence, words: name.start as usize..name.end as usize, name: Some(*name) }
    }

    fn party(&self, words: Range<usize>) -> Option<Party> {
        (!words.is_empty()).then_some(Party { sentence: self.sentence, words, name: None })
    }

    /// The last words among these that stand for a therapy named before.
    fn anaphor(&self, words: Range<usize>) -> Option<Range<usize>> {
        let all = self.anaphors.get_or_init(|| self.reader.relations.anaphors(self.view));
        let inside = all.iter().filter(|m| words.start <= m.start && m.end <= words.end);
        inside.max_by_key(|m| (m.end, Reverse(m.start))).cloned()
    }

    /// What "it" or "this treatment" stands for: the last therapy named before in its paragraph; else, where its sentence
    /// opens the paragraph, in what leads up to it; else itself.
    fn antecedent(&self, anaphor: Range<usize>) -> Option<Party> {
        let therapy = self.reader.names.therapy;
        let block = self.reading.block(self.sentence);
        let paragraph = self.reading.of_block(block);
        let named = |sentence: usize| {
            let view = self.reading.view(self.document, sentence);
            let before = |m: &&Mention| sentence < self.sentence || (m.end as usize) <= anaphor.start;
            let name = view.mentions.iter().filter(before).rfind(|m| m.lexicon == therapy)?;
            Some(Party { sentence, words: name.start as usize..name.end as usize, name: Some(*name) })
        };
        let in_paragraph = (paragraph.start..=self.sentence).rev().find_map(named);
        let opens = paragraph.start == self.sentence;
        let leads_up =
            || self.leading_up_to(block).find_map(|block| self.reading.of_block(block).rev().find_map(named));
        in_paragraph.or_else(|| leads_up().filter(|_| opens)).or_else(|| self.party(anaphor))
    }

    /// The blocks that a paragraph takes its subject from: the lead-in of its list (also where the marks of the list were
    /// lost), and the heading.
    fn leading_up_to(&self, block: usize) -> impl Iterator<Item = usize> {
        let blocks = &self.document.blocks;
        let Block { section, lead_in, .. } = blocks[block];
        let mut before = (0..block).rev().take(LONGEST_LIST).take_while(|&before| blocks[before].section == section);
        let opens_list = |&before: &usize| blocks[before].prose.text().trim_end().ends_with(':');
        let lead_in = lead_in.or_else(|| before.find(opens_list));
        lead_in.into_iter().chain(self.document.sections[section].heading)
    }

    fn is_party(&self, lexicon: LexiconId) -> bool {
        let names = &self.reader.names;
        lexicon == names.condition || lexicon == names.therapy
    }

    fn pauses(&self, at: usize) -> bool {
        self.view.words[at].marks.has(Marks::PAUSE)
    }
}
