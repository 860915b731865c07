//! What the program says about a text.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assertion::Assertion;
use crate::compiled;
use crate::source::Span;

/// How grave a finding is. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warning,
    /// Must not be published like this.
    Error,
}

impl Severity {
    /// One step graver; an error stays one.
    pub fn raised(self) -> Self {
        match self {
            Severity::Info => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// One step milder; an info stays one.
    pub fn softened(self) -> Self {
        match self {
            Severity::Error => Severity::Warning,
            _ => Severity::Info,
        }
    }

    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "info" => Ok(Severity::Info),
            "warning" => Ok(Severity::Warning),
            "error" => Ok(Severity::Error),
            _ => Err(()),
        }
    }
}

/// The full name of a rule, `pack/rule`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleId(#[serde(with = "compiled::shared")] Arc<str>);

impl RuleId {
    /// The rule `rule` of `pack`.
    pub fn new(pack: &str, rule: &str) -> Self {
        Self(format!("{pack}/{rule}").into())
    }

    /// `pack/rule`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    pub fn pack(&self) -> &str {
        self.0.split_once('/').map_or("", |(pack, _)| pack)
    }

    /// The part behind the slash.
    pub fn rule(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(_, rule)| rule)
    }

    /// Whether a person who writes `name` means this rule: `cure-claim` or `cure/cure-claim`.
    pub fn is_called(&self, name: &str) -> bool {
        self.as_str() == name || self.rule() == name
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A second place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where, in the same source.
    pub span: Span,
    /// What to say there.
    pub text: String,
}

/// Whether an edit may be made without a person looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// It cannot change what the text says.
    Safe,
    /// It may.
    Unsafe,
}

/// A replacement for a stretch of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// Something that a finding rests on: a fact, a field that was read, an answer from the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Who says so ("FDA", "fact base", "link check").
    pub source: String,
    /// What it says.
    pub detail: String,
    /// Which fact or field was read, by the name its source has for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Where to read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// As of when, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// One thing to tell the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable short code, `CAV101`.
    pub code: Arc<str>,
    /// Which rule says it.
    pub rule: RuleId,
    /// How grave it is here, after softening, raising and configuration.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where to read more: the rule's first source.
    pub url: Option<Arc<str>>,
    /// The words meant.
    pub span: Span,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// How the sentence puts it, for findings about wording.
    pub assertion: Option<Assertion>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Stable over edits elsewhere in the file; see [`fingerprint`].
    pub fingerprint: String,
    /// How to mend it by machine.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding with the parts that every one has; the rest starts empty.
    pub fn new(code: &str, rule: RuleId, severity: Severity, message: impl Into<String>, span: Span) -> Self {
        let message = message.into();
        let fingerprint = fingerprint(&rule, &message);
        Self {
            code: code.into(),
            rule,
            severity,
            message,
            help: None,
            url: None,
            span,
            labels: Vec::new(),
            assertion: None,
            evidence: Vec::new(),
            fingerprint,
            fix: None,
        }
    }

    /// The same with a help text.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with something it rests on.
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// The same, recognised again by the words around it rather than by its message.
    pub fn with_context(mut self, words: &str) -> Self {
        self.fingerprint = fingerprint(&self.rule, words);
        self
    }
}

/// Sixteen hexadecimal digits from the rule and the words it speaks of, without case, punctuation, markup or place:
/// the same finding keeps it when text before it is edited or lines are wrapped anew.
///
/// It is written into people's files, baselines and sheets, and so must be the same on every machine and in every
/// version: the hash is 64-bit FNV-1a, over the rule's name and a space and each word in lower case with a space behind.
pub fn fingerprint(rule: &RuleId, words: &str) -> String {
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    let hash = std::iter::once(rule.as_str().to_owned()).chain(words).fold(FNV_BASIS, |hash, word| {
        let bytes = word.bytes().chain([b' ']);
        bytes.fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME))
    });
    format!("{hash:016x}")
}

/// The constants of 64-bit FNV (Fowler, Noll, Vo; RFC 9923).
const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_ignore_case_and_punctuation() {
        let rule = RuleId::new("cure", "cure-claim");
        assert_eq!(fingerprint(&rule, "This *herb* cures MS."), fingerprint(&rule, "this herb  cures MS"));
        assert_ne!(fingerprint(&rule, "This herb cures MS"), fingerprint(&rule, "This herb cures PD"));
        assert_ne!(fingerprint(&rule, "x"), fingerprint(&RuleId::new("hype", "y"), "x"));
    }

    #[test]
    fn fingerprints_are_the_same_for_ever() {
        // FNV-1a of "cure/cure-claim this herb cures ms ".
        assert_eq!(fingerprint(&RuleId::new("cure", "cure-claim"), "This *herb* cures MS."), "db9f056fead31588");
    }

    #[test]
    fn rules_are_called_by_either_name() {
        let rule = RuleId::new("cure", "cure-claim");
        assert!(rule.is_called("cure-claim") && rule.is_called("cure/cure-claim") && !rule.is_called("cure"));
    }
}
