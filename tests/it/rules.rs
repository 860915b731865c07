//! `caveat rule`, `caveat test` and `caveat schema` as scripts and people see them, and packs that extend rules.

use caveat::examples;
use caveat::finding::Severity;
use caveat::linter::Linter;
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile};
use serde_json::Value;

use crate::cli::{caveat, folder, json, text};

const HOUSE: &str = r#"
[pack]
id = "house"
title = "House style"

[[rule]]
id = "no-wonder"
code = "HOUSE001"
severity = "warning"
summary = "Do not write of wonder drugs."
why = "There are none."
sources = [{ title = "House style", url = "https://example.org/style" }]
match.phrase = ["wonder (drug|pill)"]
exempt = ["negated"]
message = "“{match}” promises a wonder"
help = "Say what it does."
pass = ["It is not a wonder drug."]
fail = ["It is a wonder drug."]
"#;

/// Everything that an extension can add, to a rule of the house.
const GALA: &str = r#"
[pack]
id = "gala"
title = "Gala"

[caveats]
brand = ["wonder drug band"]

[[extend]]
rule = "house/no-wonder"
severity = "error"
match.phrase = ["wonder potion"]
unless = { caveat = "brand", within = "sentence" }
exempt = ["question"]
soften = ["reported"]
help = "Say it plainly."
pass = ["The Wonder Drug Band played.", "Is it a wonder drug?"]
fail = ["It is a wonder potion."]
"#;

fn source(name: &str, text: impl Into<std::sync::Arc<str>>) -> SourceFile {
    SourceFile::new(name, text, Format::Toml)
}

fn with_house(more: &str) -> Result<RuleSet, Vec<(String, String)>> {
    let mut rules = RuleSet::builtin();
    let gala = source("gala.toml", more);
    match rules.load(&[gala.clone(), source("house.toml", HOUSE)]) {
        Ok(()) => Ok(rules),
        Err(errors) => Err(errors
            .into_iter()
            .flat_map(|(pack, findings)| {
                let told = move |f: caveat::finding::Finding| {
                    (pack.slice(f.span).to_owned(), format!("{} {}", f.message, f.help.unwrap_or_default()))
                };
                findings.into_iter().map(told).collect::<Vec<_>>()
            })
            .collect()),
    }
}

