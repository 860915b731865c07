//! The HTTP client against servers on this machine: what each behaviour of a server says about a link.

pub mod servers;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use caveat::evidence::links::{LinkAnswer, LinkVerdict};
use caveat::evidence::{Answer, Answers, Question};
use caveat::net::{Client, NetConfig, Progress};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use servers::{OK, Site, head_of, odd_server, say};

use LinkVerdict::{Broken, Moved, Ok as Fine, Unverifiable};

fn config() -> NetConfig {
    NetConfig {
        allow_private: true,
        timeout: Duration::from_millis(600),
        requests_per_second: None,
        max_redirects: 5,
        ..NetConfig::default()
    }
}

fn link(url: &str) -> Question {
    Question::Link { url: url.to_owned() }
}

fn answers(config: NetConfig, urls: &[String]) -> Answers {
    let questions: Vec<Question> = urls.iter().map(|url| link(url)).collect();
    Client::new(config).unwrap().answer(&questions, &|_| {})
}

fn ask_with(config: NetConfig, url: &str) -> LinkAnswer {
    match answers(config, &[url.to_owned()]).get(&link(url)) {
        Some(Answer::Link(answer)) => answer.clone(),
        other => panic!("{url}: {other:?}"),
    }
}

fn ask(url: &str) -> LinkAnswer {
    ask_with(config(), url)
}

#[test]
fn statuses() {
    let site = Site::new();
    let table = [
        (200, Fine, "200 OK"),
        (204, Fine, "204 No Content"),
        (206, Fine, "206 Partial Content"),
        (400, Broken, "400 Bad Request"),
        (401, Unverifiable, "401 Unauthorized"),
        (403, Unverifiable, "403 Forbidden"),
        (404, Broken, "404 Not Found"),
        (410, Broken, "410 Gone"),
        (429, Unverifiable, "429 Too Many Requests"),
        (451, Unverifiable, "451 Unavailable For Legal Reasons"),
        (500, Broken, "500 Internal Server Error"),
        (502, Unverifiable, "502 Bad Gateway"),
        (503, Unverifiable, "503 Service Unavailable"),
        (522, Unverifiable, "522"),
        (999, Unverifiable, "999"),
    ];
    for (status, ..) in table {
        site.status(&format!("/{status}"), status);
    }
    let urls: Vec<String> = table.iter().map(|(status, ..)| site.address(&format!("/{status}"))).collect();
    let answers = answers(config(), &urls);
    for ((status, verdict, detail), url) in table.into_iter().zip(&urls) {
        let expected = LinkAnswer { verdict, status: Some(status), moved_to: None, detail: detail.to_owned() };
        assert_eq!(answers.get(&link(url)), Some(&Answer::Link(expected)), "{status}");
    }
}

