//! What the text around a sentence does to what it asserts.
//!
//! Cues end with their sentence. A list takes over what its lead-in leaves open ("The drug does not:"), "Myth:" rejects
//! what follows and "That is false." what went before, "Yes." turns a question into a statement, and a quotation has
//! its speaker in another paragraph. All this is found once a document; most documents have nothing of the kind. The
//! words that give a layout away are data (`rules/language/layouts.toml`).

mod book;
mod survey;
mod tables;

use rustc_hash::FxHashMap;

pub use book::{Layout, LayoutBook};

use crate::assertion::{Mood, Voice};
use crate::cues::{Deciding, Decision};

/// What is added to a sentence from outside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// What a cue says.
    Cue,
    /// It is somebody else's own words.
    Quoted,
    /// Its question is answered with yes.
    Affirmed,
}

/// For each sentence what its surroundings add to it.
#[derive(Debug, Default)]
pub struct Surroundings {
    of: FxHashMap<usize, Vec<(Effect, Deciding)>>,
}

impl Surroundings {
    /// Adds to what a sentence itself asserts of some of its words what its surroundings say of it.
    pub fn apply(&self, sentence: usize, decision: &mut Decision) {
        for (effect, because) in self.of.get(&sentence).into_iter().flatten() {
            match effect {
                Effect::Cue => decision.take(because.clone()),
                Effect::Quoted => {
                    decision.assertion.voice = Voice::Quoted;
                    decision.cues.push(because.clone());
                }
                Effect::Affirmed => {
                    if decision.assertion.mood == Mood::Question {
                        decision.assertion.mood = Mood::Statement;
                    }
                    decision.cues.push(because.clone());
                }
            }
        }
    }

    fn add(&mut self, sentence: usize, effect: Effect, because: Deciding) {
        let all = self.of.entry(sentence).or_default();
        if !all.iter().any(|(e, b)| *e == effect && *b == because) {
            all.push((effect, because));
        }
    }
}
