//! Servers on this machine that behave as they are told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use tokio::runtime::Runtime;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A server of canned answers. The runtime only starts it; it runs on a thread of its own. It is not of wiremock's pool:
/// once dropped it is gone.
pub struct Site {
    pub runtime: Runtime,
    pub server: MockServer,
}

impl Site {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(MockServer::builder().start());
        Self { runtime, server }
    }

    pub fn on(&self, at: &str, response: ResponseTemplate) -> &Self {
        self.mount(Mock::given(path(at)).respond_with(response))
    }

    pub fn status(&self, at: &str, status: u16) -> &Self {
        self.on(at, ResponseTemplate::new(status))
    }

    pub fn redirect(&self, at: &str, status: u16, to: &str) -> &Self {
        self.on(at, ResponseTemplate::new(status).insert_header("location", to))
    }

    pub fn mount(&self, mock: Mock) -> &Self {
        self.runtime.block_on(mock.mount(&self.server));
        self
    }

    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri())
    }

    /// "HEAD /path" for every request so far.
    pub fn requests(&self) -> Vec<String> {
        let received = self.runtime.block_on(self.server.received_requests()).unwrap();
        received.iter().map(|request| format!("{} {}", request.method, request.url.path())).collect()
    }
}

/// A server that does with its nth connection what it is told; its address ends in `/`.
pub fn odd_server(serve: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for (n, stream) in listener.incoming().flatten().enumerate() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(n, stream));
        }
    });
    format!("http://{address}/")
}

/// Reads a request's head and returns it.
pub fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Reads a request and says a few words in return. A client that has gone away is no failure.
pub fn say(mut stream: TcpStream, words: &str) {
    head_of(&mut stream);
    let _ = stream.write_all(words.as_bytes());
}

pub const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
