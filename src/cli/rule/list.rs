//! Rules in a list, pack by pack.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::cli::rule::Entry;
use crate::cli::rule::page::Ink;
use crate::linter::Settings;
use crate::report::Style;

/// The list, with a line at its end that says how it came about.
pub(super) fn text(entries: &[Entry], settings: &Settings, style: Style) -> String {
    let ink = Ink::new(style);
    let mut text = String::new();
    let codes = entries.iter().map(|entry| entry.page.code.width()).max().unwrap_or(0);
    let names = entries.iter().map(|entry| entry.page.name().width()).max().unwrap_or(0);
    for pack in entries.chunk_by(|a, b| a.page.pack == b.page.pack) {
        let _ = writeln!(text, "{} · {}", ink.bold(&pack[0].page.pack), pack[0].page.title);
        for entry in pack {
            let (code, name) = (&entry.page.code, entry.page.name());
            let state = ink.severity(entry.set, entry.set.map_or("off", |severity| severity.name()), 7);
            let indent = 2 + codes + 2 + names + 2 + 7 + 2;
            let room = style.width.saturating_sub(indent).max(30);
            let lines = textwrap::wrap(&entry.page.summary, room);
            let first = lines.first().map(|line| line.as_ref()).unwrap_or_default();
            let _ = writeln!(text, "  {code:codes$}  {name:names$}  {state}  {first}");
            for line in lines.iter().skip(1) {
                let _ = writeln!(text, "{:indent$}{line}", "");
            }
        }
        text.push('\n');
    }
    let on = entries.iter().filter(|entry| entry.on).count();
    let place = settings.jurisdiction.map(|j| format!(", jurisdiction {}", j.name())).unwrap_or_default();
    let rules = if entries.len() == 1 { "rule" } else { "rules" };
    let _ = writeln!(
        text,
        "{} {rules}; {on} on with the profile {}{place}. `caveat rule NAME` explains one.",
        entries.len(),
        settings.profile.name()
    );
    text
}
