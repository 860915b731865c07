//! Answers that are kept beside the drafts, so that the same run gives the same findings on any day and on any machine.
//!
//! A lock is JSON Lines, sorted, one answer a line with its source and date: changes to it can be read in a review.

use std::collections::BTreeMap;

use crate::evidence::links::{LinkAnswer, LinkVerdict, Snapshot, without_credentials};
use crate::evidence::pages::PageText;
use crate::evidence::quotations::{Quoted, Source};
use crate::evidence::records::{Id, Record, Registry};
use crate::evidence::searches::{Hits, Search, Topic};
use crate::evidence::{Answer, Question};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How long a default run takes a pinned answer for granted, in days. What is broken may be mended any day, and trials
/// open and close.
const FRESH_DAYS: i32 = 30;
const FRESH_DAYS_WORK: i32 = 7;
const FRESH_DAYS_PASSING: i32 = 1;

/// Answers with the day on which each was given.
#[derive(Debug, Default)]
pub struct Lock {
    pinned: BTreeMap<Question, (Answer, Date)>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Link {
        link: String,
        source: String,
        date: Date,
        answer: LinkAnswer,
    },
    Archived {
        archived: String,
        source: String,
        date: Date,
        answer: Option<Snapshot>,
    },
    Record {
        record: String,
        source: Registry,
        date: Date,
        answer: Record,
    },
    Search {
        search: Topic,
        therapy: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<String>,
        source: Registry,
        date: Date,
        answer: Hits,
    },
    Page {
        page: String,
        source: String,
        date: Date,
        answer: PageText,
    },
    /// `source` is a registry's name, or [`PAGE`].
    Quoted {
        quoted: String,
        from: String,
        source: String,
        date: Date,
        answer: Quoted,
    },
}

/// Who is said to answer questions about a page's text.
const PAGE: &str = "page text";

/// An answer that is no longer what was pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was asked.
    pub question: Question,
    /// What was pinned, and when.
    pub was: (Answer, Date),
    /// What the answer is now.
    pub now: Answer,
}

impl Line {
    fn of(question: &Question, answer: &Answer, date: Date) -> Option<Self> {
        match (question, answer) {
            (Question::Link { url }, Answer::Link(answer)) => {
                Some(Line::Link { link: url.clone(), source: "link check".to_owned(), date, answer: answer.clone() })
            }
            (Question::Archived { url }, Answer::Archived(answer)) => {
                let source = "Wayback Machine".to_owned();
                Some(Line::Archived { archived: url.clone(), source, date, answer: answer.clone() })
            }
            (Question::Record { registry, id }, Answer::Record(answer)) => {
                Some(Line::Record { record: id.to_string(), source: *registry, date, answer: answer.clone() })
            }
            (Question::Search(search), Answer::Search(answer)) => {
                let Search { registry, topic, therapy, condition } = search.clone();
                Some(Line::Search { search: topic, therapy, condition, source: registry, date, answer: answer.clone() })
            }
            (Question::Page { url }, Answer::Page(answer)) => {
                Some(Line::Page { page: url.clone(), source: PAGE.to_owned(), date, answer: answer.clone() })
            }
            (Question::Quoted { from, words }, Answer::Quoted(answer)) => {
                let source = question.registry().map_or(PAGE, Registry::name).to_owned();
                let (quoted, from) = (words.clone(), from.to_string());
                Some(Line::Quoted { quoted, from, source, date, answer: answer.clone() })
            }
            _ => None,
        }
    }

    fn read(self) -> Option<(Question, Answer, Date)> {
        match self {
            Line::Link { link, date, answer, .. } => Some((Question::Link { url: link }, Answer::Link(answer), date)),
            Line::Archived { archived, date, answer, .. } => {
                Some((Question::Archived { url: archived }, Answer::Archived(answer), date))
            }
            Line::Record { record, source, date, answer } => {
                let question = Question::Record { registry: source, id: Id::parse(&record)? };
                Some((question, Answer::Record(answer), date))
            }
            Line::Search { search, therapy, condition, source, date, answer } => {
                let search = Search { registry: source, topic: search, therapy, condition };
                Some((Question::Search(search), Answer::Search(answer), date))
            }
            Line::Page { page, date, answer, .. } => Some((Question::Page { url: page }, Answer::Page(answer), date)),
            Line::Quoted { quoted, from, source, date, answer } => {
                let from = match Registry::named(&source) {
                    Some(registry) => Source::Record(registry, Id::parse(&from)?),
                    None => Source::Page(from),
                };
                Some((Question::Quoted { from, words: quoted }, Answer::Quoted(answer), date))
            }
        }
    }
}

