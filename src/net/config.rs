//! How the outside is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use regex::Regex;
use reqwest::header::HeaderValue;
use url::Url;

use crate::evidence::Question;
use crate::evidence::quotations::Source;
use crate::evidence::records::Registry;

/// How the outside is asked.
#[derive(Clone, Debug)]
pub struct NetConfig {
    /// Lets loopback, private and link-local addresses be asked.
    pub allow_private: bool,
    /// Asks nothing over the network; local files are still looked at.
    pub offline: bool,
    /// Longest wait for one request's headers, and for what is read of its body. A whole question takes at most three
    /// times as long, not counting the time it waits for its turn.
    pub timeout: Duration,
    /// Most redirects followed.
    pub max_redirects: usize,
    /// Most requests under way at once.
    pub concurrency: usize,
    /// Most requests under way at once to one host and port.
    pub per_host_concurrency: usize,
    /// Most requests a second to one host and port; `None` and 0 set no limit.
    pub requests_per_second: Option<f64>,
    /// Takes that rate as the first one only: hosts that answer fast are asked faster.
    pub adapts: bool,
    /// How often a request is made again after a failure that may pass.
    pub retries: u32,
    /// Longest wait that a server may ask for (`Retry-After`) before its answer is taken as it is.
    pub max_retry_after: Duration,
    /// Who asks.
    pub user_agent: String,
    /// HTTP statuses that count as success besides 2xx.
    pub accept: Vec<u16>,
    /// What holds for some hosts alone.
    pub hosts: Vec<HostConfig>,
    /// Addresses that are asked although `exclude` names them; without any `exclude`, these alone are asked.
    pub include: Vec<Regex>,
    /// Addresses that are not asked; such questions stay without an answer.
    pub exclude: Vec<Regex>,
    /// Addresses that are asked at another place: what matches the first becomes the second, where `$1` stands for a
    /// group. The first pair that matches counts.
    pub remap: Vec<(Regex, String)>,
    /// Through whom hosts that are not private are asked. The environment is not read here.
    pub proxies: Proxies,
    /// Base addresses of registries that are not to be asked at their own.
    pub services: BTreeMap<Registry, String>,
    /// Registries that are not to be asked at all.
    pub silent: BTreeSet<Registry>,
    /// The base address of the archive that is asked for copies of dead pages; `None`: it is not asked.
    pub archive: Option<String>,
}

/// What holds for one host alone.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Which addresses it is about.
    pub origin: Origin,
    /// HTTP statuses that count as success there.
    pub accept: Vec<u16>,
    /// What tells the host who asks. Sent nowhere else, and without encryption only where the origin says `http://`.
    pub secret: Option<Secret>,
    /// Most requests a second.
    pub requests_per_second: Option<f64>,
    /// Most requests under way at once.
    pub concurrency: Option<usize>,
}

/// A host as configuration names it: `wiki.example.org`, `wiki.example.org:8080`, `http://wiki.example.org`. Without a
/// port it stands for the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Option<String>,
    host: String,
    port: Option<u16>,
}

/// The value of an `Authorization` header. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(HeaderValue);

/// Through whom hosts are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The proxy for `http:` addresses.
    pub http: Option<String>,
    /// The proxy for `https:` addresses.
    pub https: Option<String>,
    /// Hosts that are asked without one, as `NO_PROXY` lists them.
    pub bypass: String,
}

impl Default for NetConfig {
    fn default() -> Self {
        Self {
            allow_private: false,
            offline: false,
            timeout: Duration::from_secs(20),
            max_redirects: 10,
            concurrency: 128,
            per_host_concurrency: 8,
            requests_per_second: Some(10.0),
            adapts: true,
            retries: 2,
            max_retry_after: Duration::from_secs(10),
            user_agent: concat!("caveat/", env!("CARGO_PKG_VERSION"), " (link check)").to_owned(),
            accept: Vec::new(),
            hosts: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            remap: Vec::new(),
            proxies: Proxies::default(),
            services: BTreeMap::new(),
            silent: BTreeSet::new(),
            archive: None,
        }
    }
}

impl NetConfig {
    /// Whether a client with this configuration asks the network that question at all.
    pub fn asks(&self, question: &Question) -> bool {
        !self.offline
            && match question {
                Question::Link { url } | Question::Page { url } => self.wants(url),
                Question::Quoted { from: Source::Page(url), .. } => self.wants(url),
                Question::Quoted { from: Source::Record(registry, _), .. } => !registry.is_on_disk(),
                Question::Archived { .. } => self.archive.is_some(),
                Question::Record { registry, .. } => !registry.is_on_disk() && !self.silent.contains(registry),
                Question::Search(search) => !self.silent.contains(&search.registry),
                Question::File { .. } => false,
            }
    }

    fn wants(&self, url: &str) -> bool {
        let is_in = |list: &[Regex]| list.iter().any(|regex| regex.is_match(url));
        let by_default = self.include.is_empty() || !self.exclude.is_empty();
        is_in(&self.include) || (by_default && !is_in(&self.exclude))
    }

    /// Where an address is asked instead of at itself.
    pub(super) fn remapped(&self, address: &str) -> Option<String> {
        let (from, to) = self.remap.iter().find(|(from, _)| from.is_match(address))?;
        Some(from.replace(address, to.as_str()).into_owned())
    }

    fn of_host(&self, url: &Url) -> impl Iterator<Item = &HostConfig> {
        self.hosts.iter().filter(|host| host.origin.holds(url))
    }

    /// Whether a status counts as success there.
    pub(super) fn accepts(&self, url: &Url, status: u16) -> bool {
        self.accept.contains(&status) || self.of_host(url).any(|host| host.accept.contains(&status))
    }

