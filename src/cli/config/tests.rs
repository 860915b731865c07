//! Configurations that are read, and those that are refused.
#![allow(clippy::unwrap_used)]

use super::*;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 3, 1);

fn parse(text: &str) -> Result<Config, Wrong> {
    Config::parse(SourceFile::new(NAME, text, Format::Toml), Path::new("/site"))
}

fn settings(config: &Config, path: &str) -> Settings {
    config.settings(Some(Path::new(path)), &Overlay::default(), TODAY)
}

/// `rule: words: help` of every finding.
fn refused(text: &str) -> Vec<String> {
    let wrong = parse(text).unwrap_err();
    let told =
        |f: &Finding| format!("{}: {}: {}", f.rule.rule(), wrong.source.slice(f.span), f.help.as_deref().unwrap_or(""));
    wrong.findings.iter().map(told).collect()
}

const FULL: &str = r#"
profile = "newsroom"
jurisdiction = "uk"
select = ["cure", "CAV2"]
ignore = ["hype/miracle"]
fail-on = "warning"
exclude = ["drafts/"]
include = ["*.page"]

[severity]
cure-claim = "warning"
CAV301 = "off"

[[files]]
paths = ["press/**"]
profile = "sponsor"
ignore = ["links"]
severity = { cure-claim = "error" }

[[files]]
paths = ["press/old/*.md"]
jurisdiction = "us"
select = ["all"]

[links]
allow_private = true
timeout_seconds = 5
exclude = ["^https://intranet\\."]
accept = [418]
requests_per_second = 0.5
concurrency = 4
contact = "editor@example.org"
include = ["^https://intranet\\.example/public"]
remap = [{ from = "^https://example\\.org/", to = "http://localhost:1313/" }]
archive = true

[links.hosts."wiki.example.org"]
accept = [403]
auth = "WIKI_TOKEN"

[evidence.clinicaltrials]
base = "http://127.0.0.1:9"
"#;

#[test]
fn every_key_is_read() {
    let config = parse(FULL).unwrap();
    assert_eq!(config.fail_on, Some(Severity::Warning));
    assert!(config.exclude.matches(Path::new("/site/drafts/a.md"), false));
    assert!(config.include.matches(Path::new("/site/a.page"), false));
    assert!(config.links.allow_private && config.links.requests_per_second == Some(0.5));
    assert!(config.links.archive && config.links.remap[0].to == "http://localhost:1313/");
    let wiki = config.links.hosts.values().next().unwrap();
    assert_eq!((wiki.accept.as_slice(), wiki.auth.as_deref()), (&[403][..], Some("WIKI_TOKEN")));
    assert_eq!(config.services["clinicaltrials"], "http://127.0.0.1:9");
    let whole = settings(&config, "/site/blog/a.md");
    assert_eq!((whole.profile, whole.jurisdiction), (Profile::Newsroom, Some(Jurisdiction::Uk)));
    assert_eq!(whole.select, ["cure", "CAV2"]);
    assert_eq!(whole.severity["cure-claim"], Some(Severity::Warning));
    assert_eq!(whole.severity["CAV301"], None);
    assert_eq!(whole.today, Some(TODAY));
}

#[test]
fn entries_of_files_win_in_order() {
    let config = parse(FULL).unwrap();
    let press = settings(&config, "/site/press/a.md");
    assert_eq!((press.profile, press.jurisdiction), (Profile::Sponsor, Some(Jurisdiction::Uk)));
    assert_eq!(press.ignore, ["hype/miracle", "links"]);
    assert_eq!(press.severity["cure-claim"], Some(Severity::Error));
    let old = settings(&config, "/site/press/old/a.md");
    assert_eq!((old.profile, old.jurisdiction), (Profile::Sponsor, Some(Jurisdiction::Us)));
    assert_eq!(old.select, ["all"]);
    let elsewhere = settings(&config, "/other/press/a.md");
    assert_eq!(elsewhere.profile, Profile::Newsroom);
}

#[test]
fn arguments_win_over_everything() {
    let config = parse(FULL).unwrap();
    let arguments = Overlay {
        profile: Some(Profile::Clinic),
        select: Some(vec!["hype".into()]),
        ignore: vec!["x".into()],
        ..Overlay::default()
    };
    let settings = config.settings(Some(Path::new("/site/press/a.md")), &arguments, TODAY);
    assert_eq!(settings.profile, Profile::Clinic);
    assert_eq!(settings.select, ["hype"]);
    assert_eq!(settings.ignore, ["hype/miracle", "links", "x"]);
}

