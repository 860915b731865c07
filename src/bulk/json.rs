//! JSON files that hold many objects, each with its line.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{BulkError, File};

/// Objects that have others in one of these.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow, default, alias = "studies", alias = "results")]
    data: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    meta: Meta,
}

/// What a file says of itself.
#[derive(Default, Deserialize)]
struct Meta {
    #[serde(default)]
    timestamp: Option<String>,
}

/// The objects of a file, and the day that it says it was made on.
pub(super) struct Objects<'a> {
    pub(super) all: Vec<(u64, &'a RawValue)>,
    pub(super) made: Option<String>,
}

/// Whether a text is JSON rather than a table.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{FEFF}').trim_start().starts_with(['{', '['])
}

/// The objects of an array, of an object's `data` or `studies`, or of JSON Lines; or the one object that there is.
pub(super) fn objects<'a>(file: &File<'a>) -> Result<Objects<'a>, BulkError> {
    let text = file.text.trim_start_matches('\u{FEFF}');
    let (values, made) = values(text).map_err(|error| BulkError {
        file: file.name.to_owned(),
        what: format!("line {}: this JSON is damaged: {error}", error.line()),
        help: "Download the file again; it may have been cut off.".to_owned(),
    })?;
    let mut lines = Lines { text, at: 0, line: 1 };
    let all = values.into_iter().map(|value| (lines.line_of(value.get()), value)).collect();
    Ok(Objects { all, made })
}

fn values(text: &str) -> Result<(Vec<&RawValue>, Option<String>), serde_json::Error> {
    if text.trim_start().starts_with('[') {
        return Ok((serde_json::from_str(text)?, None));
    }
    let all: Vec<&RawValue> = serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>()?;
    if let [one] = all[..]
        && let Ok(Wrapped { data: Some(data), meta }) = serde_json::from_str(one.get())
    {
        return Ok((data, meta.timestamp));
    }
    Ok((all, None))
}

/// Counts lines up to parts of a text that come in order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn line_of(&mut self, part: &str) -> u64 {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let between = self.text.as_bytes().get(self.at..start).unwrap_or_default();
        self.line += between.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.at = self.at.max(start);
        self.line
    }
}
