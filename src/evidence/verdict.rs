//! What evidence says to a claim.

use serde::{Deserialize, Serialize};

use crate::finding::Evidence;

/// Whether a claim stands. In the order in which one outweighs another where two sources speak: the worse is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing was asked, or nobody answered.
    #[default]
    Unchecked,
    /// It was asked, and nothing is known that speaks for or against it.
    Unverifiable,
    /// It stands.
    Supported,
    /// What spoke for it is past the day on which it was to be looked at again.
    Stale,
    /// A part of it stands: some patients, one form, one product of several.
    Partly,
    /// It does not stand.
    Contradicted,
}

impl Verdict {
    /// Every verdict with the name that packs and output use.
    pub const NAMES: [(&'static str, Verdict); 6] = [
        ("supported", Verdict::Supported),
        ("partly", Verdict::Partly),
        ("contradicted", Verdict::Contradicted),
        ("stale", Verdict::Stale),
        ("unverifiable", Verdict::Unverifiable),
        ("unchecked", Verdict::Unchecked),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, verdict)| *verdict == self).map_or("unchecked", |(name, _)| name)
    }
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether the claim stands.
    pub verdict: Verdict,
    /// The facts or fields that were read, the deciding one first.
    pub evidence: Vec<Evidence>,
    /// A sentence to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// What people should know besides: that the world has changed since the text was written, or why nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Judgement {
    /// A verdict that rests on nothing yet.
    pub fn new(verdict: Verdict) -> Self {
        Self { verdict, ..Self::default() }
    }

    /// The same with something it rests on.
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// The same with a sentence to write instead.
    pub fn with_say(mut self, say: Option<String>) -> Self {
        self.say = say;
        self
    }

    /// The same with a note, behind one that it has.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        let note = note.into();
        self.note = Some(self.note.map_or(note.clone(), |first| format!("{first} {note}")));
        self
    }

    /// What two sources say together: the worse verdict, and the evidence of both, that of the worse first.
    pub fn and(self, other: Judgement) -> Judgement {
        let (mut worse, better) = if other.verdict > self.verdict { (other, self) } else { (self, other) };
        worse.evidence.extend(better.evidence);
        worse.say = worse.say.or(better.say);
        worse.note = worse.note.or(better.note);
        worse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_is_told_and_both_are_shown() {
        let from = |source: &str| Evidence { source: source.to_owned(), ..Evidence::default() };
        let stands = Judgement::new(Verdict::Supported).with_evidence(from("fact base"));
        let fails = Judgement::new(Verdict::Contradicted).with_evidence(from("registry")).with_note("since March");
        let unknown = Judgement::new(Verdict::Unverifiable).with_say(Some("Write this.".to_owned()));
        let both = unknown.and(stands.clone()).and(fails.clone());
        assert_eq!(both.verdict, Verdict::Contradicted);
        assert_eq!(both.evidence, [from("registry"), from("fact base")]);
        assert_eq!((both.say.as_deref(), both.note.as_deref()), (Some("Write this."), Some("since March")));
        assert_eq!(stands.and(fails).verdict.name(), "contradicted");
    }

    #[test]
    fn every_verdict_has_a_name() {
        for (name, verdict) in Verdict::NAMES {
            assert_eq!(verdict.name(), name);
            assert_eq!(serde_json::to_value(verdict).unwrap_or_default(), name);
        }
    }
}
