//! Questions that a text raises and answers that the world gives, as values. Nothing here touches the
//! network or the disk; `net` turns questions into answers.

pub mod imported;
pub mod links;
pub mod pages;
pub mod quotations;
pub mod records;
pub mod searches;
pub mod verdict;
mod words;

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

pub use verdict::{Judgement, Verdict};
pub use words::turn;

/// Something to be asked outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    /// Does this http(s) address resolve? The address is normalised and carries its fragment.
    Link {
        /// The address.
        url: String,
    },
    /// Does an archive hold a copy of this page?
    Archived {
        /// The address, without its fragment.
        url: String,
    },
    /// Is there a file or folder at this path, and what fragments does it have?
    File {
        /// The path, relative to the working directory or absolute, `/`-separated, without fragment, decoded.
        path: String,
    },
    /// What does this registry hold on this identifier?
    Record {
        /// Who is asked.
        registry: records::Registry,
        /// The identifier.
        id: records::Id,
    },
    /// What does this service hold under a name?
    Search(searches::Search),
    /// What does this page say, as far as it is kept?
    Page {
        /// The address, normalised and without its fragment.
        url: String,
    },
    /// Do these words stand there? They are looked for on this machine and sent nowhere.
    Quoted {
        /// Where they are said to come from.
        from: quotations::Source,
        /// The words, as the draft has them.
        words: String,
    },
}

impl Question {
    /// The registry that is asked.
    pub fn registry(&self) -> Option<records::Registry> {
        match self {
            Question::Record { registry, .. }
            | Question::Quoted { from: quotations::Source::Record(registry, _), .. } => Some(*registry),
            Question::Search(search) => Some(search.registry),
            Question::Link { .. }
            | Question::Archived { .. }
            | Question::File { .. }
            | Question::Page { .. }
            | Question::Quoted { .. } => None,
        }
    }
}

/// What was found. A failure is an answer too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Link`].
    Link(links::LinkAnswer),
    /// To [`Question::Archived`]: the copy, or `None` where there is none.
    Archived(Option<links::Snapshot>),
    /// To [`Question::File`]: there is one. `anchors` is `None` for a folder or a format without fragments.
    File {
        /// The fragments that the file offers, without `#`.
        anchors: Option<Vec<String>>,
    },
    /// To [`Question::File`]: there is none.
    NoFile,
    /// To [`Question::Record`].
    Record(records::Record),
    /// To [`Question::Search`].
    Search(searches::Hits),
    /// To [`Question::Page`].
    Page(pages::PageText),
    /// To [`Question::Quoted`].
    Quoted(quotations::Quoted),
    /// The question could not be answered; the text says why.
    Unknown {
        /// The reason, for people.
        why: String,
    },
}

/// What is known so far.
#[derive(Clone, Debug, Default)]
pub struct Answers(HashMap<Question, Answer, FxBuildHasher>);

impl Answer {
    /// Whether it holds beyond the moment: a time-out or a busy server says nothing about what was asked.
    pub fn is_settled(&self) -> bool {
        match self {
            Answer::Link(answer) => answer.is_settled(),
            Answer::Unknown { .. } => false,
            Answer::Archived(_)
            | Answer::File { .. }
            | Answer::NoFile
            | Answer::Record(_)
            | Answer::Search(_)
            | Answer::Page(_)
            | Answer::Quoted(_) => true,
        }
    }
}

impl Answers {
    /// The answer to a question, if it was asked.
    pub fn get(&self, question: &Question) -> Option<&Answer> {
        self.0.get(question)
    }

    /// Adds an answer; a later one replaces an earlier one.
    pub fn insert(&mut self, question: Question, answer: Answer) {
        self.0.insert(question, answer);
    }

    /// How many questions have an answer.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
