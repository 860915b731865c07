//! What an archive stands on: pinned answers and facts with their age, their source and the places that rest on them.

use std::io::{self, Write};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table as Grid};
use jiff::civil::Date;
use serde::Serialize;

use super::Use;
use crate::report::{Style, counted, markdown, one_line};

/// Something that drafts rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandingRow {
    /// Who says it.
    pub source: String,
    /// What it is about: an address, an identifier, the name of a fact.
    pub about: String,
    /// What it says; none where nobody has answered yet.
    pub says: Option<String>,
    /// The day on which it was answered or looked up.
    pub date: Option<Date>,
    /// Days from then to the day of the run.
    pub age_days: Option<i32>,
    /// Whether it is older than a run takes for granted.
    pub due: bool,
    /// Where to look it up.
    pub url: Option<String>,
    /// The places that rest on it.
    pub uses: Vec<Use>,
}

/// How what drafts stand on is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingFormat {
    /// A table for a terminal.
    Table,
    /// A table for a page.
    Markdown,
    /// One document for scripts.
    Json,
}

/// Most places that a table names for one row.
const PLACES: usize = 3;

/// Writes rows in their order.
pub fn write(out: &mut dyn Write, rows: &[StandingRow], format: StandingFormat, style: Style) -> io::Result<()> {
    match format {
        StandingFormat::Json => return super::json(out, "evidence", rows),
        StandingFormat::Markdown => page(out, rows)?,
        StandingFormat::Table => table(out, rows, style)?,
    }
    if style.quiet { Ok(()) } else { summary(out, rows) }
}

fn age(row: &StandingRow) -> String {
    match (row.says.is_some(), row.date) {
        (false, _) => "not yet".to_owned(),
        (true, None) => "undated".to_owned(),
        (true, Some(date)) if row.due => format!("{date} (due)"),
        (true, Some(date)) => date.to_string(),
    }
}

fn places(row: &StandingRow) -> Vec<String> {
    let mut places: Vec<String> = row.uses.iter().map(|at| format!("{}:{}", at.path, at.line)).collect();
    places.dedup();
    if places.len() > PLACES {
        let more = places.split_off(PLACES).len();
        places.push(format!("and {more} more"));
    }
    if places.is_empty() {
        places.push("nowhere".to_owned());
    }
    places
}

fn table(out: &mut dyn Write, rows: &[StandingRow], style: Style) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut grid = Grid::new();
    grid.load_style(UTF8_HORIZONTAL_ONLY);
    grid.set_content_arrangement(ContentArrangement::Dynamic).set_width(style.width.clamp(40, 400) as u16);
    grid.set_header(["answered", "source", "about", "says", "used in"]);
    for row in rows {
        let says = row.says.as_deref().map(one_line).unwrap_or_default();
        grid.add_row([age(row), row.source.clone(), one_line(&row.about), says, places(row).join("\n")]);
    }
    for line in grid.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

fn page(out: &mut dyn Write, rows: &[StandingRow]) -> io::Result<()> {
    writeln!(out, "| Answered | Source | About | Says | Used in |\n|---|---|---|---|---|")?;
    for row in rows {
        let says = row.says.as_deref().map(markdown::escaped).unwrap_or_default();
        let (age, source, about) = (age(row), markdown::escaped(&row.source), markdown::escaped(&row.about));
        let about = row.url.as_ref().map_or(about.clone(), |url| format!("[{about}](<{}>)", url.replace('>', "%3E")));
        let places: Vec<String> = places(row).iter().map(|place| markdown::escaped(place)).collect();
        writeln!(out, "| {age} | {source} | {about} | {says} | {} |", places.join("<br>"))?;
    }
    writeln!(out)
}

/// A line for each source: how much it answered, and how old the oldest of it is.
fn summary(out: &mut dyn Write, rows: &[StandingRow]) -> io::Result<()> {
    let mut sources: Vec<&str> = rows.iter().map(|row| row.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources {
        let of_it = || rows.iter().filter(|row| row.source == source);
        let answered = of_it().filter(|row| row.says.is_some()).count();
        let oldest = of_it().filter(|row| row.says.is_some()).filter_map(|row| row.date).min();
        let oldest = oldest.map(|date| format!(", the oldest of {date}")).unwrap_or_default();
        let (due, open) = (of_it().filter(|row| row.due).count(), of_it().count() - answered);
        let due = if due > 0 { format!(", {due} due") } else { String::new() };
        let open = if open > 0 { format!(", {open} not answered yet") } else { String::new() };
        writeln!(out, "{source}: {}{oldest}{due}{open}", counted(answered, "answer"))?;
    }
    if rows.is_empty() {
        writeln!(out, "Nothing: there is no pinned answer and no fact of this kind that these drafts rest on.")?;
    }
    Ok(())
}
