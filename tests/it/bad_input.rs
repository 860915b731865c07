//! What bad input gets: every row of the table that concerns files, encodings, configuration and size, against the
//! program itself. Each test asks for the exit code, for what is said and that the other drafts are still linted.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use serde_json::Value;

use crate::cli::{caveat, fed, folder, json, text};

fn lint(folder: &Path, arguments: &[&str]) -> Output {
    // The drafts here have no author and no date, which is not what is asked.
    let always = ["lint", "--isolated", "--offline", "--format", "json", "--ignore", "transparency"];
    caveat(folder).args(always).args(arguments).output().unwrap()
}

/// The exit code, how many files were linted, and the lines of standard error that start with "error".
fn ended(output: &Output) -> (i32, u64, Vec<String>) {
    let errors = text(&output.stderr);
    let errors = errors.lines().filter(|line| line.starts_with("error")).map(str::to_owned).collect();
    (output.status.code().unwrap(), json(output)["summary"]["files"].as_u64().unwrap(), errors)
}

#[test]
fn other_encodings_are_decoded_or_named_with_the_byte() {
    let folder = folder(&[("plain.md", "Plain words.")]);
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let wide: Vec<u8> = "\u{FEFF}Wide words.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    write("wide.md", &wide);
    write("western.md", b"He called it a \x93miracle\x94 \x96 it isn\x92t.");
    write("mark.md", b"\xEF\xBB\xBFMarked words.");
    write("binary.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    write("broken.md", b"Gr\xC3\xBC\xC3\x9Fe and \xFF one bad byte");
    let (code, files, errors) = ended(&lint(folder.path(), &["."]));
    assert_eq!((code, files), (2, 4));
    assert_eq!(
        errors,
        [
            "error: binary.md: is neither UTF-8 nor another encoding that can be told: byte 0 does not fit",
            "error: broken.md: is neither UTF-8 nor another encoding that can be told: byte 12 does not fit",
        ]
    );
}

#[test]
fn decoded_files_are_noted_unless_quiet() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("western.md"), b"It isn\x92t \x93new\x94, he said.").unwrap();
    let output = lint(folder.path(), &["western.md"]);
    assert!(text(&output.stderr).contains("western.md: read as Windows-1252"));
    assert_eq!(text(&lint(folder.path(), &["-q", "western.md"]).stderr), "");
}

#[test]
fn empty_drafts_have_nothing_wrong_with_their_wording() {
    let folder = folder(&[
        ("empty.md", ""),
        ("blank.html", " \n\n"),
        ("front.md", "---\ntitle: Words\n---\n"),
        ("code.md", "```\nthis cures everything\n```\n"),
        ("bom.txt", "\u{FEFF}"),
    ]);
    let (code, files, errors) = ended(&lint(folder.path(), &["--select", "cure", "."]));
    assert_eq!((code, files, errors.len()), (0, 5, 0));
}

/// Rules and messages of a run's findings.
fn findings(output: &Output) -> Vec<(String, String)> {
    let told = |f: &Value, key: &str| f[key].as_str().unwrap().to_owned();
    json(output)["findings"].as_array().unwrap().iter().map(|f| (told(f, "rule"), told(f, "message"))).collect()
}

#[test]
fn of_a_text_in_another_language_everything_but_the_wording_is_checked() {
    let words = "Diese Pflanze heilt Krebs und ist ganz ohne Nebenwirkungen, sagt der Hersteller seinen Kunden. ";
    let draft = format!("# Eine Pflanze\n\n{}\n\n[mehr](nirgends.md) cures cancer\n", words.repeat(6));
    let folder = folder(&[("draft.md", &draft)]);
    let output = caveat(folder.path()).args(["lint", "--isolated", "--offline", "--format", "json"]).output().unwrap();
    let rules: Vec<String> = findings(&output).into_iter().map(|(rule, _)| rule).collect();
    let count = |name: &str| rules.iter().filter(|rule| rule.starts_with(name)).count();
    let counts = ["document/language-not-judged", "transparency/", "sources/link-dead", "cure/"].map(count);
    assert_eq!(counts, [1, 2, 1, 0], "{rules:?}");
}

#[test]
fn malformed_front_matter_is_a_finding_and_the_rest_is_linted() {
    for (front, line) in
        [("---\ntitle: [a\nauthor: b\n---\n", 3), ("---\ntitle: never closed\n\n", 1), ("+++\ntitle = \"x\n+++\n", 2)]
    {
        let folder = folder(&[("draft.md", &format!("{front}\nThis tea cures diabetes.\n"))]);
        let output = lint(folder.path(), &["draft.md"]);
        let told = findings(&output);
        let rules: Vec<&str> = told.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(rules, ["document/unreadable", "cure/cure-claim"], "{front}: {told:?}");
        assert_eq!(json(&output)["findings"][0]["start"]["line"], line, "{front}");
    }
}

