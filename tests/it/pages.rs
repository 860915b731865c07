//! Drafts that take figures and words from web pages, against servers that have such pages, and pages of other kinds.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::Site;

/// Enough text that a page is more than a frame.
const REST: &str = "<p>The text that you are reading is here to be read, and whoever wants to know more of it may ask the people who \
    wrote it. They answer letters as well as they can, though not on the same day, since there are many letters and few people. \
    Nothing on this page replaces the advice of somebody who knows you. If you feel ill, please see your doctor, and bring with \
    you what you have been taking, and since when. The pictures were taken by a neighbour. We thank all those who gave us their \
    time and their patience, and those who corrected our mistakes before anybody else could see them.</p><script>let a;</script>";
const RELAPSES: &str = "<p>Annual relapse rates fell by 46% with the drug.</p>";

fn page(body: &str) -> String {
    format!("<html lang=en><head><title>On relapses</title></head><body><h1>On relapses</h1>{body}{REST}</body></html>")
}

fn html(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(page(body), "text/html; charset=utf-8")
}

fn config(site: &Site) -> String {
    let services = ["clinicaltrials", "crossref", "doi", "europepmc", "pubmed"];
    let lines: String = services.map(|name| format!("[evidence.{name}]\nbase = \"{}\"\n", site.address(""))).concat();
    format!("[links]\nallow_private = true\ntimeout_seconds = 2\nretries = 0\n{lines}")
}

/// The draft's findings about figures and quotations, and the whole report.
fn lint(at: &Path, more: &[&str]) -> (Vec<String>, Value) {
    let select = ["lint", "--format", "json", "--today", "2026-03-01", "--select", "CAV713,CAV714,CAV715,CAV716"];
    let report = json(&caveat(at).args(select).args(more).arg("draft.md").output().unwrap());
    let line = |f: &Value| format!("{} {}", f["code"].as_str().unwrap(), f["message"].as_str().unwrap());
    let told = report["findings"].as_array().unwrap().iter().map(line).collect();
    (told, report)
}

/// What comes of a draft that takes 46% from a page that answers so: the findings, and how many questions stay open.
fn fares(figure: &str, response: ResponseTemplate) -> (Vec<String>, u64) {
    let site = Site::new();
    site.on("/page", response);
    let draft =
        format!("Annual relapse rates fell by {figure} with the drug, [they say]({}).\n", site.address("/page"));
    let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
    let (told, report) = lint(folder.path(), &["--refresh"]);
    drop(site);
    let (locked, again) = lint(folder.path(), &["--locked"]);
    assert_eq!((&told, &report["findings"], &report["summary"]), (&locked, &again["findings"], &again["summary"]));
    (told, report["summary"]["unchecked"].as_u64().unwrap())
}

