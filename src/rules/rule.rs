//! A rule, compiled.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::assertion::Polarity;
use crate::claims::{Claim, Kind, Party, Strength};
use crate::compiled;
use crate::document::BlockKind;
use crate::evidence::Verdict;
use crate::evidence::links::LinkVerdict;
use crate::evidence::records::Fate;
use crate::finding::{RuleId, Severity};
use crate::pattern::LexiconId;
use crate::settings::{Jurisdiction, Profile, Settings};
use crate::source::Span;

use super::dose::Doses;
use super::regex::LazyRegex;
use super::trigger::{Abbreviations, Age, Hosts, Metric};

/// One rule of a pack.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rule {
    /// `pack/rule`.
    pub id: RuleId,
    /// `CAV101`.
    #[serde(with = "compiled::shared")]
    pub code: Arc<str>,
    /// How grave a hit is before contexts and configuration.
    pub severity: Severity,
    /// On unless switched off.
    pub default: bool,
    /// What profiles change: the severity, or `None` for off.
    pub profiles: Vec<(Profile, Option<Severity>)>,
    /// The rule is only for these; empty: for all.
    pub jurisdictions: Vec<Jurisdiction>,
    /// One line.
    pub summary: String,
    /// Two or three sentences.
    pub why: String,
    /// What to write instead.
    pub help: String,
    /// Title and address of each source.
    #[serde(with = "compiled::shared_addresses")]
    pub sources: Vec<(String, Arc<str>)>,
    /// What makes it look.
    pub trigger: Trigger,
    /// The kinds of block it looks at.
    pub blocks: BlockKinds,
    /// All of these must be found.
    pub when: Vec<Condition>,
    /// None of these may be found.
    pub unless: Vec<Condition>,
    /// Only the first hit in each such scope counts.
    pub once: Option<Scope>,
    /// A hit counts only in one of these contexts; none given: in any.
    pub only: Contexts,
    /// Contexts in which a hit does not count.
    pub exempt: Contexts,
    /// Contexts that make it milder.
    pub soften: Contexts,
    /// Contexts that make it graver.
    pub raise: Contexts,
    /// Rules that leave it nothing to add where they speak on the same words.
    pub yields: Vec<RuleId>,
    /// What to say, with placeholders in braces.
    pub message: String,
    /// Safe replacements: what stands there in lower case, and what to put.
    pub replace: Vec<(String, String)>,
    /// Texts on which it must be silent.
    pub pass: Vec<String>,
    /// Texts on which it must speak.
    pub fail: Vec<String>,
    /// Where it stands in its pack's file.
    pub span: Span,
}

impl Rule {
    /// How grave a hit of this rule is under these settings, before contexts; `None`: it does not run.
    pub fn severity_under(&self, settings: &Settings) -> Option<Severity> {
        let lawful =
            self.jurisdictions.is_empty() || settings.jurisdiction.is_some_and(|j| self.jurisdictions.contains(&j));
        if !lawful {
            return None;
        }
        let of_profile = self.profiles.iter().find(|(profile, _)| *profile == settings.profile).map(|(_, s)| *s);
        let (default, severity) = match of_profile {
            Some(None) => (false, self.severity),
            Some(Some(severity)) => (true, severity),
            None => (self.default, self.severity),
        };
        if !settings.runs(&self.code, &self.id, default) {
            return None;
        }
        Some(settings.severity_of(&self.code, &self.id).unwrap_or(severity))
    }
}

/// What rules look for in links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkFate {
    /// It fared so when it was asked.
    Fared(LinkVerdict),
    /// It is not encrypted, though its site would be.
    Insecure,
    /// It reads like the address of another site.
    OtherSite,
}

