//! A server that says what a script tells it, down to the byte.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde::Deserialize;

/// What is said to one path: always the same, or one thing after another.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Script {
    Always(Box<Reply>),
    InTurn(Vec<Reply>),
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    status: Option<u16>,
    headers: BTreeMap<String, String>,
    html: Option<String>,
    text: Option<String>,
    raw: Option<String>,
    latin: bool,
    gzip: bool,
    zeros: Option<usize>,
    wait: u64,
    drip: u64,
    endless: Option<String>,
    short: usize,
    then: Option<String>,
}

pub struct Server {
    port: u16,
    tls: bool,
    requests: Arc<AtomicUsize>,
}

struct Play {
    script: BTreeMap<String, Script>,
    said: Mutex<BTreeMap<String, usize>>,
    requests: Arc<AtomicUsize>,
    names: Names,
}

/// What placeholders stand for.
struct Names {
    port: u16,
    tls: bool,
    closed: String,
}

impl Names {
    fn fill(&self, text: &str) -> String {
        let server = |scheme: &str| format!("{scheme}://127.0.0.1:{}", self.port);
        let soon = || httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1));
        let text = if text.contains("{in 1 s}") { text.replace("{in 1 s}", &soon()) } else { text.to_owned() };
        text.replace("{server}", &server(if self.tls { "https" } else { "http" }))
            .replace("{server https}", &server("https"))
            .replace("{closed}", &self.closed)
    }
}

impl Server {
    pub fn start(script: &BTreeMap<String, Script>, tls: bool, closed: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(AtomicUsize::new(0));
        let play = Arc::new(Play {
            script: script.clone(),
            said: Mutex::default(),
            requests: Arc::clone(&requests),
            names: Names { port, tls, closed: closed.to_owned() },
        });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let play = Arc::clone(&play);
                thread::spawn(move || match tls {
                    false => play.converse(stream, &|stream| drop(stream.shutdown(Shutdown::Both))),
                    true => {
                        let connection = ServerConnection::new(Arc::clone(&TLS)).unwrap();
                        play.converse(StreamOwned::new(connection, stream), &|_| {});
                    }
                });
            }
        });
        Self { port, tls, requests }
    }

    pub fn address(&self) -> String {
        self.fill("{server}", "")
    }

    pub fn fill(&self, text: &str, closed: &str) -> String {
        Names { port: self.port, tls: self.tls, closed: closed.to_owned() }.fill(text)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// A certificate that nobody else has signed.
static TLS: LazyLock<Arc<ServerConfig>> = LazyLock::new(|| {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    Arc::new(config.with_single_cert(vec![made.cert.der().clone()], key).unwrap())
});

impl Play {
    /// Answers one request after another until a reply ends the connection.
    fn converse<S: Read + Write>(&self, mut stream: S, close: &dyn Fn(&S)) {
        while let Some(line) = read_until(&mut stream, b"\r\n") {
            self.requests.fetch_add(1, Ordering::SeqCst);
            let mut words = line.split(' ');
            let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            let reply = self.reply(method, path);
            if reply.as_ref().is_some_and(|reply| reply.then.as_deref() == Some("reset")) {
                // Closing with the rest of the request unread resets the connection.
                return;
            }
            if method != ENCRYPTED && read_until(&mut stream, b"\r\n\r\n").is_none() {
                return;
            }
            let Some(reply) = reply else {
                let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                continue;
            };
            thread::sleep(Duration::from_millis(reply.wait));
            match reply.then.as_deref() {
                Some("silence") => thread::sleep(Duration::from_secs(4)),
                Some(_) => {}
                None if reply.say(&mut stream, &self.names).is_ok() && reply.is_complete() => continue,
                None => {}
            }
            close(&stream);
            return;
        }
    }

    fn reply(&self, method: &str, path: &str) -> Option<Reply> {
        let names = [format!("{method} {path}"), path.to_owned(), "*".to_owned()];
        let name = names.into_iter().find(|name| self.script.contains_key(name))?;
        let mut said = self.said.lock().unwrap();
        let times = said.entry(name.clone()).or_default();
        *times += 1;
        match &self.script[&name] {
            Script::Always(reply) => Some((**reply).clone()),
            Script::InTurn(replies) => replies.get(*times - 1).or(replies.last()).cloned(),
        }
    }
}

impl Reply {
    /// Whether the next request may follow on the same connection.
    fn is_complete(&self) -> bool {
        self.raw.is_none() && self.endless.is_none() && self.short == 0
    }

    fn say(&self, stream: &mut impl Write, names: &Names) -> std::io::Result<()> {
        let text = self.raw.as_ref().map_or_else(|| self.head(names), |raw| raw.clone());
        let mut bytes = if self.latin { text.chars().map(|c| c as u8).collect() } else { text.into_bytes() };
        if self.raw.is_none() {
            bytes.extend(self.body());
        }
        self.drip(stream, &bytes)?;
        while let Some(more) = &self.endless {
            self.drip(stream, more.as_bytes())?;
        }
        Ok(())
    }

    fn drip(&self, stream: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
        // What comes byte by byte are heads and endless bodies; the rest is written in one go.
        if self.drip == 0 {
            return stream.write_all(bytes).and_then(|()| stream.flush());
        }
        for byte in bytes {
            stream.write_all(&[*byte]).and_then(|()| stream.flush())?;
            if self.raw.is_some() || bytes.len() == 1 {
                thread::sleep(Duration::from_millis(self.drip));
            }
        }
        Ok(())
    }

    fn head(&self, names: &Names) -> String {
        let mut head = format!("HTTP/1.1 {} Said\r\n", self.status.unwrap_or(200));
        let mut header = |name: &str, value: &str| head += &format!("{name}: {value}\r\n");
        if self.html.is_some() && !self.headers.contains_key("content-type") {
            header("content-type", "text/html; charset=utf-8");
        }
        if self.gzip || self.zeros.is_some() {
            header("content-encoding", "gzip");
        }
        if self.endless.is_none() {
            header("content-length", &(self.body().len() + self.short).to_string());
        }
        for (name, value) in &self.headers {
            header(name, &names.fill(value));
        }
        head + "\r\n"
    }

    fn body(&self) -> Vec<u8> {
        if let Some(kilobytes) = self.zeros {
            static BOMBS: Mutex<BTreeMap<usize, Vec<u8>>> = Mutex::new(BTreeMap::new());
            let mut bombs = BOMBS.lock().unwrap();
            return bombs.entry(kilobytes).or_insert_with(|| packed(&vec![0; kilobytes * 1024])).clone();
        }
        let plain = self.html.as_ref().or(self.text.as_ref()).map_or(&[][..], |text| text.as_bytes());
        if self.gzip { packed(plain) } else { plain.to_vec() }
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What stands for the greeting of somebody who wants encryption.
const ENCRYPTED: &str = "TLS";

/// What comes up to some bytes, which may be the end of what came before; `None` once nothing comes any more.
fn read_until(stream: &mut impl Read, end: &[u8]) -> Option<String> {
    // A head's last line end may be that of its first line.
    let mut read = if end.len() > 2 { b"\r\n".to_vec() } else { Vec::new() };
    let mut byte = [0];
    while !read.ends_with(end) {
        match stream.read(&mut byte) {
            Ok(1) => read.push(byte[0]),
            _ => return None,
        }
        // Encryption where none is spoken: answered at once in plain words, as servers do.
        if read == [22] {
            return Some(format!("{ENCRYPTED} *"));
        }
    }
    Some(String::from_utf8_lossy(&read).into_owned())
}
