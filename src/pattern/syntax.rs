//! Reading a pattern's text.

use std::ops::Range;

use thiserror::Error;

/// What is wrong with a pattern, and at which of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct PatternError {
    /// Bytes of the pattern's text.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
}

/// A pattern as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Word {
        text: String,
        inflected: bool,
    },
    Lexicon {
        name: String,
        span: Range<usize>,
    },
    Any,
    Gap(u8),
    Start,
    End,
    /// None of these words comes next, or stands right before; a pause between counts as nothing there.
    Never {
        words: Vec<Node>,
        before: bool,
    },
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
}

/// Longest gap, in words. A longer one says nothing about a sentence.
const WIDEST_GAP: u8 = 30;
/// Deepest nesting of groups.
const DEEPEST: usize = 16;

pub(super) fn parse(text: &str) -> Result<Node, PatternError> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.choice(0)?;
    match parser.peek() {
        None => match node {
            Node::Sequence(ref nodes) if nodes.is_empty() => Err(parser.error(0..text.len(), "The pattern is empty.")),
            node => Ok(node),
        },
        Some(_) => Err(parser.error(parser.at..parser.at + 1, "This `)` closes nothing.")),
    }
}

/// Whether a part of a choice says nothing of the text: all of it may be left out.
fn matches_nothing(branch: &Node) -> bool {
    match branch {
        Node::Optional(_) | Node::Gap(_) => true,
        Node::Sequence(nodes) => nodes.iter().all(matches_nothing),
        _ => false,
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn error(&self, span: Range<usize>, message: impl Into<String>) -> PatternError {
        PatternError { span, message: message.into() }
    }

    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn choice(&mut self, depth: usize) -> Result<Node, PatternError> {
        if depth > DEEPEST {
            return Err(self.error(self.at..self.at, "Groups are nested too deeply."));
        }
        let mut branches = Vec::new();
        let mut empty = None;
        loop {
            let start = self.at;
            let branch = self.sequence(depth)?;
            if matches_nothing(&branch) {
                empty.get_or_insert(start..self.at);
            }
            branches.push(branch);
            if self.peek() != Some('|') {
                break;
            }
            self.at += 1;
        }
        match empty {
            Some(span) if branches.len() > 1 => Err(self.error(
                span,
                "This part of a choice can do without any word, so the whole choice can: write `(a|b)?` instead.",
            )),
            _ => Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Choice(branches) }),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, PatternError> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let node = self.item(c, depth)?;
            let node = if self.text[self.at..].starts_with('?') {
                self.at += 1;
                Node::Optional(Box::new(node))
            } else {
                node
            };
            nodes.push(node);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) })
    }

    fn item(&mut self, first: char, depth: usize) -> Result<Node, PatternError> {
        let start = self.at;
        match first {
            '(' => {
                self.at += 1;
                let node = self.choice(depth + 1)?;
                if self.peek() != Some(')') {
                    return Err(self.error(start..start + 1, "This `(` is never closed."));
                }
                self.at += 1;
                Ok(node)
            }
            '{' => {
                let Some(length) = self.text[start..].find('}') else {
                    return Err(self.error(start..self.text.len(), "This `{` is never closed."));
                };
                self.at = start + length + 1;
                let name = self.text[start + 1..self.at - 1].trim().to_owned();
                Ok(Node::Lexicon { name, span: start..self.at })
            }
            '!' => self.never(start, 1, false, depth),
            '<' if self.text[start..].starts_with("<!") => self.never(start, 2, true, depth),
            '^' | '$' => {
                self.at += 1;
                Ok(if first == '^' { Node::Start } else { Node::End })
            }
            '.' if self.text[start..].starts_with("..") => {
                let digits = self.text[start + 2..].bytes().take_while(u8::is_ascii_digit).count();
                self.at = start + 2 + digits;
                match self.text[start + 2..self.at].parse() {
                    Ok(width) if (1..=WIDEST_GAP).contains(&width) => Ok(Node::Gap(width)),
                    _ => Err(self.error(start..self.at, format!("A gap is written `..1` to `..{WIDEST_GAP}`."))),
                }
            }
            _ => self.word(start),
        }
    }

    /// Reads what stands behind `!` or `<!`: a word, or a choice of single words.
    fn never(&mut self, start: usize, sign: usize, before: bool, depth: usize) -> Result<Node, PatternError> {
        self.at += sign;
        let words = match self.peek() {
            Some(first) => match self.item(first, depth + 1)? {
                Node::Choice(words) => words,
                node => vec![node],
            },
            None => Vec::new(),
        };
        let single = |node: &Node| match node {
            Node::Word { text, .. } => crate::language::words::cut(text).len() == 1,
            edge => *edge == if before { Node::Start } else { Node::End },
        };
        if words.is_empty() || !words.iter().all(single) {
            return Err(
                self.error(start..self.at, "Behind `!` stands a word, or `(a|b)` with single words, `^` or `$`.")
            );
        }
        Ok(Node::Never { words, before })
    }

    fn word(&mut self, start: usize) -> Result<Node, PatternError> {
        let rest = &self.text[start..];
        let length = rest.find(|c: char| c.is_whitespace() || "()|?{}~!<".contains(c)).unwrap_or(rest.len());
        self.at = start + length;
        let text = &rest[..length];
        let inflected = self.text[self.at..].starts_with('~');
        self.at += usize::from(inflected);
        if text == "_" {
            return Ok(Node::Any);
        }
        if crate::language::words::cut(text).is_empty() {
            let end = (start + length.max(1)).min(self.text.len());
            self.at = self.at.max(end);
            return Err(self.error(start..end, "There is no word here; punctuation cannot be matched."));
        }
        Ok(Node::Word { text: text.to_owned(), inflected })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn patterns_are_read() {
        let Node::Sequence(nodes) = parse("(the|a) cure~ ..4 {condition} now?").unwrap() else { panic!() };
        assert_eq!(nodes.len(), 5);
        assert_eq!(nodes[2], Node::Gap(4));
        assert!(matches!(&nodes[4], Node::Optional(_)));
    }

    #[test]
    fn a_choice_may_hold_edges_and_optional_words_beside_others() {
        for pattern in ["(^|and) cure", "(a|b? c)", "(a|b)?", "a?"] {
            assert!(parse(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn mistakes_name_their_place() {
        for (pattern, span) in [
            ("a (b", 2..3),
            ("a b)", 3..4),
            ("a {b", 2..4),
            ("a ..99", 2..6),
            ("", 0..0),
            ("a , b", 2..3),
            ("a !(b c)", 2..8),
            ("a <!", 2..4),
            ("(a|b?|c)", 3..5),
            ("(a|)", 3..3),
            ("a|..3", 2..5),
        ] {
            assert_eq!(parse(pattern).unwrap_err().span, span, "{pattern}");
        }
        assert!(parse(&"(".repeat(100)).is_err());
    }
}
