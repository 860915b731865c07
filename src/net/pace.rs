//! How fast one host, and all of them together, are asked. A host that answers fast and never complains is asked faster,
//! one that slows down or says that it is too much is asked slower.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// An answer that came within this time asks for no mercy.
const FAST: Duration = Duration::from_millis(300);
/// One that took longer is a sign of strain.
const SLOW: Duration = Duration::from_secs(2);
/// So many fast answers in a row double the rate.
const IN_A_ROW: u32 = 10;
/// After so many complaints in a row a host is a wall, and no longer waited for.
const PATIENCE: u32 = 3;
/// What this time allows may start at once after a pause.
const BURST: Duration = Duration::from_secs(1);
/// The highest rate that a host is ever asked at unless there is no limit at all, in requests a second.
const HIGHEST: f64 = 5000.0;

/// Lets requests through at each host's pace.
pub(super) struct Pace {
    all: Arc<Semaphore>,
    per_host: usize,
    per_second: Option<u32>,
    adapts: bool,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

struct Host {
    free: Arc<Semaphore>,
    rate: Option<Mutex<Rate>>,
}

/// A token bucket (in the form of GCRA) whose rate follows what the host bears.
#[derive(Debug)]
struct Rate {
    /// Requests a second now, and at most.
    now: f64,
    most: f64,
    /// At least, so that a run ends.
    least: f64,
    /// When the next request may start, before what is left of the burst.
    next: Instant,
    fast: u32,
    complaints: u32,
}

/// The right to have one request under way; dropping it gives the place to the next.
pub(super) struct Permit {
    host: Arc<Host>,
    _on_host: Option<OwnedSemaphorePermit>,
    _on_all: Option<OwnedSemaphorePermit>,
}

/// How a host bore a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearing {
    /// It answered after this time.
    Answered(Duration),
    /// It asked to be left alone, perhaps for a time that it named.
    Complained(Option<Duration>),
}

impl Pace {
    /// At most `concurrency` requests at once, `per_host` of them to one host, and `per_second` a second to one host:
    /// for good, or to begin with where the pace adapts. `None` and 0 set no limit.
    pub(super) fn new(concurrency: usize, per_host: usize, per_second: Option<u32>, adapts: bool) -> Self {
        Self {
            all: Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            per_host: per_host.clamp(1, Semaphore::MAX_PERMITS),
            per_second: per_second.filter(|n| *n > 0),
            adapts,
            hosts: Mutex::default(),
        }
    }

    /// Waits until a request to `host` (name and port) may start. The host's turn comes first: those who wait for a
    /// slow host take no place from the others.
    pub(super) async fn admit(&self, host: &str) -> Permit {
        let host = self.host(host);
        // The semaphores are never closed, so there is always a permit.
        let on_host = Arc::clone(&host.free).acquire_owned().await.ok();
        let turn = host.rate.as_ref().map(|rate| locked(rate).take_turn(Instant::now()));
        if let Some(turn) = turn {
            sleep_until(turn).await;
        }
        let on_all = Arc::clone(&self.all).acquire_owned().await.ok();
        Permit { host, _on_host: on_host, _on_all: on_all }
    }

    /// Sets the limits of one host (name and port) that makes its own known.
    pub(super) fn limit(&self, name: &str, per_second: u32, at_once: usize) {
        let host = Host::new(at_once.max(1), Some(Rate::new(per_second, false)));
        locked(&self.hosts).insert(name.to_owned(), Arc::new(host));
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = locked(&self.hosts);
        if let Some(host) = hosts.get(name) {
            return Arc::clone(host);
        }
        let host = Arc::new(Host::new(self.per_host, self.per_second.map(|n| Rate::new(n, self.adapts))));
        hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }
}

impl Host {
    fn new(at_once: usize, rate: Option<Rate>) -> Self {
        Self { free: Arc::new(Semaphore::new(at_once)), rate: rate.map(Mutex::new) }
    }
}

