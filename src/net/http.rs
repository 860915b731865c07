//! One link, asked as politely as it goes: HEAD, then GET, redirects by hand, one retry.

use std::error::Error;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use url::Url;

use crate::evidence::links::{LinkAnswer, LinkVerdict, is_private_host};

use super::NetConfig;
use super::pace::Pace;
use super::resolve::LookUpError;

/// Registries whose addresses stay while the pages behind them move.
const PERSISTENT: &[&str] = &[
    "doi.org",
    "dx.doi.org",
    "www.doi.org",
    "hdl.handle.net",
    "purl.org",
    "purl.obolibrary.org",
    "w3id.org",
    "identifiers.org",
];
/// Waiting before a second try where the server names no time.
const BACK_OFF: Duration = Duration::from_millis(300);

pub(super) struct Asking<'a> {
    pub(super) config: &'a NetConfig,
    pub(super) http: &'a reqwest::Client,
    pub(super) pace: &'a Pace,
}

/// What one address answered.
struct Reply {
    status: StatusCode,
    location: Option<String>,
    retry_after: Option<Duration>,
}

/// Why an address gave no reply.
struct Failure {
    verdict: LinkVerdict,
    detail: String,
    /// Whether another try may help.
    passing: bool,
}

impl Asking<'_> {
    /// Follows a link to its end.
    pub(super) async fn link(&self, start: Url) -> LinkAnswer {
        let tries = self.config.max_redirects as u32 + self.config.retries + 1;
        let longest = self.config.timeout * tries.min(4) + self.config.max_retry_after;
        match tokio::time::timeout(longest, self.follow(start)).await {
            Ok(answer) => answer,
            Err(_) => answer(LinkVerdict::Unverifiable, None, format!("timed out after {} s", longest.as_secs())),
        }
    }

    async fn follow(&self, start: Url) -> LinkAnswer {
        let mut url = start.clone();
        let mut seen = vec![url.clone()];
        let mut permanent = !is_persistent(&start);
        loop {
            if !self.config.allow_private && is_private_host(&url) {
                return answer(LinkVerdict::Unverifiable, None, "private address, not requested");
            }
            let reply = match self.reply(&url).await {
                Ok(reply) => reply,
                Err(failure) => return answer(failure.verdict, None, failure.detail),
            };
            let Some(next) = redirect(&reply) else {
                return self.judge(&reply, &start, &url, permanent);
            };
            permanent &= matches!(reply.status.as_u16(), 301 | 308);
            url = match next.and_then(|location| url.join(location).ok()) {
                Some(next) if matches!(next.scheme(), "http" | "https") => next,
                _ => return answer(LinkVerdict::Broken, Some(reply.status), "redirects to no address"),
            };
            if seen.contains(&url) {
                return answer(LinkVerdict::Broken, Some(reply.status), "redirect loop");
            }
            if seen.len() > self.config.max_redirects {
                return answer(
                    LinkVerdict::Broken,
                    Some(reply.status),
                    format!("more than {} redirects", self.config.max_redirects),
                );
            }
            seen.push(url.clone());
        }
    }

    fn judge(&self, reply: &Reply, start: &Url, end: &Url, permanent: bool) -> LinkAnswer {
        let status = reply.status;
        let detail = status
            .canonical_reason()
            .map_or_else(|| status.as_str().to_owned(), |r| format!("{} {r}", status.as_u16()));
        if !status.is_success() && !self.config.accept.contains(&status.as_u16()) {
            return answer(verdict_of(status), Some(status), detail);
        }
        if permanent && start != end {
            let mut moved_to = end.clone();
            moved_to.set_fragment(start.fragment());
            let mut moved = answer(LinkVerdict::Moved, Some(status), format!("moved to {}", shown(&moved_to)));
            moved.moved_to = Some(shown(&moved_to));
            return moved;
        }
        answer(LinkVerdict::Ok, Some(status), detail)
    }

    /// One address: HEAD, and GET where HEAD is refused; again after a pause where that may help.
    async fn reply(&self, url: &Url) -> Result<Reply, Failure> {
        let mut tries = 0;
        loop {
            let result = self.head_or_get(url).await;
            let pause = match &result {
                Ok(reply) => self.pause_after(reply),
                Err(failure) => failure.passing.then_some(BACK_OFF),
            };
            match pause {
                Some(pause) if tries < self.config.retries => {
                    tries += 1;
                    tokio::time::sleep(pause).await;
                }
                _ => return result,
            }
        }
    }

    /// How long to wait before another try, where one may help.
    fn pause_after(&self, reply: &Reply) -> Option<Duration> {
        let status = reply.status.as_u16();
        if !(status == 429 || (500..600).contains(&status)) {
            return None;
        }
        let pause = reply.retry_after.unwrap_or(BACK_OFF);
        (pause <= self.config.max_retry_after).then_some(pause)
    }

    async fn head_or_get(&self, url: &Url) -> Result<Reply, Failure> {
        match self.request(Method::HEAD, url).await {
            // Told to wait: a second request at once would be rude.
            Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS => Ok(reply),
            Ok(reply) if reply.status.as_u16() < 400 => Ok(reply),
            Ok(_) => self.request(Method::GET, url).await,
            Err(failure) if failure.passing => self.request(Method::GET, url).await,
            Err(failure) => Err(failure),
        }
    }

    /// One request. Of the answer only status and headers are taken; the body is never read.
    async fn request(&self, method: Method, url: &Url) -> Result<Reply, Failure> {
        let host = format!("{}:{}", url.host_str().unwrap_or(""), url.port_or_known_default().unwrap_or(0));
        let _turn = self.pace.turn(&host).await;
        let response = self.http.request(method, url.clone()).send().await.map_err(|error| self.failure(&error))?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Reply {
            status: response.status(),
            location: header(LOCATION),
            retry_after: retry_after(response.headers()),
        })
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        let failure = |verdict, detail: String, passing| Failure { verdict, detail, passing };
        if error.is_timeout() {
            let seconds = self.config.timeout.as_secs_f32();
            return failure(LinkVerdict::Unverifiable, format!("timed out after {seconds} s"), false);
        }
        match look_up_error(error) {
            Some(LookUpError::Private) => {
                return failure(LinkVerdict::Unverifiable, "private address, not requested".to_owned(), false);
            }
            Some(LookUpError::Unknown(_)) => return failure(LinkVerdict::Broken, "no such host".to_owned(), false),
            None => {}
        }
        let deepest = deepest(error);
        let is_tls = ["certificate", "tls", "handshake", "corrupt message", "InvalidContentType"]
            .iter()
            .any(|word| deepest.to_lowercase().contains(&word.to_lowercase()));
        if is_tls {
            return failure(LinkVerdict::Broken, format!("no secure connection: {deepest}"), false);
        }
        failure(LinkVerdict::Broken, deepest, true)
    }
}

