//! Bare addresses in running text, as GitHub links them.

use crate::source::Span;

use super::{Builder, Link, LinkKind};

/// Adds a link for every bare address in a block's prose that no link covers. `first_link` is the first link that can
/// stand in the block.
pub(crate) fn find(builder: &mut Builder, block: usize, first_link: usize) {
    let document = &mut builder.document;
    let prose = &document.blocks[block].prose;
    let text = prose.text();
    if !text.contains("://") && !text.contains("www.") {
        return;
    }
    let mut found: Vec<Link> = Vec::new();
    let mut at = 0;
    while let Some(start) = next_address(text, at) {
        let end = start + address_length(&text[start..]);
        at = end.max(start + 1);
        let span: Span = prose.source_span(start..end);
        let covered = document.links[first_link..].iter().any(|link| link.span.overlaps(span));
        let address = &text[start..end];
        if covered || address.len() < "www.a.b".len() {
            continue;
        }
        let destination = if address.starts_with("www.") { format!("http://{address}") } else { address.to_owned() };
        let text = address.to_owned();
        found.push(Link { kind: LinkKind::Auto, destination, span, destination_span: span, text, block: Some(block) });
    }
    document.links.extend(found);
}

fn next_address(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let candidates = ["http://", "https://", "www."].iter().filter_map(|scheme| rest.find(scheme));
    let start = from + candidates.min()?;
    let joined = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
    if joined { next_address(text, start + 1) } else { Some(start) }
}

/// Bytes of the address at the start of `text`: up to white space or `<`, without closing punctuation and without a
/// closing bracket that it does not open.
fn address_length(text: &str) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(text.len());
    let mut address = &text[..end];
    loop {
        let shorter = address.trim_end_matches(['?', '!', '.', ',', ':', ';', '*', '_', '~', '\'']);
        let unmatched = shorter.ends_with(')') && shorter.matches(')').count() > shorter.matches('(').count();
        let shorter = if unmatched { &shorter[..shorter.len() - 1] } else { shorter };
        if shorter.len() == address.len() {
            return address.len();
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_githubs_do() {
        for (text, address) in [
            ("https://a.org/x. Then", "https://a.org/x"),
            ("https://a.org/x_(y)) and", "https://a.org/x_(y)"),
            ("www.a.org!", "www.a.org"),
        ] {
            assert_eq!(&text[..address_length(text)], address);
        }
    }
}
