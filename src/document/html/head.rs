//! Metadata in HTML: `<meta>`, `<time>` and JSON-LD.

use serde_json::Value;

use crate::document::front_matter::normal_key;
use crate::document::{Builder, MetaEntry};
use crate::source::Span;

use super::tags::Tag;

/// Notes what a `<meta>` or `<time>` element says.
pub(super) fn note_element(builder: &mut Builder, tag: &Tag, span: Span) {
    let entry = match tag.name.as_str() {
        "meta" => {
            ["name", "property", "itemprop"].iter().find_map(|name| tag.attribute(name)).zip(tag.attribute("content"))
        }
        "time" => tag.attribute("datetime").map(|value| ("date", value)),
        _ => None,
    };
    if let Some((key, value)) = entry {
        builder.document.metadata.entries.push(MetaEntry { key: normal_key(key), value: value.to_owned(), span });
    }
}

/// Deepest nesting of JSON-LD that is read.
const DEEPEST: usize = 6;

/// Notes what a JSON-LD script says; a broken one says nothing.
pub(super) fn note_json(builder: &mut Builder, script: &str, span: Span) {
    if let Ok(value) = serde_json::from_str::<Value>(script) {
        flatten(builder, "", &value, span, 0);
    }
}

fn flatten(builder: &mut Builder, path: &str, value: &Value, span: Span, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = normal_key(key);
                // A graph's nodes are read as if each stood alone.
                let joined = if path.is_empty() || path == "@graph" { key } else { format!("{path}.{key}") };
                flatten(builder, &joined, value, span, depth + 1);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| flatten(builder, path, value, span, depth + 1)),
        Value::String(text) if !path.starts_with('@') => {
            builder.document.metadata.entries.push(MetaEntry { key: path.to_owned(), value: text.clone(), span });
        }
        _ => {}
    }
}
