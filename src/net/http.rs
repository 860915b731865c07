//! One request after another, each at its host's pace: bounded in time and size, and made again while it may still come
//! right.

use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONNECTION, HeaderMap, RETRY_AFTER};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use crate::evidence::links::is_private_host;

use super::NetConfig;
use super::failure::Failure;
use super::pace::{Bearing, Pace};
use super::quota;
use super::reply::{Appetite, Cut, Reply};

/// The first pause before a request is made again, where the server names none. It doubles from time to time.
const BACK_OFF: Duration = Duration::from_millis(500);

/// Asks addresses.
pub(super) struct Asker {
    pub(super) http: reqwest::Client,
    pub(super) pace: Pace,
    pub(super) config: NetConfig,
}

/// What is to be requested.
pub(super) struct Request<'a> {
    pub(super) url: &'a Url,
    pub(super) accept: &'static str,
    pub(super) appetite: Appetite,
    /// Whether nothing more is to be asked there soon: then the connection is not kept.
    pub(super) is_last: bool,
}

/// The time that a question has left. Waiting for a turn costs nothing.
pub(super) struct Allowance(Duration);

impl Allowance {
    fn spend(&mut self, time: Duration) {
        self.0 = self.0.saturating_sub(time);
    }
}

impl Asker {
    /// The time that one question may take in all.
    pub(super) fn allowance(&self) -> Allowance {
        Allowance(self.config.timeout * 3)
    }

    /// Makes a request until it is clear what the server says, or until there is no point or no time to go on.
    /// `is_busy` knows replies that ask for patience without a status that says so.
    pub(super) async fn persist(
        &self,
        request: &Request<'_>,
        allowance: &mut Allowance,
        is_busy: &(dyn Fn(&Reply) -> bool + Sync),
    ) -> Result<Reply, Failure> {
        let mut tries = 0;
        loop {
            let outcome = self.exchange(request, allowance).await;
            let busy = outcome.as_ref().is_ok_and(is_busy);
            if busy {
                self.pace.learn(&origin(request.url), Bearing::Complained(None));
            }
            let wait = self.pause(&outcome, busy, tries);
            let Some(wait) = wait.filter(|wait| tries < self.config.retries && *wait < allowance.0) else {
                return outcome;
            };
            tries += 1;
            allowance.spend(wait);
            sleep(wait).await;
        }
    }

    /// How long to wait before asking again; `None` where that is of no use or asks for too much patience.
    fn pause(&self, outcome: &Result<Reply, Failure>, busy: bool, tries: u32) -> Option<Duration> {
        let reply = match outcome {
            Err(failure) => return failure.may_pass().then(|| self.back_off(tries)),
            Ok(reply) => reply,
        };
        match (reply.status.as_u16(), retry_after(&reply.headers)) {
            (429 | 503, Some(wait)) => (wait <= self.config.max_retry_after).then_some(wait),
            (429 | 500 | 502..=504 | 520..=530, _) => Some(self.back_off(tries)),
            _ => busy.then(|| self.back_off(tries)),
        }
    }

    /// The pause before a request is made again, where the server names none: longer each time, and never the same for
    /// two requests that failed together.
    fn back_off(&self, tries: u32) -> Duration {
        let longest = BACK_OFF.min(self.config.timeout / 4) * 2_u32.pow(tries.min(4));
        longest.mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// One request, once its turn has come.
    async fn exchange(&self, request: &Request<'_>, allowance: &mut Allowance) -> Result<Reply, Failure> {
        let url = request.url;
        if !self.config.allow_private && url.host_str().is_none_or(is_private_host) {
            return Err(Failure::Private);
        }
        let permit = self.pace.admit(&origin(url)).await;
        let longest = self.config.timeout.min(allowance.0);
        if longest.is_zero() {
            return Err(Failure::TimedOut(self.config.timeout * 3));
        }
        let mut sending = self.http.get(without_fragment(url)).header(ACCEPT, request.accept);
        if let Some(secret) = self.config.authorization(url) {
            sending = sending.header(AUTHORIZATION, secret);
        }
        if request.is_last {
            sending = sending.header(CONNECTION, "close");
        }
        let start = Instant::now();
        let sent = timeout(longest, sending.send()).await;
        let took = start.elapsed();
        allowance.spend(took);
        let response = match sent {
            Ok(sent) => sent.map_err(|error| Failure::of(&error, longest))?,
            Err(_) => {
                permit.learn(Bearing::Answered(longest));
                return Err(Failure::TimedOut(longest));
            }
        };
        permit.learn(self.bearing(response.status().as_u16(), response.headers(), took));
        permit.learn_quota(quota::of(response.headers(), SystemTime::now()));
        let longest = self.config.timeout.min(allowance.0);
        let start = Instant::now();
        let reply = Reply::read(response, request.appetite, longest).await;
        allowance.spend(start.elapsed());
        match &reply.cut {
            Some(Cut::Failed(failure)) if !reply.has_begun() => Err(failure.clone()),
            _ => Ok(reply),
        }
    }

    /// How a host bore a request, from its reply.
    fn bearing(&self, status: u16, headers: &HeaderMap, time: Duration) -> Bearing {
        match (status, retry_after(headers)) {
            (429, wait) | (503, wait @ Some(_)) => {
                Bearing::Complained(wait.filter(|wait| *wait <= self.config.max_retry_after))
            }
            _ => Bearing::Answered(time),
        }
    }
}

/// Host and port, as the pace knows them.
pub(super) fn origin(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or(""), url.port_or_known_default().unwrap_or(0))
}

pub(super) fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

/// How long a server asks to be left alone (RFC 9110, section 10.2.3): seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
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
