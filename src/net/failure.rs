//! Why a request came to nothing, and what that says about the link.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::evidence::links::{Basis, LinkAnswer, LinkVerdict, PRIVATE};

use super::resolve::ResolveError;

/// Why a request came to nothing. The texts never hold the address, which may carry a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The address is private and must not be asked.
    Private,
    /// There is no such name.
    NoSuchHost,
    /// The name service did not answer.
    LookupFailed,
    /// No answer in time.
    TimedOut(Duration),
    /// The way there is cut, perhaps on this side.
    Unreachable,
    /// This machine has no more room for connections.
    NoRoom,
    /// A certificate by an issuer that this machine does not know: often only a link in the chain is missing, which
    /// browsers find elsewhere.
    UnknownIssuer,
    /// No safe connection; with the reason.
    Tls(String),
    /// Refused, cut, or nothing that reads as HTTP; with the reason.
    Connection(String),
}

/// The system's numbers for "too many open files", of the system and of the program, on Linux, macOS and the BSDs.
/// The standard library has no name for them.
const NO_ROOM: [i32; 2] = [23, 24];

impl Failure {
    /// The failure behind a client's error.
    pub(super) fn of(error: &reqwest::Error, timeout: Duration) -> Self {
        if error.is_timeout() {
            return Failure::TimedOut(timeout);
        }
        let mut innermost: &(dyn Error + 'static) = error;
        let mut from_io = None;
        while let Some(source) = next(innermost) {
            match source.downcast_ref() {
                Some(ResolveError::Private) => return Failure::Private,
                Some(ResolveError::NoSuchHost) => return Failure::NoSuchHost,
                Some(ResolveError::Failed(_)) => return Failure::LookupFailed,
                None => {}
            }
            if let Some(error) = source.downcast_ref::<io::Error>() {
                from_io = Self::of_io(error).or(from_io);
            }
            innermost = source;
        }
        from_io.unwrap_or_else(|| Failure::Connection(innermost.to_string()))
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        Some(match error.kind() {
            ErrorKind::ConnectionRefused => Failure::Connection("connection refused".to_owned()),
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                Failure::Connection("connection reset".to_owned())
            }
            ErrorKind::UnexpectedEof => Failure::Connection("connection closed early".to_owned()),
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => Failure::Unreachable,
            ErrorKind::AddrNotAvailable | ErrorKind::OutOfMemory => Failure::NoRoom,
            _ if error.raw_os_error().is_some_and(|code| NO_ROOM.contains(&code)) => Failure::NoRoom,
            // The way in which the TLS layer hands its own errors on.
            ErrorKind::InvalidData if error.to_string().contains("UnknownIssuer") => Failure::UnknownIssuer,
            ErrorKind::InvalidData => Failure::Tls(error.to_string()),
            _ => return None,
        })
    }

    /// Whether asking the same again could end otherwise within seconds.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Failure::Connection(_) | Failure::LookupFailed | Failure::NoRoom)
    }

    /// The failure in a few words.
    pub(super) fn words(&self) -> String {
        match self {
            Failure::Private => PRIVATE.to_owned(),
            Failure::NoSuchHost => "no such host".to_owned(),
            Failure::LookupFailed => "the name could not be looked up".to_owned(),
            Failure::TimedOut(after) => format!("timed out after {after:?}"),
            Failure::Unreachable => "the network is unreachable".to_owned(),
            Failure::NoRoom => "this machine has no room for more connections".to_owned(),
            Failure::UnknownIssuer => "the certificate's issuer is not known here".to_owned(),
            Failure::Tls(why) => format!("no safe connection: {why}"),
            Failure::Connection(why) => why.clone(),
        }
    }

    pub(super) fn answer(&self) -> LinkAnswer {
        use LinkVerdict::{Broken, Unverifiable};
        let (verdict, basis) = match self {
            Failure::Private => (Unverifiable, Basis::Private),
            Failure::NoSuchHost | Failure::Tls(_) | Failure::Connection(_) => (Broken, Basis::Reply),
            Failure::UnknownIssuer => (Unverifiable, Basis::Reply),
            Failure::LookupFailed | Failure::TimedOut(_) | Failure::Unreachable | Failure::NoRoom => {
                (Unverifiable, Basis::Silence)
            }
        };
        LinkAnswer::new(verdict, None, self.words()).on(basis)
    }
}

/// The error behind an error; an I/O error shows what it wraps only when asked for it.
fn next<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return Some(inner);
    }
    error.source()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::net::resolve::PublicResolver;

    #[test]
    fn the_resolver_s_reason_is_found_behind_the_client_s_error() {
        let resolver = PublicResolver { allow_private: false, trusted: Vec::new() };
        let client = reqwest::Client::builder().no_proxy().dns_resolver(resolver).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(client.get("http://localhost:9/").send()).unwrap_err();
        assert_eq!(Failure::of(&error, Duration::ZERO), Failure::Private);
    }

    #[test]
    fn kinds_of_io_errors() {
        let of = |kind, text: &str| Failure::of_io(&io::Error::new(kind, text.to_owned()));
        let unknown = of(ErrorKind::InvalidData, "invalid peer certificate: UnknownIssuer");
        assert_eq!(unknown, Some(Failure::UnknownIssuer));
        let expired = of(ErrorKind::InvalidData, "invalid peer certificate: Expired").unwrap();
        assert_eq!(expired.answer().verdict, LinkVerdict::Broken);
        assert_eq!(of(ErrorKind::HostUnreachable, ""), Some(Failure::Unreachable));
        assert_eq!(of(ErrorKind::Other, ""), None);
        assert_eq!(Failure::of_io(&io::Error::from_raw_os_error(24)), Some(Failure::NoRoom));
        assert!(!Failure::NoRoom.answer().is_settled());
    }
}
