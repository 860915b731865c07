//! The figures and quotations of a sentence, held against the works, trials and pages that it cites.

use url::Url;

use crate::evidence::links::without_credentials;
use crate::evidence::pages::PageText;
use crate::evidence::quotations::{Quoted, Source};
use crate::evidence::records::{Id, Registry};
use crate::evidence::{Answer, Judgement, Question, Verdict};
use crate::figures::{Breadth, Figure, Found, read};
use crate::finding::Evidence;

use super::Judge;
use super::case::Case;
use super::citing::{Citations, Cited, Quotation};

/// A figure of a sentence, and what the cited texts have of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The figure, with its bytes in the sentence.
    pub figure: Figure,
    /// Whether it stands there: supported; contradicted where another figure of the same thing does; unverifiable where
    /// nothing of the sort does; unchecked where that cannot be told, or where a cited text could not be read.
    pub verdict: Verdict,
    /// What was read.
    pub evidence: Evidence,
}

/// What one cited text has, with what it is to be ranked by.
type Said = (Verdict, Evidence);

impl Quotation {
    /// What has to be asked about where its words come from.
    pub fn questions(&self) -> Vec<Question> {
        let from = self.sources.iter().flat_map(sources);
        from.map(|from| Question::Quoted { from, words: self.words.clone() }).collect()
    }
}

/// The texts in which the words of something cited are looked for: of a work, what those registries hold that know
/// summaries.
fn sources(cited: &Cited) -> Vec<Source> {
    let registries: &[Registry] = match cited {
        Cited::Page(url) => return vec![Source::Page(url.clone())],
        Cited::Work(Id::Nct(_)) => &[Registry::ClinicalTrials],
        Cited::Work(Id::Pmid(_)) => &[Registry::EuropePmc],
        Cited::Work(Id::Doi(_)) => &[Registry::Crossref, Registry::EuropePmc],
    };
    let Cited::Work(id) = cited else { return Vec::new() };
    registries.iter().map(|registry| Source::Record(*registry, id.clone())).collect()
}

