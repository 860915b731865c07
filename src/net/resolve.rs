//! Name resolution that never hands out private addresses. Names are checked here, at the moment they are resolved for
//! a connection, so that a name cannot show one address to a check and another to the request.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::evidence::links::{PRIVATE, is_private};

/// Why a name gave no address.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    /// The name leads to private addresses alone.
    #[error("{PRIVATE}")]
    Private,
    /// There is no such name.
    #[error("no such host")]
    NoSuchHost,
    /// The name service did not answer; nothing is known about the name.
    #[error("the name could not be looked up: {0}")]
    Failed(#[source] io::Error),
}

/// The system's resolver, with private addresses taken out.
pub(super) struct PublicResolver {
    /// Hands out private addresses too.
    pub(super) allow_private: bool,
    /// Hosts that the user chose, which may be private: the proxies'.
    pub(super) trusted: Vec<String>,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let allow_private = self.allow_private || self.trusted.iter().any(|trusted| trusted == name.as_str());
        Box::pin(async move {
            // Port 0 is replaced by the address's own or the scheme's.
            let found = tokio::net::lookup_host((host, 0)).await.map_err(lookup_error)?;
            let addresses = usable(found.collect(), allow_private)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn usable(mut found: Vec<SocketAddr>, allow_private: bool) -> Result<Vec<SocketAddr>, ResolveError> {
    if found.is_empty() {
        return Err(ResolveError::NoSuchHost);
    }
    if !allow_private {
        found.retain(|address| !is_private(address.ip()));
    }
    if found.is_empty() { Err(ResolveError::Private) } else { Ok(found) }
}

/// Answers of the system's resolver that say "there is no such name", in the words of glibc, musl, macOS and Windows.
/// The standard library hands the resolver's codes on as text only. Everything else ("temporary failure") says nothing
/// about the name.
const NO_SUCH_HOST: [&str; 6] = [
    "Name or service not known",
    "No address associated with",
    "Name does not resolve",
    "Name has no usable address",
    "nodename nor servname provided",
    "No such host is known",
];

fn lookup_error(error: io::Error) -> ResolveError {
    let text = error.to_string();
    if NO_SUCH_HOST.iter().any(|known| text.contains(known)) {
        ResolveError::NoSuchHost
    } else {
        ResolveError::Failed(error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn addresses(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn private_addresses_are_taken_out() {
        let mixed = || addresses(&["10.0.0.1", "8.8.8.8", "::ffff:127.0.0.1"]);
        assert_eq!(usable(mixed(), false).unwrap(), addresses(&["8.8.8.8"]));
        assert_eq!(usable(mixed(), true).unwrap(), mixed());
        assert!(matches!(usable(addresses(&["127.0.0.1"]), false), Err(ResolveError::Private)));
        assert!(matches!(usable(vec![], true), Err(ResolveError::NoSuchHost)));
    }

    #[test]
    fn only_a_clear_no_is_a_no() {
        let error = |text: &str| lookup_error(io::Error::other(text.to_owned()));
        let unknown = "failed to lookup address information: Name or service not known";
        assert!(matches!(error(unknown), ResolveError::NoSuchHost));
        let temporary = "failed to lookup address information: Temporary failure in name resolution";
        assert!(matches!(error(temporary), ResolveError::Failed(_)));
    }
}
