//! A server on loopback that behaves as badly as the web does: what it does depends on the path.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

#[derive(Default)]
struct Seen {
    requests: Mutex<HashMap<String, usize>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A running server; it ends with the test's process.
pub struct Server {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    seen: Arc<Seen>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let (shared, own) = (seen.clone(), base.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, base) = (shared.clone(), own.clone());
                thread::spawn(move || serve(stream, &seen, &base));
            }
        });
        Self { base, seen }
    }

    /// How often a path was asked, by any method.
    pub fn requests(&self, path: &str) -> usize {
        self.seen.requests.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    pub fn all_requests(&self) -> usize {
        self.seen.requests.lock().unwrap().values().sum()
    }

    /// The most requests that were under way at once.
    pub fn most_at_once(&self) -> usize {
        self.seen.most.load(Ordering::SeqCst)
    }
}

/// Answers requests on one connection until it closes.
fn serve(mut stream: TcpStream, seen: &Seen, base: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut header = String::new();
        while reader.read_line(&mut header).unwrap_or(0) > 2 {
            header.clear();
        }
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap_or("").to_owned(), words.next().unwrap_or("").to_owned());
        let times = {
            let mut requests = seen.requests.lock().unwrap();
            let times = requests.entry(path.clone()).or_insert(0);
            *times += 1;
            *times
        };
        let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
        seen.most.fetch_max(now, Ordering::SeqCst);
        let goes_on = reply(&mut stream, &method, &path, times, base);
        seen.now.fetch_sub(1, Ordering::SeqCst);
        if !goes_on {
            return;
        }
    }
}

/// Replies and tells whether the connection stays open.
fn reply(stream: &mut TcpStream, method: &str, path: &str, times: usize, base: &str) -> bool {
    let mut send = |status: &str, headers: &str| {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).is_ok()
    };
    let to = |place: &str| format!("Location: {place}\r\n");
    let head = method == "HEAD";
    match path.split('?').next().unwrap_or(path) {
        "/ok" | "/end" => send("200 OK", ""),
        "/empty" => send("204 No Content", ""),
        "/gone" => send("404 Not Found", ""),
        "/gone-for-good" => send("410 Gone", ""),
        "/failing" => send("500 Internal Server Error", ""),
        "/gateway" => send("502 Bad Gateway", ""),
        "/wall" => send("403 Forbidden", ""),
        "/login" => send("401 Unauthorized", ""),
        "/law" => send("451 Unavailable For Legal Reasons", ""),
        "/network" => send("999 Request denied", ""),
        "/teapot" => send("418 I'm a teapot", ""),
        "/moved" => send("301 Moved Permanently", &to("/end")),
        "/moved-308" => send("308 Permanent Redirect", &to("/end")),
        "/found" => send("302 Found", &to("/end")),
        "/temporary" => send("307 Temporary Redirect", &to("/end")),
        "/other" => send("303 See Other", &to("/end")),
        "/chain" => send("301 Moved Permanently", &to("/moved")),
        "/mixed" => send("301 Moved Permanently", &to("/found")),
        "/to-gone" => send("301 Moved Permanently", &to("/gone")),
        "/loop" => send("302 Found", &to("/loop-back")),
        "/loop-back" => send("302 Found", &to("/loop")),
        "/endless" => {
            let next = path.split_once('?').and_then(|(_, n)| n.parse::<usize>().ok()).unwrap_or(0) + 1;
            send("302 Found", &to(&format!("/endless?{next}")))
        }
        "/nowhere" => send("301 Moved Permanently", ""),
        "/to-nothing" => send("301 Moved Permanently", &to("http://")),
        "/to-script" => send("302 Found", &to("javascript:alert(1)")),
        "/to-private" => send("302 Found", &to("http://10.255.255.1/")),
        "/no-head" => send(if head { "405 Method Not Allowed" } else { "200 OK" }, ""),
        "/head-lies" => send(if head { "404 Not Found" } else { "200 OK" }, ""),
        "/busy-once" => send(if times == 1 { "429 Too Many Requests" } else { "200 OK" }, "Retry-After: 1\r\n"),
        "/busy-dated" => {
            let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1));
            let status = if times <= 2 { "503 Service Unavailable" } else { "200 OK" };
            send(status, &format!("Retry-After: {soon}\r\n"))
        }
        "/busy" => send("429 Too Many Requests", "Retry-After: 1\r\n"),
        "/busy-long" => send("429 Too Many Requests", "Retry-After: 86400\r\n"),
        "/reset-once" if times <= 2 => false,
        "/reset-once" => send("200 OK", ""),
        "/reset" => false,
        "/slow" => {
            thread::sleep(Duration::from_secs(3));
            send("200 OK", "")
        }
        "/drip" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            for _ in 0..30 {
                thread::sleep(Duration::from_millis(100));
                if stream.write_all(b"x").is_err() {
                    break;
                }
            }
            false
        }
        "/garbage" => {
            let _ = stream.write_all(b"\x00\xffnot http at all\r\n\r\n");
            false
        }
        "/pause" => {
            thread::sleep(Duration::from_millis(60));
            send("200 OK", "")
        }
        "/credentials" => send("301 Moved Permanently", &to(&base.replace("http://", "http://user:secret@"))),
        _ => send("200 OK", ""),
    }
}
