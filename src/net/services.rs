//! Asks registries: paced, retried a few times, bounded in time and size.

use reqwest::header::{ACCEPT, HeaderMap, LOCATION};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use crate::evidence::Answer;
use crate::evidence::records::{Id, Registry};

use super::failure::Failure;
use super::http::{Asker, retry_after};
use super::registries::{self, Unread};

/// Longest reply that is read, in bytes once unpacked. The longest real ones are below a tenth of it.
const LONGEST_REPLY: usize = 8 * 1024 * 1024;

/// Most redirects: old numbers lead to new ones.
const MOST_REDIRECTS: usize = 3;

/// What came of one request.
enum Outcome {
    Replied(u16, HeaderMap, Vec<u8>),
    Failed(Failure),
    TooLong,
}

impl Asker {
    /// What a registry holds on an identifier. What keeps it from answering is told and never taken for an answer.
    pub(super) async fn ask_registry(&self, registry: Registry, id: &Id) -> Answer {
        let unknown = |why: String| Answer::Unknown { why };
        let base = self.config.services.get(&registry).map_or(registry.base(), String::as_str);
        let Some(mut url) = registries::address(registry, base, id) else {
            return unknown("the service's address cannot be read".to_owned());
        };
        let (mut tries, mut redirects) = (self.config.retries, MOST_REDIRECTS);
        loop {
            let (why, wait) = match self.get(&url).await {
                Outcome::TooLong => return unknown("the reply is too long".to_owned()),
                Outcome::Failed(failure) if failure.may_pass() => (failure.into_answer().detail, Some(self.back_off())),
                Outcome::Failed(failure) => return unknown(failure.into_answer().detail),
                Outcome::Replied(301 | 302 | 307 | 308, headers, _) if redirects > 0 => {
                    redirects -= 1;
                    match next(&url, &headers) {
                        Some(to) => url = to,
                        None => return unknown("redirect to another site".to_owned()),
                    }
                    continue;
                }
                Outcome::Replied(status, headers, body) => match registries::read(registry, id, status, &body) {
                    Ok(record) => return Answer::Record(record),
                    Err(why @ (Unread::Busy | Unread::Status(500..=599))) => {
                        let wait = retry_after(&headers).unwrap_or_else(|| self.back_off());
                        (why.to_string(), (wait <= self.config.max_retry_after).then_some(wait))
                    }
                    Err(why) => return unknown(why.to_string()),
                },
            };
            let Some(wait) = wait.filter(|_| tries > 0) else { return unknown(why) };
            tries -= 1;
            sleep(wait).await;
        }
    }

    /// One request with its whole reply, once its turn has come.
    async fn get(&self, url: &Url) -> Outcome {
        let permit = match self.turn(url).await {
            Ok(permit) => permit,
            Err(failure) => return Outcome::Failed(failure),
        };
        let start = Instant::now();
        let longest = self.config.timeout;
        let whole = async {
            let failed = |error: &reqwest::Error| Outcome::Failed(Failure::of(error, longest));
            let mut response = match self.http.get(url.clone()).header(ACCEPT, "application/json").send().await {
                Ok(response) => response,
                Err(error) => return failed(&error),
            };
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            permit.learn(self.bearing(status, &headers, start.elapsed()));
            let mut body = Vec::new();
            loop {
                match response.chunk().await {
                    Ok(Some(chunk)) if body.len() + chunk.len() > LONGEST_REPLY => return Outcome::TooLong,
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    Ok(None) => return Outcome::Replied(status, headers, body),
                    Err(error) => return failed(&error),
                }
            }
        };
        timeout(longest, whole).await.unwrap_or(Outcome::Failed(Failure::TimedOut(longest)))
    }
}

/// Where a redirect leads, if it stays on its site.
fn next(url: &Url, headers: &HeaderMap) -> Option<Url> {
    let to = url.join(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    (to.origin() == url.origin()).then_some(to)
}
