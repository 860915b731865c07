//! A draft with links of every kind, linted by the program itself.

use serde_json::Value;

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::Site;

/// Place, severity, rule, message and help of every finding.
fn told(report: &Value, base: &str) -> String {
    let line = |f: &Value| {
        let text = |key: &str| f[key].as_str().unwrap().replace(base, "{{server}}");
        let (line, column) = (&f["start"]["line"], &f["start"]["column"]);
        let what = [text("severity"), text("code"), text("rule"), text("message")].join(" ");
        format!("{line}:{column} {what}\n    {}", text("help"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn links_are_checked_from_end_to_end() {
    let site = Site::new();
    site.status("/ok", 200).status("/gone", 404).status("/wall", 403).redirect("/moved", 301, "/ok");
    let base = site.address("");
    let draft = include_str!("../../fixtures/articles/broken-links.md").replace("{{server}}", &base);
    let folder = folder(&[
        ("caveat.toml", "[links]\nallow_private = true\ntimeout_seconds = 2\n"),
        ("broken-links.md", &draft),
        ("good-ms-review.md", include_str!("../../fixtures/articles/good-ms-review.md")),
    ]);
    let lint = |arguments: &[&str]| {
        let output =
            caveat(folder.path()).arg("lint").args(arguments).args(["--format", "json", "broken-links.md"]).output();
        output.unwrap()
    };
    let output = lint(&[]);
    insta::assert_snapshot!(told(&json(&output), &base));
    assert_eq!((output.status.code(), &json(&output)["summary"]["unchecked"]), (Some(1), &0.into()));
    let moved = &json(&output)["findings"][3]["fix"];
    assert_eq!(moved["replacement"], format!("{base}/ok"));

    assert_eq!(json(&lint(&["--offline"]))["summary"]["unchecked"], 4);
    // Without leave nothing on this machine is asked.
    let strict = json(&lint(&["--isolated"]));
    assert!(told(&strict, &base).contains("private address, not requested"), "{strict}");
}

#[test]
fn pinned_answers_repeat_a_run_without_the_network() {
    let site = Site::new();
    site.status("/ok", 200).status("/gone", 404).redirect("/moved", 301, "/ok");
    let base = site.address("");
    let draft = format!("See [a]({base}/ok), [b]({base}/gone) and [c]({base}/moved).\n");
    let folder = folder(&[("caveat.toml", "[links]\nallow_private = true\n"), ("blog/a.md", &draft)]);
    let run = |arguments: &[&str]| {
        let always = ["lint", "--select", "sources", "--format", "json", "--today", "2026-03-01"];
        caveat(&folder.path().join("blog")).args(always).args(arguments).output().unwrap()
    };
    let lock = folder.path().join("caveat.lock");
    let missing = run(&["--locked"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("caveat.lock cannot be read"), "{}", text(&missing.stderr));

    // A run that pins nothing leaves nothing behind.
    run(&[]);
    assert!(!lock.exists());
    let first = run(&["--refresh"]);
    assert_eq!((first.status.code(), json(&first)["findings"].as_array().unwrap().len()), (Some(1), 2));
    let pinned = std::fs::read_to_string(&lock).unwrap();
    assert_eq!(pinned.lines().count(), 3);

    let asked = site.requests().len();
    for arguments in [&["--locked"][..], &["--offline"], &[]] {
        let again = run(arguments);
        assert_eq!((again.stdout == first.stdout, again.status.code()), (true, Some(1)), "{arguments:?}");
    }
    assert_eq!(site.requests().len(), asked);
    assert_eq!(std::fs::read_to_string(&lock).unwrap(), pinned);

    // The page is back: a run on the same day takes the lock's word, `--refresh` asks and tells.
    site.runtime.block_on(site.server.reset());
    site.status("/ok", 200).status("/gone", 200).redirect("/moved", 301, "/ok");
    assert_eq!(run(&[]).stdout, first.stdout);
    let refreshed = run(&["--refresh"]);
    let told = format!(
        "1 answer has changed since it was pinned:\n\
         {base}/gone resolves again (link check: ok; on 2026-03-01: broken)\n  \
         a.md:1:37: See a, b and c.\n"
    );
    assert_eq!((refreshed.status.code(), text(&refreshed.stderr)), (Some(0), told));
}

#[test]
fn a_corrupt_line_of_the_lock_is_dropped_with_a_warning() {
    let line = |page: &str| {
        format!(
            r#"{{"link":"https://example.org/{page}","source":"link check","date":"2026-02-01","answer":{{"verdict":"ok","status":200,"detail":"200 OK"}}}}"#
        )
    };
    let lock = format!("{}\n{{\"link\":\n{}\n", line("a"), line("b"));
    let draft = "See [a](https://example.org/a), [b](https://example.org/b) and [c](https://example.org/c).\n";
    let folder = folder(&[("caveat.lock", &lock), ("a.md", draft)]);
    for mode in ["--locked", "--offline"] {
        let arguments = ["lint", mode, "--select", "sources", "--format", "json"];
        let output = caveat(folder.path()).args(arguments).output().unwrap();
        assert_eq!(text(&output.stderr), "warning: caveat.lock:2: this line cannot be read and is left out\n");
        assert_eq!((output.status.code(), &json(&output)["summary"]["unchecked"]), (Some(0), &1.into()));
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap(), lock);
}
