//! Claims as a table on a terminal.

use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table as Grid};

use super::{ClaimOutput, ClaimsReport, because, manner, name};
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

impl ClaimOutput for Table {
    fn file(&mut self, out: &mut dyn Write, file: &ClaimsReport) -> io::Result<()> {
        self.files += 1;
        let mut grid = Grid::new();
        grid.load_style(UTF8_HORIZONTAL_ONLY);
        grid.set_content_arrangement(ContentArrangement::Dynamic).set_width(self.style.width.clamp(40, 400) as u16);
        grid.set_header(["place", "kind", "claim", "of", "put", "manner"]);
        let before = self.claims;
        for (_, claim) in file.claims() {
            self.claims += 1;
            let text = match &claim.cues {
                Some(cues) if !cues.is_empty() => format!("{}\n({})", one_line(&claim.text), one_line(&because(cues))),
                _ => one_line(&claim.text),
            };
            grid.add_row([
                format!("{}:{}", claim.line, claim.column),
                name(claim.kind),
                text,
                one_line(claim.subject.as_deref().unwrap_or("")),
                name(claim.strength),
                manner(&claim.assertion),
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
