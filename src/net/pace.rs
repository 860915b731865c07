//! How fast hosts are asked: so many requests at once and a second, each host for itself.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limits of one host.
#[derive(Debug)]
struct Host {
    at_once: Arc<Semaphore>,
    rate: Option<DefaultDirectRateLimiter>,
}

/// All limits.
#[derive(Debug)]
pub(super) struct Pace {
    all: Arc<Semaphore>,
    per_host: usize,
    per_second: Option<NonZeroU32>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// Leave to send one request; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _host: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Pace {
    pub(super) fn new(all: usize, per_host: usize, per_second: Option<u32>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all.max(1))),
            per_host: per_host.max(1),
            per_second: per_second.and_then(NonZeroU32::new),
            hosts: Mutex::default(),
        }
    }

    /// Waits for a turn at this host (name and port). The host's limits come first, so that those who wait for a slow
    /// host do not stand in the way of the others.
    pub(super) async fn turn(&self, host: &str) -> Turn {
        let host = self.host(host);
        let at_host = host.at_once.clone().acquire_owned().await.ok();
        if let Some(rate) = &host.rate {
            rate.until_ready().await;
        }
        let overall = self.all.clone().acquire_owned().await.ok();
        Turn { _host: at_host, _all: overall }
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || {
            Arc::new(Host {
                at_once: Arc::new(Semaphore::new(self.per_host)),
                rate: self.per_second.map(|rate| RateLimiter::direct(Quota::per_second(rate))),
            })
        };
        hosts.entry(name.to_owned()).or_insert_with(fresh).clone()
    }
}
