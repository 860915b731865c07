//! How strongly a sentence puts its main relation.
//!
//! Relations are evidence: each kind of phrase found speaks for "states no relation", "goes with" or "changes", with the
//! weight that its entry in `rules/language/relations.toml` gives it. The side with the greatest sum wins, and its
//! heaviest relation is the sentence's main one. A causal relation in the scope of "may", "could" or "appears to" is
//! conditional. The four levels are those of Yu, Li and Wang 2019 (EMNLP, "Detecting causal language use in science
//! findings"), who count "X did not reduce Y" as causal and "can" as direct.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use super::book::{Found, Strength};

/// What speaks for "states no relation" before a word is read: one weak hint makes no relation.
const DOUBT: u32 = 2;
/// What a modal verb before a causal relation adds to it: "may" and "could" seldom stand before anything else.
const MODAL: u32 = 2;

/// A sentence's main relation, and how strongly it is put: the heaviest one of the side that outweighs the others. Where
/// "states no relation" does, the heaviest of the others is named and not stated: "we tested whether it causes harm".
pub(super) fn main<'f, 'b>(found: &'f [Found<'b>]) -> (Strength, Option<&'f Found<'b>>) {
    let mut sums = [DOUBT, 0, 0];
    let mut heard = FxHashSet::default();
    for this in found.iter().filter(|this| heard.insert(this.number)) {
        sums[side(this)] += u32::from(this.relation.weight);
    }
    let weighing = || found.iter().rev().filter(|f| f.relation.weight > 0);
    if weighing().any(|f| f.strength() == Strength::Conditional) {
        sums[2] += MODAL;
    }
    let [none, correlational, causal] = sums;
    let winner = if causal > none && causal > correlational { 2 } else { usize::from(correlational > none) };
    let heaviest = |f: &&Found<'_>| (f.relation.weight, Reverse(f.strength()));
    match winner {
        0 => (Strength::None, weighing().filter(|f| side(f) > 0).max_by_key(heaviest)),
        winner => {
            let main = weighing().filter(|f| side(f) == winner).max_by_key(heaviest);
            (main.map_or(Strength::None, Found::strength), main)
        }
    }
}

/// Which sum a relation goes into.
fn side(found: &Found<'_>) -> usize {
    match found.relation.strength {
        Strength::None => 0,
        Strength::Correlational => 1,
        Strength::Conditional | Strength::Direct => 2,
    }
}
