//! What a document could ask of the world, and where: what it stands on, whichever rules run.

use crate::document::Document;
use crate::evidence::searches::Searched;
use crate::evidence::{Answers, Question};
use crate::reading::Reading;
use crate::rules::RuleSet;
use crate::settings::Settings;
use crate::source::Span;

use super::{citations, hosts, links, records};

/// A question that a document raises, and the place that raises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// What would be asked.
    pub question: Question,
    /// The link or the identifier.
    pub span: Span,
    /// The sentence that it stands in; none outside running text.
    pub sentence: Option<usize>,
}

/// Every question of a document with every place that raises it, in the order of questions and places. `known` tells
/// which further questions answers have led to, `searched` what its claims want to know.
pub fn of(
    rules: &RuleSet,
    document: &Document,
    reading: &Reading,
    settings: &Settings,
    known: &Answers,
    searched: &[Searched],
) -> Vec<Raised> {
    let by_claims = searched.iter().map(|Searched { question, sentence, .. }| Raised {
        question: question.clone(),
        span: reading.sentence_span(document, *sentence),
        sentence: Some(*sentence),
    });
    let mut raised: Vec<Raised> = by_claims.collect();
    for link in links::checked(document) {
        let sentence = hosts::sentence_with(document, reading, link);
        let questions = links::questions_of(link, document, settings, known);
        raised.extend(questions.into_iter().map(|question| Raised { question, span: link.span, sentence }));
    }
    for mention in records::mentions(document) {
        let sentence = mention.sentence_of(document, reading);
        let questions = mention.id.questions(known).into_iter();
        raised.extend(questions.map(|question| Raised { question, span: mention.span, sentence }));
    }
    raised.extend(citations::raised(rules, document, reading));
    raised.sort_by(|a, b| (&a.question, a.span).cmp(&(&b.question, b.span)));
    raised
}
