//! What the program itself finds, besides its rules, as people read about it.

use serde::Deserialize;

use super::page::Page;

const PROGRAM: &str = include_str!("../../rules/program.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    finding: Vec<RawOwn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOwn {
    code: String,
    rule: String,
    severity: String,
    summary: String,
    why: String,
    help: String,
}

/// A page for everything that is found without a rule: about comments, and about files that cannot be used. Pages
/// without examples, sources and contexts.
pub fn own_pages() -> Vec<Page> {
    // A test reads the file; it is part of the program.
    let file: Result<File, _> = toml::from_str(PROGRAM);
    file.map(|file| file.finding.into_iter().map(page).collect()).unwrap_or_default()
}

fn page(raw: RawOwn) -> Page {
    Page {
        code: raw.code,
        pack: raw.rule.split('/').next().unwrap_or_default().to_owned(),
        id: raw.rule,
        title: "Found without a rule".to_owned(),
        severity: raw.severity,
        default: true,
        summary: raw.summary,
        why: raw.why,
        help: raw.help,
        ..Page::default()
    }
}