#[test]
fn figures_are_held_against_the_page() {
    assert_eq!(fares("46%", html(RELAPSES)), (vec![], 0));
    let different = "CAV713 “64%”: the linked page has 46% (127.0.0.1)".to_owned();
    assert_eq!(fares("64%", html(RELAPSES)), (vec![different.clone()], 0));
    let absent = "CAV714 “64%” is not on the linked page (127.0.0.1)".to_owned();
    assert_eq!(fares("64%", html("<p>Nothing of the sort.</p>")), (vec![absent.clone()], 0));

    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(page(RELAPSES).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let gzip = ResponseTemplate::new(200).set_body_raw(packed, "text/html").insert_header("content-encoding", "gzip");
    assert_eq!(fares("64%", gzip), (vec![different.clone()], 0));

    // "µ" in ISO 8859-1 is no UTF-8.
    let latin: Vec<u8> = page("<p>The usual daily dose of the drug is 20 µg.</p>").chars().map(|c| c as u8).collect();
    let latin = || ResponseTemplate::new(200).set_body_raw(latin.clone(), "text/html; charset=iso-8859-1");
    let dose = |dose: &str, response| {
        let site = Site::new();
        site.on("/page", response);
        let draft = format!("The usual daily dose of the drug is {dose} ([page]({})).\n", site.address("/page"));
        let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
        lint(folder.path(), &[]).0
    };
    assert_eq!(dose("20 mcg", latin()), Vec::<String>::new());
    assert_eq!(dose("50 mcg", latin()), ["CAV713 “50 mcg”: the linked page has 20 µg (127.0.0.1)"]);
}

#[test]
fn what_cannot_be_read_is_unchecked() {
    let whole = |body: &str, kind: &str| ResponseTemplate::new(200).set_body_raw(body, kind);
    let scripted = "<html><title>App</title><div id=root>Loading</div><script src=app.js></script></html>";
    let huge = format!("{}{}", page(RELAPSES), "<p>More of it.</p>".repeat(500_000));
    let paid = format!("{RELAPSES}<script type='application/ld+json'>{{\"isAccessibleForFree\": false}}</script>");
    let pages = [
        whole(scripted, "text/html"),
        ResponseTemplate::new(403),
        html(RELAPSES).insert_header("cf-mitigated", "challenge"),
        ResponseTemplate::new(404).set_body_raw(page(RELAPSES), "text/html"),
        whole("%PDF-1.7 46%", "application/pdf"),
        whole("relapse rates fell by 46%", "text/plain"),
        whole(&huge, "text/html"),
        ResponseTemplate::new(503),
        html(&paid),
    ];
    let (site, count) = (Site::new(), pages.len() as u64);
    let mut draft = String::new();
    for (at, response) in pages.into_iter().enumerate() {
        site.on(&format!("/{at}"), response);
        let address = site.address(&format!("/{at}"));
        draft += &format!("Annual relapse rates fell by 64% with the drug, [they say]({address}).\n\n");
    }
    let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
    let (told, report) = lint(folder.path(), &["--refresh"]);
    // The last page was read, as far as it is shown.
    assert_eq!((told, report["summary"]["unchecked"].as_u64()), (vec![], Some(count - 1)));
    let why =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["answer"]["limits"].as_str().unwrap().to_owned();
    let lock = std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap();
    // A busy server says nothing of its page, and is not kept.
    let kept: Vec<String> = lock.lines().map(why).collect();
    assert_eq!(
        kept,
        [
            "the page is made by its scripts",
            "403 Forbidden",
            "200 OK, a wall against programs",
            "404 Not Found",
            "what stands there is application/pdf, which is not read",
            "what stands there is text/plain, which is not read",
            "the page is too long to be read",
            "the page shows strangers only its beginning",
        ]
    );
    drop(site);
    let (told, again) = lint(folder.path(), &["--locked"]);
    assert_eq!((told, &again["summary"]), (vec![], &report["summary"]));
}

const QUOTED: &str = "<p>“We saw <b>fewer</b> relapses in most\nof the&nbsp;patients after a year — and no\u{AD}thing worse,” said Ann Lee. \
    It was safe in the small group that was seen, and it helped most of those who took it.</p>";

#[test]
fn quotations_are_looked_up_on_the_page() {
    let quote = |words: &str| {
        let site = Site::new();
        site.on("/page", html(QUOTED));
        let draft = format!("“{words},” Lee [told the clinic]({}).\n", site.address("/page#lee"));
        let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
        lint(folder.path(), &[]).0
    };
    for verbatim in [
        "We saw fewer relapses in most of the patients after a year",
        "we saw *fewer*\nrelapses in most of the patients",
        "[T]he patients after a year, and nothing worse",
        "It was safe in the small group … and it helped most of those who took it",
        "It [the drug] was safe in the small group",
    ] {
        assert_eq!(quote(verbatim), Vec::<String>::new(), "{verbatim}");
    }
    assert_eq!(
        quote("We saw no relapses in most of the patients after a year"),
        [
            "CAV715 “We saw no relapses in most of the patients after a year”: the linked page has “We saw fewer relapses in \
             most of the patients after a year” (127.0.0.1); “fewer” has become “no”"
        ]
    );
    assert_eq!(
        quote("This will change how we treat everybody"),
        ["CAV716 the words “This will change how we treat everybody” are not on the linked page (127.0.0.1)"]
    );
}

#[test]
fn quotations_are_looked_up_in_summaries() {
    let site = Site::new();
    let found = r#"{"resultList":{"result":[{"source":"MED","title":"On walking","abstractText":"<h4>Results</h4>We found no clear benefit of walking in old age. More trials are needed."}]}}"#;
    site.mount(
        Mock::given(path("/search")).respond_with(ResponseTemplate::new(200).set_body_raw(found, "application/json")),
    );
    site.on("/esummary.fcgi", ResponseTemplate::new(404));
    let draft = "The authors wrote: “We found a clear benefit of walking in old age” (PMID: 4321).\n\n\
                 They also wrote that “more trials are needed” (PMID: 4321). “Nobody should walk in the rain,” they wrote \
                 (PMID: 4321).\n";
    let folder = folder(&[("draft.md", draft), ("caveat.toml", &config(&site))]);
    let (told, report) = lint(folder.path(), &["--refresh"]);
    let expected = [
        "CAV715 “We found a clear benefit of walking in old age”: the summary of the cited work has “We found no clear benefit of \
         walking in old age” (Europe PMC, pmid:4321); “no” has become “a”",
        "CAV716 the words “Nobody should walk in the rain” are not in the summary of the cited work (Europe PMC, pmid:4321)",
    ];
    assert_eq!(told, expected);
    // One request answers what the registry holds and where the three quotations stand.
    assert_eq!(site.requests().iter().filter(|request| *request == "GET /search").count(), 1);
    drop(site);
    assert_eq!(lint(folder.path(), &["--locked"]).1["findings"], report["findings"]);
}

#[test]
fn one_request_serves_the_link_its_place_and_its_figures() {
    let site = Site::new();
    site.on("/page", html(&format!("<h2 id=results>Results</h2>{RELAPSES}{QUOTED}")));
    site.on("/plain", html(RELAPSES));
    let address = |at: &str| site.address(at);
    let draft = format!(
        "Annual relapse rates fell by 46% with the drug, [they say]({}). “We saw no relapses in most of the patients,” Lee \
         [said]({}).\n\nThere is [more of it]({}), and [another page]({}).\n",
        address("/page#results"),
        address("/page"),
        address("/page#nowhere"),
        address("/plain")
    );
    let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
    let select = "CAV301,CAV302,CAV303,CAV713,CAV714,CAV715,CAV716";
    let run = |how: &str| {
        let arguments = ["lint", "--format", "json", "--today", "2026-03-01", "--select", select, how, "draft.md"];
        caveat(folder.path()).args(arguments).output().unwrap()
    };
    let first = run("--refresh");
    let rules: Vec<Value> = json(&first)["findings"].as_array().unwrap().iter().map(|f| f["rule"].clone()).collect();
    assert_eq!(rules, ["facts/quotation-differs", "sources/link-dead"], "{}", text(&first.stdout));
    let mut asked = site.requests();
    asked.sort();
    assert_eq!(asked, ["GET /page", "GET /plain"]);

    // Figures and verdicts are kept, and what the page has in place of the words; nothing else of its text.
    let lock = std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap();
    let kinds: Vec<&str> = lock.lines().map(|line| line.split('"').nth(1).unwrap()).collect();
    assert_eq!(kinds, ["link", "link", "link", "link", "page", "quoted"]);
    assert!(lock.contains(r#""text":"46%""#) && lock.contains("We saw fewer relapses"), "{lock}");
    assert!(!lock.contains("neighbour") && !lock.contains("small group"), "{lock}");
    drop(site);
    let locked = run("--locked");
    assert_eq!((text(&locked.stdout), locked.status.code()), (text(&first.stdout), first.status.code()));
}

#[test]
fn no_word_of_a_draft_is_sent() {
    let site = Site::new();
    site.on("/page", html(QUOTED));
    let draft = format!(
        "Unmistakable words of the draft: 77% of xylophonists improved, [they say]({0}). “We saw quixotic relapses in most of the \
         patients,” Lee [said]({0}); “zeppelins cure nearly everybody who rides them,” she added (PMID: 4321, doi:10.5555/one).\n",
        site.address("/page")
    );
    let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
    caveat(folder.path()).args(["lint", "--select", "ALL", "draft.md"]).output().unwrap();
    caveat(folder.path()).args(["claims", "draft.md"]).output().unwrap();
    let requests = site.runtime.block_on(site.server.received_requests()).unwrap();
    assert!(requests.len() >= 4, "{requests:?}");
    for request in requests {
        let sent = format!("{} {:?} {}", request.url, request.headers, text(&request.body)).to_lowercase();
        for word in ["unmistakable", "77", "xylophon", "quixotic", "relapse", "zeppelin", "patients", "rides"] {
            assert!(!sent.contains(word), "{word} in {sent}");
        }
    }
}

#[test]
fn claims_show_what_became_of_their_figures() {
    let site = Site::new();
    site.on(
        "/page",
        html("<p>Relapse rates fell by 46% with the drug.</p><p>Of all patients, 30% had a headache.</p>"),
    );
    site.on("/wall", ResponseTemplate::new(403));
    let (page, wall) = (site.address("/page"), site.address("/wall"));
    let draft = format!(
        "The drug cut relapses by 46% ([trial]({page})).\n\nIn the trial, 71% of patients slept better ([page]({page})).\n\n\
         In the trial, 46% of patients slept better ([page]({wall})).\n"
    );
    let folder = folder(&[("draft.md", &draft), ("caveat.toml", &config(&site))]);
    let output = caveat(folder.path()).args(["claims", "--format", "json", "draft.md"]).output().unwrap();
    let claims = json(&output);
    let sentences = claims["files"][0]["sentences"].as_array().or(claims["sentences"].as_array()).unwrap().clone();
    let verdicts: Vec<(String, String)> = sentences
        .iter()
        .flat_map(|sentence| sentence["claims"].as_array().unwrap().clone())
        .filter(|claim| matches!(claim["kind"].as_str().unwrap(), "statistic" | "count"))
        .map(|claim| {
            let detail = claim["evidence"][0]["detail"].as_str().unwrap_or("").to_owned();
            (claim["verdict"].as_str().unwrap_or("").to_owned(), detail)
        })
        .collect();
    let expected =
        [("supported", "46%"), ("unverifiable", "not on the page"), ("unchecked", "not read: 403 Forbidden")];
    assert_eq!(verdicts, expected.map(|(verdict, detail)| (verdict.to_owned(), detail.to_owned())));
}
