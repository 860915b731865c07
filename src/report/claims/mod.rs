//! Claims for people and scripts: one file a format, and the rows that they print.

#[cfg(feature = "cli")]
mod csv;
mod json;
mod markdown;
#[cfg(feature = "cli")]
mod table;

use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;

use crate::assertion::Assertion;
use crate::claims::{Claim, ClaimReader, Kind, Party, SentenceClaims, Strength, fingerprint};
use crate::cues::{Axis, Deciding, Decision};
use crate::document::Document;
use crate::evidence::Judgement;
use crate::reading::Reading;
use crate::report::Style;
use crate::report::places::Places;
use crate::source::{LineIndex, Span};
use crate::verdicts::Judge;

/// What the drafts of a run claim, one file at a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ClaimsReport {
    /// The path or name, as it was given.
    pub path: String,
    /// Its sentences in reading order.
    pub sentences: Vec<SentenceRow>,
}

/// One sentence and what it says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SentenceRow {
    /// The sentence as its reader sees it.
    pub text: String,
    /// Offset of its first byte in the source.
    pub start: u32,
    /// Offset behind its last byte.
    pub end: u32,
    /// 1-based line of its start.
    pub line: u32,
    /// How strongly it puts its main relation.
    pub strength: Strength,
    /// What it asserts as a whole.
    #[serde(flatten)]
    pub assertion: Assertion,
    /// What it claims.
    pub claims: Vec<ClaimRow>,
    /// The cues behind the assertion, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cues: Option<Vec<CueRow>>,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClaimRow {
    /// What it is about.
    pub kind: Kind,
    /// Of what it is said, as written; a pronoun's antecedent.
    pub subject: Option<String>,
    /// What is said to be affected, as written.
    pub object: Option<String>,
    /// The words of the claim.
    pub text: String,
    /// Offset of its first byte in the source.
    pub start: u32,
    /// Offset behind its last byte.
    pub end: u32,
    /// 1-based line of its start.
    pub line: u32,
    /// 1-based column of its start, in characters.
    pub column: u32,
    /// What tells it from other claims of its file, whatever stands around it: its kind and the words of its sentence
    /// that bear meaning.
    pub fingerprint: String,
    /// How strongly it is put.
    pub strength: Strength,
    /// What is asserted of it.
    #[serde(flatten)]
    pub assertion: Assertion,
    /// Whether it stands, and on what that rests.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// The cues behind the assertion, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cues: Option<Vec<CueRow>>,
}

/// A cue that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CueRow {
    /// Its words.
    pub text: String,
    /// What it says of the words in its scope.
    pub axis: Axis,
    /// The phenomenon that its entry in the cue file serves.
    pub serves: String,
}

/// One way of writing claims down: each file as it comes, then the end.
pub trait ClaimOutput: Send {
    /// Writes what one file claims.
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()>;

    /// Writes what comes after the last file.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// Makes an output in a style.
type Constructor = fn(Style) -> Box<dyn ClaimOutput>;

/// Every format with the name under which `--format` knows it.
pub const OUTPUTS: &[(&str, Constructor)] = &[
    #[cfg(feature = "cli")]
    ("table", |style| Box::new(table::Table::new(style))),
    ("markdown", |_| Box::<markdown::Worksheet>::default()),
    #[cfg(feature = "cli")]
    ("csv", |_| Box::<csv::Csv>::default()),
    ("json", |_| Box::<json::Json>::default()),
    ("jsonl", |_| Box::new(json::JsonLines)),
];

/// The output of that name.
pub fn output(name: &str, style: Style) -> Option<Box<dyn ClaimOutput>> {
    OUTPUTS.iter().find(|(known, _)| *known == name).map(|(_, make)| make(style))
}

impl ClaimsReport {
    /// Resolves the claims of the judge's document, with a verdict on each, and with the cues behind them where `explain`
    /// gives the reader that found them.
    pub fn new(judge: &Judge<'_>, claims: &[SentenceClaims], explain: Option<ClaimReader<'_>>) -> Self {
        let Judge { document, reading, .. } = *judge;
        let spans = Spans { document, reading, judge, explain };
        let whole = |sentence: usize| reading.sentence_span(document, sentence);
        let mut offsets = Vec::new();
        for (sentence, said) in claims.iter().enumerate() {
            offsets.push(whole(sentence).start);
            offsets.extend(said.claims.iter().map(|claim| spans.of(sentence, claim.words.clone()).start));
        }
        let text = document.source.text();
        let places = Places::new(text, &LineIndex::new(text), offsets);
        let rows = claims.iter().enumerate().map(|(sentence, said)| SentenceRow {
            text: reading.text(document, sentence).to_owned(),
            start: whole(sentence).start,
            end: whole(sentence).end,
            line: places.at(whole(sentence).start).line,
            strength: said.strength,
            assertion: said.assertion(),
            claims: said.claims.iter().map(|claim| spans.claim(sentence, claim, &places)).collect(),
            cues: spans.cues(sentence, &said.decision),
        });
        Self { path: document.source.name().to_owned(), sentences: rows.collect() }
    }

