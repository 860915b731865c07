//! Findings, hovers, actions, and what the protocol asks of every server.

use serde_json::{Value, json};

use super::{Editor, codes, range, uri};
use crate::cli::folder;

const DRAFT: &str = "---\nauthor: Ann Lee, MD\ndate: 2026-03-01\nlast_reviewed: 2026-03-01\n---\n\n# Notes\n\n😀 This herb cures multiple sclerosis.\r\n";

fn both_encodings() -> Value {
    json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } })
}

/// One that asks for diagnostics itself.
fn pulling() -> Value {
    json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } })
}

#[test]
fn findings_come_and_go_while_one_types() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", DRAFT);
    let shown = editor.shown(&draft, 1);
    assert_eq!(codes(&shown), ["CAV101"]);
    let finding = &shown[0];
    assert_eq!(finding["range"], range([8, 13, 8, 37]), "characters are counted in UTF-16");
    assert_eq!(finding["severity"], 1);
    assert_eq!(finding["source"], "caveat");
    assert_eq!(finding["data"]["rule"], "cure/cure-claim");
    assert!(finding["message"].as_str().unwrap().contains("cures multiple sclerosis"));
    assert!(finding["codeDescription"]["href"].as_str().unwrap().starts_with("https://"));

    editor.did_change(&draft, 2, [8, 13, 8, 18], "does not cure");
    assert_eq!(codes(&editor.shown(&draft, 2)), [""; 0]);
    editor.did_change(&draft, 3, [8, 13, 8, 26], "heals");
    assert_eq!(codes(&editor.shown(&draft, 3)), ["CAV507", "CAV102"]);
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": draft } }));
    let cleared = editor.told("textDocument/publishDiagnostics", |params| params["version"].is_null());
    assert_eq!(cleared["diagnostics"], json!([]));
    assert!(editor.close().success());
}

#[test]
fn characters_are_bytes_where_both_sides_can() {
    let folder = folder(&[]);
    let mut editor = Editor::start(folder.path());
    let offered = editor.initialize(folder.path(), both_encodings(), Value::Null);
    assert_eq!(offered["capabilities"]["positionEncoding"], "utf-8");
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", DRAFT);
    assert_eq!(editor.shown(&draft, 1)[0]["range"], range([8, 15, 8, 39]));
    editor.did_change(&draft, 2, [8, 0, 8, 4], "µ");
    assert_eq!(editor.shown(&draft, 2)[0]["range"], range([8, 13, 8, 37]));
}

#[test]
fn of_many_changes_only_the_last_state_is_judged() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", DRAFT);
    editor.shown(&draft, 1);
    // All of them are written before the server has judged the first.
    let mut all = Vec::new();
    for version in 2..400 {
        let change = json!({ "range": range([6, 2, 6, 2]), "text": "x" });
        let params = json!({ "textDocument": { "uri": draft, "version": version }, "contentChanges": [change] });
        let said = lsp_server::Notification { method: "textDocument/didChange".to_owned(), params };
        lsp_server::Message::from(said).write(&mut all).unwrap();
    }
    editor.raw(&all);
    assert_eq!(codes(&editor.shown(&draft, 399)), ["CAV101"]);
    let judged = editor.so_far("textDocument/publishDiagnostics").len();
    assert!(judged < 100, "{judged} of 398 states were judged");
}

