//! The documentation says what is so: pages of rules are those of the packs, links lead somewhere, and what a reader is
//! told to write and run does what the page says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use caveat::report::pages::{book, contents};
use caveat::rules::{RuleSet, pages};
use caveat::source::{Format, SourceFile};

use crate::cli::{caveat, text};
use crate::diff::git;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// Every Markdown file below a folder, with its path from there.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn pages_of_rules_are_those_of_the_packs() {
    let again = "run `cargo run --example rule_pages` and commit docs/";
    let pages = pages(&RuleSet::builtin_packs()).unwrap();
    let (written, meant) = (files(&docs().join("rules")), book(&pages));
    let stale: Vec<&String> =
        meant.iter().filter(|(name, text)| written.get(*name) != Some(text)).map(|(n, _)| n).collect();
    let gone: Vec<&String> = written.keys().filter(|name| !meant.contains_key(*name)).collect();
    assert!(stale.is_empty() && gone.is_empty(), "not as in the packs: {stale:?}, without a rule: {gone:?}; {again}");
    let summary = fs::read_to_string(docs().join("SUMMARY.md")).unwrap();
    let (_, rules) = summary.split_once("# The rules\n\n").unwrap();
    assert!(rules == contents(&pages, "rules"), "docs/SUMMARY.md does not list the rules as they are; {again}");
}

#[test]
fn every_page_is_in_the_book_and_every_link_leads_to_one() {
    let pages = files(&docs());
    let mut wrong = Vec::new();
    for (name, page) in &pages {
        let folder = Path::new(name).parent().unwrap();
        // Links of examples are shown as they are written, with a backslash before each bracket.
        let linked = page.match_indices("](").filter(|(at, _)| !page[..*at].ends_with('\\'));
        let targets = linked.filter_map(|(at, _)| page[at + 2..].split([')', ' ']).next());
        for target in targets.map(|target| target.trim_matches(['<', '>'])) {
            let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
            if target.contains("://") || file.is_empty() {
                continue;
            }
            let path = normal(&folder.join(file));
            match (pages.get(&path), docs().join(&path).is_file()) {
                (Some(linked), _) if fragment.is_empty() || has_heading(linked, fragment) => {}
                (None, true) => {}
                _ => wrong.push(format!("{name}: {target}")),
            }
        }
    }
    let summary = &pages["SUMMARY.md"];
    let unlisted = pages.keys().filter(|name| *name != "SUMMARY.md" && !summary.contains(&format!("({name})")));
    wrong.extend(unlisted.map(|name| format!("SUMMARY.md: {name} is not in it")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn has_heading(page: &str, fragment: &str) -> bool {
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let slug =
        |line: &str| line.trim_start_matches(['#', ' ']).to_lowercase().chars().filter(is_kept).collect::<String>();
    let slug = |line: &str| slug(line).replace(' ', "-");
    page.lines().any(|line| line.starts_with('#') && slug(line) == fragment)
}

fn normal(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().map(|part| part.to_str().unwrap()) {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The fenced blocks of a page: what stands behind the opening fence, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.to_owned(), body.join("\n") + "\n"));
        }
    }
    blocks
}

/// Writes a file of a page. `below=KEY` puts the text below the line of that key.
fn write(folder: &Path, info: &str, body: &str) {
    let value = |key: &str| info.split(' ').find_map(|part| part.strip_prefix(key)?.strip_prefix('='));
    let Some(file) = value("file") else { return };
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let body = match value("below") {
        None => body.to_owned(),
        Some(key) => {
            let old = fs::read_to_string(&path).unwrap();
            let at = old.find(&format!("\n{key} ")).unwrap() + 1;
            let end = at + old[at..].find('\n').unwrap() + 1;
            format!("{}{body}{}", &old[..end], &old[end..])
        }
    };
    fs::write(path, body).unwrap();
}