impl Permit {
    /// Learns from how the host bore the request.
    pub(super) fn learn(&self, bearing: Bearing) {
        if let Some(rate) = &self.host.rate {
            locked(rate).learn(bearing, Instant::now());
        }
    }
}

impl Rate {
    fn new(per_second: u32, adapts: bool) -> Self {
        let start = f64::from(per_second.max(1));
        let most = if adapts { HIGHEST.max(start) } else { start };
        Self {
            now: start,
            most,
            least: (start / 4.0).max(1.0).min(start),
            next: Instant::now(),
            fast: 0,
            complaints: 0,
        }
    }

    /// When the request that asks now may start.
    fn take_turn(&mut self, now: Instant) -> Instant {
        let step = Duration::from_secs_f64(1.0 / self.now);
        let burst = BURST.saturating_sub(step);
        let turn = self.next.max(now.checked_sub(burst).unwrap_or(now));
        self.next = turn + step;
        turn.max(now)
    }

    fn learn(&mut self, bearing: Bearing, now: Instant) {
        match bearing {
            Bearing::Answered(time) if time <= FAST => {
                (self.fast, self.complaints) = (self.fast + 1, 0);
                if self.fast >= IN_A_ROW {
                    (self.fast, self.now) = (0, (self.now * 2.0).min(self.most));
                }
            }
            Bearing::Answered(time) => {
                (self.fast, self.complaints) = (0, 0);
                if time >= SLOW {
                    self.now = (self.now * 0.7).max(self.least);
                }
            }
            Bearing::Complained(wait) => {
                (self.fast, self.complaints) = (0, self.complaints + 1);
                // It has told what it bears: never above that again.
                self.now = (self.now / 2.0).max(self.least);
                self.most = self.now;
                if let Some(wait) = wait.filter(|_| self.complaints <= PATIENCE) {
                    self.next = self.next.max(now + wait);
                }
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long `requests` take that are all there at once, when each is answered after `answer`.
    fn time(rate: &mut Rate, requests: u32, answer: Duration) -> Duration {
        let start = rate.next + BURST;
        let mut now = start;
        for _ in 0..requests {
            now = rate.take_turn(now);
            rate.learn(Bearing::Answered(answer), now);
        }
        now - start
    }

    #[test]
    fn a_fast_host_is_asked_faster_and_a_limit_stays_one() {
        let quick = time(&mut Rate::new(10, true), 2000, Duration::from_millis(5));
        assert!(quick < Duration::from_secs(2), "{quick:?}");
        let bound = time(&mut Rate::new(10, false), 100, Duration::from_millis(5));
        assert!(bound >= Duration::from_millis(8900), "{bound:?}");
        // Neither fast nor slow: as it began.
        let middling = time(&mut Rate::new(10, true), 100, Duration::from_millis(800));
        assert!(middling >= Duration::from_millis(8900), "{middling:?}");
    }

    #[test]
    fn who_complains_is_asked_slower_for_good_but_not_waited_for_for_ever() {
        let mut rate = Rate::new(10, true);
        time(&mut rate, 100, Duration::ZERO);
        let (before, now) = (rate.now, rate.next);
        rate.learn(Bearing::Complained(Some(Duration::from_secs(7))), now);
        assert_eq!((rate.now, rate.take_turn(now)), (before / 2.0, now + Duration::from_secs(7)));
        let later = rate.next;
        time(&mut rate, 1000, Duration::ZERO);
        assert_eq!(rate.now, before / 2.0);
        for _ in 0..50 {
            rate.learn(Bearing::Complained(Some(Duration::from_secs(60))), later);
        }
        assert_eq!(rate.now, rate.least);
        assert!(rate.next <= later + Duration::from_secs(600));
        rate.learn(Bearing::Answered(Duration::from_secs(5)), later);
        assert_eq!(rate.now, rate.least);
    }
}