#[test]
fn redirects() {
    let site = Site::new();
    site.status("/end", 200)
        .status("/gone", 404)
        .redirect("/301", 301, "/end")
        .redirect("/302", 302, "/end")
        .redirect("/303", 303, "/end")
        .redirect("/307", 307, "/end")
        .redirect("/308", 308, "end")
        .redirect("/chain", 301, "/308")
        .redirect("/mixed", 301, "/302")
        .redirect("/fragment", 301, "/end#part")
        .redirect("/to-gone", 301, "/gone")
        .redirect("/self", 301, "/self#again")
        .redirect("/loop", 302, "/pool")
        .redirect("/pool", 302, "/loop")
        .redirect("/bad", 301, "http://[::1")
        .redirect("/mail", 302, "mailto:a@example.org")
        .status("/nowhere", 302)
        .status("/choices", 300);
    for n in 0..8 {
        site.redirect(&format!("/many{n}"), 301, &format!("/many{}", n + 1));
    }
    site.on("/wall", ResponseTemplate::new(302).insert_header("location", "/wall").insert_header("set-cookie", "a=b"));
    let table = [
        ("/301", Moved, Some("/end"), "200 OK"),
        ("/302", Fine, None, "200 OK"),
        ("/303", Fine, None, "200 OK"),
        ("/307", Fine, None, "200 OK"),
        ("/308", Moved, Some("/end"), "200 OK"),
        ("/chain", Moved, Some("/end"), "200 OK"),
        ("/mixed", Fine, None, "200 OK"),
        ("/fragment", Moved, Some("/end#part"), "200 OK"),
        ("/to-gone", Broken, None, "404 Not Found"),
        ("/self", Broken, None, "redirect loop"),
        ("/loop", Broken, None, "redirect loop"),
        ("/wall", Unverifiable, None, "redirect loop, perhaps for want of cookies"),
        ("/many0", Broken, None, "too many redirects"),
        ("/many3", Broken, None, "404 Not Found"),
        ("/bad", Broken, None, "redirect to an address that cannot be read"),
        ("/mail", Unverifiable, None, "redirect to a `mailto:` address"),
        ("/nowhere", Broken, None, "redirect without an address"),
        ("/choices", Fine, None, "300 Multiple Choices"),
    ];
    let urls: Vec<String> = table.iter().map(|(path, ..)| site.address(path)).collect();
    let answers = answers(config(), &urls);
    for ((path, verdict, moved_to, detail), url) in table.into_iter().zip(&urls) {
        let Some(Answer::Link(answer)) = answers.get(&link(url)) else { panic!("{path} has no answer") };
        let told = (answer.verdict, answer.moved_to.clone(), answer.detail.as_str());
        assert_eq!(told, (verdict, moved_to.map(|to| site.address(to)), detail), "{path}");
    }
}

#[test]
fn get_follows_where_head_is_unwelcome() {
    for refusal in [405, 404, 403, 501] {
        let site = Site::new();
        site.mount(Mock::given(method("HEAD")).respond_with(ResponseTemplate::new(refusal)));
        site.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)));
        assert_eq!(ask(&site.address("/a")).verdict, Fine, "{refusal}");
        assert_eq!(site.requests(), ["HEAD /a", "GET /a"], "{refusal}");
    }
}

#[test]
fn a_good_head_is_enough() {
    let site = Site::new();
    site.status("/a", 200);
    assert_eq!(ask(&site.address("/a")).verdict, Fine);
    assert_eq!(site.requests(), ["HEAD /a"]);
}

/// A site that answers once with `first` and ever after with 200.
fn passing(first: ResponseTemplate) -> Site {
    let site = Site::new();
    site.mount(Mock::given(path("/a")).respond_with(first).up_to_n_times(1));
    site.status("/a", 200);
    site
}

#[test]
fn a_server_s_wish_to_wait_is_granted() {
    let seconds = passing(ResponseTemplate::new(429).insert_header("retry-after", "1"));
    let start = Instant::now();
    assert_eq!(ask(&seconds.address("/a")).verdict, Fine);
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(seconds.requests(), ["HEAD /a", "GET /a"]);

    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1));
    let date = passing(ResponseTemplate::new(503).insert_header("retry-after", soon.as_str()));
    assert_eq!(ask(&date.address("/a")).verdict, Fine);
    assert_eq!(date.requests(), ["HEAD /a", "GET /a"]);
}

#[test]
fn no_patience_without_end() {
    let site = Site::new();
    site.on("/busy", ResponseTemplate::new(429).insert_header("retry-after", "1"));
    site.on("/later", ResponseTemplate::new(503).insert_header("retry-after", "3600"));
    site.on("/odd", ResponseTemplate::new(429).insert_header("retry-after", "soon"));
    let busy = ask(&site.address("/busy"));
    assert_eq!((busy.verdict, busy.status), (Unverifiable, Some(429)));
    let later = ask(&site.address("/later"));
    assert_eq!((later.verdict, later.status), (Unverifiable, Some(503)));
    assert_eq!(site.requests(), ["HEAD /busy", "GET /busy", "HEAD /later"]);
    assert_eq!(ask(&site.address("/odd")).verdict, Unverifiable);
}

