//! What an import did, for people and for scripts.

use std::fmt::Write;

use serde_json::json;

use crate::bulk::Difference;
use crate::cli::globs::relative;
use crate::report::{counted, one_line};

use super::import::Done;

/// Problems and differences that a person is shown; scripts get all.
const SHOWN: usize = 20;

/// The report as a page.
pub(super) fn text(done: &Done) -> String {
    let mut page = String::new();
    let title = done.source.title();
    let _ = writeln!(
        page,
        "{title}, as of {}: {} read, {} kept",
        done.as_of,
        counted(done.harvest.rows, "row"),
        counted(done.records, "record")
    );
    for (why, count) in &done.harvest.left_out {
        let _ = writeln!(page, "  left out: {why}: {count}");
    }
    let _ = writeln!(page, "  found in texts: {}", counted(done.names.counted, "name"));
    for (why, left_out) in &done.names.left_out {
        let more = if left_out.count > left_out.examples.len() { ", …" } else { "" };
        let names = counted(left_out.count, "name");
        let _ = writeln!(page, "  not found in texts: {names}, {why}: {}{more}", left_out.examples.join(", "));
    }
    let problems = &done.harvest.problems;
    for problem in problems.iter().take(SHOWN) {
        let _ = writeln!(page, "{}:{}: {}", problem.file, problem.line, one_line(&problem.message));
    }
    if problems.len() > SHOWN {
        let _ = writeln!(page, "… and {} more that could not be read; --format json has all", problems.len() - SHOWN);
    }
    let differences = &done.differences;
    if !differences.is_empty() {
        let _ = writeln!(page, "{} to the fact base, whose word is used:", counted(differences.len(), "difference"));
    }
    for difference in differences.iter().take(SHOWN) {
        let _ = writeln!(page, "  {}", line(difference, title));
    }
    if differences.len() > SHOWN {
        let _ = writeln!(page, "  … and {} more; --format json has all", differences.len() - SHOWN);
    }
    let parts: Vec<String> =
        done.parts.iter().map(|(source, as_of, count)| format!("{} ({count}, {as_of})", source.title())).collect();
    let _ =
        writeln!(page, "Kept in {} ({} KB): {}", relative(&done.output), done.bytes.div_ceil(1024), parts.join(", "));
    page
}

fn line(difference: &Difference, title: &str) -> String {
    let Difference { entity, name, field, base, imported, record } = difference;
    let field = field.replace('_', " ");
    format!("{name} ({entity}), {field}: the base says {base}, {title} {imported} ({record})")
}

/// The report for scripts.
pub(super) fn to_json(done: &Done) -> String {
    let problems = done.harvest.problems.iter();
    let problems: Vec<_> = problems.map(|p| json!({ "path": p.file, "line": p.line, "message": p.message })).collect();
    let difference = |d: &Difference| json!({ "entity": d.entity, "name": d.name, "field": d.field, "base": d.base, "imported": d.imported, "record": d.record });
    let parts = done.parts.iter();
    let parts: Vec<_> = parts.map(|(s, day, n)| json!({ "source": s.name(), "as_of": day, "records": n })).collect();
    let value = json!({
        "schema": 1,
        "source": done.source.name(),
        "as_of": done.as_of,
        "files": done.files,
        "rows": done.harvest.rows,
        "records": done.records,
        "left_out": done.harvest.left_out,
        "names": done.names,
        "problems": problems,
        "differences": done.differences.iter().map(difference).collect::<Vec<_>>(),
        "output": done.output,
        "parts": parts,
    });
    format!("{value:#}\n")
}
