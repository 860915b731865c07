//! Findings as a person reads them: the source line with the words underlined, what to do, and where to read more.

use std::fmt;
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthChar;

use crate::finding::{Evidence, Severity};
use crate::report::{FileReport, Mark, Output, Row, ShownLine, Style, Summary, counted, one_line};

/// The format for people; the default.
pub(super) struct Terminal {
    style: Style,
    theme: GraphicalTheme,
    error: GraphicalReportHandler,
    warning: GraphicalReportHandler,
    info: GraphicalReportHandler,
}

/// Narrower than this, lines are not cut any further.
const NARROWEST: usize = 40;

impl Terminal {
    pub(super) fn new(style: Style) -> Self {
        let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = |severity| handler(severity, theme.clone(), style.width.max(NARROWEST));
        let (error, warning, info) = (handler(Severity::Error), handler(Severity::Warning), handler(Severity::Info));
        Self { style, theme, error, warning, info }
    }

    fn handler(&self, severity: Severity) -> &GraphicalReportHandler {
        match severity {
            Severity::Error => &self.error,
            Severity::Warning => &self.warning,
            Severity::Info => &self.info,
        }
    }

    /// The closing line, coloured by the gravest finding.
    fn verdict(&self, summary: &Summary) -> String {
        let Summary { error, warning, info, .. } = *summary;
        let counts = format!("{}, {}, {info} info", counted(error, "error"), counted(warning, "warning"));
        let counts = if info == 1 { counts } else { format!("{counts}s") };
        let styles = &self.theme.styles;
        match (error, warning, info) {
            (0, 0, 0) => styles.help.style(counts).to_string(),
            (0, 0, _) => styles.advice.style(counts).to_string(),
            (0, ..) => styles.warning.style(counts).to_string(),
            _ => styles.error.style(counts).to_string(),
        }
    }
}

impl Output for Terminal {
    fn file(&mut self, out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        for row in &file.rows {
            let shown = Shown::new(row, self.style.width.max(NARROWEST));
            let mut text = String::new();
            self.handler(row.severity).render_report(&mut text, &shown).map_err(io::Error::other)?;
            for line in text.trim_end_matches('\n').lines() {
                writeln!(out, "{}", line.trim_end())?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        if self.style.quiet {
            return Ok(());
        }
        let files = counted(summary.files, "file");
        write!(out, "{} in {files} ({})", self.verdict(summary), counted(summary.words, "word"))?;
        if summary.held_back > 0 {
            write!(out, "; {} held back", counted(summary.held_back, "finding"))?;
        }
        match summary.unchecked {
            0 => writeln!(out)?,
            unchecked => writeln!(out, "; {} unchecked", counted(unchecked, "link"))?,
        }
        for advice in advice(summary) {
            writeln!(out, "{advice}")?;
        }
        Ok(())
    }
}

/// What draws findings of one severity: the words are underlined in its colour.
fn handler(severity: Severity, mut theme: GraphicalTheme, width: usize) -> GraphicalReportHandler {
    let styles = &mut theme.styles;
    let colour = match severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Info => styles.advice,
    };
    styles.highlights.insert(0, colour);
    GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false)
        .with_context_lines(1)
        .with_cause_chain()
        // An address that is broken over two lines can be neither clicked nor copied.
        .with_break_words(false)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation)
}

/// What a reader can do next.
fn advice(summary: &Summary) -> Vec<String> {
    let mut advice: Vec<String> = Vec::new();
    if summary.fixable > 0 {
        let (fixable, can) = (counted(summary.fixable, "finding"), "can be mended without a person looking");
        advice.push(format!("{fixable} {can}: `caveat lint --fix --dry-run` shows how."));
    }
    if summary.error + summary.warning + summary.info > 0 {
        advice.push("`<!-- caveat-ignore RULE: reason -->` before a paragraph accepts a finding in it.".to_owned());
    }
    if summary.unchecked > 0 {
        advice.push("Run without --offline, or again later, to check what is unchecked.".to_owned());
    }
    advice
}

/// One finding as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    row: &'a Row,
    path: String,
    /// The shown lines, one after the other; miette's offsets are offsets into this text.
    text: String,
    lines: Vec<Placed>,
    basis: Option<Box<Basis>>,
}

/// A shown line with its offset in the text of all of them.
#[derive(Debug)]
struct Placed {
    base: usize,
    line: ShownLine,
}

impl Placed {
    fn end(&self) -> usize {
        self.base + self.line.text.len()
    }
}

impl<'a> Shown<'a> {
    fn new(row: &'a Row, width: usize) -> Self {
        let numbers = row.shown.iter().map(|line| line.line).max().unwrap_or(1).to_string().len();
        let room = width.saturating_sub(numbers + 5);
        let mut text = String::new();
        let mut lines = Vec::with_capacity(row.shown.len());
        for line in &row.shown {
            let line = fitted(line, room);
            let base = text.len();
            text.push_str(&line.text);
            text.push('\n');
            lines.push(Placed { base, line });
        }
        Self { row, path: one_line(&row.path), text, lines, basis: Basis::of(&row.evidence) }
    }

