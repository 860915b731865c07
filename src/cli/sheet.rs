//! `caveat claims --sheet`: the ledger as a file.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::Claims;
use crate::cli::claims::Reader;
use crate::cli::error::Failure;
use crate::cli::inputs::unread;
use crate::cli::judge::Input;
use crate::cli::sink::Sink;
use crate::cli::{printed, say};
use crate::report::claims::ClaimsReport;
use crate::sheet::{self, Changed, Claimed, SheetError};

/// The text of a ledger; empty where there is none yet.
fn read(path: &Path) -> Result<String, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Failure::Usage {
            what: format!("the sheet {} cannot be read: {error}", path.display()),
            help: "Name another file, or mend its permissions.".to_owned(),
        }),
    }
}

fn wrong(path: &Path, error: &SheetError) -> Failure {
    Failure::Usage {
        what: format!("the sheet {} cannot be taken: {error}", path.display()),
        help: "Mend it by hand; nothing in it was changed.".to_owned(),
    }
}

/// What people signed in a ledger: the verdict of each claim, by its fingerprint.
pub(super) fn signed(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    sheet::signed(&read(path)?).map_err(|error| wrong(path, &error))
}

/// Brings the ledger up to date with the inputs, and tells what has changed. Tells whether all inputs could be read.
pub(super) fn write(
    path: &Path,
    arguments: &Claims,
    reader: &Reader<'_>,
    inputs: &[Input],
) -> Result<io::Result<bool>, Failure> {
    let old = read(path)?;
    let (mut articles, mut claims, mut all_read) = (Vec::new(), Vec::new(), true);
    let done = reader.each(inputs, &|_| None, &mut |read| {
        match read {
            Ok(read) => {
                articles.push(read.report.path.clone());
                claims.extend(claimed(read.report));
            }
            Err(error) => all_read &= unread(&error),
        }
        Ok(())
    });
    if let Err(error) = done {
        return Ok(Err(error));
    }
    let today = arguments.evidence.today();
    let (text, changed) = sheet::update(&old, &articles, &claims, today).map_err(|error| wrong(path, &error))?;
    if text != old {
        let mut sink = Sink::open(Some(path))?;
        sink.write_all(text.as_bytes()).map_err(|source| Failure::Output { path: path.to_owned(), source })?;
        sink.close()?;
    }
    if arguments.claim_review {
        let reviews = sheet::reviews(&text).map_err(|error| wrong(path, &error))?;
        printed(&format!("{reviews:#}\n"))?;
    }
    if !arguments.writing.quiet {
        say(&told(path, &changed));
    }
    Ok(Ok(all_read))
}

fn claimed(report: ClaimsReport) -> impl Iterator<Item = Claimed> {
    let path = report.path.clone();
    report.sentences.into_iter().flat_map(move |sentence| {
        let (path, text) = (path.clone(), sentence.text.clone());
        sentence.claims.into_iter().map(move |claim| Claimed {
            path: path.clone(),
            line: claim.line,
            kind: serde_json::to_value(claim.kind)
                .ok()
                .and_then(|kind| Some(kind.as_str()?.to_owned()))
                .unwrap_or_default(),
            claim: claim.text,
            sentence: text.clone(),
            fingerprint: claim.fingerprint,
            verdict: claim.judgement.verdict.name().to_owned(),
            evidence: claim.judgement.evidence.first().map(|evidence| evidence.detail.clone()).unwrap_or_default(),
            address: claim.judgement.evidence.first().and_then(|evidence| evidence.url.clone()).unwrap_or_default(),
        })
    })
}

fn told(path: &Path, changed: &Changed) -> String {
    let Changed { claims, signed, new, stale, gone, dropped } = changed;
    let parts = [
        (*new, "new"),
        (*stale, "stale: worded otherwise since they were checked"),
        (*gone, "set apart under [[gone]]: the claim is no longer there"),
        (*dropped, "dropped: gone, and nobody had written into them"),
    ];
    let more: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let more = if more.is_empty() { String::new() } else { format!("; {}", more.join(", ")) };
    format!("{}: {claims} claims, {signed} of all entries signed{more}", path.display())
}
