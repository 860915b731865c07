//! The fact-checker's ledger, through the real program.

use crate::cli::{caveat, folder, json, text};

const DRAFT: &str = "Ocrelizumab is approved for lupus. The trial is recruiting adults.\n";

#[test]
fn a_ledger_is_kept_beside_the_drafts_and_its_signatures_count() {
    let folder = folder(&[("a.md", DRAFT), ("caveat.toml", "sheet = \"claims.toml\"\n")]);
    let sheet = folder.path().join("claims.toml");
    let claims = |more: &[&str]| {
        let run = caveat(folder.path())
            .args(["claims", "--offline", "--today", "2026-11-01", "--sheet", "claims.toml", "."])
            .args(more)
            .output();
        let output = run.unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let unsigned = || {
        let lint = ["lint", "--offline", "--select", "claim-unchecked", "--format", "json", "a.md"];
        json(&caveat(folder.path()).args(lint).output().unwrap())["summary"]["warning"].as_u64().unwrap()
    };
    assert_eq!(claims(&[]), (String::new(), "claims.toml: 2 claims, 0 of all entries signed; 2 new\n".to_owned()));
    assert_eq!(unsigned(), 2);

    let written = std::fs::read_to_string(&sheet).unwrap();
    let signed = written
        .replacen("checked_by = \"\"", "checked_by = \"Ann\" # asked the agency", 1)
        .replacen("checked_on = \"\"", "checked_on = 2026-10-30", 1)
        .replacen("verdict = \"\"", "verdict = \"contradicted\"", 1);
    std::fs::write(&sheet, &signed).unwrap();
    assert_eq!(unsigned(), 1);
    // Nothing has changed, so nothing is written.
    claims(&["--quiet"]);
    assert_eq!(std::fs::read_to_string(&sheet).unwrap(), signed);
    let (reviews, _) = claims(&["--claim-review"]);
    let reviews: serde_json::Value = serde_json::from_str(&reviews).unwrap();
    assert_eq!((reviews.as_array().unwrap().len(), &reviews[0]["author"]["name"]), (1, &"Ann".into()));

    // The sentence moves, and is worded otherwise without meaning anything else.
    std::fs::write(folder.path().join("a.md"), "Something new.\n\nThe Ocrelizumab is approved for the lupus.\n")
        .unwrap();
    let (_, told) = claims(&[]);
    assert!(told.contains("1 claims, 1 of all entries signed; 1 dropped"), "{told}");
    assert!(std::fs::read_to_string(&sheet).unwrap().contains("# asked the agency"));
    assert_eq!(unsigned(), 0);

    // It says something else now: checked it is no more.
    std::fs::write(folder.path().join("a.md"), "Ocrelizumab is not approved for lupus.\n").unwrap();
    assert!(claims(&[]).1.contains("1 stale"));
    assert_eq!(unsigned(), 1);

    // It is gone, and what Ann wrote is not.
    std::fs::write(folder.path().join("a.md"), "Something new.\n").unwrap();
    assert!(claims(&[]).1.contains("1 set apart"));
    assert!(std::fs::read_to_string(&sheet).unwrap().contains("# asked the agency"));
}

#[test]
fn a_ledger_that_cannot_be_read_is_left_as_it_is() {
    let broken = "[[claim]]\nclaim = \"It cures.\"\nverdict = \"suported\"\n";
    let folder = folder(&[("a.md", DRAFT), ("claims.toml", broken)]);
    let output =
        caveat(folder.path()).args(["claims", "--offline", "--sheet", "claims.toml", "a.md"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("did you mean `supported`?"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(folder.path().join("claims.toml")).unwrap(), broken);
}
