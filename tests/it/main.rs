//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used)]

mod articles;
mod assertions;
mod bad_input;
mod behaviours;
mod book;
mod browser;
mod cited;
mod claims;
mod cli;
mod encrypted;
mod evidence;
mod facts;
mod floors;
mod html;
mod imports;
mod link_options;
mod links;
mod net;
mod packs;
mod pages;
mod records;
mod rules;
mod sarif;
mod services;
mod sheet;
mod spans;
mod verdicts;
