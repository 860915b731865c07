//! Files and folders that links lead to.

use std::fs;
use std::path::Path;

use crate::document::Document;
use crate::evidence::Answer;
use crate::source::{Format, SourceFile};

/// Largest file that is read for its fragments, in bytes.
const LARGEST: u64 = 64 << 20;

/// What stands at a path: nothing, something, or a document with its fragments.
pub(super) fn look_at(path: &str) -> Answer {
    let path = Path::new(path);
    let Ok(found) = fs::metadata(path) else { return Answer::NoFile };
    let format = Format::of_path(path).filter(|format| *format != Format::Text);
    let anchors = match format {
        Some(format) if found.is_file() && found.len() <= LARGEST => {
            // A file that is no text, or that cannot be read, is there all the same.
            let text = fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            text.map(|text| Document::parse(SourceFile::new(path.to_string_lossy(), text, format)).anchors)
        }
        _ => None,
    };
    Answer::File { anchors }
}
