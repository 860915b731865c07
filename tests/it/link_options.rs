//! Every option of `[links]`, each met through the program and a server.

use std::io::Write;
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::{OK, Site, head_of, odd_server, say};

/// `CODE message` of every finding about links.
fn told(output: &Output) -> Vec<String> {
    let report: Value = json(output);
    let line = |f: &Value| format!("{} {}", f["code"].as_str().unwrap(), f["message"].as_str().unwrap());
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

fn unchecked(output: &Output) -> u64 {
    json(output)["summary"]["unchecked"].as_u64().unwrap()
}

/// Lints a draft with these keys under `[links]`, and these variables.
fn lint(config: &str, draft: &str, variables: &[(&str, &str)]) -> Output {
    let config = format!("[links]\nallow_private = true\ntimeout_seconds = 5\n{config}");
    let folder = folder(&[("caveat.toml", &config), ("draft.md", draft)]);
    let mut run = caveat(folder.path());
    let links = "CAV301,CAV302,CAV303,CAV307,CAV308";
    run.args(["lint", "--format", "json", "--select", links, "draft.md"]).envs(variables.iter().copied());
    run.output().unwrap()
}

#[test]
fn addresses_are_excluded_included_and_remapped() {
    let site = Site::new();
    site.status("/a", 404).status("/b", 404).status("/new/c", 200);
    let base = site.address("");
    let draft = format!("See [a]({base}/a), [b]({base}/b) and [c](https://example.org/c).\n");
    let remap = format!("remap = [{{ from = '^https://example\\.org/', to = '{base}/new/' }}]\n");
    let dead = |page: &str| format!("CAV301 {base}/{page} leads nowhere: 404 Not Found");

    let excluded = lint(&format!("exclude = ['/a$']\n{remap}"), &draft, &[]);
    assert_eq!((told(&excluded), unchecked(&excluded)), (vec![dead("b")], 1));
    let both = lint(&format!("exclude = ['^http:']\ninclude = ['/a$']\n{remap}"), &draft, &[]);
    assert_eq!((told(&both), unchecked(&both)), (vec![dead("a")], 1));
    let included = lint("include = ['/b$']", &draft, &[]);
    assert_eq!((told(&included), unchecked(&included)), (vec![dead("b")], 2));
    assert_eq!(site.requests().iter().filter(|request| *request == "GET /new/c").count(), 2);
}

#[test]
fn statuses_are_accepted_everywhere_or_at_one_host() {
    let (one, other) = (Site::new(), Site::new());
    one.status("/a", 418).status("/b", 403);
    other.status("/b", 403);
    let draft =
        format!("See [a]({}), [b]({}) and [c]({}).\n", one.address("/a"), one.address("/b"), other.address("/b"));
    let config = format!("accept = [418]\n[links.hosts.\"{}\"]\naccept = [403]\n", one.server.address());
    let output = lint(&config, &draft, &[]);
    let expected = format!("CAV303 {} could not be checked: 403 Forbidden", other.address("/b"));
    assert_eq!(told(&output), [expected]);
}

#[test]
fn a_secret_is_sent_to_its_host_alone_and_never_told() {
    let (wiki, elsewhere) = (Site::new(), Site::new());
    let knows = |secret: &str| header("authorization", secret.to_owned().as_str());
    wiki.mount(Mock::given(path("/a")).and(knows("Bearer s3cret")).respond_with(ResponseTemplate::new(200)));
    wiki.redirect("/away", 302, &elsewhere.address("/b"));
    elsewhere.status("/b", 404);
    let draft = format!("See [a]({}) and [b]({}).\n", wiki.address("/a"), wiki.address("/away"));
    let config = format!("[links.hosts.\"{}\"]\nauth = \"WIKI_TOKEN\"\n", wiki.address(""));
    let output = lint(&config, &draft, &[("WIKI_TOKEN", "s3cret")]);
    let expected = format!("CAV301 {} leads nowhere: 404 Not Found", wiki.address("/away"));
    assert_eq!(told(&output), [expected]);
    assert!(!text(&output.stdout).contains("s3cret") && !text(&output.stderr).contains("s3cret"));
    let received = elsewhere.runtime.block_on(elsewhere.server.received_requests()).unwrap();
    assert!(received.iter().all(|request| !request.headers.contains_key("authorization")));

    let without = lint(&config, &draft, &[]);
    assert!(text(&without.stderr).contains("WIKI_TOKEN holds none"), "{}", text(&without.stderr));
    assert_eq!(told(&without).len(), 2);
}

#[test]
fn passwords_in_addresses_stay_out_of_report_and_lock() {
    let site = Site::new();
    site.mount(Mock::given(header("authorization", "Basic YW5uOnMzY3JldA==")).respond_with(ResponseTemplate::new(404)));
    let url = site.address("/a").replace("http://", "http://ann:s3cret@");
    let config = "[links]\nallow_private = true\n";
    let folder = folder(&[("caveat.toml", config), ("draft.md", &format!("See [a]({url}).\n"))]);
    let run = |mode: &str| {
        let always = ["lint", "--format", "json", "--select", "CAV301", "draft.md", mode];
        caveat(folder.path()).args(always).output().unwrap()
    };
    let first = run("--refresh");
    assert_eq!(told(&first), [format!("CAV301 {} leads nowhere: 404 Not Found", site.address("/a"))]);
    let lock = std::fs::read_to_string(folder.path().join("caveat.lock")).unwrap();
    assert!(lock.contains(&site.address("/a")) && !lock.contains("s3cret"), "{lock}");
    // The draft's own line, which holds the password, is shown as it is: it is the writer's.
    assert_eq!(run("--locked").stdout, first.stdout);
}

#[test]
fn tries_and_redirects_are_bounded_as_configured() {
    let site = Site::new();
    site.status("/busy", 500).redirect("/1", 302, "/2").redirect("/2", 302, "/3").status("/3", 200);
    let draft = format!("See [a]({}) and [b]({}).\n", site.address("/busy"), site.address("/1"));
    let output = lint("retries = 0\nmax_redirects = 1\n", &draft, &[]);
    let expected = [
        format!("CAV301 {} leads nowhere: 500 Internal Server Error", site.address("/busy")),
        format!("CAV301 {} leads nowhere: too many redirects", site.address("/1")),
    ];
    assert_eq!(told(&output), expected);
    assert_eq!(site.requests().iter().filter(|request| *request == "GET /busy").count(), 1);
}

#[test]
fn the_user_agent_names_a_contact() {
    let site = Site::new();
    let agent = format!("caveat/{} (link check); mailto:desk@example.org", env!("CARGO_PKG_VERSION"));
    site.mount(Mock::given(header("user-agent", agent.as_str())).respond_with(ResponseTemplate::new(200)));
    let output = lint("contact = \"desk@example.org\"\n", &format!("See [a]({}).\n", site.address("/a")), &[]);
    assert!(told(&output).is_empty(), "{:?}", told(&output));
}

#[test]
fn hosts_are_asked_at_the_rate_that_is_set_for_them() {
    let site = Site::new();
    site.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)));
    let draft: String = (0..7).map(|n| format!("See [a]({}).\n\n", site.address(&format!("/{n}")))).collect();
    let host = site.server.address();
    let start = Instant::now();
    let output = lint(&format!("[links.hosts.\"{host}\"]\nrequests_per_second = 4\nconcurrency = 1\n"), &draft, &[]);
    assert!(told(&output).is_empty());
    // Six steps of a quarter of a second.
    assert!(start.elapsed() >= Duration::from_millis(1500), "{:?}", start.elapsed());
}

