//! A file imports only from floors below it, and only the two at the rim touch the world.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. A floor may import from those before it and from itself.
const FLOORS: &[&str] = &[
    "compiled",
    "suggest",
    "source",
    "spanned",
    "prose",
    "assertion",
    "finding",
    "fixes",
    "document",
    "language",
    "figures",
    "pattern",
    "cues",
    "knowledge",
    "imported",
    "reading",
    "surroundings",
    "claims",
    "evidence",
    "verdicts",
    "bulk",
    "settings",
    "rules",
    "checks",
    "suppress",
    "baseline",
    "linter",
    "examples",
    "report",
    "sheet",
    "lsp",
    "net",
    "cli",
];

/// Floors that may touch files, the clock, the environment and the network.
const RIM: &[&str] = &["net", "cli"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn files() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let mut floors: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for path in paths {
        let inside = path.strip_prefix(&root).unwrap();
        let floor = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        floors.entry(floor).or_default().push((path.clone(), fs::read_to_string(&path).unwrap()));
    }
    floors
}

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|f| *f == floor)
}

/// The code of a file without comments and unit tests, which stand at its end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn files_import_only_from_below() {
    let mut wrong = Vec::new();
    for (floor, files) in files() {
        if floor == "lib" || floor == "main" {
            continue;
        }
        let own = height(&floor).unwrap_or_else(|| panic!("src/{floor} is on no floor: add it to the list"));
        for (path, text) in files {
            for part in code(&text).split("crate::").skip(1) {
                let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if height(&used).is_some_and(|used| used > own) {
                    wrong.push(format!("{} imports {used}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_rim_touches_the_world() {
    let worldly = [
        "std::fs",
        "std::env",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "ToSocketAddrs",
        "std::process",
        "SystemTime",
        "Instant::now",
        "Zoned::now",
        "reqwest",
        "tokio",
        "stdin()",
        "stdout()",
    ];
    let mut wrong = Vec::new();
    for (floor, files) in files() {
        if RIM.contains(&floor.as_str()) || floor == "main" {
            continue;
        }
        for (path, text) in files {
            let code = code(&text);
            wrong.extend(worldly.iter().filter(|w| code.contains(*w)).map(|w| format!("{} uses {w}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
