//! Only what has changed, as a real git tells it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::cli::{caveat, fed, folder, json, text};

/// Runs git in a folder, whatever the user at this machine has set.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let settings = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.args(settings).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = caveat(folder);
    command
        .args(["lint", "--offline", "--ignore", "transparency", "--format", "concise"])
        .args(arguments)
        .output()
        .unwrap()
}

/// The places of what is told.
fn told(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = run(folder, arguments);
    assert_ne!(output.status.code(), Some(2), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| line.split(": ").next().unwrap().to_owned()).collect()
}

/// A repository with some old faults on its branch main.
fn repository() -> tempfile::TempDir {
    let old = "Our tea cures diabetes.\n\nThe miracle herb works.\n\nThere is no tea\nthat cures asthma.\n";
    let folder = folder(&[("old.md", old), ("deep/ä b.md", old), ("moved.md", old), (".gitignore", "ignored.md\n")]);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "Begin"]);
    git(folder.path(), &["switch", "-qc", "topic"]);
    folder
}

#[test]
fn only_lines_that_have_changed_speak() {
    let folder = repository();
    let path = |name: &str| folder.path().join(name);
    let nothing = run(folder.path(), &["--diff", "main"]);
    assert_eq!((nothing.status.code(), text(&nothing.stdout).as_str()), (Some(0), ""));
    assert_eq!(text(&nothing.stderr), "note: no draft has changed since main\n");

    // Staged, unstaged, committed, new and renamed.
    let old = fs::read_to_string(path("old.md")).unwrap();
    fs::write(path("old.md"), old.replace("The miracle herb", "A miracle herb")).unwrap();
    git(folder.path(), &["commit", "-qam", "Change"]);
    fs::write(path("deep/ä b.md"), old.replace("There is no tea", "There is a tea")).unwrap();
    git(folder.path(), &["add", "."]);
    fs::write(path("new.md"), "Our drops cure lupus.\n").unwrap();
    fs::write(path("ignored.md"), "Our drops cure lupus.\n").unwrap();
    git(folder.path(), &["mv", "moved.md", "deep/moved.md"]);
    fs::write(path("deep/moved.md"), format!("{old}\nOur oil cures lupus.\n")).unwrap();
    let expected = ["deep/moved.md:8:5", "deep/ä b.md:5:12", "new.md:1:11", "old.md:3:3"];
    assert_eq!(told(folder.path(), &["--diff", "main"]), expected);
    // From a folder below, and when main has gone on.
    assert_eq!(told(&path("deep"), &["--diff", "main", "..", "."]).len(), 4);
    let mut command = caveat(folder.path());
    command.args(["lint", "--offline", "--ignore", "transparency", "--format", "json", "--diff", "main"]);
    let summary = json(&command.output().unwrap())["summary"].clone();
    assert_eq!((&summary["files"], &summary["held_back"]), (&4.into(), &5.into()));
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "Change more"]);
    git(folder.path(), &["switch", "-q", "main"]);
    fs::write(path("old.md"), "Main: our tea cures diabetes.\n").unwrap();
    git(folder.path(), &["commit", "-qam", "Go on"]);
    git(folder.path(), &["switch", "-q", "topic"]);
    assert_eq!(told(folder.path(), &["--diff", "main"]), expected);
    // Against a commit, with one file named, and together with a baseline.
    assert_eq!(told(folder.path(), &["--diff", "HEAD~1", "deep"]).len(), 2);
    assert_eq!(told(folder.path(), &["--diff", "main", "old.md"]), ["old.md:3:3"]);
    assert!(caveat(folder.path()).args(["baseline", "--offline"]).status().unwrap().success());
    assert_eq!(told(folder.path(), &["--diff", "main", "--baseline", "caveat-baseline.json"]).len(), 0);
}

#[test]
fn a_sentence_is_touched_by_what_was_taken_out_of_it() {
    let folder = repository();
    let old = fs::read_to_string(folder.path().join("old.md")).unwrap();
    fs::write(folder.path().join("old.md"), old.replace("There is no tea\n", "")).unwrap();
    assert_eq!(told(folder.path(), &["--diff", "HEAD"]), Vec::<String>::new(), "the line before is blank");
    let text = "There is\nno\ntea that cures asthma.\n";
    fs::write(folder.path().join("old.md"), text).unwrap();
    git(folder.path(), &["commit", "-qam", "Other words"]);
    fs::write(folder.path().join("old.md"), text.replace("no\n", "")).unwrap();
    assert_eq!(told(folder.path(), &["--diff", "HEAD"]), ["old.md:2:1"]);
}

#[test]
fn a_draft_on_standard_input_goes_by_its_name() {
    let folder = repository();
    fs::write(folder.path().join("old.md"), "Our tea cures diabetes.\n\nOur oil cures lupus.\n").unwrap();
    let text_in = fs::read(folder.path().join("old.md")).unwrap();
    let mut command = caveat(folder.path());
    command.args(["lint", "--offline", "--format", "concise", "--diff", "main", "--stdin-name", "old.md", "-"]);
    let output = fed(&mut command, &text_in);
    assert_eq!(text(&output.stdout).lines().count(), 1, "{}", text(&output.stdout));
    assert!(text(&output.stdout).starts_with("old.md:3:"));
}

#[test]
fn what_git_cannot_tell_ends_in_what_to_do() {
    let outside = folder(&[("a.md", "Words.\n")]);
    let inside = repository();
    let orphan = repository();
    git(orphan.path(), &["switch", "-q", "--orphan", "alone"]);
    git(orphan.path(), &["commit", "-qm", "Alone", "--allow-empty"]);
    let without_git = |folder: &Path| {
        let mut command = caveat(folder);
        command.env("PATH", "/nonexistent").args(["lint", "--offline", "--diff", "main"]).output().unwrap()
    };
    let said = [
        run(outside.path(), &["--diff", "main"]),
        run(inside.path(), &["--diff", "origin/main"]),
        run(inside.path(), &["--diff=--output=x"]),
        run(orphan.path(), &["--diff", "main"]),
        without_git(inside.path()),
    ];
    let said: Vec<String> = said
        .iter()
        .map(|output| {
            assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""));
            text(&output.stderr)
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}
