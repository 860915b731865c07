//! `caveat claims`, as scripts meet it.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::cli::{caveat, folder};

/// Runs records through `claims`; the answers, and how the run ended.
fn answers(records: &str, arguments: &[&str]) -> (Vec<Value>, i32) {
    let folder = folder(&[]);
    let mut command = caveat(folder.path());
    command.args(["claims", "--stdin-format", "jsonl", "--format", "jsonl"]).args(arguments).arg("-");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(records.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), output.status.code().unwrap())
}

#[test]
fn a_record_is_answered_with_every_key_that_scripts_rely_on() {
    let record = r#"{"id":7,"text":"Grüße. This tea may cure *lupus*.","format":"markdown","focus":"lupus"}"#;
    let (answers, code) = answers(record, &[]);
    assert_eq!((code, answers.len(), &answers[0]["id"]), (0, 1, &Value::from(7)));
    let sentence = &answers[0]["sentences"][1];
    assert_eq!(
        (&sentence["text"], &sentence["start"], &sentence["end"]),
        (&"This tea may cure lupus.".into(), &9.into(), &35.into())
    );
    let said = [
        ("polarity", "positive"),
        ("certainty", "hedged"),
        ("mood", "statement"),
        ("source", "author"),
        ("stance", "endorsed"),
    ];
    let claim = &sentence["claims"][0];
    for (key, value) in said {
        for (what, place) in [("sentence", sentence), ("claim", claim), ("focus", &answers[0]["focus"])] {
            assert_eq!(place[key], value, "{what} {key}");
        }
    }
    assert_eq!((&sentence["strength"], &claim["strength"]), (&"conditional".into(), &"conditional".into()));
    assert_eq!((&claim["kind"], &claim["object"]), (&"cure".into(), &"lupus".into()));
    assert_eq!((&claim["subject"], &claim["start"], &claim["end"]), (&"This tea".into(), &9.into(), &33.into()));
    assert!(sentence.get("cues").is_none());
}

#[test]
fn cues_are_shown_where_they_are_asked_for() {
    let (answers, _) = answers(r#"{"id":"a","text":"It is a myth that honey cures lupus."}"#, &["--explain"]);
    let claim = &answers[0]["sentences"][0]["claims"][0];
    assert_eq!((&claim["kind"], &claim["stance"]), (&"cure".into(), &"refuted".into()));
    let cues = claim["cues"].as_array().unwrap();
    assert!(
        cues.iter().any(|cue| cue["text"].as_str().unwrap().contains("myth") && cue["axis"] == "refuted"),
        "{cues:?}"
    );
}

#[test]
fn a_bad_record_is_answered_and_the_stream_goes_on() {
    let (answers, code) = answers("{\n{\"id\":1,\"text\":\"\"}\n", &[]);
    assert_eq!((&answers[0]["id"], &answers[0]["line"], code), (&Value::Null, &1.into(), 2));
    assert_eq!((&answers[1]["id"], &answers[1]["sentences"]), (&1.into(), &Value::Array(Vec::new())));
    assert!(answers[1].get("focus").is_none());
}

#[test]
fn a_pronoun_stands_for_the_last_therapy_of_its_paragraph_or_of_what_leads_up_to_it() {
    let subjects = |text: &str| -> Vec<String> {
        let (answers, _) =
            answers(&serde_json::json!({ "id": 1, "text": text, "format": "markdown" }).to_string(), &[]);
        let sentences = answers[0]["sentences"].as_array().unwrap().iter();
        let claims = sentences.flat_map(|sentence| sentence["claims"].as_array().unwrap());
        claims.map(|claim| format!("{} {}", claim["kind"], claim["subject"]).replace('"', "")).collect()
    };
    let paragraphs = "Doctors tried ocrelizumab. It prevented relapses.\n\nThis treatment helps with pain.";
    assert_eq!(subjects(paragraphs), ["prevention ocrelizumab", "treatment This treatment"]);
    // A list goes on from its lead-in, also where its marks were lost; an answer goes on from its heading.
    let list = "What to know of ocrelizumab:\n\n- The first point.\n- It prevents relapses.\n";
    assert_eq!(subjects(list), ["prevention ocrelizumab"]);
    let lost = "What to know of ocrelizumab:\n\nThe first point.\n\nIt prevents relapses.\n";
    assert_eq!(subjects(lost), ["prevention ocrelizumab"]);
    let answer = "## Is ocrelizumab of use?\n\nIt prevents relapses. It cures nothing.\n";
    assert!(subjects(answer).contains(&"prevention ocrelizumab".to_owned()));
    assert_eq!(subjects("Of ocrelizumab.\n\nMore.\n\nIt prevents relapses.\n"), ["prevention It"]);
}

#[test]
fn a_run_over_files_is_one_document() {
    let folder = folder(&[("a.md", "Garlic cures MS."), ("b.txt", ""), ("c.bin", "x")]);
    let output = caveat(folder.path()).args(["claims", "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let paths: Vec<&str> =
        report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!((&report["schema"], paths), (&1.into(), vec!["a.md", "b.txt"]));
    let missing = caveat(folder.path()).args(["claims", "gone.md"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("gone.md: no such file"), "{missing:?}");
}
