//! A text as the editor has it.

use std::path::{Path, PathBuf};

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use crate::lsp::positions::{Encoding, Positions};
use crate::source::{Format, SourceFile};

/// A text that is open in the editor.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its name in the protocol.
    pub uri: Uri,
    /// Which of its states this is, as the editor counts them.
    pub version: i32,
    /// The file it is saved in; `None` for a text that is in none yet.
    pub path: Option<PathBuf>,
    format: Format,
    text: String,
}

/// How a text is written: by what the editor calls its language, else by the ending of its file. `None` for what is no
/// draft.
pub fn format_of(language: &str, path: Option<&Path>) -> Option<Format> {
    match language {
        "markdown" | "mdx" | "quarto" | "rmd" | "pandoc" => Some(Format::Markdown),
        "html" | "xhtml" => Some(Format::Html),
        "plaintext" | "text" => Some(Format::Text),
        _ => path.and_then(Format::of_path),
    }
}

/// The file that a `file:` URI names.
pub fn path_of(uri: &str) -> Option<PathBuf> {
    url::Url::parse(uri).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}

/// The name that a file has in the protocol.
pub fn uri_of(path: &Path) -> Option<Uri> {
    valid(url::Url::from_file_path(path).ok()?.as_str()).parse().ok()
}

/// A URI with those characters encoded that RFC 3986 has no place for, and that browsers and some editors leave as they
/// are in names like `[slug].md`.
pub fn valid(uri: &str) -> String {
    let mut valid = String::with_capacity(uri.len());
    for c in uri.chars() {
        match c {
            '[' | ']' | '^' | '|' | '{' | '}' | '\\' | '`' | '"' | '<' | '>' | ' ' => {
                valid.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => valid.push(c),
        }
    }
    valid
}

impl Draft {
    /// A text that was opened.
    pub fn new(uri: Uri, version: i32, format: Format, text: String) -> Self {
        Self { path: path_of(uri.as_str()), uri, version, format, text }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it is judged. `name` is how it is called in findings.
    pub fn source(&self, name: &str) -> SourceFile {
        SourceFile::new(name, self.text.as_str(), self.format)
    }

    /// Follows the editor's changes, each in the state that the one before it has left.
    pub fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            match change.range {
                None => self.text = change.text,
                Some(range) => {
                    let span = Positions::new(&self.text, encoding).span(range);
                    self.text.replace_range(span.range(), &change.text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use lsp_types::{Position, Range};
    use proptest::prelude::*;

    fn draft(text: &str) -> Draft {
        Draft::new("file:///blog/a%20b.md".parse().unwrap(), 1, Format::Markdown, text.to_owned())
    }

    #[test]
    fn the_editors_language_counts_more_than_the_ending() {
        let of = |language, name: &str| format_of(language, Some(Path::new(name)));
        assert_eq!(of("markdown", "notes.txt"), Some(Format::Markdown));
        assert_eq!(of("", "page.htm"), Some(Format::Html));
        assert_eq!([of("rust", "main.rs"), format_of("toml", None)], [None, None]);
    }

    #[test]
    fn names_are_decoded() {
        assert_eq!(draft("").path, Some(PathBuf::from("/blog/a b.md")));
        let odd = Path::new("/posts/[slug] ^|{1}.md");
        assert_eq!(path_of(uri_of(odd).unwrap().as_str()).as_deref(), Some(odd));
        assert_eq!([path_of("untitled:Untitled-1"), path_of("vscode-vfs://github/a.md")], [None, None]);
    }

    /// The text as an editor keeps it that thinks in lines of UTF-16: a second way of doing the same.
    fn naive(text: &str, start: Position, end: Position, new: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut starts = vec![0];
        for at in 0..units.len() {
            let is = |at: usize, c: char| units.get(at) == Some(&(c as u16));
            if is(at, '\n') || (is(at, '\r') && !is(at + 1, '\n')) {
                starts.push(at + 1);
            }
        }
        let offset = |place: Position| starts[place.line as usize] + place.character as usize;
        let (start, end) = (offset(start), offset(end));
        let whole = [&units[..start], &new.encode_utf16().collect::<Vec<_>>(), &units[end..]].concat();
        String::from_utf16(&whole).unwrap()
    }

    fn piece() -> impl Strategy<Value = String> {
        "(\\r|\\n|\\r\\n|[a-c]|😀|é|cure ){0,6}"
    }

    proptest! {
        #[test]
        fn a_text_follows_every_change(
            first in piece(),
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), piece()), 0..12),
            at_once: bool,
        ) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let (mut draft, mut expected, mut changes) = (draft(&first), first.clone(), Vec::new());
                for (version, (from, to, new)) in edits.iter().enumerate() {
                    let inside_end = |at: usize| expected[..at].ends_with('\r') && expected[at..].starts_with('\n');
                    let edges: Vec<u32> = (0..=expected.len())
                        .filter(|&at| expected.is_char_boundary(at) && !inside_end(at))
                        .map(|at| at as u32)
                        .collect();
                    let (a, b) = (*from.get(&edges), *to.get(&edges));
                    let (a, b) = (a.min(b), a.max(b));
                    let place = |encoding, offset| Positions::new(&expected, encoding).position(offset);
                    let range = Range { start: place(encoding, a), end: place(encoding, b) };
                    changes.push(TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: new.clone() });
                    expected = naive(&expected, place(Encoding::Utf16, a), place(Encoding::Utf16, b), new);
                    if !at_once {
                        draft.change(version as i32, std::mem::take(&mut changes), encoding);
                        prop_assert_eq!(draft.text(), &expected);
                    }
                }
                draft.change(99, changes, encoding);
                prop_assert_eq!(draft.text(), &expected);
            }
        }

        #[test]
        fn no_change_is_too_odd(
            first in piece(),
            edits in prop::collection::vec((any::<[u8; 4]>(), any::<Option<u32>>(), piece()), 0..8),
        ) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let mut draft = draft(&first);
                for (places, far, text) in &edits {
                    let [a, b, c, d] = places.map(|n| u32::from(n % 5));
                    let range = Range { start: Position::new(a, far.unwrap_or(b)), end: Position::new(c, d) };
                    let change = TextDocumentContentChangeEvent { range: Some(range), range_length: Some(7), text: text.clone() };
                    draft.change(0, vec![change], encoding);
                }
            }
        }
    }
}