impl Lock {
    /// Reads a lock; the second part is the 1-based numbers of lines that could not be read.
    pub fn parse(text: &str) -> (Self, Vec<usize>) {
        let (mut lock, mut unread) = (Self::default(), Vec::new());
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str::<Line>(line).ok().and_then(Line::read) {
                Some((question, answer, date)) => {
                    lock.pinned.insert(question, (answer, date));
                }
                None => unread.push(at + 1),
            }
        }
        (lock, unread)
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (question, (answer, date)) in &self.pinned {
            let Some(line) = Line::of(question, answer, *date) else { continue };
            // Strings, numbers and dates can always be written.
            text += &serde_json::to_string(&line).unwrap_or_default();
            text.push('\n');
        }
        text
    }

    /// Whether nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.pinned.is_empty()
    }

    /// Everything that is pinned, sorted, each with the day of its answer.
    pub fn iter(&self) -> impl Iterator<Item = (&Question, &Answer, Date)> {
        self.pinned.iter().map(|(question, (answer, date))| (question, answer, *date))
    }

    /// What is pinned for a question, whatever its age.
    pub fn get(&self, question: &Question) -> Option<Answer> {
        self.dated(question).map(|(answer, _)| answer.clone())
    }

    /// What is pinned for a question, and the day of the answer.
    pub fn dated(&self, question: &Question) -> Option<(&Answer, Date)> {
        self.pinned.get(&without_password(question)).map(|(answer, date)| (answer, *date))
    }

    /// What is pinned for a question and young enough to be taken for granted.
    pub fn fresh(&self, question: &Question, today: Date) -> Option<Answer> {
        let (answer, date) = self.dated(question)?;
        (!is_due(answer, date, today)).then(|| answer.clone())
    }

    /// Keeps an answer. What says nothing about the question is not kept, and takes nothing away.
    pub fn pin(&mut self, question: &Question, answer: &Answer, today: Date) -> Option<Change> {
        if !answer.is_settled() {
            return None;
        }
        let question = &without_password(question);
        Line::of(question, answer, today)?;
        let was = self.pinned.insert(question.clone(), (answer.clone(), today));
        let was = was.filter(|(was, _)| differs(was, answer))?;
        Some(Change { question: question.clone(), was, now: answer.clone() })
    }

    /// Takes over what another lock holds and this one does not, or not as new.
    pub fn absorb(&mut self, other: Lock) {
        for (question, (answer, date)) in other.pinned {
            let held = self.pinned.get(&question).map(|(_, held)| *held);
            if held.is_none_or(|held| held <= date) {
                self.pinned.insert(question, (answer, date));
            }
        }
    }

    /// Drops what is not to be kept.
    pub fn retain(&mut self, keeps: impl Fn(&Question, &Answer, Date) -> bool) {
        self.pinned.retain(|question, (answer, date)| keeps(question, answer, *date));
    }
}

/// A question as it is kept: a password is nothing to be committed.
fn without_password(question: &Question) -> Question {
    match question {
        Question::Link { url } if url.contains('@') => Question::Link { url: without_credentials(url) },
        Question::Page { url } if url.contains('@') => Question::Page { url: without_credentials(url) },
        Question::Quoted { from: Source::Page(url), words } if url.contains('@') => {
            Question::Quoted { from: Source::Page(without_credentials(url)), words: words.clone() }
        }
        other => other.clone(),
    }
}

/// Whether an answer of that day is too old to be taken for granted, or not from the past at all.
pub fn is_due(answer: &Answer, date: Date, today: Date) -> bool {
    !today.since(date).is_ok_and(|age| (0..fresh_days(answer)).contains(&age.get_days()))
}

fn fresh_days(answer: &Answer) -> i32 {
    match answer {
        Answer::Archived(Some(_)) => FRESH_DAYS,
        Answer::Link(link) if matches!(link.verdict, LinkVerdict::Ok | LinkVerdict::Moved) => FRESH_DAYS,
        Answer::Record(record) if record.found && record.status.is_none() => FRESH_DAYS_WORK,
        Answer::Search(Hits::Applications(_) | Hits::Label(_)) => FRESH_DAYS_WORK,
        Answer::Page(page) if page.figures.is_some() => FRESH_DAYS,
        Answer::Quoted(Quoted::Verbatim) => FRESH_DAYS,
        Answer::Quoted(Quoted::Nearly { .. } | Quoted::Absent) => FRESH_DAYS_WORK,
        _ => FRESH_DAYS_PASSING,
    }
}

