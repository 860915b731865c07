//! Why nothing was checked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::cli::config::Config;
use crate::cli::say;
use crate::report::counted;
use crate::source::Format;

/// So many files are looked at to find out.
const MOST: usize = 20_000;

/// What the paths hold besides drafts that are taken.
#[derive(Default)]
struct Held {
    /// Files that are no drafts, and some of their endings.
    others: usize,
    endings: BTreeSet<String>,
    /// Drafts that `exclude` names.
    excluded: usize,
    /// Drafts that are hidden, that git ignores, or that are in folders of other people's text.
    passed_over: usize,
}

/// Says why nothing was checked, and what to do.
pub(super) fn tell(paths: &[PathBuf], config: &Config) {
    let held = look(paths, config);
    let names: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    let place = match names.as_slice() {
        [one] if one == "." => "this folder".to_owned(),
        names => names.join(", "),
    };
    let (because, help) = reason(&held, &place);
    say(&format!("warning: nothing was checked, because {because}"));
    say(&format!("  help: {help}"));
}

fn look(paths: &[PathBuf], config: &Config) -> Held {
    let mut held = Held::default();
    for path in paths {
        let walk = WalkBuilder::new(path).standard_filters(false).build();
        for entry in walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())).take(MOST) {
            let path = entry.path();
            if path.components().any(|part| part.as_os_str() == ".git") {
                continue;
            }
            let is_draft = Format::of_path(path).is_some() || config.include.matches(path, false);
            match (is_draft, config.exclude.matches(path, false)) {
                (false, _) => {
                    held.others += 1;
                    held.endings.extend(path.extension().map(|ending| format!(".{}", ending.to_string_lossy())));
                }
                (true, true) => held.excluded += 1,
                (true, false) => held.passed_over += 1,
            }
        }
    }
    held
}

const ENDINGS: &str =
    "Drafts end in .md, .markdown, .html, .htm, .txt and the like; `include` of caveat.toml adds others.";

fn reason(held: &Held, place: &str) -> (String, String) {
    let Held { others, endings, excluded, passed_over } = held;
    let drafts = |count: usize| if count == 1 { "the only draft".to_owned() } else { format!("all {count} drafts") };
    match (*excluded, *passed_over, *others) {
        (0, 0, 0) => (format!("there is no file in {place}"), "Name the folder that holds the drafts.".to_owned()),
        (0, 0, others) => {
            let some: Vec<&str> = endings.iter().take(4).map(String::as_str).collect();
            let some = if some.is_empty() { String::new() } else { format!(" ({})", some.join(", ")) };
            let because = match others {
                1 => format!("the only file in {place} is no draft{some}"),
                _ => format!("none of the {} in {place} is a draft{some}", counted(others, "file")),
            };
            let is_office = |ending: &String| matches!(ending.as_str(), ".docx" | ".odt" | ".rtf" | ".epub");
            match endings.iter().find(|ending| is_office(ending)) {
                Some(ending) => (because, format!("Convert them: `pandoc draft{ending} -t markdown | caveat lint -`.")),
                None => (because, format!("{ENDINGS} A file that is named is always taken.")),
            }
        }
        (count, 0, _) => (
            format!("`exclude` of caveat.toml names {} in {place}", drafts(count)),
            "Take the pattern out of `exclude`, or name a file: without --force-exclude it is always taken.".to_owned(),
        ),
        (0, count, _) => (
            format!("{} in {place} is hidden, ignored by git, or in a folder like node_modules", each(count)),
            "Name a file, which is always taken, or mend .gitignore.".to_owned(),
        ),
        (excluded, passed_over, _) => (
            format!(
                "`exclude` names {excluded} of the drafts in {place}, and {passed_over} are hidden or ignored by git"
            ),
            "Name a file, which is always taken, or mend `exclude` and .gitignore.".to_owned(),
        ),
    }
}

fn each(count: usize) -> String {
    if count == 1 { "the only draft".to_owned() } else { format!("each of the {count} drafts") }
}

/// Says which patterns of the configuration have no effect in a run over its whole folder.
pub(super) fn tell_unused(paths: &[PathBuf], drafts: &[&Path], config: &Config) {
    let Some((name, root)) = config.place() else { return };
    let is_whole = |path: &PathBuf| root.starts_with(crate::cli::globs::absolute(path));
    if !paths.iter().any(is_whole) {
        return;
    }
    for (key, pattern) in config.unused(drafts) {
        say(&format!("warning: {name}: “{pattern}” in `{key}` has no effect: no file is matched by it alone"));
        say("  help: Mend it or take it out; patterns are those of a .gitignore beside the file.");
    }
}
