//! SARIF 2.1.0 (OASIS), for code scanning. Results are written as they come; the rules that they name come last, where
//! the format allows them as well as first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::finding::{Applicability, Severity};
use crate::report::list::List;
use crate::report::{FileReport, Output, Point, Row, Summary, one_line};
use crate::rules::Rule;

/// The format for code scanning.
#[derive(Default)]
pub(super) struct Sarif {
    results: List,
    /// What is said of each rule, by its code: those of packs are told at the start, others are met in findings.
    rules: BTreeMap<String, Value>,
    /// Why inputs could not be judged.
    unread: Vec<String>,
}

/// What stands before the results.
const HEAD: &str = "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\
    \"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":[";

impl Output for Sarif {
    fn about(&mut self, rules: &[Rule]) {
        self.rules = rules.iter().map(|rule| (rule.code.to_string(), about(rule))).collect();
    }

    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        self.results.begin(out, HEAD)?;
        for row in &file.rows {
            if !self.rules.contains_key(&row.code) {
                let about = json!({ "id": row.code, "name": row.rule, "shortDescription": { "text": row.rule } });
                self.rules.insert(row.code.clone(), about);
            }
            self.results.item(out, &result(row))?;
        }
        Ok(())
    }

    fn unread(&mut self, why: &str) {
        self.unread.push(one_line(why));
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.results.begin(out, HEAD)?;
        let rules: Vec<&Value> = self.rules.values().collect();
        let driver = json!({ "name": "caveat", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
        out.write_all(b"],\n\"tool\":")?;
        serde_json::to_writer(&mut *out, &json!({ "driver": driver }))?;
        out.write_all(b",\n\"invocations\":[")?;
        serde_json::to_writer(&mut *out, &self.invocation())?;
        out.write_all(b"]")?;
        out.write_all(b",\n\"properties\":")?;
        serde_json::to_writer(&mut *out, summary)?;
        out.write_all(b"}]}\n")
    }
}

impl Sarif {
    /// How the run went: what could not be read is told, so that silence about it is not taken for a clean bill.
    fn invocation(&self) -> Value {
        let told = self.unread.iter().map(|why| json!({ "level": "error", "message": { "text": why } }));
        let told: Vec<Value> = told.collect();
        json!({ "executionSuccessful": told.is_empty(), "toolExecutionNotifications": told })
    }
}

fn about(rule: &Rule) -> Value {
    let sources: Vec<String> = rule.sources.iter().map(|(title, url)| format!("- [{title}]({url})")).collect();
    let markdown = format!("{}\n\n{}\n\n{}", rule.why, rule.help, sources.join("\n"));
    let mut about = json!({
        "id": &*rule.code,
        "name": rule.id.to_string(),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.help, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity), "enabled": rule.default },
        "properties": { "tags": ["health", rule.id.pack()] },
    });
    if let Some((_, url)) = rule.sources.first() {
        about["helpUri"] = json!(&**url);
    }
    about
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(row: &Row) -> Value {
    let help = row.help.iter().map(|help| format!(" {}", one_line(help))).collect::<String>();
    let mut result = json!({
        "ruleId": row.code,
        "level": level(row.severity),
        "message": { "text": format!("{}.{help}", one_line(&row.message).trim_end_matches('.')) },
        "locations": [{ "physicalLocation": place(&row.path, row.start, row.end) }],
        "partialFingerprints": { "caveat/v1": row.fingerprint },
        "properties": { "rule": row.rule, "excerpt": one_line(&row.excerpt), "assertion": row.assertion, "evidence": row.evidence },
    });
    if !row.related.is_empty() {
        let related = row.related.iter().enumerate().map(|(at, (start, end, text))| {
            json!({ "id": at + 1, "physicalLocation": place(&row.path, *start, *end), "message": { "text": one_line(text) } })
        });
        result["relatedLocations"] = related.collect();
    }
    // Viewers apply a fix with one click, so it is offered only where nobody has to think about it.
    if let Some(fix) = row.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe) {
        let replacement = json!({
            "deletedRegion": region(fix.start, fix.end),
            "insertedContent": { "text": fix.replacement },
        });
        let change = json!({ "artifactLocation": { "uri": uri(&row.path) }, "replacements": [replacement] });
        result["fixes"] = json!([{ "description": { "text": format!("Write “{}”", one_line(&fix.replacement)) }, "artifactChanges": [change] }]);
    }
    result
}

fn place(path: &str, start: Point, end: Point) -> Value {
    json!({ "artifactLocation": { "uri": uri(path) }, "region": region(start, end) })
}

fn region(start: Point, end: Point) -> Value {
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// A path as a relative or absolute reference (RFC 3986).
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.replace(std::path::MAIN_SEPARATOR, "/").trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(byte.into());
        } else {
            // A string takes whatever is written to it.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
