//! A rule explained on a terminal.

use anstyle::{AnsiColor, Style as Paint};
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::cli::rule::Entry;
use crate::finding::Severity;
use crate::report::Style;
use crate::rules::Page;

/// Paints where the reader wants colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    colour: bool,
}

impl Ink {
    pub(super) fn new(style: Style) -> Self {
        Self { colour: style.colour }
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        if self.colour { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Paint::new().bold(), text)
    }

    fn dim(self, text: &str) -> String {
        self.paint(Paint::new().dimmed(), text)
    }

    fn colour(self, colour: AnsiColor, text: &str) -> String {
        self.paint(colour.on_default(), text)
    }

    /// A text in the colour of a severity, padded to a width.
    pub(super) fn severity(self, severity: Option<Severity>, text: &str, width: usize) -> String {
        let text = format!("{text:width$}");
        match severity {
            Some(Severity::Error) => self.colour(AnsiColor::Red, &text),
            Some(Severity::Warning) => self.colour(AnsiColor::Yellow, &text),
            Some(Severity::Info) => self.colour(AnsiColor::Cyan, &text),
            None => self.dim(&text),
        }
    }
}

/// Phrases of a trigger, and of a condition, that are shown; `--format json` has all.
const PHRASES: usize = 8;
const PHRASES_OF_CONDITION: usize = 5;
/// Lines longer than this are hard to read.
const WIDEST: usize = 100;

/// A page that is being written.
struct Writer {
    text: String,
    ink: Ink,
    width: usize,
}

/// The page of one rule.
pub(super) fn text(entry: &Entry, style: Style) -> String {
    let mut page = Writer { text: String::new(), ink: Ink::new(style), width: style.width.clamp(40, WIDEST) };
    page.head(entry);
    page.part("Why");
    page.paragraph(&entry.page.why);
    if entry.page.is_of_pack() {
        page.part("What it looks for");
        page.looks_for(&entry.page);
    }
    let groups = entry.page.decides(PHRASES_OF_CONDITION);
    if !groups.is_empty() {
        page.part("When it speaks");
        for (start, ends) in groups {
            page.paragraph(start);
            ends.iter().for_each(|end| page.item("- ", end));
        }
    }
    page.part(if entry.page.is_of_pack() { "What to write instead" } else { "What to do" });
    page.paragraph(&entry.page.help);
    for (from, to) in &entry.page.replace {
        page.item("- ", &format!("“{from}” → “{to}”"));
    }
    if !entry.page.is_of_pack() {
        return page.text;
    }
    page.part("Examples");
    let (wrong, right) = (page.ink.colour(AnsiColor::Red, "✗"), page.ink.colour(AnsiColor::Green, "✓"));
    entry.page.fail.iter().for_each(|text| page.marked(&wrong, text));
    entry.page.pass.iter().for_each(|text| page.marked(&right, text));
    page.part("Sources");
    for source in &entry.page.sources {
        page.item("- ", &source.title);
        let url = page.ink.dim(&source.url);
        page.line(&format!("    {url}"));
    }
    page.part("How to accept or change it");
    page.accept(&entry.page);
    page.text
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str) {
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text, options) {
            self.line(&line);
        }
    }

    fn part(&mut self, title: &str) {
        let title = self.ink.bold(title);
        self.text.push('\n');
        self.line(&title);
    }

    fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "  ", "  ");
    }

    fn item(&mut self, mark: &str, text: &str) {
        self.wrapped(text, &format!("  {mark}"), "    ");
    }

    /// An example behind a mark that may hold colour, which would be counted as width.
    fn marked(&mut self, mark: &str, text: &str) {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = textwrap::wrap(&one_line, self.width.saturating_sub(4));
        for (at, line) in lines.iter().enumerate() {
            let mark = if at == 0 { mark } else { " " };
            self.line(&format!("  {mark} {line}"));
        }
    }

    fn head(&mut self, entry: &Entry) {
        let page = &entry.page;
        let name = self.ink.bold(&format!("{} {}", page.code, page.id));
        let severity = page.severity.parse().ok();
        let state = match (entry.set, entry.on) {
            (Some(set), _) if Some(set) != severity => format!("{set} here, {} by default", page.severity),
            (Some(_), _) => page.severity.clone(),
            (None, _) => format!("{}, off here", page.severity),
        };
        let state = self.ink.severity(entry.set.or(severity), &state, 0);
        self.line(&format!("{name} · {state}"));
        let summary = page.summary.clone();
        self.wrapped(&summary, "", "");
    }

    fn looks_for(&mut self, page: &Page) {
        if let Some(other) = &page.trigger.other {
            self.paragraph(other);
        }
        let phrases = page.trigger.phrase.iter().chain(&page.trigger.regex);
        let count = phrases.clone().count();
        for phrase in phrases.take(PHRASES) {
            self.line(&format!("  {phrase}"));
        }
        if count > PHRASES {
            let more = format!("  … and {} more; --format json has all", count - PHRASES);
            let more = self.ink.dim(&more);
            self.line(&more);
        }
        let reach = page.reach();
        if !reach.is_empty() {
            self.paragraph(&reach);
        }
    }

    fn accept(&mut self, page: &Page) {
        let name = page.name();
        self.paragraph("In one place, before the paragraph:");
        self.line(&format!("    <!-- caveat-ignore {name}: why it is meant -->"));
        self.paragraph("Everywhere, in caveat.toml:");
        self.line(&format!("    ignore = [\"{name}\"]"));
        self.line(&format!("    severity = {{ {name} = \"info\" }}"));
        self.paragraph(&page.runs());
        let extended = page.extended_by.iter().map(|file| format!(", extended by {file}"));
        let from = format!("  From {}{}", page.file, extended.collect::<String>());
        let from = self.ink.dim(&from);
        self.line(&from);
    }
}
