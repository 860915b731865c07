//! How strongly a sentence puts its main relation.

use crate::assertion::Certainty;
use crate::cues::{Decision, SentenceCues};

use super::book::{Found, Strength};

/// The main relation of a sentence: that of the greatest rank, and of equals the first.
pub(super) fn main<'f, 'b>(found: &'f [Found<'b>]) -> Option<&'f Found<'b>> {
    found.iter().rev().filter(|f| f.relation.rank > 0).max_by_key(|f| f.relation.rank)
}

/// How strongly a relation is put: a causal one is conditional where it is hedged.
pub(super) fn strength(found: &Found<'_>, cues: &SentenceCues<'_>) -> Strength {
    match found.relation.strength {
        Strength::Direct => Strength::Direct.amid(&cues.judge(&found.at)),
        strength => strength,
    }
}

impl Strength {
    /// A causal relation is conditional where what is asserted of it is hedged.
    pub(super) fn amid(self, decision: &Decision) -> Self {
        match self {
            Strength::Direct if decision.assertion.certainty == Certainty::Hedged => Strength::Conditional,
            strength => strength,
        }
    }
}
