//! One address, asked until it is clear how it fares: hop by hop along its redirects, HEAD first and GET where HEAD
//! says nothing good, once more where the failure may pass.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use crate::evidence::links::{LinkAnswer, LinkVerdict, is_private_host};

use super::NetConfig;
use super::failure::Failure;
use super::pace::{Bearing, Pace, Permit};

/// Hosts whose addresses are made to last and only ever lead elsewhere: their redirects are not news.
const PERSISTENT: [&str; 5] = ["doi.org", "dx.doi.org", "hdl.handle.net", "purl.org", "www.purl.org"];

/// Longest pause before a request is made again, where the server names none.
const BACK_OFF: Duration = Duration::from_millis(500);

/// Asks addresses.
pub(super) struct Asker {
    pub(super) http: reqwest::Client,
    pub(super) pace: Pace,
    pub(super) config: NetConfig,
}

/// What a server's headers said.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
}

/// The time that a question has left. Waiting for a turn costs nothing.
struct Allowance(Duration);

impl Allowance {
    fn spend(&mut self, time: Duration) {
        self.0 = self.0.saturating_sub(time);
    }
}

/// Where a walk along redirects stands.
struct Walk {
    visited: HashSet<Url>,
    /// Every redirect so far was a permanent one.
    permanent: bool,
    /// Some redirect set a cookie: the site may only let those pass who bring it back.
    wants_cookies: bool,
}

impl Asker {
    /// How an address fares. Always an answer, in bounded time.
    pub(super) async fn ask(&self, address: &str) -> LinkAnswer {
        let Ok(mut url) = Url::parse(address) else { return broken(None, "the address cannot be read") };
        let mut allowance = Allowance(self.config.timeout * 3);
        let mut walk = Walk { visited: HashSet::new(), permanent: true, wants_cookies: false };
        loop {
            let reply = match self.fetch(&url, &mut allowance).await {
                Ok(reply) => reply,
                Err(failure) => return failure.into_answer(),
            };
            if !is_redirect(reply.status) || self.accepts(reply.status) {
                return self.judge(reply.status, &url, &walk);
            }
            url = match self.next_hop(&url, &reply, &mut walk) {
                Ok(next) => next,
                Err(answer) => return answer,
            };
        }
    }

    /// Where a redirect leads, or why nobody should go there.
    fn next_hop(&self, url: &Url, reply: &Reply, walk: &mut Walk) -> Result<Url, LinkAnswer> {
        let status = Some(reply.status.as_u16());
        let Some(location) = reply.headers.get(LOCATION) else {
            return Err(broken(status, "redirect without an address"));
        };
        let Some(mut next) = std::str::from_utf8(location.as_bytes()).ok().and_then(|to| url.join(to).ok()) else {
            return Err(broken(status, "redirect to an address that cannot be read"));
        };
        if !matches!(next.scheme(), "http" | "https") {
            return Err(unverifiable(status, &format!("redirect to a `{}:` address", next.scheme())));
        }
        if next.fragment().is_none() {
            next.set_fragment(url.fragment());
        }
        let is_persistent = url.host_str().is_some_and(|host| PERSISTENT.contains(&host));
        walk.permanent &= matches!(reply.status.as_u16(), 301 | 308) && !is_persistent;
        walk.wants_cookies |= reply.headers.contains_key(SET_COOKIE);
        walk.visited.insert(without_fragment(url));
        let circle = walk.visited.contains(&without_fragment(&next));
        let why = match (circle, walk.visited.len() > self.config.max_redirects) {
            (true, _) => "redirect loop",
            (false, true) => "too many redirects",
            (false, false) => return Ok(next),
        };
        if walk.wants_cookies {
            return Err(unverifiable(status, &format!("{why}, perhaps for want of cookies")));
        }
        Err(broken(status, why))
    }

    /// The headers of one address: by HEAD if that goes well, else by GET, whose body is never read.
    async fn fetch(&self, url: &Url, allowance: &mut Allowance) -> Result<Reply, Failure> {
        let mut outcome = self.send(Method::HEAD, url, allowance).await;
        let mut retries = self.config.retries;
        // HEAD alone may be unwelcome, so GET follows at once, unless the server asked to be left alone for a while.
        let mut get_at_once = match &outcome {
            Ok(reply) => !(matches!(reply.status.as_u16(), 429 | 503) && retry_after(&reply.headers).is_some()),
            Err(failure) => failure.is_about_the_request(),
        };
        loop {
            let is_final = match &outcome {
                Ok(reply) => reply.status.as_u16() < 400 || self.accepts(reply.status),
                Err(failure) => !failure.is_about_the_request() && !failure.may_pass(),
            };
            if is_final {
                return outcome;
            }
            if !std::mem::take(&mut get_at_once) {
                let Some(wait) = self.pause(&outcome).filter(|wait| retries > 0 && *wait < allowance.0) else {
                    return outcome;
                };
                retries -= 1;
                allowance.spend(wait);
                sleep(wait).await;
            }
            if allowance.0.is_zero() {
                return outcome;
            }
            outcome = self.send(Method::GET, url, allowance).await;
        }
    }

