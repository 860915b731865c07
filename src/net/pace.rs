//! How fast one host, and all of them together, are asked.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Lets requests through at each host's pace.
pub(super) struct Pace {
    all: Arc<Semaphore>,
    per_host: usize,
    per_second: Option<NonZeroU32>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

struct Host {
    free: Arc<Semaphore>,
    rate: Option<DefaultDirectRateLimiter>,
}

/// The right to have one request under way; dropping it gives the place to the next.
pub(super) struct Permit {
    _host: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Pace {
    /// At most `concurrency` requests at once, `per_host` of them to one host, and `per_second` a second to one host.
    pub(super) fn new(concurrency: usize, per_host: usize, per_second: Option<u32>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            per_host: per_host.clamp(1, Semaphore::MAX_PERMITS),
            per_second: per_second.and_then(NonZeroU32::new),
            hosts: Mutex::default(),
        }
    }

    /// Waits until a request to `host` (name and port) may start. The host's turn comes first: those who wait for a
    /// slow host take no place from the others.
    pub(super) async fn admit(&self, host: &str) -> Permit {
        let host = self.host(host);
        // The semaphores are never closed, so there is always a permit.
        let on_host = Arc::clone(&host.free).acquire_owned().await.ok();
        if let Some(rate) = &host.rate {
            rate.until_ready().await;
        }
        let on_all = Arc::clone(&self.all).acquire_owned().await.ok();
        Permit { _host: on_host, _all: on_all }
    }

    /// Sets the limits of one host (name and port) that makes its own known.
    pub(super) fn limit(&self, name: &str, per_second: u32, at_once: usize) {
        let rate = NonZeroU32::new(per_second).map(|n| RateLimiter::direct(Quota::per_second(n)));
        let host = Arc::new(Host { free: Arc::new(Semaphore::new(at_once.max(1))), rate });
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), host);
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(name) {
            return Arc::clone(host);
        }
        let rate = self.per_second.map(|n| RateLimiter::direct(Quota::per_second(n)));
        let host = Arc::new(Host { free: Arc::new(Semaphore::new(self.per_host)), rate });
        hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }
}
