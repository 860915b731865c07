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

/// One post as plain text, Markdown and HTML: carelessly hopeful in places, careful where it counts.
const POST: [(&str, &str, Format); 3] = [
    ("post.txt", include_str!("../../fixtures/articles/stem-cells/post.txt"), Format::Text),
    ("post.md", include_str!("../../fixtures/articles/stem-cells/post.md"), Format::Markdown),
    ("post.html", include_str!("../../fixtures/articles/stem-cells/post.html"), Format::Html),
];

/// Code, words meant and message of every finding.
fn told(name: &str, text: &str, format: Format) -> Vec<(String, String, String)> {
    let document = Document::parse(SourceFile::new(name, text, format));
    let settings = Settings { today: Some(jiff::civil::date(2026, 11, 1)), ..Settings::default() };
    let findings = Linter::new(RuleSet::builtin()).judge(&document, &settings, &Answers::default()).findings;
    findings.iter().map(|f| (f.code.to_string(), document.source.slice(f.span).to_owned(), f.message.clone())).collect()
}

#[test]
fn one_post_in_three_formats_gets_the_same_findings_at_the_same_words() {
    let all = POST.map(|(name, text, format)| told(name, text, format));
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    let count = |code: &str, words: &str| all[0].iter().filter(|(c, w, _)| c == code && w.contains(words)).count();
    assert_eq!((count("CAV123", "wildly promising"), count("CAV121", "game-changing")), (1, 1), "{all:#?}");
    assert_eq!((count("CAV122", "holy grail"), count("CAV401", ""), count("CAV402", "")), (1, 1, 1), "{all:#?}");
    // "Not a magic cure", "no cure for", "can it cure?", and the caveats are there.
    let cures = all[0].iter().filter(|(code, ..)| code.starts_with("CAV10") || code == "CAV141").count();
    assert_eq!(cures, 0, "{all:#?}");
}

#[test]
fn without_its_caveats_the_post_is_an_error() {
    let (name, text, format) = POST[0];
    let mut bare = text.to_owned();
    for caveat in [
        " It’s not approved for Parkinson’s (so far, anyway), but the first results have our whole group buzzing.",
        "It’s only available through clinical trials right now.",
        "Not outside of clinical trials. It isn’t an approved treatment, and the only way to get it is through a research study at a handful of hospitals.",
    ] {
        assert!(bare.contains(caveat), "{caveat}");
        bare = bare.replace(caveat, "");
    }
    let missing: Vec<_> = told(name, &bare, format).into_iter().filter(|(code, ..)| code == "CAV141").collect();
    assert_eq!(missing.len(), 1, "{missing:#?}");
}

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
