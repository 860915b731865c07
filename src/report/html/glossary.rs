//! The rules that spoke, each once: why, what to write instead, its sources, and how to accept it.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::report::Row;
use crate::rules::{Page, Rule, own_pages};

use super::escape::{Address, Advice, Text};

/// What is said of a rule.
#[derive(Default)]
struct Entry {
    rule: String,
    summary: String,
    why: String,
    help: String,
    sources: Vec<(String, String)>,
    /// Whether it is a pack's, so that a comment in the draft accepts it.
    of_pack: bool,
    /// How many findings it made.
    findings: usize,
}

/// The rules by their codes.
pub(super) struct Glossary(BTreeMap<String, Entry>);

impl Default for Glossary {
    /// What the program finds without rules: where they cannot be read, that is all there is.
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Glossary {
    /// Every rule that may speak.
    pub(super) fn new(rules: &[Rule]) -> Self {
        let of_packs = rules.iter().map(|rule| {
            let sources = rule.sources.iter().map(|(title, url)| (title.clone(), url.to_string()));
            let entry = Entry {
                rule: rule.id.to_string(),
                summary: rule.summary.clone(),
                why: rule.why.clone(),
                help: rule.help.clone(),
                sources: sources.collect(),
                of_pack: true,
                findings: 0,
            };
            (rule.code.to_string(), entry)
        });
        let own = own_pages().into_iter().map(|page| {
            let Page { code, id, summary, why, help, .. } = page;
            (code, Entry { rule: id, summary, why, help, ..Entry::default() })
        });
        Self(own.chain(of_packs).collect())
    }

    /// Counts a finding of its rule.
    pub(super) fn count(&mut self, row: &Row) {
        let entry = self.0.entry(row.code.clone()).or_default();
        if entry.rule.is_empty() {
            entry.rule.clone_from(&row.rule);
        }
        entry.findings += 1;
    }

    /// Writes those that spoke.
    pub(super) fn write(&self, out: &mut String) -> fmt::Result {
        let mut spoke = self.0.iter().filter(|(_, entry)| entry.findings > 0).peekable();
        if spoke.peek().is_none() {
            return Ok(());
        }
        out.push_str("<section id=\"rules\" aria-labelledby=\"rules-title\"><h2 id=\"rules-title\">Why: the rules that spoke</h2>\n");
        for (code, entry) in spoke {
            entry.write(out, code)?;
        }
        out.push_str("</section>\n");
        Ok(())
    }
}

impl Entry {
    fn write(&self, out: &mut String, code: &str) -> fmt::Result {
        let (name, code) = (Text(&self.rule), Text(code));
        write!(
            out,
            "<div class=\"rule-entry\" id=\"{code}\" tabindex=\"-1\"><h3>{name} <span class=\"code\">{code}</span></h3>"
        )?;
        let paragraphs = [("summary", &self.summary), ("because", &self.why), ("help", &self.help)];
        for (class, text) in paragraphs.iter().filter(|(_, text)| !text.is_empty()) {
            write!(out, "<p class=\"{class}\">{}</p>", Advice(text))?;
        }
        if !self.sources.is_empty() {
            out.push_str("<ul class=\"sources\">");
            for (title, url) in &self.sources {
                write!(out, "<li>{}</li>", Address { url, text: title })?;
            }
            out.push_str("</ul>");
        }
        if self.of_pack {
            write!(
                out,
                "<p class=\"accept\">To accept it in one place, with your reason: \
                 <code>&lt;!-- caveat-ignore {name}: why it is meant --&gt;</code></p>"
            )?;
        }
        out.push_str("</div>\n");
        Ok(())
    }
}
