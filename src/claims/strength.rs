//! How strongly a sentence puts its main relation.

use crate::assertion::Certainty;
use crate::cues::SentenceCues;
use crate::pattern::View;

use super::book::{RelationBook, Strength};

impl RelationBook {
    /// The strength of a sentence: that of its main relation, made conditional where that is hedged.
    pub fn strength(&self, view: View<'_>, cues: &SentenceCues<'_>) -> Strength {
        let found = self.find(view);
        let main = found.iter().rev().max_by_key(|f| f.relation.rank);
        match main {
            None => Strength::None,
            Some(main) if main.relation.strength == Strength::Direct => {
                let hedged = cues.judge(&main.at).assertion.certainty == Certainty::Hedged;
                if hedged { Strength::Conditional } else { Strength::Direct }
            }
            Some(main) => main.relation.strength,
        }
    }
}