#[test]
fn misspelt_keys_and_values_get_suggestions() {
    assert_eq!(refused("profil = \"clinic\""), ["unknown-key: profil: Did you mean `profile`?"]);
    assert_eq!(refused("[links]\nallow-private = true"), ["unknown-key: allow-private: Did you mean `allow_private`?"]);
    assert_eq!(refused("[[files]]\npath = [\"a\"]"), ["unknown-key: path: Did you mean `paths`?"]);
    assert!(refused("wholly_other = 1")[0].starts_with("unknown-key: wholly_other: The keys here are profile, "));
    assert!(
        refused("profile = \"clinik\"")[0].starts_with("value: \"clinik\": Did you mean `clinic`? There are editorial")
    );
    assert!(refused("[severity]\ncure = \"fatal\"")[0].starts_with("value: \"fatal\": There are error, "));
}

#[test]
fn services_hosts_and_patterns_are_checked() {
    let service = refused("[evidence.pubmd]\nbase = \"http://127.0.0.1:9\"");
    assert!(service[0].starts_with("unknown-key: pubmd: Did you mean `pubmed`? There are "), "{service:?}");
    assert!(refused("[evidence.wayback]\nbase = \"archive\"")[0].starts_with("value: \"archive\": Write `base"));
    assert!(refused("[links]\ninclude = [\"(\"]")[0].starts_with("value: \"(\": Escape"));
    assert!(refused("[links]\nremap = [{ from = \"[\", to = \"\" }]")[0].starts_with("value: \"[\": Escape"));
    assert!(refused("[links.hosts.\"a.org/x\"]\naccept = [403]")[0].starts_with("value: \"a.org/x\": Write it as"));
    assert!(refused("[links.hosts.\"a.org\"]\naccepts = [403]")[0].starts_with("unknown-key: accepts: Did you mean"));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = "profile = \"x\"\nfail-on = \"y\"\nexclude = [\"ok\", \"a[b\"]\npacks = [\"none/*.toml\"]\nsite-root = \"none\"\n[[files]]\npaths = []\n";
    let rules: Vec<String> = refused(text);
    assert_eq!(rules.len(), 6, "{rules:#?}");
    assert!(rules.iter().any(|said| said.starts_with("value: \"a[b\": Globs")), "{rules:#?}");
}

#[test]
fn broken_toml_is_a_finding_at_its_place() {
    let wrong = parse("profile = \"clinic\"\nselect = [\n").unwrap_err();
    assert_eq!(wrong.findings[0].code.as_ref(), "CAV910");
    assert!(wrong.findings[0].span.start >= 19, "{:?}", wrong.findings[0]);
    assert_eq!(parse("select = 3").unwrap_err().findings[0].code.as_ref(), "CAV913");
}

#[test]
fn unknown_names_of_rules_are_refused_once_the_rules_are_known() {
    let known: Vec<String> =
        ["cure", "cure-claim", "hype", "hype/miracle", "links", "CAV201", "CAV301"].map(str::to_owned).to_vec();
    let config = parse(FULL).unwrap();
    assert!(config.check_names(&known).is_ok());
    let config = parse("select = [\"cur\", \"CAV9\"]\n[severity]\nhipe = \"off\"\n").unwrap();
    let wrong = config.check_names(&known).unwrap_err();
    let told: Vec<_> =
        wrong.findings.iter().map(|f| (wrong.source.slice(f.span), f.help.as_deref().unwrap())).collect();
    assert_eq!(told.len(), 3);
    assert!(told.contains(&("\"cur\"", "Did you mean `cure`?")), "{told:?}");
    assert!(told.contains(&("hipe", "Did you mean `hype`?")), "{told:?}");
}

#[test]
fn packs_are_found_by_name_and_by_glob() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("rules/deep")).unwrap();
    for name in ["rules/b.toml", "rules/a.toml", "rules/deep/c.toml", "rules/readme.md", "own.toml"] {
        std::fs::write(root.join(name), "").unwrap();
    }
    let text = "packs = [\"own.toml\", \"rules/*.toml\"]\nsite-root = \"rules\"";
    let config = Config::parse(SourceFile::new(NAME, text, Format::Toml), root).unwrap();
    let packs: Vec<_> = config.packs.iter().map(|path| path.strip_prefix(root).unwrap().to_str().unwrap()).collect();
    assert_eq!(packs, ["own.toml", "rules/a.toml", "rules/b.toml"]);
}
