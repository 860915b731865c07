//! From a pack's text to rules; every mistake becomes a finding at its place.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::assertion::Polarity;
use crate::claims::{Kind, Strength};
use crate::evidence::Verdict;
use crate::evidence::links::LinkVerdict;
use crate::evidence::records::Fate;
use crate::finding::{Finding, RuleId, Severity};
use crate::pattern::{Compiler, LexiconId, Pattern};
use crate::settings::{Jurisdiction, Profile};
use crate::source::{SourceFile, Span};
use crate::spanned::Spanned;
use crate::suggest::nearest;

use super::dose::{self, Doses, Usual};
use super::looks::{RawClaim, RawMetric, RawTrigger};
use super::pack::{RawCondition, RawPack, RawRule};
use super::regex::LazyRegex;
use super::rule::{BlockKinds, ClaimShape, Condition, Contexts, LinkFate, ListId, Pair, Rule, Scope, Trigger};
use super::trigger::{Abbreviations, Age, Hosts, Measure, Metric};

pub(super) const SEVERITIES: [(&str, Severity); 3] =
    [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
pub(super) const RECORDS: [(&str, Fate); 6] = [
    ("absent", Fate::Absent),
    ("retracted", Fate::Retracted),
    ("concern", Fate::Concern),
    ("not-recruiting", Fate::NotRecruiting),
    ("other-phase", Fate::OtherPhase),
    ("other-subject", Fate::OtherSubject),
];
/// What can become of a figure or quotation beside the work or page that its sentence cites.
pub(super) const FIGURES: [(&str, Verdict); 2] =
    [("different", Verdict::Contradicted), ("absent", Verdict::Unverifiable)];
pub(super) const LINKS: [(&str, LinkFate); 5] = [
    ("broken", LinkFate::Fared(LinkVerdict::Broken)),
    ("moved", LinkFate::Fared(LinkVerdict::Moved)),
    ("unverifiable", LinkFate::Fared(LinkVerdict::Unverifiable)),
    ("insecure", LinkFate::Insecure),
    ("other-site", LinkFate::OtherSite),
];
pub(super) const PAIRS: [(&str, Pair); 2] = [("investigational", Pair::Investigational), ("off-label", Pair::OffLabel)];
/// What a document's therapy can be known for.
pub(super) const THERAPIES: [(&str, ()); 1] = [("boxed-warning", ())];
pub(super) const POLARITIES: [(&str, Polarity); 2] =
    [("positive", Polarity::Positive), ("negative", Polarity::Negative)];

/// The lists of phrases that conditions look for, as they are compiled.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Lists {
    /// The phrases of each list.
    pub phrases: Vec<Vec<Pattern>>,
    /// The lists under `[caveats]`, by `pack/list`.
    pub named: FxHashMap<String, ListId>,
    /// How many conditions there are.
    conditions: u32,
}

impl Lists {
    fn add(&mut self, phrases: Vec<Pattern>) -> ListId {
        self.phrases.push(phrases);
        ListId(self.phrases.len() as u32 - 1)
    }
}

/// A rule with the patterns of its phrases.
pub(super) struct Compiled {
    pub rule: Rule,
    pub phrases: Vec<Pattern>,
}

/// Reads a pack's TOML.
pub(super) fn parse(pack: &SourceFile) -> Result<RawPack, Box<Finding>> {
    toml::from_str(pack.text()).map_err(|error| Box::new(toml_error(&error)))
}

/// A TOML error as a finding on the file it stands in.
pub fn toml_error(error: &toml::de::Error) -> Finding {
    let span = error.span().map(Span::from).unwrap_or_default();
    let message = error.message();
    let hint = message.strip_prefix("unknown field `").and_then(|rest| {
        let (wrong, rest) = rest.split_once('`')?;
        nearest(wrong, rest.split('`').skip(1).step_by(2))
    });
    let finding = pack_error(span, message);
    match hint {
        Some(near) => finding.with_help(format!("Did you mean `{near}`?")),
        None => finding.with_help("Compare the file with the pack format in the documentation."),
    }
}

/// A finding that says that a pack is wrong.
pub(super) fn pack_error(span: Span, message: impl Into<String>) -> Finding {
    Finding::new("CAV917", RuleId::new("pack", "invalid"), Severity::Error, message, span)
}

/// Compiles the rules of one pack.
pub(super) struct PackCompiler<'a, 'c> {
    pub raw: &'a RawPack,
    pub compiler: &'a mut Compiler<'c>,
    pub lists: &'a mut Lists,
    pub errors: Vec<Finding>,
}

