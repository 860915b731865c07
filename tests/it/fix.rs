//! Drafts mended: only what is safe, as they were encoded, and seen before it is done.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::cli::{caveat, fed, folder, json, text};
use crate::diff::git;
use crate::net::servers::Site;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = caveat(folder);
    command.args(["lint", "--offline", "--select", "suicide-language,cure-claim"]).args(arguments).output().unwrap()
}

const DRAFT: &str =
    "\u{FEFF}# News\r\n\r\nHe committed suicide — and she\r\n*commits suicide* too.\r\n\r\nOur tea cures diabetes.\r\n";
const MENDED: &str =
    "\u{FEFF}# News\r\n\r\nHe died by suicide — and she\r\n*dies by suicide* too.\r\n\r\nOur tea cures diabetes.\r\n";

#[test]
fn words_are_replaced_and_claims_are_not() {
    let folder = folder(&[("a.md", DRAFT), ("b.md", "> “He committed suicide,” said the sheriff.\n")]);
    let path = |name: &str| folder.path().join(name);
    let output = run(folder.path(), &["--fix", "--format", "concise"]);
    assert_eq!(fs::read_to_string(path("a.md")).unwrap(), MENDED);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(told.starts_with("a.md:6:5: error CAV101") && told.contains("\nb.md:1:"), "{told}");
    insta::assert_snapshot!(text(&output.stderr));
    // Other people's words are changed by nobody but a person.
    let output = run(folder.path(), &["--unsafe-fixes", "b.md"]);
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), "Fixed 1 finding in 1 file.\n"));
    assert_eq!(fs::read_to_string(path("b.md")).unwrap(), "> “He died by suicide,” said the sheriff.\n");
    let again = run(folder.path(), &["--fix"]);
    assert_eq!(text(&again.stderr), "Nothing is changed: no finding can be mended without a person.\n");
    assert_eq!(text(&run(folder.path(), &["--fix", "--quiet"]).stderr), "");
}

#[test]
fn a_dry_run_prints_a_patch_that_git_takes() {
    let draft = "One.\n\nHe committed suicide.\n\n1\n\n2\n\n3\n\n4\n\nShe commits suicide.";
    let folder = folder(&[("deep/a.md", draft), ("b.md", "Our tea cures diabetes.\n")]);
    let output = run(folder.path(), &["--fix", "--dry-run", "--format", "json"]);
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), "Would fix 2 findings in 1 file.\n"));
    insta::assert_snapshot!(text(&output.stdout));
    let path = folder.path().join("deep/a.md");
    assert_eq!(fs::read_to_string(&path).unwrap(), draft);
    git(folder.path(), &["init", "-q"]);
    let mut apply = Command::new("git");
    let mut apply = apply.current_dir(folder.path()).args(["apply", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    apply.stdin.take().unwrap().write_all(&output.stdout).unwrap();
    assert!(apply.wait().unwrap().success());
    let mended = draft.replace("committed", "died by").replace("commits", "dies by");
    assert_eq!(fs::read_to_string(&path).unwrap(), mended);
    let nothing = run(folder.path(), &["--fix", "--dry-run"]);
    assert_eq!((nothing.status.code(), text(&nothing.stdout).as_str()), (Some(0), ""));
}

#[test]
fn every_encoding_and_permission_stays() {
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain("Grüße. He committed suicide.\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin = b"Caf\xE9. It isn\x92t so: he committed suicide.\n";
    let folder = folder(&[]);
    fs::write(folder.path().join("utf16.md"), &utf16).unwrap();
    fs::write(folder.path().join("latin.txt"), latin).unwrap();
    fs::write(folder.path().join("shut.md"), "He committed suicide.\n").unwrap();
    let mut shut = fs::metadata(folder.path().join("shut.md")).unwrap().permissions();
    shut.set_readonly(true);
    fs::set_permissions(folder.path().join("shut.md"), shut).unwrap();
    let output = run(folder.path(), &["--fix"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("shut.md cannot be written: permission denied"), "{}", text(&output.stderr));
    assert!(text(&output.stderr).ends_with("Fixed 2 findings in 2 files.\n"), "{}", text(&output.stderr));
    assert_eq!(fs::read(folder.path().join("latin.txt")).unwrap(), b"Caf\xE9. It isn\x92t so: he died by suicide.\n");
    let written = fs::read(folder.path().join("utf16.md")).unwrap();
    let units: Vec<u16> = written.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    assert_eq!(String::from_utf16(&units).unwrap(), "\u{FEFF}Grüße. He died by suicide.\r\n");
    assert_eq!(fs::read_to_string(folder.path().join("shut.md")).unwrap(), "He committed suicide.\n");
}

#[test]
fn standard_input_comes_out_mended() {
    let folder = folder(&[]);
    let lint = ["lint", "--offline", "--fix", "--select", "suicide-language,cure-claim", "--format", "concise", "-"];
    let output = fed(caveat(folder.path()).args(lint), DRAFT.as_bytes());
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), MENDED));
    assert!(text(&output.stderr).contains("<stdin>:6:5: error CAV101"), "{}", text(&output.stderr));
    // What needs no fix comes out as it went in, and the report can go elsewhere.
    let output = fed(caveat(folder.path()).args(lint).args(["--output", "r.txt", "--quiet"]), b"Fine.");
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str(), text(&output.stderr).as_str()),
        (Some(0), "Fine.", "")
    );
    for (arguments, why) in [
        (&["--stdin-format", "jsonl"][..], "drafts can be changed, records cannot"),
        (&["a.md", "-"], "drafts are changed on standard input or in files, not both"),
    ] {
        let output = fed(caveat(folder.path()).args(["lint", "--offline", "--fix"]).args(arguments), b"");
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
    }
    assert_eq!(run(folder.path(), &["--dry-run"]).status.code(), Some(2), "of what?");
}

