//! SARIF reports against the schema that OASIS publishes for version 2.1.0.

use std::path::{Path, PathBuf};
use std::process::Command;

use caveat::assertion::Assertion;
use caveat::finding::{Applicability, Evidence, Finding, Fix, Label, RuleId, Severity};
use caveat::report::{FileReport, Style, Summary, output};
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile, Span};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::cli;

/// The package that carries the schema. It is never compiled, only looked into.
const CARRIER: &str = "serde-sarif";

/// The schema, from where cargo keeps the sources of the package that carries it.
fn schema() -> Validator {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "cargo does not say where packages lie: {}", cli::text(&output.stderr));
    let packages = cli::json(&output)["packages"].take();
    let carrier = packages.as_array().unwrap().iter().find(|package| package["name"] == CARRIER);
    let manifest = PathBuf::from(carrier.unwrap()["manifest_path"].as_str().unwrap());
    let path = manifest.with_file_name("src").join("schema.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["properties"]["version"]["enum"], json!(["2.1.0"]), "another version's schema");
    // As published, the pattern for a language's tag has a bracket too many, and reports state no language.
    for of in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{of}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some(), "{of} has another shape");
    }
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// Panics with every place where a report departs from the schema.
fn hold(schema: &Validator, report: &Value) {
    let wrong: Vec<String> =
        schema.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{report:#}", wrong.join("\n"));
}

fn lint(folder: &Path, arguments: &[&str]) -> Value {
    let mut command = cli::caveat(folder);
    command.args(["lint", "--offline", "--today", "2026-11-01", "--format", "sarif"]).args(arguments);
    cli::json(&command.output().unwrap())
}

/// Findings with all their parts, at every kind of place, with text that tries to break out.
fn hostile() -> (SourceFile, Vec<Finding>) {
    let text = "\u{FEFF}Das kostet 5 €, µ 𝛼 \u{202E}x\u{0}\u{1b}[2J\r\n\r\n\"}], <script>alert(1)</script> %41 {0}\n";
    let length = text.len() as u32;
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let spans = (0..=length).flat_map(|start| [(start, start), (start, length), (start, start + 3)]);
    let findings = spans.enumerate().map(|(n, (start, end))| {
        let severity = severities[n % severities.len()];
        let mut finding =
            Finding::new("CAV1", RuleId::new("a", "b"), severity, "“\"}]\u{1b}\n{0} 𝛼", Span::new(start, end))
                .with_help("[x](javascript:alert(1))\n<b>")
                .with_evidence(Evidence { source: "x\u{0}".into(), detail: "µ".into(), ..Evidence::default() });
        finding.url = Some("https://example.org/ä?a=b c".into());
        finding.assertion = (n % 2 == 0).then(Assertion::default);
        finding.labels.push(Label { span: Span::at(start), text: "here\n".into() });
        let applicability = if n % 2 == 0 { Applicability::Safe } else { Applicability::Unsafe };
        finding.fix = Some(Fix { span: Span::new(start, end), replacement: "\u{1b}\"ä".into(), applicability });
        finding
    });
    (SourceFile::new("/ä b%/../#?\u{1b}.md", text, Format::Markdown), findings.collect())
}

#[test]
fn every_part_of_a_finding_is_as_the_schema_has_it() {
    let (source, findings) = hostile();
    let rules = RuleSet::builtin();
    let mut output = output("sarif", Style::default()).unwrap();
    output.about(rules.rules());
    let file = FileReport::new(&source, findings, 3, 1);
    let (mut out, mut summary) = (Vec::new(), Summary::default());
    summary.add(&file);
    output.file(&mut out, &file).unwrap();
    output.unread("b.md: no such file\u{1b}[2J\nor folder");
    output.finish(&mut out, &summary).unwrap();
    let report: Value = serde_json::from_slice(&out).unwrap();
    hold(&schema(), &report);

    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), file.rows.len());
    for (result, row) in results.iter().zip(&file.rows) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startLine"], &region["startColumn"]), (&json!(row.start.line), &json!(row.start.column)));
        assert_eq!((&region["endLine"], &region["endColumn"]), (&json!(row.end.line), &json!(row.end.column)));
        assert_eq!(result["properties"]["evidence"][0]["detail"], "µ");
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "here ");
        let is_safe = row.fix.as_ref().unwrap().applicability == Applicability::Safe;
        assert_eq!(result["fixes"].is_array(), is_safe, "only what nobody has to look at is a fix");
    }
    // The third character behind the mark that starts the file, which is none that people count.
    let third = results.iter().find(|r| r["locations"][0]["physicalLocation"]["region"]["startColumn"] == 3).unwrap();
    assert_eq!(third["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        let is_ours = rule["id"] != "CAV1";
        assert!(!is_ours || !rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
        assert!(!is_ours || rule["help"]["markdown"].as_str().unwrap().contains("]("), "{rule} has no source");
        assert!(!is_ours || rule["properties"]["tags"].as_array().unwrap().len() == 2, "{rule}");
    }
}

#[test]
fn whole_runs_are_as_the_schema_has_it() {
    let schema = schema();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/articles");
    let all = lint(&fixtures, &["--isolated", "--select", "all", "--jurisdiction", "us", "--profile", "clinic", "."]);
    hold(&schema, &all);
    let results = all["runs"][0]["results"].as_array().unwrap();
    for level in ["error", "warning", "note"] {
        assert!(results.iter().any(|result| result["level"] == level), "no {level} among {} results", results.len());
    }
    let has = |key: &str| results.iter().any(|result| result["properties"][key][0].is_object());
    assert!(has("evidence"), "no finding of these rests on anything");
    assert_eq!(all["runs"][0]["invocations"][0]["executionSuccessful"], true);

    let folder = cli::folder(&[
        ("nothing.md", ""),
        ("ä #%1.md", "---\nauthor: \"x\n---\n\nThis herb cures MS.\n"),
        ("not-text.md", ""),
        ("caveat.toml", "[rules]\nno-such-rule = \"error\"\n"),
    ]);
    std::fs::write(folder.path().join("not-text.md"), b"a\xff\xfe\x00b\xff").unwrap();
    let odd = lint(folder.path(), &["--isolated", "gone.md", "."]);
    hold(&schema, &odd);
    let told = odd["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(told.len(), 2, "one for what is gone, one for what is no text: {told:?}");
    hold(&schema, &lint(folder.path(), &["--isolated", "nothing.md"]));
    let refused = lint(folder.path(), &["nothing.md"]);
    hold(&schema, &refused);
    assert_eq!(refused["runs"][0]["invocations"][0]["executionSuccessful"], false);
}