#[test]
fn an_extension_changes_what_it_names_and_nothing_else() {
    let before = RuleSet::builtin().rules().len();
    let linter = Linter::new(with_house(GALA).unwrap());
    assert_eq!(linter.rules().rules().len(), before + 1);
    let rule = linter.rules().called("HOUSE001").next().unwrap();
    assert_eq!((rule.severity, rule.help.as_str()), (Severity::Error, "Say it plainly."));
    assert_eq!((rule.pass.len(), rule.fail.len(), rule.summary.as_str()), (3, 2, "Do not write of wonder drugs."));
    let failures = examples::run(&linter, rule);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn an_extension_that_cannot_work_is_refused_with_a_suggestion() {
    let first = |old: &str, new: &str| {
        assert!(GALA.contains(old), "{old}");
        with_house(&GALA.replace(old, new)).unwrap_err().remove(0)
    };
    let (at, told) = first("house/no-wonder", "house/no-wander");
    assert_eq!(at, "\"house/no-wander\"");
    assert!(told.contains("no rule `house/no-wander`") && told.contains("`house/no-wonder`?"), "{told}");
    let (_, told) = first("\"house/no-wonder\"", "\"no-wonder\"");
    assert!(told.contains("Did you mean `house/no-wonder`?"), "{told}");
    let (_, told) = first("match.phrase = [\"wonder potion\"]", "match.regex = [\"potion\"]");
    assert!(told.contains("looks for something else"), "{told}");
    let (at, told) = first("\"question\"", "\"questoin\"");
    assert!(at == "\"questoin\"" && told.contains("`question`"), "{at} {told}");
    let (_, told) = first("caveat = \"brand\"", "caveat = \"brant\"");
    assert!(told.contains("`brand`"), "{told}");
    let without = GALA.lines().filter(|line| !(line.starts_with("pass") || line.starts_with("fail")));
    let (_, told) = with_house(&without.collect::<Vec<_>>().join("\n")).unwrap_err().remove(0);
    assert!(told.contains("has no example"), "{told}");
}

#[test]
fn names_and_codes_are_one_rules_alone() {
    let first = |old: &str, new: &str| {
        let mut rules = RuleSet::builtin();
        let errors = rules.load(&[source("house.toml", HOUSE.replace(old, new))]).unwrap_err();
        errors[0].1[0].message.clone()
    };
    assert_eq!(first("HOUSE001", "CAV101"), "The code `CAV101` is that of `cure/cure-claim` already.");
    assert_eq!(first("HOUSE001", "house-1"), "`house-1` is no code.");
    assert_eq!(first("\"no-wonder\"", "\"No Wonder\""), "`house/No Wonder` is no name for a rule.");
    let twice = format!("{HOUSE}{}", HOUSE.split_once("[[rule]]").map(|(_, rule)| format!("[[rule]]{rule}")).unwrap());
    let errors = RuleSet::builtin().load(&[source("house.toml", twice)]).unwrap_err();
    assert_eq!(errors[0].1[0].message, "There are two rules `house/no-wonder`.");
}

fn house() -> tempfile::TempDir {
    folder(&[
        ("caveat.toml", "packs = [\"rules/*.toml\"]\n[severity]\nHOUSE001 = \"info\"\n"),
        ("rules/house.toml", HOUSE),
        ("rules/gala.toml", GALA),
        ("drafts/a.md", "It is a wonder drug. A wonder pill too.\n"),
        ("drafts/b.md", "Nothing of the sort.\n"),
    ])
}

#[test]
fn rules_are_explained_to_scripts() {
    let house = house();
    let rules = json(&caveat(house.path()).args(["rule", "--format", "json"]).output().unwrap());
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), RuleSet::builtin().rules().len() + 1);
    for rule in rules {
        for key in ["code", "rule", "severity", "summary", "why", "help"] {
            assert!(rule[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {rule}");
        }
        assert!(!rule["sources"].as_array().unwrap().is_empty(), "{rule}");
    }
    let one = json(&caveat(house.path()).args(["rule", "house001", "--format", "json"]).output().unwrap());
    assert_eq!(one.as_array().unwrap().len(), 1);
    assert_eq!((&one[0]["severity"], &one[0]["extended_by"][0]), (&"error".into(), &"rules/gala.toml".into()));
}

#[test]
fn rules_are_listed_as_they_are_set() {
    let house = house();
    let listed = |arguments: &[&str]| {
        let output = caveat(house.path()).arg("rule").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    assert!(listed(&["house"]).contains("HOUSE001  no-wonder  info     Do not write of wonder drugs."));
    assert!(listed(&["--severity", "info", "--pack", "house"]).contains("HOUSE001"));
    assert!(listed(&["--off", "--pack", "house"]).starts_with("0 rules"));
    let page = listed(&["no-wonder"]);
    assert!(page.starts_with("HOUSE001 house/no-wonder · info here, error by default\n"), "{page}");
    for part in
        ["wonder potion", "it is denied", "`wonder drug band`", "✗ It is a wonder potion.", "caveat-ignore no-wonder"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(!page.contains('\u{1b}'));
    assert!(listed(&["no-wonder", "--color", "always"]).contains('\u{1b}'));
}

#[test]
fn what_is_found_without_a_rule_is_explained_too() {
    let output = caveat(house().path()).args(["rule", "CAV902"]).output().unwrap();
    assert!(text(&output.stdout).starts_with("CAV902 suppress/unused · warning\n"), "{}", text(&output.stdout));
    let pages = caveat::rules::own_pages();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let code = std::fs::read_to_string(&path).unwrap();
            for code in code.split("\"CAV9").skip(1).filter_map(|rest| rest.split('"').next()) {
                let is_known = pages.iter().any(|page| page.code == format!("CAV9{code}"));
                let is_whole = code.len() == 2 && code.chars().all(|c| c.is_ascii_digit());
                assert!(is_known || !is_whole, "CAV9{code} of {} is not in rules/program.toml", path.display());
            }
        }
    }
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let output = caveat(house().path()).args(["rule", "no-wander"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Did you mean `no-wonder`?"));
}

#[test]
fn examples_are_run_and_failures_explained() {
    let house = house();
    let output = caveat(house.path()).args(["test", "rules/house.toml"]).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "5 examples of 1 rule: all hold\n"));

    let broken = HOUSE
        .replace("It is not a wonder drug.", "A wonder pill.")
        .replace("It is a wonder drug.", "No wonder potion.");
    std::fs::write(house.path().join("rules/house.toml"), broken).unwrap();
    let output = caveat(house.path()).args(["test", "house", "--format", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let results = json(&output);
    let failed = |at: usize| (&results["failures"][at]["text"], &results["failures"][at]["example"]);
    assert_eq!(failed(0), (&"A wonder pill.".into(), &"pass".into()));
    assert_eq!(results["failures"][0]["matches"][0]["text"], "wonder pill");
}

#[test]
fn a_pack_without_examples_is_refused() {
    let folder = folder(&[("lists.toml", "[pack]\nid = \"lists\"\ntitle = \"Lists\"\n")]);
    let output = caveat(folder.path()).args(["test", "lists.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("lists.toml holds no rule and so no examples"), "{}", text(&output.stderr));
    let output = caveat(folder.path()).args(["test", "list.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("list.toml: no such file"), "{}", text(&output.stderr));
}

#[test]
fn a_corpus_shows_which_rules_never_speak() {
    let house = house();
    let output = caveat(house.path()).args(["test", "--corpus", "drafts", "--format", "json"]).output().unwrap();
    let corpus = &json(&output)["corpus"];
    let count = corpus["rules"].as_array().unwrap().iter().find(|rule| rule["code"] == "HOUSE001").unwrap();
    assert_eq!((&count["findings"], &count["files"], &corpus["files"]), (&2.into(), &1.into(), &2.into()));
    let is_named = |list: &str, code: &str| corpus[list].as_array().unwrap().iter().any(|rule| rule["code"] == code);
    assert!(is_named("never", "CAV101") && !is_named("never", "HOUSE001"));
    assert!(is_named("unasked", "CAV302") && !is_named("never", "CAV302"));
}

/// A JSON Schema, held against values by the keywords that ours use. Editors bring the real thing; what is tested here
/// is what ours say.
struct Schema(Value);

fn schema(kind: &str) -> Schema {
    Schema(json(&caveat(folder(&[]).path()).args(["schema", kind]).output().unwrap()))
}

impl Schema {
    /// What does not fit, with its place.
    fn mistakes(&self, value: &Value) -> Vec<String> {
        let mut mistakes = Vec::new();
        self.check(&self.0, value, "", &mut mistakes);
        mistakes
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut mistakes = Vec::new();
        self.check(schema, value, "", &mut mistakes);
        mistakes.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, mistakes: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            let definition = self.0.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("no {name}"));
            self.check(definition, value, at, mistakes);
        }
        for either in ["anyOf", "oneOf"] {
            if schema[either].as_array().is_some_and(|all| !all.iter().any(|one| self.fits(one, value))) {
                mistakes.push(format!("{at}: {value} fits nothing of {either}"));
            }
        }
        if schema["enum"].as_array().is_some_and(|all| !all.contains(value))
            || schema.get("const").is_some_and(|c| c != value)
        {
            mistakes.push(format!("{at}: {value} is not one of {}", schema["enum"]));
        }
        let is = |kind: &Value| match kind.as_str().unwrap() {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "null" => value.is_null(),
            other => panic!("unknown type {other}"),
        };
        let kinds = &schema["type"];
        if !(kinds.is_null() || kinds.as_array().map_or_else(|| is(kinds), |all| all.iter().any(is))) {
            mistakes.push(format!("{at}: {value} is no {kinds}"));
        }
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&schema["items"], item, &format!("{at}/{number}"), mistakes);
        }
        let Some(object) = value.as_object() else { return };
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(key) {
                mistakes.push(format!("{at}: {key} is missing"));
            }
        }
        for (key, value) in object {
            let at = format!("{at}/{key}");
            self.check(&schema["propertyNames"], &key.as_str().into(), &at, mistakes);
            match (&schema["properties"][key], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => mistakes.push(format!("{at}: there is no such key")),
                (Value::Null, others) => self.check(others, value, &at, mistakes),
                (of_key, _) => self.check(of_key, value, &at, mistakes),
            }
        }
    }
}

/// A TOML file as an editor holds it against a schema: dates are strings.
fn value(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(all) => all.into_iter().map(plain).collect(),
            toml::Value::Table(table) => {
                Value::Object(table.into_iter().map(|(key, value)| (key, plain(value))).collect())
            }
            other => serde_json::to_value(other).unwrap(),
        }
    }
    plain(toml::from_str(text).unwrap())
}

