//! A child process that watches a folder while files in it change.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::cli::{caveat, fed, folder, text};

/// Lines of a pipe as they come.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

struct Watching {
    child: Child,
    out: Receiver<String>,
    errors: Receiver<String>,
}

impl Watching {
    /// What is told up to the end of the next run.
    fn next_run(&self) -> Vec<String> {
        loop {
            let line = self.errors.recv_timeout(Duration::from_secs(60)).unwrap();
            if line.contains("Watching") {
                assert!(line.ends_with(" ms. Watching for changes; Ctrl-C ends it."), "{line}");
                break;
            }
        }
        // The two pipes are read by two threads.
        let mut lines = Vec::new();
        while let Ok(line) = self.out.recv_timeout(Duration::from_millis(300)) {
            lines.push(line);
        }
        lines
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Nothing is left behind by a test that failed.
        let _ = self.child.kill();
    }
}

#[test]
fn drafts_are_judged_again_as_they_change() {
    let folder = folder(&[
        ("caveat.toml", "ignore = [\"transparency\"]\nexclude = [\"old/\"]\n"),
        ("a.md", "Our tea cures diabetes.\n"),
        ("deep/b.md", "Our oil cures lupus.\n"),
        ("old/c.md", "Our oil cures lupus.\n"),
        ("notes.rs", "// Our oil cures lupus.\n"),
    ]);
    let mut command = caveat(folder.path());
    command.args(["lint", "--offline", "--watch", "--format", "concise"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (out, errors) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
    let mut watching = Watching { child, out, errors };
    let places = |lines: Vec<String>| -> Vec<String> {
        lines.iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(places(watching.next_run()), ["a.md:1:5:", "deep/b.md:1:5:"]);
    // Only what has changed is judged, and what is no draft or excluded says nothing.
    fs::write(folder.path().join("notes.rs"), "// Our tea cures diabetes.\n").unwrap();
    fs::write(folder.path().join("old/c.md"), "Our tea cures diabetes.\n").unwrap();
    fs::write(folder.path().join("deep/b.md"), "Fine.\n\nOur tea cures diabetes.\n").unwrap();
    assert_eq!(places(watching.next_run()), ["deep/b.md:3:5:"]);
    // As editors save: a new file in the place of the old one. A new draft too.
    fs::write(folder.path().join(".b.swp"), "Our drops cure asthma.\n").unwrap();
    fs::rename(folder.path().join(".b.swp"), folder.path().join("deep/b.md")).unwrap();
    assert_eq!(places(watching.next_run()), ["deep/b.md:1:11:"]);
    fs::write(folder.path().join("new.md"), "Our oil cures lupus.\n").unwrap();
    assert_eq!(places(watching.next_run()), ["new.md:1:5:"]);
    // The configuration holds for every draft.
    fs::write(folder.path().join("caveat.toml"), "ignore = [\"transparency\", \"cure-claim\"]\n").unwrap();
    assert_eq!(places(watching.next_run()), Vec::<String>::new());
    let pid = watching.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(watching.child.wait().unwrap().code(), Some(0));
}

#[test]
fn standard_input_cannot_be_watched() {
    let output = fed(caveat(&std::env::temp_dir()).args(["lint", "--isolated", "--offline", "--watch", "-"]), b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("standard input cannot be watched"), "{}", text(&output.stderr));
}
