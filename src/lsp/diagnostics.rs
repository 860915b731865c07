//! Findings as an editor shows them.

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Uri,
};
use serde_json::json;

use crate::finding::Severity;
use crate::lsp::positions::{Encoding, Positions};
use crate::report::Row;
use crate::source::Span;

/// The rule whose findings are shown faded: comments that accept nothing.
const UNUSED: &str = "suppress/unused";

/// How an editor wants diagnostics.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// What it counts as a character.
    pub encoding: Encoding,
    /// Whether it shows other places beside them.
    pub related: bool,
}

/// The words that a finding is about.
pub(super) fn span(row: &Row) -> Span {
    Span::new(row.start.offset, row.end.offset.max(row.start.offset))
}

/// The findings in a text, which must be the text that they were found in.
pub fn diagnostics(rows: &[Row], text: &str, uri: &Uri, shown: Shown) -> Vec<Diagnostic> {
    let places = Positions::new(text, shown.encoding);
    rows.iter().map(|row| diagnostic(row, &places, uri, shown)).collect()
}

/// One finding.
pub(super) fn diagnostic(row: &Row, places: &Positions<'_>, uri: &Uri, shown: Shown) -> Diagnostic {
    let related = row.related.iter().map(|(start, end, text)| {
        let span = Span::new(start.offset, end.offset.max(start.offset));
        let location = Location { uri: uri.clone(), range: places.range(span) };
        DiagnosticRelatedInformation { location, message: text.clone() }
    });
    Diagnostic {
        range: places.range(span(row)),
        severity: Some(severity(row.severity)),
        code: Some(NumberOrString::String(row.code.clone())),
        code_description: row.url.as_deref().and_then(|url| url.parse().ok()).map(|href| CodeDescription { href }),
        source: Some("caveat".to_owned()),
        message: row.message.clone(),
        related_information: (shown.related && !row.related.is_empty()).then(|| related.collect()),
        tags: (row.rule == UNUSED).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: Some(json!({ "rule": row.rule, "fingerprint": row.fingerprint })),
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::finding::{Finding, Label, RuleId};
    use crate::report::FileReport;
    use crate::source::{Format, SourceFile};

    fn shown(finding: Finding, related: bool) -> Diagnostic {
        let source = SourceFile::new("a.md", "😀 one\ntwo three", Format::Markdown);
        let rows = FileReport::new(&source, vec![finding], 0, 0).rows;
        let shown = Shown { encoding: Encoding::Utf16, related };
        diagnostics(&rows, source.text(), &"file:///a.md".parse().unwrap(), shown).remove(0)
    }

    fn finding(rule: &str, severity: Severity) -> Finding {
        let label = Label { span: Span::new(5, 8), text: "said first here".to_owned() };
        Finding {
            labels: vec![label],
            ..Finding::new("CAV1", RuleId::new("suppress", rule), severity, "m", Span::new(13, 18))
        }
    }

    #[test]
    fn other_places_are_shown_where_the_editor_can() {
        let diagnostic = shown(finding("x", Severity::Info), true);
        let related = &diagnostic.related_information.unwrap()[0];
        assert_eq!((related.message.as_str(), related.location.range), ("said first here", range(0, 3, 0, 6)));
        assert_eq!((diagnostic.range, diagnostic.tags), (range(1, 4, 1, 9), None));
        assert_eq!(diagnostic.severity, Some(DiagnosticSeverity::INFORMATION));
        assert_eq!(shown(finding("x", Severity::Info), false).related_information, None);
    }

    #[test]
    fn comments_that_accept_nothing_fade() {
        let diagnostic = shown(finding("unused", Severity::Warning), true);
        assert_eq!(diagnostic.tags, Some(vec![DiagnosticTag::UNNECESSARY]));
        assert_eq!(diagnostic.severity, Some(DiagnosticSeverity::WARNING));
    }

    fn range(a: u32, b: u32, c: u32, d: u32) -> lsp_types::Range {
        lsp_types::Range::new(lsp_types::Position::new(a, b), lsp_types::Position::new(c, d))
    }
}
