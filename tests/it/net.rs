//! The HTTP client against servers on this machine: what each behaviour of a server says about a link.

pub mod servers;

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use caveat::evidence::links::{LinkAnswer, LinkVerdict};
use caveat::evidence::{Answer, Answers, Question};
use caveat::net::{Client, NetConfig, Progress, Proxies};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use servers::{OK, Site, head_of, odd_server, say};

use LinkVerdict::{Moved, Ok as Fine, Unverifiable};

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
    assert_eq!(seconds.requests(), ["GET /a", "GET /a"]);

    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1));
    let date = passing(ResponseTemplate::new(503).insert_header("retry-after", soon.as_str()));
    assert_eq!(ask(&date.address("/a")).verdict, Fine);
    assert_eq!(date.requests(), ["GET /a", "GET /a"]);
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
    let config = NetConfig { allow_private: false, proxies: Proxies::all(proxy), ..config() };
    let answer = ask_with(config, "http://example.org/a");
    assert_eq!((answer.verdict, answer.detail.as_str()), (Unverifiable, "private address, not requested"));
    assert_eq!(*seen.lock().unwrap(), ["GET http://example.org/a HTTP/1.1"]);
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
    let config = || NetConfig { proxies: Proxies::all(proxy.clone()), ..config() };
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
    let steps: Vec<_> = told.iter().map(|p| (p.done, p.total, p.slowest.as_str())).collect();
    assert_eq!(steps, [(1, 2, "127.0.0.1"), (2, 2, "")]);
}

#[test]
fn progress_names_the_host_that_holds_the_rest_up() {
    let (quick, slow) = (Site::new(), Site::new());
    quick.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)));
    let late = ResponseTemplate::new(200).set_delay(Duration::from_millis(150));
    slow.mount(Mock::given(method("GET")).respond_with(late));
    let far = slow.address("").replace("127.0.0.1", "localhost");
    let mut questions: Vec<Question> = (0..5).map(|n| link(&format!("{far}/{n}"))).collect();
    questions.extend((0..5).map(|n| link(&quick.address(&format!("/{n}")))));
    let told: Mutex<Vec<Progress>> = Mutex::default();
    let one_at_a_time = NetConfig { per_host_concurrency: 1, ..config() };
    Client::new(one_at_a_time).unwrap().answer(&questions, &|progress| told.lock().unwrap().push(progress));
    let told = told.into_inner().unwrap();
    assert_eq!((told.len(), told[9].slowest.as_str()), (10, ""));
    assert!(told[6..9].iter().all(|progress| progress.slowest == "localhost"), "{told:?}");
}

#[test]
fn silent_hosts_hold_up_nobody_else() {
    let quick = Site::new();
    quick.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)));
    let silent = || {
        odd_server(|_, mut stream| {
            head_of(&mut stream);
            thread::sleep(Duration::from_secs(10));
        })
    };
    let far = [silent(), silent()];
    let mut questions: Vec<Question> =
        far.iter().flat_map(|host| (0..8).map(move |n| link(&format!("{host}{n}")))).collect();
    questions.extend((0..40).map(|n| link(&quick.address(&format!("/{n}")))));
    let start = Instant::now();
    let mut quick_took = Duration::ZERO;
    let config = NetConfig { concurrency: 20, timeout: Duration::from_secs(3), ..config() };
    let mut each = |question: &Question, _: &Answer| {
        if matches!(question, Question::Link { url } if url.starts_with(&quick.address(""))) {
            quick_took = start.elapsed();
        }
    };
    Client::new(config).unwrap().answer_each(&questions, &mut each, &|_| {});
    assert!(quick_took < Duration::from_secs(2) && start.elapsed() >= Duration::from_secs(3), "{quick_took:?}");
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
    site.mount(Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)));
    let urls: Vec<String> = (0..20).map(|n| site.address(&format!("/{n}"))).collect();
    let config =
        NetConfig { requests_per_second: Some(5.0), adapts: false, timeout: Duration::from_millis(500), ..config() };
    let start = Instant::now();
    let answers = answers(config, &urls);
    // Nineteen steps of a fifth of a second: twice as long as a question may take once it has its turn.
    assert!(start.elapsed() >= Duration::from_millis(3800), "{:?}", start.elapsed());
    assert!(urls.iter().all(|url| matches!(answers.get(&link(url)), Some(Answer::Link(a)) if a.verdict == Fine)));
}

#[test]
fn what_a_server_grants_is_kept_to() {
    let site = Site::new();
    let none_left = |reset: &str| {
        ResponseTemplate::new(200).insert_header("ratelimit-remaining", "0").insert_header("ratelimit-reset", reset)
    };
    site.on("/1", none_left("1")).on("/2", none_left("86400"));
    let one_at_a_time = NetConfig { per_host_concurrency: 1, ..config() };
    let start = Instant::now();
    answers(one_at_a_time, &[site.address("/1"), site.address("/2"), site.address("/3")]);
    let took = start.elapsed();
    assert_eq!(site.requests(), ["GET /1", "GET /2", "GET /3"]);
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(20), "{took:?}");
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
    assert!(Client::new(NetConfig { proxies: Proxies::all("http://[::1"), ..config() }).is_err());
}