    /// How long to wait before asking again; `None` where that is of no use or asks for too much patience.
    fn pause(&self, outcome: &Result<Reply, Failure>) -> Option<Duration> {
        match outcome {
            Err(failure) => failure.may_pass().then_some(self.back_off()),
            Ok(reply) => match (reply.status.as_u16(), retry_after(&reply.headers)) {
                (429 | 503, Some(wait)) => (wait <= self.config.max_retry_after).then_some(wait),
                (429, None) | (500..=599, _) => Some(self.back_off()),
                _ => None,
            },
        }
    }

    /// The pause before a request is made again, where the server names none.
    pub(super) fn back_off(&self) -> Duration {
        BACK_OFF.min(self.config.timeout / 4)
    }

    /// Waits until a request to that address may start, if it may be asked at all.
    pub(super) async fn turn(&self, url: &Url) -> Result<Permit, Failure> {
        if !self.config.allow_private && url.host_str().is_none_or(is_private_host) {
            return Err(Failure::Private);
        }
        let host = format!("{}:{}", url.host_str().unwrap_or(""), url.port_or_known_default().unwrap_or(0));
        Ok(self.pace.admit(&host).await)
    }

    /// One request, once its turn has come.
    async fn send(&self, method: Method, url: &Url, allowance: &mut Allowance) -> Result<Reply, Failure> {
        let permit = self.turn(url).await?;
        let longest = self.config.timeout.min(allowance.0);
        let start = Instant::now();
        let sent = timeout(longest, self.http.request(method, without_fragment(url)).send()).await;
        allowance.spend(start.elapsed());
        match sent {
            Ok(Ok(response)) => {
                let reply = Reply::of(response);
                permit.learn(self.bearing(reply.status.as_u16(), &reply.headers, start.elapsed()));
                Ok(reply)
            }
            Ok(Err(error)) => Err(Failure::of(&error, longest)),
            Err(_) => {
                permit.learn(Bearing::Answered(longest));
                Err(Failure::TimedOut(longest))
            }
        }
    }

    /// How a host bore a request, from its reply.
    pub(super) fn bearing(&self, status: u16, headers: &HeaderMap, time: Duration) -> Bearing {
        match (status, retry_after(headers)) {
            (429, wait) | (503, wait @ Some(_)) => {
                Bearing::Complained(wait.filter(|wait| *wait <= self.config.max_retry_after))
            }
            _ => Bearing::Answered(time),
        }
    }

    fn accepts(&self, status: StatusCode) -> bool {
        self.config.accept.contains(&status.as_u16())
    }

    fn judge(&self, status: StatusCode, url: &Url, walk: &Walk) -> LinkAnswer {
        let code = status.as_u16();
        let detail = described(status);
        if code < 400 || self.accepts(status) {
            let moved_to = (walk.permanent && !walk.visited.is_empty()).then(|| without_credentials(url));
            let verdict = if moved_to.is_some() { LinkVerdict::Moved } else { LinkVerdict::Ok };
            return LinkAnswer { verdict, status: Some(code), moved_to, detail };
        }
        match code {
            401 | 403 | 407 | 429 | 451 | 999 | 502..=504 | 520..=530 => unverifiable(Some(code), &detail),
            _ => broken(Some(code), &detail),
        }
    }
}

impl Reply {
    fn of(response: Response) -> Self {
        Self { status: response.status(), headers: response.headers().clone() }
    }
}

fn broken(status: Option<u16>, detail: &str) -> LinkAnswer {
    LinkAnswer { verdict: LinkVerdict::Broken, status, moved_to: None, detail: detail.to_owned() }
}

fn unverifiable(status: Option<u16>, detail: &str) -> LinkAnswer {
    LinkAnswer { verdict: LinkVerdict::Unverifiable, status, moved_to: None, detail: detail.to_owned() }
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

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

fn without_credentials(url: &Url) -> String {
    let mut url = url.clone();
    // Refused only for addresses that cannot have credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// How long a server asks to be left alone (RFC 9110, section 10.2.3): seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            // A date that has passed means now.
            Some(date.duration_since(SystemTime::now()).unwrap_or_default())
        }
    }
}
