//! Crossref. What happened to a work stands in its own `updated-by`; `update-to` marks a notice about another.

use serde_json::Value;
use url::Url;

use crate::evidence::records::{Record, Standing};

use super::{Unread, figures, json};

pub(super) fn address(mut base: Url, doi: &str) -> Option<Url> {
    // The slash of a DOI is a part of its name and is escaped with the rest.
    base.path_segments_mut().ok()?.pop_if_empty().push("works").push(doi);
    Some(base)
}

/// "Unknown" is a bare sentence under a JSON type, so a 404's body is not read.
pub(super) fn read(status: u16, body: &[u8]) -> Result<Record, Unread> {
    if status == 404 {
        return Ok(Record::default());
    }
    let reply = json(status, body)?;
    let work = reply.get("message").filter(|work| work.get("DOI").is_some()).ok_or(Unread::Shape)?;
    let title = work.pointer("/title/0").and_then(Value::as_str).unwrap_or_default();
    let updates = work.get("updated-by").and_then(Value::as_array).into_iter().flatten();
    let by_updates = updates.filter_map(|update| update.get("type").and_then(Value::as_str)).map(standing).max();
    let by_title = if ["RETRACTED:", "WITHDRAWN:", "REMOVED:"].iter().any(|mark| title.starts_with(mark)) {
        Standing::Retracted
    } else {
        Standing::Sound
    };
    let is_notice = work.get("update-to").and_then(Value::as_array).is_some_and(|to| !to.is_empty());
    let standing = if is_notice { Standing::Sound } else { by_updates.unwrap_or_default().max(by_title) };
    let preprint = work.get("subtype").and_then(Value::as_str) == Some("preprint");
    let figures = work.get("abstract").and_then(Value::as_str).and_then(figures);
    Ok(Record { found: true, standing, preprint, title: title.to_owned(), figures, ..Record::default() })
}

fn standing(update: &str) -> Standing {
    match update.replace('-', "_").as_str() {
        "retraction" | "partial_retraction" | "removal" | "withdrawal" => Standing::Retracted,
        "expression_of_concern" => Standing::Concern,
        "correction" | "erratum" | "corrigendum" | "addendum" | "clarification" => Standing::Corrected,
        _ => Standing::Sound,
    }
}
