//! `caveat init`: writes a first configuration, and hooks if asked.

use std::io::Write;
use std::path::Path;

use clap::Args;

use crate::cli::args::{jurisdictions, profiles};
use crate::cli::error::Failure;
use crate::cli::question::{can_ask, choose};
use crate::cli::sink::Sink;
use crate::cli::{Exit, config, printed};
use crate::linter::{Jurisdiction, Profile};

const CONFIG: &str = include_str!("init.toml");
const HOOKS_FILE: &str = ".pre-commit-config.yaml";
const HOOKS: &str = "\
repos:
  - repo: local
    hooks:
      - id: caveat
        name: caveat
        entry: caveat lint --offline --force-exclude
        language: system
        types_or: [markdown, html, plain-text]
";

/// Writes a commented caveat.toml into the current folder. Nothing that is there already is changed. At a terminal it asks
/// for whom the drafts are written, unless that is said.
#[derive(Clone, Debug, Args)]
pub(super) struct Init {
    /// For whom the drafts are written
    #[arg(long, value_name = "PROFILE", value_parser = profiles())]
    profile: Option<Profile>,

    /// Whose law binds the publisher
    #[arg(long, value_name = "PLACE", value_parser = jurisdictions())]
    jurisdiction: Option<Jurisdiction>,

    /// Lint what is committed: write .pre-commit-config.yaml for the pre-commit program too
    #[arg(long)]
    hooks: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Init) -> Result<Exit, Failure> {
    let mut told = Vec::new();
    let hooks_are_there = arguments.hooks && Path::new(HOOKS_FILE).exists();
    if Path::new(config::NAME).exists() {
        let help = "Edit it; `caveat schema config` lets an editor complete its keys.".to_owned();
        return Err(Failure::Usage { what: format!("{} is there already", config::NAME), help });
    }
    let arguments = &asked(arguments.clone());
    write(config::NAME, &configuration(arguments))?;
    told.push(format!("{} is written. `caveat lint` lints this folder by it.", config::NAME));
    if hooks_are_there {
        let hook = HOOKS.split_once('\n').map_or(HOOKS, |(_, hook)| hook);
        told.push(format!("{HOOKS_FILE} is there already. Add this under its `repos`:\n\n{hook}"));
    } else if arguments.hooks {
        write(HOOKS_FILE, HOOKS)?;
        told.push(format!("{HOOKS_FILE} is written. `pre-commit install` makes git run it."));
    }
    printed(&(told.join("\n").trim_end().to_owned() + "\n"))
}

/// The arguments, with what a person at a terminal answers where they say nothing.
fn asked(arguments: Init) -> Init {
    if !can_ask() {
        return arguments;
    }
    let profile = || Profile::of_name(PROFILES[choose("For whom are the drafts written?", &PROFILES)].0);
    let place = || Jurisdiction::of_name(PLACES[choose("Whose law binds the publisher?", &PLACES)].0);
    let (ask_profile, ask_place) = (arguments.profile.is_none(), arguments.jurisdiction.is_none());
    let profile = if ask_profile { profile() } else { arguments.profile };
    let jurisdiction = if ask_place { place() } else { arguments.jurisdiction };
    Init { profile, jurisdiction, ..arguments }
}

/// The profiles in the words of those who choose one.
const PROFILES: [(&str, &str); 8] = [
    ("editorial", "independent health writing"),
    ("patient-org", "a patient organisation or charity"),
    ("newsroom", "news, written against the clock"),
    ("sponsor", "a company or university that does the research, or its agents"),
    ("clinic", "a clinic that offers treatment"),
    ("product", "a shop or maker of products"),
    ("advert", "paid advertising"),
    ("professional", "readers who are health professionals"),
];

/// The places whose law there are rules for.
const PLACES: [(&str, &str); 6] = [
    ("none", "nobody's in particular: rules of law do not run"),
    ("us", "United States"),
    ("eu", "European Union"),
    ("uk", "United Kingdom"),
    ("au", "Australia"),
    ("ca", "Canada"),
];

fn configuration(arguments: &Init) -> String {
    let mut text = CONFIG.to_owned();
    if let Some(profile) = arguments.profile {
        text = text.replacen("\nprofile = \"editorial\"", &format!("\nprofile = \"{}\"", profile.name()), 1);
    }
    if let Some(place) = arguments.jurisdiction {
        text = text.replacen("\n#jurisdiction = \"uk\"", &format!("\njurisdiction = \"{}\"", place.name()), 1);
    }
    text
}

fn write(file: &str, text: &str) -> Result<(), Failure> {
    let path = Path::new(file);
    let mut sink = Sink::open(Some(path))?;
    sink.write_all(text.as_bytes()).map_err(|source| Failure::Output { path: path.to_owned(), source })?;
    sink.close()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_and_place_can_be_chosen() {
        let profiles: Vec<&str> = Profile::ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(PROFILES.map(|(name, _)| name).to_vec(), profiles);
        let places: Vec<&str> = Jurisdiction::ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(PLACES[1..].iter().map(|(name, _)| *name).collect::<Vec<_>>(), places);
        assert_eq!(Jurisdiction::of_name(PLACES[0].0), None);
    }
}
