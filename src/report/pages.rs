//! Rules as pages of documentation, in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::rules::{Page, own_pages};

/// Phrases of a condition that are named; the pack has all.
const PHRASES_OF_CONDITION: usize = 12;

/// The page of one rule.
pub fn markdown(page: &Page) -> String {
    let mut text = String::new();
    let name = page.name();
    // Writing to a string does not fail.
    let _ = writeln!(text, "# {name}\n\n`{}` · {} · pack [{}](index.md)\n", page.code, page.severity, page.pack);
    let _ = writeln!(text, "**{}**\n\n{}\n", escaped(&page.summary), escaped(&page.why));
    let _ = writeln!(text, "## What to write instead\n\n{}\n", escaped(&page.help));
    if !page.is_of_pack() {
        return text;
    }
    if !page.replace.is_empty() {
        text.push_str("| written | write |\n|---|---|\n");
        for (from, to) in &page.replace {
            let _ = writeln!(text, "| {} | {} |", escaped(from), escaped(to));
        }
        text.push('\n');
    }
    examples(&mut text, "It speaks on", &page.fail);
    examples(&mut text, "It is silent on", &page.pass);
    looks_for(&mut text, page);
    decides(&mut text, page);
    text.push_str("## Sources\n\n");
    for source in &page.sources {
        let _ = writeln!(text, "- [{}](<{}>)", escaped(&source.title), source.url);
    }
    let _ = writeln!(text, "\n## How to accept or change it\n\n{}\n", page.runs());
    let _ = writeln!(text, "In one place, before the paragraph, with your reason:\n");
    let _ = writeln!(text, "```markdown\n<!-- caveat-ignore {name}: why it is meant -->\n```\n");
    let _ = writeln!(text, "Everywhere, in `caveat.toml`:\n");
    let _ = writeln!(
        text,
        "```toml\nignore = [\"{name}\"]              # not at all\nseverity = {{ {name} = \"info\" }}   # or milder\n```"
    );
    text
}

fn examples(text: &mut String, title: &str, examples: &[String]) {
    let _ = writeln!(text, "## {title}\n");
    for example in examples {
        match example.contains('\n') {
            true => {
                let _ = writeln!(text, "~~~markdown\n{}\n~~~\n", example.trim_matches('\n'));
            }
            false => {
                let _ = writeln!(text, "> {}\n", escaped(example));
            }
        }
    }
}

fn looks_for(text: &mut String, page: &Page) {
    text.push_str("## What it looks for\n\n");
    if let Some(other) = &page.trigger.other {
        let _ = writeln!(text, "{other}\n");
    }
    let phrases: Vec<&str> = page.trigger.phrase.iter().chain(&page.trigger.regex).map(String::as_str).collect();
    if !phrases.is_empty() {
        let _ = writeln!(text, "```text\n{}\n```\n", phrases.join("\n"));
    }
    let reach = page.reach();
    if !reach.is_empty() {
        let _ = writeln!(text, "{reach}\n");
    }
}

fn decides(text: &mut String, page: &Page) {
    let groups = page.decides(PHRASES_OF_CONDITION);
    if groups.is_empty() {
        return;
    }
    text.push_str("## When it speaks\n\n");
    for (start, ends) in groups {
        let _ = writeln!(text, "{start}\n");
        for end in ends {
            let _ = writeln!(text, "- {end}");
        }
        text.push('\n');
    }
}

/// All rules, pack by pack, with links to their pages.
pub fn index<'a>(pages: impl IntoIterator<Item = &'a Page>) -> String {
    let pages: Vec<&Page> = pages.into_iter().collect();
    let mut text = String::from("# All rules\n");
    for pack in pages.chunk_by(|a, b| a.pack == b.pack) {
        let (id, title) = (&pack[0].pack, escaped(&pack[0].title));
        let _ = write!(text, "\n## [{title}]({id}/index.md)\n\n{}", table(pack, &format!("{id}/")));
    }
    text
}

/// The rules of one pack, with links to their pages.
fn pack_index(pack: &[Page]) -> String {
    let pages: Vec<&Page> = pack.iter().collect();
    let (id, title) = (&pack[0].pack, escaped(&pack[0].title));
    format!(
        "# {title}\n\nThe pack `{id}`. `select`, `ignore` and `[severity]` take its name for all of its rules.\n\n{}",
        table(&pages, "")
    )
}

fn table(pages: &[&Page], folder: &str) -> String {
    let mut text = String::from("| code | rule | severity | |\n|---|---|---|---|\n");
    for page in pages {
        let severity = if page.default { page.severity.clone() } else { format!("{}, off by default", page.severity) };
        let (code, name, summary) = (&page.code, page.name(), escaped(&page.summary));
        let _ = writeln!(text, "| `{code}` | [{name}]({folder}{name}.md) | {severity} | {summary} |");
    }
    text
}

/// What is found without a rule, in one page.
fn program(pages: &[Page]) -> String {
    let mut text = String::from(
        "# Found without a rule\n\nSome findings come from no pack: about comments that accept findings, and about files \
         that cannot be used.\n\n| code | finding | severity | | what to do |\n|---|---|---|---|---|\n",
    );
    for page in pages {
        let (why, help) = (escaped(&page.why), escaped(&page.help));
        let (code, id, severity, summary) = (&page.code, &page.id, &page.severity, escaped(&page.summary));
        let _ = writeln!(text, "| `{code}` | {id} | {severity} | {summary} {why} | {help} |");
    }
    text
}

/// Every page about the rules, with its path from the folder that holds them all.
pub fn book(pages: &[Page]) -> BTreeMap<String, String> {
    let program = program(&own_pages());
    let mut book = BTreeMap::from([("index.md".to_owned(), index(pages)), ("program.md".to_owned(), program)]);
    for pack in pages.chunk_by(|a, b| a.pack == b.pack) {
        book.insert(format!("{}/index.md", pack[0].pack), pack_index(pack));
        book.extend(pack.iter().map(|page| (format!("{}.md", page.id), markdown(page))));
    }
    book
}

/// The lines with which an mdBook's `SUMMARY.md` names the pages of [`book`], which stand in `folder`.
pub fn contents(pages: &[Page], folder: &str) -> String {
    let mut text = format!("- [All rules]({folder}/index.md)\n");
    for pack in pages.chunk_by(|a, b| a.pack == b.pack) {
        let (id, title) = (&pack[0].pack, escaped(&pack[0].title));
        let _ = writeln!(text, "- [{title}]({folder}/{id}/index.md)");
        for page in pack {
            let _ = writeln!(text, "  - [{}]({folder}/{}.md)", page.name(), page.id);
        }
    }
    let _ = writeln!(text, "- [Found without a rule]({folder}/program.md)");
    text
}

/// A text of a pack as Markdown that shows it as it is; what stands between backticks is code.
pub(crate) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut in_code = false;
    for c in text.chars() {
        in_code ^= c == '`';
        if !in_code && matches!(c, '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '\\') {
            shown.push('\\');
        }
        shown.push(if c == '\n' { ' ' } else { c });
    }
    shown
}
