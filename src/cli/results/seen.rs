//! Whether a file is as it was, told without reading it.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file's size and times, and when they were looked at. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    size: u64,
    modified: u64,
    /// When its inode changed last, which no program can set back as `touch` and `cp -p` do the other time; 0 where
    /// there is none.
    changed: u64,
    /// Another file may have been moved to its place.
    inode: u64,
    at: u64,
}

/// A change so short before the look may have been followed by another that left the same times: file systems count in
/// steps of up to two seconds.
const STEP: u64 = 2_000_000_000;

impl Seen {
    /// How the file looks at this moment.
    pub(super) fn now(metadata: &Metadata) -> Self {
        let (changed, inode) = of_inode(metadata);
        let modified = metadata.modified().map_or(0, nanoseconds);
        Self { size: metadata.len(), modified, changed, inode, at: nanoseconds(SystemTime::now()) }
    }

    /// Whether the file must be the one that was seen `before`.
    pub(super) fn is_sure(&self, before: &Seen) -> bool {
        let rest = |seen: &Seen| (seen.size, seen.modified, seen.changed, seen.inode);
        rest(self) == rest(before) && before.is_settled()
    }

    /// Whether nothing had happened to the file shortly before it was looked at.
    fn is_settled(&self) -> bool {
        self.modified.max(self.changed).saturating_add(STEP) < self.at
    }
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(unix)]
fn of_inode(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let seconds = u64::try_from(metadata.ctime()).unwrap_or(0);
    (seconds * 1_000_000_000 + u64::try_from(metadata.ctime_nsec()).unwrap_or(0), metadata.ino())
}

#[cfg(not(unix))]
fn of_inode(_: &Metadata) -> (u64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_old_change_is_trusted() {
        let before = Seen { size: 9, modified: 10 * STEP, changed: 11 * STEP, inode: 1, at: 13 * STEP };
        let later = Seen { at: 99 * STEP, ..before };
        assert!(later.is_sure(&before));
        for other in [
            Seen { size: 8, ..later },
            Seen { modified: 9 * STEP, ..later },
            Seen { changed: 12 * STEP, ..later },
            Seen { inode: 2, ..later },
        ] {
            assert!(!other.is_sure(&before), "{other:?}");
        }
        assert!(!later.is_sure(&Seen { at: 12 * STEP, ..before }));
    }
}
