//! Arguments and the help that teaches them.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::init::Init;
use crate::cli::rule::Rule;
use crate::cli::schema::Schema;
use crate::cli::setup::Origin;
use crate::cli::test::Test;
use crate::finding::Severity;
use crate::linter::{Jurisdiction, Profile};
use crate::report::{OUTPUTS, claims};
use crate::source::Format;

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  arguments, configuration, a rule pack or an input could not be read";

const EXAMPLES: &str = "\
Examples:
  caveat lint                                   every draft below the current folder
  caveat lint blog/ press/*.md                  some folders and files
  caveat lint --select cure,hype --fail-on warning
  caveat lint --offline --format concise blog/  no requests; one line a finding
  caveat lint --refresh && git add caveat.lock  pin what links answer, for `--locked` runs
  caveat lint --statistics                      which rules speak, and how often
  caveat lint --diff main                       what this branch has changed
  caveat lint --fix --dry-run                   what could be fixed, as a diff
  caveat lint --format json --output report.json
  caveat lint --format html --output report.html blog/   a page for people without a terminal
  pandoc draft.docx -t markdown | caveat lint -

A finding that is meant to stay is accepted in the draft, with a reason:
  <!-- caveat-ignore cure-claim: quoted from the advertisement, rebutted below -->";

const CLAIMS_EXAMPLES: &str = "\
Examples:
  caveat claims draft.md                        a table
  caveat claims --format markdown draft.md      a worksheet for a fact-checker
  caveat claims --explain draft.md              with the words behind each reading
  caveat claims --format csv blog/ --output claims.csv
  caveat claims --sheet claims.toml blog/       a ledger in which people sign what they checked
  caveat claims --sheet claims.toml --claim-review blog/   the signed entries for search engines";

/// A linter and fact-checker for health writing.
///
/// Reads drafts (Markdown, HTML, plain text), finds what a careful medical editor would stop, says why with a source,
/// and stays quiet about sentences that are already careful.
#[derive(Debug, Parser)]
#[command(name = "caveat", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find what should not be published like this.
    Lint(Box<Lint>),
    /// List every checkable claim: what is said of what, how strongly, and by whom.
    Claims(Box<Claims>),
    /// Take down what is found today, so that only new findings are told
    Baseline(Box<crate::cli::baseline::Baseline>),
    /// List what drafts stand on, by age and source: pinned answers, and facts behind verdicts
    Evidence(Box<crate::cli::evidence::Evidence>),
    /// Check, review and show what the program knows
    Facts(crate::cli::facts::Facts),
    /// Write a first caveat.toml
    Init(Init),
    /// Explain a rule, or list the rules
    Rule(Box<Rule>),
    /// Run the examples of rule packs
    Test(Box<Test>),
    /// Serve an editor: findings while you type, explanations, fixes
    Lsp(crate::cli::lsp::Lsp),
    /// Empty the cache of findings and answers
    Clean(crate::cli::cache::Clean),
    /// Print the JSON Schema of a kind of file, for editors
    Schema(Schema),
    /// Print a script that completes arguments in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// Judges drafts. Settings are read from `caveat.toml`, the closest one upwards from the current folder; arguments win
/// over it.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(super) struct Lint {
    #[command(flatten)]
    pub(super) drafts: Drafts,

    #[command(flatten)]
    pub(super) writing: Writing,

    /// How findings are written [default: terminal; in a workflow of GitHub Actions: github]
    #[arg(long, short, value_name = "FORMAT", value_parser = formats(), help_heading = "Output")]
    pub(super) format: Option<String>,

    /// Count how often each rule speaks instead of telling what it says; as text, or with --format json
    #[arg(long, help_heading = "Output")]
    pub(super) statistics: bool,

    /// Stay, and judge drafts again as they change; Ctrl-C ends it
    #[arg(long, help_heading = "Output", conflicts_with_all = ["output", "refresh", "show_files", "show_settings"])]
    pub(super) watch: bool,

    /// List the files that would be judged, and judge nothing
    #[arg(long, help_heading = "Output", conflicts_with = "statistics")]
    pub(super) show_files: bool,

    /// Show how one file is judged and where each setting comes from, and judge nothing
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with_all = ["statistics", "show_files"])]
    pub(super) show_settings: Option<PathBuf>,

    /// The least grave finding that fails the run [default: error]
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), help_heading = "Output")]
    pub(super) fail_on: Option<Severity>,

    /// Tell only findings that are not in this file, which `caveat baseline` wrote
    #[arg(long, value_name = "FILE", help_heading = "Only what is new")]
    pub(super) baseline: Option<PathBuf>,

    /// Tell only findings on lines that have changed since BASE, a branch or commit, as git tells
    ///
    /// Counted from where this branch and BASE parted; staged, unstaged and new files count. In a workflow of GitHub
    /// Actions: `--diff "origin/$GITHUB_BASE_REF"`.
    #[arg(long, value_name = "BASE", help_heading = "Only what is new")]
    pub(super) diff: Option<String>,

    #[command(flatten)]
    pub(super) fixing: Fixing,

    #[command(flatten)]
    pub(super) rules: Rules,

    #[command(flatten)]
    pub(super) evidence: Evidence,
}

/// What is written into drafts.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Fixing {
    /// Make the changes that cannot change what a draft says: the new address of a page that has moved for good, a word
    /// that only has one meaning. Claims are never rewritten
    #[arg(long, help_heading = "Changing drafts")]
    pub(super) fix: bool,

    /// Make the other changes too; read what they do
    #[arg(long, help_heading = "Changing drafts")]
    pub(super) unsafe_fixes: bool,

    /// Accept what is found: write a comment with this reason at each finding that is left
    #[arg(long, value_name = "REASON", help_heading = "Changing drafts", value_parser = reason)]
    pub(super) add_ignores: Option<String>,

    /// With one of these: change nothing and print what would change, as a unified diff; exit with 1 if anything would
    #[arg(long, help_heading = "Changing drafts")]
    pub(super) dry_run: bool,
}

/// Which rules run, and whether what they found before counts.
#[derive(Clone, Debug, Args)]
pub(super) struct Rules {
    /// Run these alone: codes, starts of codes, packs or rules, separated by commas; `all` for everything
    #[arg(long, short, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Do not run these
    #[arg(long, short, value_name = "NAMES", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,

    /// For whom the drafts are written
    #[arg(long, value_name = "PROFILE", value_parser = profiles(), help_heading = "Rules")]
    pub(super) profile: Option<Profile>,

    /// Whose law binds the publisher
    #[arg(long, value_name = "PLACE", value_parser = jurisdictions(), help_heading = "Rules")]
    pub(super) jurisdiction: Option<Jurisdiction>,

    /// Judge every draft anew, whatever earlier runs found, and keep nothing
    #[arg(long, help_heading = "Settings")]
    pub(super) no_cache: bool,
}

/// By what drafts are judged: the day, and what may be asked.
#[derive(Clone, Debug, Args)]
pub(super) struct Evidence {
    /// Judge as of this day, YYYY-MM-DD, so that a run can be repeated [default: today]
    #[arg(long, value_name = "DAY", value_parser = day, help_heading = "Rules")]
    pub(super) today: Option<jiff::civil::Date>,

    /// Ask nothing of the network; what is not pinned in caveat.lock stays unchecked and is counted
    #[arg(long, help_heading = "Network", conflicts_with_all = ["locked", "refresh"])]
    pub(super) offline: bool,

    /// Take answers from caveat.lock alone, which must be there
    #[arg(long, help_heading = "Network", conflicts_with = "refresh")]
    pub(super) locked: bool,

    /// Ask everything again, tell what has changed, and pin the answers in caveat.lock beside caveat.toml
    #[arg(long, help_heading = "Network")]
    pub(super) refresh: bool,

    /// Also write what has changed since it was pinned, and the sentences that rest on it, to this file
    ///
    /// Its ending chooses the form: `.json` for scripts, `.md` for the body of an issue, anything else for plain text. The
    /// last two are empty where nothing has changed.
    #[arg(long, value_name = "FILE", help_heading = "Network", conflicts_with_all = ["offline", "locked"])]
    pub(super) changes: Option<PathBuf>,
}

impl Evidence {
    /// The day by which drafts are judged.
    pub(super) fn today(&self) -> jiff::civil::Date {
        self.today.unwrap_or_else(|| jiff::Zoned::now().date())
    }
}

/// Which drafts are read, and how.
#[derive(Clone, Debug, Args)]
pub(super) struct Drafts {
    /// Files and folders, or `-` for standard input [default: the current folder]
    ///
    /// In folders, files ending in .md, .markdown, .html, .htm, .txt and the like are taken, except hidden ones and
    /// those that git ignores. A file that is named is always taken; with an unknown ending it is read as plain text.
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) origin: Origin,

    /// How many threads work [default: one a processor]
    #[arg(long, short, value_name = "N", help_heading = "Settings")]
    pub(super) jobs: Option<std::num::NonZeroUsize>,

    /// Leave out what `exclude` of caveat.toml names even where it is named here: for hooks, which name files
    #[arg(long, help_heading = "Settings")]
    pub(super) force_exclude: bool,

    /// How standard input is written [default: by the ending of --stdin-name, else markdown]
    ///
    /// `jsonl` takes one {"id","text","format"?} a line and answers one {"id","findings"} a line in the same order.
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Standard input")]
    pub(super) stdin_format: Option<StdinFormat>,

    /// The name of standard input in findings [default: <stdin>]
    #[arg(long, value_name = "NAME", help_heading = "Standard input")]
    pub(super) stdin_name: Option<String>,
}

/// Where and how a report is written.
#[derive(Clone, Debug, Args)]
pub(super) struct Writing {
    /// Write the report to this file; it is replaced only when the report is whole
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    /// When to colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(super) color: Colour,

    /// Leave out progress, notes and the summary
    #[arg(long, short, help_heading = "Output")]
    pub(super) quiet: bool,
}

/// Lists what drafts claim: cures, effects, approvals, trials, figures. Each claim comes with how strongly it is put and
/// who says it, and with a verdict where the fact base or a registry speaks of it.
#[derive(Clone, Debug, Args)]
#[command(after_help = CLAIMS_EXAMPLES)]
pub(super) struct Claims {
    #[command(flatten)]
    pub(super) drafts: Drafts,

    #[command(flatten)]
    pub(super) writing: Writing,

    /// How claims are written
    #[arg(long, short, value_name = "FORMAT", default_value = claims::OUTPUTS[0].0, value_parser = claim_formats(), help_heading = "Output")]
    pub(super) format: String,

    /// Show the words that decided how each claim is put, so that you see why a rule speaks or is silent
    #[arg(long, help_heading = "Output")]
    pub(super) explain: bool,

    /// Keep a ledger of the claims in this TOML file instead of listing them
    ///
    /// Each claim gets an entry with the program's verdict and room for yours (`checked_by`, `checked_on`, `source`,
    /// `verdict`, `note`). Run again, it keeps what you wrote, moves it along with its sentence, marks it `stale` where the
    /// sentence is worded otherwise, and sets it apart where the claim is gone.
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with_all = ["explain", "format", "output"])]
    pub(super) sheet: Option<PathBuf>,

    /// Write the signed entries of the sheet as ClaimReview JSON-LD, for search engines
    #[arg(long, help_heading = "Output", requires = "sheet")]
    pub(super) claim_review: bool,

    #[command(flatten)]
    pub(super) evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StdinFormat {
    Markdown,
    Html,
    Text,
    /// One JSON object a line
    Jsonl,
}

impl StdinFormat {
    /// The format of one document; none for a stream of records.
    pub(super) fn of_document(self) -> Option<Format> {
        match self {
            StdinFormat::Markdown => Some(Format::Markdown),
            StdinFormat::Html => Some(Format::Html),
            StdinFormat::Text => Some(Format::Text),
            StdinFormat::Jsonl => None,
        }
    }
}

pub(super) fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(OUTPUTS.iter().map(|(name, _)| *name))
}

fn claim_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(claims::OUTPUTS.iter().map(|(name, _)| *name))
}

pub(super) fn severities() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["error", "warning", "info"]).map(|name| name.parse().unwrap_or(Severity::Error))
}

pub(super) fn profiles() -> impl TypedValueParser<Value = Profile> {
    let names = PossibleValuesParser::new(Profile::ALL.iter().map(|(name, _)| *name));
    names.map(|name| Profile::of_name(&name).unwrap_or_default())
}

pub(super) fn jurisdictions() -> impl TypedValueParser<Value = Jurisdiction> {
    let names = PossibleValuesParser::new(Jurisdiction::ALL.iter().map(|(name, _)| *name));
    names.try_map(|name| Jurisdiction::of_name(&name).ok_or("no such jurisdiction"))
}

fn reason(text: &str) -> Result<String, String> {
    let is_reason = crate::suppress::write::is_reason(text);
    is_reason.then(|| text.to_owned()).ok_or_else(|| "a reason is a line of text without `--`".to_owned())
}

pub(super) fn day(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "a day is written YYYY-MM-DD, as in 2026-03-01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
