//! How sites say what their status codes do not. The words are data, in `rules/web.toml`.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    missing: Vec<String>,
    walls: Vec<String>,
    busy: Vec<String>,
    before: String,
    login: String,
    home: String,
    wall_headers: Vec<(String, String)>,
    wall_hosts: Vec<String>,
    persistent_hosts: Vec<String>,
    script_fragments: Vec<String>,
    site_endings: Vec<String>,
    site_levels: Vec<String>,
}

/// What a title says of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// That it is not there.
    Missing,
    /// That programs are not let in.
    Wall,
    /// That the server is too busy just now.
    Busy,
}

struct Web {
    says: Vec<(Says, Regex)>,
    before: Regex,
    login: Regex,
    home: Regex,
    script_fragments: Regex,
    file: File,
}

/// The data is part of the program, and a test reads it.
static WEB: LazyLock<Option<Web>> = LazyLock::new(|| read(include_str!("../../../rules/web.toml")));

fn read(text: &str) -> Option<Web> {
    let file: File = toml::from_str(text).ok()?;
    let any = |all: &[String]| Regex::new(&format!("^(?i:{})$", all.join("|"))).ok();
    let one = |pattern: &String| any(std::slice::from_ref(pattern));
    Some(Web {
        says: vec![
            (Says::Missing, any(&file.missing)?),
            (Says::Wall, any(&file.walls)?),
            (Says::Busy, any(&file.busy)?),
        ],
        before: Regex::new(&format!("^(?i:{})[,.!… ]+", file.before)).ok()?,
        login: one(&file.login)?,
        home: one(&file.home)?,
        script_fragments: any(&file.script_fragments)?,
        file,
    })
}

/// What a title or main heading says of its page; `None` for any other title.
pub fn says(title: &str) -> Option<Says> {
    let web = WEB.as_ref()?;
    let parts = title.split(['|', '–', '—', '·', '»', '•']).flat_map(|part| part.split(" - "));
    parts.chain([title]).find_map(|part| {
        let part = part.trim().trim_matches(['.', '!', '…', '?', '"', '“', '”', ' ']);
        let part = &part[web.before.find(part).map_or(0, |found| found.end())..];
        web.says.iter().find(|(_, pattern)| pattern.is_match(part)).map(|(says, _)| *says)
    })
}

/// Whether an address is that of a site's home page.
pub fn is_home(url: &Url) -> bool {
    url.query().is_none() && WEB.as_ref().is_some_and(|web| web.home.is_match(url.path()))
}

/// Whether an address is a way in for members.
pub fn is_login(url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty()));
    WEB.as_ref().is_some_and(|web| last.is_some_and(|last| web.login.is_match(last)))
}

/// Whether a fragment is one that a page's script reads.
pub fn is_for_scripts(fragment: &str) -> bool {
    WEB.as_ref().is_some_and(|web| web.script_fragments.is_match(fragment))
}

/// Whether a header is a wall's.
pub fn is_wall_header(name: &str, value: &str) -> bool {
    let fits = |(wall, start): &(String, String)| wall == name && value.starts_with(start.as_str());
    WEB.as_ref().is_some_and(|web| web.file.wall_headers.iter().any(fits))
}

/// Whether a site answers programs with errors whatever the page.
pub fn is_wall_host(host: &str) -> bool {
    let fits =
        |wall: &String| host.strip_suffix(wall.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    WEB.as_ref().is_some_and(|web| web.file.wall_hosts.iter().any(fits))
}

/// Whether a host's addresses are made to last and only ever lead elsewhere.
pub fn is_persistent(host: &str) -> bool {
    WEB.as_ref().is_some_and(|web| web.file.persistent_hosts.iter().any(|known| known == host))
}

/// The host that a link's text names, where it reads like an address: `https://nhs.uk/x`, `www.nhs.uk`, `nhs.uk`.
pub fn named_host(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',', ';', ':', '…']);
    if text.contains(char::is_whitespace) || text.contains('@') {
        return None;
    }
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let url = Url::parse(&format!("https://{}", rest.unwrap_or(text))).ok()?;
    let host = url.domain()?.to_owned();
    let ending = host.rsplit_once('.').map(|(_, ending)| ending)?;
    let is_address = rest.is_some() || host.starts_with("www.");
    let is_known = |web: &Web| web.file.site_endings.iter().any(|known| known == ending);
    (is_address || WEB.as_ref().is_some_and(is_known)).then_some(host)
}