/// Whether two answers differ in what matters: a status may come in other words.
fn differs(was: &Answer, now: &Answer) -> bool {
    match (was, now) {
        (Answer::Link(was), Answer::Link(now)) => was.verdict != now.verdict || was.moved_to != now.moved_to,
        (Answer::Record(was), Answer::Record(now)) => {
            (was.found, was.standing, &was.status) != (now.found, now.standing, &now.status)
        }
        (Answer::Page(was), Answer::Page(now)) => {
            let texts = |page: &PageText| -> Option<Vec<String>> {
                Some(page.figures.as_ref()?.iter().map(|figure| figure.text.clone()).collect())
            };
            texts(was) != texts(now)
        }
        // Trials come and go; what counts is whether any takes participants.
        (Answer::Search(Hits::Trials(was)), Answer::Search(Hits::Trials(now))) => {
            (was.recruiting > 0, was.total > 0) != (now.recruiting > 0, now.total > 0)
        }
        // So do versions of a label.
        (Answer::Search(Hits::Label(Some(was))), Answer::Search(Hits::Label(Some(now)))) => {
            (was.boxed, &was.uses) != (now.boxed, &now.uses)
        }
        (was, now) => was != now,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::evidence::links::Basis;

    fn link(url: &str) -> Question {
        Question::Link { url: url.to_owned() }
    }

    fn answer(verdict: LinkVerdict, status: Option<u16>) -> Answer {
        Answer::Link(LinkAnswer::new(verdict, status, "why"))
    }

    fn day(day: i8) -> Date {
        jiff::civil::date(2026, 3, day)
    }

    #[test]
    fn what_is_written_is_read_and_sorted() {
        let mut lock = Lock::default();
        for url in ["https://b.org/", "https://a.org/"] {
            lock.pin(&link(url), &answer(LinkVerdict::Ok, Some(200)), day(1));
        }
        let text = lock.to_text();
        let first = r#"{"link":"https://a.org/","source":"link check","date":"2026-03-01","answer":{"verdict":"ok","status":200,"detail":"why"}}"#;
        assert_eq!(text.lines().next(), Some(first));
        let (again, unread) = Lock::parse(&text);
        assert_eq!((again.to_text(), unread), (text, Vec::new()));
    }

    #[test]
    fn lines_that_cannot_be_read_cost_nothing_else() {
        let mut lock = Lock::default();
        lock.pin(&link("https://a.org/"), &answer(LinkVerdict::Ok, Some(200)), day(1));
        let text = format!("<<<<<<< ours\n{}\n{{\"link\":1}}\n=======\n\u{0}\n", lock.to_text());
        let (read, unread) = Lock::parse(&text);
        assert_eq!((read.to_text(), unread), (lock.to_text(), vec![1, 4, 5, 6]));
    }

    #[test]
    fn failures_are_not_kept() {
        let (mut lock, a) = (Lock::default(), link("https://a.org/"));
        let silence = |status| match answer(LinkVerdict::Unverifiable, status) {
            Answer::Link(answer) => Answer::Link(answer.on(Basis::Silence)),
            other => other,
        };
        for status in [Some(503), Some(429), None] {
            assert_eq!(lock.pin(&a, &silence(status), day(1)), None);
            assert_eq!(lock.get(&a), None);
        }
        lock.pin(&a, &answer(LinkVerdict::Ok, Some(200)), day(1));
        assert_eq!(lock.pin(&a, &silence(Some(503)), day(2)), None);
        assert_eq!(lock.get(&a), Some(answer(LinkVerdict::Ok, Some(200))));
        // A refusal is an answer: a run from the lock has to repeat it.
        let refused = answer(LinkVerdict::Unverifiable, Some(403));
        let change = lock.pin(&a, &refused, day(2)).unwrap();
        assert_eq!((change.was.1, &change.now), (day(1), &refused));
        assert_eq!(lock.get(&a), Some(refused));
    }

    #[test]
    fn passwords_are_not_kept_but_their_answers_are() {
        let (mut lock, secret) = (Lock::default(), link("https://ann:s3cret@a.org/"));
        lock.pin(&secret, &answer(LinkVerdict::Ok, Some(200)), day(1));
        assert!(lock.to_text().contains("https://a.org/") && !lock.to_text().contains("s3cret"));
        assert_eq!(lock.get(&secret), Some(answer(LinkVerdict::Ok, Some(200))));
    }

    #[test]
    fn records_are_kept_by_registry() {
        let mut lock = Lock::default();
        let question = |registry| Question::Record { registry, id: Id::parse("doi:10.1000/a").unwrap() };
        let found = Answer::Record(Record { found: true, ..Record::default() });
        lock.pin(&question(Registry::EuropePmc), &found, day(1));
        lock.pin(&question(Registry::Crossref), &found, day(1));
        lock.pin(&question(Registry::Doi), &Answer::Unknown { why: "busy".to_owned() }, day(1));
        let text = lock.to_text();
        let first = r#"{"record":"doi:10.1000/a","source":"crossref","date":"2026-03-01","answer":{"found":true,"standing":"sound"}}"#;
        assert_eq!((text.lines().count(), text.lines().next()), (2, Some(first)));
        let (again, unread) = Lock::parse(&text);
        assert_eq!((again.to_text(), unread), (text, Vec::new()));
    }

    #[test]
    fn pages_and_quotations_are_kept_without_their_text() {
        let mut lock = Lock::default();
        let url = "https://ann:s3cret@a.org/a".to_owned();
        let page = Question::Page { url: url.clone() };
        let figures = |text: &str| Answer::Page(PageText { figures: Some(crate::figures::read(text)), limits: None });
        lock.pin(&page, &figures("Relapses fell by 46% with the drug."), day(1));
        let unread = Question::Page { url: "https://a.org/b.pdf".to_owned() };
        lock.pin(&unread, &Answer::Page(PageText::unread("403 Forbidden")), day(1));
        let quoted = |from| Question::Quoted { from, words: "we saw fewer of them".to_owned() };
        let id = Id::parse("pmid:4321").unwrap();
        lock.pin(&quoted(Source::Record(Registry::EuropePmc, id)), &Answer::Quoted(Quoted::Absent), day(1));
        let has = "we saw few of them".to_owned();
        lock.pin(&quoted(Source::Page(url)), &Answer::Quoted(Quoted::Nearly { has }), day(1));
        let text = lock.to_text();
        let expected = r#"{"page":"https://a.org/a","source":"page text","date":"2026-03-01","answer":{"figures":[{"value":46.0,"unit":"share","within":0.5,"text":"46%","near":["drug","fell","relap"]}]}}
{"page":"https://a.org/b.pdf","source":"page text","date":"2026-03-01","answer":{"limits":"403 Forbidden"}}
{"quoted":"we saw fewer of them","from":"https://a.org/a","source":"page text","date":"2026-03-01","answer":{"found":"nearly","has":"we saw few of them"}}
{"quoted":"we saw fewer of them","from":"pmid:4321","source":"europepmc","date":"2026-03-01","answer":{"found":"absent"}}
"#;
        assert_eq!(text, expected);
        let (again, unread_lines) = Lock::parse(&text);
        assert_eq!((again.to_text(), unread_lines), (text, Vec::new()));
        // Other words around the same figures are no news.
        assert_eq!(lock.pin(&page, &figures("With it, relapses fell by 46%."), day(2)), None);
        assert!(lock.pin(&page, &figures("Relapses fell by 26%."), day(3)).is_some());
        assert!(lock.fresh(&page, day(30)).is_some() && lock.fresh(&unread, day(2)).is_none());
    }

    #[test]
    fn what_is_broken_is_asked_again_sooner() {
        let mut lock = Lock::default();
        let (fine, gone) = (link("https://a.org/"), link("https://b.org/"));
        lock.pin(&fine, &answer(LinkVerdict::Ok, Some(200)), day(1));
        lock.pin(&gone, &answer(LinkVerdict::Broken, Some(404)), day(1));
        assert!(lock.fresh(&fine, day(30)).is_some() && lock.fresh(&fine, day(31)).is_none());
        assert!(lock.fresh(&gone, day(1)).is_some() && lock.fresh(&gone, day(2)).is_none());
        // A date from the future is no reason to trust it.
        assert!(lock.fresh(&fine, jiff::civil::date(2026, 2, 1)).is_none());
    }
}
