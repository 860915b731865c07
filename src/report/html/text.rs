//! The article as written, with the words marked that findings mean, and the findings beside their paragraph.

use std::fmt::{self, Write};
use std::ops::Range;

use crate::finding::Severity;
use crate::report::{Article, Piece, PieceKind, Row};

use super::claims;
use super::escape::Text;
use super::note::{self, class};

/// How much of a stretch without marks is shown of what nobody reads, in bytes at its start and at its end.
const RAW_SHOWN: usize = 400;

/// The longest sign that hangs, in bytes: `###### `, `10. `.
const LONGEST_SIGN: usize = 7;

/// Writes the text of article number `number`. Notes are numbered as `rows` are.
pub(super) fn write(out: &mut String, number: usize, article: &Article, rows: &[Row]) -> fmt::Result {
    let first = first_pieces(article, rows);
    let (mut with, mut covering) = (vec![Vec::new(); article.pieces.len()], Vec::<usize>::new());
    for (row, &piece) in first.iter().enumerate() {
        if let Some(notes) = with.get_mut(piece) {
            notes.push(row);
        }
    }
    let mut claims = claims::signs(article).into_iter().peekable();
    for (at, piece) in article.pieces.iter().enumerate() {
        let said: Vec<(u32, usize)> =
            std::iter::from_fn(|| claims.next_if(|(end, _)| *end <= piece.span.end)).collect();
        covering.retain(|&row| rows[row].end.offset > piece.span.start);
        let begun = covering.len();
        covering.extend(&with[at]);
        let shown = Shown { article, number, rows, piece, covering: &covering, own: begun, claims: &said };
        if !with[at].is_empty() {
            out.push_str("<div class=\"block\">");
        }
        element(out, &shown, at)?;
        if !with[at].is_empty() {
            out.push_str("<ol class=\"notes\">");
            for &row in &with[at] {
                note::write(out, number, row, &rows[row], Some(article))?;
            }
            out.push_str("</ol></div>\n");
        }
    }
    Ok(())
}

/// Writes the lines that findings mean, for a file that is not shown: a rule pack, or one without any text.
pub(super) fn write_lines(out: &mut String, number: usize, rows: &[Row]) -> fmt::Result {
    for (row, found) in rows.iter().enumerate() {
        out.push_str("<div class=\"block\"><pre class=\"raw\">");
        let last = found.shown.iter().rposition(|line| line.marks.iter().any(|mark| mark.primary));
        for (at, line) in found.shown.iter().enumerate() {
            write!(out, "<span class=\"x\">{} </span>", line.line)?;
            let mark = line.marks.iter().find(|mark| mark.primary);
            let words = mark.map_or(0..0, |mark| mark.range.clone());
            let class = class(found.severity);
            write!(out, "{}", Text(&line.text[..words.start]))?;
            write!(out, "<mark class=\"{class}\" data-n=\"{}\">{}</mark>", row + 1, Text(&line.text[words.clone()]))?;
            if Some(at) == last {
                reference(out, number, row, found.severity)?;
            }
            writeln!(out, "{}", Text(&line.text[words.end..]))?;
        }
        if last.is_none() {
            reference(out, number, row, found.severity)?;
        }
        out.push_str("</pre><ol class=\"notes\">");
        note::write(out, number, row, found, None)?;
        out.push_str("</ol></div>\n");
    }
    Ok(())
}

/// Writes the number of a row (from 0) as a link to its note.
fn reference(out: &mut String, article: usize, row: usize, severity: Severity) -> fmt::Result {
    let (number, class) = (row + 1, class(severity));
    write!(
        out,
        "<a class=\"ref {class}\" id=\"a{article}-m{number}\" href=\"#a{article}-f{number}\" \
         aria-label=\"Finding {number}, {severity}\">{number}</a>"
    )
}

/// The piece in which each finding starts, or the next one where it starts between two.
fn first_pieces(article: &Article, rows: &[Row]) -> Vec<usize> {
    let last = article.pieces.len().saturating_sub(1);
    let piece_of = |row: &Row| {
        let at = row.start.offset;
        let is_before = |piece: &Piece| if row.end.offset > at { piece.span.end <= at } else { piece.span.end < at };
        article.pieces.partition_point(is_before).min(last)
    };
    rows.iter().map(piece_of).collect()
}

fn element(out: &mut String, shown: &Shown<'_>, at: usize) -> fmt::Result {
    let tag = match shown.piece.kind {
        PieceKind::FrontMatter | PieceKind::Raw => "pre".to_owned(),
        // The page's title and the article's stand above.
        PieceKind::Heading(level) => format!("h{}", (level + 2).min(6)),
        _ => "p".to_owned(),
    };
    let class = match shown.piece.kind {
        PieceKind::FrontMatter => "front",
        PieceKind::Raw => "raw",
        PieceKind::Heading(1) => "h one",
        PieceKind::Heading(_) => "h",
        PieceKind::Paragraph => "para",
        PieceKind::Item => "para item",
        PieceKind::Table => "table",
        PieceKind::Aside => "para aside",
    };
    let quote = if shown.piece.in_quote { " quote" } else { "" };
    write!(out, "<{tag} class=\"{class}{quote}\" id=\"a{}-p{at}\" dir=\"auto\">", shown.number)?;
    shown.write(out)?;
    writeln!(out, "</{tag}>")
}

