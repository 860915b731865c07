//! Findings that were there when the program came, so that only new ones are told.
//!
//! A finding is known again by its rule and the words that it speaks of, in the article that it was in: not by its line,
//! which the next edit moves. Each is counted, so that a second copy of the same fault is new. An article that got
//! another name is followed by its findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// The file's usual name.
pub const NAME: &str = "caveat-baseline.json";
/// The version of the file's shape.
const SCHEMA: u32 = 1;

/// A finding as a baseline knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// `pack/rule`.
    pub rule: String,
    /// Of the rule and the words; see [`crate::finding::fingerprint`].
    pub fingerprint: String,
    /// What people read of it.
    pub words: String,
    /// Whether it is about words. Findings about a whole article, which has no author, look the same in every article.
    pub has_words: bool,
}

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON of this shape.
    #[error("it is no baseline: {0}")]
    Shape(#[from] serde_json::Error),
    /// It was written by a later version.
    #[error("its shape is {0}, and this program reads {SCHEMA}")]
    Newer(u32),
}

/// The findings of one article, by rule and fingerprint.
type Article = BTreeMap<(String, String), Held>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    count: usize,
    words: String,
    has_words: bool,
}

/// The findings that were there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    articles: BTreeMap<String, Article>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    path: String,
    rule: String,
    fingerprint: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
    /// Left out for findings about a whole article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

fn one() -> usize {
    1
}

fn is_one(count: &usize) -> bool {
    *count == 1
}

#[derive(Deserialize)]
struct Whole {
    schema: u32,
    findings: Vec<Entry>,
}

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    ///
    /// The text is no baseline, or one of a later version.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let whole: Whole = serde_json::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text))?;
        if whole.schema != SCHEMA {
            return Err(BaselineError::Newer(whole.schema));
        }
        let mut baseline = Self::default();
        for Entry { path, rule, fingerprint, count, words } in whole.findings {
            let held = Held { count, has_words: words.is_some(), words: words.unwrap_or_default() };
            let article = baseline.articles.entry(path).or_default();
            // Two branches that were merged may each have written a line for it.
            article.entry((rule, fingerprint)).and_modify(|there| there.count += count).or_insert(held);
        }
        Ok(baseline)
    }

    /// The text of the file: one finding a line, sorted, so that changes to it can be read and merged.
    pub fn to_text(&self) -> String {
        let mut text = format!("{{\n\"schema\": {SCHEMA},\n\"findings\": [");
        for (at, entry) in self.entries().enumerate() {
            let between = if at == 0 { "\n" } else { ",\n" };
            // Strings and numbers can always be written, and a string takes what is written to it.
            let _ = write!(text, "{between}{}", serde_json::to_string(&entry).unwrap_or_default());
        }
        text + "\n]\n}\n"
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.articles.iter().flat_map(|(path, article)| {
            article.iter().map(|((rule, fingerprint), held)| Entry {
                path: path.clone(),
                rule: rule.clone(),
                fingerprint: fingerprint.clone(),
                count: held.count,
                words: held.has_words.then(|| held.words.clone()),
            })
        })
    }

    /// Takes down what is found in an article, instead of what was known of it.
    pub fn set(&mut self, path: &str, findings: &[Known]) {
        let mut article = Article::new();
        for finding in findings {
            let held = Held { count: 0, words: finding.words.clone(), has_words: finding.has_words };
            article.entry((finding.rule.clone(), finding.fingerprint.clone())).or_insert(held).count += 1;
        }
        self.articles.remove(path);
        if !article.is_empty() {
            self.articles.insert(path.to_owned(), article);
        }
    }

    /// Leaves out articles.
    pub fn retain(&mut self, is_there: impl Fn(&str) -> bool) {
        self.articles.retain(|path, _| is_there(path));
    }

    /// The rules of its findings.
    pub fn rules(&self) -> impl Iterator<Item = &String> {
        self.articles.values().flat_map(BTreeMap::keys).map(|(rule, _)| rule)
    }

    /// How many findings it holds.
    pub fn findings(&self) -> usize {
        self.articles.values().flat_map(BTreeMap::values).map(|held| held.count).sum()
    }

    /// How many articles they are in.
    pub fn articles(&self) -> usize {
        self.articles.len()
    }
}

/// A finding of a baseline that was not found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The article in which it was.
    pub path: String,
    /// `pack/rule`.
    pub rule: String,
    /// What people read of it; empty for a finding about the whole article.
    pub words: String,
    /// How many of them.
    pub count: usize,
}

