//! Official bulk files: imported, shown, used where drafts are judged, and replaced.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{caveat, folder, json, text};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bulk").join(name)
}

/// Every source with our files in its shape.
const SOURCES: [(&str, &[&str]); 6] = [
    ("drugsfda", &["drugsfda"]),
    ("purplebook", &["purplebook.csv"]),
    ("ema", &["ema-medicines.csv"]),
    ("ctgov", &["ctgov.json", "ctgov.csv"]),
    ("retraction-watch", &["retraction_watch.csv"]),
    ("do", &["doid.obo"]),
];

/// The program with imported facts of its own in `folder`.
fn program(folder: &TempDir) -> Command {
    let mut command = caveat(folder.path());
    command.env("CAVEAT_IMPORTED_FACTS", folder.path().join("own/facts.bin"));
    command
}

fn import(folder: &TempDir, source: &str, files: &[&str], more: &[&str]) -> Output {
    let mut command = program(folder);
    command.args(["facts", "import", source]).args(files.iter().map(|name| fixture(name)));
    command.args(["--format", "json"]).args(more).output().unwrap()
}

/// A folder with this draft, in which all sources are imported.
fn imported(draft: &str) -> TempDir {
    let folder = folder(&[("draft.md", draft)]);
    for (source, files) in SOURCES {
        let output = import(&folder, source, files, &["--as-of", "2026-11-01"]);
        assert_eq!(output.status.code(), Some(0), "{source}: {}", text(&output.stderr));
    }
    folder
}

fn verdicts(output: &Output) -> Vec<String> {
    let files = json(output)["files"].clone();
    let sentences = files.as_array().unwrap().iter().flat_map(|file| file["sentences"].as_array().unwrap().clone());
    let claims = sentences.flat_map(|sentence| sentence["claims"].as_array().unwrap().clone());
    claims.filter(|c| c["kind"] == "approval").map(|c| c["verdict"].as_str().unwrap_or("").to_owned()).collect()
}

const APPROVALS: &str = "Zantrelo is approved by the FDA. Ostrivan is approved in Europe.

Peluva is approved in the EU. Peluva was once approved in the EU. Drovanta is not approved in Europe.

Zantrelo is approved by the FDA for lupus. Zantrelo was approved by the FDA in 2019. Today is approved by the FDA.
";

#[test]
fn approvals_are_judged_by_records_where_the_fact_base_is_silent() {
    let folder = imported(APPROVALS);
    let claims = |more: &[&str]| program(&folder).args(["claims", "--format", "json", "draft.md"]).args(more).output();
    let today = ["--offline", "--today", "2026-11-25"];
    let unknown = "unverifiable";
    let expected = ["supported", "contradicted", "contradicted", "supported", "supported", unknown, unknown, unknown];
    assert_eq!(verdicts(&claims(&today).unwrap()), expected);
    // What only this user has must not change a run that is to be the same everywhere.
    let isolated = [&today[..], &["--isolated"]].concat();
    assert_eq!(verdicts(&claims(&isolated).unwrap()), [unknown; 8]);
    // An article of 2018 knew no Zantrelo.
    std::fs::write(folder.path().join("draft.md"), "---\ndate: 2018-05-01\n---\n\nZantrelo is approved by the FDA.\n")
        .unwrap();
    assert_eq!(verdicts(&claims(&today).unwrap()), ["contradicted"]);
}

