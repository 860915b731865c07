//! Whole articles of our own, each with everything that is said about it.

use std::fmt::Write;

use caveat::document::Document;
use caveat::evidence::Answers;
use caveat::linter::{Linter, Settings};
use caveat::rules::RuleSet;
use caveat::source::{Format, LineIndex, SourceFile};

/// Every finding of an article: place, severity, rule, the words meant, and what is said.
fn findings(name: &str, text: &str, format: Format) -> String {
    let document = Document::parse(SourceFile::new(name, text, format));
    let linter = Linter::new(RuleSet::builtin());
    let settings = Settings { today: Some(jiff::civil::date(2026, 11, 1)), ..Settings::default() };
    let index = LineIndex::new(text);
    let mut shown = String::new();
    for finding in linter.judge(&document, &settings, &Answers::default()).findings {
        let place = index.place(text, finding.span.start);
        let words = document.source.slice(finding.span);
        let (line, column) = (place.line, place.column);
        writeln!(shown, "{line}:{column} {} {} {} «{words}»", finding.severity, finding.code, finding.rule).unwrap();
        writeln!(shown, "    {}", finding.message).unwrap();
    }
    shown
}

macro_rules! article {
    ($name:ident, $file:literal, $format:expr) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(findings($file, include_str!(concat!("../../fixtures/articles/", $file)), $format));
        }
    };
}

article!(miracle_cure, "miracle-cure.md", Format::Markdown);
article!(early_trial, "early-trial.md", Format::Markdown);
article!(statistics, "statistics.md", Format::Markdown);
article!(clinic_page, "clinic.html", Format::Html);
article!(forum_post, "forum-post.txt", Format::Text);

#[test]
fn a_careful_article_gets_no_finding() {
    let text = include_str!("../../fixtures/articles/good-ms-review.md");
    assert_eq!(findings("good-ms-review.md", text, Format::Markdown), "");
}

#[test]
fn careful_answers_get_no_finding() {
    let text = include_str!("../../fixtures/articles/careful-qa.md");
    assert_eq!(findings("careful-qa.md", text, Format::Markdown), "");
}