#[test]
fn a_server_error_may_pass() {
    let site = Site::new();
    site.mount(Mock::given(path("/a")).respond_with(ResponseTemplate::new(500)).up_to_n_times(2));
    site.status("/a", 200);
    assert_eq!(ask(&site.address("/a")).verdict, Fine);
    assert_eq!(site.requests(), ["HEAD /a", "GET /a", "GET /a"]);

    let again = Site::new();
    again.status("/a", 500);
    let without = ask_with(NetConfig { retries: 0, ..config() }, &again.address("/a"));
    assert_eq!(without.verdict, Broken);
    assert_eq!(again.requests(), ["HEAD /a", "GET /a"]);
}

#[test]
fn accepted_statuses_are_fine() {
    let site = Site::new();
    site.status("/a", 403);
    let answer = ask_with(NetConfig { accept: vec![403], ..config() }, &site.address("/a"));
    assert_eq!((answer.verdict, answer.status), (Fine, Some(403)));
    assert_eq!(site.requests(), ["HEAD /a"]);
}

#[test]
fn connections_that_fail() {
    // Closing with the request unread resets the connection.
    let once = odd_server(|n, stream| if n == 0 { drop(stream) } else { say(stream, OK) });
    assert_eq!(ask(&once).verdict, Fine);

    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let always = odd_server(move |_, stream| {
        counter.fetch_add(1, Ordering::SeqCst);
        drop(stream);
    });
    let answer = ask(&always);
    assert_eq!((answer.verdict, answer.status), (Broken, None));
    assert_eq!(asked.load(Ordering::SeqCst), 3, "HEAD, GET and one more try");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = ask(&format!("http://{closed}/"));
    assert_eq!((refused.verdict, refused.detail.as_str()), (Broken, "connection refused"));

    let garbage = odd_server(|_, stream| say(stream, "220 mail.example.org ESMTP\r\n\r\n"));
    assert_eq!(ask(&garbage).verdict, Broken);

    let endless_head = odd_server(|_, mut stream| {
        head_of(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(&b"X-More: and more\r\n".repeat(500)).is_ok() {}
    });
    assert_eq!(ask(&endless_head).verdict, Broken);
}

#[test]
fn plain_text_behind_https_is_no_safe_connection() {
    let plain = odd_server(|_, stream| say(stream, "HTTP/1.1 400 Bad Request\r\n\r\n"));
    // The server waits for an HTTP head, which the greeting of TLS never is; it answers in plain text all the same.
    let hasty = odd_server(|_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        let _ = stream.read(&mut [0; 4096]);
    });
    let answer = ask(&hasty.replace("http:", "https:"));
    assert_eq!(answer.verdict, Broken);
    assert!(answer.detail.starts_with("no safe connection: "), "{}", answer.detail);
    assert_eq!(ask(&plain.replace("http:", "https:")).verdict, Unverifiable);
}