    /// What tells the host of an address who asks.
    pub(super) fn authorization(&self, url: &Url) -> Option<HeaderValue> {
        let is_safe = |host: &&HostConfig| url.scheme() == "https" || host.origin.scheme.is_some();
        self.of_host(url).filter(is_safe).find_map(|host| host.secret.as_ref()).map(|secret| secret.0.clone())
    }
}

impl Origin {
    /// Reads one as configuration names it; `None` where it is no host.
    pub fn parse(text: &str) -> Option<Self> {
        let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
        let url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let is_bare =
            url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let scheme = text.contains("://").then(|| url.scheme().to_owned());
        let is_one = url.host_str().is_some_and(|host| !host.contains('*'));
        (is_bare && is_one).then_some(Self { scheme, host: url.host_str()?.to_owned(), port: url.port() })
    }

    /// Whether an address is there.
    fn holds(&self, url: &Url) -> bool {
        url.host_str() == Some(self.host.as_str())
            && url.port() == self.port
            && self.scheme.as_deref().is_none_or(|scheme| scheme == url.scheme())
    }

    /// The hosts and ports that it stands for.
    pub(super) fn ports(&self) -> Vec<String> {
        let ports = match (self.port, self.scheme.as_deref()) {
            (Some(port), _) => vec![port],
            (None, Some("http")) => vec![80],
            (None, Some(_)) => vec![443],
            (None, None) => vec![80, 443],
        };
        ports.into_iter().map(|port| format!("{}:{port}", self.host)).collect()
    }
}

impl Secret {
    /// Reads what an environment variable holds: `user:password`, a whole header (`Bearer …`), or a token alone. `None`
    /// where it cannot be sent.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let value = match text.contains(' ') {
            true => text.to_owned(),
            false if text.contains(':') => format!("Basic {}", BASE64_STANDARD.encode(text)),
            false => format!("Bearer {text}"),
        };
        let mut value = HeaderValue::from_str(&value).ok().filter(|_| !text.is_empty())?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Proxies {
    /// One proxy for everything.
    pub fn all(address: impl Into<String>) -> Self {
        let address = Some(address.into());
        Self { http: address.clone(), https: address, bypass: String::new() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn host(origin: &str, secret: &str) -> HostConfig {
        let origin = Origin::parse(origin).unwrap();
        let secret = Secret::read(secret);
        HostConfig { origin, accept: vec![403], secret, requests_per_second: None, concurrency: None }
    }

    #[test]
    fn what_holds_for_a_host_holds_there_alone() {
        let hosts = vec![host("wiki.example.org", "ann:s3cret"), host("http://10.0.0.1:8080", "t0ken")];
        let config = NetConfig { hosts, ..NetConfig::default() };
        let sent = |address: &str| config.authorization(&url(address)).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(sent("https://wiki.example.org/a").as_deref(), Some("Basic YW5uOnMzY3JldA=="));
        assert_eq!(sent("http://10.0.0.1:8080/a").as_deref(), Some("Bearer t0ken"));
        for elsewhere in [
            "http://wiki.example.org/a",
            "https://wiki.example.org:8443/",
            "https://a.wiki.example.org/",
            "https://wiki.example.org.evil.example/",
            "http://10.0.0.1/",
        ] {
            assert_eq!(sent(elsewhere), None, "{elsewhere}");
        }
        assert!(config.accepts(&url("http://wiki.example.org/"), 403) && !config.accepts(&url("https://a.org/"), 403));
        let shown = format!("{config:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("t0ken") && !shown.contains("YW5u"), "{shown}");
    }

    #[test]
    fn origins_are_hosts_and_nothing_more() {
        assert_eq!(Origin::parse("A.org").unwrap().ports(), ["a.org:80", "a.org:443"]);
        assert_eq!(Origin::parse("http://a.org").unwrap().ports(), ["a.org:80"]);
        assert_eq!(Origin::parse("[::1]:81").unwrap().ports(), ["[::1]:81"]);
        for wrong in ["", "a.org/x", "ftp://a.org", "https://ann:pw@a.org", "a b", "*.a.org/"] {
            assert_eq!(Origin::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn secrets_are_read_in_three_forms() {
        let sent = |text: &str| Secret::read(text).map(|secret| secret.0.to_str().unwrap().to_owned());
        assert_eq!(sent("Token abc\n").as_deref(), Some("Token abc"));
        assert_eq!((sent(""), sent("a\nb")), (None, None));
    }

    #[test]
    fn included_excluded_and_remapped_addresses() {
        let regex = |text: &str| Regex::new(text).unwrap();
        let asks = |include: &[&str], exclude: &[&str], address: &str| {
            let [include, exclude] = [include, exclude].map(|list| list.iter().map(|text| regex(text)).collect());
            NetConfig { include, exclude, ..NetConfig::default() }.asks(&Question::Link { url: address.to_owned() })
        };
        assert!(asks(&[], &[], "https://a.org/") && !asks(&[], &["a\\.org"], "https://a.org/"));
        assert!(asks(&["/ok"], &["a\\.org"], "https://a.org/ok") && asks(&["/ok"], &["a\\.org"], "https://b.org/"));
        assert!(asks(&["a\\.org"], &[], "https://a.org/") && !asks(&["a\\.org"], &[], "https://b.org/"));
        let remap = vec![(regex("^https://a\\.org/(.*)"), "http://localhost/$1".to_owned())];
        let config = NetConfig { remap, ..NetConfig::default() };
        assert_eq!(config.remapped("https://a.org/b").as_deref(), Some("http://localhost/b"));
        assert_eq!(config.remapped("https://b.org/"), None);
    }
}
