//! How fast one host, and all of them together, are asked. A host that answers fast and never complains is asked faster,
//! one that slows down or says that it is too much is asked slower.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::quota::Quota;

/// An answer that came within this time asks for no mercy.
const FAST: Duration = Duration::from_millis(300);
/// One that took longer is a sign of strain.
const SLOW: Duration = Duration::from_secs(2);
/// So many fast answers in a row double the rate.
const IN_A_ROW: u32 = 6;
/// After so many complaints in a row a host is a wall, and no longer waited for; nor is one that has granted nothing so
/// many times.
const PATIENCE: u32 = 3;
/// What this time allows may start at once to begin with and after a pause, where the rate is not a limit.
const BURST: Duration = Duration::from_secs(1);
/// A host that has granted all that it grants is waited for so long at most; beyond that it is asked, and says no.
const LONGEST_RESET: Duration = Duration::from_secs(60);
/// The lowest: once an hour, so that every run ends.
const LOWEST: f64 = 1.0 / 3600.0;
/// So much slower than a limit allows is asked.
const MARGIN: f64 = 1.05;
/// The highest rate that a host is ever asked at unless there is no limit at all, in requests a second.
const HIGHEST: f64 = 5000.0;

/// Lets requests through at each host's pace.
pub(super) struct Pace {
    all: Arc<Semaphore>,
    per_host: usize,
    per_second: Option<f64>,
    adapts: bool,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

struct Host {
    free: Arc<Semaphore>,
    places: Mutex<Places>,
    rate: Mutex<Rate>,
}

/// How many requests may be under way to a host.
#[derive(Debug)]
struct Places {
    most: usize,
    /// Those that are to go once they are free.
    surplus: usize,
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
    /// So many requests are left until then.
    left: Option<(u64, Instant)>,
    /// How often it has been waited for because nothing was left.
    waits: u32,
    /// So much time that was not used may be made up for at once.
    burst: Duration,
}

/// The right to have one request under way; dropping it gives the place to the next.
pub(super) struct Permit {
    host: Arc<Host>,
    on_host: Option<OwnedSemaphorePermit>,
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
    pub(super) fn new(concurrency: usize, per_host: usize, per_second: Option<f64>, adapts: bool) -> Self {
        Self {
            all: Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            per_host: per_host.clamp(1, Semaphore::MAX_PERMITS),
            per_second: per_second.filter(|rate| *rate > 0.0),
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
        let now = Instant::now();
        let turn = locked(&host.rate).take_turn(now);
        if turn > now {
            sleep_until(turn).await;
        }
        let on_all = Arc::clone(&self.all).acquire_owned().await.ok();
        Permit { host, on_host, _on_all: on_all }
    }

    /// Learns from how a host (name and port) bore a request that is over.
    pub(super) fn learn(&self, host: &str, bearing: Bearing) {
        locked(&self.host(host).rate).learn(bearing, Instant::now());
    }

    /// How many requests may be under way at once to a host (name and port).
    pub(super) fn at_once(&self, host: &str) -> usize {
        locked(&self.host(host).places).most
    }

    /// About how long it takes to ask a host (name and port) so many more questions.
    pub(super) fn time_for(&self, host: &str, questions: usize) -> Duration {
        locked(&self.host(host).rate).time_for(questions, Instant::now())
    }

    /// Sets the limits of one host (name and port): requests a second, and at once.
    pub(super) fn limit(&self, name: &str, per_second: Option<f64>, at_once: Option<usize>) {
        let rate = per_second.map_or_else(|| self.usual_rate(), |most| Rate::new(most, false));
        let host = Host::new(at_once.unwrap_or(self.per_host).max(1), rate);
        locked(&self.hosts).insert(name.to_owned(), Arc::new(host));
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = locked(&self.hosts);
        if let Some(host) = hosts.get(name) {
            return Arc::clone(host);
        }
        let host = Arc::new(Host::new(self.per_host, self.usual_rate()));
        hosts.insert(name.to_owned(), Arc::clone(&host));
        host
    }

    fn usual_rate(&self) -> Rate {
        self.per_second.map_or(Rate::new(f64::INFINITY, false), |start| Rate::new(start, self.adapts))
    }
}

impl Host {
    fn new(at_once: usize, rate: Rate) -> Self {
        let places = Mutex::new(Places { most: at_once, surplus: 0 });
        Self { free: Arc::new(Semaphore::new(at_once)), places, rate: Mutex::new(rate) }
    }

    /// Lowers the number of requests that may be under way, to one at least.
    fn keep_to(&self, most: usize) {
        let mut places = locked(&self.places);
        let more = places.most.saturating_sub(most.max(1));
        places.most -= more;
        places.surplus += more;
        places.surplus -= self.free.forget_permits(places.surplus);
    }
}

impl Permit {
    /// Learns from how the host bore the request.
    pub(super) fn learn(&self, bearing: Bearing) {
        locked(&self.host.rate).learn(bearing, Instant::now());
        if matches!(bearing, Bearing::Answered(time) if time >= SLOW) {
            // Many requests that wait for one slow host would take the place of those to others.
            let half = locked(&self.host.places).most / 2;
            self.host.keep_to(half);
        }
    }