/// Whether two hosts belong to one site: `www.nhs.uk` and `digital.nhs.uk`.
pub fn is_one_site(one: &str, other: &str) -> bool {
    site(one) == site(other)
}

/// The part of a host's name that somebody registered, as far as can be told without a list of all registries.
fn site(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    let level = &host[second + 1..last];
    let is_level = host.len() - last == 3
        && WEB.as_ref().is_some_and(|web| web.file.site_levels.iter().any(|known| known == level));
    let start = if is_level { dots.next() } else { Some(second) };
    start.map_or(host, |at| &host[at + 1..])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn titles_say_what_became_of_a_page() {
        for (title, expected) in [
            ("Page not found | The Trust", Some(Says::Missing)),
            ("The Trust - Page Not Found", Some(Says::Missing)),
            ("404", Some(Says::Missing)),
            ("Error 404: not found", Some(Says::Missing)),
            ("Oops! That page can’t be found.", Some(Says::Missing)),
            ("Sorry, the page you are looking for does not exist", Some(Says::Missing)),
            ("Seite nicht gefunden – Klinik", Some(Says::Missing)),
            ("Just a moment...", Some(Says::Wall)),
            ("Access Denied", Some(Says::Wall)),
            ("429 Too Many Requests", Some(Says::Busy)),
            ("Service Unavailable", Some(Says::Busy)),
            ("Lost and found", None),
            ("What to do when a gene is not found", None),
            ("404 people took part", None),
            ("Access to care denied to many", None),
            ("A vaccine that is no longer available", None),
            ("", None),
        ] {
            assert_eq!(says(title), expected, "{title}");
        }
    }

    #[test]
    fn addresses_and_fragments_of_their_kinds() {
        let url = |text: &str| Url::parse(text).unwrap();
        for home in ["https://a.org", "https://a.org/en/", "https://a.org/en-GB", "https://a.org/index.html"] {
            assert!(is_home(&url(home)), "{home}");
        }
        for page in ["https://a.org/?p=7", "https://a.org/ms", "https://a.org/eng/", "https://a.org/news/index.html"] {
            assert!(!is_home(&url(page)), "{page}");
        }
        assert!(is_login(&url("https://a.org/users/sign-in?next=/x")) && !is_login(&url("https://a.org/login-help")));
        for scripted in ["!/route", "/route", "page=3", "L10-L20", "issuecomment-12"] {
            assert!(is_for_scripts(scripted), "{scripted}");
        }
        assert!(!is_for_scripts("risks") && !is_for_scripts("Labs"));
        assert!(is_wall_host("uk.linkedin.com") && !is_wall_host("notlinkedin.com"));
        assert!(is_wall_header("cf-mitigated", "challenge") && !is_wall_header("server", "challenge"));
        assert!(is_persistent("doi.org") && !is_persistent("a.doi.org.example"));
    }

    #[test]
    fn texts_that_name_a_site() {
        for (text, host) in [
            ("https://www.nhs.uk/conditions", Some("www.nhs.uk")),
            ("www.example.pharmacy", Some("www.example.pharmacy")),
            ("nhs.uk", Some("nhs.uk")),
            ("NIH.gov.", Some("nih.gov")),
            ("node.js", None),
            ("readme.md", None),
            ("the NHS", None),
            ("e.g", None),
            ("desk@nhs.uk", None),
            ("v2.0", None),
            ("", None),
        ] {
            assert_eq!(named_host(text).as_deref(), host, "{text}");
        }
        assert!(is_one_site("www.nhs.uk", "digital.nhs.uk") && is_one_site("a.co.uk", "www.a.co.uk"));
        assert!(!is_one_site("a.co.uk", "b.co.uk") && !is_one_site("nhs.uk", "nhs.uk.example"));
        assert!(is_one_site("localhost", "localhost"));
    }
}
