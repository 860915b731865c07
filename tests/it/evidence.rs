//! What drafts stand on: refreshed, listed, kept for later runs, and not lost when a run is killed.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use wiremock::ResponseTemplate;

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::{Site, odd_server, say};

fn trial(status: &str) -> ResponseTemplate {
    let body = format!(r#"{{"protocolSection":{{"statusModule":{{"overallStatus":"{status}"}}}}}}"#);
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}

const DRAFT: &str =
    "# News\n\nThe trial NCT01234567 is now recruiting adults.\n\nIt is [described there](BASE/page).\n";

fn settings(base: &str) -> String {
    format!("[links]\nallow_private = true\ntimeout_seconds = 2\n[evidence.clinicaltrials]\nbase = \"{base}\"\n")
}

#[test]
fn a_refresh_tells_what_has_changed_and_what_rests_on_it() {
    let site = Site::new();
    site.on("/studies/NCT01234567", trial("RECRUITING")).status("/page", 200);
    let base = site.address("");
    let draft = DRAFT.replace("BASE", &base);
    let other = "Families wait for NCT01234567.\n";
    let folder = folder(&[("caveat.toml", &settings(&base)), ("posts/car-t.md", &draft), ("posts/other.md", other)]);
    let run = |day: &str, changes: &str| {
        let select = "sources,CAV708";
        let arguments = ["lint", "--select", select, "--refresh", "--today", day, "--changes", changes];
        caveat(folder.path()).args(arguments).output().unwrap()
    };
    let first = run("2026-03-01", "changes.md");
    assert_eq!((first.status.code(), text(&first.stderr).as_str()), (Some(0), ""));
    // Nothing has changed, so there is nothing to open an issue with.
    assert_eq!(std::fs::read_to_string(folder.path().join("changes.md")).unwrap(), "");

    site.runtime.block_on(site.server.reset());
    site.on("/studies/NCT01234567", trial("COMPLETED")).status("/page", 404);
    let second = run("2026-05-01", "changes.md");
    let told = text(&second.stderr).replace(&base, "BASE");
    insta::assert_snapshot!("what_a_refresh_tells", told);
    let body = std::fs::read_to_string(folder.path().join("changes.md")).unwrap().replace(&base, "BASE");
    insta::assert_snapshot!("what_a_refresh_writes_for_an_issue", body);

    // What a run writes is no draft, though it stands among them. The lock holds the new answers now.
    run("2026-05-02", "changes.md");
    let again = std::fs::read_to_string(folder.path().join("changes.md")).unwrap();
    assert_eq!(again, "");
    site.runtime.block_on(site.server.reset());
    site.on("/studies/NCT01234567", trial("RECRUITING")).status("/page", 200);
    run("2026-06-01", "changes.json");
    let changes = std::fs::read(folder.path().join("changes.json")).unwrap();
    let changes: Value = serde_json::from_slice(&changes).unwrap();
    let turns: Vec<&str> =
        changes["changes"].as_array().unwrap().iter().map(|change| change["turn"].as_str().unwrap()).collect();
    assert_eq!(turns, ["resolves again", "was completed and is recruiting now"]);
    assert_eq!(changes["changes"][1]["touches"][0]["path"], "posts/car-t.md");
    assert_eq!(changes["changes"][1]["touches"][1]["sentence"], "Families wait for NCT01234567.");
}

/// A lock with an answer for each of these pages, and a draft that links them.
fn pinned(pages: impl Iterator<Item = String>) -> (String, String) {
    let (mut lock, mut draft) = (String::new(), String::new());
    for page in pages {
        let answer = r#""answer":{"verdict":"ok","status":200,"detail":"200 OK"}"#;
        lock += &format!("{{\"link\":\"{page}\",\"source\":\"link check\",\"date\":\"2026-02-28\",{answer}}}\n");
        draft += &format!("[a page]({page})\n");
    }
    (lock, draft)
}

#[test]
fn a_run_that_is_killed_loses_nothing_that_was_pinned() {
    let base = odd_server(|_, stream| {
        std::thread::sleep(Duration::from_millis(40));
        say(stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
    let (lock, known) = pinned((0..50).map(|n| format!("{base}known/{n}")));
    let (_, new) = pinned((0..5000).map(|n| format!("{base}new/{n}")));
    let folder = folder(&[("caveat.toml", &settings(&base)), ("caveat.lock", &lock), ("a.md", &(known + &new))]);
    let path = folder.path().join("caveat.lock");
    let mut child = caveat(folder.path())
        .args(["lint", "--select", "sources", "--today", "2026-03-01", "--quiet"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while std::fs::read_to_string(&path).unwrap().lines().count() <= 50 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing was written down");
        assert!(child.try_wait().unwrap().is_none(), "it was over before it could be killed");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let after = std::fs::read_to_string(&path).unwrap();
    assert!(lock.lines().all(|line| after.contains(line)));
    assert!(after.lines().count() < 5050, "the run was not cut short");
    assert!(after.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let again = ["lint", "--select", "sources", "--locked", "--today", "2026-03-01", "--format", "json"];
    let output = caveat(folder.path()).args(again).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
    assert_eq!(json(&output)["summary"]["unchecked"], 5050 - after.lines().count());
}

/// Lints with a cache of its own, and leads `https://example.org/` to the test's server.
fn with_cache(folder: &Path, cache: &str, arguments: &[&str]) -> Value {
    let mut command: Command = caveat(folder);
    command.env("CAVEAT_CACHE_DIR", folder.join(cache));
    let always = ["lint", "--select", "sources", "--format", "json", "--today"];
    json(&command.args(always).args(arguments).output().unwrap())
}

#[test]
fn what_was_answered_serves_later_runs_without_a_lock() {
    let site = Site::new();
    site.status("/fine", 200).status("/gone", 404);
    let remap = format!("[[links.remap]]\nfrom = \"^https://example\\\\.org\"\nto = \"{}\"\n", site.address(""));
    let draft = "[one](https://example.org/fine) and [two](https://example.org/gone)\n";
    let folder = folder(&[("caveat.toml", &format!("[links]\nallow_private = true\n{remap}")), ("a.md", draft)]);
    let lint = |cache: &str, arguments: &[&str]| with_cache(folder.path(), cache, arguments);
    let asked = |page: &str| site.requests().iter().filter(|request| request.ends_with(page)).count();
    let first = lint("cache", &["2026-03-01"]);
    assert_eq!(first["findings"].as_array().unwrap().len(), 1);
    let (fine, gone) = (asked("/fine"), asked("/gone"));
    // The page that is there is taken for granted for some days, the one that is not is asked again.
    assert_eq!(lint("cache", &["2026-03-03"])["findings"], first["findings"]);
    assert_eq!(asked("/fine"), fine);
    assert!(asked("/gone") > gone);
    // Without a network the last answer counts, whatever its age; the lock alone knows nothing of it.
    assert_eq!(lint("cache", &["2026-03-20", "--offline"])["summary"]["unchecked"], 1);
    assert_eq!(lint("elsewhere", &["2026-03-01", "--offline"])["summary"]["unchecked"], 2);
    lint("cache", &["2026-03-09"]);
    assert!(asked("/fine") > fine);
    assert!(!folder.path().join("caveat.lock").exists());

    // A lock that is begun takes over what is known, with the day on which it was answered.
    std::fs::write(folder.path().join("caveat.lock"), "").unwrap();
    lint("cache", &["2026-03-10"]);
    let lock = std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap();
    assert!(lock.contains(r#""link":"https://example.org/fine","source":"link check","date":"2026-03-09""#), "{lock}");
    assert_eq!(lint("elsewhere", &["2026-03-10", "--locked"])["summary"]["unchecked"], 0);
}

#[test]
fn what_drafts_stand_on_is_listed() {
    let (lock, _) = pinned(["https://example.org/a", "https://example.org/b"].map(str::to_owned).into_iter());
    let draft = "There is no cure for MS.\n\nSee [a](https://example.org/a) and doi:10.5555/gone.\n";
    let folder = folder(&[("caveat.lock", &lock), ("a.md", draft)]);
    let run = |arguments: &[&str]| {
        let always = ["evidence", "--today", "2026-11-01"];
        caveat(folder.path()).args(always).args(arguments).output().unwrap()
    };
    insta::assert_snapshot!("what_drafts_stand_on", text(&run(&["--format", "markdown"]).stdout));
    let about = |arguments: &[&str]| -> Vec<String> {
        let listed = json(&run(&[&["--format", "json"], arguments].concat()));
        let rows = listed["evidence"].as_array().unwrap().iter();
        rows.map(|row| row["about"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(about(&["--unused"]), ["https://example.org/b"]);
    assert_eq!(about(&["--open", "--source", "europe pmc"]), ["doi:10.5555/gone"]);
    assert_eq!(about(&["--due", "--source", "link"]), ["https://example.org/a", "https://example.org/b"]);
    assert_eq!(about(&["--older-than", "400"]), [""; 0]);

    let pruned = run(&["--prune"]);
    assert_eq!(text(&pruned.stderr), "1 of 2 pinned answers were named by no draft and are dropped\n");
    assert_eq!(std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap().lines().count(), 1);
    // What cannot be read may name anything.
    let refused = run(&["--prune", "a.md", "missing.md"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("nothing was dropped"), "{}", text(&refused.stderr));
}
