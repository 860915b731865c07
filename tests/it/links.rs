//! A draft with links of every kind, linted by the program itself.

use serde_json::Value;

use crate::cli::{caveat, folder, json};
use crate::net::servers::Site;

fn told(report: &Value, base: &str) -> String {
    let findings = report["findings"].as_array().unwrap().iter();
    let line = |f: &Value| format!("{} {}", f["code"].as_str().unwrap(), f["message"].as_str().unwrap());
    findings.map(|f| line(f).replace(base, "{{server}}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn links_are_checked_from_end_to_end() {
    let site = Site::new();
    site.status("/ok", 200).status("/gone", 404).status("/wall", 403).redirect("/moved", 301, "/ok");
    let base = site.address("");
    let draft = include_str!("../../fixtures/articles/broken-links.md").replace("{{server}}", &base);
    let folder = folder(&[
        ("caveat.toml", "[links]\nallow_private = true\ntimeout_seconds = 2\n"),
        ("broken-links.md", &draft),
        ("good-ms-review.md", include_str!("../../fixtures/articles/good-ms-review.md")),
    ]);
    let lint = |arguments: &[&str]| {
        let output =
            caveat(folder.path()).arg("lint").args(arguments).args(["--format", "json", "broken-links.md"]).output();
        output.unwrap()
    };
    let output = lint(&[]);
    insta::assert_snapshot!(told(&json(&output), &base));
    assert_eq!((output.status.code(), &json(&output)["summary"]["unchecked"]), (Some(1), &0.into()));
    let moved = &json(&output)["findings"][3]["fix"];
    assert_eq!(moved["replacement"], format!("{base}/ok"));

    assert_eq!(json(&lint(&["--offline"]))["summary"]["unchecked"], 4);
    // Without leave nothing on this machine is asked.
    let strict = json(&lint(&["--isolated"]));
    assert!(told(&strict, &base).contains("private address, not requested"), "{strict}");
}
