//! Questions and answers in words for people.

use super::links::{LinkAnswer, LinkVerdict, without_credentials};
use super::pages::PageText;
use super::quotations::{Quoted, Source};
use super::records::{Fate, Id, Record, Registry, Standing, fate};
use super::searches::Hits;
use super::{Answer, Question};

impl Question {
    /// Who answers it, for people.
    pub fn source(&self) -> &'static str {
        match self {
            Question::Link { .. } => "link check",
            Question::Archived { .. } => "Wayback Machine",
            Question::File { .. } => "files",
            Question::Record { registry, .. } => registry.title(),
            Question::Search(search) => search.registry.title(),
            Question::Page { .. } | Question::Quoted { from: Source::Page(_), .. } => "page text",
            Question::Quoted { from: Source::Record(registry, _), .. } => registry.title(),
        }
    }

    /// What it is about: an address without a password, an identifier, a path.
    pub fn about(&self) -> String {
        match self {
            Question::Link { url } => without_credentials(url),
            Question::Archived { url } => format!("the copy of {}", without_credentials(url)),
            Question::File { path } => path.clone(),
            Question::Record { id, .. } => id.to_string(),
            Question::Search(search) => search.words(),
            Question::Page { url } => format!("the text of {}", without_credentials(url)),
            Question::Quoted { from, words } => format!("“{words}” in {}", without_credentials(&from.to_string())),
        }
    }

    /// Where a person can look it up.
    pub fn page(&self) -> Option<String> {
        match self {
            Question::Link { url } | Question::Archived { url } => Some(without_credentials(url)),
            Question::File { .. } => None,
            Question::Record { registry, id } => Some(match registry.is_on_disk() {
                true => registry.base().to_owned(),
                false => id.page(),
            }),
            Question::Search(search) => Some(search.page()),
            Question::Page { url } | Question::Quoted { from: Source::Page(url), .. } => Some(without_credentials(url)),
            Question::Quoted { from: Source::Record(_, id), .. } => Some(id.page()),
        }
    }
}

impl Answer {
    /// What it says, in a few words.
    pub fn words(&self) -> String {
        match self {
            Answer::Link(answer) => answer.verdict.name().to_owned(),
            Answer::Record(record) => record.words(),
            Answer::Archived(Some(copy)) => copy.url.clone(),
            Answer::Archived(None) => "none".to_owned(),
            Answer::File { .. } => "there".to_owned(),
            Answer::Search(hits) => hits.words(),
            Answer::Page(page) => page.words(),
            Answer::Quoted(quoted) => quoted.words(),
            Answer::NoFile => "missing".to_owned(),
            Answer::Unknown { why } => format!("unknown: {why}"),
        }
    }
}

/// What has become of something between two answers, as the rest of a sentence about it: "is no longer recruiting".
pub fn turn(question: &Question, was: &Answer, now: &Answer) -> String {
    let special = match (question, was, now) {
        (_, Answer::Link(was), Answer::Link(now)) => link_turn(was, now),
        (Question::Record { registry, id }, Answer::Record(was), Answer::Record(now)) => {
            record_turn(*registry, id, was, now)
        }
        (_, Answer::Search(was), Answer::Search(now)) => search_turn(was, now),
        (_, Answer::Page(was), Answer::Page(now)) => page_turn(was, now),
        (_, Answer::Quoted(was), Answer::Quoted(now)) => quoted_turn(was, now),
        _ => None,
    };
    special.unwrap_or_else(|| format!("was {} and is {} now", was.words(), now.words()))
}

fn link_turn(was: &LinkAnswer, now: &LinkAnswer) -> Option<String> {
    let resolves = |answer: &LinkAnswer| matches!(answer.verdict, LinkVerdict::Ok | LinkVerdict::Moved);
    match now.verdict {
        LinkVerdict::Moved => Some(format!("has moved to {}", now.moved_to.as_deref()?)),
        LinkVerdict::Broken => Some(format!("no longer resolves: {}", now.detail)),
        LinkVerdict::Ok if !resolves(was) => Some("resolves again".to_owned()),
        LinkVerdict::Ok => None,
        LinkVerdict::Unverifiable => Some(format!("can no longer be checked: {}", now.detail)),
    }
}