#[test]
fn slow_headers_time_out_and_slow_bodies_do_not_matter() {
    let start = Instant::now();
    let slow = odd_server(|_, mut stream| {
        head_of(&mut stream);
        for byte in OK.bytes() {
            thread::sleep(Duration::from_millis(100));
            if stream.write_all(&[byte]).is_err() {
                return;
            }
        }
    });
    let answer = ask(&slow);
    assert_eq!((answer.verdict, answer.detail.as_str()), (Unverifiable, "timed out after 600ms"));
    assert!(start.elapsed() < Duration::from_secs(5));

    let drip = odd_server(|_, mut stream| {
        let head = head_of(&mut stream);
        if head.starts_with("HEAD") {
            let _ = stream.write_all(b"HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n");
            return;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while stream.write_all(b"1\r\na\r\n").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(ask(&drip).verdict, Fine);
}

#[test]
fn a_whole_question_is_bounded() {
    let start = Instant::now();
    let maze = odd_server(|n, mut stream| {
        head_of(&mut stream);
        thread::sleep(Duration::from_millis(200));
        let _ =
            write!(stream, "HTTP/1.1 302 Found\r\nLocation: /{n}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    let answer = ask_with(NetConfig { max_redirects: 1000, timeout: Duration::from_millis(300), ..config() }, &maze);
    assert_eq!(answer.verdict, Unverifiable);
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn private_addresses_are_not_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let address = odd_server(move |_, stream| {
        counter.fetch_add(1, Ordering::SeqCst);
        say(stream, OK);
    });
    let port = address.trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "169.254.169.254", "printer.local"] {
        // Parsed, as questions are.
        let url = reqwest::Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let answer = ask_with(NetConfig { allow_private: false, ..config() }, url.as_str());
        let told = (answer.verdict, answer.detail.as_str());
        assert_eq!(told, (Unverifiable, "private address, not requested"), "{host}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

/// A public name is reached through a proxy on this machine, and leads back to this machine.
#[test]
fn a_redirect_to_a_private_address_is_not_followed() {
    let inside = Site::new();
    let target = inside.address("/admin");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let proxy = odd_server(move |_, mut stream| {
        let head = head_of(&mut stream);
        log.lock().unwrap().push(head.lines().next().unwrap_or("").to_owned());
        let _ = write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    });
    let config = NetConfig { allow_private: false, proxy: Some(proxy), ..config() };
    let answer = ask_with(config, "http://example.org/a");
    assert_eq!((answer.verdict, answer.detail.as_str()), (Unverifiable, "private address, not requested"));
    assert_eq!(*seen.lock().unwrap(), ["HEAD http://example.org/a HTTP/1.1"]);
    assert!(inside.requests().is_empty());
}

/// Persistent identifiers redirect by design, whatever status they use.
#[test]
fn persistent_addresses_never_move() {
    let proxy = odd_server(|_, mut stream| {
        let head = head_of(&mut stream);
        let path = head.split(' ').nth(1).unwrap_or("").to_owned();
        let words = match path.as_str() {
            "http://publisher.example/paper" => OK.to_owned(),
            _ => "HTTP/1.1 301 Moved Permanently\r\nLocation: http://publisher.example/paper\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        };
        let _ = stream.write_all(words.as_bytes());
    });
    let config = || NetConfig { proxy: Some(proxy.clone()), ..config() };
    for address in
        ["http://doi.org/10.1000/1", "http://dx.doi.org/10.1000/1", "http://hdl.handle.net/1/2", "http://purl.org/x"]
    {
        let answer = ask_with(config(), address);
        assert_eq!((answer.verdict, answer.moved_to), (Fine, None), "{address}");
    }
    let moved = ask_with(config(), "http://old.example/paper");
    assert_eq!((moved.verdict, moved.moved_to.as_deref()), (Moved, Some("http://publisher.example/paper")));
}

#[test]
fn each_question_is_asked_once_and_told_once() {
    let site = Site::new();
    site.status("/a", 200).status("/b", 404);
    let urls = [site.address("/a"), site.address("/b"), site.address("/a"), site.address("/a")];
    let questions: Vec<Question> = urls.iter().map(|url| link(url)).collect();
    let told: Mutex<Vec<Progress>> = Mutex::default();
    let client = Client::new(config()).unwrap();
    let answers = client.answer(&questions, &|progress| told.lock().unwrap().push(progress));
    assert_eq!(answers.len(), 2);
    assert_eq!(site.requests().iter().filter(|request| request.ends_with("/a")).count(), 1);
    let told = told.into_inner().unwrap();
    let steps: Vec<_> = told.iter().map(|p| (p.done, p.total, p.host.as_str())).collect();
    assert_eq!(steps, [(1, 2, "127.0.0.1"), (2, 2, "127.0.0.1")]);
}

#[test]
fn offline_and_excluded_addresses_are_not_asked() {
    let site = Site::new();
    site.status("/a", 200);
    let folder = tempfile::tempdir().unwrap();
    let name = |name: &str| format!("{}/{name}", folder.path().to_str().unwrap());
    std::fs::write(name("a.png"), b"").unwrap();
    let [here, gone] = ["a.png", "b.png"].map(|n| Question::File { path: name(n) });
    let questions = [link(&site.address("/a")), here.clone(), gone.clone()];
    let offline = NetConfig { offline: true, ..config() };
    let excluded =
        NetConfig { exclude: vec![regex::Regex::new(&regex::escape(&site.address("/"))).unwrap()], ..config() };
    for config in [offline, excluded] {
        let answers = Client::new(config).unwrap().answer(&questions, &|_| {});
        assert_eq!(answers.get(&questions[0]), None);
        assert_eq!(answers.get(&here), Some(&Answer::File { anchors: None }));
        assert_eq!(answers.get(&gone), Some(&Answer::NoFile));
    }
    assert!(site.requests().is_empty());
}

#[test]
fn a_host_is_not_crowded() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, peak) = (Arc::clone(&now), Arc::clone(&most));
    let address = odd_server(move |_, mut stream| {
        head_of(&mut stream);
        peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(40));
        inside.fetch_sub(1, Ordering::SeqCst);
        let _ = stream.write_all(OK.as_bytes());
    });
    let urls: Vec<String> = (0..12).map(|n| format!("{address}{n}")).collect();
    let answers = answers(NetConfig { per_host_concurrency: 3, ..config() }, &urls);
    assert!(urls.iter().all(|url| matches!(answers.get(&link(url)), Some(Answer::Link(a)) if a.verdict == Fine)));
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[test]
fn a_host_is_asked_at_its_pace_and_waiting_is_no_timeout() {
    let site = Site::new();
    site.mount(Mock::given(method("HEAD")).respond_with(ResponseTemplate::new(200)));
    let urls: Vec<String> = (0..20).map(|n| site.address(&format!("/{n}"))).collect();
    let config =
        NetConfig { requests_per_second: Some(5), adapts: false, timeout: Duration::from_millis(500), ..config() };
    let start = Instant::now();
    let answers = answers(config, &urls);
    // Five at once, then fifteen at five a second: twice as long as a question may take once it has its turn.
    assert!(start.elapsed() >= Duration::from_millis(2900), "{:?}", start.elapsed());
    assert!(urls.iter().all(|url| matches!(answers.get(&link(url)), Some(Answer::Link(a)) if a.verdict == Fine)));
}

#[test]
fn passwords_are_used_and_never_told() {
    let site = Site::new();
    site.redirect("/old", 301, "/new").status("/new", 200).status("/gone", 404);
    let with = |path: &str| site.address(path).replace("http://", "http://ann:s3cret@");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bad = odd_server(|_, stream| say(stream, "not HTTP at all\r\n\r\n")).replace("http://", "http://ann:s3cret@");
    for url in [with("/old"), with("/new"), with("/gone"), format!("http://ann:s3cret@{closed}/"), bad] {
        let answer = ask(&url);
        assert!(!format!("{answer:?}").contains("s3cret"), "{answer:?}");
    }
    let moved = ask(&with("/old"));
    assert_eq!((moved.verdict, moved.moved_to), (Moved, Some(site.address("/new"))));
    let received = site.runtime.block_on(site.server.received_requests()).unwrap();
    assert!(received.iter().all(|request| request.headers.contains_key("authorization")));
}

#[test]
fn a_bad_configuration_is_an_error() {
    assert!(Client::new(NetConfig { user_agent: "a\nb".into(), ..config() }).is_err());
    assert!(Client::new(NetConfig { proxy: Some("http://[::1".into()), ..config() }).is_err());
}
