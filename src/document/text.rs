//! Reading plain text: paragraphs, guessed headings, bullet lines, questions and answers.

use std::ops::Range;

use crate::prose::Prose;
use crate::source::Span;

use super::{BlockKind, Builder, autolink};

/// Most words of a guessed heading.
const HEADING_WORDS: usize = 12;
/// Most words of a guessed title: headlines of news run longer than headings do.
const TITLE_WORDS: usize = 18;
/// Hard-wrapped text has lines no longer than this, in characters.
const WRAP_WIDTH: usize = 100;

/// One line of the source, without its line end.
#[derive(Clone, Debug)]
struct Line<'t> {
    text: &'t str,
    range: Range<usize>,
}

/// Reads the builder's source.
pub(crate) fn read(builder: &mut Builder) {
    let source = builder.document.source.clone();
    let lines = lines(source.text());
    let mut reader = Reader { builder, lines: &lines, lead_in: None };
    let mut at = 0;
    while at < lines.len() {
        if lines[at].text.trim().is_empty() {
            at += 1;
            continue;
        }
        let length = lines[at..].iter().take_while(|line| !line.text.trim().is_empty()).count();
        reader.group(at..at + length);
        at += length;
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end_matches(['\n', '\r']);
        lines.push(Line { text: trimmed, range: at..at + trimmed.len() });
        at += line.len();
    }
    lines
}

struct Reader<'a, 'b, 't> {
    builder: &'b mut Builder,
    lines: &'a [Line<'t>],
    /// The paragraph that may introduce the bullet lines that follow.
    lead_in: Option<usize>,
}

impl Reader<'_, '_, '_> {
    /// Lines without a blank one between them: a hard-wrapped paragraph, or lines that are paragraphs of their own.
    fn group(&mut self, group: Range<usize>) {
        let mut start = group.start;
        let wrapped = is_wrapped(&self.lines[group.clone()]);
        for at in group.clone() {
            let next_starts = at + 1 == group.end || !wrapped || starts_block(self.lines[at + 1].text);
            if next_starts {
                self.block(start..at + 1);
                start = at + 1;
            }
        }
    }

    fn block(&mut self, lines: Range<usize>) {
        let first = &self.lines[lines.start];
        let (marker, body) = split_bullet(first.text);
        let kind = if marker > 0 { BlockKind::ListItem } else { self.kind(&lines, body) };
        let mut prose = Prose::new();
        for at in lines.clone() {
            let line = &self.lines[at];
            let skipped = if at == lines.start { marker } else { line.text.len() - line.text.trim_start().len() };
            if at > lines.start {
                prose.push_decoded(" ", Span::from(self.lines[at - 1].range.end..line.range.start));
            }
            prose.push_literal(line.text[skipped..].trim_end(), (line.range.start + skipped) as u32);
        }
        let span = Span::from(first.range.start..self.lines[lines.end - 1].range.end);
        let Some(index) = self.builder.push_block(kind, prose, span, false) else { return };
        if kind == BlockKind::ListItem {
            self.builder.document.blocks[index].lead_in = self.lead_in;
        } else {
            self.lead_in = (kind == BlockKind::Paragraph).then_some(index);
        }
        let first_link = self.builder.document.links.len();
        autolink::find(self.builder, index, first_link);
    }

    /// A single short line without closing punctuation, or a short question, is a heading where text follows it. The
    /// first one of the document is its title.
    fn kind(&self, lines: &Range<usize>, text: &str) -> BlockKind {
        let text = text.trim();
        let only_line = lines.len() == 1;
        let next = self.lines[lines.end..].iter().map(|line| line.text.trim()).find(|text| !text.is_empty());
        let is_first = self.builder.document.blocks.is_empty();
        let most = if is_first { TITLE_WORDS } else { HEADING_WORDS };
        let heading = only_line && looks_like_heading(text, most);
        let Some(next) = next.filter(|_| heading) else { return BlockKind::Paragraph };
        let question = text.ends_with('?');
        let introduces =
            next.len() > text.len() || split_bullet(next).0 > 0 || looks_like_heading(next, HEADING_WORDS) || question;
        match (introduces, is_first) {
            (false, _) => BlockKind::Paragraph,
            (true, true) => BlockKind::Title,
            (true, false) => BlockKind::Heading(2),
        }
    }
}

