//! Links: where each leads, how it fared, and which rule speaks of it.

use url::Url;

use crate::document::{Document, Link, LinkKind};
use crate::evidence::links::{LinkVerdict, Target, is_private_host, percent_decoded, target, web, without_credentials};
use crate::evidence::records::Id;
use crate::evidence::{Answer, Answers, Question};
use crate::finding::{Applicability, Evidence, Finding, Fix, Severity};
use crate::rules::{LinkFate, Rule, RuleSet, Trigger};
use crate::settings::Settings;

use super::{Context, said_by, shortened};

/// The running rule about links with that fate, if there is one.
fn rule<'r>(rules: &'r RuleSet, settings: &Settings, fate: LinkFate) -> Option<(&'r Rule, Severity)> {
    let speaks = |rule: &&Rule| matches!(rule.trigger, Trigger::Link(of) if of == fate);
    rules.rules().iter().filter(speaks).find_map(|rule| Some((rule, rule.severity_under(settings)?)))
}

/// Whether any rule runs that needs to know how links fare.
fn needs_answers(rules: &RuleSet, settings: &Settings) -> bool {
    let about_it = |fate: LinkFate| fate != LinkFate::OtherSite;
    let runs = |rule: &Rule| {
        matches!(rule.trigger, Trigger::Link(fate) if about_it(fate)) && rule.severity_under(settings).is_some()
    };
    rules.rules().iter().any(runs)
}

/// What has to be asked about a document's links: how they fare, and what follows from that.
pub fn questions(rules: &RuleSet, settings: &Settings, document: &Document, known: &Answers) -> Vec<Question> {
    if !needs_answers(rules, settings) {
        return Vec::new();
    }
    let mut questions = Vec::new();
    for link in checked(document) {
        if let Target::Ask { question, .. } = leads_to(link, document, settings) {
            questions.extend(archived(&question, known));
            if rule(rules, settings, LinkFate::Insecure).is_some() {
                questions.extend(encrypted(&question, known));
            }
            questions.push(question);
        }
    }
    questions.sort();
    questions.dedup();
    questions
}

/// Everything that could be asked about one link.
pub(super) fn questions_of(link: &Link, document: &Document, settings: &Settings, known: &Answers) -> Vec<Question> {
    let Target::Ask { question, .. } = leads_to(link, document, settings) else { return Vec::new() };
    let further = [archived(&question, known), encrypted(&question, known)];
    further.into_iter().flatten().chain([question]).collect()
}

/// Findings about links, and how many links nobody could tell about because nobody was asked.
pub fn check(context: &Context<'_>, known: &Answers) -> (Vec<Finding>, usize) {
    let (mut findings, mut unchecked) = (Vec::new(), 0);
    let asks = needs_answers(context.rules, context.settings);
    for link in checked(context.document) {
        findings.extend(reads_like_another_site(link).and_then(|told| finding(context, link, told)));
        if !asks {
            continue;
        }
        match told(context, link, known) {
            None => unchecked += 1,
            Some(told) => findings.extend(finding(context, link, told)),
        }
    }
    (findings, unchecked)
}

/// A footnote's mark leads to its own note; everything else leads away. What a registry resolves is asked there and not
/// at the publisher's, who turns programs away.
pub(super) fn checked(document: &Document) -> impl Iterator<Item = &Link> {
    document.links.iter().filter(|link| link.kind != LinkKind::Footnote && Id::of_address(&link.destination).is_none())
}

fn leads_to(link: &Link, document: &Document, settings: &Settings) -> Target {
    target(&link.destination, document.source.name(), settings.site_root.as_deref())
}

/// The question whether an archive holds a copy of what turned out to be dead.
fn archived(question: &Question, known: &Answers) -> Option<Question> {
    let (Question::Link { url }, Answer::Link(answer)) = (question, known.get(question)?) else { return None };
    let page = url.split('#').next().unwrap_or(url);
    (answer.verdict == LinkVerdict::Broken).then(|| Question::Archived { url: page.to_owned() })
}

/// The question whether the site of an `http:` address that is fine answers under `https:` too. An address with a port
/// of its own has no such sibling.
fn encrypted(question: &Question, known: &Answers) -> Option<Question> {
    let (Question::Link { url }, Answer::Link(answer)) = (question, known.get(question)?) else { return None };
    let rest = url.strip_prefix("http://").filter(|_| answer.verdict == LinkVerdict::Ok)?;
    let is_usual = |url: &Url| url.port().is_none() && url.host_str().is_some_and(|host| !is_private_host(host));
    let sibling = format!("https://{rest}");
    Url::parse(&sibling).is_ok_and(|url| is_usual(&url)).then_some(Question::Link { url: sibling })
}

/// What there is to say of a link.
struct Told {
    fate: LinkFate,
    detail: String,
    /// What to link instead.
    target: Option<String>,
    applicability: Applicability,
    /// What to add to the help.
    more: String,
}

impl Told {
    fn of(verdict: LinkVerdict, detail: impl Into<String>) -> Self {
        let fate = LinkFate::Fared(verdict);
        Self { fate, detail: detail.into(), target: None, applicability: Applicability::Safe, more: String::new() }
    }
}

