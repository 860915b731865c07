//! Looking at a text, and asking what it wants to know, in turns.

use std::collections::BTreeSet;

use crate::cli::judge::Step;
use crate::evidence::{Answers, Question};

/// How often an answer may raise new questions.
const ROUNDS: usize = 4;

/// What answers questions.
pub(super) struct Answering<'a> {
    /// Whether it is worth asking.
    pub(super) can: &'a dyn Fn(&Question) -> bool,
    /// Answers as many as it can.
    pub(super) ask: &'a dyn Fn(&[Question]) -> Answers,
}

/// A look at a text from what is known. Of its questions it is given those back that are worth asking.
pub(super) type Look<'a, T> = &'a dyn Fn(&Answers, &dyn Fn(Vec<Question>) -> Vec<Question>) -> Step<T>;

/// Looks at a text until nothing more is to be asked.
pub(super) fn settled<T>(answering: &Answering<'_>, look: Look<'_, T>) -> T {
    let (mut known, mut asked) = (Answers::default(), BTreeSet::new());
    let mut round = 0;
    loop {
        let new = |mut questions: Vec<Question>| {
            questions.retain(|question| round < ROUNDS && !asked.contains(question) && (answering.can)(question));
            questions
        };
        match look(&known, &new) {
            Step::Done(result) => return result,
            Step::Asks(questions) => {
                let answers = (answering.ask)(&questions);
                copy(&answers, &questions, &mut known);
                asked.extend(questions);
                round += 1;
            }
        }
    }
}

/// Adds what is known of these questions.
pub(super) fn copy<'q>(from: &Answers, questions: impl IntoIterator<Item = &'q Question>, to: &mut Answers) {
    for question in questions {
        if let Some(answer) = from.get(question) {
            to.insert(question.clone(), answer.clone());
        }
    }
}
