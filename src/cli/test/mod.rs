//! `caveat test`: runs the examples that rules carry, and tells which rules never speak over a folder of drafts.

mod corpus;
mod show;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use crate::cli::args::Colour;
use crate::cli::error::Failure;
use crate::cli::setup::{Origin, Setup, same, style};
use crate::cli::{Exit, names, printed};
use crate::examples::{self, Failure as Failed};
use crate::linter::Linter;
use crate::rules::{Rule, touched_by};

use corpus::Corpus;

const EXAMPLES: &str = "\
Examples:
  caveat test                         every rule: the built-in packs and those of caveat.toml
  caveat test rules/house.toml        one pack of your own
  caveat test cure                    a built-in pack
  caveat test --corpus content/       and which rules never speak on your drafts

Exit codes:
  0  every example holds
  1  an example failed
  2  a pack could not be read, or holds no examples";

/// Runs the examples of rule packs: a rule must be silent on its `pass` texts and speak on its `fail` texts. Where one
/// does not, the words found are shown with the cues behind what was made of them.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Test {
    /// Files of packs, and names of packs or rules [default: all]
    packs: Vec<PathBuf>,

    /// How results are written
    #[arg(long, short, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,

    /// Tell which rules never speak on the drafts in this folder, and how often the others do
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,

    /// When to colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,

    #[command(flatten)]
    from: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For scripts
    Json,
}

/// What a run found out.
#[derive(Debug, Serialize)]
struct Results {
    schema: u32,
    rules: usize,
    examples: usize,
    #[serde(serialize_with = "show::failures")]
    failures: Vec<Failed>,
    corpus: Option<Corpus>,
}

/// Runs the command.
pub(super) fn run(arguments: &Test) -> Result<Exit, Failure> {
    let (files, named): (Vec<PathBuf>, Vec<PathBuf>) = arguments.packs.iter().cloned().partition(|path| is_file(path));
    let setup = arguments.from.load(&files)?;
    let meant = meant(&setup, &files, &named)?;
    let linter = Linter::new(setup.rules);
    let rules: Vec<&Rule> = linter.rules().rules().iter().filter(|rule| meant.contains(rule)).collect();
    let failures: Vec<Failed> = rules.par_iter().flat_map_iter(|rule| examples::run(&linter, rule)).collect();
    let corpus = match &arguments.corpus {
        Some(folder) => Some(corpus::count(folder, &setup.config, &linter, &rules)?),
        None => None,
    };
    let examples = rules.iter().map(|rule| rule.pass.len() + rule.fail.len()).sum();
    let results = Results { schema: 1, rules: rules.len(), examples, failures, corpus };
    printed(&match arguments.format {
        Format::Text => show::text(&results, style(arguments.color)),
        // The results are numbers and strings; nothing in them can fail.
        Format::Json => serde_json::to_string_pretty(&results).map(|text| text + "\n").unwrap_or_default(),
    })?;
    let unread = results.corpus.as_ref().is_some_and(|corpus| corpus.unread);
    Ok(match (unread, results.failures.is_empty()) {
        (true, _) => Exit::Unread,
        (false, true) => Exit::Clean,
        (false, false) => Exit::Findings,
    })
}

/// What looks like a path is one, so that a misspelt file is told as such.
fn is_file(path: &Path) -> bool {
    path.is_file() || path.extension().is_some_and(|ending| ending == "toml")
}

/// Which rules are meant.
enum Meant {
    All,
    /// Those of these names.
    Named(Vec<String>),
}

impl Meant {
    fn contains(&self, rule: &Rule) -> bool {
        let means = |name: &String| crate::linter::Settings::means(name, &rule.code, &rule.id);
        match self {
            Meant::All => true,
            Meant::Named(names) => names.iter().any(means),
        }
    }
}

fn meant(setup: &Setup, files: &[PathBuf], named: &[PathBuf]) -> Result<Meant, Failure> {
    if files.is_empty() && named.is_empty() {
        return Ok(Meant::All);
    }
    let known = names::all(&setup.rules);
    let mut all: Vec<String> = Vec::new();
    for name in named.iter().map(|name| name.to_string_lossy().into_owned()) {
        if !names::is_known(&name, &known) {
            let what = format!("there is no pack, rule or file “{name}”");
            return Err(Failure::Usage { what, help: names::help(&name, &known) });
        }
        all.push(name);
    }
    for file in files {
        let pack = setup.packs.iter().find(|pack| same(Path::new(pack.name()), file));
        let of_pack = pack.map(touched_by).unwrap_or_default();
        if of_pack.is_empty() {
            let what = format!("{} holds no rule and so no examples", file.display());
            let help = "Give it a [[rule]] or an [[extend]] with texts under `pass` and `fail`.".to_owned();
            return Err(Failure::Usage { what, help });
        }
        all.extend(of_pack);
    }
    Ok(Meant::Named(all))
}