#[test]
fn a_bad_rule_pack_is_a_finding_in_it_and_nothing_is_linted() {
    for (pack, line, column) in [
        ("[pack]\nid = \"mine\"\ntitle = \"Mine\"\n[[rules]]\n", 4, 3),
        ("[pack]\nid = \"mine\"\ntitle = Mine\n", 3, 9),
    ] {
        let folder = folder(&[("caveat.toml", "packs = [\"mine.toml\"]\n"), ("mine.toml", pack), ("a.md", "Words.")]);
        let output = caveat(folder.path()).args(["lint", "--offline", "--format", "json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{pack}");
        let finding = &json(&output)["findings"][0];
        let place = (&finding["path"], &finding["start"]["line"], &finding["start"]["column"]);
        assert_eq!(place, (&"mine.toml".into(), &line.into(), &column.into()), "{finding}");
        assert_eq!(json(&output)["summary"]["words"], 0, "{pack}");
        assert!(text(&output.stderr).contains("mine.toml cannot be used, so nothing was linted"));
    }
}

#[test]
fn paths_that_are_not_there_are_named_and_the_others_linted() {
    let folder = folder(&[("a.md", "Words.")]);
    let (code, files, errors) = ended(&lint(folder.path(), &["gone.md", "a.md", "no/such/folder"]));
    assert_eq!((code, files), (2, 1));
    assert_eq!(errors, ["error: gone.md: no such file or folder", "error: no/such/folder: no such file or folder"]);
}

/// Permissions do not stop the superuser, so what cannot be read here is a file that is a folder's child by name only,
/// and one that the kernel refuses to read to anybody.
#[cfg(target_os = "linux")]
#[test]
fn unreadable_paths_are_named_and_the_others_linted() {
    let folder = folder(&[("a.md", "Words.")]);
    std::os::unix::fs::symlink("/proc/self/mem", folder.path().join("memory.md")).unwrap();
    let (code, files, errors) = ended(&lint(folder.path(), &["a.md/b.md", "memory.md", "a.md"]));
    assert_eq!((code, files, errors.len()), (2, 1, 2), "{errors:#?}");
    assert!(errors.iter().any(|error| error.starts_with("error: a.md/b.md: cannot be read: Not a directory")));
    assert!(errors.iter().any(|error| error.starts_with("error: memory.md: cannot be read: ")), "{errors:#?}");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("a.md", "Words."), ("locked.md", "Words."), ("shut/b.md", "Words.")]);
    for name in ["locked.md", "shut"] {
        std::fs::set_permissions(folder.path().join(name), std::fs::Permissions::from_mode(0o000)).unwrap();
    }
    let is_superuser = std::fs::read(folder.path().join("locked.md")).is_ok();
    let output = lint(folder.path(), &["."]);
    std::fs::set_permissions(folder.path().join("shut"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let (code, files, errors) = ended(&output);
    if is_superuser {
        assert_eq!((code, files, errors.len()), (0, 3, 0));
    } else {
        assert_eq!((code, files, errors.len()), (2, 1, 2));
    }
}

#[cfg(unix)]
#[test]
fn broken_links_and_loops_are_named_once_and_the_others_linted() {
    let folder = folder(&[("a.md", "Words."), ("deep/b.md", "Words.")]);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    link("nowhere.md", "broken.md");
    link("..", "deep/loop");
    link("self.md", "self.md");
    // None of our business: hidden ones, as editors leave them, and pictures.
    link("user@host.123", ".#a.md");
    link("nowhere.png", "picture.png");
    let (code, files, errors) = ended(&lint(folder.path(), &["."]));
    assert_eq!((code, files), (2, 2));
    assert_eq!(errors.len(), 3, "{errors:#?}");
    assert_eq!(errors[0], "error: broken.md: a symbolic link that leads nowhere");
    assert_eq!(errors[1], "error: deep/loop: a symbolic link that leads back to .");
    assert!(errors[2].starts_with("error: self.md: "), "{errors:#?}");
    let (code, _, errors) = ended(&lint(folder.path(), &["broken.md"]));
    assert_eq!((code, errors.len()), (2, 1));
}

#[cfg(unix)]
#[test]
fn a_file_and_a_link_to_it_are_linted_once() {
    let folder = folder(&[("a.md", "Words.")]);
    std::os::unix::fs::symlink("a.md", folder.path().join("b.md")).unwrap();
    let (code, files, _) = ended(&lint(folder.path(), &["."]));
    assert_eq!((code, files), (0, 1));
}

#[test]
fn names_that_would_steer_a_terminal_do_not() {
    let folder = folder(&[]);
    let output = lint(folder.path(), &["gone\u{1b}[31m\n.md"]);
    let said = text(&output.stderr);
    assert!(!said.contains('\u{1b}') && said.contains("gone"), "{said:?}");
}

fn with_config(config: &str, arguments: &[&str]) -> (Option<i32>, Value, String) {
    let folder = folder(&[("caveat.toml", config), ("a.md", "Words.")]);
    let output =
        caveat(folder.path()).args(["lint", "--offline", "--format", "json"]).args(arguments).output().unwrap();
    (output.status.code(), json(&output), text(&output.stderr))
}

#[test]
fn a_wrong_configuration_is_a_finding_in_it_and_nothing_is_linted() {
    for (config, line, column) in [
        ("profil = \"clinic\"\n", 1, 1),
        ("\nprofile = \"klinik\"\n", 2, 11),
        ("[links]\ntimeout_seconds = \"soon\"\n", 2, 19),
        ("exclude = [\"a[b\"]\n", 1, 12),
    ] {
        let (code, report, said) = with_config(config, &[]);
        assert_eq!(code, Some(2), "{config}");
        let finding = &report["findings"][0];
        let place = (&finding["path"], &finding["start"]["line"], &finding["start"]["column"]);
        assert_eq!(place, (&"caveat.toml".into(), &line.into(), &column.into()), "{config}: {finding}");
        assert_eq!(report["summary"]["words"], 0, "{config}");
        assert!(said.contains("caveat.toml cannot be used, so nothing was linted"), "{said}");
    }
    assert_eq!(with_config("profil = 1", &["--isolated", "--ignore", "transparency"]).0, Some(0));
}

#[test]
fn a_configuration_that_is_not_there_is_an_error() {
    let folder = folder(&[("a.md", "Words.")]);
    let output = caveat(folder.path()).args(["lint", "--offline", "--config", "none.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: none.toml cannot be read: "), "{}", text(&output.stderr));
}

#[test]
fn an_interrupted_report_leaves_no_half_file() {
    use std::io::Write;
    let folder = folder(&[("report.jsonl", "old\n")]);
    let mut command = caveat(folder.path());
    command.args(["lint", "--offline", "--stdin-format", "jsonl", "--output", "report.jsonl"]);
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"{\"id\":1,\"text\":\"Words.\"}\n").unwrap();
    let has_begun = || folder.path().read_dir().unwrap().count() > 1;
    for _ in 0..500 {
        if has_begun() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(has_begun());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("report.jsonl")).unwrap(), "old\n");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let folder = folder(&[("a.md", "Words."), ("folder/b.md", "Words.")]);
    for (output, why) in [("folder", "is a directory"), ("no/such/report.json", "not found")] {
        let ended = caveat(folder.path()).args(["lint", "--offline", "--output", output, "a.md"]).output().unwrap();
        assert_eq!(ended.status.code(), Some(2));
        let said = text(&ended.stderr);
        assert!(said.contains(&format!("{output} cannot be written")) && said.contains(why), "{said}");
    }
}

