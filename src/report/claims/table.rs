//! Claims as a table on a terminal.

use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table as Grid};

use super::{ClaimOutput, ClaimRow, ClaimsReport, because, manner, name, rests_on};
use crate::claims::Strength;
use crate::evidence::{Judgement, Verdict};
use crate::report::{Style, one_line};

/// The format for people; the default.
pub(super) struct Table {
    style: Style,
    claims: usize,
    files: usize,
}

impl Table {
    pub(super) fn new(style: Style) -> Self {
        Self { style, claims: 0, files: 0 }
    }
}

/// How a claim is put: its strength, and what it is besides a bare statement of the author's.
fn put(claim: &ClaimRow) -> String {
    let strength = if claim.strength == Strength::None { String::new() } else { name(claim.strength) };
    [strength, manner(&claim.assertion)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The words of a claim, what a pronoun in them stands for, below them the cues where they were asked for, and what its verdict rests on.
fn told(claim: &ClaimRow) -> String {
    let cues = claim.cues.as_ref().filter(|cues| !cues.is_empty());
    let cues = cues.map(|cues| format!("\n({})", one_line(&because(cues)))).unwrap_or_default();
    let evidence = rests_on(&claim.judgement);
    let evidence = if evidence.is_empty() { evidence } else { format!("\n→ {}", one_line(&evidence)) };
    let elsewhere = claim.subject.as_deref().filter(|subject| !claim.text.contains(subject));
    let of = elsewhere.map(|subject| format!("\n(of {})", one_line(subject))).unwrap_or_default();
    format!("{}{of}{cues}{evidence}", one_line(&claim.text))
}

/// A verdict; nothing where nothing could be asked.
fn verdict(judgement: &Judgement) -> &'static str {
    if judgement.verdict == Verdict::Unchecked { "" } else { judgement.verdict.name() }
}

impl ClaimOutput for Table {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        self.files += 1;
        let mut grid = Grid::new();
        grid.load_style(UTF8_HORIZONTAL_ONLY);
        grid.set_content_arrangement(ContentArrangement::Dynamic).set_width(self.style.width.clamp(40, 400) as u16);
        grid.set_header(["place", "kind", "claim", "put", "verdict"]);
        let before = self.claims;
        for (_, claim) in file.claims() {
            self.claims += 1;
            grid.add_row([
                format!("{}:{}", claim.line, claim.column),
                name(claim.kind),
                told(claim),
                put(claim),
                verdict(&claim.judgement).to_owned(),
            ]);
        }
        if self.claims > before {
            writeln!(out, "{}", file.path)?;
            for line in grid.to_string().lines() {
                writeln!(out, "{}", line.trim_end())?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.style.quiet {
            return Ok(());
        }
        let (claims, files) = (self.claims, self.files);
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        writeln!(out, "{claims} claim{} in {files} file{}", plural(claims), plural(files))
    }
}