/// What makes a rule look at a place.
#[derive(Debug, Serialize, Deserialize)]
pub enum Trigger {
    /// Phrases, by their numbers in the rule set.
    Phrases,
    /// Regular expressions over a block's prose.
    Regexes(Vec<LazyRegex>),
    /// Links with this fate.
    Link(LinkFate),
    /// Identifiers of which registries say so.
    Record(Fate),
    /// Figures that come out so beside the works that their sentence cites.
    Figure(Verdict),
    /// Quotations that come out so beside the works and pages that their sentence cites.
    Quotation(Verdict),
    /// None of these keys in the metadata.
    MissingMetadata(Vec<String>),
    /// A therapy and a condition of which the fact base says so.
    Pair(Pair),
    /// A therapy with a boxed warning, and nothing of what it warns of.
    BoxedTherapy,
    /// Claims of this shape.
    Claims(ClaimShape),
    /// Links that lead to these hosts.
    Hosts(Hosts),
    /// A measure that is too high.
    Metric(Metric),
    /// A date in the metadata that lies too far back.
    Age(Age),
    /// Abbreviations that nothing explains.
    Abbreviations(Abbreviations),
    /// Amounts of drugs that are far from what is usual.
    Doses(Doses),
}

/// What a claim must be like to make a rule look.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ClaimShape {
    /// One of these kinds.
    pub kinds: Vec<Kind>,
    /// Put with one of these strengths; none: with any.
    pub strengths: Vec<Strength>,
    /// Its subject is a name of this lexicon.
    pub subject: Option<LexiconId>,
    /// Its object is a name of this lexicon.
    pub object: Option<LexiconId>,
    /// What the fact base says of its subject and object.
    pub pair: Option<Pair>,
    /// Said to be so, or not to be so; none: either.
    pub polarity: Option<Polarity>,
    /// Held against the facts, it comes out so; none: it is not held against them.
    pub verdicts: Vec<Verdict>,
    /// Nobody has signed it as checked.
    pub unsigned: bool,
}

/// What the fact base says of a therapy and a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pair {
    /// The one is studied for the other, and is no accepted treatment of it.
    Investigational,
    /// The one is approved, but not for the other.
    OffLabel,
}

impl ClaimShape {
    /// Whether a claim has this shape.
    pub fn fits(&self, claim: &Claim) -> bool {
        let names = |party: &Option<Party>, lexicon: Option<LexiconId>| match lexicon {
            None => true,
            Some(_) => party.as_ref().and_then(|party| party.name).map(|name| name.lexicon) == lexicon,
        };
        self.kinds.contains(&claim.kind)
            && (self.strengths.is_empty() || self.strengths.contains(&claim.strength))
            && names(&claim.subject, self.subject)
            && names(&claim.object, self.object)
            && self.polarity.is_none_or(|polarity| claim.decision.assertion.polarity == polarity)
    }
}

/// Something to be found in a scope around a hit: any of its parts will do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Condition {
    /// Its number, by which what it found is remembered.
    pub number: u32,
    /// The lists of its phrases.
    pub lists: Vec<ListId>,
    /// Regular expressions over prose.
    pub regexes: Vec<LazyRegex>,
    /// A link or a footnote.
    pub link: bool,
    /// A link to one of these hosts.
    pub hosts: Hosts,
    /// One of these keys in the metadata.
    pub metadata: Vec<String>,
    /// The scope has at least so many words.
    pub words: Option<usize>,
    /// The latest year that the regular expressions catch lies more than so many years back.
    pub years: Option<i16>,
    /// How far to look.
    pub within: Scope,
    /// In how many sentences of the scope it must be found.
    pub least: usize,
}

/// The number of a list of phrases that conditions look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ListId(pub u32);

/// A stretch of the document around a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Its sentence.
    Sentence,
    /// Its sentence and two on either side, in its section.
    Neighbours,
    /// Its block.
    Paragraph,
    /// Everything under its heading.
    Section,
    /// Title and the first three tenths of the words.
    Lead,
    /// The title.
    Title,
    /// Everything.
    Document,
}

