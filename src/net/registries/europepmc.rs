//! Europe PMC: one search answers for PMIDs and DOIs, preprints included.

use serde_json::Value;
use url::Url;

use crate::evidence::records::{Id, Record, Standing};

use super::{Unread, figures, json};

pub(super) fn address(base: Url, id: &Id) -> Option<Url> {
    let query = match id {
        Id::Doi(doi) => format!("DOI:\"{}\"", doi.replace('"', "")),
        Id::Pmid(pmid) => format!("EXT_ID:{pmid} AND SRC:MED"),
        Id::Nct(_) => return None,
    };
    let mut url = base.join("search").ok()?;
    let mut pairs = url.query_pairs_mut();
    pairs.append_pair("query", &query).append_pair("resultType", "core").append_pair("format", "json");
    pairs.append_pair("pageSize", "1");
    drop(pairs);
    Some(url)
}

pub(super) fn read(status: u16, body: &[u8]) -> Result<Record, Unread> {
    let reply = json(status, body)?;
    let results = reply.pointer("/resultList/result").and_then(Value::as_array).ok_or(Unread::Shape)?;
    let Some(work) = results.first() else { return Ok(Record::default()) };
    let texts = |pointer: &str, key: &str| -> Vec<String> {
        let list = work.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        let text =
            |one: &Value| if key.is_empty() { one.as_str() } else { one.get(key)?.as_str() }.map(str::to_lowercase);
        list.filter_map(text).collect()
    };
    let notes = texts("/commentCorrectionList/commentCorrection", "type");
    let kinds = texts("/pubTypeList/pubType", "");
    let noted = |what: &str| notes.iter().any(|note| note == what);
    let standing = if kinds.iter().any(|kind| kind == "retracted publication") || noted("retraction in") {
        Standing::Retracted
    } else if noted("expression of concern in") {
        Standing::Concern
    } else if noted("erratum in") {
        Standing::Corrected
    } else {
        Standing::Sound
    };
    let preprint = work.get("source").and_then(Value::as_str) == Some("PPR");
    let title = work.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let figures = work.get("abstractText").and_then(Value::as_str).and_then(figures);
    Ok(Record { found: true, standing, preprint, title, figures, ..Record::default() })
}
