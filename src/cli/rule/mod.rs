//! `caveat rule`: explains rules, or lists them.

mod list;
mod page;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::args::{Colour, jurisdictions, profiles, severities};
use crate::cli::config::Overlay;
use crate::cli::error::Failure;
use crate::cli::setup::{Origin, Setup, style, told};
use crate::cli::{Exit, names, printed};
use crate::finding::{RuleId, Severity};
use crate::linter::{Jurisdiction, Profile, Settings};
use crate::report::pages::markdown;
use crate::rules::{Page, RuleSet, own_pages, pages};

const EXAMPLES: &str = "\
Examples:
  caveat rule CAV101                   why it is there, what it looks for, examples, sources
  caveat rule cure                     the rules of a pack
  caveat rule --off --profile clinic   what is not looked for in a clinic's pages
  caveat rule --format json            everything, for scripts";

/// Explains a rule: why it is there, what it looks for, in which contexts it speaks, what to write instead, examples,
/// sources, and how to accept a finding. Without a name, and for a pack, the rules are listed.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Rule {
    /// A rule, `pack/rule`, a code, or a pack or the start of codes to list
    name: Option<String>,

    /// How it is written
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,

    /// When to colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,

    /// Only rules of this pack
    #[arg(long, value_name = "PACK", help_heading = "Filters")]
    pack: Option<String>,

    /// Only rules of this severity, as things are set
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), help_heading = "Filters")]
    severity: Option<Severity>,

    /// Only rules that are on
    #[arg(long, conflicts_with = "off", help_heading = "Filters")]
    on: bool,

    /// Only rules that are off
    #[arg(long, help_heading = "Filters")]
    off: bool,

    /// What is on and how grave, if drafts are written for these readers
    #[arg(long, value_name = "PROFILE", value_parser = profiles(), help_heading = "Settings")]
    profile: Option<Profile>,

    /// What is on and how grave, if this law binds the publisher
    #[arg(long, value_name = "PLACE", value_parser = jurisdictions(), help_heading = "Settings")]
    jurisdiction: Option<Jurisdiction>,

    #[command(flatten)]
    from: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For scripts
    Json,
    /// For documentation
    Markdown,
}

/// A rule's page and how the rule is set here.
#[derive(Debug, Serialize)]
struct Entry {
    #[serde(flatten)]
    page: Page,
    /// Whether it runs.
    on: bool,
    /// How grave a hit is, as things are set.
    #[serde(skip)]
    set: Option<Severity>,
}

impl Entry {
    fn is_meant(&self, name: &str) -> bool {
        RuleId::new(&self.page.pack, self.page.name()).is_called(name) || self.page.code.eq_ignore_ascii_case(name)
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Rule) -> Result<Exit, Failure> {
    let setup = arguments.from.load(&[])?;
    let settings = settings(arguments, &setup);
    let mut entries = entries(&setup, &settings)?;
    if let Some(name) = &arguments.name {
        entries.extend(own(name));
    }
    let explains = match &arguments.name {
        Some(name) => {
            let known = names::all(&setup.rules);
            let is_rule = entries.iter().any(|entry| entry.is_meant(name));
            entries.retain(|entry| match is_rule {
                true => entry.is_meant(name),
                false => {
                    let id = RuleId::new(&entry.page.pack, entry.page.name());
                    Settings::means(name, &entry.page.code, &id)
                }
            });
            if entries.is_empty() {
                let what = format!("there is no rule, pack or code “{name}”");
                return Err(Failure::Usage { what, help: names::help(name, &known) });
            }
            is_rule
        }
        None => false,
    };
    check_pack(arguments, &setup.rules)?;
    entries.retain(|entry| is_wanted(arguments, entry));
    let style = style(arguments.color);
    printed(&match (arguments.format, explains) {
        (Format::Json, _) => json(&entries),
        (Format::Markdown, true) => entries.iter().map(|entry| markdown(&entry.page)).collect(),
        (Format::Markdown, false) => crate::report::pages::index(entries.iter().map(|entry| &entry.page)),
        (Format::Text, true) => entries.iter().map(|entry| page::text(entry, style)).collect::<Vec<_>>().join("\n"),
        (Format::Text, false) => list::text(&entries, &settings, style),
    })
}

fn settings(arguments: &Rule, setup: &Setup) -> Settings {
    let overlay = Overlay { profile: arguments.profile, jurisdiction: arguments.jurisdiction, ..Overlay::default() };
    setup.config.settings(None, &overlay, jiff::Zoned::now().date())
}

fn entries(setup: &Setup, settings: &Settings) -> Result<Vec<Entry>, Failure> {
    let mut packs = RuleSet::builtin_packs();
    packs.extend(setup.packs.iter().cloned());
    let pages = pages(&packs).map_err(told)?;
    let entry = |page: Page| {
        let rule = setup.rules.called(&page.id).next();
        let set = rule.and_then(|rule| rule.severity_under(settings));
        Entry { page, on: set.is_some(), set }
    };
    Ok(pages.into_iter().map(entry).collect())
}

/// What is found without a rule, where that is asked for by its name; it is always on.
fn own(name: &str) -> Vec<Entry> {
    let entry = |page: Page| Entry { set: page.severity.parse().ok(), on: true, page };
    own_pages().into_iter().map(entry).filter(|entry| entry.is_meant(name)).collect()
}

fn check_pack(arguments: &Rule, rules: &RuleSet) -> Result<(), Failure> {
    let packs: Vec<&str> = rules.rules().iter().map(|rule| rule.id.pack()).collect();
    match &arguments.pack {
        Some(pack) if !packs.contains(&pack.as_str()) => {
            let what = format!("there is no pack “{pack}”");
            let mut all = packs.clone();
            all.dedup();
            let near = crate::suggest::nearest(pack, packs);
            let help =
                near.map_or_else(|| format!("There are {}.", all.join(", ")), |n| format!("Did you mean `{n}`?"));
            Err(Failure::Usage { what, help })
        }
        _ => Ok(()),
    }
}

fn is_wanted(arguments: &Rule, entry: &Entry) -> bool {
    let of_page = || entry.page.severity.parse().ok();
    let severity = entry.set.or_else(of_page);
    arguments.pack.as_ref().is_none_or(|pack| entry.page.pack == *pack)
        && (arguments.severity.is_none() || arguments.severity == severity)
        && (!arguments.on || entry.on)
        && (!arguments.off || !entry.on)
}

/// Never fails: the pages are made of strings.
fn json(entries: &[Entry]) -> String {
    serde_json::to_string_pretty(entries).map(|text| text + "\n").unwrap_or_default()
}
