//! One page, visited along its redirects until it is clear how links to it fare.

use std::collections::HashSet;

use reqwest::StatusCode;
use reqwest::header::{LOCATION, SET_COOKIE};
use url::Url;

use crate::evidence::links::page::{Page, Place};
use crate::evidence::links::web::{self, Says};
use crate::evidence::links::{Basis, LinkAnswer, LinkVerdict, without_credentials};
use crate::evidence::pages::{PageText, Text};
use crate::evidence::quotations::{self, Quoted};
use crate::evidence::{Answer, Question};

use super::http::{Allowance, Asker, Request, without_fragment};
use super::reply::{Appetite, Cut, Reply};

/// What browsers say they take.
const ACCEPTED: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// What a visit has found out about an address without its fragment.
pub(super) struct Visit {
    answer: LinkAnswer,
    /// What it says that it is, as `Content-Type` does; empty where it is silent.
    kind: String,
    page: Option<Page>,
    /// The page's text, where somebody wants it; `Err`: it cannot be read, for that reason.
    text: Option<Result<Text, String>>,
    /// Why there may be more of the page.
    cut: Option<Cut>,
}

/// Why a page's text is not at hand.
struct Unread {
    why: String,
    /// Whether the same would be found again soon.
    is_settled: bool,
}

/// Where a walk along redirects stands.
struct Walk<'a> {
    from: &'a Url,
    visited: HashSet<Url>,
    /// Every redirect so far was a permanent one.
    permanent: bool,
    /// Some redirect set a cookie: the site may only let those pass who bring it back.
    wants_cookies: bool,
}

impl Asker {
    /// How links to an address fare, whose page is read as far as somebody wants it. `is_last` where nothing more is to be
    /// asked there. Always an answer, in bounded time.
    pub(super) async fn visit(&self, address: &str, appetite: Appetite, is_last: bool) -> Visit {
        let remapped = self.config.remapped(address);
        let Ok(url) = Url::parse(remapped.as_deref().unwrap_or(address)) else {
            return Visit::over(broken(None, "the address cannot be read"));
        };
        let mut visit = self.walk(url, appetite, is_last).await;
        if remapped.is_some() && visit.answer.moved_to.take().is_some() {
            // Where another address has moved to is no news of this one.
            visit.answer.verdict = LinkVerdict::Ok;
        }
        visit
    }

    async fn walk(&self, from: Url, appetite: Appetite, is_last: bool) -> Visit {
        let mut allowance: Allowance = self.allowance();
        let mut walk = Walk { from: &from, visited: HashSet::new(), permanent: true, wants_cookies: false };
        let mut url = from.clone();
        loop {
            let request = Request { url: &url, accept: ACCEPTED, appetite, is_last };
            let reply = match self.persist(&request, &mut allowance, &is_busy).await {
                Ok(reply) => reply,
                Err(failure) => return Visit::over(failure.answer()),
            };
            if self.config.accepts(&url, reply.status.as_u16()) {
                return self.judge(reply, &url, &walk);
            }
            match self.next_hop(&url, &reply, &mut walk) {
                None => return self.judge(reply, &url, &walk),
                Some(Ok(next)) => url = next,
                Some(Err(answer)) => return Visit::over(answer),
            }
        }
    }

    /// Where a redirect leads, or why nobody should go there; `None` where there is none.
    fn next_hop(&self, url: &Url, reply: &Reply, walk: &mut Walk<'_>) -> Option<Result<Url, LinkAnswer>> {
        let status = Some(reply.status.as_u16());
        let by_page = reply.page.as_ref().and_then(|page| page.refresh.as_deref());
        let by_page =
            by_page.and_then(|to| url.join(to).ok()).filter(|to| without_fragment(to) != without_fragment(url));
        let mut next = match (is_redirect(reply.status), by_page) {
            (false, by_page) => by_page?,
            (true, _) => match reply.headers.get(LOCATION).map(|to| std::str::from_utf8(to.as_bytes())) {
                None => return Some(Err(broken(status, "redirect without an address"))),
                Some(to) => match to.ok().and_then(|to| url.join(to).ok()) {
                    None => return Some(Err(broken(status, "redirect to an address that cannot be read"))),
                    Some(next) => next,
                },
            },
        };
        if !matches!(next.scheme(), "http" | "https") {
            let why = format!("redirect to a `{}:` address", next.scheme());
            return Some(Err(unverifiable(status, &why)));
        }
        if next.fragment().is_none() {
            next.set_fragment(url.fragment());
        }
        let is_persistent = url.host_str().is_some_and(web::is_persistent);
        walk.permanent &= matches!(reply.status.as_u16(), 301 | 308) && !is_persistent;
        walk.wants_cookies |= reply.headers.contains_key(SET_COOKIE);
        walk.visited.insert(without_fragment(url));
        let circle = walk.visited.contains(&without_fragment(&next));
        let why = match (circle, walk.visited.len() > self.config.max_redirects) {
            (true, _) => "redirect loop",
            (false, true) => "too many redirects",
            (false, false) => return Some(Ok(next)),
        };
        Some(Err(match walk.wants_cookies {
            true => unverifiable(status, &format!("{why}, perhaps for want of cookies")),
            false => broken(status, why),
        }))
    }

