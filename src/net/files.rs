//! Local files as answers.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::document::Document;
use crate::evidence::Answer;
use crate::source::{Format, SourceFile};

/// Longest file that is read for its anchors, in bytes. A longer one exists, and that is all that is said about it.
const LONGEST_READ: u64 = 32 * 1024 * 1024;

/// Whether there is a file or folder at `path`, and the fragments that it offers.
pub(super) fn answer(path: &str) -> Answer {
    match anchors(Path::new(path)) {
        Ok(anchors) => Answer::File { anchors },
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput | ErrorKind::InvalidFilename => {
                Answer::NoFile
            }
            _ => Answer::Unknown { why: error.to_string() },
        },
    }
}

/// `None` for a folder, a format without fragments, or a file too long to be read.
fn anchors(path: &Path) -> io::Result<Option<Vec<String>>> {
    let about = fs::metadata(path)?;
    let Some(format) = Format::of_path(path).filter(|_| about.is_file() && about.len() <= LONGEST_READ) else {
        return Ok(None);
    };
    let bytes = fs::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let source = SourceFile::new(path.to_string_lossy(), text, format);
    Ok(Some(Document::parse(source).anchors))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn here(path: &str) -> Answer {
        answer(&format!("{}/{path}", env!("CARGO_MANIFEST_DIR")))
    }

    #[test]
    fn folders_files_and_nothing() {
        assert_eq!(here("src"), Answer::File { anchors: None });
        assert_eq!(here("Cargo.toml"), Answer::File { anchors: None });
        for missing in ["src/nothing.md", "Cargo.toml/inside.md", "a\0b.md"] {
            assert_eq!(here(missing), Answer::NoFile, "{missing:?}");
        }
        assert_eq!(here(&"x".repeat(5000)), Answer::NoFile);
    }

    #[test]
    fn readable_formats_offer_their_anchors() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("a.md", "# Risks\n\nText.\n"), ("b.txt", "Text.\n"), ("c.html", "<h2 id=\"risks\">Risks</h2>")]
        {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            let parsed = Document::parse(SourceFile::new(name, text, Format::of_path(&path).unwrap()));
            assert_eq!(answer(path.to_str().unwrap()), Answer::File { anchors: Some(parsed.anchors) }, "{name}");
        }
    }
}
