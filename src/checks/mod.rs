//! Checks: one file a kind.
