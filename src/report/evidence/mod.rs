//! What drafts stand on, and what of it has changed: the places that rest on an answer, and one file a kind of report.

mod changes;
mod standing;

pub use changes::{ChangeRow, ChangesFormat, write as write_changes};
pub use standing::{StandingFormat, StandingRow, write as write_standing};

use std::io::{self, Write};

use serde::Serialize;

use crate::checks::raised::Raised;
use crate::document::Document;
use crate::reading::Reading;
use crate::report::list::List;
use crate::report::places::Places;
use crate::report::{one_line, rows};
use crate::source::LineIndex;

/// A place in a draft that rests on an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Use {
    /// The path or name of the draft.
    pub path: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// The sentence as its reader sees it; outside running text the words around the place.
    pub sentence: String,
}

/// The places of what a document has raised, in the same order.
pub fn uses(document: &Document, reading: &Reading, raised: &[Raised]) -> Vec<Use> {
    let text = document.source.text();
    let places = Places::new(text, &LineIndex::new(text), raised.iter().map(|raised| raised.span.start).collect());
    let found = raised.iter().map(|raised| {
        let point = places.at(raised.span.start);
        let sentence = raised.sentence.map(|sentence| one_line(reading.text(document, sentence)));
        Use {
            path: document.source.name().to_owned(),
            line: point.line,
            column: point.column,
            sentence: sentence.unwrap_or_else(|| rows::excerpt(text, raised.span)),
        }
    });
    found.collect()
}

/// One document with all items, for scripts.
fn json(out: &mut dyn Write, name: &str, items: &[impl Serialize]) -> io::Result<()> {
    let mut list = List::default();
    list.begin(out, &format!("{{\"schema\":1,\"{name}\":["))?;
    items.iter().try_for_each(|item| list.item(out, item))?;
    out.write_all(b"]}\n")
}
