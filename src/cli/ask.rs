//! Where questions become answers.

use std::collections::BTreeMap;

use crate::cli::config::Links;
use crate::evidence::{Answers, Question};

/// How far asking has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress<'a> {
    /// Questions that have been answered.
    pub(super) done: usize,
    /// Questions in all.
    pub(super) total: usize,
    /// Who is being asked.
    pub(super) host: &'a str,
}

/// Asks what the checks want to know.
#[derive(Debug)]
pub(super) struct Asker {}

impl Asker {
    /// An asker with these settings and base addresses of services; `offline` asks nothing of the network.
    pub(super) fn new(_links: &Links, _services: &BTreeMap<String, String>, _offline: bool) -> Self {
        Self {}
    }

    /// Whether it could answer at all. Drafts whose questions it cannot answer are judged at once.
    pub(super) fn can_answer(&self, _question: &Question) -> bool {
        false
    }

    /// Answers as many questions as it can, all at once.
    pub(super) fn ask(&self, _questions: &[Question], _progress: &(dyn Fn(Progress<'_>) + Sync)) -> Answers {
        Answers::default()
    }
}
