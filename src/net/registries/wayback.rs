//! The Internet Archive's Wayback Machine: whether it holds a copy of a page (its availability API).

use jiff::civil::Date;
use serde_json::Value;
use url::Url;

use crate::evidence::links::Snapshot;

use super::{Unread, json};

/// Where it is asked unless configured otherwise.
pub const BASE: &str = "https://archive.org/wayback";

pub(in crate::net) fn address(base: &str, page: &str) -> Option<Url> {
    let mut url = Url::parse(&format!("{}/available", base.trim_end_matches('/'))).ok()?;
    url.query_pairs_mut().append_pair("url", page);
    Some(url)
}

/// The closest copy that shows the page and no error; `None` where there is none.
pub(in crate::net) fn read(status: u16, body: &[u8]) -> Result<Option<Snapshot>, Unread> {
    let reply = json(status, body)?;
    let copies = reply.get("archived_snapshots").and_then(Value::as_object).ok_or(Unread::Shape)?;
    let text = |copy: &Value, key: &str| copy.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(copies.get("closest").filter(|copy| text(copy, "status").as_deref() == Some("200")).and_then(|copy| {
        let stamp = text(copy, "timestamp")?;
        let date = Date::strptime("%Y%m%d", stamp.get(..8)?).ok()?;
        // It names its own pages by their old `http:` addresses.
        let url = text(copy, "url")?.replacen("http://web.archive.org/", "https://web.archive.org/", 1);
        Some(Snapshot { url, date })
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn copies_are_read() {
        let asked = address("http://a.example/wayback/", "https://b.org/a?x=1").unwrap();
        assert_eq!(asked.as_str(), "http://a.example/wayback/available?url=https%3A%2F%2Fb.org%2Fa%3Fx%3D1");
        let closest = |status: &str| {
            let copy = r#""available":true,"url":"http://web.archive.org/web/20200102030405/https://b.org/a","timestamp":"20200102030405""#;
            read(200, format!(r#"{{"archived_snapshots":{{"closest":{{{copy},"status":"{status}"}}}}}}"#).as_bytes())
        };
        let copy = closest("200").unwrap().unwrap();
        assert_eq!(copy.url, "https://web.archive.org/web/20200102030405/https://b.org/a");
        assert_eq!(copy.date, jiff::civil::date(2020, 1, 2));
        assert_eq!((closest("404"), read(200, br#"{"archived_snapshots":{}}"#)), (Ok(None), Ok(None)));
        assert_eq!((read(429, b""), read(200, b"<html>")), (Err(Unread::Busy), Err(Unread::Shape)));
    }
}