/// Runs the commands of a console block; a line `...` stands for any lines.
fn run(folder: &Path, body: &str) {
    for step in format!("\n{body}").split("\n$ ").skip(1) {
        let (command, expected) = step.split_once('\n').unwrap_or((step, ""));
        let mut words = command.split_whitespace();
        let shown = match words.next() {
            Some("git") => git(folder, &words.collect::<Vec<_>>()),
            Some("caveat") => {
                let (arguments, file) =
                    command["caveat".len()..].split_once('>').unwrap_or((&command["caveat".len()..], ""));
                let mut command = caveat(folder);
                // What stands between quotation marks is one argument.
                for (at, part) in arguments.split('"').enumerate() {
                    match at % 2 {
                        0 => command.args(part.split_whitespace()),
                        _ => command.arg(part),
                    };
                }
                // A page was written on one day.
                if words.next().is_some_and(|word| matches!(word, "lint" | "baseline")) {
                    command.args(["--today", "2026-03-01"]);
                }
                let output = command.output().unwrap();
                let shown = text(&output.stdout) + &text(&output.stderr);
                match file.trim() {
                    "" => shown,
                    file => {
                        fs::write(folder.join(file), shown).unwrap();
                        String::new()
                    }
                }
            }
            Some("mkdir") => {
                assert!(Command::new("mkdir").args(words).current_dir(folder).status().unwrap().success());
                String::new()
            }
            other => panic!("nobody knows how to run {other:?}"),
        };
        assert!(is_like(&shown, expected), "$ {command}\n{shown}\nis not\n{expected}");
    }
}

fn is_like(shown: &str, expected: &str) -> bool {
    let (mut rest, mut anywhere) = (shown.trim_end(), false);
    for part in format!("\n{}\n", expected.trim_end()).split("\n...").map(|part| part.trim_matches('\n')) {
        if part.is_empty() {
            anywhere = true;
            continue;
        }
        let Some(at) = rest.find(part).filter(|at| anywhere || *at == 0) else { return false };
        rest = &rest[at + part.len()..];
        anywhere = true;
    }
    rest.is_empty() || expected.trim_end().ends_with("...")
}

#[test]
fn the_first_rule_is_written_as_the_page_says() {
    let page = fs::read_to_string(docs().join("first-rule.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut ran = 0;
    for (info, body) in blocks(&page) {
        match info.as_str() {
            "console" => {
                run(folder.path(), &body);
                ran += 1;
            }
            info => write(folder.path(), info, &body),
        }
    }
    assert!(ran >= 6, "the page runs {ran} commands");
}

#[test]
fn an_archive_is_taken_in_as_the_page_says() {
    let page = fs::read_to_string(docs().join("archive.md")).unwrap();
    let (walk, _) = page.split_once("\n## In CI").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut ran = 0;
    for (info, body) in blocks(walk) {
        match info.as_str() {
            "console" => {
                run(folder.path(), &body);
                ran += 1;
            }
            info => write(folder.path(), info, &body),
        }
    }
    assert!(ran >= 10, "the page runs {ran} commands");
}

#[test]
fn configurations_and_rules_in_the_documentation_can_be_read() {
    let configurations = ["archive.md", "configuration.md"];
    for page in configurations {
        for (info, body) in blocks(&fs::read_to_string(docs().join(page)).unwrap()) {
            if info.starts_with("toml") {
                let folder = tempfile::tempdir().unwrap();
                fs::create_dir(folder.path().join("static")).unwrap();
                fs::write(folder.path().join("caveat-baseline.json"), "{}").unwrap();
                fs::write(folder.path().join("caveat.toml"), &body).unwrap();
                let output = caveat(folder.path()).arg("rule").output().unwrap();
                assert_eq!(output.status.code(), Some(0), "{page}:\n{body}\n{}", text(&output.stdout));
            }
        }
    }
    let readme = fs::read_to_string(docs().with_file_name("README.md")).unwrap();
    let rule = blocks(&readme).into_iter().find(|(_, body)| body.starts_with("[[rule]]")).unwrap().1;
    let pack = format!("[pack]\nid = \"readme\"\ntitle = \"The README's rule\"\n\n{rule}");
    let mut rules = RuleSet::builtin();
    rules.load(&[SourceFile::new("readme.toml", pack, Format::Toml)]).unwrap();
    let linter = caveat::linter::Linter::new(rules);
    let rule = linter.rules().called("MY001").next().unwrap();
    let failures = caveat::examples::run(&linter, rule);
    assert!(failures.is_empty(), "{failures:#?}");
}
