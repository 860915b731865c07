//! Findings of earlier runs: taken where nothing has changed, never where something has, and never seen in the output.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::Site;

/// The formats of `lint`.
const FORMATS: &[&str] =
    &["terminal", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "rdjson"];

/// The program in `folder`, with a cache of its own beside the drafts.
fn caching(folder: &Path) -> Command {
    let mut command = caveat(folder);
    command.env("CAVEAT_CACHE_DIR", folder.join(".cache")).args(["lint", "--offline", "--today", "2026-03-01"]);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    caching(folder).args(arguments).output().unwrap()
}

fn concise(folder: &Path, arguments: &[&str]) -> String {
    text(&run(folder, &[&["--format", "concise"], arguments].concat()).stdout)
}

/// The one file of results.
fn kept(folder: &Path) -> PathBuf {
    let all: Vec<PathBuf> =
        fs::read_dir(folder.join(".cache/results")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

fn drafts() -> tempfile::TempDir {
    folder(&[
        (
            "a.md",
            "\u{FEFF}---\ntitle: Tea\n---\n# Tea\r\n\r\nOur tea cures diabetes — and *this miracle\r\nherb* cures MS.\r\n",
        ),
        ("b.html", "<p>He committed suicide. See <a href=\"gone.md\">this</a> and <a href=\"a.md\">that</a>.</p>"),
        ("deep/c.txt", "Take .5 mg of it. The drug cuts the risk by 46%.\n\nDOI 10.1000/182 says so."),
        ("clean.txt", ""),
    ])
}

/// Makes the next run trust the times of files: nobody has changed them in the last seconds.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(2100));
}

#[test]
fn every_format_is_the_same_bytes_with_and_without() {
    let folder = drafts();
    let check = |state: &str| {
        for format in FORMATS {
            let arguments = ["--format", format, "--color", "always", "--select", "all"];
            let with = run(folder.path(), &arguments);
            let without = run(folder.path(), &[&arguments[..], &["--no-cache"]].concat());
            assert!(!with.stdout.is_empty());
            assert_eq!(text(&with.stdout), text(&without.stdout), "{format}, {state}");
            assert_eq!((text(&with.stderr), with.status), (text(&without.stderr), without.status), "{format}, {state}");
        }
    };
    check("cold, then told by their texts");
    settle();
    check("told by their texts, then by their times");
    kept(folder.path());
}

#[test]
fn what_is_kept_is_used() {
    let folder = folder(&[("a.md", "Our tea cures diabetes.\n")]);
    let select = ["--select", "cure"];
    let first = concise(folder.path(), &select);
    settle();
    // The second run trusts the text, and notes that the file has been left alone since.
    assert_eq!(concise(folder.path(), &select), first);
    let results = fs::read(kept(folder.path())).unwrap();
    assert_eq!(concise(folder.path(), &select), first);
    assert_eq!(fs::read(kept(folder.path())).unwrap(), results, "the third run has nothing to write");
}

#[test]
fn what_has_changed_is_judged_anew() {
    let folder = drafts();
    let path = |name: &str| folder.path().join(name);
    let judged_the_same = |what: &str| {
        let with = concise(folder.path(), &[]);
        assert_eq!(with, concise(folder.path(), &["--no-cache"]), "{what}");
        with
    };
    let first = judged_the_same("cold");
    // The same length, at once.
    fs::write(path("deep/c.txt"), "Take 0.5mg of it. The drug cuts the risk by 46%.\n\nDOI 10.1000/182 says so.")
        .unwrap();
    assert_ne!(judged_the_same("a text"), first);
    // What a link leads to is looked at again.
    let broken = concise(folder.path(), &["--select", "sources"]);
    assert!(broken.contains("b.html:1:"), "{broken}");
    fs::write(path("gone.md"), "Here.").unwrap();
    assert!(!concise(folder.path(), &["--select", "sources"]).contains("link-dead"));
    judged_the_same("a link's target");
    fs::write(path("caveat.toml"), "[severity]\ncure-claim = \"info\"\n").unwrap();
    assert!(judged_the_same("the configuration").contains("info CAV101"));
    fs::write(path("caveat.toml"), "packs = [\"own.toml\"]\n").unwrap();
    let pack = |word: &str| {
        format!(
            "[pack]\nid = \"own\"\ntitle = \"Own\"\n[[rule]]\nid = \"word\"\ncode = \"OWN1\"\nseverity = \"error\"\n\
             summary = \"A word.\"\nwhy = \"Because.\"\nsources = []\nmatch.phrase = [\"{word}\"]\nmessage = \"no {word}\"\n\
             help = \"Leave it out.\"\npass = [\"Fine.\"]\nfail = [\"So {word}.\"]\n"
        )
    };
    fs::write(path("own.toml"), pack("herb")).unwrap();
    assert!(judged_the_same("a pack").contains("no herb"));
    fs::write(path("own.toml"), pack("risk")).unwrap();
    assert!(judged_the_same("a pack's rule").contains("no risk"));
    fs::remove_file(path("a.md")).unwrap();
    assert!(!judged_the_same("a file that is gone").lines().any(|line| line.starts_with("a.md:")));
}

#[test]
fn another_day_and_another_selection_are_other_results() {
    let folder =
        folder(&[("a.md", "---\nlast_reviewed: 2024-01-01\n---\nCAR T-cell therapy may help people with MS.\n")]);
    let on = |day: &str| {
        let mut command = caveat(folder.path());
        command.env("CAVEAT_CACHE_DIR", folder.path().join(".cache"));
        text(&command.args(["lint", "--offline", "--format", "concise", "--today", day]).output().unwrap().stdout)
    };
    assert_ne!(on("2024-02-01"), on("2029-02-01"));
    assert_ne!(concise(folder.path(), &["--select", "transparency"]), concise(folder.path(), &["--select", "cure"]));
}

#[test]
fn answers_count_and_what_nobody_pinned_is_asked_again() {
    let site = Site::new();
    site.status("/page", 200);
    let address = site.address("/page");
    let folder = folder(&[
        ("caveat.toml", "[links]\nallow_private = true\n"),
        ("a.md", &format!("Read [this]({address}).\n")),
        ("b.md", "Nothing to ask.\n"),
    ]);
    let run = |arguments: &[&str]| {
        let mut command = caveat(folder.path());
        command.env("CAVEAT_CACHE_DIR", folder.path().join(".cache"));
        command.args(["lint", "--select", "sources", "--format", "json", "--today", "2026-03-01"]).args(arguments);
        let summary = json(&command.output().unwrap())["summary"].clone();
        (
            summary["error"].as_u64().unwrap() + summary["warning"].as_u64().unwrap(),
            summary["unchecked"].as_u64().unwrap(),
        )
    };
    assert_eq!(run(&["--offline"]), (0, 1));
    // Who may ask does so, whatever was found by one who might not.
    assert_eq!(run(&[]), (0, 0));
    site.runtime.block_on(site.server.reset());
    site.status("/page", 404);
    assert_eq!(run(&[]), (1, 0));
    assert_eq!(run(&["--offline"]), (0, 1));
    assert_eq!(run(&["--refresh"]), (1, 0));
    assert_eq!(run(&["--locked"]), (1, 0));
    assert_eq!(run(&["--offline"]), (1, 0));
    let lock = folder.path().join("caveat.lock");
    let mended = fs::read_to_string(&lock).unwrap().replace("\"broken\"", "\"ok\"");
    fs::write(&lock, mended).unwrap();
    assert_eq!(run(&["--locked"]), (0, 0));
}

#[test]
fn a_damaged_file_is_made_again() {
    let folder = drafts();
    let first = concise(folder.path(), &[]);
    let path = kept(folder.path());
    let whole = fs::read(&path).unwrap();
    for damaged in [&b""[..], b"not ours", &whole[..whole.len() / 2], &[&whole[..], b"more"].concat()] {
        fs::write(&path, damaged).unwrap();
        let output = run(folder.path(), &["--format", "concise"]);
        assert_eq!((text(&output.stdout), text(&output.stderr).as_str()), (first.clone(), ""));
        assert_eq!(fs::read(&path).unwrap().len(), whole.len());
    }
}

#[test]
fn many_runs_at_once_do_not_disturb_each_other() {
    let folder = drafts();
    let first = concise(folder.path(), &["--no-cache"]);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..6).map(|_| scope.spawn(|| concise(folder.path(), &[]))).collect();
        for run in runs {
            assert_eq!(run.join().unwrap(), first);
        }
    });
    kept(folder.path());
    assert_eq!(concise(folder.path(), &[]), first);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_where_somebody_named_it() {
    let folder = drafts();
    fs::write(folder.path().join(".cache"), "a file").unwrap();
    let output = run(folder.path(), &["--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("CAVEAT_CACHE_DIR, or use --no-cache"), "{}", text(&output.stderr));
}

#[test]
fn clean_removes_what_is_ours_and_nothing_else() {
    let folder = drafts();
    concise(folder.path(), &[]);
    let cache = folder.path().join(".cache");
    fs::create_dir(cache.join("answers")).unwrap();
    fs::write(cache.join("answers/a.jsonl"), "{}").unwrap();
    fs::write(cache.join("other.txt"), "mine").unwrap();
    let clean = || {
        let mut command = caveat(folder.path());
        let output = command.env("CAVEAT_CACHE_DIR", &cache).arg("clean").output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
    };
    let said = clean();
    assert!(said.starts_with("Removed 2 files (") && said.ends_with(" from .cache\n"), "{said}");
    assert_eq!(clean(), ".cache holds nothing.\n");
    assert!(cache.join("other.txt").exists() && !cache.join("answers").exists() && !cache.join("results").exists());
    fs::remove_file(cache.join("other.txt")).unwrap();
    clean();
    assert!(!cache.exists());
}
