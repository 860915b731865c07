//! Answers that are kept beside the drafts, so that the same run gives the same findings on any day and on any machine.
//!
//! A lock is JSON Lines, sorted, one answer a line with its source and date: changes to it can be read in a review.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::evidence::links::{LinkAnswer, LinkVerdict};
use crate::evidence::{Answer, Question};

/// How long a default run takes a pinned answer for granted, in days; what is broken may be mended any day.
const FRESH_DAYS: i32 = 30;
const FRESH_DAYS_BROKEN: i32 = 1;

/// Answers with the day on which each was given.
#[derive(Debug, Default)]
pub struct Lock {
    links: BTreeMap<String, (LinkAnswer, Date)>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    link: String,
    source: String,
    date: Date,
    answer: LinkAnswer,
}

/// An answer that is no longer what was pinned.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// The address.
    pub link: String,
    /// What was pinned, and when.
    pub was: (LinkAnswer, Date),
    /// What the answer is now.
    pub now: LinkAnswer,
}

impl Lock {
    /// Reads a lock; the second part is the 1-based numbers of lines that could not be read.
    pub fn parse(text: &str) -> (Self, Vec<usize>) {
        let (mut lock, mut unread) = (Self::default(), Vec::new());
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str::<Line>(line) {
                Ok(Line { link, date, answer, .. }) => {
                    lock.links.insert(link, (answer, date));
                }
                Err(_) => unread.push(at + 1),
            }
        }
        (lock, unread)
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (link, (answer, date)) in &self.links {
            let (link, source, answer) = (link.clone(), "link check".to_owned(), answer.clone());
            // Strings, numbers and dates can always be written.
            text += &serde_json::to_string(&Line { link, source, date: *date, answer }).unwrap_or_default();
            text.push('\n');
        }
        text
    }

    /// What is pinned for a question, whatever its age.
    pub fn get(&self, question: &Question) -> Option<Answer> {
        let Question::Link { url } = question else { return None };
        self.links.get(url).map(|(answer, _)| Answer::Link(answer.clone()))
    }

    /// What is pinned for a question and young enough to be taken for granted.
    pub fn fresh(&self, question: &Question, today: Date) -> Option<Answer> {
        let Question::Link { url } = question else { return None };
        let (answer, date) = self.links.get(url)?;
        let days = if answer.verdict == LinkVerdict::Broken { FRESH_DAYS_BROKEN } else { FRESH_DAYS };
        let age = today.since(*date).ok()?.get_days();
        (0..days).contains(&age).then(|| Answer::Link(answer.clone()))
    }

    /// Keeps an answer. Failures that say nothing about the link are not kept, and take nothing away.
    pub fn pin(&mut self, question: &Question, answer: &Answer, today: Date) -> Option<Change> {
        let (Question::Link { url }, Answer::Link(answer)) = (question, answer) else { return None };
        // A password is nothing to be committed.
        if Url::parse(url).is_ok_and(|url| !url.username().is_empty() || url.password().is_some()) {
            return None;
        }
        let was = self.links.get(url).cloned();
        let is_answer = match answer.verdict {
            LinkVerdict::Ok | LinkVerdict::Moved => true,
            LinkVerdict::Broken => answer.status.is_some(),
            LinkVerdict::Unverifiable => false,
        };
        if is_answer {
            self.links.insert(url.clone(), (answer.clone(), today));
        }
        let was = was.filter(|(was, _)| was.verdict != answer.verdict || was.moved_to != answer.moved_to)?;
        Some(Change { link: url.clone(), was, now: answer.clone() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn link(url: &str) -> Question {
        Question::Link { url: url.to_owned() }
    }

    fn answer(verdict: LinkVerdict, status: Option<u16>) -> Answer {
        Answer::Link(LinkAnswer { verdict, status, moved_to: None, detail: "why".to_owned() })
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
        lock.pin(&link("https://ann:secret@a.org/"), &answer(LinkVerdict::Ok, Some(200)), day(1));
        assert_eq!(lock.to_text(), "");
        for (verdict, status) in [(LinkVerdict::Unverifiable, Some(403)), (LinkVerdict::Broken, None)] {
            assert_eq!(lock.pin(&a, &answer(verdict, status), day(1)), None);
            assert_eq!(lock.get(&a), None);
        }
        lock.pin(&a, &answer(LinkVerdict::Ok, Some(200)), day(1));
        let change = lock.pin(&a, &answer(LinkVerdict::Unverifiable, Some(403)), day(2)).unwrap();
        assert_eq!((change.was.1, change.now.verdict), (day(1), LinkVerdict::Unverifiable));
        assert_eq!(lock.get(&a), Some(answer(LinkVerdict::Ok, Some(200))));
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
