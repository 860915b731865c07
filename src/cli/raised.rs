//! What one document asks: the part of all that is known by which it is judged.

use std::collections::BTreeSet;

use crate::evidence::{Answers, Question};

/// What one document asks, and what is known of it.
#[derive(Default)]
pub(super) struct Raised {
    pub(super) questions: BTreeSet<Question>,
    pub(super) known: Answers,
}

impl Raised {
    /// Adds questions with what is known of them; tells whether that is anything new.
    pub(super) fn add(&mut self, questions: Vec<Question>, known: &Answers) -> bool {
        let before = self.known.len();
        for question in questions {
            if let Some(answer) = known.get(&question) {
                self.known.insert(question.clone(), answer.clone());
            }
            self.questions.insert(question);
        }
        self.known.len() > before
    }

    /// What is not answered yet.
    pub(super) fn open(&self) -> Vec<Question> {
        self.questions.iter().filter(|question| self.known.get(question).is_none()).cloned().collect()
    }
}