impl PackCompiler<'_, '_> {
    /// The lists under `[caveats]`. Those of all packs come before any rule, which may call them.
    pub fn caveats(&mut self) {
        let raw = self.raw;
        for (name, phrases) in &raw.caveats {
            let phrases = self.phrases(phrases);
            let list = self.lists.add(phrases);
            self.lists.named.insert(format!("{}/{name}", raw.pack.id), list);
        }
    }

    pub fn rules(&mut self) -> Vec<Compiled> {
        let raw = self.raw;
        raw.rule.iter().map(|rule| self.rule(rule.get_ref(), Span::from(rule.span()))).collect()
    }

    fn error(&mut self, at: &Spanned<String>, message: impl Into<String>) {
        self.errors.push(pack_error(at.span().into(), message));
    }

    /// Looks a written name up; a wrong one is an error with a suggestion.
    pub(super) fn named<T: Copy>(&mut self, at: &Spanned<String>, what: &str, names: &[(&str, T)]) -> Option<T> {
        let written = at.get_ref().as_str();
        if let Some((_, value)) = names.iter().find(|(name, _)| *name == written) {
            return Some(*value);
        }
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let near = nearest(written, known.iter().copied());
        let help = near.map_or_else(|| format!("Known are: {}.", known.join(", ")), |n| format!("Did you mean `{n}`?"));
        self.errors.push(pack_error(at.span().into(), format!("There is no {what} `{written}`.")).with_help(help));
        None
    }

    fn rule(&mut self, raw: &RawRule, span: Span) -> Compiled {
        let severity = self.named(&raw.severity, "severity", &SEVERITIES).unwrap_or(Severity::Warning);
        let profiles = raw.profiles.iter().filter_map(|(name, value)| self.profile(name, value, severity)).collect();
        let jurisdictions =
            raw.jurisdictions.iter().filter_map(|name| self.named(name, "jurisdiction", &Jurisdiction::ALL)).collect();
        let (trigger, phrases) = self.trigger(raw.trigger.get_ref(), Span::from(raw.trigger.span()));
        let require_scope = raw.require.0.iter().find_map(|c| c.within.as_ref());
        let once = raw.once.as_ref().or(require_scope);
        let rule = Rule {
            id: RuleId::new(&self.raw.pack.id, raw.id.get_ref()),
            code: raw.code.get_ref().as_str().into(),
            severity,
            default: raw.default,
            profiles,
            jurisdictions,
            summary: raw.summary.clone(),
            why: raw.why.clone(),
            help: raw.help.clone(),
            sources: raw.sources.iter().map(|s| (s.title.clone(), s.url.as_str().into())).collect(),
            trigger,
            blocks: self.blocks(&raw.blocks),
            when: self.conditions(&raw.when.0),
            unless: raw.unless.0.iter().chain(&raw.require.0).map(|c| self.condition(c)).collect(),
            once: once.and_then(|scope| self.named(scope, "scope", &Scope::NAMES)),
            only: self.contexts(&raw.only),
            exempt: self.contexts(&raw.exempt),
            soften: self.contexts(&raw.soften),
            raise: self.contexts(&raw.raise),
            yields: self.yields(&raw.yields),
            message: raw.message.clone(),
            replace: raw.replace.iter().map(|(from, to)| (from.to_lowercase(), to.clone())).collect(),
            pass: raw.pass.clone(),
            fail: raw.fail.clone(),
            span,
        };
        if raw.pass.is_empty() || raw.fail.is_empty() {
            self.errors.push(
                pack_error(raw.id.span().into(), format!("Rule `{}` has no examples.", raw.id.get_ref()))
                    .with_help("Give at least one text under `pass` and one under `fail`."),
            );
        }
        Compiled { rule, phrases }
    }

    fn profile(
        &mut self,
        name: &Spanned<String>,
        value: &str,
        severity: Severity,
    ) -> Option<(Profile, Option<Severity>)> {
        let profile = self.named(name, "profile", &Profile::ALL)?;
        let severity = match value {
            "off" => None,
            "on" => Some(severity),
            value => match value.parse() {
                Ok(severity) => Some(severity),
                Err(()) => {
                    self.error(name, format!("`{value}` is neither a severity nor `on` or `off`."));
                    return None;
                }
            },
        };
        Some((profile, severity))
    }

