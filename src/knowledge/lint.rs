//! What an editor of the fact base should mend, beyond what keeps it from loading.

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::finding::{Finding, RuleId, Severity};
use crate::source::{SourceFile, Span};

use super::schema::{RawEntity, RawFact, RawFile};
use super::{Entity, EntityId, Knowledge, Nature, Predicate};

/// Words that mean something else at least as often as they name a condition or a therapy.
const ORDINARY: &str = include_str!("../../rules/language/ordinary.toml");

/// Findings on fact files, each with the number of its file: everything that keeps them from loading, and, where they
/// load, names that would be found in the wrong places, members of what is no class, counts that the base itself
/// contradicts, and days that are still to come as of `today`.
pub fn lint(files: &[SourceFile], today: Option<Date>) -> Vec<(usize, Finding)> {
    match Knowledge::load(files) {
        Err(errors) => {
            let number: FxHashMap<&str, usize> = files.iter().enumerate().map(|(at, file)| (file.name(), at)).collect();
            let finding = |span, message: String| finding("CAV914", "invalid", Severity::Error, span, message);
            let found = errors.into_iter();
            found.map(|e| (number.get(&*e.file).copied().unwrap_or(0), finding(e.span, e.message))).collect()
        }
        Ok(base) => {
            let mut linter = Linter { base: &base, ordinary: ordinary_words(), today, findings: Vec::new() };
            let mut found = Vec::new();
            for (at, file) in files.iter().enumerate() {
                if let Ok(raw) = toml::from_str::<RawFile>(file.text()) {
                    linter.file(&raw);
                    found.extend(linter.findings.drain(..).map(|finding| (at, finding)));
                }
            }
            found
        }
    }
}

fn finding(code: &str, rule: &str, severity: Severity, span: Span, message: impl Into<String>) -> Finding {
    Finding::new(code, RuleId::new("facts", rule), severity, message, span)
}

fn ordinary_words() -> FxHashSet<String> {
    #[derive(Deserialize)]
    struct File {
        words: FxHashSet<String>,
    }
    toml::from_str(ORDINARY).map(|file: File| file.words).unwrap_or_default()
}

struct Linter<'a> {
    base: &'a Knowledge,
    ordinary: FxHashSet<String>,
    today: Option<Date>,
    findings: Vec<Finding>,
}

