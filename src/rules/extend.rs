//! Extensions: what a pack adds to a rule of another pack, which otherwise stays as it is.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Severity;
use crate::pattern::Pattern;
use crate::suggest::nearest;

use super::compile::{PackCompiler, SEVERITIES, pack_error};
use super::pack::RawExtension;
use super::regex::LazyRegex;
use super::rule::{Condition, Contexts, Rule, Trigger};

/// An extension, compiled.
pub(super) struct Extension {
    /// The full name of the rule meant.
    pub rule: String,
    /// More trigger phrases.
    pub phrases: Vec<Pattern>,
    regexes: Vec<LazyRegex>,
    severity: Option<Severity>,
    when: Vec<Condition>,
    unless: Vec<Condition>,
    exempt: Contexts,
    soften: Contexts,
    raise: Contexts,
    help: Option<String>,
    pass: Vec<String>,
    fail: Vec<String>,
}

impl Extension {
    /// Adds everything but the phrases to the rule.
    pub fn apply(self, rule: &mut Rule) -> Vec<Pattern> {
        if let Some(severity) = self.severity {
            // A profile that only switches the rule on has its severity from the rule.
            for (_, of_profile) in &mut rule.profiles {
                *of_profile = of_profile.map(|s| if s == rule.severity { severity } else { s });
            }
            rule.severity = severity;
        }
        if let Trigger::Regexes(regexes) = &mut rule.trigger {
            regexes.extend(self.regexes);
        }
        rule.when.extend(self.when);
        rule.unless.extend(self.unless);
        rule.exempt = rule.exempt.with(self.exempt);
        rule.soften = rule.soften.with(self.soften);
        rule.raise = rule.raise.with(self.raise);
        rule.help = self.help.unwrap_or_else(|| std::mem::take(&mut rule.help));
        rule.pass.extend(self.pass);
        rule.fail.extend(self.fail);
        self.phrases
    }
}

impl PackCompiler<'_, '_> {
    /// The pack's extensions. `rules` are all that there are to extend.
    pub fn extensions(&mut self, rules: &[&Rule]) -> Vec<Extension> {
        let raw = self.raw;
        raw.extend.iter().map(|extension| self.extension(extension.get_ref(), rules)).collect()
    }

    fn extension(&mut self, raw: &RawExtension, rules: &[&Rule]) -> Extension {
        let name = raw.rule.get_ref();
        match rules.iter().find(|rule| rule.id.as_str() == name) {
            None => {
                let near = rules.iter().find(|rule| rule.id.is_called(name)).map(|rule| rule.id.as_str());
                let near = near.or_else(|| nearest(name, rules.iter().map(|rule| rule.id.as_str())));
                let help = near.map_or_else(
                    || "Write the full name of a rule, `pack/rule`.".to_owned(),
                    |near| format!("Did you mean `{near}`?"),
                );
                let message = format!("There is no rule `{name}` to extend.");
                self.errors.push(pack_error(raw.rule.span().into(), message).with_help(help));
            }
            Some(rule) => {
                let (phrases, regexes) = (!raw.trigger.phrase.is_empty(), !raw.trigger.regex.is_empty());
                let fits = match rule.trigger {
                    Trigger::Phrases => !regexes,
                    Trigger::Regexes(_) => !phrases,
                    _ => !(phrases || regexes),
                };
                if !fits {
                    let message = format!("`{name}` looks for something else, so this cannot be added to its trigger.");
                    self.errors.push(pack_error(raw.rule.span().into(), message));
                }
            }
        }
        if raw.pass.is_empty() && raw.fail.is_empty() {
            let finding = pack_error(raw.rule.span().into(), format!("The extension of `{name}` has no example."));
            self.errors.push(finding.with_help("Give a text under `pass` or `fail` that shows what it changes."));
        }
        Extension {
            rule: name.clone(),
            phrases: self.phrases(&raw.trigger.phrase),
            regexes: self.regexes(&raw.trigger.regex),
            severity: raw.severity.as_ref().and_then(|severity| self.named(severity, "severity", &SEVERITIES)),
            when: self.conditions(&raw.when.0),
            unless: self.conditions(&raw.unless.0),
            exempt: self.contexts(&raw.exempt),
            soften: self.contexts(&raw.soften),
            raise: self.contexts(&raw.raise),
            help: raw.help.clone(),
            pass: raw.pass.clone(),
            fail: raw.fail.clone(),
        }
    }

    /// Checks the names of the pack's rules: their form, and that no other rule has them. `seen` are the full names of
    /// those that are loaded together, `codes` the rule of each code that there is.
    pub fn check_names(&mut self, seen: &mut FxHashSet<String>, codes: &mut FxHashMap<String, String>) {
        let raw = self.raw;
        for rule in raw.rule.iter().map(|rule| rule.get_ref()) {
            let full = format!("{}/{}", raw.pack.id, rule.id.get_ref());
            if !(is_kebab(&raw.pack.id) && is_kebab(rule.id.get_ref())) {
                let finding = pack_error(rule.id.span().into(), format!("`{full}` is no name for a rule."));
                self.errors.push(finding.with_help("Names are of small letters, digits and hyphens: `no-wonder`."));
            }
            if !is_code(rule.code.get_ref()) {
                let finding = pack_error(rule.code.span().into(), format!("`{}` is no code.", rule.code.get_ref()));
                self.errors.push(finding.with_help("A code is of capital letters with digits behind them: `MY001`."));
            }
            match codes.entry(rule.code.get_ref().clone()) {
                Entry::Occupied(other) if *other.get() != full => {
                    let message = format!("The code `{}` is that of `{}` already.", rule.code.get_ref(), other.get());
                    self.errors.push(pack_error(rule.code.span().into(), message));
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert(full.clone());
                }
            }
            if !seen.insert(full.clone()) {
                self.errors.push(pack_error(rule.id.span().into(), format!("There are two rules `{full}`.")));
            }
        }
    }
}

fn is_kebab(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_code(code: &str) -> bool {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    digits.len() < code.len() && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}
