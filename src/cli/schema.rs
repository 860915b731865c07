//! `caveat schema`, `caveat completions` and `caveat man`: what other programs want to know about this one.

use clap::{Args, CommandFactory, ValueEnum};

use crate::cli::args::Arguments;
use crate::cli::config;
use crate::{knowledge, rules};

const EXAMPLES: &str = "\
Examples:
  caveat schema pack > .caveat/pack.json      and, as the first line of a pack:
                                              #:schema ../.caveat/pack.json";

/// Prints the JSON Schema of a kind of file. Editors that know TOML complete and check files by it.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Schema {
    /// The kind of file
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A pack of rules
    Pack,
    /// A file of facts
    Facts,
    /// caveat.toml
    Config,
}

/// The JSON Schema asked for.
pub(super) fn text(arguments: &Schema) -> String {
    let schema = match arguments.kind {
        Kind::Pack => rules::schema(),
        Kind::Facts => knowledge::schema(),
        Kind::Config => config::schema(),
    };
    format!("{:#}\n", schema.to_value())
}

/// A script that completes arguments.
pub(super) fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "caveat", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page.
pub(super) fn manual() -> String {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(Arguments::command()).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}
