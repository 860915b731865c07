//! Only what is new: baselines written, used, pruned.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::cli::{caveat, folder, json, text};

const CONFIG: &str = "ignore = [\"transparency\"]\n";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = caveat(folder);
    command.args([&arguments[..1], &["--offline", "--today", "2026-03-01"], &arguments[1..]].concat()).output().unwrap()
}

fn new(folder: &Path) -> Vec<String> {
    let output = run(folder, &["lint", "--format", "concise", "--baseline", "caveat-baseline.json"]);
    let said = text(&output.stdout);
    said.lines().map(|line| line.split(": ").next().unwrap().to_owned()).collect()
}

#[test]
fn only_what_is_new_is_told() {
    let folder = folder(&[
        ("caveat.toml", CONFIG),
        ("a.md", "Our tea cures diabetes.\n\nThe miracle herb works.\n"),
        ("blog/b.md", "Our tea cures diabetes.\n"),
    ]);
    let path = |name: &str| folder.path().join(name);
    let written = run(folder.path(), &["baseline"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    insta::assert_snapshot!(text(&written.stdout));
    insta::assert_snapshot!(fs::read_to_string(path("caveat-baseline.json")).unwrap());

    let lint = run(folder.path(), &["lint", "--baseline", "caveat-baseline.json"]);
    assert_eq!((lint.status.code(), text(&lint.stderr).as_str()), (Some(0), ""));
    assert_eq!(text(&lint.stdout), "0 errors, 0 warnings, 0 infos in 2 files (12 words); 3 findings held back\n");
    let summary =
        &json(&run(folder.path(), &["lint", "--baseline", "caveat-baseline.json", "--format", "json"]))["summary"];
    assert_eq!((&summary["held_back"], &summary["error"]), (&3.into(), &0.into()));

    // Moved, rewrapped, with an edit before: known. A second copy, and the words in another article: new.
    fs::write(
        path("a.md"),
        "New words.\n\nThe *miracle*\nherb works.\n\n- Our tea **cures** diabetes.\n- Our tea cures diabetes.\n",
    )
    .unwrap();
    fs::write(path("c.md"), "The miracle herb works.\n").unwrap();
    assert_eq!(new(folder.path()), ["a.md:7:7", "c.md:1:5"]);
    // The configuration names the file, from wherever the program is started.
    fs::write(path("caveat.toml"), format!("baseline = \"caveat-baseline.json\"\n{CONFIG}")).unwrap();
    let below = run(&path("blog"), &["lint", "--format", "concise", ".."]);
    assert_eq!(text(&below.stdout).lines().count(), 2, "{}", text(&below.stdout));
    let isolated = run(folder.path(), &["lint", "--isolated", "--format", "concise", "--select", "cure"]);
    assert_eq!(text(&isolated.stdout).lines().count(), 3);
}

#[test]
fn a_renamed_article_is_followed_and_what_is_mended_is_told() {
    let folder = folder(&[
        ("caveat.toml", "baseline = \"caveat-baseline.json\"\nignore = [\"transparency\"]\n"),
        ("a.md", "Our tea cures diabetes.\n\nThe miracle herb works.\n"),
        ("b.md", "Our drops cure asthma.\n"),
    ]);
    let path = |name: &str| folder.path().join(name);
    assert_eq!(run(folder.path(), &["lint"]).status.code(), Some(2), "there is no baseline yet");
    assert_eq!(
        text(&run(folder.path(), &["baseline"]).stdout),
        "caveat-baseline.json: 3 findings in 2 articles. Commit it.\n"
    );
    assert_eq!(run(folder.path(), &["baseline", "--check"]).status.code(), Some(0));

    fs::rename(path("a.md"), path("renamed.md")).unwrap();
    fs::write(path("b.md"), "Drops do not cure asthma.\n").unwrap();
    let lint = run(folder.path(), &["lint", "--format", "concise"]);
    assert_eq!((lint.status.code(), text(&lint.stdout).as_str()), (Some(0), ""));
    insta::assert_snapshot!(text(&lint.stderr));
    assert_eq!(text(&run(folder.path(), &["lint", "--quiet"]).stderr), "");
    // One file alone says nothing about others.
    assert_eq!(text(&run(folder.path(), &["lint", "renamed.md"]).stderr), "");

    let check = run(folder.path(), &["baseline", "--check"]);
    assert_eq!(check.status.code(), Some(1));
    insta::assert_snapshot!(text(&check.stdout));
    let pruned = run(folder.path(), &["baseline", "--prune"]);
    assert_eq!((pruned.status.code(), text(&pruned.stdout).lines().count()), (Some(0), 2));
    assert_eq!(text(&run(folder.path(), &["lint", "--format", "concise"]).stderr), "");
    // The fault comes back: told.
    fs::write(path("b.md"), "Our drops cure asthma.\n").unwrap();
    assert_eq!(run(folder.path(), &["lint"]).status.code(), Some(1));
    assert!(
        text(&run(folder.path(), &["baseline", "b.md"]).stdout)
            .starts_with("caveat-baseline.json: 3 findings (2 before)")
    );
}

#[test]
fn what_is_no_baseline_is_refused_with_advice() {
    let folder = folder(&[("a.md", "Words.\n"), ("x.json", "[]"), ("later.json", "{\"schema\":7,\"findings\":[]}")]);
    for (file, why) in
        [("x.json", "it is no baseline"), ("later.json", "its shape is 7"), ("none.json", "No such file")]
    {
        let output = run(folder.path(), &["lint", "--baseline", file]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: {file} cannot be used: {why}")), "{said}");
        assert!(said.contains("Write it with `caveat baseline`"), "{said}");
    }
    assert_eq!(run(folder.path(), &["baseline", "--prune"]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["baseline", "--stdin-format", "jsonl"]).status.code(), Some(2));
}
