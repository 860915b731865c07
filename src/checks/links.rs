//! Links: where each leads, how it fared, and which rule speaks of it.

use url::Url;

use crate::document::{Document, Link, LinkKind};
use crate::evidence::links::{LinkVerdict, Target, percent_decoded, target};
use crate::evidence::records::Id;
use crate::evidence::{Answer, Answers, Question};
use crate::finding::{Applicability, Evidence, Finding, Fix, Severity};
use crate::rules::{Rule, RuleSet, Trigger};
use crate::settings::Settings;

use super::{Context, said_by, shortened};

/// Whether any rule about links runs.
pub fn is_on(rules: &RuleSet, settings: &Settings) -> bool {
    rules.rules().iter().any(|rule| matches!(rule.trigger, Trigger::Link(_)) && rule.severity_under(settings).is_some())
}

/// What has to be asked about a document's links.
pub fn questions(document: &Document, site_root: Option<&str>) -> Vec<Question> {
    let targets = checked(document).map(|link| target(&link.destination, document.source.name(), site_root));
    let mut questions: Vec<Question> = targets
        .filter_map(|target| match target {
            Target::Ask { question, .. } => Some(question),
            _ => None,
        })
        .collect();
    questions.sort();
    questions.dedup();
    questions
}

/// Findings about links, and how many links nobody could tell about because nobody was asked.
pub fn check(context: &Context<'_>, known: &Answers) -> (Vec<Finding>, usize) {
    if !is_on(context.rules, context.settings) {
        return (Vec::new(), 0);
    }
    let (mut findings, mut unchecked) = (Vec::new(), 0);
    for link in checked(context.document) {
        match fate(context, link, known) {
            None => unchecked += 1,
            Some(fate) => findings.extend(finding(context, link, &fate)),
        }
    }
    (findings, unchecked)
}

/// A footnote's mark leads to its own note; everything else leads away. What a registry resolves is asked there and not
/// at the publisher's, who turns programs away.
fn checked(document: &Document) -> impl Iterator<Item = &Link> {
    document.links.iter().filter(|link| link.kind != LinkKind::Footnote && Id::of_address(&link.destination).is_none())
}

/// How a link fared, and why.
struct Fate {
    verdict: LinkVerdict,
    detail: String,
    moved_to: Option<String>,
}

impl Fate {
    fn of(verdict: LinkVerdict, detail: impl Into<String>) -> Self {
        Self { verdict, detail: detail.into(), moved_to: None }
    }
}

/// `None`: nobody was asked.
fn fate(context: &Context<'_>, link: &Link, known: &Answers) -> Option<Fate> {
    let document = context.document;
    let ok = || Fate::of(LinkVerdict::Ok, "");
    let missing = |fragment: &str, place: &str| {
        Fate::of(LinkVerdict::Broken, format!("there is no heading or anchor `#{fragment}` in {place}"))
    };
    match target(&link.destination, document.source.name(), context.settings.site_root.as_deref()) {
        Target::Ignored => Some(ok()),
        Target::Malformed { why } => Some(Fate::of(LinkVerdict::Broken, why)),
        Target::Own { fragment } => {
            Some(if has_anchor(&document.anchors, &fragment) { ok() } else { missing(&fragment, "this document") })
        }
        Target::Ask { question, fragment } => match known.get(&question)? {
            Answer::Link(answer) => {
                Some(Fate { verdict: answer.verdict, detail: answer.detail.clone(), moved_to: answer.moved_to.clone() })
            }
            Answer::NoFile => Some(Fate::of(LinkVerdict::Broken, "there is no such file")),
            Answer::File { anchors } => Some(match (fragment, anchors) {
                (Some(fragment), Some(anchors)) if !has_anchor(anchors, &fragment) => {
                    missing(&fragment, link.destination.split('#').next().unwrap_or(""))
                }
                _ => ok(),
            }),
            Answer::Unknown { .. } | Answer::Record(_) => None,
        },
    }
}

/// Whether a document offers a fragment; `#top` and an empty one lead to its start.
fn has_anchor(anchors: &[String], fragment: &str) -> bool {
    let offers = |fragment: &str| anchors.iter().any(|anchor| anchor == fragment);
    // Text fragments are found by the browser, whatever the page offers.
    let built_in = fragment.is_empty() || fragment.eq_ignore_ascii_case("top") || fragment.starts_with(":~:");
    built_in || offers(fragment) || offers(&percent_decoded(fragment))
}

fn finding(context: &Context<'_>, link: &Link, fate: &Fate) -> Option<Finding> {
    let speaks = |rule: &&Rule| matches!(rule.trigger, Trigger::Link(verdict) if verdict == fate.verdict);
    let mut rules = context.rules.rules().iter().filter(speaks);
    let (rule, severity): (&Rule, Severity) =
        rules.find_map(|rule| Some((rule, rule.severity_under(context.settings)?)))?;
    let shown = without_credentials(&link.destination);
    let fill = |template: &str| {
        template
            .replace("{match}", &shortened(&shown))
            .replace("{detail}", &fate.detail)
            .replace("{target}", fate.moved_to.as_deref().unwrap_or(""))
    };
    let mut finding = said_by(rule, severity, link.destination_span, fill(&rule.message), fill(&rule.help))
        .with_evidence(Evidence { source: "link check".into(), detail: fate.detail.clone(), ..Evidence::default() })
        .with_context(&shown);
    let verbatim = context.document.source.slice(link.destination_span) == link.destination;
    finding.fix = fate.moved_to.clone().filter(|_| verbatim).map(|replacement| Fix {
        span: link.destination_span,
        replacement,
        applicability: Applicability::Safe,
    });
    Some(finding)
}

/// An address as it may be shown: a user's name and password in it stay unsaid.
fn without_credentials(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            // Both fail only for addresses without a host, which have no credentials.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        _ => address.to_owned(),
    }
}
