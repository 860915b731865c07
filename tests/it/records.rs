//! Drafts that name works and trials, against servers that answer as the registries do.

use serde_json::Value;
use wiremock::matchers::{path, query_param, query_param_contains};
use wiremock::{Mock, ResponseTemplate};

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::Site;

const DRAFT: &str = "The first paper ([journal](https://doi.org/10.5555/gone)) is cited a lot.

So is the second (PMID: 4321), and the third is doi:10.5555/typo.

The trial NCT01234567 is now recruiting adults. Another one, NCT07654321, is recruiting too.
";

/// A stand-in for all registries, under one address.
fn registries() -> Site {
    let site = Site::new();
    let json = |body: &str| ResponseTemplate::new(200).set_body_raw(body, "application/json");
    let missing = || ResponseTemplate::new(404).set_body_raw("Resource not found.", "application/json");
    site.on(
        "/works/10.5555%2Fgone",
        json(r#"{"message":{"DOI":"10.5555/gone","title":["On gin"],"updated-by":[{"type":"correction"}]}}"#),
    );
    site.on("/works/10.5555%2Ftypo", missing());
    site.on("/api/handles/10.5555/typo", ResponseTemplate::new(404).set_body_string(r#"{"responseCode":100}"#));
    let search = |part: &str, body: &str| {
        site.mount(Mock::given(path("/search")).and(query_param_contains("query", part)).respond_with(json(body)));
    };
    let retracted =
        r#"{"resultList":{"result":[{"source":"MED","pubTypeList":{"pubType":["Retracted Publication"]}}]}}"#;
    search("gone", retracted);
    search("typo", r#"{"resultList":{"result":[]}}"#);
    search("4321", r#"{"resultList":{"result":[{"source":"MED"}]}}"#);
    let concern = r#"{"result":{"uids":["4321"],"4321":{"references":[{"reftype":"Expression of concern in"}]}}}"#;
    site.mount(Mock::given(path("/esummary.fcgi")).and(query_param("id", "4321")).respond_with(json(concern)));
    let trial =
        |status: &str| json(&format!(r#"{{"protocolSection":{{"statusModule":{{"overallStatus":"{status}"}}}}}}"#));
    site.on("/studies/NCT01234567", trial("ACTIVE_NOT_RECRUITING"));
    site.on("/studies/NCT07654321", trial("RECRUITING"));
    site
}

fn config(base: &str) -> String {
    let services = ["clinicaltrials", "crossref", "doi", "europepmc", "pubmed"];
    let lines: String = services.map(|name| format!("[evidence.{name}]\nbase = \"{base}\"\n")).concat();
    format!("[links]\nallow_private = true\ntimeout_seconds = 2\n{lines}")
}

fn told(report: &Value) -> Vec<String> {
    let line = |f: &Value| format!("{} {}", f["rule"].as_str().unwrap(), f["message"].as_str().unwrap());
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

const LINT: [&str; 8] =
    ["lint", "--format", "json", "--today", "2026-03-01", "--select", "CAV313,CAV314,CAV315,CAV708", "draft.md"];

#[test]
fn registries_are_asked_and_the_worse_counts() {
    let site = registries();
    let folder = folder(&[("caveat.toml", &config(&site.address(""))), ("draft.md", DRAFT)]);
    let output = caveat(folder.path()).args(LINT).output().unwrap();
    let expected = [
        "sources/source-retracted doi:10.5555/gone has been retracted (Crossref: corrected; Europe PMC: retracted)",
        "sources/source-concern there is an expression of concern about pmid:4321 (PubMed: expression of concern; Europe PMC: nothing against it)",
        "sources/identifier-invalid no registry knows doi:10.5555/typo (Crossref: unknown there; Europe PMC: unknown there; doi.org: unknown there)",
        "facts/live-mismatch the registry does not list NCT01234567 as recruiting (ClinicalTrials.gov: active, not recruiting)",
    ];
    assert_eq!(
        (told(&json(&output)), &json(&output)["summary"]["unchecked"]),
        (expected.map(str::to_owned).to_vec(), &0.into())
    );
    // Only identifiers leave the machine.
    let asked = site.requests();
    assert!(asked.iter().all(|request| request.starts_with("GET /")), "{asked:?}");

    let offline = caveat(folder.path()).args(LINT).arg("--offline").output().unwrap();
    assert_eq!((told(&json(&offline)), &json(&offline)["summary"]["unchecked"]), (vec![], &8.into()));
}

#[test]
fn a_locked_run_repeats_the_findings_with_every_registry_down() {
    let site = registries();
    let folder = folder(&[("caveat.toml", &config(&site.address(""))), ("draft.md", DRAFT)]);
    let first = caveat(folder.path()).args(LINT).arg("--refresh").output().unwrap();
    let lock = std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap();
    assert_eq!(lock.lines().count(), 9, "{lock}");
    drop(site);
    let locked = caveat(folder.path()).args(LINT).arg("--locked").output().unwrap();
    assert_eq!((text(&locked.stdout), locked.status.code()), (text(&first.stdout), first.status.code()));

    // With the registries down a refresh takes nothing away and says the same.
    let refreshed = caveat(folder.path()).args(LINT).arg("--refresh").output().unwrap();
    assert_eq!(text(&refreshed.stdout), text(&first.stdout));
    assert_eq!(std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap(), lock);
}

#[test]
fn what_no_registry_answers_is_unchecked() {
    let site = Site::new();
    let busy = r#"{"error":"API rate limit exceeded","count":"4","limit":"3"}"#;
    site.on("/esummary.fcgi", ResponseTemplate::new(200).set_body_raw(busy, "application/json"));
    site.on("/search", ResponseTemplate::new(200).set_body_raw("<html>maintenance</html>", "text/html"));
    let folder = folder(&[("caveat.toml", &config(&site.address(""))), ("draft.md", "See PMID 4321.\n")]);
    let output = caveat(folder.path()).args(LINT).output().unwrap();
    assert_eq!((told(&json(&output)), &json(&output)["summary"]["unchecked"]), (vec![], &2.into()));
    // Being told to slow down is worth two more tries, a page that cannot be read is not.
    assert_eq!(site.requests().iter().filter(|request| *request == "GET /esummary.fcgi").count(), 3);
    assert_eq!(site.requests().iter().filter(|request| *request == "GET /search").count(), 1);
}

#[test]
fn the_environment_names_a_service_s_address_too() {
    let site = registries();
    let config = "[links]\nallow_private = true\n[evidence.clinicaltrials]\nbase = \"http://127.0.0.1:9\"\n";
    let folder = folder(&[("caveat.toml", config), ("draft.md", "The trial NCT01234567 is recruiting.\n")]);
    let mut run = caveat(folder.path());
    let output = run.args(LINT).env("CAVEAT_EVIDENCE_CLINICALTRIALS_BASE", site.address("")).output().unwrap();
    assert_eq!(told(&json(&output)).len(), 1, "{}", text(&output.stderr));
}

#[test]
fn figures_are_held_against_the_summary_of_what_is_cited() {
    let site = Site::new();
    let reply = |body: &str| ResponseTemplate::new(200).set_body_raw(body, "application/json");
    let found = r#"{"resultList":{"result":[{"source":"MED","title":"On walking","abstractText":"<h4>Results</h4>Of 120 participants, 12 of 26 (46.2%) walked without help; fatigue was reported by 11%."}]}}"#;
    site.mount(Mock::given(path("/search")).respond_with(reply(found)));
    site.on("/esummary.fcgi", reply(r#"{"result":{"uids":["4321"],"4321":{"title":"On walking"}}}"#));
    let draft = "Almost half walked without help (PMID: 4321). In all, 46% walked without help (PMID: 4321).\n\n\
                 Fatigue was reported by 31% (PMID: 4321). Sleep was better in 80% (PMID: 4321).\n";
    let folder = folder(&[("draft.md", draft), ("caveat.toml", &config(&site.address("")))]);
    let lint = |more: &[&str]| {
        let select = ["lint", "--format", "json", "--today", "2026-03-01", "--select", "CAV713,CAV714", "draft.md"];
        json(&caveat(folder.path()).args(select).args(more).output().unwrap())
    };
    let live = lint(&["--refresh"]);
    assert_eq!(
        told(&live),
        [
            "facts/figure-differs “31%”: the summary of the cited work has 11% (Europe PMC, pmid:4321)",
            "facts/figure-not-in-source “80%” is not in the summary of the cited work (Europe PMC, pmid:4321)",
        ]
    );
    assert_eq!(live["findings"][0]["evidence"][0]["url"], "https://pubmed.ncbi.nlm.nih.gov/4321/");
    let lock = std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap();
    assert!(lock.contains(r#""text":"12 of 26""#) && !lock.contains("fatigue was reported"), "{lock}");
    drop(site);
    assert_eq!(lint(&["--locked"])["findings"], live["findings"]);
}
