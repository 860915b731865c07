//! Configuration, rule packs, pinned answers and the network, as an editor meets them.

use std::fs;

use serde_json::{Value, json};

use super::{Editor, codes, uri};
use crate::cli::folder;

const CLAIM: &str = "This herb cures multiple sclerosis.\n";
const PACK: &str = r#"
[pack]
id = "house"
title = "House style"

[[rule]]
id = "no-journey"
code = "HOU101"
severity = "warning"
summary = "Illness is no journey."
why = "People are ill; they do not travel."
sources = [{ title = "House style", url = "https://example.org/style" }]
match.phrase = ["cancer journey"]
message = "“{match}” is worn out"
help = "Say what happens."
pass = ["Her cancer came back."]
fail = ["Her cancer journey began."]
"#;

/// Without those about authors and dates.
fn about_words(shown: &[Value]) -> Vec<&str> {
    codes(shown).into_iter().filter(|code| !code.starts_with("CAV4")).collect()
}

#[test]
fn a_configuration_holds_and_is_read_again() {
    let files = [("caveat.toml", "exclude = [\"old/\"]\nignore = [\"cure-claim\"]\n"), ("a.md", CLAIM)];
    let folder = folder(&files);
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut editor = Editor::open(folder.path(), watching, Value::Null);
    let asked = editor.told("client/registerCapability", |_| true);
    assert_eq!(asked["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    let (draft, old) = (uri(folder.path(), "a.md"), uri(folder.path(), "old/a.md"));
    editor.did_open(&draft, "markdown", CLAIM);
    editor.did_open(&old, "markdown", CLAIM);
    assert_eq!(about_words(&editor.shown(&draft, 1)), [""; 0]);
    assert_eq!(editor.shown(&old, 1).len(), 0);

    fs::write(folder.path().join("caveat.toml"), "severity = { cure-claim = \"info\" }\n").unwrap();
    let changes = json!({ "changes": [{ "uri": uri(folder.path(), "caveat.toml"), "type": 2 }] });
    editor.tell("workspace/didChangeWatchedFiles", changes);
    let shown = editor.shown(&draft, 1);
    let claim = shown.iter().find(|finding| finding["code"] == "CAV101").unwrap();
    assert_eq!(claim["severity"], 3);
    assert_eq!(about_words(&editor.shown(&old, 1)), ["CAV101"]);

    // An editor that watches no files says at least when one is saved.
    fs::write(folder.path().join("house.toml"), PACK).unwrap();
    fs::write(folder.path().join("caveat.toml"), "packs = [\"house.toml\"]\nselect = [\"house\"]\n").unwrap();
    editor.did_change(&draft, 2, [0, 0, 1, 0], "Her cancer journey began.");
    editor.tell("textDocument/didSave", json!({ "textDocument": { "uri": draft } }));
    let shown = editor.told("textDocument/publishDiagnostics", |params| {
        params["diagnostics"].as_array().is_some_and(|all| codes(all).contains(&"HOU101"))
    });
    assert_eq!(shown["version"], 2);
    let position = json!({ "textDocument": { "uri": draft }, "position": { "line": 0, "character": 6 } });
    let hover = editor.ask("textDocument/hover", position).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("they do not travel"));
}

#[test]
fn a_text_without_comments_is_excepted_in_the_configuration() {
    let (name, config) = ("notes [old] #1.txt", "profile = \"newsroom\"");
    let folder = folder(&[("caveat.toml", config), ("notes o #1.txt", "")]);
    let mut editor =
        Editor::open(folder.path(), json!({ "window": { "showDocument": { "support": true } } }), Value::Null);
    let (written, other) = (uri(folder.path(), name), uri(folder.path(), "notes o #1.txt"));
    // Some editors leave the brackets in names as they are.
    let draft = written.replace('[', "%5B").replace(']', "%5D");
    assert_ne!(written, draft);
    editor.did_open(&written, "plaintext", CLAIM);
    editor.did_open(&other, "plaintext", CLAIM);
    assert_eq!(about_words(&editor.shown(&draft, 1)), ["CAV101"]);
    assert_eq!(about_words(&editor.shown(&other, 1)), ["CAV101"]);
    let params = json!({ "textDocument": { "uri": draft }, "range": super::range([0, 12, 0, 12]), "context": { "diagnostics": [] } });
    let actions = editor.ask("textDocument/codeAction", params).unwrap();
    let is_meant =
        |action: &&Value| action["title"].as_str().unwrap().starts_with("Ignore CAV101 in this file by an entry");
    let action = actions.as_array().unwrap().iter().find(is_meant).unwrap_or_else(|| panic!("{actions:#}"));
    let edit = &action["edit"]["changes"][uri(folder.path(), "caveat.toml")][0];
    assert_eq!(edit["range"], super::range([0, 20, 0, 20]));
    assert_eq!(action["command"]["arguments"][1], super::range([2, 7, 2, 7]));
    let changed = format!("{config}{}", edit["newText"].as_str().unwrap());
    assert_eq!(changed.lines().nth(2), Some("# Why: "));
    fs::write(folder.path().join("caveat.toml"), changed).unwrap();
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(about_words(&editor.shown(&draft, 1)), [""; 0]);
    assert_eq!(about_words(&editor.shown(&other, 1)), ["CAV101"], "it is for one file");
}

#[test]
fn a_broken_configuration_is_shown_where_it_is_and_the_old_one_goes_on() {
    let folder = folder(&[("caveat.toml", "packs = [\"house.toml\"]\n"), ("house.toml", PACK)]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let (draft, config, pack) =
        (uri(folder.path(), "a.md"), uri(folder.path(), "caveat.toml"), uri(folder.path(), "house.toml"));
    editor.did_open(&draft, "markdown", "Her cancer journey began.\n");
    assert!(codes(&editor.shown(&draft, 1)).contains(&"HOU101"));

    let mut change = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
        let of = |editor: &mut Editor, uri: &str| {
            let shown = editor.told("textDocument/publishDiagnostics", |params| params["uri"] == uri);
            shown["diagnostics"].as_array().unwrap().clone()
        };
        let wrong = of(&mut editor, if name == "caveat.toml" { &config } else { &pack });
        (wrong, editor.shown(&draft, 1), editor.so_far("window/showMessage"))
    };
    let (wrong, shown, told) = change("caveat.toml", "\npacks = [\"house.toml\"]\nprofil = \"newsroom\"\n");
    assert_eq!(wrong[0]["range"]["start"], json!({ "line": 2, "character": 0 }));
    assert_eq!(wrong[0]["code"], "CAV911");
    assert!(codes(&shown).contains(&"HOU101"), "the old one goes on");
    assert_eq!(told.len(), 1);
    let said = told[0]["message"].as_str().unwrap();
    assert!(said.contains("caveat.toml cannot be used, so the rules and settings of before go on"), "{said}");

    let (_, _, told) = change("caveat.toml", "packs = [\"house.toml\"]\nprofil = \"\"\n");
    assert_eq!(told.len(), 1, "it is said once");
    let (wrong, _, _) = change("caveat.toml", "packs = [\"house.toml\"]\nignore = [\"hype\"]\n");
    assert_eq!(wrong.len(), 0, "all is well again");
    let (wrong, shown, told) = change("house.toml", &PACK.replace("\"warning\"", "\"grave\""));
    assert!(!wrong.is_empty() && told.len() == 2 && codes(&shown).contains(&"HOU101"));
}

#[test]
fn nothing_is_judged_by_a_configuration_that_never_worked() {
    let folder = folder(&[("caveat.toml", "profil = 1\n")]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "a.md");
    editor.did_open(&draft, "markdown", CLAIM);
    assert_eq!(editor.shown(&draft, 1).len(), 0);
    let told = editor.told("window/showMessage", |_| true);
    assert!(told["message"].as_str().unwrap().ends_with("nothing is judged until it is mended."), "{told}");
}

#[test]
fn an_editors_settings_win_and_wrong_ones_are_told() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), json!({ "profile": "blog" }));
    let told = editor.told("window/showMessage", |_| true);
    assert!(told["message"].as_str().unwrap().contains("there is no profile “blog”"), "{told}");
    let draft = uri(folder.path(), "a.md");
    editor.did_open(&draft, "markdown", "Our supplement supports immune health. Buy it now.\n");
    let first = codes(&editor.shown(&draft, 1)).len();
    let settings = json!({ "settings": { "caveat": { "profile": "product", "jurisdiction": "us" } } });
    editor.tell("workspace/didChangeConfiguration", settings);
    let second = editor.shown(&draft, 1);
    assert_ne!(codes(&second).len(), first, "{second:#?}");
    // Empty ones, as Neovim and Emacs send them, take nothing back.
    for empty in [json!({}), Value::Null, json!({ "caveat": {} })] {
        editor.tell("workspace/didChangeConfiguration", json!({ "settings": empty }));
    }
    assert_eq!(editor.so_far("textDocument/publishDiagnostics"), [Value::Null; 0]);
}