#[test]
fn schemas_take_what_the_program_takes_and_refuse_what_it_refuses() {
    let pack = schema("pack");
    let packs = RuleSet::builtin_packs();
    let texts = packs.iter().map(|pack| (pack.name(), pack.text())).chain([("house", HOUSE), ("gala", GALA)]);
    for (name, text) in texts {
        let told = pack.mistakes(&value(text));
        assert!(told.is_empty(), "{name}: {told:#?}");
    }
    for (old, new) in [
        ("exempt", "exemt"),
        ("\"negated\"", "\"negatd\""),
        ("\"warning\"", "\"warn\""),
        ("match.phrase", "match.phrases"),
    ] {
        assert!(!pack.mistakes(&value(&HOUSE.replace(old, new))).is_empty(), "{new}");
    }
    let config = schema("config");
    assert_eq!(
        config.mistakes(&value("profile = \"clinic\"\n[severity]\nhype = \"off\"\n[links]\naccept = [418]\n")),
        Vec::<String>::new()
    );
    assert!(!config.mistakes(&value("profil = \"clinic\"")).is_empty());
    assert!(!config.mistakes(&value("profile = \"clinik\"")).is_empty());
    let facts = schema("facts");
    assert!(!facts.mistakes(&value("[[fact]]\npredicate = \"aproved\"\n")).is_empty());
    let mut files = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/facts")];
    while let Some(folder) = folders.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(!files.is_empty());
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml")) {
        let facts_of = value(&std::fs::read_to_string(file).unwrap());
        let told = facts.mistakes(&facts_of);
        assert!(told.is_empty(), "{}: {told:#?}", file.display());
    }
}

