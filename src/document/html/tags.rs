//! Tags on their own.

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
pub(super) fn decode_reference(reference: &str) -> Option<String> {
    let decoded: String = tokens(reference)
        .filter_map(|token| match token {
            Token::String(text) => Some(lossy(&text.value)),
            _ => None,
        })
        .collect();
    (decoded != reference && !decoded.is_empty()).then_some(decoded)
}

/// A token's span as a range of bytes.
pub(super) fn range(span: GumSpan<usize>) -> std::ops::Range<usize> {
    span.start..span.end
}
