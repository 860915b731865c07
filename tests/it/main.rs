//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used)]

mod articles;
mod assertions;
mod bad_input;
mod baseline;
mod behaviours;
mod book;
mod browser;
mod claims;
mod cli;
mod diff;
mod encrypted;
mod evidence;
mod facts;
mod fix;
mod floors;
mod html;
mod imports;
mod init;
mod link_options;
mod links;
mod lsp;
mod net;
mod packs;
mod records;
mod results;
mod rules;
mod sarif;
mod services;
mod sheet;
mod spans;
mod verdicts;
mod watch;