/// How a link fared. `None`: nobody was asked.
fn told(context: &Context<'_>, link: &Link, known: &Answers) -> Option<Told> {
    let document = context.document;
    let ok = || Told::of(LinkVerdict::Ok, "");
    let missing = |fragment: &str, place: &str| {
        Told::of(LinkVerdict::Broken, format!("there is no heading or anchor `#{fragment}` in {place}"))
    };
    match leads_to(link, document, context.settings) {
        Target::Ignored => Some(ok()),
        Target::Malformed { why } => Some(Told::of(LinkVerdict::Broken, why)),
        Target::Own { fragment } => {
            Some(if has_anchor(&document.anchors, &fragment) { ok() } else { missing(&fragment, "this document") })
        }
        Target::Ask { question, fragment } => match known.get(&question)? {
            Answer::Link(answer) => {
                let mut told = Told::of(answer.verdict, answer.detail.clone());
                told.target = answer.moved_to.clone();
                Some(improved(told, &question, known))
            }
            Answer::NoFile => Some(Told::of(LinkVerdict::Broken, "there is no such file")),
            Answer::File { anchors } => Some(match (fragment, anchors) {
                (Some(fragment), Some(anchors)) if !has_anchor(anchors, &fragment) => {
                    missing(&fragment, link.destination.split('#').next().unwrap_or(""))
                }
                _ => ok(),
            }),
            Answer::Unknown { .. }
            | Answer::Record(_)
            | Answer::Search(_)
            | Answer::Archived(_)
            | Answer::Page(_)
            | Answer::Quoted(_) => None,
        },
    }
}

/// With what was found out after it was known how a link fares: a copy of what is dead, the encrypted form of what is
/// not.
fn improved(told: Told, question: &Question, known: &Answers) -> Told {
    if let Some(Answer::Archived(Some(copy))) = archived(question, known).as_ref().and_then(|asked| known.get(asked)) {
        let more = format!(" There is a copy of {} at {}.", copy.date, copy.url);
        return Told { target: Some(copy.url.clone()), applicability: Applicability::Unsafe, more, ..told };
    }
    let sibling = encrypted(question, known);
    if let Some((Question::Link { url }, Some(Answer::Link(answer)))) =
        sibling.as_ref().map(|sibling| (sibling, known.get(sibling)))
    {
        let goes_back = answer.moved_to.as_ref().is_some_and(|to| to.starts_with("http:"));
        if matches!(answer.verdict, LinkVerdict::Ok | LinkVerdict::Moved) && !goes_back {
            let detail = format!("{url}: {}", answer.detail);
            return Told { fate: LinkFate::Insecure, detail, target: Some(url.clone()), ..told };
        }
    }
    told
}

/// A link that reads like the address of another site than it leads to. One whose address names that site too leads to
/// it by way of somebody else: an archive, a proxy.
fn reads_like_another_site(link: &Link) -> Option<Told> {
    // Few texts are addresses, so that is looked at first.
    let named = web::named_host(&link.text).filter(|_| link.kind == LinkKind::Anchor)?;
    let url = Url::parse(&link.destination).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let by_way = percent_decoded(&url[url::Position::BeforePath..]).contains(&named);
    if web::is_one_site(&named, host) || by_way || web::is_persistent(host) || web::is_persistent(&named) {
        return None;
    }
    let detail = shortened(link.text.trim()).into_owned();
    Some(Told { fate: LinkFate::OtherSite, detail, ..Told::of(LinkVerdict::Ok, "") })
}

/// Whether a document offers a fragment; `#top` and an empty one lead to its start.
fn has_anchor(anchors: &[String], fragment: &str) -> bool {
    let offers = |fragment: &str| anchors.iter().any(|anchor| anchor == fragment);
    // Text fragments are found by the browser, whatever the page offers.
    let built_in = fragment.is_empty() || fragment.eq_ignore_ascii_case("top") || fragment.starts_with(":~:");
    built_in || offers(fragment) || offers(&percent_decoded(fragment))
}

fn finding(context: &Context<'_>, link: &Link, told: Told) -> Option<Finding> {
    let (rule, severity) = rule(context.rules, context.settings, told.fate)?;
    let shown = without_credentials(&link.destination);
    let fill = |template: &str| {
        template
            .replace("{match}", &shortened(&shown))
            .replace("{detail}", &told.detail)
            .replace("{target}", told.target.as_deref().unwrap_or(""))
    };
    let help = fill(&rule.help) + &told.more;
    let mut finding = said_by(rule, severity, link.destination_span, fill(&rule.message), help).with_context(&shown);
    if told.fate != LinkFate::OtherSite {
        let detail = told.detail.clone();
        finding = finding.with_evidence(Evidence { source: "link check".into(), detail, ..Evidence::default() });
    }
    let verbatim = context.document.source.slice(link.destination_span) == link.destination;
    finding.fix = told.target.filter(|_| verbatim).map(|replacement| Fix {
        span: link.destination_span,
        replacement,
        applicability: told.applicability,
    });
    Some(finding)
}
