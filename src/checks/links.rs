//! Links: which rules speak on which fate.

use super::Context;
use crate::document::Document;
use crate::evidence::{Answers, Question};
use crate::finding::Finding;
use crate::rules::RuleSet;
use crate::settings::Settings;

/// stub
pub fn is_on(_rules: &RuleSet, _settings: &Settings) -> bool {
    false
}
/// stub
pub fn questions(_document: &Document, _root: Option<&str>) -> Vec<Question> {
    Vec::new()
}
/// stub
pub fn check(_context: &Context<'_>, _known: &Answers) -> (Vec<Finding>, usize) {
    (Vec::new(), 0)
}
