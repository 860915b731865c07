//! The fact base: it is as large as promised, its names are found, its mistakes are told, and it can be looked at.

use std::collections::HashSet;

use caveat::document::Document;
use caveat::knowledge::{self, EntityKind, Knowledge};
use caveat::rules::{RuleSet, entity_of};
use caveat::source::{Format, SourceFile};

use crate::cli::{caveat, folder, json, text};

#[test]
fn the_base_is_as_large_as_it_claims() {
    let base = Knowledge::builtin();
    let of = |kind| base.entities().iter().filter(|entity| entity.kind == kind).count();
    assert!(of(EntityKind::Condition) >= 700, "{} conditions", of(EntityKind::Condition));
    assert!(of(EntityKind::Therapy) >= 1000, "{} therapies", of(EntityKind::Therapy));
    assert!(of(EntityKind::Authority) >= 20, "{} authorities", of(EntityKind::Authority));
    let dated = base.facts().iter().filter(|fact| fact.since.is_some()).count();
    assert!(dated >= 400, "{dated} dated facts");
    assert!(base.facts().len() >= 1000, "{} facts", base.facts().len());
    let without = base.facts().iter().find(|fact| fact.sources.is_empty() || fact.review_by <= fact.as_of);
    assert!(without.is_none(), "{without:?}");
}

