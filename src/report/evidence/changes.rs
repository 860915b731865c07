//! What is no longer what it was when it was pinned, and the sentences that this touches.

use std::io::{self, Write};

use serde::Serialize;

use super::Use;
use crate::report::{counted, markdown, one_line};

/// An answer that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeRow {
    /// What was asked about: an address or an identifier.
    pub about: String,
    /// Who answered.
    pub source: String,
    /// Where to look it up.
    pub url: Option<String>,
    /// What has become of it: "is no longer recruiting".
    pub turn: String,
    /// What the answer was.
    pub was: String,
    /// The day on which it was given.
    pub pinned: jiff::civil::Date,
    /// What it is now.
    pub now: String,
    /// The places that rest on it.
    pub touches: Vec<Use>,
}

/// How changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangesFormat {
    /// Lines for a terminal.
    Text,
    /// One document for scripts.
    Json,
    /// The body of an issue, with a box to tick for each place.
    Markdown,
}

/// Writes changes. Nothing is written for no change, but to scripts.
pub fn write(out: &mut dyn Write, changes: &[ChangeRow], format: ChangesFormat) -> io::Result<()> {
    match format {
        ChangesFormat::Json => super::json(out, "changes", changes),
        _ if changes.is_empty() => Ok(()),
        ChangesFormat::Text => text(out, changes),
        ChangesFormat::Markdown => body(out, changes),
    }
}

/// How many answers have changed, in words.
fn headline(changes: &[ChangeRow]) -> String {
    let (verb, pronoun) = if changes.len() == 1 { ("has", "it was") } else { ("have", "they were") };
    format!("{} {verb} changed since {pronoun} pinned", counted(changes.len(), "answer"))
}

fn text(out: &mut dyn Write, changes: &[ChangeRow]) -> io::Result<()> {
    writeln!(out, "{}:", headline(changes))?;
    for change in changes {
        let ChangeRow { about, source, turn, was, pinned, now, .. } = change;
        let (about, turn, was, now) = (one_line(about), one_line(turn), one_line(was), one_line(now));
        writeln!(out, "{about} {turn} ({source}: {now}; on {pinned}: {was})")?;
        if change.touches.is_empty() {
            writeln!(out, "  in no draft of this run")?;
        }
        for Use { path, line, column, sentence } in &change.touches {
            writeln!(out, "  {path}:{line}:{column}: {sentence}")?;
        }
    }
    Ok(())
}

fn body(out: &mut dyn Write, changes: &[ChangeRow]) -> io::Result<()> {
    writeln!(out, "{}. Each place below rests on one of them and wants to be read again.", headline(changes))?;
    for change in changes {
        let (about, turn) = (plain(&change.about), plain(&change.turn));
        writeln!(out, "\n### {about} {turn}\n")?;
        let (source, was, now, pinned) = (&change.source, plain(&change.was), plain(&change.now), change.pinned);
        let where_to = change.url.as_ref().map(|url| format!(" <{url}>")).unwrap_or_default();
        writeln!(out, "{source}: {now}; on {pinned}: {was}.{where_to}\n")?;
        if change.touches.is_empty() {
            writeln!(out, "No draft of this run names it.")?;
        }
        for Use { path, line, sentence, .. } in &change.touches {
            writeln!(out, "- [ ] {}:{line}: {}", plain(path), plain(sentence))?;
        }
    }
    Ok(())
}

/// Text of a draft or a server that stays text, and calls nobody by name.
fn plain(text: &str) -> String {
    markdown::escaped(text).replace('@', "@\u{2060}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn change() -> ChangeRow {
        let place = |line, sentence: &str| Use {
            path: "posts/car-t.md".to_owned(),
            line,
            column: 5,
            sentence: sentence.to_owned(),
        };
        ChangeRow {
            about: "NCT01234567".to_owned(),
            source: "ClinicalTrials.gov".to_owned(),
            url: Some("https://clinicaltrials.gov/study/NCT01234567".to_owned()),
            turn: "is no longer recruiting".to_owned(),
            was: "recruiting".to_owned(),
            pinned: jiff::civil::date(2026, 1, 2),
            now: "completed".to_owned(),
            touches: vec![place(31, "The trial recruits, says @anna."), place(40, "It <b>recruits</b> | still.")],
        }
    }

    fn written(changes: &[ChangeRow], format: ChangesFormat) -> String {
        let mut out = Vec::new();
        write(&mut out, changes, format).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn in_every_format() {
        let lost = ChangeRow {
            about: "https://a.org/".to_owned(),
            turn: "resolves again".to_owned(),
            touches: Vec::new(),
            ..change()
        };
        let changes = [change(), lost];
        insta::assert_snapshot!("changes_as_text", written(&changes, ChangesFormat::Text));
        insta::assert_snapshot!("changes_as_markdown", written(&changes, ChangesFormat::Markdown));
        let json: serde_json::Value = serde_json::from_str(&written(&changes, ChangesFormat::Json)).unwrap();
        assert_eq!(json["changes"][0]["touches"][1]["line"], 40);
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        assert_eq!(written(&[], ChangesFormat::Text) + &written(&[], ChangesFormat::Markdown), "");
        assert_eq!(written(&[], ChangesFormat::Json), "{\"schema\":1,\"changes\":[]}\n");
    }
}
