//! Whole runs of the programs, with their time, their peak of memory and the links that they do not find fine.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

pub enum Checker {
    Caveat,
    Lychee(PathBuf),
}

pub struct Run {
    pub seconds: f64,
    pub peak_kilobytes: u64,
    pub not_fine: BTreeSet<String>,
    /// What the server counted: requests, most at once at one host, most in a second at one host.
    pub counted: [usize; 3],
}

impl Checker {
    /// lychee, where `LYCHEE` or the search path leads to it.
    pub fn lychee() -> Option<Self> {
        let named = std::env::var_os("LYCHEE").map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).map(|folder| folder.join("lychee")).find(|file| file.is_file());
        let lychee = named.or(found).map(Checker::Lychee);
        if lychee.is_none() {
            println!("lychee is not at hand: `cargo install lychee`, or name it with LYCHEE");
        }
        lychee
    }

    pub fn name(&self) -> &'static str {
        match self {
            Checker::Caveat => "caveat",
            Checker::Lychee(_) => "lychee",
        }
    }

    pub fn run(&self, folder: &Path, lychee: &[&str]) -> Run {
        let mut command = match self {
            Checker::Caveat => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_caveat"));
                command.args(["lint", "--quiet", "--select", "CAV301,CAV302,CAV303", "--format", "json", "."]);
                command
            }
            Checker::Lychee(program) => {
                let mut command = Command::new(program);
                command.args(["--no-progress", "--format", "json", "."]).args(lychee);
                command
            }
        };
        let out = folder.join("out.json");
        command.current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null()).stdout(fs::File::create(&out).unwrap());
        let start = Instant::now();
        let peak_kilobytes = peak(command.spawn().unwrap());
        let seconds = start.elapsed().as_secs_f64();
        let report: Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
        fs::remove_file(&out).unwrap();
        let not_fine = match self {
            Checker::Caveat => ours(&report),
            Checker::Lychee(_) => theirs(&report),
        };
        Run { seconds, peak_kilobytes, not_fine, counted: [0; 3] }
    }
}

/// Waits for a program's end and returns the most memory that it ever held.
fn peak(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let now = fs::read_to_string(&status).unwrap_or_default();
        let held =
            now.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
        peak = held.unwrap_or(0).max(peak);
        if child.try_wait().unwrap().is_some() {
            return peak;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Links that are broken or unverifiable.
fn ours(report: &Value) -> BTreeSet<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let not_fine = findings.filter(|finding| finding["code"] != "CAV302");
    not_fine.map(|finding| finding["message"].as_str().unwrap().split(' ').next().unwrap().to_owned()).collect()
}

/// Links that lychee calls errors.
fn theirs(report: &Value) -> BTreeSet<String> {
    let errors = report["error_map"].as_object().unwrap().values().flat_map(|list| list.as_array().unwrap());
    errors.map(|error| error["url"].as_str().unwrap().to_owned()).collect()
}