    /// What the last reply of a walk says.
    fn judge(&self, reply: Reply, url: &Url, walk: &Walk<'_>) -> Visit {
        let code = reply.status.as_u16();
        let accepted = self.config.accepts(url, code);
        if !accepted && let Some(answer) = refusal(&reply, url).or_else(|| walk.astray(&reply, url)) {
            return Visit::over(answer);
        }
        let moved = walk.permanent && !walk.visited.is_empty();
        let verdict = if moved { LinkVerdict::Moved } else { LinkVerdict::Ok };
        let mut answer = LinkAnswer::new(verdict, Some(code), described(reply.status));
        answer.moved_to = moved.then(|| without_credentials(url.as_str()));
        let kind = reply.content_type();
        Visit { answer, kind, page: reply.page, text: reply.text, cut: reply.cut }
    }
}

impl Visit {
    fn over(answer: LinkAnswer) -> Self {
        Self { answer, kind: String::new(), page: None, text: None, cut: None }
    }

    /// The answer to a question about the address.
    pub(super) fn answers(&self, question: &Question) -> Answer {
        match question {
            Question::Page { .. } => match self.read() {
                Ok(text) => Answer::Page(PageText::of(text)),
                Err(Unread { why, is_settled: true }) => Answer::Page(PageText::unread(why)),
                Err(Unread { why, .. }) => Answer::Unknown { why },
            },
            Question::Quoted { words, .. } => match self.read() {
                Ok(text) => Answer::Quoted(quotations::find(words, &text.words(), text.limits())),
                Err(Unread { why, is_settled: true }) => Answer::Quoted(Quoted::Unread { why }),
                Err(Unread { why, .. }) => Answer::Unknown { why },
            },
            Question::Link { url } => Answer::Link(self.answer(url.split_once('#').map(|(_, place)| place))),
            _ => Answer::Unknown { why: "no page answers that".to_owned() },
        }
    }

    /// The page's text.
    fn read(&self) -> Result<&Text, Unread> {
        let unread = |why: &str| Err(Unread { why: why.to_owned(), is_settled: true });
        if !matches!(self.answer.verdict, LinkVerdict::Ok | LinkVerdict::Moved) {
            return Err(Unread { why: self.answer.detail.clone(), is_settled: self.answer.is_settled() });
        }
        match (&self.text, &self.cut) {
            (_, Some(Cut::Failed(failure))) => {
                Err(Unread { why: format!("the page broke off: {}", failure.words()), is_settled: false })
            }
            (_, Some(Cut::TooLong | Cut::TooDense)) => unread("the page is too long to be read"),
            (Some(Ok(text)), _) => Ok(text),
            (Some(Err(why)), _) => unread(why),
            (None, _) => match self.kind.split(';').next().map(str::trim).filter(|kind| !kind.is_empty()) {
                Some(kind) => unread(&format!("what stands there is {kind}, which is not read")),
                None => unread("there is no page"),
            },
        }
    }