#[test]
fn shells_and_the_manual_know_every_command() {
    let printed = |arguments: &[&str]| text(&caveat(folder(&[]).path()).args(arguments).output().unwrap().stdout);
    let (bash, manual) = (printed(&["completions", "bash"]), printed(&["man"]));
    for command in ["lint", "claims", "rule", "test", "schema"] {
        assert!(bash.contains(command) && manual.contains(&format!("caveat\\-{command}")), "{command}");
    }
}

#[test]
fn a_first_configuration_is_written_and_nothing_is_overwritten() {
    let folder = folder(&[(".pre-commit-config.yaml", "repos: []\n")]);
    let init = |arguments: &[&str]| caveat(folder.path()).arg("init").args(arguments).output().unwrap();
    let first = init(&["--profile", "clinic", "--jurisdiction", "us", "--hooks"]);
    assert_eq!(first.status.code(), Some(0));
    assert!(text(&first.stdout).contains("Add this under its `repos`"), "{}", text(&first.stdout));
    let path = folder.path().join("caveat.toml");
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains("\nprofile = \"clinic\"\n") && written.contains("\njurisdiction = \"us\"\n"));
    assert_eq!(init(&[]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    // Everything that is commented out may be switched on.
    let all: Vec<&str> = written
        .lines()
        .map(|line| if line.starts_with("# ") { line } else { line.strip_prefix('#').unwrap_or(line) })
        .collect();
    std::fs::write(&path, all.join("\n")).unwrap();
    let output = caveat(folder.path()).arg("rule").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(schema("config").mistakes(&value(&all.join("\n"))).is_empty());
}
