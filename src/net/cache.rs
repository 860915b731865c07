//! Answers kept for the person who runs the program, outside of every project, so that the same is not asked again an
//! hour later. Losing it costs nothing but the asking.
//!
//! What may be mended any hour is not kept: a broken link, an identifier that nobody knows. Nor is what one's own network
//! answers, which is as near as the file.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use tempfile::NamedTempFile;
use url::Url;

use super::Lock;
use crate::evidence::links::{LinkVerdict, is_private_host};
use crate::evidence::searches::Hits;
use crate::evidence::{Answer, Question};

/// How long an answer serves for a fresh one, in days, the day of asking among them.
const SERVES_LINK: i32 = 3;
const SERVES_WORK: i32 = 7;
const SERVES_COPY: i32 = 30;
const SERVES_STATUS: i32 = 1;

/// How long an answer is kept for runs that ask nothing, in days.
const KEPT: i32 = 90;

/// The answers in one file.
#[derive(Debug, Default)]
pub struct Cache {
    path: PathBuf,
    held: Lock,
    /// Since the file was last written.
    new: Lock,
}

impl Cache {
    /// The cache in that file; what cannot be read of it is left out.
    pub fn open(path: &Path) -> Self {
        Self { path: path.to_owned(), held: read(path), new: Lock::default() }
    }

    /// What was answered lately enough to serve for a fresh answer, and when.
    pub fn fresh(&self, question: &Question, today: Date) -> Option<(Answer, Date)> {
        self.get(question).filter(|(answer, date)| (0..serves(answer)).contains(&days(*date, today)))
    }

    /// What was answered last, and when.
    pub fn get(&self, question: &Question) -> Option<(Answer, Date)> {
        self.new.dated(question).or_else(|| self.held.dated(question)).map(|(answer, date)| (answer.clone(), date))
    }

    /// Takes an answer of today in, if it is one to keep.
    pub fn keep(&mut self, question: &Question, answer: &Answer, today: Date) {
        if is_kept(question, answer) {
            self.new.pin(question, answer, today);
        }
    }

    /// Writes the new answers down beside what others have written meanwhile, and drops what is too old.
    ///
    /// # Errors
    ///
    /// The file or its folder cannot be written.
    pub fn save(&mut self, today: Date) -> io::Result<()> {
        if self.new.is_empty() {
            return Ok(());
        }
        let mut all = read(&self.path);
        all.absorb(std::mem::take(&mut self.new));
        all.retain(|_, _, date| (0..KEPT).contains(&days(date, today)));
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        io::Write::write_all(&mut file, all.to_text().as_bytes())?;
        file.persist(&self.path)?;
        self.held = all;
        Ok(())
    }
}

fn read(path: &Path) -> Lock {
    std::fs::read(path).map(|bytes| Lock::parse(&String::from_utf8_lossy(&bytes)).0).unwrap_or_default()
}

fn days(from: Date, today: Date) -> i32 {
    today.since(from).map_or(-1, |span| span.get_days())
}

fn is_kept(question: &Question, answer: &Answer) -> bool {
    let is_near = |url: &str| Url::parse(url).ok().is_none_or(|url| url.host_str().is_none_or(is_private_host));
    match (question, answer) {
        (Question::Link { url }, Answer::Link(answer)) => {
            matches!(answer.verdict, LinkVerdict::Ok | LinkVerdict::Moved) && !is_near(url)
        }
        (_, Answer::Record(record)) => record.found,
        (_, Answer::Archived(copy)) => copy.is_some(),
        (_, Answer::Search(_)) => true,
        (Question::Page { url }, Answer::Page(page)) => page.figures.is_some() && !is_near(url),
        // What became of a quotation would carry a draft's words away from it.
        _ => false,
    }
}

fn serves(answer: &Answer) -> i32 {
    match answer {
        Answer::Link(_) | Answer::Page(_) => SERVES_LINK,
        Answer::Archived(_) => SERVES_COPY,
        Answer::Record(record) if record.status.is_none() => SERVES_WORK,
        Answer::Search(Hits::Applications(_) | Hits::Label(_)) => SERVES_WORK,
        _ => SERVES_STATUS,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::evidence::links::LinkAnswer;
    use crate::evidence::pages::PageText;
    use crate::evidence::quotations::{Quoted, Source};

    fn link(url: &str) -> Question {
        Question::Link { url: url.to_owned() }
    }

    fn answer(verdict: LinkVerdict) -> Answer {
        Answer::Link(LinkAnswer::new(verdict, None, "why"))
    }

    fn day(day: i8) -> Date {
        jiff::civil::date(2026, 3, day)
    }

    #[test]
    fn an_answer_serves_for_some_days_and_is_kept_for_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/answers.jsonl");
        let mut cache = Cache::open(&path);
        let (fine, gone, near) = (link("https://a.org/"), link("https://b.org/"), link("http://127.0.0.1:8000/"));
        cache.keep(&fine, &answer(LinkVerdict::Ok), day(1));
        cache.keep(&gone, &answer(LinkVerdict::Broken), day(1));
        cache.keep(&near, &answer(LinkVerdict::Ok), day(1));
        let page = Question::Page { url: "https://a.org/".to_owned() };
        let read = Answer::Page(PageText { figures: Some(Vec::new()), limits: None });
        let words =
            Question::Quoted { from: Source::Page("https://a.org/".to_owned()), words: "as it says".to_owned() };
        cache.keep(&page, &read, day(1));
        cache.keep(&words, &Answer::Quoted(Quoted::Verbatim), day(1));
        cache.save(day(1)).unwrap();
        let cache = Cache::open(&path);
        assert_eq!((cache.get(&page), cache.get(&words)), (Some((read, day(1))), None));
        assert!(cache.fresh(&fine, day(3)).is_some() && cache.fresh(&fine, day(4)).is_none());
        assert!(cache.get(&fine).is_some());
        assert_eq!((cache.get(&gone), cache.get(&near)), (None, None));
    }

    #[test]
    fn two_runs_at_once_lose_nothing_and_what_is_old_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.jsonl");
        let (mut one, mut two) = (Cache::open(&path), Cache::open(&path));
        one.keep(&link("https://a.org/"), &answer(LinkVerdict::Ok), day(1));
        two.keep(&link("https://b.org/"), &answer(LinkVerdict::Ok), day(2));
        one.save(day(1)).unwrap();
        two.save(day(2)).unwrap();
        let mut later = Cache::open(&path);
        assert!(later.get(&link("https://a.org/")).is_some() && later.get(&link("https://b.org/")).is_some());
        let much_later = jiff::civil::date(2026, 5, 30);
        later.keep(&link("https://c.org/"), &answer(LinkVerdict::Ok), much_later);
        later.save(much_later).unwrap();
        let last = Cache::open(&path);
        let held = ["a", "b", "c"].map(|name| last.get(&link(&format!("https://{name}.org/"))).is_some());
        assert_eq!(held, [false, true, true]);
    }

    #[test]
    fn a_damaged_file_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.jsonl");
        std::fs::write(&path, b"\x00\xffnonsense\n{\"link\"").unwrap();
        let mut cache = Cache::open(&path);
        cache.keep(&link("https://a.org/"), &answer(LinkVerdict::Ok), day(1));
        cache.save(day(1)).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
    }
}