    /// Learns what the host grants. Its word only ever lowers the limits that there are.
    pub(super) fn learn_quota(&self, quota: Quota) {
        locked(&self.host.rate).keep_to(quota, Instant::now());
        quota.at_once.into_iter().for_each(|most| self.host.keep_to(most));
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut places = locked(&self.host.places);
        if places.surplus > 0 {
            places.surplus -= 1;
            self.on_host.take().into_iter().for_each(OwnedSemaphorePermit::forget);
        }
    }
}

impl Rate {
    /// Infinity is no limit.
    fn new(start: f64, adapts: bool) -> Self {
        // A limit is one for whoever counts at the other end, where requests come in less evenly than they leave.
        let start = (if adapts { start } else { start / MARGIN }).max(LOWEST);
        let most = if adapts { HIGHEST.max(start) } else { start };
        let burst = if adapts { BURST } else { Duration::ZERO };
        let now = Instant::now();
        Self {
            now: start,
            most,
            least: (start / 4.0).max(1.0).min(start),
            next: now.checked_sub(burst).unwrap_or(now),
            fast: 0,
            complaints: 0,
            left: None,
            waits: 0,
            burst,
        }
    }

    /// When the request that asks now may start.
    fn take_turn(&mut self, now: Instant) -> Instant {
        match &mut self.left {
            Some((_, reset)) if *reset <= now => self.left = None,
            Some((0, reset)) => {
                // Who goes on granting nothing is asked all the same, and may say no.
                if self.waits < PATIENCE {
                    (self.waits, self.next) = (self.waits + 1, self.next.max(*reset));
                }
                self.left = None;
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
        let step = Duration::from_secs_f64(1.0 / self.now);
        let burst = self.burst.saturating_sub(step);
        let turn = self.next.max(now.checked_sub(burst).unwrap_or(now));
        self.next = turn + step;
        turn.max(now)
    }

    fn keep_to(&mut self, quota: Quota, now: Instant) {
        if let Some(rate) = quota.per_second.map(|rate| rate.max(LOWEST)) {
            self.most = self.most.min(rate);
            self.now = self.now.min(rate);
            self.least = self.least.min(rate);
        }
        if let Some((left, span)) = quota.left {
            // Requests that are under way have been taken off here, and not there yet.
            let known = self.left.filter(|(_, reset)| *reset > now).map_or(u64::MAX, |(left, _)| left);
            self.left = (span <= LONGEST_RESET).then_some((left.min(known), now + span));
        }
    }

    fn time_for(&self, questions: usize, now: Instant) -> Duration {
        let wait = self.next.saturating_duration_since(now);
        wait + Duration::try_from_secs_f64(questions as f64 / self.now).unwrap_or_default()
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
    #![allow(clippy::unwrap_used)]

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
        let quick = time(&mut Rate::new(10.0, true), 2000, Duration::from_millis(5));
        assert!(quick < Duration::from_secs(2), "{quick:?}");
        let bound = time(&mut Rate::new(10.0, false), 100, Duration::from_millis(5));
        assert!(bound >= Duration::from_millis(8900), "{bound:?}");
        // Neither fast nor slow: as it began.
        let middling = time(&mut Rate::new(10.0, true), 100, Duration::from_millis(800));
        assert!(middling >= Duration::from_millis(8900), "{middling:?}");
    }

    #[test]
    fn who_complains_is_asked_slower_for_good_but_not_waited_for_for_ever() {
        let mut rate = Rate::new(10.0, true);
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

    #[test]
    fn what_a_host_grants_is_kept_to() {
        let mut rate = Rate::new(f64::INFINITY, false);
        let now = rate.next;
        let seconds = Duration::from_secs;
        rate.keep_to(Quota { left: Some((2, seconds(30))), ..Quota::default() }, now);
        assert_eq!([rate.take_turn(now), rate.take_turn(now)], [now, now]);
        // An answer to an earlier request still counts those as left that are under way.
        rate.keep_to(Quota { left: Some((1, seconds(30))), ..Quota::default() }, now);
        assert_eq!(rate.take_turn(now), now + seconds(30));
        assert_eq!(rate.take_turn(now + seconds(31)), now + seconds(31));
        rate.keep_to(Quota { left: Some((0, seconds(4000))), ..Quota::default() }, now);
        assert_eq!(rate.take_turn(now + seconds(32)), now + seconds(32));
        let waits = (0..20).filter(|_| {
            let start = rate.next + seconds(60);
            rate.keep_to(Quota { left: Some((0, seconds(60))), ..Quota::default() }, start);
            rate.take_turn(start) > start
        });
        assert_eq!(waits.count(), 2, "and once before");
        rate.keep_to(Quota { per_second: Some(0.5), ..Quota::default() }, now);
        assert_eq!((rate.now, rate.time_for(10, rate.next)), (0.5, seconds(20)));
    }

    #[test]
    fn a_slow_host_is_asked_fewer_things_at_once() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let pace = Pace::new(10, 4, None, true);
            let permits = [pace.admit("a:1").await, pace.admit("a:1").await, pace.admit("a:1").await];
            permits[0].learn(Bearing::Answered(SLOW));
            assert_eq!(pace.at_once("a:1"), 2);
            permits[0].learn_quota(Quota { at_once: Some(1), ..Quota::default() });
            assert_eq!((pace.at_once("a:1"), pace.at_once("b:1")), (1, 4));
            drop(permits);
            assert_eq!(pace.host("a:1").free.available_permits(), 1);
        });
    }
}