#[test]
fn the_base_has_nothing_to_mend() {
    let files = Knowledge::builtin_files();
    let found = knowledge::lint(&files, Some("2026-11-25".parse().unwrap()));
    let told: Vec<String> = found
        .iter()
        .map(|(at, finding)| format!("{}: {}: {}", files[*at].name(), files[*at].slice(finding.span), finding.message))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_file_below_rules_facts_is_part_of_the_base() {
    fn below(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            } else {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    below(&root.join("rules/facts"), &mut files);
    let known: HashSet<String> = Knowledge::builtin_files().iter().map(|file| file.name().to_owned()).collect();
    let forgotten: Vec<&String> = files.iter().filter(|file| !known.iter().any(|name| file.ends_with(name))).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

/// The identifiers of the entities that a text is found to name.
fn named(rules: &RuleSet, prose: &str) -> Vec<String> {
    let document = Document::parse(SourceFile::new("a.txt", prose, Format::Text));
    let reading = rules.reader().read(&document);
    let mentions = (0..reading.len()).flat_map(|sentence| reading.view(&document, sentence).mentions.to_vec());
    let entities = [RuleSet::ENTITIES.condition, RuleSet::ENTITIES.therapy, RuleSet::ENTITIES.authority];
    let listed = mentions.filter(|mention| mention.is_listed() && entities.contains(&mention.lexicon));
    listed.filter_map(|mention| rules.knowledge().entity(entity_of(&mention))).map(|entity| entity.id.clone()).collect()
}

#[test]
fn every_name_is_found_in_running_text() {
    let rules = RuleSet::without_rules();
    let mut missed = Vec::new();
    for entity in rules.knowledge().entities() {
        for name in &entity.names {
            let prose = format!("Those who asked about {} got no answer.", name.text);
            if !named(&rules, &prose).contains(&entity.id) {
                missed.push(format!("{}: {}", entity.id, name.text));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn look_alikes_are_no_names() {
    let rules = RuleSet::without_rules();
    for prose in [
        "A cold shower woke him.",
        "They stood out in the cold for hours.",
        "It was a stroke of luck.",
        "The drug can cause respiratory depression.",
        "The Great Depression began in 1929.",
        "Ambulances with ALS crew came first.",
        "She took her MS degree in 2004.",
        "The nurse asked about piles of paper.",
        "He lay in the grass while shingles fell from the roof: roof shingles.",
        "Take the lithium battery out.",
        "The ozone layer is thinner there.",
    ] {
        let found = named(&rules, prose);
        let meant = ["cold", "stroke", "depression", "als", "ms", "haemorrhoids", "lithium", "ozone"];
        assert!(!found.iter().any(|id| meant.contains(&id.as_str())), "{prose} {found:?}");
    }
    assert_eq!(named(&rules, "She has a cold."), ["cold"]);
    assert_eq!(named(&rules, "Depression followed the stroke."), ["depression", "stroke"]);
    assert_eq!(named(&rules, "Piles can bleed, and MS can relapse."), ["haemorrhoids", "ms"]);
}

#[test]
fn a_draft_gives_short_names_another_meaning() {
    let rules = RuleSet::without_rules();
    let other = "The blood was studied by mass spectrometry (MS). MS is costly. Multiple sclerosis is not meant.";
    assert_eq!(named(&rules, other), ["ms"]);
    assert_eq!(named(&rules, "Multiple sclerosis (MS) is meant. MS is common."), ["ms", "ms", "ms"]);
    assert_eq!(named(&rules, "Courses in advanced life support (ALS) are free. ALS saves lives."), [""; 0]);
}

#[test]
fn facts_are_those_of_a_day() {
    let base = Knowledge::builtin();
    let id = |id: &str| base.by_id(id).unwrap();
    let approved = |therapy: &str, day: &str| {
        base.facts_on(id(therapy), day.parse().unwrap()).iter().any(|fact| fact.predicate.is_approval())
    };
    assert!(!approved("ocrelizumab", "2017-03-27"));
    assert!(approved("ocrelizumab", "2017-03-28"));
    assert!(approved("daclizumab", "2017-01-01") && !approved("daclizumab", "2019-01-01"));
    assert_eq!(base.first_approval(id("ocrelizumab"), id("fda")), Some("2017-03-28".parse().unwrap()));
    assert_eq!(base.first_approval(id("ocrelizumab"), id("ema")), Some("2018-01-08".parse().unwrap()));
    // A class that is only studied for a condition does not reach over a member's approval for one of its forms.
    assert!(base.investigational(id("car-t"), id("ms"), None).is_some());
    assert!(base.investigational(id("tisagenlecleucel"), id("b-all"), None).is_none());
}

#[test]
fn only_what_is_accepted_cures() {
    let base = Knowledge::builtin();
    let accepted = |therapy: &str, condition: &str| {
        base.is_accepted_cure(base.by_id(therapy).unwrap(), base.by_id(condition).unwrap())
    };
    assert_eq!(accepted("amoxicillin", "strep-throat"), Some(true));
    assert_eq!(accepted("garlic", "strep-throat"), Some(false));
    assert_eq!(accepted("vitamin-c", "scurvy"), Some(true));
    assert_eq!(accepted("ivermectin", "bowel-cancer"), Some(false));
    assert_eq!(accepted("surgery", "bowel-cancer"), Some(true));
    assert_eq!(accepted("garlic", "ms"), None);
}

const OWN: &str = r#"
source = [{ id = "clinic", publisher = "Our clinic", title = "Handbook", url = "https://clinic.example/handbook" }]
therapy = [{ id = "sunbeam-9", names = ["Sunbeam-9"] }]
fact = [
    { predicate = "investigational", therapy = "sunbeam-9", condition = ["ms"], as_of = 2026-05-01, sources = ["clinic"] },
]
"#;

#[test]
fn own_facts_are_shown_beside_the_built_in_ones() {
    let folder = folder(&[("caveat.toml", "facts = [\"facts/*.toml\"]\n"), ("facts/own.toml", OWN)]);
    let shown = caveat(folder.path()).args(["facts", "show", "sunbeam-9", "--format", "json"]).output().unwrap();
    let shown = json(&shown);
    assert_eq!(shown["entities"][0]["names"][0], "Sunbeam-9");
    assert_eq!(shown["entities"][0]["facts"][0]["condition"], "ms");
    assert_eq!(shown["entities"][0]["facts"][0]["sources"][0]["publisher"], "Our clinic");
    let linted = caveat(folder.path()).args(["facts", "lint", "--today", "2026-06-01"]).output().unwrap();
    assert_eq!(linted.status.code(), Some(0), "{}", text(&linted.stdout));
    let due = caveat(folder.path()).args(["facts", "due", "--today", "2020-01-01"]).output().unwrap();
    assert_eq!((due.status.code(), text(&due.stdout).starts_with("0 of ")), (Some(0), true));
    let due =
        caveat(folder.path()).args(["facts", "due", "--today", "2031-01-01", "--format", "json"]).output().unwrap();
    assert_eq!(due.status.code(), Some(1));
    assert!(json(&due)["due"].as_array().unwrap().iter().any(|fact| fact["therapy"] == "sunbeam-9"));
}

#[test]
fn mistakes_are_findings_on_the_fact_file() {
    // The approval of a product contradicts what is said of its class, and points at the line that says it.
    let wrong = OWN.replace(
        "fact = [",
        "fact = [\n    { predicate = \"approved\", authority = \"fda\", therapy = \"tisagenlecleucel\", condition = [\"ms\"], since = 2025-01-01, as_of = 2026-05-01, sources = [\"clinic\"] },",
    );
    let folder = folder(&[("own.toml", &wrong)]);
    let linted = caveat(folder.path()).args(["facts", "lint", "own.toml", "--format", "json"]).output().unwrap();
    let findings = json(&linted);
    let first = &findings["findings"][0];
    assert_eq!(linted.status.code(), Some(1));
    assert_eq!((&first["rule"], &first["start"]["line"]), (&"facts/invalid".into(), &5.into()));
    assert!(first["message"].as_str().unwrap().contains("contradicts `car-t.ms.investigational`"), "{first}");

    let folder = self::folder(&[("own.toml", &OWN.replace("2026-05-01", "2026-07-01"))]);
    let args = ["facts", "lint", "own.toml", "--format", "concise", "--today", "2026-06-01"];
    let linted = caveat(folder.path()).args(args).output().unwrap();
    assert_eq!(linted.status.code(), Some(1));
    assert!(text(&linted.stdout).contains("still to come"), "{}", text(&linted.stdout));
}

#[test]
fn what_is_unknown_is_said_with_what_may_be_meant() {
    let folder = folder(&[]);
    let shown = caveat(folder.path()).args(["facts", "show", "ocrelizumap"]).output().unwrap();
    assert_eq!(shown.status.code(), Some(2));
    assert!(text(&shown.stderr).contains("Did you mean “ocrelizumab”?"), "{}", text(&shown.stderr));
}

#[test]
fn own_facts_count_when_drafts_are_linted() {
    let draft = "# Sunbeam-9 for MS\n\nSunbeam-9 is our new treatment for MS. Ask us about Sunbeam-9.\n";
    let found = |files: &[(&str, &str)]| {
        let folder = folder(files);
        let args = ["lint", "--offline", "--select", "investigational", "--format", "json", "draft.md"];
        let linted = json(&caveat(folder.path()).args(args).output().unwrap());
        let findings = linted["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().any(|f| f["rule"] == "investigational/trial-only-caveat-missing")
    };
    assert!(!found(&[("draft.md", draft)]));
    let config = ("caveat.toml", "facts = [\"own.toml\"]\n");
    assert!(found(&[("draft.md", draft), config, ("own.toml", OWN)]));

    // A mistake in them is a finding on them, and nothing is linted.
    let folder = folder(&[("draft.md", draft), config, ("own.toml", &OWN.replace("\"ms\"", "\"mss\""))]);
    let linted = caveat(folder.path()).args(["lint", "--offline", "--format", "concise", "draft.md"]).output().unwrap();
    assert_eq!(linted.status.code(), Some(2));
    assert!(text(&linted.stdout).contains("There is no entity `mss`"), "{}", text(&linted.stdout));
}

#[test]
fn own_names_are_sides_of_claims() {
    let draft = ("draft.md", "Sunbeam-9 cures MS.\n");
    let subject = |files: &[(&str, &str)]| {
        let folder = folder(files);
        let claims = caveat(folder.path()).args(["claims", "--format", "csv", "draft.md"]).output().unwrap();
        text(&claims.stdout)
    };
    let config = ("caveat.toml", "facts = [\"own.toml\"]\n");
    let moonrise = OWN.replace("Sunbeam-9", "Warm Hands Method");
    let draft_of = ("draft.md", "The clinic's Warm Hands Method cures MS.\n");
    assert!(subject(&[draft, config, ("own.toml", OWN)]).contains("Sunbeam-9"));
    let (with, without) = (subject(&[draft_of, config, ("own.toml", &moonrise)]), subject(&[draft_of]));
    assert!(with.contains(",Warm Hands Method,") && with != without, "{with}\n{without}");
}

#[test]
fn an_article_is_judged_by_the_facts_of_its_own_day() {
    let until = OWN.replace("as_of = 2026-05-01,", "until = 2026-04-01, as_of = 2026-05-01,");
    let found = |dates: &str| {
        let draft = format!("---\n{dates}\n---\n# Sunbeam-9 for MS\n\nSunbeam-9 is our new treatment for MS.\n");
        let config = ("caveat.toml", "facts = [\"own.toml\"]\n");
        let folder = folder(&[("draft.md", &draft), config, ("own.toml", &until)]);
        let args = ["lint", "--offline", "--select", "investigational", "--today", "2026-06-01", "--format", "json"];
        let linted = json(&caveat(folder.path()).args(args).arg("draft.md").output().unwrap());
        let findings = linted["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().any(|f| f["rule"] == "investigational/trial-only-caveat-missing")
    };
    assert!(found("date: 2026-03-01"));
    assert!(!found("date: 2026-05-01"));
    assert!(!found("date: 2026-03-01\nlast_reviewed: 5 May 2026"), "the last look at it counts");
    assert!(!found("title: Undated"), "an undated article is judged by today");
}