#[test]
fn a_file_outside_the_workspace_goes_by_its_own_configuration() {
    let (inside, outside) = (folder(&[]), folder(&[("caveat.toml", "ignore = [\"cure\"]\n")]));
    let mut editor = Editor::open(inside.path(), json!({}), Value::Null);
    let draft = uri(outside.path(), "a.md");
    editor.did_open(&draft, "markdown", CLAIM);
    assert_eq!(about_words(&editor.shown(&draft, 1)), [""; 0]);
}

const PINNED: &str = concat!(
    r#"{"link":"https://example.org/gone","source":"link check","date":"2026-03-01","#,
    r#""answer":{"verdict":"broken","status":404,"detail":"404 Not Found"}}"#,
    "\n"
);

#[test]
fn pinned_answers_count_and_nothing_is_asked() {
    let lock = folder(&[("caveat.toml", ""), ("caveat.lock", PINNED)]);
    let mut editor = Editor::open(lock.path(), json!({}), Value::Null);
    let draft = uri(lock.path(), "a.md");
    editor.did_open(&draft, "markdown", "See [this](https://example.org/gone) and [that](missing.md).\n");
    let shown = editor.shown(&draft, 1);
    let of_links: Vec<_> = shown.iter().filter(|f| f["data"]["rule"].as_str().unwrap().contains("link")).collect();
    assert_eq!(of_links.len(), 2, "{shown:#?}");
}