/// A run against a baseline.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What has not been found again so far.
    left: BTreeMap<String, Article>,
    /// Articles of the baseline that are no longer there and have not turned up under another name.
    vanished: BTreeSet<String>,
    /// Articles of the baseline that were judged, under whatever name.
    judged: BTreeSet<String>,
    /// Those that turned up under another name, with that.
    renamed: BTreeMap<String, String>,
    held_back: usize,
}

impl Comparison {
    /// Begins a run; `is_there` tells whether there is an article at a path of the baseline.
    pub fn new(baseline: Baseline, is_there: impl Fn(&str) -> bool) -> Self {
        let vanished = baseline.articles.keys().filter(|path| !is_there(path)).cloned().collect();
        Self { left: baseline.articles, vanished, judged: BTreeSet::new(), renamed: BTreeMap::new(), held_back: 0 }
    }

    /// Tells for each finding of an article whether it is new. `is_whole` says that every question about the article was
    /// answered: otherwise what is not found may still be there.
    pub fn are_new(&mut self, path: &str, findings: &[Known], is_whole: bool) -> Vec<bool> {
        let name = if self.left.contains_key(path) { path.to_owned() } else { self.earlier_name(path, findings) };
        let mut article = self.left.remove(&name).unwrap_or_default();
        let mut is_new = |finding: &Known| {
            let key = (finding.rule.clone(), finding.fingerprint.clone());
            match article.get_mut(&key).filter(|held| held.count > 0) {
                Some(held) => {
                    held.count -= 1;
                    false
                }
                None => true,
            }
        };
        let are_new: Vec<bool> = findings.iter().map(&mut is_new).collect();
        self.held_back += are_new.iter().filter(|is_new| !**is_new).count();
        article.retain(|_, held| held.count > 0);
        if !article.is_empty() {
            self.left.insert(name.clone(), article);
        }
        if is_whole {
            self.judged.insert(name);
        }
        are_new
    }

    /// The vanished article of which this one holds most findings about words, and at least half; else its own name.
    fn earlier_name(&mut self, path: &str, findings: &[Known]) -> String {
        // Of those that share as many, the first by name.
        let best = self.vanished.iter().rev().filter_map(|name| Some((self.shared(name, findings)?, name)));
        let best = best.max_by_key(|(shared, _)| *shared);
        let Some(name) = best.map(|(_, name)| name.clone()) else { return path.to_owned() };
        self.vanished.remove(&name);
        self.renamed.insert(name.clone(), path.to_owned());
        name
    }

    /// How many findings about words an article of the baseline shares with these: at least half of its own.
    fn shared(&self, name: &str, findings: &[Known]) -> Option<usize> {
        let worded = || self.left.get(name).into_iter().flatten().filter(|(_, held)| held.has_words);
        let is_in = |(rule, fingerprint): &(String, String)| {
            findings.iter().any(|finding| finding.rule == *rule && finding.fingerprint == *fingerprint)
        };
        let shared = worded().filter(|(key, _)| is_in(key)).count();
        (shared > 0 && shared * 2 >= worded().count()).then_some(shared)
    }

    /// How many findings are not new.
    pub fn held_back(&self) -> usize {
        self.held_back
    }

    /// Leaves rules out of account that did not run: nothing of theirs is gone.
    pub fn only(&mut self, ran: impl Fn(&str) -> bool) {
        self.left.values_mut().for_each(|article| article.retain(|(rule, _), _| ran(rule)));
    }

    /// What was not found again in articles that were judged, and in those that are gone.
    pub fn gone(&self) -> Vec<Gone> {
        let is_known = |path: &String| self.judged.contains(path) || self.vanished.contains(path);
        let articles = self.left.iter().filter(|(path, _)| is_known(path));
        let gone = articles.flat_map(|(path, article)| {
            article.iter().map(|((rule, _), held)| Gone {
                path: path.clone(),
                rule: rule.clone(),
                words: held.words.clone(),
                count: held.count,
            })
        });
        gone.collect()
    }

    /// The baseline without what was not found again, with every article under the name that it has now.
    pub fn pruned(&self, mut baseline: Baseline) -> Baseline {
        for (path, left) in self.left.iter().filter(|(path, _)| self.judged.contains(*path)) {
            let Some(article) = baseline.articles.get_mut(path) else { continue };
            for (key, gone) in left {
                if let Some(held) = article.get_mut(key) {
                    held.count -= gone.count.min(held.count);
                }
            }
            article.retain(|_, held| held.count > 0);
        }
        for (old, new) in &self.renamed {
            if let Some(article) = baseline.articles.remove(old) {
                baseline.articles.insert(new.clone(), article);
            }
        }
        baseline.articles.retain(|path, article| !article.is_empty() && !self.vanished.contains(path));
        baseline
    }
}

#[cfg(test)]
mod tests;
