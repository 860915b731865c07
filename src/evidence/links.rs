//! What a link's address asks for, and what an answer means.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::Question;

/// How a link fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkVerdict {
    /// It resolves, to where it says.
    Ok,
    /// It resolves, permanently elsewhere.
    Moved,
    /// It does not resolve.
    Broken,
    /// Nobody can tell from here: a bot wall, a login, a time-out, a private address.
    Unverifiable,
}

/// What asking for a link gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAnswer {
    /// How it fared.
    pub verdict: LinkVerdict,
    /// The last HTTP status, where there was one.
    pub status: Option<u16>,
    /// Where permanent redirects led, for [`LinkVerdict::Moved`].
    pub moved_to: Option<String>,
    /// The reason in a few words, for people: "404 Not Found", "no such host", "timed out after 20 s".
    pub detail: String,
}

/// What an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Something that has to be asked, and the fragment that must be there.
    Ask {
        /// The question.
        question: Question,
        /// The fragment, without `#`.
        fragment: Option<String>,
    },
    /// A fragment of the document itself.
    Own {
        /// Without `#`.
        fragment: String,
    },
    /// Nothing that is checked.
    Ignored,
    /// It leads nowhere, whatever the world is like.
    Malformed {
        /// The reason, for people.
        why: String,
    },
}

/// Reads a link's address. `document` is the path of the document it stands in; a relative address is taken from its
/// folder. Addresses that start with `/` belong to `site_root`, and are not checked without one.
pub fn target(destination: &str, document: &str, site_root: Option<&str>) -> Target {
    let destination = destination.trim();
    if destination.is_empty() {
        return Target::Malformed { why: "the address is empty".to_owned() };
    }
    if let Some(fragment) = destination.strip_prefix('#') {
        return Target::Own { fragment: fragment.to_owned() };
    }
    match scheme(destination) {
        Some("http" | "https") => web(destination),
        Some("mailto") => mail(destination),
        // A drive letter is no scheme, but such a path leads nowhere for anybody else.
        Some(_) => Target::Ignored,
        None if destination.starts_with("//") => web(&format!("https:{destination}")),
        None => file(destination, document, site_root),
    }
}

/// The scheme in lower case, where an address has one that this program knows by its letters.
fn scheme(address: &str) -> Option<&'static str> {
    let (scheme, _) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !is_scheme {
        return None;
    }
    Some(match scheme.to_ascii_lowercase().as_str() {
        "http" => "http",
        "https" => "https",
        "mailto" => "mailto",
        _ => "other",
    })
}

fn web(address: &str) -> Target {
    match Url::parse(address) {
        Ok(mut url) if url.host().is_some() => {
            let fragment = url.fragment().filter(|f| !f.is_empty()).map(str::to_owned);
            url.set_fragment(None);
            Target::Ask { question: Question::Link { url: url.into() }, fragment }
        }
        Ok(_) => Target::Malformed { why: "the address has no host".to_owned() },
        Err(error) => Target::Malformed { why: format!("not an address: {error}") },
    }
}

fn mail(address: &str) -> Target {
    let list = address.split_once(':').map_or("", |(_, rest)| rest);
    let list = list.split('?').next().unwrap_or("");
    let is_box = |one: &str| {
        one.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !one.contains(char::is_whitespace)
                && !host.contains('@')
        })
    };
    if !list.is_empty() && list.split(',').all(|one| is_box(&decoded(one.trim()))) {
        Target::Ignored
    } else {
        Target::Malformed { why: format!("`{list}` is no e-mail address") }
    }
}

fn file(address: &str, document: &str, site_root: Option<&str>) -> Target {
    let (path, fragment) = match address.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment.to_owned()).filter(|f| !f.is_empty())),
        None => (address, None),
    };
    let path = decoded(path.split('?').next().unwrap_or(path));
    if path.is_empty() {
        return Target::Own { fragment: fragment.unwrap_or_default() };
    }
    let document = document.replace('\\', "/");
    let joined = match (path.strip_prefix('/'), site_root) {
        (Some(rest), Some(root)) => format!("{}/{rest}", root.trim_end_matches('/')),
        (Some(_), None) => return Target::Ignored,
        (None, _) => match document.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path,
        },
    };
    Target::Ask { question: Question::File { path: normal(&joined) }, fragment }
}

/// Resolves `.` and `..` in a path.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            "" if !parts.is_empty() => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, ".." | "")) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if joined.is_empty() { ".".to_owned() } else { joined }
}

/// Percent-encoding undone; what is not UTF-8 afterwards stays as it was.
pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match pair.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Whether an address is one that only this machine or its network can reach: a request there tells nothing about the
/// link and may do harm.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private_v4(v4),
            None => is_private_v6(v6),
        },
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let carrier_grade = a == 100 && (64..128).contains(&b);
    let reserved = a == 0 || a >= 240;
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
        || carrier_grade
        || reserved
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    let unique_local = first & 0xfe00 == 0xfc00;
    let link_local = first & 0xffc0 == 0xfe80;
    address.is_loopback() || address.is_unspecified() || address.is_multicast() || unique_local || link_local
}

/// Whether a URL's host is private by its name or number alone. Names are looked up later.
pub fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(v4)) => is_private(IpAddr::V4(v4)),
        Some(Host::Ipv6(v6)) => is_private(IpAddr::V6(v6)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || [".localhost", ".local", ".internal"].iter().any(|ending| name.ends_with(ending))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(destination: &str, document: &str) -> String {
        match target(destination, document, Some("site")) {
            Target::Ask { question: Question::File { path }, .. } => path,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn relative_addresses_start_in_the_documents_folder() {
        assert_eq!(path("b.md", "posts/a.md"), "posts/b.md");
        assert_eq!(path("../img/x%20y.png?v=2", "posts/a.md"), "img/x y.png");
        assert_eq!(path("./b/../c.md#x", "a.md"), "c.md");
        assert_eq!(path("../../c.md", "a/b.md"), "../c.md");
        assert_eq!(path("/c.md", "a/b.md"), "site/c.md");
        assert_eq!(path("c.md", "/abs/b.md"), "/abs/c.md");
        assert_eq!(path("c.md", "<stdin>"), "c.md");
        assert_eq!(target("/c.md", "a.md", None), Target::Ignored);
    }

    #[test]
    fn web_addresses_lose_their_fragment() {
        let Target::Ask { question, fragment } = target("HTTPS://Example.org/a b#c", "a.md", None) else { panic!() };
        assert_eq!(question, Question::Link { url: "https://example.org/a%20b".into() });
        assert_eq!(fragment.as_deref(), Some("c"));
    }

    #[test]
    fn what_leads_nowhere_is_told() {
        for malformed in ["", "http://", "https://exa mple.org", "mailto:nobody", "mailto:a@b@c.org"] {
            assert!(matches!(target(malformed, "a.md", None), Target::Malformed { .. }), "{malformed}");
        }
        for ignored in ["mailto:a@b.org", "tel:+123", "javascript:void(0)", "data:,x"] {
            assert_eq!(target(ignored, "a.md", None), Target::Ignored, "{ignored}");
        }
        assert_eq!(target("#x", "a.md", None), Target::Own { fragment: "x".into() });
    }

    #[test]
    fn private_addresses_are_known() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.9.9",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "0.0.0.0",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "2606:4700::1111"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
        for (url, private) in [
            ("http://localhost/", true),
            ("http://a.local/", true),
            ("http://[::1]/", true),
            ("http://2130706433/", true),
            ("http://example.org/", false),
        ] {
            assert_eq!(is_private_host(&Url::parse(url).unwrap()), private, "{url}");
        }
    }
}
