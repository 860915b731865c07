//! The Purple Book: FDA's list of licensed biological products.
//!
//! A month's changes stand before the table, with the same columns. Rows of one application (strengths, presentations,
//! supplements) are taken together; only `Original` rows give a day of approval.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::imported::{Product, Record, State};

use super::dates::{First, day};
use super::names::{brand, substances};
use super::table::{Parted, Table, parts};
use super::{BulkError, File, Harvest};

const COLUMNS: &[&str] = &["blanumber", "proprietaryname", "propername", "approvaldate"];
const MARK: &str = "Purple Book Database Extract";

pub(super) fn read(files: &[File<'_>], today: Date) -> Result<Harvest, BulkError> {
    let mut harvest = Harvest::default();
    let mut products: BTreeMap<String, Product> = BTreeMap::new();
    for file in files {
        let behind = file.text.contains(MARK).then_some(MARK);
        let mut table = Table::open(file, Parted::Commas, COLUMNS, behind, "the Purple Book's table")?;
        while let Some(row) = table.next() {
            harvest.rows += 1;
            let row = match row {
                Ok(row) => row,
                Err((line, message)) => {
                    harvest.wrong(file.name, line, message);
                    continue;
                }
            };
            let digits: String = row.get(&["blanumber"]).chars().filter(char::is_ascii_digit).collect();
            if digits.is_empty() {
                harvest.wrong(file.name, row.line, "This row has no BLA number.");
                continue;
            }
            let number = format!("BLA{digits:0>6}");
            let product = products.entry(number.clone()).or_insert_with(|| Product {
                number,
                holder: row.get(&["applicant"]).to_owned(),
                brands: Vec::new(),
                substances: substances(row.get(&["propername"])),
                state: State::Approved,
                since: None,
                until: None,
                areas: Vec::new(),
            });
            for name in parts(row.get(&["proprietaryname"]), &[',', ';']).iter().map(|name| brand(name)) {
                // "N/A" and the proper name again are no brands.
                let is_brand = name.len() > 1 && !name.eq_ignore_ascii_case("n/a");
                if is_brand && !product.brands.contains(&name) {
                    product.brands.push(name);
                }
            }
            // Older editions do not say which submission a row is about.
            let submission = row.get(&["submissiontype"]);
            if !(submission.is_empty() || submission.eq_ignore_ascii_case("original")) {
                continue;
            }
            match (row.get(&["approvaldate"]), day(row.get(&["approvaldate"]), First::Month, today)) {
                (_, Some(day)) => product.since = Some(product.since.map_or(day, |earlier| earlier.min(day))),
                ("", None) => {}
                (written, None) => {
                    harvest.wrong(file.name, row.line, format!("“{written}” is no day of approval."));
                }
            }
        }
    }
    for product in products.into_values() {
        if product.since.is_some() {
            harvest.records.push(Record::Product(product));
        } else {
            harvest.leave_out("products without a day of approval");
        }
    }
    Ok(harvest)
}