/// Deep nesting and long lines rest on the parsers: linear time, bounded memory, no stack overflow.
#[test]
fn deep_nesting_and_unclosed_everything_end_well() {
    let inputs: [(&str, String); 9] = [
        ("quotes", format!("{} deep words", "> ".repeat(10_000))),
        ("lists", (0..2_000).map(|n| format!("{}- item {n}\n", " ".repeat(2 * n))).collect()),
        ("one-line lists", "- ".repeat(10_000)),
        ("emphasis", format!("{} words", "*a **a ".repeat(10_000))),
        ("links", "[a](".repeat(10_000)),
        ("brackets", "[".repeat(50_000)),
        ("comments", "<!-- ".repeat(20_000)),
        ("fences", "```\n~~~\n".repeat(5_001)),
        ("entities", "&amp;&#x110000;&nope".repeat(10_000)),
    ];
    for (name, input) in inputs {
        let folder = folder(&[]);
        let output = fed(
            caveat(folder.path()).args(["lint", "--isolated", "--offline", "--format", "json", "-"]),
            input.as_bytes(),
        );
        assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {:?} {}", output.status, text(&output.stderr));
        assert_eq!(json(&output)["summary"]["files"], 1, "{name}");
    }
}

#[test]
fn html_soup_ends_well() {
    let inputs = [
        "<div>".repeat(10_000),
        "<p <a <b>".repeat(10_000),
        "<script>".repeat(1_000),
        "</p></div>".repeat(10_000),
        "<table><tr><td>".repeat(5_000),
        "<a href='x".to_owned(),
        "<!-- <p>".repeat(5_000),
    ];
    for input in inputs {
        let folder = folder(&[]);
        let arguments = ["lint", "--isolated", "--offline", "--format", "json", "--stdin-format", "html", "-"];
        let output = fed(caveat(folder.path()).args(arguments), input.as_bytes());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?} {}", output.status, text(&output.stderr));
        json(&output);
    }
    let folder =
        folder(&[("soup.html", "<p>This tea <b>cures diabetes.<table><p>It <i>cures</b> gout</td></b <p> too")]);
    let told = findings(&lint(folder.path(), &["soup.html"]));
    let cures = told.iter().filter(|(rule, _)| rule == "cure/cure-claim").count();
    assert_eq!(cures, 2, "{told:?}");
}

#[test]
fn a_long_line_is_linted_in_bounded_memory() {
    let folder = folder(&[("long.md", &"These are plain words in one long line. ".repeat(100_000))]);
    let (code, files, errors) = ended(&lint(folder.path(), &["long.md"]));
    assert!(code < 2);
    assert_eq!((files, errors.len()), (1, 0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let folder = folder(&[("a.md", "Words.")]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = caveat(folder.path()).args(["lint", "--offline", "--format", "json"]).stdout(full).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(text(&ended.stderr).starts_with("error: the report cannot be written: "), "{}", text(&ended.stderr));
}