impl Scope {
    pub(super) const NAMES: [(&'static str, Scope); 7] = [
        ("sentence", Scope::Sentence),
        ("neighbours", Scope::Neighbours),
        ("paragraph", Scope::Paragraph),
        ("section", Scope::Section),
        ("lead", Scope::Lead),
        ("title", Scope::Title),
        ("document", Scope::Document),
    ];
}

/// A set of contexts, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contexts(pub(crate) u32);

impl Contexts {
    /// Said not to be so.
    pub const NEGATED: Contexts = Contexts(1);
    /// A possibility.
    pub const HEDGED: Contexts = Contexts(1 << 1);
    /// Asked.
    pub const QUESTION: Contexts = Contexts(1 << 2);
    /// Depending on something.
    pub const CONDITIONAL: Contexts = Contexts(1 << 3);
    /// Telling the reader what to do.
    pub const IMPERATIVE: Contexts = Contexts(1 << 4);
    /// Said by somebody else.
    pub const REPORTED: Contexts = Contexts(1 << 5);
    /// In somebody else's words.
    pub const QUOTED: Contexts = Contexts(1 << 6);
    /// Rejected.
    pub const REFUTED: Contexts = Contexts(1 << 7);
    /// The condition has an accepted cure that is the usual result.
    pub const CURABLE: Contexts = Contexts(1 << 8);
    /// The condition can be cured in a part of patients.
    pub const CURABLE_SOME: Contexts = Contexts(1 << 9);
    /// In a title or heading.
    pub const HEADING: Contexts = Contexts(1 << 10);
    /// In the lead.
    pub const LEAD: Contexts = Contexts(1 << 11);
    /// In a picture's text.
    pub const ALT: Contexts = Contexts(1 << 12);
    /// Passed on with a distance.
    pub const DISTANCED: Contexts = Contexts(1 << 13);
    /// Of a condition that no list holds.
    pub const UNLISTED: Contexts = Contexts(1 << 15);
    /// In the title or the first paragraph.
    pub const OPENING: Contexts = Contexts(1 << 14);

    pub(super) const NAMES: [(&'static str, Contexts); 16] = [
        ("negated", Self::NEGATED),
        ("hedged", Self::HEDGED),
        ("question", Self::QUESTION),
        ("conditional", Self::CONDITIONAL),
        ("imperative", Self::IMPERATIVE),
        ("reported", Self::REPORTED),
        ("quoted", Self::QUOTED),
        ("refuted", Self::REFUTED),
        ("curable", Self::CURABLE),
        ("curable-some", Self::CURABLE_SOME),
        ("heading", Self::HEADING),
        ("lead", Self::LEAD),
        ("alt", Self::ALT),
        ("distanced", Self::DISTANCED),
        ("unlisted", Self::UNLISTED),
        ("opening", Self::OPENING),
    ];

    /// Whether it holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two share a context.
    pub fn meets(self, other: Contexts) -> bool {
        self.0 & other.0 != 0
    }

    /// The contexts in both.
    pub fn shared(self, other: Contexts) -> Contexts {
        Contexts(self.0 & other.0)
    }

    /// The names of those in it, as packs write them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().filter(move |(_, one)| self.meets(*one)).map(|(name, _)| *name)
    }

    /// Both sets.
    pub fn with(self, other: Contexts) -> Contexts {
        Contexts(self.0 | other.0)
    }
}

/// A set of kinds of block, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockKinds(u16);

impl BlockKinds {
    /// Every kind.
    pub const ALL: BlockKinds = BlockKinds(u16::MAX);

    pub(super) const NAMES: [(&'static str, u16); 8] = [
        ("title", 1),
        ("heading", 1 << 1),
        ("paragraph", 1 << 2),
        ("list", 1 << 3),
        ("table", 1 << 4),
        ("caption", 1 << 5),
        ("alt", 1 << 6),
        ("footnote", 1 << 7),
    ];

    pub(super) fn of_bits(bits: u16) -> Self {
        if bits == 0 { Self::ALL } else { Self(bits) }
    }

    /// Whether a kind is in the set.
    pub fn has(self, kind: BlockKind) -> bool {
        let bit = match kind {
            BlockKind::Title => 1,
            BlockKind::Heading(1) => 1 | 1 << 1,
            BlockKind::Heading(_) => 1 << 1,
            BlockKind::Paragraph => 1 << 2,
            BlockKind::ListItem => 1 << 3,
            BlockKind::TableCell | BlockKind::TableHeader => 1 << 4,
            BlockKind::Caption => 1 << 5,
            BlockKind::AltText => 1 << 6,
            BlockKind::Footnote => 1 << 7,
        };
        self.0 & bit != 0
    }
}
