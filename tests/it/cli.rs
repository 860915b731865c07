//! The command line as scripts see it: whole runs of the program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program in `folder`, without anything from outside that could change what it says.
pub fn caveat(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caveat"));
    command.current_dir(folder).env_remove("NO_COLOR").env("TERM", "xterm");
    // Tests may themselves run in a workflow.
    command.env_remove("GITHUB_ACTIONS").env_remove("GITHUB_STEP_SUMMARY");
    // Nor is what the person at this machine has imported.
    command.env("CAVEAT_IMPORTED_FACTS", "");
    // What earlier runs found is for the tests of that.
    command.env("CAVEAT_CACHE_DIR", "");
    command
}

/// Runs it with `input` on standard input.
pub fn fed(command: &mut Command, input: &[u8]) -> Output {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

/// Standard output as one JSON document.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)))
}

/// Output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with these files in it.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn commands() {
    trycmd::TestCases::new()
        .env("CAVEAT_IMPORTED_FACTS", "")
        .env("CAVEAT_CACHE_DIR", "")
        .case("tests/cmd/*.trycmd")
        .run();
}

fn files_linted(folder: &Path, arguments: &[&str]) -> u64 {
    let output = caveat(folder).args(["lint", "--offline", "--format", "json"]).args(arguments).output().unwrap();
    json(&output)["summary"]["files"].as_u64().unwrap()
}

#[test]
fn folders_give_the_drafts_that_are_meant() {
    let folder = folder(&[
        ("a.md", "Words."),
        ("b.HTML", "<p>Words."),
        ("c.txt", "Words."),
        ("code.rs", "fn main() {}"),
        (".hidden.md", "Words."),
        ("node_modules/x/readme.md", "Words."),
        ("target/doc/x.md", "Words."),
        ("skipped/a.md", "Words."),
        ("deep/er/a.md", "Words."),
        (".gitignore", "skipped/\n"),
    ]);
    assert_eq!(files_linted(folder.path(), &[]), 4);
    assert_eq!(files_linted(folder.path(), &["."]), 4);
    assert_eq!(files_linted(folder.path(), &["deep", "deep/er/a.md", "./deep/../deep/er"]), 1);
    assert_eq!(files_linted(folder.path(), &["skipped/a.md", ".hidden.md", "code.rs"]), 3);
    assert_eq!(files_linted(folder.path(), &["target"]), 1);
}

#[test]
fn configuration_is_found_upwards_and_is_relative_to_itself() {
    let folder = folder(&[
        ("caveat.toml", "exclude = [\"/blog/drafts/\"]\ninclude = [\"*.page\"]\n"),
        ("blog/a.md", "Words."),
        ("blog/drafts/b.md", "Words."),
        ("blog/c.page", "Words."),
        ("blog/deep/drafts/d.md", "Words."),
    ]);
    assert_eq!(files_linted(folder.path(), &[]), 3);
    assert_eq!(files_linted(&folder.path().join("blog"), &[]), 3);
    assert_eq!(files_linted(&folder.path().join("blog"), &["--isolated"]), 3);
    assert_eq!(files_linted(&folder.path().join("blog/deep"), &["..", "../drafts/b.md"]), 4);
}

#[test]
fn records_are_answered_in_order() {
    let folder = folder(&[]);
    let input: String = (0..3000).map(|n| format!("{{\"id\":{n},\"text\":\"Words number {n}.\"}}\n")).collect();
    let arguments = ["lint", "--isolated", "--offline", "--ignore", "transparency", "--stdin-format", "jsonl", "-"];
    let output = fed(caveat(folder.path()).args(arguments), input.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    for (n, line) in text(&output.stdout).lines().enumerate() {
        let reply: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&reply["id"], reply["findings"].is_array()), (&Value::from(n), true));
    }
    assert_eq!(text(&output.stdout).lines().count(), 3000);
}

#[test]
fn a_bad_record_is_answered_and_fails_the_run() {
    let folder = folder(&[]);
    let input = b"{\"id\":\"a\",\"text\":\"Words.\"}\nnot json\n{\"id\":\"b\",\"text\":\"Words.\"}\n";
    let output = fed(caveat(folder.path()).args(["lint", "--offline", "--stdin-format", "jsonl"]), input);
    assert_eq!(output.status.code(), Some(2));
    let replies: Vec<Value> = text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&replies[1]["id"], &replies[1]["line"]), (&Value::Null, &Value::from(2)));
    assert_eq!(replies[2]["id"], "b");
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let folder = folder(&[]);
    let arguments = ["lint", "--offline", "--ignore", "transparency", "--stdin-format", "jsonl"];
    let mut command = caveat(folder.path());
    let pipes = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let record = b"{\"id\":1,\"text\":\"Words.\"}\n";
    // Our own end breaks too as soon as the program is gone.
    while stdin.write_all(&record.repeat(100)).is_ok() {}
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[test]
fn colours_need_a_terminal_or_the_wish_for_them() {
    let folder = folder(&[("caveat.toml", "profil = \"clinic\"\n"), ("a.md", "Words.")]);
    let lint = |arguments: &[&str]| {
        let output = caveat(folder.path()).args(["lint", "--offline"]).args(arguments).output().unwrap();
        text(&output.stdout)
    };
    assert!(!lint(&[]).contains('\u{1b}'));
    assert!(lint(&["--color", "always"]).contains('\u{1b}'));
}

