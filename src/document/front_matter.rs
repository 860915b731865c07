//! Front matter: what stands between the delimiters at a Markdown file's start.

use std::ops::Range;

use serde_json::Value;

use crate::prose::Prose;
use crate::source::Span;

use super::{BlockKind, Builder, MetaEntry, Problem};

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// Between lines of `---`.
    Yaml,
    /// Between lines of `+++`.
    Toml,
}

/// Reads the front matter in these bytes of the source, delimiters included.
pub(crate) fn read(builder: &mut Builder, range: Range<usize>, notation: Notation) {
    let source = builder.document.source.clone();
    let whole = Span::from(range.clone());
    builder.document.metadata.span = Some(whole);
    let text = source.slice(whole);
    let body = inner(text);
    let start = range.start + body.start;
    let body = &text[body];
    let parsed = match notation {
        Notation::Yaml => parse_yaml(body),
        Notation::Toml => parse_toml(body),
    };
    match parsed {
        Ok(value) => {
            let mut entries = Vec::new();
            let mut finder = Finder { text: body, start, separator: notation.separator() };
            flatten("", &value, &mut finder, &mut entries);
            add_title(builder, &entries);
            builder.document.metadata.entries.extend(entries);
        }
        Err(error) => builder.document.problems.push(Problem {
            span: Span::from(start + error.at.start..start + error.at.end),
            message: format!("The front matter cannot be read: {}", error.message),
        }),
    }
}

/// Says so where front matter opens and never closes, which Markdown takes for a rule and some text.
pub(crate) fn find_unclosed(builder: &mut Builder, text: &str, base: usize) {
    let mut lines = text.lines();
    let Some(first) = lines.next().filter(|first| matches!(first.trim_end(), "---" | "+++")) else { return };
    let separator = if first.starts_with('-') { ':' } else { '=' };
    let looks_like_entry = |line: &str| {
        line.split_once(separator).is_some_and(|(key, _)| {
            let key = key.trim();
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'))
        })
    };
    let closed = text.lines().skip(1).any(|line| line.trim_end() == first.trim_end());
    if lines.next().is_some_and(looks_like_entry) && !closed {
        builder.document.problems.push(Problem {
            span: Span::from(base..base + first.len()),
            message: format!("This front matter is never closed: a line `{}` is missing.", first.trim_end()),
        });
    }
}

impl Notation {
    fn separator(self) -> char {
        match self {
            Notation::Yaml => ':',
            Notation::Toml => '=',
        }
    }
}

/// The bytes between the delimiter lines.
fn inner(text: &str) -> Range<usize> {
    let start = text.find('\n').map_or(text.len(), |at| at + 1);
    let trimmed = text.trim_end();
    let end = trimmed.rfind('\n').map_or(start, |at| at + 1).max(start);
    start..end
}

struct ParseError {
    at: Range<usize>,
    message: String,
}

fn parse_yaml(body: &str) -> Result<Value, ParseError> {
    if body.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_saphyr::from_str::<Value>(body).map_err(|error| {
        let line = error.location().map_or(1, |place| place.line() as usize);
        let start: usize = body.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let length = body[start.min(body.len())..].lines().next().map_or(0, str::len);
        let message = error.to_string();
        let message = message.lines().next().unwrap_or("");
        // The parser counts its lines from the front matter's first; the finding knows the file's.
        let said = message.split_once(" column ").and_then(|(_, rest)| rest.split_once(": "));
        ParseError { at: start..start + length, message: said.map_or(message, |(_, said)| said).to_owned() }
    })
}

fn parse_toml(body: &str) -> Result<Value, ParseError> {
    let table = toml::from_str::<toml::Table>(body);
    let table =
        table.map_err(|error| ParseError { at: error.span().unwrap_or(0..0), message: error.message().to_owned() })?;
    Ok(of_toml(toml::Value::Table(table)))
}

/// The same value, with dates as they are written.
fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::from(truth),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(values) => values.into_iter().map(of_toml).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, of_toml(value))).collect(),
    }
}

/// Finds where keys and values stand, in the order in which they come.
struct Finder<'t> {
    text: &'t str,
    start: usize,
    separator: char,
}

impl Finder<'_> {
    /// The span of a value under a key: the value's text where it stands verbatim behind the key, else the key.
    fn find(&mut self, key: &str, value: &str) -> Span {
        let Some(at) = self.key(key) else { return Span::from(self.start..self.start + self.text.len()) };
        let rest = &self.text[at..];
        let verbatim = (!value.is_empty()).then(|| rest.find(value)).flatten();
        match verbatim {
            Some(offset) => Span::from(self.start + at + offset..self.start + at + offset + value.len()),
            None => Span::from(self.start + at..self.start + at + rest.lines().next().map_or(0, str::len)),
        }
    }

    /// The first byte of the line that starts with this key.
    fn key(&self, key: &str) -> Option<usize> {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let name = line.split(self.separator).next().unwrap_or("");
            if name.trim().trim_start_matches("- ").trim_matches(['"', '\'']) == key {
                return Some(at + (line.len() - line.trim_start().len()));
            }
            at += line.len();
        }
        None
    }
}

/// Deepest nesting of front matter that is read.
const DEEPEST: usize = 8;

fn flatten(path: &str, value: &Value, finder: &mut Finder<'_>, entries: &mut Vec<MetaEntry>) {
    if path.matches('.').count() > DEEPEST {
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let joined = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&joined, value, finder, entries);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| flatten(path, value, finder, entries)),
        Value::Null => {}
        scalar => {
            let value = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            let written_key = path.rsplit('.').next().unwrap_or(path);
            let span = finder.find(written_key, &value);
            entries.push(MetaEntry { key: normal_key(path), value, span });
        }
    }
}

/// `Last-Reviewed` and `last reviewed` are `last_reviewed`.
pub(crate) fn normal_key(key: &str) -> String {
    key.trim().to_lowercase().replace(['-', ' '], "_")
}

/// The title is read as a block of its own.
fn add_title(builder: &mut Builder, entries: &[MetaEntry]) {
    let Some(title) = entries.iter().find(|entry| entry.key == "title") else { return };
    let mut prose = Prose::new();
    if builder.document.source.slice(title.span) == title.value {
        prose.push_literal(&title.value, title.span.start);
    } else {
        prose.push_decoded(&title.value, title.span);
    }
    builder.push_block(BlockKind::Title, prose, title.span, false);
}