/// One piece with the findings that touch it.
struct Shown<'a> {
    article: &'a Article,
    number: usize,
    rows: &'a [Row],
    piece: &'a Piece,
    /// Findings that cover some of it.
    covering: &'a [usize],
    /// Where in `covering` those start that begin here and whose numbers are therefore shown.
    own: usize,
    /// Decided claims that end here: where, and their number (from 0).
    claims: &'a [(u32, usize)],
}

impl Shown<'_> {
    fn write(&self, out: &mut String) -> fmt::Result {
        let mut ends: Vec<(usize, usize)> =
            self.covering[self.own..].iter().map(|&row| (self.range(row).end, row)).collect();
        ends.sort_unstable();
        let mut ends = ends.into_iter().peekable();
        let mut claims = self.claims.iter().peekable();
        // Rows are in order of place, so those that cover the next stretch are the next ones.
        let mut coming = self.covering.iter().copied().peekable();
        let mut marking: Vec<usize> = Vec::new();
        let cuts = self.cuts();
        for (at, &to) in cuts.iter().enumerate() {
            if let Some(&from) = at.checked_sub(1).and_then(|before| cuts.get(before)) {
                while let Some(row) = coming.next_if(|&row| self.range(row).start <= from) {
                    marking.push(row);
                }
                marking.retain(|&row| self.range(row).end > from);
                self.stretch(out, from..to, &marking)?;
            }
            while let Some((_, row)) = ends.next_if(|&(end, _)| end <= to) {
                reference(out, self.number, row, self.rows[row].severity)?;
            }
            while let Some((_, claim)) = claims.next_if(|(end, _)| *end as usize <= to) {
                claims::sign(out, self.number, *claim, &self.article.claims[*claim])?;
            }
        }
        Ok(())
    }

    /// A row's bytes within the piece, at whole characters.
    fn range(&self, row: usize) -> Range<usize> {
        let (row, span) = (&self.rows[row], self.piece.span);
        let within = |offset: u32| self.article.text.floor_char_boundary(offset.clamp(span.start, span.end) as usize);
        let start = within(row.start.offset);
        start..within(row.end.offset).max(start)
    }

    /// Every place where something begins or ends, in order.
    fn cuts(&self) -> Vec<usize> {
        let span = self.piece.span;
        let mut cuts = vec![span.start as usize, span.end as usize];
        cuts.extend(self.covering.iter().map(|&row| self.range(row)).flat_map(|range| [range.start, range.end]));
        cuts.extend(self.piece.prose.iter().flat_map(|prose| [prose.start as usize, prose.end as usize]));
        cuts.extend(self.claims.iter().map(|(end, _)| *end as usize));
        cuts.retain(|&cut| cut >= span.start as usize && cut <= span.end as usize);
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }

    fn stretch(&self, out: &mut String, bytes: Range<usize>, marking: &[usize]) -> fmt::Result {
        let text = &self.article.text[bytes.clone()];
        let is_markup = self.is_markup(&bytes);
        if is_markup {
            out.push_str(if self.hangs(&bytes) { "<span class=\"x hang\">" } else { "<span class=\"x\">" });
        }
        match marking.iter().map(|&row| self.rows[row].severity).max() {
            None if self.is_raw() => raw(out, text)?,
            None => write!(out, "{}", Text(text))?,
            Some(severity) => {
                let numbers: Vec<String> = marking.iter().map(|row| (row + 1).to_string()).collect();
                let class = class(severity);
                write!(out, "<mark class=\"{class}\" data-n=\"{}\">{}</mark>", numbers.join(" "), Text(text))?;
            }
        }
        if is_markup {
            out.push_str("</span>");
        }
        Ok(())
    }

    fn is_raw(&self) -> bool {
        matches!(self.piece.kind, PieceKind::FrontMatter | PieceKind::Raw)
    }

    /// Whether this is the short sign that starts a heading or an item: it stands out into the margin.
    fn hangs(&self, bytes: &Range<usize>) -> bool {
        let is_led = matches!(self.piece.kind, PieceKind::Heading(_) | PieceKind::Item);
        is_led && bytes.start == self.piece.span.start as usize && bytes.len() <= LONGEST_SIGN
    }

    fn is_markup(&self, bytes: &Range<usize>) -> bool {
        let prose = &self.piece.prose;
        let next = prose.partition_point(|span| span.end as usize <= bytes.start);
        let is_read = prose.get(next).is_some_and(|span| (span.start as usize) < bytes.end);
        !self.is_raw() && !is_read && !self.article.text[bytes.clone()].trim().is_empty()
    }
}

/// What nobody reads, cut in the middle where it is long.
fn raw(out: &mut String, text: &str) -> fmt::Result {
    if text.len() <= 3 * RAW_SHOWN {
        return write!(out, "{}", Text(text));
    }
    let (start, end) = (text.floor_char_boundary(RAW_SHOWN), text.ceil_char_boundary(text.len() - RAW_SHOWN));
    let left_out = text[start..end].chars().count();
    write!(out, "{}<span class=\"cut\"> […{left_out} characters…] </span>{}", Text(&text[..start]), Text(&text[end..]))
}
