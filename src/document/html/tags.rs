//! Tags on their own.

use std::ops::Range;

use html5gum::{DefaultEmitter, Span as GumSpan, StartTag, Token, Tokenizer};

/// One tag with its attributes, entities decoded.
#[derive(Debug)]
pub(crate) struct Tag {
    /// In lower case.
    pub(crate) name: String,
    /// `</…>`.
    pub(crate) closing: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute; an attribute without one has the empty value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn of_start(tag: &StartTag<usize>) -> Self {
        let attributes = tag.attributes.iter().map(|(key, value)| (lossy(key), lossy(&value.value))).collect();
        Self { name: lossy(&tag.name), closing: false, attributes }
    }
}

/// Bytes of a token as text.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The tokens of some HTML with their byte spans; parse errors are left out.
pub(super) fn tokens(html: &str) -> impl Iterator<Item = Token<usize>> + '_ {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).filter_map(Result::ok).filter(|token| !matches!(token, Token::Error(_)))
}

/// The tag that is all of `html`, if it is one.
pub(crate) fn single_tag(html: &str) -> Option<Tag> {
    match tokens(html).next()? {
        Token::StartTag(tag) => Some(Tag::of_start(&tag)),
        Token::EndTag(tag) => Some(Tag { name: lossy(&tag.name), closing: true, attributes: Vec::new() }),
        _ => None,
    }
}

/// What a reference like `&amp;` or `&#39;` stands for; `None` if it is none.
fn decode_reference(reference: &str) -> Option<String> {
    let decoded: String = tokens(reference)
        .filter_map(|token| match token {
            Token::String(text) => Some(lossy(&text.value)),
            _ => None,
        })
        .collect();
    (decoded != reference && !decoded.is_empty()).then_some(decoded)
}

/// A text's parts in order: stretches that stand for themselves, and references with what they stand for.
pub(super) fn references(text: &str) -> Vec<(Range<usize>, Option<String>)> {
    let mut parts = Vec::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(ampersand) = text[from..].find('&') {
        let start = from + ampersand;
        let end = start + reference_length(&text[start..]);
        if let Some(decoded) = decode_reference(&text[start..end]) {
            if done < start {
                parts.push((done..start, None));
            }
            parts.push((start..end, Some(decoded)));
            done = end;
        }
        from = end;
    }
    if done < text.len() {
        parts.push((done..text.len(), None));
    }
    parts
}

/// Bytes of the character reference at the start of `text`, which starts with `&`.
fn reference_length(text: &str) -> usize {
    let name = text[1..].bytes().take(40).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let semicolon = usize::from(text.as_bytes().get(1 + name) == Some(&b';'));
    1 + name + semicolon
}

/// Where the value of an attribute stands in a tag, without its quotation marks.
pub(super) fn attribute_range(tag: &str, name: &str) -> Option<Range<usize>> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(name) {
        let start = from + at;
        from = start + name.len();
        let before = tag[..start].chars().next_back();
        let rest = tag[from..].trim_start();
        if !before.is_some_and(|c| c.is_ascii_whitespace() || matches!(c, '\'' | '"' | '/')) || !rest.starts_with('=') {
            continue;
        }
        let value = rest[1..].trim_start();
        let start = tag.len() - value.len();
        return Some(match value.chars().next() {
            Some(quote @ ('"' | '\'')) => start + 1..start + 1 + value[1..].find(quote).unwrap_or(value.len() - 1),
            _ => start..start + value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len()),
        });
    }
    None
}

/// A token's span as a range of bytes.
pub(super) fn range(span: GumSpan<usize>) -> Range<usize> {
    span.start..span.end
}
