//! What a sentence asserts of a stretch of its words: the five axes on which every match and claim is judged.
//!
//! Only the vocabulary lives here. The reader that decides the values is `language::assertion`.

use serde::{Deserialize, Serialize};

/// Whether the thing is said to be so or not to be so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// It is said to be so.
    #[default]
    Positive,
    /// It is said not to be so: "no cure", "does not cure".
    Negative,
}

/// How sure the sentence is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Put as a fact.
    #[default]
    Certain,
    /// Put as a possibility, an aim or a matter of study: "may cure", "is being tested".
    Hedged,
}

/// The mood of the clause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// It states.
    #[default]
    Statement,
    /// It asks.
    Question,
    /// It depends on an "if".
    Conditional,
    /// It tells the reader what to do.
    Imperative,
}

/// Who says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// The author.
    #[default]
    Author,
    /// Somebody else, in the author's words: "researchers say that …".
    Reported,
    /// Somebody else, in their own words: quotation marks with a speech verb.
    Quoted,
}

/// Whether the text stands by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// It does, or gives no sign that it does not.
    #[default]
    Endorsed,
    /// It rejects it: "it is a myth that …", "falsely claims".
    Refuted,
}

/// All five axes. The default is what a bare statement asserts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Assertion {
    /// So, or not so.
    pub polarity: Polarity,
    /// Fact or possibility.
    pub certainty: Certainty,
    /// Statement, question, conditional or imperative.
    pub mood: Mood,
    /// Who says it.
    #[serde(rename = "source")]
    pub voice: Voice,
    /// Whether the text stands by it.
    pub stance: Stance,
}
