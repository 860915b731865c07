//! Authors and dates that stand in the text itself: "By Jane Doe", "Last reviewed: 3 May 2024".

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::{Builder, MetaEntry};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    byline: Vec<Byline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Byline {
    key: String,
    pattern: String,
}

/// Key and pattern of each kind of line; the data is part of the program, and a test reads it.
static BYLINES: LazyLock<Vec<(String, Regex)>> = LazyLock::new(|| {
    let file: Option<File> = toml::from_str(include_str!("../../rules/language/bylines.toml")).ok();
    let compile = |line: Byline| {
        let regex = Regex::new(&line.pattern).ok()?;
        Some((line.key, regex))
    };
    file.map(|file| file.byline.into_iter().filter_map(compile).collect()).unwrap_or_default()
});

/// Blocks at the start and at the end of a document that may hold its byline.
const FIRST: usize = 6;
const LAST: usize = 4;
/// Longest block that is read for one, in bytes: bylines are short.
const LONGEST: usize = 300;

/// Adds what the text says of its author and dates to the metadata.
pub(crate) fn find(builder: &mut Builder) {
    let blocks = &builder.document.blocks;
    let last = blocks.len().saturating_sub(LAST).max(FIRST);
    let mut found = Vec::new();
    for block in blocks.iter().take(FIRST).chain(blocks.iter().skip(last)) {
        let text = block.prose.text();
        if text.len() > LONGEST {
            continue;
        }
        for (key, regex) in BYLINES.iter() {
            if let Some(value) = regex.captures(text).and_then(|captures| captures.name("value")) {
                let span = block.prose.source_span(value.range());
                found.push(MetaEntry { key: key.clone(), value: value.as_str().trim().to_owned(), span });
            }
        }
    }
    builder.document.metadata.entries.extend(found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::source::{Format, SourceFile};

    fn metadata(text: &str) -> Vec<(String, String)> {
        let document = Document::parse(SourceFile::new("a.md", text, Format::Markdown));
        document.metadata.entries.into_iter().map(|e| (e.key, e.value)).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(BYLINES.len(), 5);
    }

    #[test]
    fn bylines_are_found() {
        let entry = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(metadata("# T\n\nBy Jane Doe\n\nText."), [entry("author", "Jane Doe")]);
        assert_eq!(metadata("# T\n\nPublished 12 March 2025\n\nText."), [entry("published", "12 March 2025")]);
        assert_eq!(metadata("Text.\n\nLast updated: March 2025"), [entry("last_reviewed", "March 2025")]);
        assert_eq!(metadata("# T\n\nMarch 3, 2024\n\nText."), [entry("published", "March 3, 2024")]);
        let reviewed = metadata("# T\n\nMedically reviewed by Dr Ann Lee on 3 May 2024");
        assert!(reviewed.contains(&entry("last_reviewed", "3 May 2024")), "{reviewed:?}");
        assert!(metadata("# T\n\n3 days ago\n\nBy the way, it may help by 2030.").is_empty());
    }
}
