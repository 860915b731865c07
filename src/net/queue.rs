//! What is to be asked, sorted by the hosts that are to answer it, so that no host holds up another.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use crate::evidence::quotations::Source;
use crate::evidence::records::{Id, Registry};
use crate::evidence::searches::Search;
use crate::evidence::{Answer, Question};

use super::http::{Asker, origin};
use super::registries::wayback;
use super::reply::Appetite;

/// Something that one visit answers.
pub(super) enum Work {
    /// What is asked about one address, without its fragment.
    Page(String, Vec<Question>),
    /// What is asked of a registry about one identifier.
    Record(Registry, Id, Vec<Question>),
    /// A copy of a page in the archive.
    Archived(String),
    /// What a service holds under a name.
    Search(Search),
    /// What a list that is published as a whole holds under names.
    Listed(Registry, Vec<Search>),
}

/// One host's work.
pub(super) type Queue = Arc<Mutex<VecDeque<Work>>>;

/// Sorts questions into queues by host (name and port).
pub(super) fn queues(asker: &Asker, questions: Vec<Question>) -> BTreeMap<String, Queue> {
    let mut pages: BTreeMap<String, Vec<Question>> = BTreeMap::new();
    let mut records: BTreeMap<(Registry, Id), Vec<Question>> = BTreeMap::new();
    let mut sorted: BTreeMap<String, VecDeque<Work>> = BTreeMap::new();
    let mut listed: BTreeMap<Registry, Vec<Search>> = BTreeMap::new();
    let host = |address: &str| Url::parse(address).map(|url| origin(&url)).unwrap_or_default();
    for question in questions {
        match &question {
            Question::Link { url } | Question::Page { url } | Question::Quoted { from: Source::Page(url), .. } => {
                let page = url.split('#').next().unwrap_or(url).to_owned();
                pages.entry(page).or_default().push(question);
            }
            Question::Record { registry, id } | Question::Quoted { from: Source::Record(registry, id), .. } => {
                records.entry((*registry, id.clone())).or_default().push(question);
            }
            Question::Archived { url } => {
                let base = asker.config.archive.as_deref().unwrap_or(wayback::BASE);
                sorted.entry(host(base)).or_default().push_back(Work::Archived(url.clone()));
            }
            Question::Search(search) if search.is_in_list() => {
                listed.entry(search.registry).or_default().push(search.clone());
            }
            Question::Search(search) => {
                sorted.entry(host(asker.base(search.registry))).or_default().push_back(Work::Search(search.clone()));
            }
            Question::File { .. } => {}
        }
    }
    for (registry, searches) in listed {
        sorted.entry(host(asker.base(registry))).or_default().push_back(Work::Listed(registry, searches));
    }
    for ((registry, id), questions) in records {
        sorted.entry(host(asker.base(registry))).or_default().push_back(Work::Record(registry, id, questions));
    }
    for (page, questions) in pages {
        let asked = asker.config.remapped(&page);
        let host = host(asked.as_deref().unwrap_or(&page));
        sorted.entry(host).or_default().push_back(Work::Page(page, questions));
    }
    sorted.into_iter().map(|(host, work)| (host, Arc::new(Mutex::new(work)))).collect()
}

/// The next piece of work for one of so many workers, and whether it is likely the worker's last.
pub(super) fn next(queue: &Queue, workers: usize) -> Option<(Work, bool)> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    let work = queue.pop_front()?;
    Some((work, queue.len() < workers))
}

impl Work {
    /// Does it, and returns what it answers.
    pub(super) async fn done(self, asker: &Asker, is_last: bool) -> Vec<(Question, Answer)> {
        match self {
            Work::Page(address, questions) => {
                let appetite = questions.iter().map(appetite).max().unwrap_or(Appetite::Beginning);
                let visit = asker.visit(&address, appetite, is_last).await;
                questions.into_iter().map(|question| answered(question, |question| visit.answers(question))).collect()
            }
            Work::Record(registry, id, questions) => {
                let entry = asker.ask_registry(registry, &id).await;
                questions.into_iter().map(|question| answered(question, |question| entry.answers(question))).collect()
            }
            Work::Archived(url) => {
                let answer = asker.ask_archive(&url).await;
                vec![(Question::Archived { url }, answer)]
            }
            Work::Search(search) => {
                let answer = asker.ask_by_name(&search).await;
                vec![(Question::Search(search), answer)]
            }
            Work::Listed(registry, searches) => {
                let answers = asker.look_up(registry, &searches).await;
                searches.into_iter().map(Question::Search).zip(answers).collect()
            }
        }
    }

    /// How many questions it answers.
    pub(super) fn questions(&self) -> usize {
        match self {
            Work::Page(_, questions) | Work::Record(.., questions) => questions.len(),
            Work::Archived(_) | Work::Search(_) => 1,
            Work::Listed(_, searches) => searches.len(),
        }
    }
}

fn answered(question: Question, answer: impl Fn(&Question) -> Answer) -> (Question, Answer) {
    let answer = answer(&question);
    (question, answer)
}

/// How much of a page must be read to answer that.
fn appetite(question: &Question) -> Appetite {
    match question {
        Question::Link { url } if url.contains('#') => Appetite::Page,
        Question::Page { .. } | Question::Quoted { .. } => Appetite::Text,
        _ => Appetite::Beginning,
    }
}

/// How many questions each host has yet to answer.
pub(super) struct Waiting {
    left: BTreeMap<String, usize>,
    slowest: String,
    looked: Option<Instant>,
}

/// How often the slowest host is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(100);

impl Waiting {
    pub(super) fn new(queues: &BTreeMap<String, Queue>) -> Self {
        let count =
            |queue: &Queue| queue.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Work::questions).sum();
        let left = queues.iter().map(|(host, queue)| (host.clone(), count(queue))).collect();
        Self { left, slowest: String::new(), looked: None }
    }

    pub(super) fn answered(&mut self, host: &str, questions: usize) {
        if let Some(left) = self.left.get_mut(host) {
            *left = left.saturating_sub(questions);
            if *left == 0 {
                self.left.remove(host);
            }
        }
    }

    /// The host (its name alone) that will be the last to have answered everything, as far as can be told.
    pub(super) fn slowest(&mut self, asker: &Asker) -> &str {
        let is_over = self.left.is_empty();
        if is_over || self.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) {
            let last = self.left.iter().max_by_key(|(host, left)| (asker.pace.time_for(host, **left), **left));
            let name = last.map(|(host, _)| host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name));
            self.slowest = name.unwrap_or_default().to_owned();
            self.looked = Some(Instant::now());
        }
        &self.slowest
    }
}
