//! A headless Chromium, spoken to in the WebDriver protocol (W3C).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What to do where there is none.
const MISSING: &str = "this test needs Chromium and its driver: apt-get install chromium chromium-driver";
/// How WebDriver names an element's id in replies.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a browser on a busy machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser of its own, with a profile of its own; it is closed when it is dropped.
pub struct Browser {
    driver: Child,
    /// Held open: the driver stops when it cannot write.
    _said: BufReader<ChildStdout>,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one.
    pub fn start() -> Self {
        let (driver, said, port) = driver();
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self { driver, _said: said, port, session: String::new(), _profile: profile };
        let folder = format!("--user-data-dir={}", browser._profile.path().display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            &folder,
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments }, "goog:loggingPrefs": { "browser": "ALL" } });
        let made = browser.call("POST", "/session", &json!({ "capabilities": { "alwaysMatch": options } }));
        browser.session = made["sessionId"].as_str().unwrap_or_else(|| panic!("{made}: {MISSING}")).to_owned();
        browser.size(1280, 900);
        browser.media("", "light");
        browser
    }

    /// Opens a file.
    pub fn open(&self, page: &Path) {
        self.ask("POST", "/url", &json!({ "url": format!("file://{}", page.display()) }));
    }

    /// The value of a script's `return`.
    pub fn run(&self, script: &str) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits until a script returns true: what a page does by itself takes its time on a busy machine.
    pub fn until(&self, script: &str) {
        let begun = Instant::now();
        while self.run(script) != true {
            assert!(begun.elapsed() < PATIENCE, "in vain waited for {script}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The text that a script returns.
    pub fn text(&self, script: &str) -> String {
        let value = self.run(script);
        value.as_str().unwrap_or_else(|| panic!("{script} gives {value}")).to_owned()
    }

    /// The number that a script returns.
    pub fn number(&self, script: &str) -> f64 {
        let value = self.run(script);
        value.as_f64().unwrap_or_else(|| panic!("{script} gives {value}"))
    }

    /// Clicks where a person would.
    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.ask("POST", &format!("/element/{element}/click"), &json!({}));
    }

    /// Types into a field.
    pub fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.ask("POST", &format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses a key wherever the focus is.
    pub fn press(&self, key: &str) {
        let actions = [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.ask("POST", "/actions", &json!({ "actions": [keyboard] }));
    }

    /// Gives the page so many CSS pixels.
    pub fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// Shows the page as `media` ("" for the screen) and with what its reader prefers; nothing moves.
    pub fn media(&self, media: &str, scheme: &str) {
        let features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
        self.devtools("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }));
    }

    /// A command of Chromium's own protocol.
    pub fn devtools(&self, command: &str, params: Value) -> Value {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// What the console said since it was last asked.
    pub fn log(&self) -> Vec<String> {
        let entries = self.ask("POST", "/se/log", &json!({ "type": "browser" }));
        entries.as_array().unwrap().iter().map(|entry| entry["message"].to_string()).collect()
    }

    fn element(&self, selector: &str) -> String {
        let found = self.ask("POST", "/element", &json!({ "using": "css selector", "value": selector }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = self.call(method, &format!("/session/{}{path}", self.session), body);
        assert!(value["error"].is_null(), "{path} {body}: {value:#}");
        value
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (body, port) = (body.to_string(), self.port);
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        for line in reader.by_ref().lines() {
            let line = line.unwrap().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
        }
        let mut reply = vec![0; length];
        reader.read_exact(&mut reply).unwrap();
        serde_json::from_slice::<Value>(&reply).unwrap()["value"].take()
    }
}

/// How often a driver may find that the port it chose has just been taken.
const STARTS: usize = 5;

/// A driver on a port of its own choice, with what it goes on to say.
fn driver() -> (Child, BufReader<ChildStdout>, u16) {
    let mut told = String::new();
    for _ in 0..STARTS {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
        let mut driver = command.spawn().unwrap_or_else(|error| panic!("{error}: {MISSING}"));
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        while said.read_line(&mut told).unwrap() > 0 {
            if let Some((_, port)) = told.rsplit_once("successfully on port ") {
                let port = port.trim().trim_end_matches('.').parse().unwrap();
                return (driver, said, port);
            }
        }
        driver.wait().unwrap();
    }
    panic!("the driver does not start: {told}{MISSING}");
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that fails must not fail twice here.
        if !self.session.is_empty() && !std::thread::panicking() {
            self.call("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
