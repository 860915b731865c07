//! Rules as people read about them: everything that a pack says of a rule, and its contexts in words.
//!
//! Pages are made from a pack's text, not from compiled rules, which do not keep what only people read.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::source::SourceFile;
use crate::spanned::Spanned;

use super::PackErrors;
use super::compile;
use super::pack::{Many, RawCondition, RawExtension, RawPack, RawRule, RawSource};
use super::words::{Asked, Looks, in_words, scope_in_words, texts};

/// A rule as a person reads about it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Page {
    /// `CAV101`.
    pub code: String,
    /// `pack/rule`.
    #[serde(rename = "rule")]
    pub id: String,
    /// The pack's name.
    pub pack: String,
    /// What the pack is called.
    pub title: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// On unless switched off.
    pub default: bool,
    /// What profiles change: a severity, `on` or `off`.
    pub profiles: BTreeMap<String, String>,
    /// The rule is only for these; empty: for all.
    pub jurisdictions: Vec<String>,
    /// One line.
    pub summary: String,
    /// Why not.
    pub why: String,
    /// What to write instead.
    pub help: String,
    /// What a finding says, with placeholders.
    pub message: String,
    /// What makes it look.
    #[serde(rename = "match")]
    pub trigger: Looks,
    /// The kinds of block it looks at; empty: all.
    #[serde(rename = "in")]
    pub blocks: Vec<String>,
    /// What must be found for a hit to count.
    pub when: Vec<Asked>,
    /// What must not be found for a hit to count.
    pub unless: Vec<Asked>,
    /// Only the first hit in each such scope counts.
    pub once: Option<String>,
    /// The only contexts in which a hit counts; empty: all.
    pub only: Vec<String>,
    /// Contexts in which a hit does not count.
    pub exempt: Vec<String>,
    /// Contexts that make it milder.
    pub soften: Vec<String>,
    /// Contexts that make it graver.
    pub raise: Vec<String>,
    /// Rules of its pack that speak for it where they find the same words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub yields: Vec<String>,
    /// Safe replacements.
    pub replace: BTreeMap<String, String>,
    /// Texts on which it is silent.
    pub pass: Vec<String>,
    /// Texts on which it speaks.
    pub fail: Vec<String>,
    /// Where its advice is said.
    pub sources: Vec<Reference>,
    /// The pack's file.
    pub file: String,
    /// Files of packs that extend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extended_by: Vec<String>,
}

