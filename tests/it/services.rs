//! Claims that the fact base is silent on, held against what services hold under the names in them: approvals, labels,
//! trials. The servers answer as the services do.

use serde_json::{Value, json as value};
use wiremock::matchers::{path, query_param, query_param_contains};
use wiremock::{Mock, ResponseTemplate};

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::Site;

const LIST: &str = "/medicines-output-medicines_json-report_en.json";

fn answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_string(), "application/json")
}

/// openFDA says "none" with a 404.
fn none() -> ResponseTemplate {
    let body = r#"{"error":{"code":"NOT_FOUND","message":"No matches found!"}}"#;
    ResponseTemplate::new(404).set_body_raw(body, "application/json")
}

fn application(number: &str, brand: &str, substance: &str, status: &str, day: &str) -> Value {
    let parts: Vec<Value> = substance.split("; ").map(|part| value!({ "name": part })).collect();
    value!({
        "application_number": number,
        "sponsor_name": "A MAKER",
        "products": [{ "brand_name": brand, "active_ingredients": parts }],
        "submissions": [
            { "submission_type": "SUPPL", "submission_status": "AP", "submission_status_date": "20010101" },
            { "submission_type": "ORIG", "submission_status": status, "submission_status_date": day },
        ],
    })
}

fn label(brand: &str, version: &str, uses: &str, boxed: bool) -> Value {
    let mut label = value!({
        "set_id": "1-2-3",
        "effective_time": version,
        "indications_and_usage": [uses],
        "openfda": { "brand_name": [brand], "generic_name": [brand] },
    });
    if boxed {
        label["boxed_warning"] = value!(["WARNING: HARM"]);
    }
    label
}

fn medicine(name: &str, substance: &str, status: &str, day: &str) -> Value {
    value!({
        "category": ["Human"], "name_of_medicine": [name], "active_substance": [substance],
        "ema_product_number": ["EMEA/H/C/009999"], "medicine_status": [status],
        "marketing_authorisation_date": [if status == "Authorised" { day } else { "" }],
        "refusal_of_marketing_authorisation_date": [if status == "Refused" { day } else { "" }],
    })
}

fn trials(statuses: &[&str]) -> Value {
    let study = |(n, status): (usize, &&str)| {
        value!({ "protocolSection": {
            "identificationModule": { "nctId": format!("NCT0000000{n}") },
            "statusModule": { "overallStatus": status },
        }})
    };
    value!({ "totalCount": statuses.len(), "studies": statuses.iter().enumerate().map(study).collect::<Vec<_>>() })
}

/// Stand-ins for openFDA, EMA and ClinicalTrials.gov under one address. What they know has been made up.
fn services() -> Site {
    let site = Site::new();
    let of = |at: &str, name: &str, response: ResponseTemplate| {
        site.mount(Mock::given(path(at)).and(query_param_contains("search", name)).respond_with(response));
    };
    let some = |results: Vec<Value>| answer(&value!({ "meta": {}, "results": results }));
    let (applications, labels) = ("/drug/drugsfda.json", "/drug/label.json");
    of(
        applications,
        "zyxofirmab",
        some(vec![
            application("BLA999999", "ZYXO", "ZYXOFIRMAB", "AP", "20190301"),
            application("ANDA000001", "ZYXOFIRMAB", "ZYXOFIRMAB", "AP", "20000101"),
            application("BLA999998", "ZYXOPLUS", "ZYXOFIRMAB; OTHERIMAB", "AP", "20100101"),
        ]),
    );
    of(applications, "vexolimab", some(vec![application("BLA999997", "VEXO", "VEXOLIMAB", "TA", "20190301")]));
    of(applications, "quexamab", none());
    of(applications, "busimab", ResponseTemplate::new(429).insert_header("retry-after", "3600"));
    of(applications, "brokimab", ResponseTemplate::new(200).set_body_raw("<h1>Maintenance</h1>", "application/json"));
    let uses = "ZYXO is indicated for lupus nephritis and gout. Limitations: it is not indicated for asthma.";
    of(
        labels,
        "zyxofirmab",
        some(vec![
            label("ZYXOFIRMAB", "20240101", uses, true),
            label("ZYXOFIRMAB AND OTHERIMAB", "20250101", "For asthma.", false),
        ]),
    );
    of(labels, "quexamab", some(vec![label("QUEXAMAB", "20240101", "For psoriasis.", false)]));
    site.on(
        LIST,
        answer(&value!({ "timestamp": "2026-02-01T06:00:00", "data": [
            medicine("Zyxo", "zyxofirmab", "Authorised", "17/07/2020"),
            medicine("Vexo", "vexolimab", "Refused", "01/02/2021"),
        ]})),
    );
    let study = |therapy: &str, body: &Value| {
        let named = query_param("query.intr", format!("\"{therapy}\""));
        site.mount(Mock::given(path("/studies")).and(named).respond_with(answer(body)));
    };
    study("kyv-101", &trials(&["COMPLETED", "RECRUITING", "ACTIVE_NOT_RECRUITING"]));
    study("zyxofirmab", &trials(&["COMPLETED", "TERMINATED"]));
    study("quexamab", &trials(&[]));
    site
}

fn config(base: &str) -> String {
    let at = |name: &str| format!("[evidence.{name}]\nbase = \"{base}\"\n");
    format!(
        "[links]\nallow_private = true\ntimeout_seconds = 2\n{}",
        ["openfda", "ema", "clinicaltrials"].map(at).concat()
    )
}