#[test]
fn pages_that_moved_for_good_get_their_new_address() {
    let site = Site::new();
    site.status("/new", 200).redirect("/old", 301, "/new").redirect("/today", 302, "/new");
    let base = site.address("");
    let draft = format!("See [a]({base}/old), [b]({base}/today) and [c]({base}/new).\n");
    let folder = folder(&[("caveat.toml", "[links]\nallow_private = true\n"), ("a.md", &draft)]);
    let mut command = caveat(folder.path());
    let output = command.args(["lint", "--select", "sources", "--fix", "--format", "json"]).output().unwrap();
    assert_eq!((json(&output)["findings"].as_array().unwrap().len(), output.status.code()), (0, Some(0)));
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), draft.replace("/old", "/new"));
    // Nobody is asked twice in a run, however often a draft is looked at.
    let asked = site.requests();
    assert_eq!(asked.iter().filter(|request| request.contains("/today")).count(), 1, "{asked:?}");
}

#[test]
fn only_what_is_told_is_mended() {
    let folder = folder(&[("a.md", "He committed suicide.\n")]);
    let mut command = caveat(folder.path());
    assert!(command.args(["baseline", "--offline"]).status().unwrap().success());
    fs::write(folder.path().join("a.md"), "He committed suicide.\n\nShe committed suicide.\n").unwrap();
    let output = run(folder.path(), &["--fix", "--baseline", "caveat-baseline.json"]);
    assert_eq!(text(&output.stderr), "Fixed 1 finding in 1 file.\n");
    assert_eq!(
        fs::read_to_string(folder.path().join("a.md")).unwrap(),
        "He committed suicide.\n\nShe died by suicide.\n"
    );
}

#[test]
fn what_is_to_stay_gets_a_comment_with_the_reason() {
    let draft = "---\ntitle: Tea\n---\n\n# Tea\n\nOur tea cures diabetes\nand the miracle herb works.\n\n- It cures asthma.\n- Fine.\n\n| a | b |\n|---|---|\n| x | it cures lupus |\n";
    let folder =
        folder(&[("a.md", draft), ("b.html", "<ul><li>It cures asthma.</li></ul>\n"), ("c.txt", "It cures asthma.\n")]);
    let add = |arguments: &[&str]| {
        let mut command = caveat(folder.path());
        command.args(["lint", "--offline", "--format", "concise", "--add-ignores", "old article, see #12"]);
        command.args(arguments).output().unwrap()
    };
    let dry = add(&["--dry-run"]);
    assert_eq!((dry.status.code(), fs::read_to_string(folder.path().join("a.md")).unwrap().as_str()), (Some(1), draft));
    assert!(text(&dry.stdout).contains("+<!-- caveat-ignore "), "{}", text(&dry.stdout));
    let output = add(&[]);
    insta::assert_snapshot!(text(&output.stderr));
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("a.md")).unwrap());
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("b.html")).unwrap());
    // What is left is told, and nothing more happens the second time.
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).lines().all(|line| line.starts_with("c.txt:")), "{}", text(&output.stdout));
    let before = fs::read_to_string(folder.path().join("a.md")).unwrap();
    add(&[]);
    assert_eq!(fs::read_to_string(folder.path().join("a.md")).unwrap(), before);
    let lint = ["lint", "--offline", "a.md", "b.html", "--fail-on", "info"];
    assert!(caveat(folder.path()).args(lint).output().unwrap().status.success());
    let bad = caveat(folder.path()).args(["lint", "--add-ignores", "a --> b"]).output().unwrap();
    assert!(text(&bad.stderr).contains("a reason is a line of text without `--`"), "{}", text(&bad.stderr));
}
