//! Retraction Watch: notices about publications, as CSV.
//!
//! Days are M/D/YYYY with a time behind them, a missing DOI is `unavailable` or empty, a missing PubMed number 0, and
//! lists end with their mark.

use jiff::civil::Date;

use crate::evidence::records::Id;
use crate::imported::{Nature, Notice, Record};

use super::dates::{First, day};
use super::table::{Parted, Row, Table, parts};
use super::{BulkError, File, Harvest};

const COLUMNS: &[&str] = &["originalpaperdoi", "retractionnature"];

pub(super) fn read(files: &[File<'_>], today: Date) -> Result<Harvest, BulkError> {
    let mut harvest = Harvest::default();
    for file in files {
        let mut table = Table::open(file, Parted::Commas, COLUMNS, None, "Retraction Watch's table")?;
        while let Some(row) = table.next() {
            harvest.rows += 1;
            match row {
                Ok(row) => keep(&mut harvest, file.name, &row, today),
                Err((line, message)) => harvest.wrong(file.name, line, message),
            }
        }
    }
    Ok(harvest)
}

fn keep(harvest: &mut Harvest, file: &str, row: &Row<'_>, today: Date) {
    let written = row.get(&["retractionnature"]);
    let Some(nature) = nature(written) else {
        return harvest.wrong(file, row.line, format!("“{written}” is no kind of notice that is known here."));
    };
    let (doi, pmid) = (doi(row.get(&["originalpaperdoi"])), pmid(row.get(&["originalpaperpubmedid"])));
    if doi.is_none() && pmid.is_none() {
        return harvest.leave_out("publications with neither DOI nor PubMed number");
    }
    let reason = |reason: String| reason.trim_start_matches('+').trim().to_owned();
    harvest.records.push(Record::Notice(Notice {
        doi,
        pmid,
        title: row.get(&["title"]).to_owned(),
        nature,
        date: day(row.get(&["retractiondate"]), First::Month, today),
        reasons: parts(row.get(&["reason"]), &[';']).into_iter().map(reason).collect(),
    }));
}

fn nature(text: &str) -> Option<Nature> {
    Some(match text.to_lowercase().as_str() {
        "retraction" => Nature::Retraction,
        "expression of concern" => Nature::Concern,
        "correction" => Nature::Correction,
        "reinstatement" => Nature::Reinstatement,
        _ => return None,
    })
}

fn doi(text: &str) -> Option<String> {
    match Id::parse(&format!("doi:{}", text.to_lowercase())).or_else(|| Id::of_address(text)) {
        Some(Id::Doi(doi)) => Some(doi),
        _ => None,
    }
}

fn pmid(text: &str) -> Option<String> {
    match Id::parse(&format!("pmid:{}", text.trim_start_matches('0'))) {
        Some(Id::Pmid(pmid)) => Some(pmid),
        _ => None,
    }
}