/// Most requests under way at once with these keys, and how long ten of them took that take 50 ms each.
fn crowd(config: &str) -> (usize, Duration) {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let peak = Arc::clone(&most);
    let address = odd_server(move |_, mut stream| {
        head_of(&mut stream);
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(50));
        now.fetch_sub(1, Ordering::SeqCst);
        let _ = stream.write_all(OK.as_bytes());
    });
    let draft: String = (0..10).map(|n| format!("See [a]({address}{n}).\n\n")).collect();
    let start = Instant::now();
    assert!(told(&lint(config, &draft, &[])).is_empty());
    (most.load(Ordering::SeqCst), start.elapsed())
}

#[test]
fn limits_hold_at_once_and_in_a_second() {
    let fast = "requests_per_second = 1000\n";
    assert_eq!(crowd(&format!("{fast}host_concurrency = 2\n")).0, 2);
    assert_eq!(crowd(&format!("{fast}host_concurrency = 8\nconcurrency = 1\n")).0, 1);
    let (_, took) = crowd("requests_per_second = 9\n");
    assert!(took >= Duration::from_secs(1), "{took:?}");
}

/// Each of many hosts would keep its connection for another request; a program may not have as many open as that takes.
#[cfg(unix)]
#[test]
fn many_hosts_do_not_use_up_what_a_program_may_have_open() {
    let keeps_open = || {
        odd_server(|_, mut stream| {
            while !head_of(&mut stream).is_empty() && stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").is_ok() {}
        })
    };
    let draft: String = (0..150).map(|_| format!("See [a]({}).\n\n", keeps_open())).collect();
    let config = "[links]\nallow_private = true\nconcurrency = 16\n";
    let folder = folder(&[("caveat.toml", config), ("draft.md", &draft)]);
    let lint = r#"ulimit -n 80 && exec "$0" lint --format json --select CAV301,CAV303 draft.md"#;
    let mut shell = std::process::Command::new("sh");
    let output = shell.current_dir(folder.path()).args(["-c", lint, env!("CARGO_BIN_EXE_caveat")]).output().unwrap();
    assert_eq!((told(&output), unchecked(&output)), (vec![], 0), "{}", text(&output.stderr));
}