    fn trigger(&mut self, raw: &RawTrigger, span: Span) -> (Trigger, Vec<Pattern>) {
        let given = [
            !raw.phrase.is_empty(),
            !raw.regex.is_empty(),
            raw.link.is_some(),
            raw.record.is_some(),
            raw.figure.is_some(),
            raw.quotation.is_some(),
            !raw.metadata.is_empty(),
            raw.pair.is_some(),
            raw.therapy.is_some(),
            raw.claim.is_some(),
            !raw.host.is_empty(),
            raw.metric.is_some(),
            raw.age.is_some(),
            raw.abbreviation.is_some(),
            raw.dose.is_some(),
        ];
        if given.iter().filter(|g| **g).count() != 1 {
            let message = "A rule has exactly one trigger: `phrase`, `regex`, `claim`, `link`, `record`, `figure`, `quotation`, `host`, `metadata`, \
                           `age`, `pair`, `therapy`, `metric`, `abbreviation` or `dose`.";
            self.errors.push(pack_error(span, message));
        }
        let phrases = self.phrases(&raw.phrase);
        let trigger = if let Some(link) = &raw.link {
            Trigger::Link(self.named(link, "kind of link", &LINKS).unwrap_or(LinkFate::Insecure))
        } else if let Some(record) = &raw.record {
            Trigger::Record(self.named(record, "kind of record", &RECORDS).unwrap_or(Fate::Absent))
        } else if let Some(figure) = &raw.figure {
            Trigger::Figure(self.named(figure, "kind of figure", &FIGURES).unwrap_or(Verdict::Contradicted))
        } else if let Some(quotation) = &raw.quotation {
            Trigger::Quotation(self.named(quotation, "kind of quotation", &FIGURES).unwrap_or(Verdict::Contradicted))
        } else if let Some(pair) = &raw.pair {
            Trigger::Pair(self.named(pair, "kind of pair", &PAIRS).unwrap_or(Pair::Investigational))
        } else if let Some(therapy) = &raw.therapy {
            self.named(therapy, "kind of therapy", &THERAPIES);
            Trigger::BoxedTherapy
        } else if let Some(claim) = &raw.claim {
            Trigger::Claims(self.claim(claim))
        } else if let Some(metric) = &raw.metric {
            Trigger::Metric(self.metric(metric))
        } else if let Some(age) = &raw.age {
            Trigger::Age(Age { metadata: age.metadata.clone(), months: age.months })
        } else if let Some(abbreviation) = &raw.abbreviation {
            let known = self.lexicon(&abbreviation.known).unwrap_or(LexiconId(u16::MAX));
            Trigger::Abbreviations(Abbreviations { known })
        } else if let Some(dose) = &raw.dose {
            Trigger::Doses(self.doses(dose.off, span))
        } else if !raw.host.is_empty() {
            Trigger::Hosts(Hosts(raw.host.clone()))
        } else if !raw.metadata.is_empty() {
            Trigger::MissingMetadata(raw.metadata.clone())
        } else if !raw.regex.is_empty() {
            Trigger::Regexes(self.regexes(&raw.regex))
        } else {
            Trigger::Phrases
        };
        (trigger, phrases)
    }

    /// The doses of this pack, in the order of their drugs' names in the lexicon that holds them.
    fn doses(&mut self, off: f64, span: Span) -> Doses {
        let pack = self.raw;
        if pack.dose.is_empty() {
            self.errors.push(pack_error(span, "This pack has no `[[dose]]` table to hold amounts against."));
        }
        let mut usual = Vec::new();
        for dose in &pack.dose {
            let mut ranges = Vec::new();
            for written in &dose.usual {
                match written.get_ref().parse::<Usual>() {
                    Ok(range) => ranges.push(range),
                    Err(why) => self.error(written, why.to_string()),
                }
            }
            usual.push(ranges);
        }
        let drugs = self.compiler.lexicons.find(&dose::lexicon(&pack.pack.id)).unwrap_or(LexiconId(u16::MAX));
        Doses { drugs, usual, off }
    }

    fn metric(&mut self, raw: &RawMetric) -> Metric {
        let of = self.named(&raw.of, "measure", &Measure::NAMES).unwrap_or(Measure::ReadingGrade);
        let profiles = raw.profiles.iter();
        let profiles = profiles.filter_map(|(name, limit)| Some((self.named(name, "profile", &Profile::ALL)?, *limit)));
        Metric { of, above: raw.above, profiles: profiles.collect() }
    }

    fn claim(&mut self, raw: &RawClaim) -> ClaimShape {
        ClaimShape {
            kinds: raw.kind.0.iter().filter_map(|kind| self.named(kind, "kind of claim", &Kind::NAMES)).collect(),
            strengths: raw.strength.0.iter().filter_map(|s| self.named(s, "strength", &Strength::NAMES)).collect(),
            subject: raw.subject.as_ref().and_then(|name| self.lexicon(name)),
            object: raw.object.as_ref().and_then(|name| self.lexicon(name)),
            pair: raw.pair.as_ref().and_then(|pair| self.named(pair, "kind of pair", &PAIRS)),
            polarity: raw.polarity.as_ref().and_then(|p| self.named(p, "polarity", &POLARITIES)),
            unsigned: raw.unsigned,
            verdicts: raw.verdict.0.iter().filter_map(|v| self.named(v, "verdict", &Verdict::NAMES)).collect(),
        }
    }

