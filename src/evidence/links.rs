//! What a link's address asks for, and what an answer means.

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
