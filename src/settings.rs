//! How a document is to be judged: profile, jurisdiction, and what people switched on and off.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::finding::{RuleId, Severity};

/// For whom a text is written; decides which rules are on and how grave they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Profile {
    /// Independent health writing: the default.
    #[default]
    Editorial,
    /// A patient organisation.
    PatientOrg,
    /// A newsroom.
    Newsroom,
    /// A sponsor of the research or its agents.
    Sponsor,
    /// A clinic that offers treatment.
    Clinic,
    /// A shop or maker of products.
    Product,
    /// Paid advertising.
    Advert,
    /// Readers who are health professionals.
    Professional,
}

impl Profile {
    /// Every profile with the name under which configuration knows it.
    pub const ALL: [(&'static str, Profile); 8] = [
        ("editorial", Profile::Editorial),
        ("patient-org", Profile::PatientOrg),
        ("newsroom", Profile::Newsroom),
        ("sponsor", Profile::Sponsor),
        ("clinic", Profile::Clinic),
        ("product", Profile::Product),
        ("advert", Profile::Advert),
        ("professional", Profile::Professional),
    ];

    /// The profile of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, p)| *p)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, p)| *p == self).map_or("editorial", |(n, _)| n)
    }
}

/// Whose law binds the publisher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Jurisdiction {
    /// United States.
    Us,
    /// European Union.
    Eu,
    /// United Kingdom.
    Uk,
    /// Australia.
    Au,
    /// Canada.
    Ca,
}

impl Jurisdiction {
    /// Every jurisdiction with its name.
    pub const ALL: [(&'static str, Jurisdiction); 5] = [
        ("us", Jurisdiction::Us),
        ("eu", Jurisdiction::Eu),
        ("uk", Jurisdiction::Uk),
        ("au", Jurisdiction::Au),
        ("ca", Jurisdiction::Ca),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, j)| *j == self).map_or("", |(n, _)| n)
    }

    /// The jurisdiction of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, j)| *j)
    }
}

/// How one document is to be judged. Made from configuration and arguments by `cli`.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// For whom it is written.
    pub profile: Profile,
    /// Whose law binds the publisher; `None`: nobody's in particular.
    pub jurisdiction: Option<Jurisdiction>,
    /// Codes, code prefixes, packs or rules to run; empty: those on by default in the profile.
    pub select: Vec<String>,
    /// Codes, code prefixes, packs or rules not to run.
    pub ignore: Vec<String>,
    /// Severities set by name of rule, pack or code; `None` switches it off.
    pub severity: FxHashMap<String, Option<Severity>>,
    /// The day on which the text is judged; `None`: rules that need it are silent.
    pub today: Option<jiff::civil::Date>,
    /// The folder for links that start with `/`, as a `/`-separated path; `None`: such links are not checked.
    pub site_root: Option<String>,
    /// The fingerprints of claims that a person has signed as checked.
    pub signed: Arc<FxHashSet<String>>,
}

impl Settings {
    /// Whether `name`, as a person writes it in `select` or `ignore`, means this rule: a code or a prefix of one
    /// (`CAV1`), a pack, a rule, `pack/rule`, or `all`.
    pub fn means(name: &str, code: &str, rule: &RuleId) -> bool {
        name == "all"
            || rule.is_called(name)
            || rule.pack() == name
            || code.eq_ignore_ascii_case(name)
            || (name.starts_with("CAV") && code.starts_with(name))
    }

    /// What is set for this rule by name of rule, code or pack, the most particular name first: a severity, or off.
    fn set(&self, code: &str, rule: &RuleId) -> Option<Option<Severity>> {
        let named = |name: &str| self.severity.get(name).copied();
        let by_prefix = || {
            let meant = |name: &str| name.starts_with("CAV") && code.starts_with(name);
            let prefixes = self.severity.iter().filter(|(name, _)| meant(name));
            prefixes.max_by_key(|(name, _)| name.len()).map(|(_, set)| *set)
        };
        let of_rule = named(rule.as_str()).or_else(|| named(rule.rule())).or_else(|| named(code));
        of_rule.or_else(by_prefix).or_else(|| named(rule.pack())).or_else(|| named("all"))
    }

    /// The severity set for this rule by name of rule, pack or code: the most particular name wins.
    pub fn severity_of(&self, code: &str, rule: &RuleId) -> Option<Severity> {
        self.set(code, rule).flatten()
    }

    /// Whether a rule runs, given whether it is on by default.
    pub fn runs(&self, code: &str, rule: &RuleId, default: bool) -> bool {
        let any = |names: &[String]| names.iter().any(|name| Self::means(name, code, rule));
        let selected = if self.select.is_empty() { default } else { any(&self.select) };
        selected && !any(&self.ignore) && self.set(code, rule) != Some(None)
    }

    /// The severity of a finding that no pack holds; `None` where it is switched off. Selecting rules does not switch
    /// it off: it says what has not been looked at.
    pub fn severity_beside_rules(&self, code: &str, rule: &RuleId, usual: Severity) -> Option<Severity> {
        let ignored = self.ignore.iter().any(|name| name != "all" && Self::means(name, code, rule));
        if ignored { None } else { self.set(code, rule).unwrap_or(Some(usual)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_particular_name_wins() {
        let severity = [("hype", None), ("hype-red-flag", Some(Severity::Info)), ("CAV12", Some(Severity::Error))];
        let severity = severity.into_iter().map(|(name, set)| (name.to_owned(), set)).collect();
        let settings = Settings { severity, ..Settings::default() };
        let of = |code: &str, rule: &str| {
            let rule = RuleId::new("hype", rule);
            (settings.runs(code, &rule, true), settings.severity_of(code, &rule))
        };
        assert_eq!(of("CAV122", "hype-red-flag"), (true, Some(Severity::Info)));
        assert_eq!(of("CAV121", "hype-superlative"), (true, Some(Severity::Error)));
        assert_eq!(of("CAV130", "other"), (false, None));
    }

    #[test]
    fn what_no_pack_holds_is_switched_off_by_its_name_alone() {
        let language = RuleId::new("document", "language-not-judged");
        let severity = |select: &str, ignore: &str| {
            let settings =
                Settings { select: vec![select.to_owned()], ignore: vec![ignore.to_owned()], ..Settings::default() };
            settings.severity_beside_rules("CAV922", &language, Severity::Info)
        };
        assert_eq!(severity("cure", "hype"), Some(Severity::Info));
        assert_eq!(severity("all", "language-not-judged"), None);
    }
}
