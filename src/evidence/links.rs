//! What a link's address asks for, and what an answer means.

pub mod page;
mod private;
pub mod web;

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

/// What the verdict on a link rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The other side, or the way there, said so; the same would be found again soon.
    #[default]
    Reply,
    /// The address is private and was not asked.
    Private,
    /// Nobody answered, or only to ask for patience: a time-out, a busy server, a cut way. That says nothing of the link.
    Silence,
}

/// What asking for a link gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkAnswer {
    /// How it fared.
    pub verdict: LinkVerdict,
    /// What that rests on.
    #[serde(default, skip_serializing_if = "is_reply")]
    pub basis: Basis,
    /// The last HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Where permanent redirects led, for [`LinkVerdict::Moved`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// The reason in a few words, for people: "404 Not Found", "no such host", "timed out after 20 s".
    pub detail: String,
}

fn is_reply(basis: &Basis) -> bool {
    *basis == Basis::Reply
}

impl LinkAnswer {
    /// An answer of the other side without a new address.
    pub fn new(verdict: LinkVerdict, status: Option<u16>, detail: impl Into<String>) -> Self {
        Self { verdict, basis: Basis::Reply, status, moved_to: None, detail: detail.into() }
    }

    /// The same, resting on that.
    #[must_use]
    pub fn on(self, basis: Basis) -> Self {
        Self { basis, ..self }
    }

    /// Whether the same would be found again soon: a refusal is an answer, a busy or slow server is none.
    pub fn is_settled(&self) -> bool {
        self.basis != Basis::Silence
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

/// A copy of a page in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where it is.
    pub url: String,
    /// The day on which it was made.
    pub date: jiff::civil::Date,
}

/// What is said of an address that must not be asked.
pub const PRIVATE: &str = "private address, not requested";

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Something outside the document.
    Ask {
        /// What to ask; without the fragment for a file.
        question: Question,
        /// The part behind `#` of a file, as written; `None` where there is none.
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
        Some("file") => file_target(destination),
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
            // A page's beginning is no place in it.
            if url.fragment().is_some_and(|fragment| fragment.is_empty() || fragment.eq_ignore_ascii_case("top")) {
                url.set_fragment(None);
            }
            Target::Ask { question: Question::Link { url: url.into() }, fragment: None }
        }
        Err(error) => Target::malformed(format!("the address cannot be read: {error}")),
    }
}

/// A file of this machine (RFC 8089).
fn file_target(address: &str) -> Target {
    let Ok(url) = Url::parse(address) else { return Target::malformed("the address cannot be read") };
    let fragment = url.fragment().map(str::to_owned);
    match url.host_str() {
        None | Some("" | "localhost") => {
            Target::Ask { question: Question::File { path: percent_decoded(url.path()) }, fragment }
        }
        Some(_) => Target::Ignored,
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

/// An address as it may be shown and kept: a user's name and password in it stay unsaid.
pub fn without_credentials(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            // Both fail only for addresses without a host, which have no credentials.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests;