/// Whether lines are one paragraph broken at a width: all but the last are of similar length, and none is long.
fn is_wrapped(lines: &[Line<'_>]) -> bool {
    let Some((_, full)) = lines.split_last() else { return false };
    let lengths: Vec<usize> = full.iter().map(|line| line.text.chars().count()).collect();
    let (Some(&longest), Some(&shortest)) = (lengths.iter().max(), lengths.iter().min()) else { return false };
    (40..=WRAP_WIDTH).contains(&longest) && shortest * 3 >= longest * 2
}

/// Whether a line starts a block of its own even inside a wrapped paragraph: a bullet, or "Q:" and "A:".
fn starts_block(line: &str) -> bool {
    let line = line.trim_start();
    split_bullet(line).0 > 0 || starts_turn(line)
}

/// Whether a line opens a question or an answer: "Q:", "A.", "Q1:", "Question:", "Myth:".
fn starts_turn(line: &str) -> bool {
    let name = line.bytes().take_while(u8::is_ascii_alphabetic).count();
    let number = line[name..].bytes().take_while(u8::is_ascii_digit).count();
    let mark = line[name + number..].chars().next();
    match &line[..name] {
        "Q" | "A" => matches!(mark, Some(':' | '.')),
        "Question" | "Answer" | "Myth" | "Fact" => mark == Some(':'),
        _ => false,
    }
}

/// Bytes of a bullet or number at the start of a line with the white space around it, and the rest.
fn split_bullet(line: &str) -> (usize, &str) {
    let body = line.trim_start();
    let indent = line.len() - body.len();
    let bullet = ["- ", "* ", "• ", "– ", "· ", "+ "].iter().find(|bullet| body.starts_with(**bullet));
    if let Some(bullet) = bullet {
        return (indent + bullet.len(), &body[bullet.len()..]);
    }
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=2).contains(&digits)
        && matches!(body.as_bytes().get(digits), Some(b'.' | b')'))
        && body.as_bytes().get(digits + 1) == Some(&b' ');
    if numbered { (indent + digits + 2, &body[digits + 2..]) } else { (0, line) }
}

fn looks_like_heading(text: &str, most: usize) -> bool {
    let words = text.split_whitespace().count();
    let starts_well =
        text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    let open_ended = !text.ends_with(['.', '!', ',', ';', ':', '…', '"', '”']);
    (1..=most).contains(&words) && starts_well && open_ended && !text.contains("://")
}

#[cfg(test)]
mod tests {
    use crate::document::{BlockKind, Document};
    use crate::source::{Format, SourceFile};

    fn blocks(text: &str) -> Vec<(BlockKind, String)> {
        let document = Document::parse(SourceFile::new("a.txt", text, Format::Text));
        document.blocks.iter().map(|b| (b.kind, b.prose.text().to_owned())).collect()
    }

    #[test]
    fn one_line_is_a_paragraph() {
        assert_eq!(blocks("This herb cures MS."), [(BlockKind::Paragraph, "This herb cures MS.".into())]);
        assert_eq!(blocks("Cure it with herbs"), [(BlockKind::Paragraph, "Cure it with herbs".into())]);
    }

    #[test]
    fn pasted_pages_have_a_paragraph_a_line() {
        let text = "Living With Lupus\n- Ann Lee\n\nLupus is a disease of the immune system, and it comes and goes over the years.\nWhat causes it?\nNobody knows yet, although researchers have several ideas about it.\n";
        let kinds: Vec<_> = blocks(text).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(
            kinds,
            [BlockKind::Title, BlockKind::ListItem, BlockKind::Paragraph, BlockKind::Heading(2), BlockKind::Paragraph]
        );
    }

    #[test]
    fn wrapped_paragraphs_are_joined() {
        let text = "Lupus is a disease of the immune system, and it\ncomes and goes over the years, as most people who\nhave it know.\n\nThe end.";
        let blocks = blocks(text);
        assert_eq!(blocks.len(), 2);
        assert!(blocks[0].1.contains("and it comes"));
    }

    #[test]
    fn questions_and_answers_stand_apart() {
        let text = "Q1: Is there anything at all that can cure lupus for good?\nA1: No, there is no cure for lupus; medicines keep it in check.\nQuestion: Does it help to eat less bread or sugar every day?\nAnswer: Nobody has shown that it does, but it does no harm.\n";
        let blocks = blocks(text);
        let starts: Vec<_> = blocks.iter().map(|(_, text)| text.split(' ').next().unwrap_or("")).collect();
        assert_eq!(starts, ["Q1:", "A1:", "Question:", "Answer:"]);
        assert!(!super::starts_turn("A new drug helps.") && !super::starts_turn("Facts: they matter."));
    }

    #[test]
    fn lists_know_their_lead_in() {
        let document = Document::parse(SourceFile::new("a.txt", "It does not:\n- cure\n- heal\n", Format::Text));
        assert_eq!(document.blocks[2].lead_in, Some(0));
        assert_eq!(document.blocks[2].prose.text(), "heal");
    }
}