#[test]
fn the_network_is_asked_on_a_thread_of_its_own() {
    let server = slow_server();
    let config = "[links]\nallow_private = true\n";
    let folder = folder(&[("caveat.toml", config), ("caveat.lock", PINNED)]);
    let mut editor = Editor::open(folder.path(), json!({}), json!({ "online": true }));
    let draft = uri(folder.path(), "a.md");
    editor.did_open(&draft, "markdown", &format!("{CLAIM}\nSee [this]({server}/gone).\n"));
    // Typing goes on while the server takes its time.
    assert_eq!(about_words(&editor.shown(&draft, 1)), ["CAV101"]);
    editor.did_change(&draft, 2, [0, 0, 0, 0], "Now. ");
    assert_eq!(about_words(&editor.shown(&draft, 2)), ["CAV101"]);
    let shown = editor.told("textDocument/publishDiagnostics", |params| {
        params["diagnostics"]
            .as_array()
            .is_some_and(|all| all.iter().any(|f| f["message"].as_str().unwrap().contains("404")))
    });
    assert_eq!(shown["version"], 2, "they belong to the text as it is");
    // What was heard is remembered, and no file is changed for it.
    editor.did_change(&draft, 3, [0, 0, 0, 0], "And ");
    assert_eq!(about_words(&editor.shown(&draft, 3)).len(), 2);
    assert_eq!(fs::read_to_string(folder.path().join("caveat.lock")).unwrap(), PINNED);
}

/// Answers everything with 404, after a second.
fn slow_server() -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                std::thread::sleep(std::time::Duration::from_secs(1));
                let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            });
        }
    });
    format!("http://{address}")
}
