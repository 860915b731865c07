//! `fixtures/cited`: sentences beside the pages that they link to, and what is to come of each figure and quotation. No
//! server is needed: the page's text is the answer.

use std::collections::BTreeMap;

use caveat::checks::citations;
use caveat::document::Document;
use caveat::evidence::links::page::Page;
use caveat::evidence::pages::{PageText, Text};
use caveat::evidence::quotations::{self, Quoted, Source};
use caveat::evidence::searches::Searches;
use caveat::evidence::{Answer, Answers, Question, Verdict};
use caveat::linter::{Linter, Settings};
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    is: String,
    draft: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    page: String,
    raw: Option<String>,
    expect: BTreeMap<String, String>,
}

const ADDRESS: &str = "https://source.example/page";
/// What every page says besides, so that there is enough of it.
const REST: &str = "<p>The text that you are reading is here to be read, and whoever wants to know more of it may ask the people who \
    wrote it. They answer letters as well as they can, though not on the same day, since there are many letters and few people. \
    Nothing on this page replaces the advice of somebody who knows you. If you feel ill, please see your doctor, and bring with \
    you what you have been taking, and since when. The pictures were taken by a neighbour. We thank all those who gave us their \
    time and their patience, and those who corrected our mistakes before anybody else could see them.</p>";

impl Pair {
    fn html(&self) -> String {
        let Pair { title, page, .. } = self;
        let usual = || {
            format!("<html lang=en><head><title>{title}</title></head><body><h1>{title}</h1>{page}{REST}</body></html>")
        };
        self.raw.clone().unwrap_or_else(usual)
    }

    fn answer(&self, question: &Question) -> Answer {
        let html = self.html();
        let text = Text::of_page(&html, &Page::read(&html));
        // Only the page of the pair has the text; others with a query are somebody else's.
        let is_empty = format!("{question:?}").contains("?two");
        match (question, text) {
            (Question::Page { .. }, _) if is_empty => {
                Answer::Page(PageText { figures: Some(Vec::new()), limits: None })
            }
            (Question::Page { .. }, Ok(text)) => Answer::Page(PageText::of(&text)),
            (Question::Page { .. }, Err(why)) => Answer::Page(PageText::unread(why)),
            (Question::Quoted { from: Source::Page(_), words }, Ok(text)) => {
                Answer::Quoted(quotations::find(words, &text.words(), text.limits()))
            }
            (Question::Quoted { .. }, Err(why)) => Answer::Quoted(Quoted::Unread { why }),
            (other, _) => panic!("{other:?}"),
        }
    }

    /// What came of each figure and quotation, by its words.
    fn outcomes(&self, linter: &Linter) -> Vec<(String, &'static str)> {
        let draft = self.draft.replace("{page}", ADDRESS);
        let document = Document::parse(SourceFile::new("draft.md", draft.as_str(), Format::Markdown));
        let select = ["CAV713", "CAV714", "CAV715", "CAV716"].map(str::to_owned).to_vec();
        let settings = Settings { select, ..Settings::default() };
        let mut answers = Answers::default();
        for question in citations::questions(linter.rules(), &settings, &document) {
            let answer = self.answer(&question);
            answers.insert(question, answer);
        }
        let reading = linter.rules().reader().read(&document);
        let searches = Searches::default();
        let judge = judge(linter.rules(), &document, &reading, &answers, &searches);
        let mut outcomes = Vec::new();
        for sentence in 0..reading.len() {
            let compared = judge.compared(sentence).into_iter();
            outcomes.extend(compared.map(|one| (one.figure.text, named(one.verdict))));
        }
        for block in 0..document.blocks.len() {
            for quotation in judge.citations().quotations(block, linter.rules().cues()) {
                let (verdict, _) = judge.quoted(&quotation);
                outcomes.push((quotation.words, named(verdict)));
            }
        }
        outcomes
    }

    /// Where it went otherwise than it should: the words, what was expected, what came.
    fn wrong(&self, linter: &Linter) -> Vec<(String, String, &'static str)> {
        let outcomes = self.outcomes(linter);
        let of = |words: &str| {
            let found = outcomes.iter().find(|(said, _)| plain(said).starts_with(&plain(words)));
            found.map_or("unchecked", |(_, outcome)| *outcome)
        };
        let mut wrong = Vec::new();
        for (words, expected) in &self.expect {
            if of(words) != expected {
                wrong.push((words.clone(), expected.clone(), of(words)));
            }
        }
        for (words, outcome) in &outcomes {
            let is_expected = self.expect.keys().any(|key| plain(words).starts_with(&plain(key)));
            if !is_expected && *outcome != "unchecked" {
                wrong.push((words.clone(), "nothing".to_owned(), outcome));
            }
        }
        wrong
    }
}

fn plain(words: &str) -> String {
    words.replace('’', "'").to_lowercase()
}

fn named(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "supported",
        Verdict::Contradicted => "different",
        Verdict::Unverifiable => "absent",
        _ => "unchecked",
    }
}

fn judge<'a>(
    rules: &'a RuleSet,
    document: &'a Document,
    reading: &'a caveat::reading::Reading,
    answers: &'a Answers,
    searches: &'a Searches,
) -> caveat::verdicts::Judge<'a> {
    let day = jiff::civil::date(2026, 3, 1);
    caveat::verdicts::Judge {
        book: rules.verdicts(),
        knowledge: rules.knowledge(),
        imported: None,
        names: RuleSet::ENTITIES,
        document,
        reading,
        answers,
        searches,
        day,
        today: day,
    }
}

fn pairs(text: &str) -> Vec<Pair> {
    toml::from_str::<Table>(text).unwrap().pair
}

fn check(text: &str) -> Vec<String> {
    let linter = Linter::new(RuleSet::builtin());
    let told = |pair: &Pair| {
        let wrong = pair.wrong(&linter).into_iter();
        let line = |(words, expected, came)| format!("{}: “{words}” should be {expected} and is {came}", pair.is);
        wrong.map(line).collect::<Vec<String>>()
    };
    pairs(text).iter().flat_map(told).collect()
}

#[test]
fn figures_and_quotations_fare_as_expected() {
    let none = Vec::<String>::new();
    assert_eq!(check(include_str!("../../fixtures/cited/first.toml")), none);
    assert_eq!(check(include_str!("../../fixtures/cited/held.toml")), none);
    assert_eq!(check(include_str!("../../fixtures/cited/later.toml")), none);
}
