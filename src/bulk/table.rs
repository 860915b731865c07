//! Tables of text: where the header stands, columns by name, rows with their lines.

use std::collections::HashMap;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{BulkError, File};

/// Rows that are looked at for a header before a file counts as one without.
const HEADER_WITHIN: usize = 5_000;
/// Lines that one row may run over. What is longer has a quotation mark that nobody closed.
const LONGEST_ROW: u64 = 2_000;

/// How the fields of a row are parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parted {
    /// By commas, with quotation marks around fields that hold some.
    Commas,
    /// By tabs, and quotation marks mean nothing.
    Tabs,
}

/// A table whose header has been found.
pub(super) struct Table<'a> {
    pub(super) file: &'a str,
    rows: Reader<&'a [u8]>,
    columns: HashMap<String, usize>,
    width: usize,
}

/// A row with its line.
pub(super) struct Row<'t> {
    pub(super) line: u64,
    fields: StringRecord,
    columns: &'t HashMap<String, usize>,
}

/// A name of a column without what differs from one edition to the next: case, blanks, marks.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl<'a> Table<'a> {
    /// Finds the header, which is the first row with all these columns (folded), behind a row that starts with `behind`
    /// where that is given. `None` where there is none.
    pub(super) fn find(file: &File<'a>, parted: Parted, wanted: &[&str], behind: Option<&str>) -> Option<Self> {
        let text = file.text.strip_prefix('\u{FEFF}').unwrap_or(file.text);
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true);
        if parted == Parted::Tabs {
            builder.delimiter(b'\t').quoting(false);
        }
        let mut rows = builder.from_reader(text.as_bytes());
        let (mut row, mut is_behind) = (StringRecord::new(), behind.is_none());
        for _ in 0..HEADER_WITHIN {
            if !rows.read_record(&mut row).ok()? {
                return None;
            }
            is_behind |= behind.is_some_and(|mark| row.get(0).is_some_and(|first| first.trim().starts_with(mark)));
            let mut columns = HashMap::new();
            for (at, name) in row.iter().enumerate() {
                columns.entry(folded(name)).or_insert(at);
            }
            if is_behind && wanted.iter().all(|name| columns.contains_key(*name)) {
                let width = (1..=row.len()).rev().find(|&at| !row[at - 1].trim().is_empty()).unwrap_or_default();
                return Some(Self { file: file.name, rows, columns, width });
            }
        }
        None
    }

    /// As [`Self::find`]; without a header the file is not what it is said to be.
    pub(super) fn open(
        file: &File<'a>,
        parted: Parted,
        wanted: &[&str],
        behind: Option<&str>,
        what: &str,
    ) -> Result<Self, BulkError> {
        Self::find(file, parted, wanted, behind).ok_or_else(|| BulkError {
            file: file.name.to_owned(),
            what: format!("this is not {what}: no row names its columns"),
            help: "`caveat facts import --help` says which files each source has, and where they are.".to_owned(),
        })
    }

    /// The next row; what is wrong with it, with its line; `None` behind the last one.
    pub(super) fn next(&mut self) -> Option<Result<Row<'_>, (u64, String)>> {
        let mut fields = StringRecord::new();
        let line = self.rows.position().line();
        match self.rows.read_record(&mut fields) {
            Ok(false) => None,
            Err(error) => Some(Err((line, format!("This row cannot be read: {error}")))),
            Ok(true) => {
                let line = fields.position().map_or(line, csv::Position::line);
                if self.rows.position().line().saturating_sub(line) > LONGEST_ROW {
                    return Some(Err((line, "A quotation mark in this row is not closed.".to_owned())));
                }
                // Rows may be short of empty fields at their end, but no row has only the first few of many columns.
                if fields.len() * 2 < self.width {
                    let message = format!("This row has {} of {} columns.", fields.len(), self.width);
                    return Some(Err((line, message)));
                }
                Some(Ok(Row { line, fields, columns: &self.columns }))
            }
        }
    }
}

impl Row<'_> {
    /// The first of these columns (folded names) that there is, without blanks around it; empty where there is none.
    pub(super) fn get(&self, names: &[&str]) -> &str {
        let column = names.iter().find_map(|name| self.columns.get(*name));
        column.and_then(|&at| self.fields.get(at)).map_or("", str::trim)
    }
}

/// The parts of a list, without blanks around them and without empty ones.
pub(super) fn parts(list: &str, parted: &[char]) -> Vec<String> {
    list.split(parted).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