    /// All its claims, with the sentences they stand in.
    fn claims(&self) -> impl Iterator<Item = (&SentenceRow, &ClaimRow)> {
        self.sentences.iter().flat_map(|sentence| sentence.claims.iter().map(move |claim| (sentence, claim)))
    }
}

/// From words to places and text.
struct Spans<'a> {
    document: &'a Document,
    reading: &'a Reading,
    judge: &'a Judge<'a>,
    explain: Option<ClaimReader<'a>>,
}

impl Spans<'_> {
    fn of(&self, sentence: usize, words: Range<usize>) -> Span {
        self.reading.span(self.document, sentence, words)
    }

    fn text(&self, sentence: usize, words: Range<usize>) -> String {
        self.reading.words_text(self.document, sentence, words).to_owned()
    }

    fn claim(&self, sentence: usize, claim: &Claim, places: &Places) -> ClaimRow {
        let span = self.of(sentence, claim.words.clone());
        let point = places.at(span.start);
        let party = |party: &Option<Party>| party.as_ref().map(|p| self.text(p.sentence, p.words.clone()));
        ClaimRow {
            kind: claim.kind,
            subject: party(&claim.subject),
            object: party(&claim.object),
            text: self.text(sentence, claim.words.clone()),
            start: span.start,
            end: span.end,
            line: point.line,
            column: point.column,
            fingerprint: self.fingerprint(sentence, claim),
            strength: claim.strength,
            assertion: claim.decision.assertion,
            judgement: self.judge.judge(sentence, claim),
            cues: self.cues(sentence, &claim.decision),
        }
    }

    fn fingerprint(&self, sentence: usize, claim: &Claim) -> String {
        fingerprint(self.document, self.reading, sentence, claim)
    }

    fn cues(&self, sentence: usize, decision: &Decision) -> Option<Vec<CueRow>> {
        let reader = self.explain?;
        let row = |deciding: &Deciding| CueRow {
            text: self.text(deciding.sentence.unwrap_or(sentence), deciding.words.clone()),
            axis: deciding.axis,
            serves: reader.serves(deciding.origin).to_owned(),
        };
        Some(decision.cues.iter().map(row).collect())
    }
}

/// How a claim is put, in words, where it is not a bare statement of the author's: "hedged, reported".
pub(super) fn manner(assertion: &Assertion) -> String {
    let words = serde_json::to_value(assertion).unwrap_or_default();
    let plain = serde_json::to_value(Assertion::default()).unwrap_or_default();
    let axes = ["polarity", "certainty", "mood", "source", "stance"];
    let told: Vec<&str> =
        axes.iter().filter(|axis| words[**axis] != plain[**axis]).filter_map(|axis| words[*axis].as_str()).collect();
    told.join(", ")
}

/// What a verdict rests on, for people: each source with its day.
fn rests_on(judgement: &Judgement) -> String {
    let told = judgement.evidence.iter().map(|evidence| {
        let date = evidence.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        format!("{} ({}{date})", evidence.detail, evidence.source)
    });
    let write = judgement.say.iter().map(|say| format!("Write: {say}"));
    told.chain(judgement.note.iter().cloned()).chain(write).collect::<Vec<_>>().join(" ")
}

/// The name that output shows for a kind, a strength or an axis.
pub(super) fn name(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The cues behind a claim, for people: `“may” hedged`.
fn because(cues: &[CueRow]) -> String {
    let told: Vec<String> =
        cues.iter().map(|cue| format!("“{}” {}: {}", cue.text, cue.axis.name(), cue.serves)).collect();
    told.join("; ")
}