/// A source of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// The pages of the rules in these packs, in order. A rule that is written again takes the place of the earlier one,
/// and extensions are added to the rules that they name, as when packs are loaded.
pub fn pages(packs: &[SourceFile]) -> Result<Vec<Page>, PackErrors> {
    let mut parsed = Vec::new();
    let mut errors: PackErrors = Vec::new();
    for pack in packs {
        match compile::parse(pack) {
            Ok(raw) => parsed.push((pack, raw)),
            Err(finding) => errors.push((pack.clone(), vec![*finding])),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let lists = Lists(parsed.iter().map(|(_, raw)| (raw.pack.id.as_str(), raw)).collect());
    let mut pages: Vec<Page> = Vec::new();
    for (pack, raw) in &parsed {
        for rule in &raw.rule {
            let page = Page::of(raw, rule.get_ref(), pack.name(), &lists);
            match pages.iter_mut().find(|other| other.id == page.id) {
                Some(other) => *other = page,
                None => pages.push(page),
            }
        }
    }
    for (pack, raw) in &parsed {
        for extension in raw.extend.iter().map(Spanned::get_ref) {
            if let Some(page) = pages.iter_mut().find(|page| page.id == *extension.rule.get_ref()) {
                page.extend(raw, extension, pack.name(), &lists);
            }
        }
    }
    Ok(pages)
}

/// The full names of the rules that a pack holds or extends; none if it cannot be read.
pub fn touched_by(pack: &SourceFile) -> Vec<String> {
    let Ok(raw) = compile::parse(pack) else { return Vec::new() };
    let own = raw.rule.iter().map(|rule| format!("{}/{}", raw.pack.id, rule.get_ref().id.get_ref()));
    own.chain(raw.extend.iter().map(|extension| extension.get_ref().rule.get_ref().clone())).collect()
}

/// The packs by name, to look up named lists of phrases.
struct Lists<'a>(BTreeMap<&'a str, &'a RawPack>);

impl Lists<'_> {
    fn phrases(&self, of: &RawPack, name: &str) -> Vec<String> {
        let own = || of.caveats.get(name);
        let others = || name.split_once('/').and_then(|(pack, list)| self.0.get(pack)?.caveats.get(list));
        own().or_else(others).map(|list| texts(list)).unwrap_or_default()
    }

    fn conditions(&self, of: &RawPack, raw: &Many<RawCondition>) -> Vec<Asked> {
        raw.0.iter().map(|condition| self.condition(of, condition)).collect()
    }

    fn condition(&self, of: &RawPack, raw: &RawCondition) -> Asked {
        let RawCondition { phrase, regex, caveat, link, metadata, within, least, words, years, host } = raw;
        let mut phrases = texts(phrase);
        phrases.extend(caveat.iter().flat_map(|name| self.phrases(of, name.get_ref())));
        Asked {
            phrase: phrases,
            regex: texts(regex),
            link: *link,
            host: host.clone(),
            metadata: metadata.clone(),
            within: within.as_ref().map_or("sentence", |within| within.get_ref()).to_owned(),
            least: least.unwrap_or(1),
            words: *words,
            years: years.as_ref().map(|years| *years.get_ref()),
        }
    }
}

impl Page {
    fn of(pack: &RawPack, raw: &RawRule, file: &str, lists: &Lists<'_>) -> Self {
        let require_scope = raw.require.0.iter().find_map(|condition| condition.within.as_ref());
        let mut unless = lists.conditions(pack, &raw.unless);
        unless.extend(lists.conditions(pack, &raw.require));
        Self {
            code: raw.code.get_ref().clone(),
            id: format!("{}/{}", pack.pack.id, raw.id.get_ref()),
            pack: pack.pack.id.clone(),
            title: pack.pack.title.clone(),
            severity: raw.severity.get_ref().clone(),
            default: raw.default,
            profiles: raw.profiles.iter().map(|(name, value)| (name.get_ref().clone(), value.clone())).collect(),
            jurisdictions: texts(&raw.jurisdictions),
            summary: raw.summary.clone(),
            why: raw.why.clone(),
            help: raw.help.clone(),
            message: raw.message.clone(),
            trigger: Looks::of(raw.trigger.get_ref()),
            blocks: texts(&raw.blocks),
            when: lists.conditions(pack, &raw.when),
            unless,
            once: raw.once.as_ref().or(require_scope).map(|scope| scope.get_ref().clone()),
            only: texts(&raw.only),
            exempt: texts(&raw.exempt),
            soften: texts(&raw.soften),
            raise: texts(&raw.raise),
            yields: texts(&raw.yields),
            replace: raw.replace.clone(),
            pass: raw.pass.clone(),
            fail: raw.fail.clone(),
            sources: raw.sources.iter().map(Reference::of).collect(),
            file: file.to_owned(),
            extended_by: Vec::new(),
        }
    }

    fn extend(&mut self, pack: &RawPack, raw: &RawExtension, file: &str, lists: &Lists<'_>) {
        if let Some(severity) = &raw.severity {
            self.severity.clone_from(severity.get_ref());
        }
        if let Some(help) = &raw.help {
            self.help.clone_from(help);
        }
        self.trigger.phrase.extend(texts(&raw.trigger.phrase));
        self.trigger.regex.extend(texts(&raw.trigger.regex));
        self.when.extend(lists.conditions(pack, &raw.when));
        self.unless.extend(lists.conditions(pack, &raw.unless));
        for (all, more) in
            [(&mut self.exempt, &raw.exempt), (&mut self.soften, &raw.soften), (&mut self.raise, &raw.raise)]
        {
            let new: Vec<String> = texts(more).into_iter().filter(|name| !all.contains(name)).collect();
            all.extend(new);
        }
        self.pass.extend(raw.pass.iter().cloned());
        self.fail.extend(raw.fail.iter().cloned());
        self.extended_by.push(file.to_owned());
    }

    /// The second half of its full name.
    pub fn name(&self) -> &str {
        self.id.split_once('/').map_or(self.id.as_str(), |(_, name)| name)
    }

    /// Whether it is a rule of a pack, and not something that the program finds by itself.
    pub fn is_of_pack(&self) -> bool {
        !self.file.is_empty()
    }

    /// When the rule speaks, in words: each group with what starts its sentences and what ends them. Of a condition's
    /// phrases at most `most` are named.
    pub fn decides(&self, most: usize) -> Vec<(&'static str, Vec<String>)> {
        let contexts =
            |names: &[String]| -> Vec<String> { names.iter().map(|name| in_words(name).to_owned()).collect() };
        let asked = |conditions: &[Asked]| -> Vec<String> { conditions.iter().map(|c| c.in_words(most)).collect() };
        let yields = self.yields.iter().map(|name| format!("`{name}` speaks on the same words")).collect();
        let mut groups = vec![
            ("Speaks only where", [contexts(&self.only), asked(&self.when)].concat()),
            ("Silent where", [contexts(&self.exempt), asked(&self.unless), yields].concat()),
            ("Milder by one severity where", contexts(&self.soften)),
            ("Graver by one severity where", contexts(&self.raise)),
        ];
        groups.retain(|(_, entries)| !entries.is_empty());
        groups
    }

    /// Where it looks and how often it speaks, as whole sentences; empty where it looks everywhere and says all.
    pub fn reach(&self) -> String {
        let mut sentences = Vec::new();
        if !self.blocks.is_empty() {
            sentences.push(format!("It looks only at these kinds of text: {}.", self.blocks.join(", ")));
        }
        if let Some(scope) = &self.once {
            let each = scope_in_words(scope).replace("the ", "each ");
            sentences.push(format!("It speaks at most once in {each}."));
        }
        sentences.join(" ")
    }

    /// Where the rule is on, as whole sentences.
    pub fn runs(&self) -> String {
        let mut text = match self.default {
            true => "On by default.".to_owned(),
            false => "Off by default: select it by name, or set a profile that wants it.".to_owned(),
        };
        let of_profile = |(name, value): (&String, &String)| match value.as_str() {
            "on" | "off" => format!("{value} in `{name}`"),
            severity => format!("{} {severity} in `{name}`", if severity == "warning" { "a" } else { "an" }),
        };
        if !self.profiles.is_empty() {
            let changed: Vec<String> = self.profiles.iter().map(of_profile).collect();
            text.push_str(&format!(" Profiles change that: {}.", changed.join(", ")));
        }
        if !self.jurisdictions.is_empty() {
            text.push_str(&format!(" Only where the jurisdiction is {}.", self.jurisdictions.join(" or ")));
        }
        text
    }
}

impl Reference {
    fn of(raw: &RawSource) -> Self {
        Self { title: raw.title.clone(), url: raw.url.clone() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{RuleSet, pages};
    use super::*;

    #[test]
    fn every_built_in_rule_has_a_page_with_what_it_does() {
        let rules = RuleSet::builtin();
        let pages = pages(&RuleSet::builtin_packs()).unwrap();
        assert_eq!(pages.len(), rules.rules().len());
        for (page, rule) in pages.iter().zip(rules.rules()) {
            assert_eq!((page.id.as_str(), page.code.as_str()), (rule.id.as_str(), &*rule.code));
            let Looks { phrase, regex, other } = &page.trigger;
            assert!(!phrase.is_empty() || !regex.is_empty() || other.is_some(), "{} looks for nothing", page.id);
        }
    }
}