fn record_turn(registry: Registry, id: &Id, was: &Record, now: &Record) -> Option<String> {
    let recruits =
        |record: &Record| record.status.is_some() && fate(id, &[(registry, record)]) != Some(Fate::NotRecruiting);
    if was.found != now.found {
        let turn = if now.found { "is known now" } else { "is no longer known" };
        return Some(turn.to_owned());
    }
    if now.standing > was.standing {
        return Some(match now.standing {
            Standing::Retracted => "has been retracted".to_owned(),
            Standing::Concern => "is now under an expression of concern".to_owned(),
            _ => "has been corrected".to_owned(),
        });
    }
    match (recruits(was), recruits(now)) {
        (true, false) => Some("is no longer recruiting".to_owned()),
        _ => None,
    }
}

fn search_turn(was: &Hits, now: &Hits) -> Option<String> {
    match (was, now) {
        (Hits::Trials(was), Hits::Trials(now)) if was.recruiting > 0 && now.recruiting == 0 => {
            Some("are no longer recruiting".to_owned())
        }
        (Hits::Label(Some(was)), Hits::Label(Some(now))) if was.boxed != now.boxed => {
            Some(format!("{} a boxed warning now", if now.boxed { "carries" } else { "no longer carries" }))
        }
        (Hits::Label(Some(was)), Hits::Label(Some(now))) if was.uses != now.uses => {
            Some("names other uses now".to_owned())
        }
        (was, now) => Some(format!("were: {}; they are now: {}", was.words(), now.words())),
    }
}

fn page_turn(was: &PageText, now: &PageText) -> Option<String> {
    Some(match (&was.figures, &now.figures) {
        (Some(_), Some(_)) => "has other figures".to_owned(),
        (None, Some(_)) => "can be read again".to_owned(),
        (_, None) => format!("can no longer be read: {}", now.limits.as_deref().unwrap_or_default()),
    })
}

fn quoted_turn(was: &Quoted, now: &Quoted) -> Option<String> {
    match (was, now) {
        (Quoted::Verbatim, Quoted::Nearly { .. }) => Some("is worded otherwise now".to_owned()),
        (_, Quoted::Absent) => Some("no longer stands there".to_owned()),
        (_, Quoted::Verbatim) => Some("stands there now".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_has_become_of_something() {
        let link = Question::Link { url: "https://ann:secret@a.org/".to_owned() };
        let of_link = |verdict| Answer::Link(LinkAnswer::new(verdict, None, "404 Not Found"));
        let trial = Question::Record { registry: Registry::ClinicalTrials, id: Id::parse("NCT01234567").unwrap() };
        let of_trial =
            |status: &str| Answer::Record(Record { found: true, status: Some(status.to_owned()), ..Record::default() });
        let work = Question::Record { registry: Registry::Crossref, id: Id::parse("doi:10.5555/a").unwrap() };
        let of_work = |standing| Answer::Record(Record { found: true, standing, ..Record::default() });
        let (ok, broken) = (LinkVerdict::Ok, LinkVerdict::Broken);
        for (question, was, now, turned) in [
            (&link, of_link(ok), of_link(broken), "no longer resolves: 404 Not Found"),
            (&link, of_link(broken), of_link(ok), "resolves again"),
            (&trial, of_trial("RECRUITING"), of_trial("COMPLETED"), "is no longer recruiting"),
            (
                &trial,
                of_trial("NOT_YET_RECRUITING"),
                of_trial("RECRUITING"),
                "was not yet recruiting and is recruiting now",
            ),
            (&work, of_work(Standing::Sound), of_work(Standing::Retracted), "has been retracted"),
            (
                &work,
                of_work(Standing::Concern),
                of_work(Standing::Sound),
                "was expression of concern and is nothing against it now",
            ),
            (&work, of_work(Standing::Sound), Answer::Record(Record::default()), "is no longer known"),
        ] {
            assert_eq!(turn(question, &was, &now), turned);
        }
        assert_eq!(link.about(), "https://a.org/");
    }
}
