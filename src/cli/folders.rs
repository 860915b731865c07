//! Where the program keeps what belongs to the person who runs it, and to no project.

use std::path::PathBuf;

use etcetera::BaseStrategy;

/// Names another folder for what can be made again; empty for none.
pub(super) const CACHE: &str = "CAVEAT_CACHE_DIR";

/// The folder for what can be made again, whether or not it is there; `None` where nothing is to be kept.
pub(super) fn cache() -> Option<PathBuf> {
    match std::env::var_os(CACHE) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty()),
        None => Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("caveat")),
    }
}
