//! Whatever is written, documents are read without a panic, and every piece of prose maps to bytes that say the same.

use caveat::document::Document;
use caveat::prose::{Piece, plain};
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile, Span};
use proptest::prelude::*;

/// Bits of text and markup that meet in strange ways.
const BITS: &[&str] = &[
    "cure",
    "MS",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "## ",
    "*",
    "**",
    "_",
    "`",
    "```\n",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](x.md)",
    "[^1]",
    "[^1]: ",
    "|",
    "\n|---|---|\n",
    "&amp;",
    "&nbsp;",
    "&rsquo;",
    "&#39;",
    "&#x2019;",
    "&bogus;",
    "&",
    "\\*",
    "\\",
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<a href='x'>",
    "</a>",
    "<br>",
    "<script>",
    "</script>",
    "<!-- caveat-ignore x: y -->",
    "<!--",
    "-->",
    "<",
    ">",
    "’",
    "“",
    "”",
    "\u{2011}",
    "\u{a0}",
    "\u{ad}",
    "é",
    "日本",
    "🙂",
    "µ",
    "---\n",
    "+++\n",
    "title: x\n",
    "https://a.org/b_c",
    "www.a.org",
    "<https://x.org>",
    "e.g. ",
    "Dr. ",
    "3.5 ",
    "…",
    "? ",
    "! ",
    "\t",
    "    ",
    "<table><tr><td>",
    "<li>",
    "<h2 id=a>",
    "<title>",
    "<img alt='a &lt; b' src=c>",
    "[x]: y\n",
    "- [ ] ",
    "{#id}",
    "\u{feff}",
    "\0",
];

fn soup() -> impl Strategy<Value = String> {
    let bit =
        prop_oneof![9 => prop::sample::select(BITS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(bit, 0..60).prop_map(|bits| bits.concat())
}

/// White space, and the markers that stand at the start of a line, read as one space.
fn is_space(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c == '\0')
}

/// Decodes a stretch of source on its own, by a path that the readers do not use: the HTML tokenizer for references,
/// the table of typographic variants for single characters.
fn says(source: &str, text: &str) -> bool {
    let plainly: String = source.chars().map(|c| plain(c).map_or_else(|| c.to_string(), str::to_owned)).collect();
    let decoded: String = html5gum::Tokenizer::new(source)
        .filter_map(Result::ok)
        .filter_map(|token| match token {
            html5gum::Token::String(text) => Some(String::from_utf8_lossy(&text).into_owned()),
            _ => None,
        })
        .collect();
    let decoded: String = decoded.chars().map(|c| plain(c).map_or_else(|| c.to_string(), str::to_owned)).collect();
    plainly == text || decoded == text || (is_space(text) && text.len() <= 1) || text == "\u{fffd}"
}

fn check(text: &str, format: Format) -> Result<(), TestCaseError> {
    let document = Document::parse(SourceFile::new("soup", text, format));
    let inside = |span: Span| text.get(span.range()).is_some();
    for block in &document.blocks {
        prop_assert!(inside(block.span), "block {:?} of {text:?}", block.span);
        let prose = block.prose.text();
        for (range, span, piece) in block.prose.pieces(0..prose.len()) {
            prop_assert!(inside(span), "piece {span:?} of {text:?}");
            let (source, read) = (&text[span.range()], &prose[range]);
            match piece {
                Piece::Literal => prop_assert_eq!(source, read),
                Piece::Decoded => {
                    let in_front_matter = document.metadata.span.is_some_and(|front| front.contains(span));
                    prop_assert!(in_front_matter || says(source, read), "{source:?} does not say {read:?} in {text:?}");
                }
            }
        }
        for (start, _) in prose.char_indices() {
            prop_assert!(inside(block.prose.source_span(start..prose.len())));
        }
    }
    prop_assert!(document.links.iter().all(|link| inside(link.span) && inside(link.destination_span)));
    prop_assert!(document.comments.iter().all(|comment| inside(comment.span)));
    prop_assert!(document.problems.iter().all(|problem| inside(problem.span)));
    prop_assert!(document.metadata.entries.iter().all(|entry| inside(entry.span)), "{:?}", document.metadata);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn markdown_maps_back(text in soup()) {
        check(&text, Format::Markdown)?;
    }

    #[test]
    fn html_maps_back(text in soup()) {
        check(&text, Format::Html)?;
    }

    #[test]
    fn plain_text_maps_back(text in soup()) {
        check(&text, Format::Text)?;
    }

    /// Words of every sentence lie in their block, in order, and judging never panics.
    #[test]
    fn reading_and_judging_never_panic(text in soup()) {
        static LINTER: std::sync::LazyLock<caveat::linter::Linter> =
            std::sync::LazyLock::new(|| caveat::linter::Linter::new(RuleSet::builtin()));
        let document = Document::parse(SourceFile::new("soup.md", text.as_str(), Format::Markdown));
        let reading = LINTER.rules().reader().read(&document);
        for sentence in 0..reading.len() {
            let view = reading.view(&document, sentence);
            prop_assert!(view.words.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(view.words.iter().all(|word| view.text.get(word.start as usize..word.end as usize).is_some()));
        }
        let outcome = LINTER.judge(&document, &Default::default(), &Default::default());
        prop_assert!(outcome.findings.iter().all(|f| text.get(f.span.range()).is_some()));
    }
}

/// The same article in three notations is read as the same blocks.
#[test]
fn notations_agree() {
    let markdown = "# Living with *lupus*\n\nIt isn\u{2019}t **cure**d &amp; it\ncomes back.\n\nIt does not:\n\n- heal\n- go\n\n> Said she.\n\n| Dose | Result |\n|---|---|\n| 5 mg | good |\n\n![A knee](k.png)\n";
    let html = "<h1>Living with <i>lupus</i></h1><p>It isn&rsquo;t <b>cure</b>d &amp; it\ncomes back.</p><p>It does not:</p><ul><li>heal</li><li>go</li></ul>\
        <blockquote><p>Said she.</p></blockquote><table><tr><th>Dose</th><th>Result</th></tr><tr><td>5 mg</td><td>good</td></tr></table><p><img src=k.png alt='A knee'></p>";
    let read = |text: &str, format| {
        let document = Document::parse(SourceFile::new("a", text, format));
        document.blocks.iter().map(|b| (b.kind, b.prose.text().to_owned(), b.in_quote)).collect::<Vec<_>>()
    };
    assert_eq!(read(markdown, Format::Markdown), read(html, Format::Html));
    let text = "Living with lupus\n\nIt isn't cured & it comes back.\n\nIt does not:\n- heal\n- go\n";
    let plain: Vec<String> = read(text, Format::Text).into_iter().map(|(_, text, _)| text).collect();
    let marked: Vec<String> = read(markdown, Format::Markdown).into_iter().map(|(_, text, _)| text).collect();
    assert_eq!(plain, marked[..5]);
}
