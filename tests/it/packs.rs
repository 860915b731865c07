//! Built-in packs load without a mistake and do on their examples what they promise.

use caveat::compiled;
use caveat::document::Document;
use caveat::evidence::Answers;
use caveat::examples::{self, FailureKind};
use caveat::finding::Finding;
use caveat::knowledge::Knowledge;
use caveat::linter::{Linter, Settings};
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile};
use jiff::civil::date;

#[test]
fn built_in_packs_have_no_mistake() {
    let mut rules = RuleSet::without_rules();
    let errors = rules.load(&RuleSet::builtin_packs()).err().unwrap_or_default();
    let told = |pack: &SourceFile, f: &Finding| format!("{} at {:?}: {} {:?}", pack.name(), f.span, f.message, f.help);
    let mistakes: Vec<String> =
        errors.iter().flat_map(|(pack, findings)| findings.iter().map(|f| told(pack, f))).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(!rules.rules().is_empty());
}

#[test]
fn examples_hold() {
    let linter = Linter::new(RuleSet::builtin());
    let mut failed = Vec::new();
    for rule in linter.rules().rules() {
        assert!(!rule.pass.is_empty() && !rule.fail.is_empty(), "{} has no examples", rule.id);
        failed.extend(examples::run(&linter, rule).into_iter().map(|failure| match failure.kind {
            FailureKind::Spoke(finding) => format!("{} spoke: {}\n    {}", failure.rule, failure.text, finding.message),
            FailureKind::Silent => format!("{} silent: {}", failure.rule, failure.text),
        }));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_rule_that_yields_is_silent_where_another_speaks_on_the_same_words() {
    let linter = Linter::new(RuleSet::builtin());
    let rules = |text: &str, select: &[&str]| -> Vec<String> {
        let settings = Settings { select: select.iter().map(|s| (*s).to_owned()).collect(), ..Settings::default() };
        let document = Document::parse(SourceFile::new("draft.md", text, Format::Markdown));
        let outcome = linter.judge(&document, &settings, &Answers::default());
        outcome.findings.iter().map(|finding| finding.rule.to_string()).collect()
    };
    let both = "Our drops banish arthritis once and for all.";
    assert_eq!(rules(both, &["cure"]), ["cure/cure-implied"]);
    assert_eq!(rules(both, &["cure-by-practice"]), ["cure/cure-by-practice"]);
    assert_eq!(rules("Shake off gout with our copper mat.", &["cure"]), ["cure/cure-by-practice"]);
}

/// What is wrong with a pack: the text under each finding's span, its message and its help.
fn mistakes(pack: &str) -> Vec<(String, String, String)> {
    let source = SourceFile::new("my.toml", pack, Format::Toml);
    let mut rules = RuleSet::without_rules();
    let errors = rules.load(std::slice::from_ref(&source)).unwrap_err();
    assert!(rules.rules().is_empty(), "nothing is half-loaded");
    let findings = errors.into_iter().flat_map(|(_, findings)| findings);
    findings.map(|f| (source.slice(f.span).to_owned(), f.message, f.help.unwrap_or_default())).collect()
}

/// A sound pack of one rule, with one of its lines exchanged.
fn pack_with(old: &str, new: &str) -> String {
    let sound = r#"
[pack]
id = "mine"
title = "Mine"

[[rule]]
id = "no-wonder"
code = "MY001"
severity = "warning"
summary = "Do not write of wonders."
why = "There are none."
sources = [{ title = "House style", url = "https://example.org/style" }]
match.phrase = ["wonder (drug|pill)"]
exempt = ["negated"]
unless = { phrase = ["so-called"], within = "sentence" }
message = "“{match}” promises a wonder"
help = "Say what it does."
pass = ["It is not a wonder drug."]
fail = ["It is a wonder drug."]
"#;
    assert!(sound.contains(old), "{old}");
    sound.replace(old, new)
}

#[test]
fn users_packs_load_and_replace_rules() {
    let mut rules = RuleSet::builtin();
    let before = rules.rules().len();
    for _ in 0..2 {
        rules.load(&[SourceFile::new("my.toml", pack_with("no-wonder", "no-wonder"), Format::Toml)]).unwrap();
        assert_eq!(rules.rules().len(), before + 1);
    }
    let linter = Linter::new(rules);
    let rule = linter.rules().called("MY001").next().unwrap();
    assert!(examples::run(&linter, rule).is_empty());
}

#[test]
fn a_claim_can_be_a_trigger() {
    let judged = r#"match.claim = { kind = ["treatment", "prevention"], strength = "direct", object = "condition" }
pass = ["Ginger may treat asthma.", "Ginger does not prevent asthma.", "It treats them well.", "Asthma is linked to ginger."]
fail = ["Ginger treats asthma.", "Asthma is treated with ginger.", "Ginger is an old root. It prevents asthma."]"#;
    let pack = pack_with("match.phrase = [\"wonder (drug|pill)\"]", judged);
    let pack = pack.replace("pass = [\"It is not a wonder drug.\"]\nfail = [\"It is a wonder drug.\"]", "");
    let mut rules = RuleSet::builtin();
    rules.load(&[SourceFile::new("my.toml", pack, Format::Toml)]).unwrap();
    let linter = Linter::new(rules);
    let rule = linter.rules().called("MY001").next().unwrap();
    let wrong: Vec<_> = examples::run(&linter, rule);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn mistakes_in_packs_are_findings_at_their_place() {
    let first = |old: &str, new: &str| mistakes(&pack_with(old, new)).remove(0);
    let (at, message, help) = first("severity =", "severty =");
    assert_eq!(at, "severty");
    assert!(message.contains("unknown field") && help.contains("`severity`"), "{message} {help}");

    let (at, message, _) = first("wonder (drug|pill)", "wonder (drug|pill");
    assert_eq!(at, "(", "{message}");

    let (at, _, help) = first("\"negated\"", "\"negatd\"");
    assert_eq!((at.as_str(), help.as_str()), ("\"negatd\"", "Did you mean `negated`?"));

    let (at, message, _) = first("wonder (drug|pill)", "wonder {conditon}");
    assert_eq!(at, "{conditon}");
    assert!(message.contains("`{condition}`"), "{message}");

    let (at, _, help) = first("within = \"sentence\"", "within = \"paragrph\"");
    assert_eq!((at.as_str(), help.as_str()), ("\"paragrph\"", "Did you mean `paragraph`?"));

    let (at, _, help) = first("exempt =", "yields = [\"no-wonde\"]\nexempt =");
    assert_eq!((at.as_str(), help.as_str()), ("\"no-wonde\"", "Did you mean `no-wonder`?"));

    let (at, message, _) = first("so-called\"]", "so-called\"], years = 5");
    assert_eq!(at, "5");
    assert!(message.contains("catches a year"), "{message}");

    let (at, message, _) = first("match.phrase = [\"wonder (drug|pill)\"]", "match.dose = { off = 10 }");
    assert_eq!(at, "match", "{message}");
    assert!(message.contains("`[[dose]]`"), "{message}");

    let drug = "[[dose]]\ndrug = [\"wonder\"]\nusual = [\"5 to 10 mg\"]\n\n[[rule]]";
    let (at, message, _) = mistakes(
        &pack_with("[[rule]]", drug).replace("match.phrase = [\"wonder (drug|pill)\"]", "match.dose = { off = 10 }"),
    )
    .remove(0);
    assert_eq!(at, "\"5 to 10 mg\"");
    assert!(message.contains("12.5 mcg to 300 mcg"), "{message}");

    let (at, message, _) = first("fail = [\"It is a wonder drug.\"]", "fail = []");
    assert_eq!(at, "\"no-wonder\"");
    assert!(message.contains("no examples"), "{message}");

    let (_, message, _) = first("match.phrase = [\"wonder (drug|pill)\"]", "match = {}");
    assert!(message.contains("exactly one trigger"), "{message}");

    let (_, message, _) = first("match.phrase = [\"wonder (drug|pill)\"]", "match.regex = ['(']");
    assert!(message.contains("regular expression"), "{message}");

    let claim = |claim: &str| first("match.phrase = [\"wonder (drug|pill)\"]", &format!("match.claim = {claim}"));
    let (at, _, help) = claim("{ kind = \"cuer\" }");
    assert_eq!((at.as_str(), help.as_str()), ("\"cuer\"", "Did you mean `cure`?"));
    let (at, message, _) = claim("{ kind = \"cure\", object = \"conditon\" }");
    assert_eq!(at, "\"conditon\"");
    assert!(message.contains("`condition`"), "{message}");

    let (at, _, _) = first("id = \"mine\"", "id = mine");
    assert!(!at.is_empty());
}

/// What a release build writes down must say what the packs say.
#[test]
fn compiled_rules_say_what_the_packs_say() {
    let written = compiled::to_bytes(&RuleSet::from_packs(Knowledge::builtin())).unwrap();
    let read: RuleSet = compiled::from_bytes(&written).unwrap();
    assert_eq!(compiled::to_bytes(&read).unwrap().len(), written.len());
    let knowledge = compiled::to_bytes(Knowledge::builtin()).unwrap();
    let again: Knowledge = compiled::from_bytes(&knowledge).unwrap();
    assert_eq!((again.entities().len(), again.facts().len()), {
        let base = Knowledge::builtin();
        (base.entities().len(), base.facts().len())
    });

    let (fresh, read) = (Linter::new(RuleSet::from_packs(Knowledge::builtin())), Linter::new(read));
    let settings = Settings { select: vec!["all".into()], today: Some(date(2026, 11, 1)), ..Settings::default() };
    let judged = |linter: &Linter, text: &str, format: Format| {
        let document = Document::parse(SourceFile::new("a", text, format));
        linter.judge(&document, &settings, &Answers::default()).findings
    };
    let articles = [
        (include_str!("../../fixtures/articles/miracle-cure.md"), Format::Markdown),
        (include_str!("../../fixtures/articles/early-trial.md"), Format::Markdown),
        (include_str!("../../fixtures/articles/statistics.md"), Format::Markdown),
        (include_str!("../../fixtures/articles/stem-cells/post.txt"), Format::Text),
        (include_str!("../../fixtures/articles/clinic.html"), Format::Html),
    ];
    let examples: String =
        fresh.rules().rules().iter().flat_map(|rule| &rule.fail).map(|text| format!("{text}\n\n")).collect();
    for (text, format) in articles.into_iter().chain([(examples.as_str(), Format::Markdown)]) {
        let expected = judged(&fresh, text, format);
        assert!(!expected.is_empty());
        assert_eq!(judged(&read, text, format), expected);
    }
}
