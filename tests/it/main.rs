//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod cli;