/// Numbers that look like chance and are the same in every run.
fn chance(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn after_any_edits_the_findings_are_those_of_the_text() {
    const PIECES: [&str; 8] = ["cures ", "😀", "\r\n", "\n\n", "multiple sclerosis", "*", "<!-- ", "é"];
    let folder = folder(&[]);
    for capabilities in [json!({}), both_encodings()] {
        let units =
            |text: &str| if capabilities["general"].is_null() { text.encode_utf16().count() } else { text.len() };
        let mut editor = Editor::open(folder.path(), capabilities.clone(), Value::Null);
        let (draft, again) = (uri(folder.path(), "draft.md"), uri(folder.path(), "again.md"));
        let (mut text, mut state) = (format!("{DRAFT}\n").repeat(3), 7);
        editor.did_open(&draft, "markdown", &text);
        for version in 2..60 {
            // An edit within one line: places by counting, as editors do.
            let line = chance(&mut state) as usize % text.split('\n').count();
            let start: usize = text.split('\n').take(line).map(|line| line.len() + 1).sum();
            let whole = text.split('\n').nth(line).unwrap().trim_end_matches('\r').to_owned();
            let edges: Vec<usize> = (0..=whole.len()).filter(|&at| whole.is_char_boundary(at)).collect();
            let mut pick = || edges[chance(&mut state) as usize % edges.len()];
            let (a, b) = (pick(), pick());
            let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 12));
            let b = (b..=whole.len()).find(|&at| whole.is_char_boundary(at)).unwrap();
            let new = PIECES[chance(&mut state) as usize % PIECES.len()];
            let place = |at: usize| units(&whole[..at]) as u32;
            editor.did_change(&draft, version, [line as u32, place(a), line as u32, place(b)], new);
            text.replace_range(start + a..start + b, new);
        }
        let shown = editor.shown(&draft, 59);
        editor.did_open(&again, "markdown", &text);
        assert_eq!(shown, editor.shown(&again, 1), "{text:?}");
        assert!(editor.close().success());
    }
}

#[test]
fn every_format_is_read_as_what_it_is() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let claim = "This herb cures multiple sclerosis.";
    let mut codes_of = |name: &str, language: &str, text: &str| {
        let uri = if name.contains(':') { name.to_owned() } else { uri(folder.path(), name) };
        editor.did_open(&uri, language, text);
        let shown = editor.shown(&uri, 1);
        codes(&shown).iter().filter(|code| !code.starts_with("CAV4")).map(|code| (*code).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes_of("a.md", "markdown", &format!("```\n{claim}\n```\n")), [""; 0]);
    assert_eq!(codes_of("a.html", "html", &format!("<script>{claim}</script><p>{claim}</p>")), ["CAV101"]);
    assert_eq!(codes_of("a.txt", "plaintext", &format!("```\n{claim}\n```\n")), ["CAV101"]);
    assert_eq!(codes_of("untitled:Untitled-1", "markdown", claim), ["CAV101"]);
    assert_eq!(codes_of("by-ending.htm", "", claim), ["CAV101"]);
}

#[test]
fn what_is_no_draft_is_left_alone() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let code = uri(folder.path(), "a.rs");
    editor.did_open(&code, "rust", "// This herb cures MS.");
    editor.did_change(&code, 2, [0, 0, 0, 0], "x");
    let position = json!({ "textDocument": { "uri": code }, "position": { "line": 0, "character": 5 } });
    assert_eq!(editor.ask("textDocument/hover", position), Ok(Value::Null));
    assert_eq!(editor.so_far("textDocument/publishDiagnostics"), [Value::Null; 0]);
}

fn hover(editor: &mut Editor, draft: &str, line: u32, character: u32) -> Value {
    let position = json!({ "line": line, "character": character });
    editor.ask("textDocument/hover", json!({ "textDocument": { "uri": draft }, "position": position })).unwrap()
}

#[test]
fn a_hover_explains_a_finding_and_judges_a_claim() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", &format!("{DRAFT}\nThe FDA approved Ocrevus for relapsing MS in 2017.\n"));
    let said = hover(&mut editor, &draft, 8, 15);
    assert_eq!(said["range"], range([8, 13, 8, 37]));
    let text = said["contents"]["value"].as_str().unwrap();
    for part in ["`CAV101` cure/cure-claim · error", "**Write:** ", "Sources:\n\n- [", "](<https://"] {
        assert!(text.contains(part), "{text}");
    }
    let said = hover(&mut editor, &draft, 10, 10);
    let text = said["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("**supported** · approval claim of “Ocrevus”"), "{text}");
    assert!(text.contains("2017-03-28") && text.contains("Rests on:"), "{text}");
    assert_eq!(hover(&mut editor, &draft, 6, 3), Value::Null);
}

#[test]
fn findings_about_a_whole_text_are_explained_at_its_start_alone() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", "Some words.\n\nThis herb cures multiple sclerosis.\n");
    let text = |said: &Value| said["contents"]["value"].as_str().unwrap_or_default().to_owned();
    assert!(text(&hover(&mut editor, &draft, 0, 0)).contains("CAV401"));
    assert_eq!(hover(&mut editor, &draft, 0, 5), Value::Null);
    assert!(!text(&hover(&mut editor, &draft, 2, 12)).contains("CAV401"));
}