    /// The neighbours with consecutive line numbers around line `at`: they are shown as one piece.
    fn piece(&self, at: usize) -> std::ops::Range<usize> {
        let follows = |a: usize, b: usize| self.lines[a].line.line + 1 == self.lines[b].line.line;
        let mut piece = at..at + 1;
        while piece.start > 0 && follows(piece.start - 1, piece.start) {
            piece.start -= 1;
        }
        while piece.end < self.lines.len() && follows(piece.end - 1, piece.end) {
            piece.end += 1;
        }
        piece
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|placed| placed.base <= offset).saturating_sub(1)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.row.severity, one_line(&self.row.message))
    }
}

impl std::error::Error for Shown<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.basis.as_deref().map(|basis| basis as &(dyn std::error::Error + 'static))
    }
}

impl Diagnostic for Shown<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(format!("{} {}", self.row.code, self.row.rule)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.row.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        // The address has a line of its own: beside the code, where miette puts it, it would hide what is said.
        let lines: Vec<String> = [&self.row.help, &self.row.url].into_iter().flatten().map(|t| one_line(t)).collect();
        if lines.is_empty() { None } else { Some(Box::new(lines.join("\n"))) }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.lines.is_empty() { None } else { Some(self) }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.lines.iter().flat_map(|Placed { base, line }| {
            line.marks.iter().map(move |mark| {
                let at = (base + mark.range.start, mark.range.len());
                // Beside a label with words, an underline without any looks torn off.
                let alone = line.marks.len() == 1;
                let text = mark.text.as_deref().map(one_line).or_else(|| (!alone).then(|| "here".to_owned()));
                if mark.primary {
                    LabeledSpan::new_primary_with_span(text, at)
                } else {
                    LabeledSpan::new_with_span(text, at)
                }
            })
        });
        Some(Box::new(labels))
    }
}

impl SourceCode for Shown<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let first = self.line_at(span.offset());
        let last = self.line_at(span.offset() + span.len());
        let piece = self.piece(first);
        let placed = self.lines.get(first).ok_or(MietteError::OutOfBounds)?;
        if !piece.contains(&last) {
            return Err(MietteError::OutOfBounds);
        }
        if before == 0 && after == 0 {
            // Asked for the place in the heading alone.
            let (line, column) = (placed.line.line as usize - 1, placed.line.column as usize - 1);
            return Ok(Box::new(MietteSpanContents::new_named(self.path.clone(), b"", *span, line, column, 1)));
        }
        let lines = &self.lines[piece];
        let (from, to) = (lines[0].base, lines[lines.len() - 1].end());
        let data = &self.text.as_bytes()[from..to];
        let (span, line) = ((from, to - from).into(), lines[0].line.line as usize - 1);
        Ok(Box::new(MietteSpanContents::new_named(self.path.clone(), data, span, line, 0, lines.len())))
    }
}

/// What a finding rests on, as a chain of causes under its message.
#[derive(Debug)]
struct Basis {
    text: String,
    next: Option<Box<Basis>>,
}

impl Basis {
    fn of(evidence: &[Evidence]) -> Option<Box<Basis>> {
        evidence.iter().rev().fold(None, |next, evidence| {
            let mut text = evidence.source.clone();
            for (part, between) in
                [(&evidence.date, ", "), (&Some(evidence.detail.clone()), ": "), (&evidence.url, " ")]
            {
                if let Some(part) = part.as_deref().filter(|part| !part.is_empty()) {
                    text.push_str(between);
                    text.push_str(part);
                }
            }
            Some(Box::new(Basis { text: one_line(&text), next }))
        })
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Basis {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.next.as_deref().map(|next| next as &(dyn std::error::Error + 'static))
    }
}

/// The line cut to `room` columns around its marks, with an ellipsis where something is left out.
fn fitted(line: &ShownLine, room: usize) -> ShownLine {
    let text = line.text.as_str();
    let width = columns(text) + usize::from(line.cut.0) + usize::from(line.cut.1);
    let first = line.marks.iter().map(|mark| mark.range.start).min().unwrap_or(0);
    let last = line.marks.iter().map(|mark| mark.range.end).max().unwrap_or(0);
    let (mut from, mut to) = (0, text.len());
    if width > room {
        let inside = room.saturating_sub(2);
        let marked = columns(&text[first..last]).min(inside);
        // A third of what is left goes before the words: what follows them says more.
        let before = (inside - marked) / 3;
        from = first - taken_back(&text[..first], before);
        to = from + taken(&text[from..], inside);
        if to == text.len() {
            from = to - taken_back(text, inside);
            from = from.min(first);
        }
    }
    let cut = (line.cut.0 || from > 0, line.cut.1 || to < text.len());
    let mut shown = String::new();
    if cut.0 {
        shown.push('…');
    }
    let moved = |at: usize| at.clamp(from, to) - from + shown.len();
    let marks =
        line.marks.iter().map(|mark| Mark { range: moved(mark.range.start)..moved(mark.range.end), ..mark.clone() });
    let marks = marks.collect();
    shown.push_str(&text[from..to]);
    if cut.1 {
        shown.push('…');
    }
    ShownLine { text: shown, cut, marks, ..*line }
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// How many bytes of the start of `text` fit into `room` columns.
fn taken(text: &str, room: usize) -> usize {
    let mut used = 0;
    let past = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > room
    });
    past.map_or(text.len(), |(at, _)| at)
}

/// How many bytes of the end of `text` fit into `room` columns.
fn taken_back(text: &str, room: usize) -> usize {
    let mut used = 0;
    let past = text.char_indices().rev().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > room
    });
    past.map_or(text.len(), |(at, c)| text.len() - at - c.len_utf8())
}
