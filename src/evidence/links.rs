//! What a link's address asks for, and what an answer means.

mod private;

pub use private::{is_private, is_private_host};

use std::path::MAIN_SEPARATOR;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Question;

/// How a link fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkAnswer {
    /// How it fared.
    pub verdict: LinkVerdict,
    /// The last HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Where permanent redirects led, for [`LinkVerdict::Moved`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// The reason in a few words, for people: "404 Not Found", "no such host", "timed out after 20 s".
    pub detail: String,
}

/// What is said of an address that must not be asked.
pub const PRIVATE: &str = "private address, not requested";

impl LinkAnswer {
    /// Whether the same would be found again soon: a refusal is an answer, a busy or slow server is none.
    pub fn is_settled(&self) -> bool {
        self.verdict != LinkVerdict::Unverifiable
            || self.detail == PRIVATE
            || self.status.is_some_and(|status| !matches!(status, 429 | 500..=599))
    }
}

impl LinkVerdict {
    /// Its name in reports and files.
    pub fn name(self) -> &'static str {
        match self {
            LinkVerdict::Ok => "ok",
            LinkVerdict::Moved => "moved",
            LinkVerdict::Broken => "broken",
            LinkVerdict::Unverifiable => "unverifiable",
        }
    }
}

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Something outside the document.
    Ask {
        /// What to ask; without the fragment.
        question: Question,
        /// The part behind `#`, as written; `None` where there is none.
        fragment: Option<String>,
    },
    /// A place in the document itself.
    Own {
        /// The part behind `#`, as written; may be empty.
        fragment: String,
    },
    /// Nothing that could be asked: a telephone number, a script, a site path without a site.
    Ignored,
    /// No address at all.
    Malformed {
        /// The reason, for people.
        why: String,
    },
}

impl Target {
    fn malformed(why: impl Into<String>) -> Self {
        Target::Malformed { why: why.into() }
    }
}

/// What `destination` leads to when it stands in the document of that name (a `/`-separated path, relative or
/// absolute). Site paths (`/about`) are looked for under `site_root`, and ignored without one.
pub fn target(destination: &str, document_name: &str, site_root: Option<&str>) -> Target {
    let destination = destination.trim();
    if destination.is_empty() {
        return Target::malformed("the address is empty");
    }
    if is_template(destination) {
        return Target::Ignored;
    }
    if let Some(rest) = destination.strip_prefix("//") {
        return web_target(&format!("https://{rest}"));
    }
    match scheme(destination).map(str::to_ascii_lowercase).as_deref() {
        Some("http" | "https") => web_target(destination),
        Some("mailto") => mail_target(&destination["mailto:".len()..]),
        Some(_) => Target::Ignored,
        None => local_target(destination, document_name, site_root),
    }
}

/// Whether a site generator will write the real address here.
fn is_template(destination: &str) -> bool {
    ["{{", "{%", "<%", "${"].iter().any(|mark| destination.contains(mark))
}

/// The scheme that an address starts with (RFC 3986, section 3.1).
fn scheme(destination: &str) -> Option<&str> {
    let (scheme, _) = destination.split_once(':')?;
    let starts_with_letter = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_scheme = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (starts_with_letter && is_scheme).then_some(scheme)
}

fn web_target(address: &str) -> Target {
    match Url::parse(address) {
        Ok(mut url) => {
            let fragment = url.fragment().map(str::to_owned);
            url.set_fragment(None);
            Target::Ask { question: Question::Link { url: url.into() }, fragment }
        }
        Err(error) => Target::malformed(format!("the address cannot be read: {error}")),
    }
}

/// A mail address is not asked for, but it can be misspelt. None at all (`mailto:?subject=…`) is allowed (RFC 6068).
fn mail_target(rest: &str) -> Target {
    let recipients = rest.split(['?', '#']).next().unwrap_or("");
    match recipients.split(',').map(percent_decoded).find(|one| !recipients.is_empty() && !is_mail_address(one)) {
        None => Target::Ignored,
        Some(bad) if bad.trim().is_empty() => Target::malformed("a mail address is empty"),
        Some(bad) => Target::malformed(format!("`{bad}` is not a mail address")),
    }
}

fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.trim().rsplit_once('@') else { return false };
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | '"' | ':' | '/' | '\\');
    let is_label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    !local.is_empty()
        && !local.contains(bad)
        && !domain.contains(bad)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

fn local_target(destination: &str, document_name: &str, site_root: Option<&str>) -> Target {
    let (address, fragment) = match destination.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment.to_owned())),
        None => (destination, None),
    };
    let path = address.split('?').next().unwrap_or("");
    if path.is_empty() {
        return Target::Own { fragment: fragment.unwrap_or_default() };
    }
    let path = percent_decoded(path);
    let path = match (path.strip_prefix('/'), site_root) {
        (None, _) => join(&folder(document_name), &path),
        (Some(path), Some(root)) => join(&slashed(root), path),
        (Some(_), None) => return Target::Ignored,
    };
    Target::Ask { question: Question::File { path }, fragment }
}

fn slashed(path: &str) -> String {
    path.replace(MAIN_SEPARATOR, "/")
}

/// The folder of a document, with `/` at its end unless it is the working directory.
fn folder(document_name: &str) -> String {
    let name = slashed(document_name);
    name.rfind('/').map_or_else(String::new, |slash| name[..=slash].to_owned())
}

/// `path` seen from `base`, without `.`, `..` and empty parts where they can be resolved; `.` for the working directory.
fn join(base: &str, path: &str) -> String {
    let is_absolute = base.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// `text` with every `%xx` replaced by its byte; bytes that are no UTF-8 become U+FFFD.
pub fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |offset: usize| bytes.get(at + offset).and_then(|&digit| char::from(digit).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, hex(1), hex(2)) {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests;