#[test]
fn a_report_is_written_to_a_file() {
    let folder = folder(&[("a.md", "Two words."), ("report.json", "old")]);
    let arguments = ["lint", "--offline", "--ignore=transparency", "--format", "json", "--output", "report.json"];
    let output = caveat(folder.path()).args(arguments).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let report: Value = serde_json::from_slice(&std::fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(report["summary"]["files"], 1);
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}

#[test]
fn one_finding_has_every_key_that_scripts_rely_on() {
    let folder = folder(&[("a.md", "\u{FEFF}Grüße: this tea *cures* diabetes.\n")]);
    let arguments = ["lint", "--isolated", "--offline", "--select", "cure", "--format", "json"];
    let report = json(&caveat(folder.path()).args(arguments).output().unwrap());
    assert_eq!(report["schema"], 1);
    let finding = &report["findings"][0];
    for key in ["path", "code", "rule", "severity", "message", "help", "url", "excerpt", "fingerprint"] {
        assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {finding}");
    }
    assert!(finding["evidence"].is_array() && finding["fix"].is_null(), "{finding}");
    // Lines and columns count characters from 1, offsets bytes; a byte order mark is three bytes and no
    // character, as in editors.
    let place = |at: &str| ["line", "column", "offset"].map(|key| finding[at][key].as_u64().unwrap());
    assert_eq!((place("start"), place("end")), ([1, 13, 17], [1, 33, 37]), "{finding}");
    for (key, value) in [
        ("polarity", "positive"),
        ("certainty", "certain"),
        ("mood", "statement"),
        ("source", "author"),
        ("stance", "endorsed"),
    ] {
        assert_eq!(finding["assertion"][key], value, "{finding}");
    }
    for key in ["files", "words", "error", "warning", "info", "unchecked"] {
        assert!(report["summary"][key].is_u64(), "{report}");
    }
}

#[test]
fn the_gravest_finding_that_is_meant_decides_the_exit_code() {
    let folder = folder(&[("a.md", "The results are game-changing.\n")]);
    let code = |arguments: &[&str]| {
        let always = ["lint", "--isolated", "--offline", "--select", "hype", "--format", "concise"];
        caveat(folder.path()).args(always).args(arguments).output().unwrap().status.code()
    };
    assert_eq!((code(&[]), code(&["--fail-on", "warning"]), code(&["--fail-on", "info"])), (Some(0), Some(1), Some(1)));
    assert_eq!(code(&["--locked"]), Some(2));
}

#[test]
fn settings_for_some_files_hold_for_them_alone() {
    let config = "fail-on = \"warning\"\n\n[severity]\nhype = \"error\"\n\n[[files]]\npaths = [\"ads/**\"]\nignore = [\"hype\"]\n";
    let words = "The results are game-changing.\n";
    let folder = folder(&[("caveat.toml", config), ("a.md", words), ("ads/b.md", words)]);
    let arguments = ["lint", "--offline", "--select", "hype", "--format", "json"];
    let report = json(&caveat(folder.path()).args(arguments).output().unwrap());
    let told: Vec<_> = report["findings"].as_array().unwrap().iter().map(|f| (&f["path"], &f["severity"])).collect();
    assert_eq!(told, [(&"a.md".into(), &"error".into())]);
}

#[test]
fn a_workflow_gets_annotations_and_a_page_without_being_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("draft.md"), "This herb cures MS.\n").unwrap();
    let run = |workflow: bool, arguments: &[&str]| {
        let mut command = caveat(folder.path());
        if workflow {
            command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", folder.path().join("page.md"));
        }
        text(
            &command
                .args(["lint", "--offline", "--select", "cure", "draft.md"])
                .args(arguments)
                .output()
                .unwrap()
                .stdout,
        )
    };
    assert!(
        run(true, &[]).starts_with("::error file=draft.md,line=1,endLine=1,col=6,endColumn=19,"),
        "{}",
        run(true, &[])
    );
    assert!(std::fs::read_to_string(folder.path().join("page.md")).unwrap().contains("| ❌ error | draft.md:1 |"));
    assert!(run(true, &["--format", "concise"]).starts_with("draft.md:1:"));
    assert!(!run(false, &[]).contains("::error"));
    let sarif: serde_json::Value = serde_json::from_str(&run(true, &["--format", "sarif"])).unwrap();
    let driver = &sarif["runs"][0]["tool"]["driver"];
    assert!(
        driver["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == "CAV101" && rule["helpUri"].is_string())
    );
}
