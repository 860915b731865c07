//! PubMed's E-utilities: `esummary`.

use serde_json::Value;
use url::Url;

use crate::evidence::records::{Id, Record, Standing};

use super::{Unread, json};

pub(super) fn address(base: Url, pmid: &str) -> Option<Url> {
    let mut url = base.join("esummary.fcgi").ok()?;
    url.query_pairs_mut()
        .append_pair("db", "pubmed")
        .append_pair("id", pmid)
        .append_pair("retmode", "json")
        .append_pair("tool", "caveat");
    Some(url)
}

/// Over its limit it may answer with status 200 and an `error`; an unknown number is an entry with an `error`.
pub(super) fn read(id: &Id, status: u16, body: &[u8]) -> Result<Record, Unread> {
    let reply = json(status, body)?;
    let error = reply.get("error").and_then(Value::as_str);
    if error.is_some_and(|error| error.to_lowercase().contains("rate limit")) {
        return Err(Unread::Busy);
    }
    let Id::Pmid(pmid) = id else { return Err(Unread::Shape) };
    let result = reply.get("result").ok_or(Unread::Shape)?;
    let Some(work) = result.get(pmid) else {
        // A list of numbers without this one says that it is unknown; no list says nothing.
        return result.get("uids").map(|_| Record::default()).ok_or(Unread::Shape);
    };
    if work.get("error").is_some() {
        return Ok(Record::default());
    }
    let has = |key: &str, field: &str, what: &str| {
        let text = |one: &Value| if field.is_empty() { one.as_str() == Some(what) } else { one[field] == what };
        work.get(key).and_then(Value::as_array).is_some_and(|list| list.iter().any(text))
    };
    let standing = if has("pubtype", "", "Retracted Publication") || has("references", "reftype", "Retraction in") {
        Standing::Retracted
    } else if has("references", "reftype", "Expression of concern in") {
        Standing::Concern
    } else if has("references", "reftype", "Erratum in") {
        Standing::Corrected
    } else {
        Standing::Sound
    };
    let title = work.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Record { found: true, standing, preprint: has("pubtype", "", "Preprint"), title, ..Record::default() })
}
