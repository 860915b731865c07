//! What has changed since it was pinned, and the sentences that this touches: told at the end of a run, and written to a
//! file for scripts and issues.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::checks::raised::Raised;
use crate::cli::error::Failure;
use crate::cli::say;
use crate::cli::sink::Sink;
use crate::document::Document;
use crate::evidence::{Question, turn};
use crate::net::Change;
use crate::reading::Reading;
use crate::report::evidence::{ChangeRow, ChangesFormat, Use, uses, write_changes};

/// The places that rest on what has changed.
#[derive(Debug, Default)]
pub(super) struct Touched(BTreeMap<Question, BTreeSet<Use>>);

impl Touched {
    /// Notes where a document rests on one of the changes, of all that it asks.
    pub(super) fn note(&mut self, changes: &[Change], document: &Document, reading: &Reading, mut raised: Vec<Raised>) {
        raised.retain(|raised| changes.iter().any(|change| change.question == raised.question));
        let places = uses(document, reading, &raised);
        for (raised, place) in raised.into_iter().zip(places) {
            self.0.entry(raised.question).or_default().insert(place);
        }
    }

    /// The changes with the places that each touches, in the order of the questions.
    pub(super) fn rows(mut self, mut changes: Vec<Change>) -> Vec<ChangeRow> {
        changes.sort_by(|a, b| a.question.cmp(&b.question));
        let row = |change: Change| ChangeRow {
            about: change.question.about(),
            source: change.question.source().to_owned(),
            url: change.question.page(),
            turn: turn(&change.question, &change.was.0, &change.now),
            was: change.was.0.words(),
            pinned: change.was.1,
            now: change.now.words(),
            touches: self.0.remove(&change.question).unwrap_or_default().into_iter().collect(),
        };
        changes.into_iter().map(row).collect()
    }
}

/// Tells changes on standard error, unless quiet, and writes them to a file where one is named.
pub(super) fn tell(changes: &[ChangeRow], file: Option<&Path>, quiet: bool) -> Result<(), Failure> {
    let mut text = Vec::new();
    write_changes(&mut text, changes, ChangesFormat::Text).map_err(Failure::Write)?;
    if !quiet && !text.is_empty() {
        say(String::from_utf8_lossy(&text).trim_end());
    }
    let Some(file) = file else { return Ok(()) };
    let mut sink = Sink::open(Some(file))?;
    write_changes(&mut sink, changes, format(file)).map_err(Failure::Write)?;
    sink.close()
}

/// The format that a file's ending asks for.
fn format(file: &Path) -> ChangesFormat {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("json") => ChangesFormat::Json,
        Some("md" | "markdown") => ChangesFormat::Markdown,
        _ => ChangesFormat::Text,
    }
}