fn actions(editor: &mut Editor, draft: &str, at: [u32; 4], only: Option<&str>) -> Vec<Value> {
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let params = json!({ "textDocument": { "uri": draft }, "range": range(at), "context": context });
    editor.ask("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().filter_map(|action| action["title"].as_str()).collect()
}

#[test]
fn actions_mend_accept_and_explain() {
    let folder = folder(&[]);
    let can = json!({ "window": { "showDocument": { "support": true } }, "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let mut editor = Editor::open(folder.path(), can, Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", &format!("{DRAFT}\nHe committed suicide in 2019.\n"));
    editor.shown(&draft, 1);
    let found = actions(&mut editor, &draft, [10, 5, 10, 5], Some("quickfix"));
    let titles = titles(&found);
    assert!(titles[0].starts_with("Write “died by suicide”"), "{titles:?}");
    let edit = &found[0]["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({ "uri": draft, "version": 1 }));
    assert_eq!(edit["edits"], json!([{ "range": range([10, 3, 10, 20]), "newText": "died by suicide" }]));
    let ignore = found.iter().find(|action| action["title"].as_str().unwrap().starts_with("Ignore")).unwrap();
    let insert = &ignore["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!(insert["range"], range([10, 0, 10, 0]));
    assert_eq!(ignore["isPreferred"], false);
    // The cursor goes to where the reason is to be written.
    let text = insert["newText"].as_str().unwrap();
    let arguments = &ignore["command"]["arguments"];
    let at = text.find(": ").unwrap() as u32 + 2;
    assert_eq!(arguments[1], range([10, at, 10, at]));
    editor.ask("workspace/executeCommand", json!({ "command": "caveat.select", "arguments": arguments })).unwrap();
    let asked = editor.told("window/showDocument", |_| true);
    assert_eq!((&asked["uri"], &asked["selection"]), (&json!(draft), &range([10, at, 10, at])));
}

#[test]
fn a_rules_page_is_opened() {
    let folder = folder(&[]);
    let mut command = crate::cli::caveat(folder.path());
    let mut editor = Editor::of(command.arg("lsp").env("CAVEAT_CACHE_DIR", folder.path().join("cache")));
    editor.initialize(folder.path(), json!({ "window": { "showDocument": { "support": true } } }), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", DRAFT);
    let found = actions(&mut editor, &draft, [8, 14, 8, 14], None);
    let open = found.iter().find(|action| action["command"]["command"] == "caveat.openRule").unwrap();
    let command = json!({ "command": open["command"]["command"], "arguments": open["command"]["arguments"] });
    editor.ask("workspace/executeCommand", command).unwrap();
    let shown = editor.told("window/showDocument", |_| true);
    let path = url::Url::parse(shown["uri"].as_str().unwrap()).unwrap().to_file_path().unwrap();
    assert!(std::fs::read_to_string(path).unwrap().starts_with("# cure-claim\n\n`CAV101`"));
    let unknown = json!({ "command": "caveat.openRule", "arguments": ["no/such"] });
    editor.ask("workspace/executeCommand", unknown).unwrap();
    editor.told("window/showMessage", |params| params["message"].as_str().unwrap().contains("no/such"));
    assert_eq!(editor.ask("workspace/executeCommand", json!({ "command": "rm", "arguments": [] })), Err(-32602));
}

#[test]
fn an_accepted_finding_is_gone_once_there_is_a_reason() {
    let claim = "This herb cures multiple sclerosis.";
    let head = "---\nauthor: Ann Lee, MD\ndate: 2026-03-01\nlast_reviewed: 2026-03-01\n---\n\n";
    let htm = |body: &str| {
        format!(
            "<head><meta name=author content=\"Ann Lee, MD\"><meta name=date content=2026-03-01></head>\n<body>\n{body}\n</body>\n"
        )
    };
    let drafts = [
        ("a.md", format!("{head}{claim}\n")),
        ("a.md", format!("{head}# {claim}\n\nWords.\n")),
        ("a.md", format!("{head}- One.\n- {claim} And\n  more.\n  - Inner.\n")),
        ("a.md", format!("{head}1. One.\n\n   {claim}\n\n2. Two.\n")),
        ("a.md", format!("{head}> Words.\n>\n> {claim}\n")),
        ("a.md", format!("{head}| a | b |\n|---|---|\n| x | {claim} |\n| y | z |\n")),
        ("a.md", format!("{head}Words ![This herb cures multiple sclerosis](x.png) here.\n")),
        ("a.md", format!("{head}Words.\n\nThis herb **cures [multiple sclerosis](#x)**\n")),
        ("a.md", format!("{head}Words.[^1]\n\n[^1]: {claim}\n")),
        ("a.md", format!("---\nauthor: Ann Lee, MD\ndate: 2026-03-01\ntitle: {claim}\n---\n\nWords.\n")),
        ("a.html", htm(&format!("  <p>Words.</p>\r\n  <p>{claim}</p>"))),
        ("a.html", htm(&format!("<ul><li>One<li>{claim}</ul>"))),
        ("a.html", htm(&format!("<table><tr><td>x</td><td>{claim}</td></tr></table>"))),
        ("a.html", format!("<head><title>{claim}</title></head>\n<body><p>Words.</p></body>\n")),
    ];
    let folder = folder(&[]);
    let mut editor =
        Editor::open(folder.path(), json!({ "window": { "showDocument": { "support": true } } }), Value::Null);
    for (at, (name, text)) in drafts.iter().enumerate() {
        let draft = uri(folder.path(), &format!("{at}-{name}"));
        editor.did_open(&draft, if name.ends_with("md") { "markdown" } else { "html" }, text);
        let shown = editor.shown(&draft, 1);
        let finding =
            shown.iter().find(|finding| finding["code"] == "CAV101").unwrap_or_else(|| panic!("{text}: {shown:#?}"));
        let start = &finding["range"]["start"];
        let (line, character) = (start["line"].as_u64().unwrap() as u32, start["character"].as_u64().unwrap() as u32);
        let found = actions(&mut editor, &draft, [line, character, line, character], Some("quickfix"));
        let ignore = found.iter().find(|action| action["title"].as_str().unwrap().starts_with("Ignore CAV101"));
        let ignore = ignore.unwrap_or_else(|| panic!("{text}: {found:#?}"));
        let edit = &ignore["edit"]["changes"][&draft][0];
        // As it is inserted it accepts nothing, and that is said.
        change(&mut editor, &draft, 2, edit);
        let shown = editor.shown(&draft, 2);
        assert!(codes(&shown).contains(&"CAV101") && codes(&shown).contains(&"CAV901"), "{text}: {shown:#?}");
        let place = &ignore["command"]["arguments"][1];
        change(&mut editor, &draft, 3, &json!({ "range": place, "newText": "quoted from the label" }));
        let shown = editor.shown(&draft, 3);
        let left: Vec<_> =
            codes(&shown).into_iter().filter(|code| *code == "CAV101" || code.starts_with("CAV9")).collect();
        assert_eq!(left, [""; 0], "{text}: {edit}: {shown:#?}");
    }
}

fn change(editor: &mut Editor, draft: &str, version: i32, edit: &Value) {
    let change = json!({ "range": edit["range"], "text": edit["newText"] });
    let document = json!({ "uri": draft, "version": version });
    editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
}

#[test]
fn safe_replacements_are_made_at_once() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", "He committed suicide. They commit suicide.\n");
    let found = actions(&mut editor, &draft, [0, 0, 0, 0], Some("source.fixAll"));
    assert_eq!(titles(&found), ["Make every safe replacement"]);
    assert_eq!(found[0]["edit"]["changes"][&draft].as_array().unwrap().len(), 2);
    assert_eq!(actions(&mut editor, &draft, [0, 0, 0, 0], Some("refactor")), [Value::Null; 0]);
}

#[test]
fn diagnostics_are_pulled_where_the_editor_can() {
    let folder = folder(&[
        ("draft.md", DRAFT),
        ("other.md", DRAFT),
        ("shut/x.md", DRAFT),
        ("caveat.toml", "exclude = [\"shut/\"]\n"),
    ]);
    let mut editor = Editor::start(folder.path());
    let offered = editor.initialize(folder.path(), pulling(), json!({ "wholeWorkspace": true }));
    assert_eq!(offered["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    let draft = uri(folder.path(), "draft.md");
    editor.did_open(&draft, "markdown", DRAFT);
    let pull = |editor: &mut Editor, before: Value| {
        let params = json!({ "textDocument": { "uri": draft }, "previousResultId": before });
        editor.ask("textDocument/diagnostic", params).unwrap()
    };
    let first = pull(&mut editor, Value::Null);
    assert_eq!((&first["kind"], codes(first["items"].as_array().unwrap())), (&json!("full"), vec!["CAV101"]));
    assert_eq!(pull(&mut editor, first["resultId"].clone())["kind"], "unchanged");
    editor.did_change(&draft, 2, [8, 13, 8, 18], "heals");
    let second = pull(&mut editor, first["resultId"].clone());
    assert_eq!(codes(second["items"].as_array().unwrap()), ["CAV507", "CAV102"]);
    assert_eq!(editor.so_far("textDocument/publishDiagnostics"), [Value::Null; 0], "nothing is said twice");

    let all = editor.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let [other] = all["items"].as_array().unwrap().as_slice() else { panic!("{all:#}") };
    assert_eq!((&other["uri"], &other["kind"]), (&json!(uri(folder.path(), "other.md")), &json!("full")));
    assert_eq!(codes(other["items"].as_array().unwrap()), ["CAV101"]);
    let had = json!([{ "uri": other["uri"], "value": other["resultId"] }]);
    let again = editor.ask("workspace/diagnostic", json!({ "previousResultIds": had })).unwrap();
    assert_eq!(again["items"][0]["kind"], "unchanged");

    std::fs::write(folder.path().join("caveat.toml"), "ignore = [\"cure\", \"safety\"]\n").unwrap();
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    editor.told("workspace/diagnostic/refresh", |_| true);
    assert_eq!(pull(&mut editor, second["resultId"].clone())["items"], json!([]));
}

#[test]
fn what_is_not_understood_is_refused_and_the_talk_goes_on() {
    let folder = folder(&[]);
    let mut editor = Editor::start(folder.path());
    assert_eq!(editor.ask("textDocument/hover", json!({})), Err(-32002), "nothing before `initialize`");
    editor.tell("textDocument/didOpen", json!({}));
    editor.initialize(folder.path(), json!({}), Value::Null);
    assert_eq!(editor.ask("textDocument/rename", json!({})), Err(-32601));
    assert_eq!(editor.ask("textDocument/hover", json!({ "position": 1 })), Err(-32602));
    assert_eq!(editor.ask("initialize", json!({})), Err(-32600));
    editor.tell("textDocument/didChange", json!([1, 2]));
    editor.tell("$/setTrace", json!({ "value": "off" }));
    editor.raw(b"Content-Length: 9\r\n\r\n{\"id\": 1,");
    editor.raw(b"Content-Length: 2\r\nContent-Type: x\r\n\r\n{}");
    let draft = uri(folder.path(), "draft.md");
    editor.did_change(&draft, 2, [0, 0, 0, 0], "a document that was never opened");
    editor.did_open(&draft, "markdown", DRAFT);
    // Backwards, and from behind the end.
    editor.did_change(&draft, 2, [900, 7, 8, 0], "Words.");
    assert_eq!(editor.shown(&draft, 2), [Value::Null; 0]);
    assert!(editor.close().success());
}

#[test]
fn requests_that_are_taken_back_are_answered_so() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    let draft = uri(folder.path(), "draft.md");
    // Long enough to be judged for a while.
    editor.did_open(&draft, "markdown", &format!("{DRAFT}\n").repeat(3000));
    let params = json!({ "textDocument": { "uri": draft }, "position": { "line": 0, "character": 0 } });
    let first = editor.begin("textDocument/hover", params.clone());
    let second = editor.begin("textDocument/hover", params);
    editor.tell("$/cancelRequest", json!({ "id": second.to_string().parse::<i32>().unwrap() }));
    let _ = editor.answer(&first);
    assert_eq!(editor.answer(&second), Err(-32800));
}

#[test]
fn the_end_is_as_the_protocol_asks() {
    let folder = folder(&[]);
    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    assert_eq!(editor.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(editor.ask("textDocument/hover", json!({})), Err(-32600));
    editor.tell("exit", Value::Null);
    assert_eq!(editor.exit().code(), Some(0));

    let mut editor = Editor::open(folder.path(), json!({}), Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.exit().code(), Some(1), "without `shutdown`");
    assert_eq!(Editor::start(folder.path()).hang_up().code(), Some(1), "an editor that died");
}
