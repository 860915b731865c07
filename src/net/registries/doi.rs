//! doi.org: whether a DOI exists, whoever registered it.

use serde_json::Value;
use url::Url;

use crate::evidence::records::Record;

use super::Unread;

pub(super) fn address(mut base: Url, doi: &str) -> Option<Url> {
    base.path_segments_mut().ok()?.pop_if_empty().extend(["api", "handles"]).extend(doi.split('/'));
    Some(base)
}

/// The code in the reply counts and not its status: 1 is found, 100 unknown, 200 found without an address.
pub(super) fn read(status: u16, body: &[u8]) -> Result<Record, Unread> {
    if status == 429 {
        return Err(Unread::Busy);
    }
    let reply: Value = serde_json::from_slice(body).map_err(|_| Unread::Status(status))?;
    match reply.get("responseCode").and_then(Value::as_u64) {
        Some(1 | 200) => Ok(Record { found: true, ..Record::default() }),
        Some(100 | 102) => Ok(Record::default()),
        _ => Err(Unread::Status(status)),
    }
}
