//! What every command starts with: the configuration, and the rules with the packs that it names.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::{Colour, Writing};
use crate::cli::config::{Config, Wrong};
use crate::cli::error::Failure;
use crate::cli::globs::relative;
use crate::cli::lint;
use crate::cli::{facts, names, read};
use crate::finding::Finding;
use crate::knowledge::Knowledge;
use crate::report::{FileReport, Style, output};
use crate::rules::RuleSet;
use crate::source::{Format, SourceFile};

/// Where settings come from.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Origin {
    /// Read this configuration instead of the closest caveat.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Settings")]
    pub(super) config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, help_heading = "Settings")]
    pub(super) isolated: bool,
}

/// Sources with what is wrong in them.
pub(super) type Mistakes = Vec<(SourceFile, Vec<Finding>)>;

/// A configuration with the rules that it gives.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) config: Config,
    /// The packs that were loaded besides the built-in ones.
    pub(super) packs: Vec<SourceFile>,
    pub(super) rules: RuleSet,
}

impl Origin {
    /// The configuration meant.
    pub(super) fn read(&self) -> Result<Result<Config, Wrong>, Failure> {
        let path = match &self.config {
            _ if self.isolated => None,
            Some(path) => Some(path.clone()),
            None => Config::find(Path::new(".")),
        };
        path.map_or_else(|| Ok(Ok(Config::none())), |path| Config::read(&path))
    }

    /// The configuration and the facts that it names, or what is wrong in one of them.
    pub(super) fn base(&self) -> Result<Result<(Config, &'static Knowledge), Mistakes>, Failure> {
        match self.read()? {
            Ok(config) => Ok(facts::knowledge(&config)?.map(|knowledge| (config, knowledge))),
            Err(wrong) => Ok(Err(vec![(wrong.source, wrong.findings)])),
        }
    }

    /// The configuration and all rules, over the facts that it names: the built-in ones, those of the packs that it names and those of `more`. What
    /// is wrong in one of them is said on standard output, and nothing goes on.
    pub(super) fn load(&self, more: &[PathBuf]) -> Result<Setup, Failure> {
        let (config, knowledge) = self.base()?.map_err(told)?;
        let is_new = |path: &&PathBuf| !config.packs.iter().any(|other| same(other, path));
        let packs = packs(config.packs.iter().chain(more.iter().filter(is_new)))?;
        let mut rules = RuleSet::builtin_knowing(knowledge);
        rules.load(&packs).map_err(told)?;
        match config.check_names(&names::all(&rules)) {
            Ok(()) => Ok(Setup { config, packs, rules }),
            Err(wrong) => Err(told(vec![(wrong.source, wrong.findings)])),
        }
    }
}

/// The style for standard output.
pub(super) fn style(color: Colour) -> Style {
    lint::style(&Writing { output: None, color, quiet: false })
}

/// Whether two paths lead to one file.
pub(super) fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Reads packs.
pub(super) fn packs<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Result<Vec<SourceFile>, Failure> {
    let read = |path: &PathBuf| match read::file(path) {
        Ok(decoded) => Ok(SourceFile::new(relative(path), decoded.text, Format::Toml)),
        Err(error) => Err(Failure::Usage { what: error.to_string(), help: error.help().to_owned() }),
    };
    paths.into_iter().map(read).collect()
}

/// Says on standard output what is wrong, and gives the failure with which the run ends.
pub(super) fn told(mistakes: Mistakes) -> Failure {
    let path = mistakes.first().map(|(source, _)| source.name().to_owned()).unwrap_or_default();
    let mut out = io::stdout().lock();
    if let Some(mut output) = output("terminal", Style { quiet: true, ..Style::default() }) {
        for (source, findings) in mistakes {
            // Nobody is left to tell if that fails; the run ends with a failure all the same.
            let _ = output.file(&mut out, &FileReport::new(&source, findings, 0, 0));
        }
    }
    Failure::WrongConfig { path, so: "nothing was done" }
}
