//! What makes a rule look, the conditions around a hit and its contexts, in words for people.

use serde::Serialize;

use crate::spanned::Spanned;

use super::looks::{RawAge, RawClaim, RawMetric, RawTrigger};

/// A trigger, as it is written.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Looks {
    /// Phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phrase: Vec<String>,
    /// Regular expressions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regex: Vec<String>,
    /// Anything else, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

/// A condition, as it is written; any of its parts will do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Asked {
    /// Phrases, those of a named list among them.
    pub phrase: Vec<String>,
    /// Regular expressions.
    pub regex: Vec<String>,
    /// A link or a footnote.
    pub link: bool,
    /// A link to one of these hosts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub host: Vec<String>,
    /// Keys of the metadata.
    pub metadata: Vec<String>,
    /// The scope's name.
    pub within: String,
    /// In how many sentences.
    pub least: usize,
    /// So many words or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<usize>,
    /// The regular expressions catch years, and the latest lies more than so many years back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<i16>,
}

impl Looks {
    /// The trigger of a rule.
    pub(super) fn of(raw: &RawTrigger) -> Self {
        let RawTrigger {
            phrase,
            regex,
            link,
            record,
            figure,
            quotation,
            metadata,
            pair,
            therapy,
            claim,
            host,
            metric,
            age,
            abbreviation,
            dose,
        } = raw;
        let record = record.as_ref().map(|fate| match fate.get_ref().as_str() {
            "absent" => "DOIs, PMIDs and NCT numbers that no registry knows.".to_owned(),
            "not-recruiting" => "Trials that take no participants, by their registry.".to_owned(),
            "other-phase" => "Trials of another phase than their sentence says, by their registry.".to_owned(),
            "other-subject" => {
                "Trials of another therapy and another condition than their sentence names, by their registry."
                    .to_owned()
            }
            "concern" => "Works with an expression of concern, by their registries.".to_owned(),
            fate => format!("Works that are {fate}, by their registries."),
        });
        let link = link.as_ref().map(|fate| match fate.get_ref().as_str() {
            "moved" => "Links that lead somewhere else by now.".to_owned(),
            "unverifiable" => "Links of which nobody can tell whether they lead anywhere.".to_owned(),
            "insecure" => "Links to `http:` addresses that answer under `https:` too.".to_owned(),
            "other-site" => "Links that read like the address of another site than they lead to.".to_owned(),
            fate => format!("Links that are {fate}."),
        });
        let metadata = (!metadata.is_empty()).then(|| {
            format!("Documents with none of these in their front matter, head or byline: {}.", coded(metadata))
        });
        let figure = figure.as_ref().map(|kind| match kind.get_ref().as_str() {
            "absent" => {
                "Figures that the page or the summary of the work that their sentence cites does not have.".to_owned()
            }
            _ => "Figures for which the page or the summary of the work that their sentence cites has another one."
                .to_owned(),
        });
        let quotation = quotation.as_ref().map(|kind| match kind.get_ref().as_str() {
            "absent" => {
                "Quotations whose words the page or the summary that their sentence cites does not have.".to_owned()
            }
            _ => "Quotations of which the page or the summary that their sentence cites has other words.".to_owned(),
        });
        let pair = pair.as_ref().map(|kind| {
            format!(
                "Documents that discuss a therapy and a condition for which the fact base calls it {}.",
                kind.get_ref()
            )
        });
        let therapy = therapy.as_ref().map(|_| {
            "Documents that name a therapy more than once whose label carries a boxed warning, and nothing of what it \
             warns of."
                .to_owned()
        });
        Self {
            phrase: texts(phrase),
            regex: texts(regex),
            other: link
                .or(record)
                .or(figure)
                .or(quotation)
                .or(metadata)
                .or(pair)
                .or(therapy)
                .or(claim.as_ref().map(claim_in_words))
                .or((!host.is_empty()).then(|| format!("Links that lead to one of these hosts: {}.", coded(host))))
                .or(metric.as_ref().map(metric_in_words))
                .or(age.as_ref().map(age_in_words))
                .or(abbreviation.as_ref().map(|_| "Abbreviations that the document does not explain.".to_owned()))
                .or(dose.as_ref().map(|dose| {
                    let times = dose.off;
                    format!("Amounts of a drug {times} times less than the least or more than the most that is usual.")
                })),
        }
    }
}