    fn lexicon(&mut self, name: &Spanned<String>) -> Option<LexiconId> {
        let lexicons = self.compiler.lexicons;
        let found = lexicons.find(name.get_ref());
        if found.is_none() {
            let near = nearest(name.get_ref(), lexicons.names().iter().map(String::as_str));
            let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            self.error(name, format!("There is no lexicon `{}`.{hint}", name.get_ref()));
        }
        found
    }

    pub(super) fn phrases(&mut self, raw: &[Spanned<String>]) -> Vec<Pattern> {
        raw.iter().filter_map(|phrase| self.phrase(phrase)).collect()
    }

    fn phrase(&mut self, phrase: &Spanned<String>) -> Option<Pattern> {
        match self.compiler.compile(phrase.get_ref()) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                // The value starts behind its quotation mark; escapes in it would shift the place by a little.
                let start = phrase.span().start + 1 + error.span.start;
                let end = (phrase.span().start + 1 + error.span.end).min(phrase.span().end).max(start);
                self.errors.push(pack_error(Span::from(start..end), error.message));
                None
            }
        }
    }

    pub(super) fn regexes(&mut self, raw: &[Spanned<String>]) -> Vec<LazyRegex> {
        let mut regexes = Vec::new();
        for pattern in raw {
            match LazyRegex::new(pattern.get_ref()) {
                Ok(regex) => regexes.push(regex),
                Err(error) => self.error(pattern, format!("This regular expression does not compile: {error}")),
            }
        }
        regexes
    }

    pub(super) fn conditions(&mut self, raw: &[RawCondition]) -> Vec<Condition> {
        raw.iter().map(|condition| self.condition(condition)).collect()
    }

    fn condition(&mut self, raw: &RawCondition) -> Condition {
        let mut lists = Vec::new();
        if !raw.phrase.is_empty() {
            let phrases = self.phrases(&raw.phrase);
            lists.push(self.lists.add(phrases));
        }
        if let Some(name) = &raw.caveat {
            lists.extend(self.caveat(name));
        }
        self.lists.conditions += 1;
        Condition {
            number: self.lists.conditions,
            lists,
            regexes: self.regexes(&raw.regex),
            link: raw.link,
            hosts: Hosts(raw.host.clone()),
            metadata: raw.metadata.clone(),
            within: raw.within.as_ref().and_then(|w| self.named(w, "scope", &Scope::NAMES)).unwrap_or(Scope::Sentence),
            words: raw.words,
            years: self.years(raw),
            least: raw.least.unwrap_or(1),
        }
    }

    fn years(&mut self, raw: &RawCondition) -> Option<i16> {
        let years = raw.years.as_ref()?;
        if raw.regex.is_empty() {
            let message = "`years` needs a `regex` whose first group catches a year.";
            self.errors.push(pack_error(years.span().into(), message));
        }
        Some(*years.get_ref())
    }

    fn caveat(&mut self, name: &Spanned<String>) -> Option<ListId> {
        let written = name.get_ref();
        let of_pack = format!("{}/{written}", self.raw.pack.id);
        let found = self.lists.named.get(&of_pack).or_else(|| self.lists.named.get(written)).copied();
        if found.is_none() {
            let near = nearest(written, self.raw.caveats.keys().chain(self.lists.named.keys()).map(String::as_str));
            let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            self.error(name, format!("There is no list `{written}` under `[caveats]`.{hint}"));
        }
        found
    }

    pub(super) fn contexts(&mut self, raw: &[Spanned<String>]) -> Contexts {
        let each = raw.iter().filter_map(|name| self.named(name, "context", &Contexts::NAMES));
        each.fold(Contexts::default(), Contexts::with)
    }

    /// The rules of this pack that a rule yields to.
    fn yields(&mut self, raw: &[Spanned<String>]) -> Vec<RuleId> {
        let pack = self.raw;
        let names: Vec<(&str, ())> = pack.rule.iter().map(|rule| (rule.get_ref().id.get_ref().as_str(), ())).collect();
        raw.iter()
            .filter_map(|name| {
                self.named(name, "rule in this pack", &names)?;
                Some(RuleId::new(&pack.pack.id, name.get_ref()))
            })
            .collect()
    }

    fn blocks(&mut self, raw: &[Spanned<String>]) -> BlockKinds {
        let bits =
            raw.iter().filter_map(|name| self.named(name, "kind of block", &BlockKinds::NAMES)).fold(0, |a, b| a | b);
        BlockKinds::of_bits(bits)
    }
}