impl Linter<'_> {
    fn file(&mut self, raw: &RawFile) {
        for entity in raw.authority.iter().chain(&raw.condition).chain(&raw.therapy) {
            self.names(entity);
            self.class(entity);
        }
        for fact in &raw.fact {
            self.fact(fact.get_ref(), Span::from(fact.span()), raw);
        }
    }

    fn warn(&mut self, span: Span, message: String, help: &str) {
        self.findings.push(finding("CAV915", "name", Severity::Warning, span, message).with_help(help));
    }

    fn names(&mut self, entity: &RawEntity) {
        for name in &entity.names {
            let (text, span) = (name.get_ref(), Span::from(name.span()));
            if self.ordinary.contains(&text.to_lowercase()) && entity.not.is_empty() {
                let message =
                    format!("“{text}” is an ordinary word, and everything that is not meant would be found too.");
                self.warn(span, message, "List what is not meant in `not`, write `=` before it, or leave it out.");
            } else if text.contains(',') {
                let message = format!("“{text}” is never found, because a name does not reach over a comma.");
                self.warn(span, message, "Write it without the comma, or leave it out.");
            }
        }
    }

    /// What others are one of should be called a class, so that nobody takes a fact about one for a fact about all.
    fn class(&mut self, entity: &RawEntity) {
        for parent in &entity.is {
            let is_product = |entity: &&Entity| entity.nature == Nature::Product;
            let found = self.base.by_id(parent.get_ref()).and_then(|id| self.base.entity(id)).filter(is_product);
            if let Some(parent_entity) = found {
                let message =
                    format!("`{}` is one of `{}`, which is a product.", entity.id.get_ref(), parent_entity.id);
                self.warn(parent.span().into(), message, "Write `kind = \"class\"` at the parent.");
            }
        }
    }

    fn fact(&mut self, raw: &RawFact, span: Span, file: &RawFile) {
        let as_of = raw.as_of.as_ref().or(file.defaults.as_of.as_ref()).and_then(super::load::date);
        if let (Some(as_of), Some(today)) = (as_of, self.today)
            && as_of > today
        {
            let message = format!("This fact was seen on {as_of}, which is still to come.");
            self.findings.push(finding("CAV916", "date", Severity::Error, span, message));
        }
        if let (Predicate::Count, Some(said), Some(class)) = (raw.predicate, raw.value, raw.therapy.as_ref()) {
            let authority = raw.authority.as_ref().and_then(|id| self.base.by_id(id.get_ref()));
            let class = self.base.by_id(class.get_ref());
            if let (Some(class), Some(authority)) = (class, authority) {
                let known = self.approved_members(class, authority, as_of);
                if known != said as usize {
                    let message = format!("This counts {said}, and the base knows {known} approvals of its members.");
                    self.findings.push(finding("CAV914", "invalid", Severity::Error, span, message));
                }
            }
        }
    }

    fn approved_members(&self, class: EntityId, authority: EntityId, day: Option<Date>) -> usize {
        let approvals = self.base.facts().iter().filter(|fact| {
            let holds = day.is_none_or(|day| fact.holds_on(day));
            fact.predicate.is_approval() && fact.authority == Some(authority) && holds
        });
        let members = approvals.filter_map(|fact| fact.therapy).filter(|&therapy| self.base.is_a(therapy, class));
        members.collect::<FxHashSet<_>>().len()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::source::Format;

    fn told(text: &str) -> Vec<(String, String, String)> {
        let file = SourceFile::new("f.toml", text, Format::Toml);
        let found = lint(std::slice::from_ref(&file), Some("2026-06-01".parse().unwrap())).into_iter();
        found.map(|(_, f)| (f.code.to_string(), file.slice(f.span).to_owned(), f.message)).collect()
    }

    #[test]
    fn names_that_are_ordinary_words_or_hold_a_comma() {
        assert!(told(r#"condition = [{ id = "a", names = ["a cold"], not = ["a cold day"] }]"#).is_empty());
        assert!(told(r#"condition = [{ id = "a", names = ["=Hives"] }]"#).is_empty());
        let found = told(r#"condition = [{ id = "a", names = ["a cold"] }, { id = "b", names = ["x, y"] }]"#);
        let spans: Vec<&str> = found.iter().map(|(_, span, _)| span.as_str()).collect();
        assert_eq!(spans, ["\"a cold\"", "\"x, y\""]);
    }

    #[test]
    fn members_of_a_product() {
        let with = |kind: &str| {
            format!(
                r#"therapy = [{{ id = "a", kind = "{kind}", names = ["a1"] }}, {{ id = "b", names = ["b1"], is = ["a"] }}]"#
            )
        };
        assert!(told(&with("class")).is_empty());
        assert!(told(&with("product"))[0].2.contains("`b` is one of `a`, which is a product"));
    }

    #[test]
    fn counts_and_days() {
        let with = |facts: &str| {
            format!(
                r#"
defaults = {{ as_of = 2026-05-01, sources = ["s"] }}
source = [{{ id = "s", publisher = "P", title = "T", url = "https://s.example" }}]
authority = [{{ id = "fda", names = ["FDA"] }}]
therapy = [{{ id = "class", kind = "class", names = ["c1"] }}, {{ id = "p", names = ["p1"], is = ["class"] }}]
fact = [
    {{ predicate = "approved", authority = "fda", therapy = "p", since = 2020-01-01 }},
    {facts}
]"#
            )
        };
        assert!(told(&with(r#"{ predicate = "count", authority = "fda", therapy = "class", value = 1 }"#)).is_empty());
        let found = told(&with(r#"{ predicate = "count", authority = "fda", therapy = "class", value = 2 }"#));
        assert!(found[0].2.contains("counts 2, and the base knows 1"), "{found:?}");
        let found = told(&with(r#"{ predicate = "withdrawn", therapy = "p", as_of = 2026-07-01 }"#));
        assert_eq!((found[0].0.as_str(), found[0].2.contains("still to come")), ("CAV916", true));
    }
}