impl Asked {
    /// The condition as the end of a sentence that starts with "where".
    pub(super) fn in_words(&self, most: usize) -> String {
        let mut parts = Vec::new();
        if !self.phrase.is_empty() {
            let named: Vec<String> = self.phrase.iter().take(most).map(|phrase| format!("`{phrase}`")).collect();
            let more = self.phrase.len() - named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            parts.push(format!("one of {}{more}", named.join(", ")));
        }
        if !self.regex.is_empty() {
            parts.push(match self.years {
                None => format!("a match of {}", coded(&self.regex)),
                Some(years) => {
                    format!("years, the latest more than {years} years back, that stand like {}", coded(&self.regex))
                }
            });
        }
        if self.link {
            parts.push("a link or a footnote".to_owned());
        }
        if !self.host.is_empty() {
            parts.push(format!("a link to {}", coded(&self.host)));
        }
        if let Some(words) = self.words {
            parts.push(format!("{words} words or more"));
        }
        let scope = scope_in_words(&self.within);
        let mut text = if parts.is_empty() { String::new() } else { format!("{scope} has {}", parts.join(" or ")) };
        if self.least > 1 {
            text.push_str(&format!(" in {} sentences", self.least));
        }
        if !self.metadata.is_empty() {
            let or = if text.is_empty() { "" } else { ", or " };
            text.push_str(&format!("{or}the metadata has {}", coded(&self.metadata)));
        }
        text
    }
}

fn metric_in_words(raw: &RawMetric) -> String {
    let what = match raw.of.get_ref().as_str() {
        "reading-grade" => "Documents that ask more school years of their readers than",
        _ => "Sentences with more words than",
    };
    let others: Vec<String> =
        raw.profiles.iter().map(|(profile, limit)| format!("{limit} in `{}`", profile.get_ref())).collect();
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
    format!("{what} {}{others}.", raw.above)
}

fn age_in_words(raw: &RawAge) -> String {
    format!("Documents whose latest date under {} lies more than {} months back.", coded(&raw.metadata), raw.months)
}

/// The claims that a trigger wants, as a sentence.
fn claim_in_words(raw: &RawClaim) -> String {
    let RawClaim { kind, strength, subject, object, pair, polarity, verdict, unsigned } = raw;
    let mut text = format!("Claims of these kinds: {}", coded(&texts(&kind.0)));
    if !strength.0.is_empty() {
        text.push_str(&format!(", put as {}", coded(&texts(&strength.0))));
    }
    for (side, name) in [("subject", subject), ("object", object)] {
        if let Some(name) = name {
            text.push_str(&format!(", whose {side} is a `{{{}}}`", name.get_ref()));
        }
    }
    if let Some(pair) = pair {
        text.push_str(&format!(", of a therapy that the fact base calls {} for the condition", pair.get_ref()));
    }
    if let Some(polarity) = polarity {
        text.push_str(if polarity.get_ref() == "negative" { ", said not to be so" } else { ", said to be so" });
    }
    if !verdict.0.is_empty() {
        text.push_str(&format!(", which the fact base and registries leave {}", coded(&texts(&verdict.0))));
    }
    if *unsigned {
        text.push_str(", which nobody has signed as checked in the sheet");
    }
    text + "."
}

/// A context as the end of a sentence that starts with "where".
pub(super) fn in_words(context: &str) -> &str {
    match context {
        "negated" => "it is denied (“no cure”, “does not cure”)",
        "hedged" => "it is put as a possibility (“may”, “could”, “is being studied”)",
        "question" => "it is asked (“Can it cure MS?”)",
        "conditional" => "it depends on an “if”",
        "imperative" => "the reader is told to do it",
        "reported" => "somebody else says it, in the author's words (“researchers say that”)",
        "quoted" => "it stands in somebody else's words, inside quotation marks",
        "refuted" => "it is rejected (“it is a myth that”)",
        "distanced" => "it is passed on with a distance (“he claims that”)",
        "curable" => "the condition meant has an accepted cure",
        "curable-some" => "the condition meant can be cured in a part of patients",
        "unlisted" => "the fact base does not know the condition meant",
        "heading" => "it stands in a title or heading",
        "lead" => "it stands in the lead",
        "alt" => "it stands in a picture's text",
        "opening" => "it stands in the title or the first paragraph",
        other => other,
    }
}

/// A scope as a part of a sentence.
pub(super) fn scope_in_words(scope: &str) -> &str {
    match scope {
        "sentence" => "the sentence",
        "neighbours" => "the passage of two sentences on either side",
        "paragraph" => "the paragraph",
        "section" => "the section",
        "lead" => "the lead",
        "title" => "the title",
        "document" => "the document",
        other => other,
    }
}

/// The texts without their places.
pub(super) fn texts(written: &[Spanned<String>]) -> Vec<String> {
    written.iter().map(|text| text.get_ref().clone()).collect()
}

fn coded(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::rule::{Contexts, Scope};
    use super::*;

    #[test]
    fn every_context_and_scope_has_words() {
        for (name, _) in Contexts::NAMES {
            assert_ne!(in_words(name), name);
        }
        for (name, _) in Scope::NAMES {
            assert_ne!(scope_in_words(name), name);
        }
    }
}