#[test]
fn a_project_s_own_file_counts_in_every_run_but_an_isolated_one() {
    let folder = folder(&[
        ("caveat.toml", "imported-facts = \"facts.bin\"\n"),
        ("caveat.lock", ""),
        ("draft.md", "Ostrivan is approved in Europe.\n"),
    ]);
    let claims = |more: &[&str]| {
        let mut command = program(&folder);
        command.args(["claims", "--format", "json", "--today", "2026-11-25", "draft.md"]).args(more).output().unwrap()
    };
    let missing = claims(&["--locked"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("there is no such file"), "{}", text(&missing.stderr));
    let output = import(&folder, "ema", &["ema-medicines.json"], &[]);
    assert_eq!(json(&output)["as_of"], "2026-11-05", "the file says from when it is");
    assert!(folder.path().join("facts.bin").is_file(), "it is kept where caveat.toml says");
    assert_eq!(verdicts(&claims(&["--locked"])), ["contradicted"]);
    assert_eq!(verdicts(&claims(&["--isolated", "--offline"])), ["unverifiable"]);
}

#[test]
fn retractions_and_trials_are_known_without_a_network() {
    let draft = "# Bone sand disease

Zantrelib cures alveolar crumble disease (doi:10.5555/imagined.1).

A second paper (doi:10.5555/imagined.2), a third that was restored (PMID: 777), and one that nobody lists (PMID: 778).

The trial NCT99000002 is recruiting. NCT99000001 is recruiting too.
";
    let folder = imported(draft);
    let lint = ["lint", "--offline", "--today", "2026-11-25", "--format", "json"];
    let output = program(&folder).args(lint).args(["--select", "CAV313,CAV314,CAV708,cure-claim"]).output().unwrap();
    let report = json(&output);
    let findings = report["findings"].as_array().unwrap();
    let told: Vec<&str> = findings.iter().map(|f| f["message"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [
            "“Zantrelib cures alveolar crumble disease” says that this can be cured",
            "doi:10.5555/imagined.1 has been retracted (Retraction Watch: retracted, as of 2026-11-01)",
            "there is an expression of concern about doi:10.5555/imagined.2 (Retraction Watch: expression of concern, as of 2026-11-01)",
            "the registry does not list NCT99000002 as recruiting (ClinicalTrials.gov: terminated, as of 2026-11-01)",
        ]
    );
    let evidence = &findings[1]["evidence"][0];
    assert_eq!((&evidence["source"], &evidence["date"]), (&"Retraction Watch".into(), &"2026-11-01".into()));
    // Two registries for each of four works stay unasked; trials are answered.
    assert_eq!(report["summary"]["unchecked"], 8);
}

#[test]
fn importing_again_replaces_and_says_the_same() {
    let folder = imported("Words.");
    let bytes = || std::fs::read(folder.path().join("own/facts.bin")).unwrap();
    let first = bytes();
    let again = import(&folder, "ema", &["ema-medicines.csv"], &["--as-of", "2026-11-01"]);
    assert_eq!((again.status.code(), bytes() == first), (Some(0), true));

    let older = import(&folder, "ema", &["ema-medicines.csv"], &["--as-of", "2026-10-01"]);
    assert_eq!((older.status.code(), bytes() == first), (Some(2), true));
    assert!(text(&older.stderr).contains("--allow-older"), "{}", text(&older.stderr));

    let newer = import(&folder, "ema", &["ema-medicines.json"], &["--as-of", "2026-12-01"]);
    let of = |report: &Value, source: &str| {
        let parts = report["parts"].as_array().unwrap().iter();
        parts.clone().find(|part| part["source"] == source).map(|part| part["records"].clone())
    };
    let report = json(&newer);
    assert_eq!((of(&report, "ema"), of(&report, "drugsfda")), (Some(2.into()), Some(4.into())));
    let shown = program(&folder).args(["facts", "show", "Peluva"]).output().unwrap();
    assert_eq!(shown.status.code(), Some(2), "the newer file has it no more: {}", text(&shown.stdout));
}

#[test]
fn what_is_imported_is_shown_with_its_source() {
    let folder = imported("Words.");
    let show = |name: &str| program(&folder).args(["facts", "show", name, "--format", "json"]).output().unwrap();
    let of = |name: &str| {
        let records = json(&show(name))["imported"].as_array().unwrap().clone();
        records.iter().map(|r| format!("{} {}", r["source"].as_str().unwrap(), r["kind"].as_str().unwrap())).collect()
    };
    let records: Vec<String> = of("zantrelo");
    assert_eq!(records, ["drugsfda product", "ema product"]);
    let records: Vec<String> = of("NCT99000003");
    assert_eq!(records, ["ctgov trial"]);
    let records: Vec<String> = of("10.5555/IMAGINED.3");
    assert_eq!(records, ["retraction-watch notice"; 2]);
    let records: Vec<String> = of("crumbling alveoli");
    assert_eq!(records, ["do disease"]);
    let listed = program(&folder).args(["facts", "imported"]).output().unwrap();
    let listed = text(&listed.stdout);
    assert!(
        listed.lines().count() == 7 && listed.contains("EMA                as of 2026-11-01, 5 records"),
        "{listed}"
    );
    // The fact base comes first, and its page stays what it is.
    let page = program(&folder).args(["facts", "show", "multiple sclerosis"]).output().unwrap();
    let page = text(&page.stdout);
    let (base, record) = (page.find("multiple sclerosis (ms)"), page.find("bone sand disease (DOID:9900002)"));
    assert!(base.is_some() && base < record, "{page}");
}

#[test]
fn the_report_tells_what_was_left_out_and_what_differs() {
    let folder = folder(&[]);
    let report = json(&import(&folder, "drugsfda", &["drugsfda"], &["--as-of", "2026-11-01"]));
    assert_eq!((&report["rows"], &report["records"]), (&22.into(), &4.into()));
    assert_eq!(report["left_out"]["applications for copies (ANDA)"], 1);
    assert_eq!(report["names"]["left_out"]["an ordinary word"]["examples"][0], "Today");
    assert_eq!(report["names"]["left_out"]["an everyday substance"]["count"], 2);
    assert_eq!(report["problems"].as_array().unwrap().len(), 0);
    let report = json(&import(&folder, "do", &["doid.obo"], &[]));
    let difference = &report["differences"][0];
    assert_eq!((&difference["entity"], &difference["field"]), (&"ms".into(), &"names".into()), "{report}");

    // A brand that the base knows, with another day and with none of its own.
    let products = "ApplNo\tProductNo\tForm\tDrugName\tActiveIngredient\n761053\t1\tX\tOCREVUS\tOCRELIZUMAB\n";
    let submissions = "ApplNo\tSubmissionType\tSubmissionStatus\tSubmissionStatusDate\n761053\tORIG\tAP\t2017-03-29\n";
    let applications = "ApplNo\tApplType\tSponsorName\n761053\tBLA\tGENENTECH\n";
    for (name, table) in [("p.txt", products), ("s.txt", submissions), ("a.txt", applications)] {
        std::fs::write(folder.path().join(name), table).unwrap();
    }
    let mut command = program(&folder);
    let output = command.args(["facts", "import", "drugsfda", "p.txt", "s.txt", "a.txt"]).output().unwrap();
    let told = "Ocrevus (ocrelizumab), first approval: the base says 2017-03-28, Drugs@FDA 2017-03-29 (BLA761053)";
    let page = text(&output.stdout);
    // What other files say differently has been told when they were imported.
    assert!(page.contains(told) && !page.contains("multiple sclerosis"), "{page}");
}

#[test]
fn damaged_rows_are_told_with_their_lines_and_the_others_count() {
    let table = std::fs::read_to_string(fixture("retraction_watch.csv")).unwrap();
    let table = table.replace("Expression of concern", "Shrug") + "8,cut off\n";
    let folder = folder(&[("rw.csv", &table), ("letter.txt", "Dear reader,\nthis is a letter.\n")]);
    let output = program(&folder).args(["facts", "import", "retraction-watch", "rw.csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let page = text(&output.stdout);
    assert!(
        page.contains("rw.csv:3: “Shrug” is no kind of notice") && page.contains("rw.csv:8: This row has"),
        "{page}"
    );
    assert!(page.contains("4 records kept"), "{page}");

    std::fs::write(folder.path().join("book.xlsx"), b"PK\x03\x04rest").unwrap();
    for (file, says) in [
        ("letter.txt", "this is not Retraction Watch's table"),
        ("book.xlsx", "an archive or an Excel workbook"),
        ("gone.csv", "no such file"),
    ] {
        let output = program(&folder).args(["facts", "import", "retraction-watch", file]).output().unwrap();
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(says) && told.contains("help:"), "{file}: {told}");
    }
}

#[test]
fn a_file_that_cannot_be_used_ends_the_run_and_says_what_to_do() {
    let folder = imported("Words.");
    let path = folder.path().join("own/facts.bin");
    let good = std::fs::read(&path).unwrap();
    let mut newer = good.clone();
    newer[13] += 1;
    for (bytes, says) in [
        (&good[..good.len() / 2], "its checksum does not fit"),
        (&newer[..], "written by a newer caveat"),
        (b"a letter", "no file of imported facts"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let output = program(&folder).args(["lint", "--offline", "draft.md"]).output().unwrap();
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(says) && told.contains("help:"), "{told}");
    }
    // What a newer program wrote, or is something else, is not written over; what is damaged is.
    assert_eq!(import(&folder, "do", &["doid.obo"], &[]).status.code(), Some(2));
    std::fs::write(&path, &good[..good.len() / 2]).unwrap();
    let output = import(&folder, "do", &["doid.obo"], &[]);
    assert!(output.status.code() == Some(0) && text(&output.stderr).contains("started anew"));
}
