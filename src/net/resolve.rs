//! Looking names up, without being led to private addresses.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::evidence::links::is_private;

/// Why a name gave no address.
#[derive(Debug, Error)]
pub(super) enum LookUpError {
    #[error("private address, not requested")]
    Private,
    #[error("no such host")]
    Unknown(#[source] std::io::Error),
}

#[derive(Debug)]
pub(super) struct Resolver {
    pub(super) allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(LookUpError::Unknown)?;
            let found: Vec<SocketAddr> = found.collect();
            // A name with one private address is refused as a whole: which one would be taken is not ours to say.
            if !allow_private && found.iter().any(|address| is_private(address.ip())) {
                return Err(LookUpError::Private.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