#[test]
fn an_archive_is_asked_for_dead_pages_where_it_is_wanted() {
    let (site, archive) = (Site::new(), Site::new());
    site.status("/gone", 404).status("/lost", 404);
    let copy = r#"{"archived_snapshots":{"closest":{"status":"200","available":true,"url":"http://web.archive.org/web/20200102030405/x","timestamp":"20200102030405"}}}"#;
    let asked = |page: &str| Mock::given(path("/available")).and(query_param("url", site.address(page)));
    archive.mount(asked("/gone").respond_with(ResponseTemplate::new(200).set_body_raw(copy, "application/json")));
    archive
        .mount(asked("/lost").respond_with(ResponseTemplate::new(200).set_body_string(r#"{"archived_snapshots":{}}"#)));
    let draft = format!("See [a]({}) and [b]({}).\n", site.address("/gone"), site.address("/lost"));
    let base = format!("[evidence.wayback]\nbase = \"{}\"\n", archive.address(""));

    let output = lint(&format!("archive = true\n{base}"), &draft, &[]);
    let [gone, lost] = [0, 1].map(|at| json(&output)["findings"][at].clone());
    let help = "There is a copy of 2020-01-02 at https://web.archive.org/web/20200102030405/x.";
    assert!(gone["help"].as_str().unwrap().ends_with(help), "{gone}");
    assert_eq!(gone["fix"]["replacement"], "https://web.archive.org/web/20200102030405/x");
    assert_eq!((&gone["fix"]["applicability"], &lost["fix"]), (&"unsafe".into(), &Value::Null));
    let asked = archive.requests().len();
    assert_eq!(asked, 2);
    assert_eq!(told(&lint(&base, &draft, &[])).len(), 2);
    assert_eq!(archive.requests().len(), asked, "only where it is wanted");
}

#[test]
fn proxies_are_those_of_the_environment() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&seen);
    let proxy = odd_server(move |_, mut stream| {
        let head = head_of(&mut stream);
        log.lock().unwrap().push(head.lines().next().unwrap_or("").to_owned());
        let _ = stream.write_all(OK.as_bytes());
    });
    let draft = "See [a](http://a.example:81/) and [b](http://b.example:81/).\n";
    let variables = [("http_proxy", proxy.as_str()), ("NO_PROXY", "b.example")];
    let output = lint("", draft, &variables);
    assert_eq!(*seen.lock().unwrap(), ["GET http://a.example:81/ HTTP/1.1"]);
    assert_eq!(told(&output), ["CAV301 http://b.example:81/ leads nowhere: no such host"]);
}

#[test]
fn links_into_pages_files_and_sites() {
    let site = Site::new();
    let page = "<title>A</title><h2 id=risks>Risks</h2><p>Some words.</p>";
    site.on("/a", ResponseTemplate::new(200).set_body_raw(page, "text/html"));
    let base = site.address("");
    let folder = folder(&[
        ("caveat.toml", "site-root = \"public\"\n[links]\nallow_private = true\n"),
        ("public/about/index.html", "<h1 id=us>Us</h1>"),
        ("public/logo.png", ""),
    ]);
    let here = folder.path().to_str().unwrap();
    let draft = format!(
        "[1]({base}/a#risks) [2]({base}/a#harms) [3]({base}/a#:~:text=some%20words) [4](/about/) [5](/logo.png) [6](/gone.png)\n\
         [7](file://{here}/public/logo.png) [8](file://{here}/gone.png) [9](mailto:desk@example) [10](mailto:desk@example.org)\n"
    );
    std::fs::write(folder.path().join("draft.md"), draft).unwrap();
    let run = |mode: &[&str]| {
        let always = ["lint", "--format", "json", "--select", "CAV301", "draft.md"];
        caveat(folder.path()).args(always).args(mode).output().unwrap()
    };
    let expected = [
        format!("CAV301 {base}/a#harms leads nowhere: there is no heading or anchor `#harms` on the page"),
        "CAV301 /gone.png leads nowhere: there is no such file".to_owned(),
        format!("CAV301 file://{here}/gone.png leads nowhere: there is no such file"),
        "CAV301 mailto:desk@example leads nowhere: `desk@example` is not a mail address".to_owned(),
    ];
    let output = run(&["--refresh"]);
    let cut = |told: Vec<String>| -> Vec<String> { told.iter().map(|one| one.replace('…', "")).collect() };
    let found = cut(told(&output));
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(&expected) {
        let reason = expected.rsplit_once("leads nowhere").unwrap().1;
        assert!(found.ends_with(reason), "{found}: {expected}");
    }
    // One page, asked once, whatever number of places in it are linked; and each place is pinned.
    assert_eq!(site.requests(), ["GET /a"]);
    drop(site);
    assert_eq!(run(&["--locked"]).stdout, output.stdout);
}

#[test]
fn a_time_out_is_unchecked_in_a_run_that_keeps_a_lock_and_in_the_locked_one() {
    let slow = odd_server(|_, mut stream| {
        head_of(&mut stream);
        std::thread::sleep(Duration::from_secs(5));
    });
    let gone = odd_server(|_, stream| say(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    let config = "[links]\nallow_private = true\ntimeout_seconds = 1\n";
    let draft = format!("See [a]({slow}) and [b]({gone}).\n");
    let folder = folder(&[("caveat.toml", config), ("draft.md", &draft)]);
    let run = |mode: &[&str]| {
        let always = ["lint", "--format", "json", "--select", "CAV301,CAV303", "draft.md"];
        caveat(folder.path()).args(always).args(mode).output().unwrap()
    };
    // Without a lock there is nothing to be repeated, and the time-out is told as what it is.
    let alone = run(&[]);
    assert_eq!((told(&alone).len(), unchecked(&alone)), (2, 0));
    assert!(told(&alone)[0].ends_with("could not be checked: timed out after 1s"), "{:?}", told(&alone));

    let first = run(&["--refresh"]);
    assert_eq!((told(&first).len(), unchecked(&first)), (1, 1));
    assert_eq!(text(&first.stderr), format!("note: {slow} stays unchecked: timed out after 1s\n"));
    let locked = run(&["--locked"]);
    assert_eq!((text(&locked.stdout), locked.status.code()), (text(&first.stdout), first.status.code()));
}

#[test]
fn a_link_must_not_read_like_another_site() {
    let site = Site::new();
    site.status("/a", 200);
    let draft = format!("See [www.nhs.uk]({}) and [the NHS]({}).\n", site.address("/a"), site.address("/a"));
    let output = lint("", &draft, &[]);
    let expected = format!("CAV308 the link reads “www.nhs.uk” and leads to {}", site.address("/a"));
    assert_eq!(told(&output), [expected]);
}