/// What each sentence gets, and words of the evidence.
const CASES: &[(&str, &str, &str)] = &[
    ("Zyxofirmab is approved by the FDA.", "supported", "BLA999999: first approved on 2019-03-01"),
    ("Zyxofirmab is approved by the EMA.", "supported", "first approved on 2020-07-17"),
    ("Vexolimab is approved by the EMA.", "contradicted", "refused on 2021-02-01"),
    // A tentative approval is none, and that nothing is found says nothing.
    ("Vexolimab is approved by the FDA.", "unverifiable", ""),
    ("Quexamab is approved by the FDA.", "unverifiable", ""),
    ("Busimab is approved by the FDA.", "unverifiable", ""),
    ("Brokimab is approved by the FDA.", "unverifiable", ""),
    ("Zyxofirmab is approved by the FDA for gout.", "supported", "the label names gout"),
    ("Zyxofirmab is approved by the FDA for asthma.", "unverifiable", "the label does not name asthma"),
    ("Zyxofirmab is not approved by the FDA for gout.", "contradicted", "the label names gout"),
    ("Zyxofirmab has no boxed warning.", "contradicted", "with a boxed warning, version of 2024-01-01"),
    ("Quexamab has no boxed warning.", "supported", "without a boxed warning"),
    (
        "KYV-101 trials are recruiting.",
        "supported",
        "of 3 registered trials of kyv-101 1 takes participants (NCT00000001",
    ),
    ("Trials of zyxofirmab are now recruiting.", "contradicted", "of 2 registered trials of zyxofirmab none"),
    ("Trials of quexamab are now recruiting.", "unverifiable", "of 0 registered trials"),
];

fn claims(folder: &std::path::Path, mode: &[&str]) -> std::process::Output {
    let always = ["claims", "--format", "json", "--today", "2026-03-01", "draft.md"];
    caveat(folder).args(always).args(mode).output().unwrap()
}

#[test]
fn claims_are_held_against_what_services_hold() {
    let site = services();
    let draft: String = CASES.iter().map(|(sentence, ..)| format!("{sentence}\n\n")).collect();
    let folder = folder(&[("caveat.toml", &config(&site.address(""))), ("draft.md", &draft)]);
    let first = claims(folder.path(), &["--refresh"]);
    let report = json(&first);
    let sentences = report["files"][0]["sentences"].as_array().unwrap();
    let mut wrong = Vec::new();
    for ((sentence, verdict, words), row) in CASES.iter().zip(sentences) {
        assert_eq!(row["text"], *sentence);
        let claim = row["claims"].as_array().unwrap().iter().find(|claim| claim["kind"] != "treatment");
        let got = claim.map_or("no claim".to_owned(), |claim| claim["verdict"].as_str().unwrap_or("-").to_owned());
        let detail = claim.map(|claim| claim["evidence"].to_string().to_lowercase()).unwrap_or_default();
        if got != *verdict || !detail.contains(&words.to_lowercase()) {
            wrong.push(format!("{sentence} {got}, not {verdict}: {detail}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // Names leave the machine and nothing else of a draft; EMA's list is fetched once.
    let received = site.runtime.block_on(site.server.received_requests()).unwrap();
    let asked: Vec<String> = received.iter().map(|request| request.url.to_string()).collect();
    assert_eq!(asked.iter().filter(|url| url.contains(LIST)).count(), 1);
    for words in ["approved", "boxed", "recruiting", "trials%20of", "now"] {
        assert!(!asked.iter().any(|url| url.to_lowercase().contains(words)), "{words} in {asked:#?}");
    }
    // The servers are gone: the lock says the same, byte for byte.
    drop(site);
    let again = claims(folder.path(), &["--locked"]);
    assert_eq!(text(&again.stdout), text(&first.stdout));
}

#[test]
fn a_finding_rests_on_what_a_service_holds() {
    let site = services();
    let draft = "Zyxofirmab has no boxed warning.\n";
    let settings = config(&site.address(""));
    let folder = folder(&[("caveat.toml", &settings), ("draft.md", draft)]);
    let lint = |mode: &[&str]| {
        let always = ["lint", "--format", "json", "--select", "CAV701", "--today", "2026-03-01", "draft.md"];
        caveat(folder.path()).args(always).args(mode).output().unwrap()
    };
    let first = lint(&["--refresh"]);
    let report = json(&first);
    assert_eq!((report["findings"][0]["code"].as_str(), &report["summary"]["unchecked"]), (Some("CAV701"), &0.into()));
    assert_eq!(report["findings"][0]["evidence"][0]["source"], "openFDA");
    assert_eq!(lint(&["--locked"]).stdout, first.stdout);
    // An article that is older than this version of the label is not judged by it.
    std::fs::write(folder.path().join("draft.md"), format!("---\ndate: 2023-05-01\n---\n{draft}")).unwrap();
    assert_eq!(json(&lint(&["--locked"]))["findings"], value!([]));

    // A service that is not to be asked is not, and the claim counts as unchecked.
    let silent = settings.replace("[evidence.openfda]", "[evidence.openfda]\nask = false");
    std::fs::write(folder.path().join("caveat.toml"), silent).unwrap();
    std::fs::remove_file(folder.path().join("caveat.lock")).unwrap();
    let before = site.requests().len();
    let report = json(&lint(&[]));
    assert_eq!((&report["findings"], &report["summary"]["unchecked"]), (&value!([]), &1.into()));
    assert_eq!(site.requests().len(), before);
}