/// Where a reply redirects to: `None`: it does not; `Some(None)`: it does, and names no place.
fn redirect(reply: &Reply) -> Option<Option<&str>> {
    let redirects = matches!(reply.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    redirects.then_some(reply.location.as_deref())
}

/// What a status says about a link. Refusals, limits and gateways that are down say nothing about the page behind them;
/// 999 is how one large network turns programs away.
fn verdict_of(status: StatusCode) -> LinkVerdict {
    match status.as_u16() {
        401 | 403 | 407 | 408 | 425 | 429 | 451 | 502..=504 | 520..=530 | 999 => LinkVerdict::Unverifiable,
        _ => LinkVerdict::Broken,
    }
}

fn is_persistent(url: &Url) -> bool {
    url.host_str().is_some_and(|host| PERSISTENT.contains(&host))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(SystemTime::now()).unwrap_or_default())
}

fn look_up_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e LookUpError> {
    std::iter::successors(Some(error), |error| (*error).source()).find_map(|error| error.downcast_ref())
}

/// The innermost reason; the outer ones repeat the address, which may hold credentials.
fn deepest(error: &(dyn Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |error| (*error).source()).last();
    last.map_or_else(|| "no answer".to_owned(), |error| error.to_string())
}

/// An address without the credentials in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

fn answer(verdict: LinkVerdict, status: Option<StatusCode>, detail: impl Into<String>) -> LinkAnswer {
    LinkAnswer { verdict, status: status.map(|s| s.as_u16()), moved_to: None, detail: detail.into() }
}