impl<'a> Judge<'a> {
    /// What finds citations in its document.
    pub fn citations(&self) -> Citations<'a> {
        Citations { document: self.document, reading: self.reading, names: self.names }
    }

    /// Every figure of a sentence beside the texts that it cites. Empty where it cites none that was asked for.
    pub fn compared(&self, sentence: usize) -> Vec<Compared> {
        let cited = self.citations().of(sentence);
        if !cited.iter().any(|cited| self.was_asked(cited)) {
            return Vec::new();
        }
        let figures = read(self.reading.text(self.document, sentence)).into_iter();
        let compared = figures.filter_map(|figure| {
            let said: Vec<Said> = cited.iter().flat_map(|cited| self.has_figure(cited, &figure)).collect();
            let (verdict, evidence) = said.into_iter().min_by_key(|(verdict, _)| rank(*verdict))?;
            Some(Compared { figure, verdict, evidence })
        });
        compared.collect()
    }

    /// Whether somebody answered for something cited.
    fn was_asked(&self, cited: &Cited) -> bool {
        match cited {
            Cited::Work(id) => id.questions(self.answers).iter().any(|asked| self.answers.get(asked).is_some()),
            Cited::Page(url) => self.page(url).is_some(),
        }
    }

    fn page(&self, url: &str) -> Option<&'a Answer> {
        self.answers.get(&Question::Page { url: url.to_owned() })
    }

    /// What something cited has of a figure, by each text of it that could be read.
    fn has_figure(&self, cited: &Cited, figure: &Figure) -> Vec<Said> {
        let unread = |why: &str| vec![(Verdict::Unchecked, evidence_of(cited, None, &format!("not read: {why}")))];
        match cited {
            Cited::Work(id) => {
                let questions = id.questions(self.answers).into_iter();
                let texts = questions.filter_map(|question| match self.answers.get(&question) {
                    Some(Answer::Record(record)) => Some((question.registry()?, record.figures.as_deref()?)),
                    _ => None,
                });
                let said: Vec<Said> = texts
                    .map(|(registry, figures)| {
                        let (verdict, detail) = stands(figure, figures, Breadth::One, "not in its summary");
                        (verdict, evidence_of(cited, Some(registry), &detail))
                    })
                    .collect();
                if said.is_empty() { unread("no registry has a summary of it") } else { said }
            }
            Cited::Page(url) => match self.page(url) {
                Some(Answer::Page(PageText { figures: Some(figures), limits })) => {
                    let (verdict, detail) = stands(figure, figures, Breadth::Many, "not on the page");
                    match limits {
                        Some(limits) if verdict != Verdict::Supported => unread(limits),
                        _ => vec![(verdict, evidence_of(cited, None, &detail))],
                    }
                }
                Some(Answer::Page(PageText { limits, .. })) => unread(limits.as_deref().unwrap_or("nobody knows why")),
                Some(Answer::Unknown { why }) => unread(why),
                _ => unread("nobody was asked"),
            },
        }
    }

    /// Whether a quotation stands in what it is said to come from; the evidence says what stands there.
    pub fn quoted(&self, quotation: &Quotation) -> (Verdict, Evidence) {
        let said = quotation.sources.iter().map(|cited| self.has_words(cited, &quotation.words));
        said.min_by_key(|(verdict, _)| rank(*verdict)).unwrap_or_default()
    }

    /// What something cited has of a quotation: of a work, the best that one of its summaries has.
    fn has_words(&self, cited: &Cited, words: &str) -> Said {
        let texts = sources(cited).into_iter().map(|from| {
            let registry = match &from {
                Source::Record(registry, _) => Some(*registry),
                Source::Page(_) => None,
            };
            let (verdict, detail) = match self.answers.get(&Question::Quoted { from, words: words.to_owned() }) {
                Some(Answer::Quoted(Quoted::Verbatim)) => (Verdict::Supported, words.to_owned()),
                Some(Answer::Quoted(Quoted::Nearly { has })) => (Verdict::Contradicted, has.clone()),
                Some(Answer::Quoted(Quoted::Absent)) => (Verdict::Unverifiable, "not there".to_owned()),
                Some(Answer::Quoted(Quoted::Unread { why }) | Answer::Unknown { why }) => {
                    (Verdict::Unchecked, format!("not read: {why}"))
                }
                _ => (Verdict::Unchecked, "nobody was asked".to_owned()),
            };
            (verdict, evidence_of(cited, registry, &detail))
        });
        // A summary that is missing at one registry is read at the other.
        let best = |verdict: Verdict| if verdict == Verdict::Unchecked { u8::MAX } else { rank(verdict) };
        texts.min_by_key(|(verdict, _)| best(*verdict)).unwrap_or_default()
    }
}

/// Which of several cited texts decides: where one has it the others need not, and what cannot be told of one may stand
/// there.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Supported => 0,
        Verdict::Unchecked => 1,
        Verdict::Contradicted => 2,
        _ => 3,
    }
}

/// Whether a figure stands in a text, and what the text has.
fn stands(figure: &Figure, seen: &[Figure], breadth: Breadth, nothing: &str) -> (Verdict, String) {
    match figure.find(seen, breadth) {
        Found::Same(same) => (Verdict::Supported, same.text.clone()),
        Found::Other(other) => (Verdict::Contradicted, other.text.clone()),
        Found::Unclear(other) => (Verdict::Unchecked, format!("has {}, perhaps of something else", other.text)),
        Found::Nothing => (Verdict::Unverifiable, nothing.to_owned()),
    }
}

fn evidence_of(cited: &Cited, registry: Option<Registry>, detail: &str) -> Evidence {
    let (source, field, url) = match cited {
        Cited::Work(id) => {
            let source = registry.map_or_else(|| "registries".to_owned(), |registry| registry.title().to_owned());
            (source, format!("{id} summary"), id.page())
        }
        Cited::Page(url) => {
            let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
            (host.unwrap_or_default(), "page text".to_owned(), without_credentials(url))
        }
    };
    Evidence { source, detail: detail.to_owned(), field: Some(field), url: Some(url), ..Evidence::default() }
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