    /// How a link to the address fares that leads to this place in it, as written in the link.
    fn answer(&self, fragment: Option<&str>) -> LinkAnswer {
        let mut answer = self.answer.clone();
        let Some(fragment) = fragment.filter(|_| matches!(answer.verdict, LinkVerdict::Ok | LinkVerdict::Moved)) else {
            return answer;
        };
        let cut = self.cut.as_ref().filter(|cut| **cut != Cut::Enough);
        let unverifiable = |why: &str, basis| LinkAnswer::new(LinkVerdict::Unverifiable, answer.status, why).on(basis);
        match (self.page.as_ref().map(|page| page.place(fragment)), cut) {
            (Some(Place::Missing(_)), Some(Cut::TooLong | Cut::TooDense))
            | (None, Some(Cut::TooLong | Cut::TooDense)) => {
                unverifiable("the page is too long to be searched", Basis::Reply)
            }
            (Some(Place::Missing(_)) | None, Some(Cut::Failed(failure))) => {
                unverifiable(&format!("the page broke off: {}", failure.words()), Basis::Silence)
            }
            (Some(Place::Missing(why)), _) => LinkAnswer::new(LinkVerdict::Broken, answer.status, why),
            (Some(Place::Scripted), _) => {
                unverifiable("the page is made by its scripts, so its places cannot be seen", Basis::Reply)
            }
            (Some(Place::Found) | None, _) => {
                // The new address keeps the place, unless the redirect names one.
                if let Some(to) = answer.moved_to.take() {
                    answer.moved_to = Some(if to.contains('#') { to } else { format!("{to}#{fragment}") });
                }
                answer
            }
        }
    }
}

impl Walk<'_> {
    /// A redirect that leads to no page in particular.
    fn astray(&self, reply: &Reply, url: &Url) -> Option<LinkAnswer> {
        if self.visited.is_empty() {
            return None;
        }
        let status = Some(reply.status.as_u16());
        let bare = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
        let leads_home =
            bare(self.from) == bare(url) && url.fragment().is_none() && web::is_home(url) && !web::is_home(self.from);
        if leads_home {
            let why = "redirect to the home page, as when a page is gone";
            let is_sure = self.permanent || !self.wants_cookies;
            return Some(if is_sure { broken(status, why) } else { unverifiable(status, why) });
        }
        (web::is_login(url) && !web::is_login(self.from)).then(|| unverifiable(status, "redirect to a login page"))
    }
}

/// Whether a page asks for patience with a status that does not.
fn is_busy(reply: &Reply) -> bool {
    matches!(reply.page.as_ref().and_then(Page::says), Some((Says::Busy, _)))
}

/// Why a reply is none that a link is fine with: its status, or what its page says in spite of it.
fn refusal(reply: &Reply, url: &Url) -> Option<LinkAnswer> {
    let code = reply.status.as_u16();
    let status = Some(code);
    let is_wall = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        value.to_str().is_ok_and(|value| web::is_wall_header(name.as_str(), value))
    };
    if reply.headers.iter().any(is_wall) {
        return Some(unverifiable(status, &format!("{}, a wall against programs", described(reply.status))));
    }
    if code >= 400 {
        let detail = described(reply.status);
        let is_wall_host = url.host_str().is_some_and(web::is_wall_host);
        return Some(match code {
            429 | 502..=504 | 520..=530 => unverifiable(status, &detail).on(Basis::Silence),
            401 | 403 | 407 | 451 | 999 => unverifiable(status, &detail),
            _ if is_wall_host => unverifiable(status, &format!("{detail}, as this site answers programs")),
            _ => broken(status, &detail),
        });
    }
    let page = reply.page.as_ref()?;
    if let Some((says, words)) = page.says() {
        return Some(match says {
            Says::Missing => broken(status, &format!("the page says “{words}”, though with status {code}")),
            Says::Wall => unverifiable(status, &format!("the page says “{words}”, a wall against programs")),
            Says::Busy => unverifiable(status, &format!("the page says “{words}”")).on(Basis::Silence),
        });
    }
    let is_endless = matches!(reply.cut, Some(Cut::TooLong | Cut::TooDense)) && !page.has_begun();
    is_endless.then(|| unverifiable(status, "no page comes of its first 128 KiB"))
}

fn broken(status: Option<u16>, detail: &str) -> LinkAnswer {
    LinkAnswer::new(LinkVerdict::Broken, status, detail)
}

fn unverifiable(status: Option<u16>, detail: &str) -> LinkAnswer {
    LinkAnswer::new(LinkVerdict::Unverifiable, status, detail)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// "404 Not Found"; the number alone where the status has no name.
fn described(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}
