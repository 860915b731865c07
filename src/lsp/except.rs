//! An exception in `caveat.toml`, for texts that have no comments to accept a finding with.

use std::path::Path;

use lsp_types::Uri;

use crate::report::Row;

/// The configuration that holds for a text.
#[derive(Clone, Copy, Debug)]
pub struct ConfigFile<'a> {
    /// Its name in the protocol.
    pub uri: &'a Uri,
    /// What it says now.
    pub text: &'a str,
    /// The text's path from the configuration's folder.
    pub draft: &'a Path,
}

/// Lines to be added to a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Addition {
    /// What is added at its end.
    pub(super) text: String,
    /// Where in that the writer's reason goes: a line, counted from the first that is added, and a character.
    pub(super) reason: (u32, u32),
}

/// What the reason stands behind.
const REASON: &str = "# Why: ";

/// The entry that leaves a rule out for this text alone.
pub(super) fn addition(config: ConfigFile<'_>, row: &Row) -> Addition {
    let ends_line = config.text.is_empty() || config.text.ends_with('\n');
    let before = if ends_line { "\n" } else { "\n\n" };
    let name = row.rule.split_once('/').map_or(row.rule.as_str(), |(_, rule)| rule);
    let text = format!(
        "{before}{REASON}\n[[files]]\npaths = [{}]\nignore = [{}]\n",
        quoted(&glob(config.draft)),
        quoted(name)
    );
    Addition { text, reason: (before.len() as u32, REASON.len() as u32) }
}

/// A glob that means this path and no other.
fn glob(path: &Path) -> String {
    let mut glob = String::new();
    for part in path {
        glob.push('/');
        for c in part.to_string_lossy().chars() {
            if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\' | '!' | '#' | ' ') {
                glob.push('\\');
            }
            glob.push(c);
        }
    }
    glob
}

/// A string of TOML: those of JSON are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
