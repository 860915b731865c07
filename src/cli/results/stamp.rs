//! What findings depend on besides a draft, as one number.

use std::path::Path;
use std::time::UNIX_EPOCH;

use xxhash_rust::xxh3::Xxh3;

use crate::compiled;

/// Collects what findings depend on. Each part is told from the next, so that no two collections are one by chance.
pub(in crate::cli) struct Digest(Xxh3);

impl Digest {
    pub(in crate::cli) fn new() -> Self {
        Self(Xxh3::new())
    }

    /// One more part.
    pub(in crate::cli) fn with(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    /// One more part, as it is written for programmers: it holds every field.
    pub(in crate::cli) fn with_value(self, value: &impl std::fmt::Debug) -> Self {
        self.with(format!("{value:?}"))
    }

    /// One more part: that a file is the one that it was. Its text is not read.
    pub(in crate::cli) fn with_file(self, path: &Path) -> Self {
        let about = path.metadata().ok().map(|about| {
            let since = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            (about.len(), since)
        });
        self.with(path.as_os_str().as_encoded_bytes()).with_value(&about)
    }

    /// One more part: the program, with the rules and facts that are built in.
    pub(in crate::cli) fn with_program(self) -> Self {
        let digest = self.with(env!("CARGO_PKG_VERSION"));
        match (compiled::BUILD, std::env::current_exe()) {
            (Some(build), _) => digest.with(build),
            (None, Ok(program)) => digest.with_file(&program),
            (None, Err(_)) => digest,
        }
    }

    pub(in crate::cli) fn finish(self) -> u128 {
        self.0.digest128()
    }
}
