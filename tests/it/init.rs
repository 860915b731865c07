//! The first configuration, asked for at a terminal.

use std::process::Command;

use crate::cli::{caveat, folder, text};

/// Runs a program on a terminal of its own and answers each question; prints what it shows, and its exit code.
const AT_A_TERMINAL: &str = r#"
import os, pty, sys
answers = sys.argv[1].split(",")
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
asked = 0
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    shown += more
    while asked < shown.count(b"[1]: ") and asked < len(answers):
        os.write(terminal, (answers[asked] + "\n").encode())
        asked += 1
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(shown.decode().replace("\r\n", "\n"), end="")
print("exit", code, "asked", asked)
"#;

fn at_a_terminal(folder: &std::path::Path, answers: &str, arguments: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_caveat");
    let mut command = Command::new("python3");
    command.current_dir(folder).env("CAVEAT_CACHE_DIR", "").env("TERM", "xterm");
    let output = command.args(["-c", AT_A_TERMINAL, answers, program, "init"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_person_is_asked_for_whom_they_write() {
    let empty = folder(&[]);
    let shown = at_a_terminal(empty.path(), "9,patient-org,4", &[]);
    insta::assert_snapshot!(shown);
    let written = std::fs::read_to_string(empty.path().join("caveat.toml")).unwrap();
    assert!(written.contains("\nprofile = \"patient-org\"\n") && written.contains("\njurisdiction = \"uk\"\n"));

    // What is said is not asked, and nothing typed means the first choice.
    let empty = folder(&[]);
    let shown = at_a_terminal(empty.path(), "", &["--profile", "clinic"]);
    assert!(shown.ends_with("exit 0 asked 1\n") && !shown.contains("For whom"), "{shown}");
    let written = std::fs::read_to_string(empty.path().join("caveat.toml")).unwrap();
    assert!(written.contains("\nprofile = \"clinic\"\n") && written.contains("\n#jurisdiction = "), "{written}");

    // Nobody is there to ask.
    let empty = folder(&[]);
    let output = caveat(empty.path()).arg("init").output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
    assert!(std::fs::read_to_string(empty.path().join("caveat.toml")).unwrap().contains("\nprofile = \"editorial\"\n"));
}
