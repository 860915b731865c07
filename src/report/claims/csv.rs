//! Claims for spreadsheets: one row a claim.

use std::io::{self, Write};

use csv::WriterBuilder;

use super::{ClaimOutput, ClaimsReport, because, name, rests_on};

const HEAD: [&str; 17] = [
    "path",
    "line",
    "column",
    "kind",
    "subject",
    "object",
    "claim",
    "strength",
    "polarity",
    "certainty",
    "mood",
    "source",
    "stance",
    "verdict",
    "evidence",
    "address",
    "write",
];

/// Comma-separated, with a head; `cues` is added where they were asked for.
#[derive(Default)]
pub(super) struct Csv {
    begun: bool,
}

impl ClaimOutput for Csv {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        let mut csv = WriterBuilder::new().from_writer(out);
        for (_, claim) in file.claims() {
            if !self.begun {
                let cues = claim.cues.as_ref().map(|_| "cues");
                csv.write_record(HEAD.into_iter().chain(cues))?;
                self.begun = true;
            }
            let said = claim.assertion;
            let fields = [
                file.path.clone(),
                claim.line.to_string(),
                claim.column.to_string(),
                name(claim.kind),
                claim.subject.clone().unwrap_or_default(),
                claim.object.clone().unwrap_or_default(),
                claim.text.clone(),
                name(claim.strength),
                name(said.polarity),
                name(said.certainty),
                name(said.mood),
                name(said.voice),
                name(said.stance),
                claim.judgement.verdict.name().to_owned(),
                rests_on(&claim.judgement),
                claim.judgement.evidence.first().and_then(|evidence| evidence.url.clone()).unwrap_or_default(),
                claim.judgement.say.clone().unwrap_or_default(),
            ];
            let cues = claim.cues.as_ref().map(|cues| because(cues));
            csv.write_record(fields.into_iter().map(|field| harmless(&field)).chain(cues))?;
        }
        csv.flush()
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.begun { Ok(()) } else { writeln!(out, "{}", HEAD.join(",")) }
    }
}

/// A field that a spreadsheet would take for a formula gets an apostrophe before it.
fn harmless(field: &str) -> String {
    match field.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@') => format!("'{field}"),
        _ => field.to_owned(),
    }
}
