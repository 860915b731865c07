//! Rules and rule sets.

use crate::finding::Finding;
use crate::source::SourceFile;

/// Compiled rules, built-in and loaded.
#[derive(Debug, Default)]
pub struct RuleSet {}

impl RuleSet {
    /// The rules that come with the program.
    pub fn builtin() -> Self {
        Self {}
    }

    /// Adds packs. On error nothing is added, and every error is a finding on the pack it stands in.
    pub fn load(&mut self, _packs: &[SourceFile]) -> Result<(), Vec<(SourceFile, Vec<Finding>)>> {
        Ok(())
    }
}
