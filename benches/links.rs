//! Ten thousand links against a server on this machine: whole runs of the program, and of lychee where it is at hand.
//!
//!     cargo bench --bench links                      # 10,000 links, five rounds
//!     LYCHEE=/path/to/lychee cargo bench --bench links -- 2000
//!
//! Four settings: without limits on one host, with each program's own limits on a hundred hosts and on one, and with narrow
//! limits on twenty, where the server counts whether they hold.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "links/runs.rs"]
mod runs;
#[path = "links/server.rs"]
mod server;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use runs::{Checker, Run};
use server::Server;

const ROUNDS: usize = 5;

/// How both programs are set.
struct Setting {
    title: &'static str,
    hosts: usize,
    links: usize,
    caveat: &'static str,
    /// `None`: lychee is not asked to, because it takes minutes.
    lychee: Option<&'static [&'static str]>,
    rounds: usize,
    /// How long the server takes for each answer, in milliseconds.
    takes: u64,
}

fn main() {
    // Run as a test, it only shows that it runs.
    let usual = if std::env::args().any(|argument| argument == "--bench") { 10_000 } else { 100 };
    let links = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(usual);
    let settings = [
        Setting {
            title: "one host, no limits",
            hosts: 1,
            links,
            caveat: "concurrency = 128\nhost_concurrency = 128\nrequests_per_second = 1000000\n",
            lychee: Some(&["--max-concurrency=128", "--host-concurrency=128", "--host-request-interval=0s"]),
            rounds: ROUNDS,
            takes: 0,
        },
        Setting {
            title: "a hundred hosts, the programs' own limits",
            hosts: 100,
            links,
            caveat: "",
            lychee: Some(&[]),
            rounds: ROUNDS,
            takes: 0,
        },
        Setting {
            title: "one host, the program's own limits",
            hosts: 1,
            links: links.min(2000),
            caveat: "",
            lychee: None,
            rounds: ROUNDS,
            takes: 0,
        },
        Setting {
            title: "twenty hosts, two requests at once and twenty a second at each",
            hosts: 20,
            links: links.min(1000),
            caveat: "host_concurrency = 2\nrequests_per_second = 20\n",
            lychee: Some(&["--host-concurrency=2", "--host-request-interval=50ms"]),
            rounds: 1,
            takes: 60,
        },
    ];
    let checkers: Vec<Checker> = [Some(Checker::Caveat), Checker::lychee()].into_iter().flatten().collect();
    for setting in &settings {
        println!("\n{}: {} links", setting.title, setting.links);
        let server = Server::start(setting.takes);
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), setting, server.port);
        // In turn, so that what else the machine does falls on both.
        let checkers: Vec<&Checker> =
            checkers.iter().filter(|checker| setting.lychee.is_some() || matches!(checker, Checker::Caveat)).collect();
        let mut runs: Vec<Vec<Run>> = checkers.iter().map(|_| Vec::new()).collect();
        for _ in 0..setting.rounds {
            for (checker, runs) in checkers.iter().zip(&mut runs) {
                server.forget();
                let run = checker.run(folder.path(), setting.lychee.unwrap_or_default());
                let counted = [server.requests(), server.most_at_once(), server.most_a_second()];
                runs.push(Run { counted, ..run });
            }
        }
        let mut found = Vec::new();
        for (checker, mut runs) in checkers.iter().zip(runs) {
            runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
            let fastest = runs[0].seconds;
            let run = runs.swap_remove(runs.len() / 2);
            let [requests, at_once, a_second] = run.counted;
            println!(
                "  {:7} {:6.2} s ({fastest:.2} s at best) {:4} MB   {} links not fine, {requests} requests, at most \
                 {at_once} at once at one host, {a_second} in a second",
                checker.name(),
                run.seconds,
                run.peak_kilobytes / 1024,
                run.not_fine.len(),
            );
            found.push(run.not_fine);
        }
        if let [ours, theirs] = found.as_slice() {
            let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
            match (only(ours, theirs), only(theirs, ours)) {
                (a, b) if a.is_empty() && b.is_empty() => println!("  same results"),
                (a, b) => println!("  different results: caveat alone {a:?}, lychee alone {b:?}"),
            }
        }
    }
}

/// Writes drafts of a hundred links each. Of a hundred links one leads nowhere, one is turned away, and one has moved.
fn write(folder: &Path, setting: &Setting, port: u16) {
    fs::write(folder.join("caveat.toml"), format!("[links]\nallow_private = true\n{}", setting.caveat)).unwrap();
    for draft in 0..setting.links.div_ceil(100) {
        let mut text = format!("# Draft {draft}\n\n");
        for n in draft * 100..((draft + 1) * 100).min(setting.links) {
            let kind = match n % 100 {
                7 => "gone",
                23 => "wall",
                42 => "moved",
                _ => "page",
            };
            let host = 2 + (n / 100 + n) % setting.hosts;
            writeln!(text, "See [source {n}](http://127.0.0.{host}:{port}/{kind}/{n}) on this.\n").unwrap();
        }
        fs::write(folder.join(format!("draft-{draft}.md")), text).unwrap();
    }
}
