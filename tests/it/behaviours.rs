//! `fixtures/net/behaviours.toml`: servers that behave in every way that servers do, each asked by the real client.

mod scripted;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use caveat::evidence::links::LinkAnswer;
use caveat::evidence::records::{Id, Registry};
use caveat::evidence::{Answer, Question};
use caveat::net::{Client, NetConfig, Proxies};
use serde::Deserialize;

use crate::cli::{caveat, folder, json, text};
use scripted::{Script, Server};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    behaviour: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    is: String,
    #[serde(default)]
    script: BTreeMap<String, Script>,
    ask: Option<String>,
    fate: String,
    #[serde(default)]
    reason: String,
    moved_to: Option<String>,
    requests: Option<usize>,
    #[serde(default = "yes")]
    settled: bool,
    #[serde(default)]
    tls: bool,
    #[serde(default)]
    proxy: bool,
    #[serde(default = "yes")]
    private: bool,
    #[serde(default)]
    accept: Vec<u16>,
    record: Option<String>,
}

fn yes() -> bool {
    true
}

/// The time that servers get which have it, and that those get which are to use it up.
const PATIENT: Duration = Duration::from_secs(10);
const IMPATIENT: Duration = Duration::from_millis(500);

fn config() -> NetConfig {
    NetConfig {
        max_redirects: 5,
        max_retry_after: Duration::from_secs(3),
        requests_per_second: None,
        ..NetConfig::default()
    }
}

/// What came of a row, in the words of the table.
#[derive(Debug, PartialEq)]
struct Told {
    fate: String,
    reason: String,
    moved_to: Option<String>,
    settled: bool,
}

impl Row {
    fn question(&self, server: &Server, closed: &str) -> Question {
        if let Some(record) = &self.record {
            let (registry, id) = record.split_once(' ').unwrap();
            return Question::Record { registry: Registry::named(registry).unwrap(), id: Id::parse(id).unwrap() };
        }
        let ask = self.ask.as_deref().unwrap_or("/");
        let ask = if ask.starts_with('/') { format!("{{server}}{ask}") } else { ask.to_owned() };
        // Parsed, as questions are.
        let url = url::Url::parse(&server.fill(&ask, closed)).unwrap();
        Question::Link { url: url.into() }
    }

    fn config(&self, server: &Server) -> NetConfig {
        let proxies = if self.proxy { Proxies::all(server.address()) } else { Proxies::default() };
        let services = Registry::ALL.iter().map(|row| (row.0, server.address())).collect();
        let timeout = if self.uses_up_its_time() { IMPATIENT } else { PATIENT };
        NetConfig { timeout, allow_private: self.private, accept: self.accept.clone(), proxies, services, ..config() }
    }

    fn uses_up_its_time(&self) -> bool {
        self.reason.starts_with("timed out")
    }

    fn told(&self, answer: &Answer) -> Told {
        let settled = answer.is_settled();
        let plain = |fate: &str, reason: &str| Told {
            fate: fate.to_owned(),
            reason: reason.to_owned(),
            moved_to: None,
            settled,
        };
        match answer {
            Answer::Link(LinkAnswer { verdict, detail, moved_to, .. }) => {
                Told { moved_to: moved_to.clone(), ..plain(verdict.name(), detail) }
            }
            Answer::Record(record) => plain(if record.found { "found" } else { "absent" }, ""),
            // A registry that does not answer says nothing, always.
            Answer::Unknown { why } => Told { settled: true, ..plain("unknown", why) },
            other => panic!("{}: {other:?}", self.is),
        }
    }

    /// What is wrong with what came of it.
    fn judge(&self, told: &Told, server: &Server, closed: &str) -> Option<String> {
        let requests = server.requests();
        let moved_to = self.moved_to.as_ref().map(|to| server.fill(to, closed));
        let fits = told.fate == self.fate
            && told.reason.contains(&self.reason)
            && told.moved_to == moved_to
            && told.settled == self.settled
            && self.requests.is_none_or(|expected| expected == requests);
        (!fits).then(|| format!("{}: {told:?} after {requests} requests", self.is))
    }
}

fn table() -> Vec<Row> {
    let table: Table = toml::from_str(include_str!("../../fixtures/net/behaviours.toml")).unwrap();
    table.behaviour
}

/// The address of a port at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn every_behaviour_has_its_expected_result() {
    let rows = &table();
    assert!(rows.len() >= 60, "{} behaviours", rows.len());
    let closed = nobody();
    let servers: Vec<Server> = rows.iter().map(|row| Server::start(&row.script, row.tls, &closed)).collect();

    // Rows that need nothing of their own are asked by one client, all at once; the others by one each.
    let is_usual = |row: &Row| row.private && row.accept.is_empty() && !row.proxy && row.record.is_none();
    let (usual, own): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|&at| is_usual(&rows[at]));
    let (impatient, usual): (Vec<usize>, Vec<usize>) = usual.iter().partition(|&&at| rows[at].uses_up_its_time());
    let groups = own.chunks(1).chain([usual.as_slice(), impatient.as_slice()]);
    let wrong: Mutex<Vec<String>> = Mutex::default();
    thread::scope(|scope| {
        for group in groups {
            let (servers, closed, wrong) = (&servers, &closed, &wrong);
            scope.spawn(move || {
                let questions: Vec<Question> =
                    group.iter().map(|&at| rows[at].question(&servers[at], closed)).collect();
                let client = Client::new(rows[group[0]].config(&servers[group[0]])).unwrap();
                let answers = client.answer(&questions, &|_| {});
                for (&at, question) in group.iter().zip(&questions) {
                    let told = rows[at].told(answers.get(question).unwrap());
                    wrong.lock().unwrap().extend(rows[at].judge(&told, &servers[at], closed));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Whatever the servers do, a run that pins its answers and a locked one after it say the same, and the second asks nobody.
#[test]
fn a_locked_run_repeats_every_behaviour_to_the_byte() {
    let rows: Vec<Row> = table().into_iter().filter(|row| !row.proxy && row.record.is_none()).collect();
    let closed = nobody();
    let servers: Vec<Server> = rows.iter().map(|row| Server::start(&row.script, row.tls, &closed)).collect();
    let links = rows.iter().zip(&servers).map(|(row, server)| match row.question(server, &closed) {
        Question::Link { url } => format!("See [a page]({url}) on it.\n\n"),
        other => panic!("{other:?}"),
    });
    let config = "[links]\nallow_private = true\ntimeout_seconds = 1\n";
    let folder = folder(&[("caveat.toml", config), ("draft.md", &links.collect::<String>())]);
    let run = |mode: &str| {
        let always = ["lint", "--select", "sources", "--format", "json", "--today", "2026-03-01", "draft.md", mode];
        caveat(folder.path()).args(always).output().unwrap()
    };
    let requests = || servers.iter().map(Server::requests).sum::<usize>();
    let first = run("--refresh");
    let (asked, summary) = (requests(), &json(&first)["summary"]);
    assert!(asked > rows.len() && summary["error"].as_u64() > Some(30), "{asked} requests, {summary}");
    assert!(summary["unchecked"].as_u64() > Some(5), "{summary}");
    let locked = run("--locked");
    assert_eq!((text(&locked.stdout), locked.status.code()), (text(&first.stdout), first.status.code()));
    assert_eq!(requests(), asked);
}
