//! Asks services: registries, and the archive of pages.

use reqwest::header::{HeaderMap, LOCATION};
use url::Url;

use crate::evidence::pages::Text;
use crate::evidence::quotations::{self, Quoted};
use crate::evidence::records::{Id, Registry};
use crate::evidence::searches::Search;
use crate::evidence::{Answer, Question};

use super::http::{Allowance, Asker, Request};
use super::registries::{self, Unread, wayback};
use super::reply::{Appetite, Cut, Reply};

/// Most redirects: old numbers lead to new ones.
const MOST_REDIRECTS: usize = 3;

/// A registry's answer about an identifier.
pub(super) struct Entry {
    answer: Answer,
    /// The summary that came with it.
    summary: Option<Text>,
}

impl Entry {
    fn unknown(why: &str) -> Self {
        Self { answer: unknown(why), summary: None }
    }

    /// The answer to a question about the identifier.
    pub(super) fn answers(&self, question: &Question) -> Answer {
        match (question, &self.answer, &self.summary) {
            (Question::Quoted { words, .. }, Answer::Record(_), Some(summary)) => {
                Answer::Quoted(quotations::find(words, &summary.words(), summary.limits()))
            }
            (Question::Quoted { .. }, Answer::Record(_), None) => {
                Answer::Quoted(Quoted::Unread { why: "there is no summary".to_owned() })
            }
            (_, answer, _) => answer.clone(),
        }
    }
}

impl Asker {
    /// What a registry holds on an identifier. What keeps it from answering is told and never taken for an answer.
    pub(super) async fn ask_registry(&self, registry: Registry, id: &Id) -> Entry {
        let Some(url) = registries::address(registry, self.base(registry), id) else {
            return Entry::unknown("the service's address cannot be read");
        };
        let read = |reply: &Reply| registries::read(registry, id, reply.status.as_u16(), &reply.body);
        let is_busy = |reply: &Reply| matches!(read(reply), Err(Unread::Busy));
        match self.fetch(url, Appetite::Whole, &is_busy).await {
            Ok(reply) => match read(&reply) {
                Ok(record) => {
                    Entry { answer: Answer::Record(record), summary: registries::summary(registry, &reply.body) }
                }
                Err(why) => Entry::unknown(&why.to_string()),
            },
            Err(why) => Entry::unknown(&why),
        }
    }

    /// What a service holds under a name.
    pub(super) async fn ask_by_name(&self, search: &Search) -> Answer {
        let Some(url) = registries::search_address(search, self.base(search.registry)) else {
            return unknown("the service's address cannot be read");
        };
        let is_busy = |reply: &Reply| reply.status.as_u16() == 429;
        match self.fetch(url, Appetite::Whole, &is_busy).await {
            Ok(reply) => {
                let read = registries::read_search(search, reply.status.as_u16(), &reply.body);
                read.map_or_else(|why| unknown(&why.to_string()), Answer::Search)
            }
            Err(why) => unknown(&why),
        }
    }

    /// What a list holds under these names: one request for all of them.
    pub(super) async fn look_up(&self, registry: Registry, searches: &[Search]) -> Vec<Answer> {
        let failed = |why: &str| vec![unknown(why); searches.len()];
        let Some(url) = registries::list_address(registry, self.base(registry)) else {
            return failed("the service's address cannot be read");
        };
        let is_busy = |reply: &Reply| reply.status.as_u16() == 429;
        let reply = match self.fetch(url, Appetite::List, &is_busy).await {
            Ok(reply) => reply,
            Err(why) => return failed(&why),
        };
        match registries::read_list(registry, reply.status.as_u16(), &reply.body) {
            Ok(list) => searches.iter().map(|search| Answer::Search(list.hits(search))).collect(),
            Err(why) => failed(&why.to_string()),
        }
    }

    /// Where a registry is asked.
    pub(super) fn base(&self, registry: Registry) -> &str {
        self.config.services.get(&registry).map_or(registry.base(), String::as_str)
    }

    /// Whether the archive holds a copy of a page.
    pub(super) async fn ask_archive(&self, page: &str) -> Answer {
        let base = self.config.archive.as_deref().unwrap_or(wayback::BASE);
        let Some(url) = wayback::address(base, page) else { return unknown("the service's address cannot be read") };
        let is_busy = |reply: &Reply| reply.status.as_u16() == 429;
        match self
            .fetch(url, Appetite::Whole, &is_busy)
            .await
            .map(|reply| wayback::read(reply.status.as_u16(), &reply.body))
        {
            Ok(Ok(copy)) => Answer::Archived(copy),
            Ok(Err(why)) => unknown(&why.to_string()),
            Err(why) => unknown(&why),
        }
    }

    /// The whole reply of a service, along redirects that stay on its site.
    pub(super) async fn fetch(
        &self,
        mut url: Url,
        appetite: Appetite,
        is_busy: &(dyn Fn(&Reply) -> bool + Sync),
    ) -> Result<Reply, String> {
        let mut allowance: Allowance = self.allowance();
        for _ in 0..=MOST_REDIRECTS {
            let request = Request { url: &url, accept: "application/json", appetite, is_last: false };
            let reply = self.persist(&request, &mut allowance, is_busy).await.map_err(|failure| failure.words())?;
            match reply.cut {
                None | Some(Cut::Enough) => {}
                Some(Cut::TooLong | Cut::TooDense) => return Err("the reply is too long".to_owned()),
                Some(Cut::Failed(failure)) => return Err(failure.words()),
            }
            if !matches!(reply.status.as_u16(), 301 | 302 | 307 | 308) {
                return Ok(reply);
            }
            url = next(&url, &reply.headers).ok_or("redirect to another site")?;
        }
        Err("too many redirects".to_owned())
    }
}

fn unknown(why: &str) -> Answer {
    Answer::Unknown { why: why.to_owned() }
}

/// Where a redirect leads, if it stays on its site.
fn next(url: &Url, headers: &HeaderMap) -> Option<Url> {
    let to = url.join(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    (to.origin() == url.origin()).then_some(to)
}
