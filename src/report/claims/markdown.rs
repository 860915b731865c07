//! A fact-checker's worksheet: every claim with room for the evidence.

use std::io::{self, Write};

use super::{ClaimOutput, ClaimRow, ClaimsReport, because, manner, name, rests_on};
use crate::report::markdown::escaped;

/// One table a file, one row a claim, an empty column for evidence.
#[derive(Default)]
pub(super) struct Worksheet {
    files: usize,
}

impl ClaimOutput for Worksheet {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        if self.files > 0 {
            writeln!(out)?;
        }
        self.files += 1;
        writeln!(out, "# Claims in {}\n", escaped(&file.path))?;
        if file.claims().next().is_none() {
            return writeln!(out, "No claims were found.");
        }
        writeln!(out, "| ☐ | Place | Kind | Claim | Put how strongly | Who says it | Verdict | Evidence |")?;
        writeln!(out, "|---|---|---|---|---|---|---|---|")?;
        for (_, claim) in file.claims() {
            let (place, kind) = (format!("{}:{}", claim.line, claim.column), name(claim.kind));
            let who = name(claim.assertion.voice);
            let (verdict, evidence) = (claim.judgement.verdict.name(), escaped(&rests_on(&claim.judgement)));
            let (text, how) = (escaped(&claim.text), how(claim));
            writeln!(out, "| ☐ | {place} | {kind} | {text} | {how} | {who} | {verdict} | {evidence} |")?;
        }
        Ok(())
    }

    fn finish(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Strength, manner, and the cues behind them where they were asked for.
fn how(claim: &ClaimRow) -> String {
    let parts =
        [name(claim.strength), manner(&claim.assertion), claim.cues.as_deref().map(because).unwrap_or_default()];
    let told: Vec<String> =
        parts.iter().filter(|part| !part.is_empty() && *part != "none").map(|part| escaped(part)).collect();
    told.join("; ")
}
