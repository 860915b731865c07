//! A server of small pages that counts what it is asked, and how much of that at once.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

pub struct Server {
    pub port: u16,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    requests: usize,
    now: HashMap<IpAddr, usize>,
    most: usize,
    times: HashMap<IpAddr, Vec<Instant>>,
}

impl Server {
    /// One that answers at every address of this machine, after so many milliseconds.
    pub fn start(takes: u64) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts: Arc<Mutex<Counts>> = Arc::default();
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counts = Arc::clone(&shared);
                thread::Builder::new().stack_size(64 * 1024).spawn(move || converse(&stream, &counts, takes)).unwrap();
            }
        });
        Self { port, counts }
    }

    pub fn forget(&self) {
        *self.counts.lock().unwrap() = Counts::default();
    }

    pub fn requests(&self) -> usize {
        self.counts.lock().unwrap().requests
    }

    /// Most requests under way at once at one host.
    pub fn most_at_once(&self) -> usize {
        self.counts.lock().unwrap().most
    }

    /// Most requests to one host within one second.
    pub fn most_a_second(&self) -> usize {
        let counts = self.counts.lock().unwrap();
        let most = |times: &Vec<Instant>| {
            let within = |at: usize| times[at..].iter().take_while(|time| **time - times[at] < SECOND).count();
            // Every start is looked at, but no window is counted to its end where thousands fit in.
            (0..times.len()).step_by(times.len() / 500 + 1).map(within).max().unwrap_or(0)
        };
        counts.times.values().map(most).max().unwrap_or(0)
    }
}

const SECOND: Duration = Duration::from_secs(1);
const PAGE: &str = "<!doctype html><html><head><title>A page about MS</title></head><body><h1>Multiple sclerosis</h1><p>There is no cure for multiple sclerosis.</p></body></html>";

/// Answers one request after another. Never panics: a client that has gone away is none of its concern.
fn converse(stream: &TcpStream, counts: &Mutex<Counts>, takes: u64) {
    let Ok(host) = stream.local_addr().map(|address| address.ip()) else { return };
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if !reader.read_line(&mut line).is_ok_and(|length| length > 0) {
            return;
        }
        let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
        {
            let mut counts = counts.lock().unwrap();
            counts.requests += 1;
            let now = counts.now.entry(host).or_default();
            *now += 1;
            let now = *now;
            counts.most = counts.most.max(now);
            counts.times.entry(host).or_default().push(Instant::now());
        }
        while line.trim_end() != "" {
            line.clear();
            if !reader.read_line(&mut line).is_ok_and(|length| length > 0) {
                return;
            }
        }
        if takes > 0 {
            thread::sleep(Duration::from_millis(takes));
        }
        let reply = reply(&path);
        // Before the answer is out: the client may ask anew as soon as it has it.
        *counts.lock().unwrap().now.entry(host).or_insert(1) -= 1;
        let mut writer = stream;
        if writer.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

fn reply(path: &str) -> String {
    let with = |status: &str, more: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n{more}\r\n{body}", body.len())
    };
    match path.split('/').nth(1) {
        Some("gone") => with("404 Not Found", "", "gone"),
        Some("wall") => with("403 Forbidden", "", "no"),
        Some("moved") => with("301 Moved Permanently", &format!("Location: {}\r\n", path.replace("moved", "page")), ""),
        _ => with("200 OK", "", PAGE),
    }
}
