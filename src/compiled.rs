//! What a release build compiles ahead of time, so that the program need not do it at every start.
//!
//! `build.rs` loads the files under `rules/` with the program's own code and writes down what came out of it. Other
//! builds load the files themselves, at every start: they are built more often than they are run.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The rules, compiled.
pub const RULES: &str = "rules.bin";
/// The fact base, loaded.
pub const KNOWLEDGE: &str = "knowledge.bin";

/// A number of everything that this program was compiled from, where that is known: release builds.
pub const BUILD: Option<&str> = option_env!("CAVEAT_BUILD");

/// What was written down under that name; `None` in builds that compile nothing ahead.
#[cfg(compiled)]
pub fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    let bytes: &[u8] = match name {
        RULES => include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin")),
        KNOWLEDGE => include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.bin")),
        _ => return None,
    };
    from_bytes(bytes).ok()
}

/// What was written down under that name; `None` in builds that compile nothing ahead.
#[cfg(not(compiled))]
pub fn read<T: DeserializeOwned>(_name: &str) -> Option<T> {
    None
}

/// How something is written down.
///
/// # Errors
///
/// It has a shape that cannot be: a sequence without a length.
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_allocvec(value)
}

/// What [`to_bytes`] wrote.
///
/// # Errors
///
/// The bytes are those of something else.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}

/// How shared text is written down: as its letters.
pub mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes the letters.
    pub fn serialize<S: Serializer>(text: &Arc<str>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    /// Reads the letters.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(from).map(Arc::from)
    }
}

/// How titles with shared addresses are written down.
pub mod shared_addresses {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes titles and addresses.
    pub fn serialize<S: Serializer>(all: &[(String, Arc<str>)], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(|(title, address)| (title, &**address)))
    }

    /// Reads titles and addresses.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(String, Arc<str>)>, D::Error> {
        let all: Vec<(String, String)> = Vec::deserialize(from)?;
        Ok(all.into_iter().map(|(title, address)| (title, address.into())).collect())
    }
}
