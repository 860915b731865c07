//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used)]

mod articles;
mod assertions;
mod bad_input;
mod book;
mod claims;
mod cli;
mod facts;
mod floors;
mod imports;
mod links;
mod net;
mod packs;
mod records;
mod rules;
mod spans;
mod verdicts;
