//! The real client against a real server: what each behaviour of a link is called.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use caveat::evidence::links::{LinkAnswer, LinkVerdict};
use caveat::evidence::{Answer, Question};
use caveat::net::{Client, NetConfig, Progress};

use crate::cli::{caveat, folder, json};
use crate::server::Server;

fn config() -> NetConfig {
    NetConfig {
        allow_private: true,
        timeout: Duration::from_millis(800),
        requests_per_second: None,
        max_retry_after: Duration::from_secs(2),
        ..NetConfig::default()
    }
}

fn ask(config: NetConfig, urls: &[String]) -> Vec<Option<LinkAnswer>> {
    let questions: Vec<Question> = urls.iter().map(|url| Question::Link { url: url.clone() }).collect();
    let answers = Client::new(config).unwrap().answer(&questions, &|_: Progress<'_>| {});
    let link = |question| match answers.get(question) {
        Some(Answer::Link(answer)) => Some(answer.clone()),
        _ => None,
    };
    questions.iter().map(link).collect()
}

/// Path, verdict, and a part of the reason.
const BEHAVIOURS: &[(&str, LinkVerdict, &str)] = &[
    ("/ok", LinkVerdict::Ok, "200"),
    ("/empty", LinkVerdict::Ok, "204"),
    ("/gone", LinkVerdict::Broken, "404 Not Found"),
    ("/gone-for-good", LinkVerdict::Broken, "410 Gone"),
    ("/failing", LinkVerdict::Broken, "500"),
    ("/teapot", LinkVerdict::Broken, "418"),
    ("/gateway", LinkVerdict::Unverifiable, "502"),
    ("/wall", LinkVerdict::Unverifiable, "403 Forbidden"),
    ("/login", LinkVerdict::Unverifiable, "401"),
    ("/law", LinkVerdict::Unverifiable, "451"),
    ("/network", LinkVerdict::Unverifiable, "999"),
    ("/moved", LinkVerdict::Moved, "/end"),
    ("/moved-308", LinkVerdict::Moved, "/end"),
    ("/chain", LinkVerdict::Moved, "/end"),
    ("/found", LinkVerdict::Ok, "200"),
    ("/temporary", LinkVerdict::Ok, "200"),
    ("/other", LinkVerdict::Ok, "200"),
    ("/mixed", LinkVerdict::Ok, "200"),
    ("/to-gone", LinkVerdict::Broken, "404"),
    ("/loop", LinkVerdict::Broken, "redirect loop"),
    ("/endless", LinkVerdict::Broken, "more than 10 redirects"),
    ("/nowhere", LinkVerdict::Broken, "redirects to no address"),
    ("/to-nothing", LinkVerdict::Broken, "redirects to no address"),
    ("/to-script", LinkVerdict::Broken, "redirects to no address"),
    ("/no-head", LinkVerdict::Ok, "200"),
    ("/head-lies", LinkVerdict::Ok, "200"),
    ("/busy-once", LinkVerdict::Ok, "200"),
    ("/busy-dated", LinkVerdict::Ok, "200"),
    ("/busy", LinkVerdict::Unverifiable, "429"),
    ("/busy-long", LinkVerdict::Unverifiable, "429"),
    ("/reset-once", LinkVerdict::Ok, "200"),
    ("/reset", LinkVerdict::Broken, ""),
    ("/slow", LinkVerdict::Unverifiable, "timed out"),
    ("/drip", LinkVerdict::Ok, "200"),
    ("/garbage", LinkVerdict::Broken, ""),
];

#[test]
fn every_behaviour_has_its_verdict() {
    let server = Server::start();
    let urls: Vec<String> = BEHAVIOURS.iter().map(|(path, ..)| format!("{}{path}", server.base)).collect();
    let answers = ask(config(), &urls);
    let mut wrong = Vec::new();
    for ((path, verdict, reason), answer) in BEHAVIOURS.iter().zip(answers) {
        let answer = answer.unwrap();
        if answer.verdict != *verdict || !answer.detail.contains(reason) {
            wrong.push(format!("{path}: wanted {verdict:?} “{reason}”, got {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(server.requests("/busy-long"), 1, "a long Retry-After is not waited for");
}

#[test]
fn nobody_listens_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let urls = [format!("http://127.0.0.1:{port}/"), format!("{}/ok", Server::start().base.replace("http:", "https:"))];
    let answers = ask(config(), &urls);
    assert_eq!(answers[0].as_ref().unwrap().verdict, LinkVerdict::Broken);
    let plain_behind_tls = answers[1].as_ref().unwrap();
    assert_eq!(plain_behind_tls.verdict, LinkVerdict::Broken, "{plain_behind_tls:?}");
}

#[test]
fn a_name_that_nobody_has_is_told() {
    let answer = ask(config(), &["http://no-such-host.invalid/".to_owned()]).remove(0).unwrap();
    assert!(matches!(answer.verdict, LinkVerdict::Broken | LinkVerdict::Unverifiable), "{answer:?}");
    assert!(!answer.detail.is_empty());
}

#[test]
fn private_addresses_are_not_asked() {
    let server = Server::start();
    let strict = NetConfig { allow_private: false, ..config() };
    let urls =
        [format!("{}/ok", server.base), server.base.replace("127.0.0.1", "localhost"), "http://[::1]/".to_owned()];
    for answer in ask(strict, &urls) {
        let answer = answer.unwrap();
        assert_eq!(answer.verdict, LinkVerdict::Unverifiable);
        assert!(answer.detail.contains("private"), "{answer:?}");
    }
    assert_eq!(server.all_requests(), 0);
}

#[test]
fn each_address_is_asked_once_and_nothing_offline() {
    let server = Server::start();
    let url = format!("{}/ok", server.base);
    let answers = ask(config(), &[url.clone(), url.clone(), url.clone()]);
    assert!(answers.iter().all(|a| a.as_ref().unwrap().verdict == LinkVerdict::Ok));
    assert_eq!(server.requests("/ok"), 1);
    let offline = NetConfig { offline: true, ..config() };
    assert_eq!(ask(offline, std::slice::from_ref(&url)), [None]);
    let excluded = NetConfig { exclude: vec![regex::Regex::new("/ok$").unwrap()], ..config() };
    assert_eq!(ask(excluded, &[url]), [None]);
    assert_eq!(server.all_requests(), 1);
}

#[test]
fn hosts_are_asked_no_faster_than_allowed() {
    let server = Server::start();
    let urls: Vec<String> = (0..24).map(|n| format!("{}/pause?{n}", server.base)).collect();
    let limited = NetConfig { per_host_concurrency: 3, ..config() };
    ask(limited, &urls);
    assert!(server.most_at_once() <= 3, "{} at once", server.most_at_once());
    let server = Server::start();
    let urls: Vec<String> = (0..30).map(|n| format!("{}/ok?{n}", server.base)).collect();
    let started = Instant::now();
    ask(NetConfig { requests_per_second: Some(20), ..config() }, &urls);
    // Twenty at once, then twenty a second: ten more take half a second at least.
    assert!(started.elapsed() >= Duration::from_millis(400), "{:?}", started.elapsed());
}

#[test]
fn credentials_are_never_shown() {
    let server = Server::start();
    let urls: Vec<String> = ["/gone", "/credentials", "/reset"]
        .iter()
        .map(|path| format!("{}{path}", server.base.replace("http://", "http://me:hunter2@")))
        .collect();
    for answer in ask(config(), &urls) {
        let shown = format!("{answer:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("secret"), "{shown}");
    }
}

#[test]
fn progress_counts_to_the_end() {
    let server = Server::start();
    let questions: Vec<Question> = (0..5).map(|n| Question::Link { url: format!("{}/ok?{n}", server.base) }).collect();
    let steps = Mutex::new(Vec::new());
    Client::new(config()).unwrap().answer(&questions, &|step| steps.lock().unwrap().push((step.done, step.total)));
    assert_eq!(*steps.lock().unwrap(), [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
}

/// A draft with links of every kind, linted by the program itself.
#[test]
fn a_drafts_links_are_checked_from_end_to_end() {
    let server = Server::start();
    let draft = include_str!("../../fixtures/articles/broken-links.md").replace("{{server}}", &server.base);
    let folder = folder(&[
        ("caveat.toml", "[links]\nallow_private = true\ntimeout_seconds = 2\n"),
        ("broken-links.md", &draft),
        ("good-ms-review.md", include_str!("../../fixtures/articles/good-ms-review.md")),
    ]);
    let output = caveat(folder.path()).args(["lint", "--format", "json", "broken-links.md"]).output().unwrap();
    let report = json(&output);
    let told: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            format!("{} {}", f["code"].as_str().unwrap(), f["message"].as_str().unwrap())
                .replace(&server.base, "{{server}}")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["summary"]["unchecked"], 0);

    let output =
        caveat(folder.path()).args(["lint", "--offline", "--format", "json", "broken-links.md"]).output().unwrap();
    assert_eq!(json(&output)["summary"]["unchecked"], 4);
}
