//! How many requests a server still grants, from the headers in which servers say so.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderMap;

/// What a server grants.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Quota {
    /// So many requests until then.
    pub(super) left: Option<(u64, Duration)>,
    /// So many a second, for good.
    pub(super) per_second: Option<f64>,
    /// So many at once, for good.
    pub(super) at_once: Option<usize>,
}

/// Seconds above this are a moment, counted from 1970, and no span.
const FIRST_MOMENT: f64 = 1e8;
/// The longest window that is taken for one.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What the headers of a reply grant: `RateLimit` and `RateLimit-*` (drafts of the IETF), `X-RateLimit-*` (GitHub and
/// many others), `X-Rate-Limit-Interval` and `X-Concurrency-Limit` (Crossref).
pub(super) fn of(headers: &HeaderMap, now: SystemTime) -> Quota {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let first = |names: &[&str]| names.iter().find_map(|name| text(name)).and_then(number);
    let parameter = |name: &str| {
        let all = text("ratelimit")?.split([',', ';']).filter_map(|part| part.split_once('='));
        all.into_iter().find(|(key, _)| key.trim() == name).and_then(|(_, value)| number(value))
    };
    let left = first(&["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"])
        .or_else(|| parameter("remaining").or_else(|| parameter("r")));
    let reset = first(&["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"])
        .or_else(|| parameter("reset").or_else(|| parameter("t")));
    let limit = first(&["x-rate-limit-limit", "x-ratelimit-limit"]);
    let interval = text("x-rate-limit-interval").or_else(|| text("x-ratelimit-interval"));
    let interval = interval.and_then(|text| number(text.trim_end_matches('s')));
    Quota {
        left: left.zip(reset).and_then(|(left, reset)| Some((left as u64, span(reset, now)?))),
        per_second: limit
            .zip(interval)
            .map(|(limit, interval)| limit / interval)
            .filter(|rate| *rate > 0.0 && rate.is_finite()),
        at_once: first(&["x-concurrency-limit"]).map(|most| most as usize).filter(|most| *most > 0),
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().trim_matches('"').parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

fn span(reset: f64, now: SystemTime) -> Option<Duration> {
    let since_1970 = now.duration_since(UNIX_EPOCH).ok()?.as_secs_f64();
    let seconds = if reset > FIRST_MOMENT { (reset - since_1970).max(0.0) } else { reset };
    Duration::try_from_secs_f64(seconds).ok().filter(|span| *span <= LONGEST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::header::HeaderName;

    use super::*;

    #[test]
    fn servers_grant_in_many_words() {
        let of = |headers: &[(&'static str, &'static str)]| {
            let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
            super::of(&HeaderMap::from_iter(headers), UNIX_EPOCH + Duration::from_secs(1_800_000_000))
        };
        let left = |headers: &[(&'static str, &'static str)]| of(headers).left;
        let seconds = Duration::from_secs;
        assert_eq!(left(&[("ratelimit-remaining", "9"), ("ratelimit-reset", "30")]), Some((9, seconds(30))));
        assert_eq!(
            left(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1800000060")]),
            Some((0, seconds(60)))
        );
        assert_eq!(left(&[("ratelimit", "limit=100, remaining=5, reset=2")]), Some((5, seconds(2))));
        assert_eq!(left(&[("ratelimit", "\"default\";r=7;t=3")]), Some((7, seconds(3))));
        for odd in ["soon", "-1", "inf", ""] {
            assert_eq!(left(&[("ratelimit-remaining", odd), ("ratelimit-reset", "30")]), None, "{odd}");
        }
        let crossref =
            of(&[("x-rate-limit-limit", "50"), ("x-rate-limit-interval", "1s"), ("x-concurrency-limit", "3")]);
        assert_eq!((crossref.per_second, crossref.at_once), (Some(50.0), Some(3)));
        assert_eq!(of(&[]), Quota::default());
    }
}
