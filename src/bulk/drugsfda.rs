//! Drugs@FDA: tab-separated tables of applications, their products and their submissions.
//!
//! Only the original submission's approval (`ORIG`, `AP`) gives a date; a tentative one (`TA`) is none. "Discontinued"
//! says that a product is not sold, and nothing about its approval, so it is not read. Copies (ANDA) are left out: the
//! first of their substance came before them. An application with several names has the date of the first.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::imported::{Product, Record, State};

use super::dates::{First, day};
use super::names::{brand, substances};
use super::table::{Parted, Table};
use super::{BulkError, File, Harvest};

const APPLICATIONS: &[&str] = &["applno", "appltype", "sponsorname"];
const PRODUCTS: &[&str] = &["applno", "drugname", "activeingredient"];
const SUBMISSIONS: &[&str] = &["applno", "submissiontype", "submissionstatus", "submissionstatusdate"];

/// What the tables say of one application.
#[derive(Default)]
struct Application {
    brands: Vec<String>,
    substances: Vec<String>,
    approved: Option<Date>,
}

pub(super) fn read(files: &[File<'_>], today: Date) -> Result<Harvest, BulkError> {
    let mut harvest = Harvest::default();
    let mut applications: HashMap<String, Application> = HashMap::new();
    let submissions = table(files, SUBMISSIONS, "Submissions.txt")?;
    each(submissions, &mut harvest, |harvest, at, row| {
        if row.get(&["submissiontype"]) != "ORIG" || row.get(&["submissionstatus"]) != "AP" {
            return harvest.leave_out("submissions that are no approval of an original application");
        }
        let Some(approved) = day(row.get(&["submissionstatusdate"]), First::Month, today) else {
            return harvest.wrong(at, row.line, "This submission's `SubmissionStatusDate` is no day.");
        };
        let application = applications.entry(row.get(&["applno"]).to_owned()).or_default();
        application.approved = Some(application.approved.map_or(approved, |earlier| earlier.min(approved)));
    });
    let products = table(files, PRODUCTS, "Products.txt")?;
    each(products, &mut harvest, |_, _, row| {
        let application = applications.entry(row.get(&["applno"]).to_owned()).or_default();
        let name = brand(row.get(&["drugname"]));
        if !name.is_empty() && !application.brands.contains(&name) {
            application.brands.push(name);
        }
        for substance in substances(row.get(&["activeingredient"])) {
            if !application.substances.contains(&substance) {
                application.substances.push(substance);
            }
        }
    });
    let holders = table(files, APPLICATIONS, "Applications.txt")?;
    each(holders, &mut harvest, |harvest, at, row| {
        let (number, kind) = (row.get(&["applno"]), row.get(&["appltype"]));
        let application = applications.remove(number).unwrap_or_default();
        match (kind, application.approved) {
            ("ANDA" | "A", _) => harvest.leave_out("applications for copies (ANDA)"),
            ("NDA" | "N" | "BLA" | "B", None) => harvest.leave_out("applications without an approval of the original"),
            ("NDA" | "N" | "BLA" | "B", Some(_))
                if application.brands.is_empty() && application.substances.is_empty() =>
            {
                harvest.leave_out("applications without a product");
            }
            ("NDA" | "N" | "BLA" | "B", since) => harvest.records.push(Record::Product(Product {
                number: format!("{}{number}", if kind.starts_with('N') { "NDA" } else { "BLA" }),
                holder: row.get(&["sponsorname"]).to_owned(),
                brands: application.brands,
                substances: application.substances,
                state: State::Approved,
                since,
                until: None,
                areas: Vec::new(),
            })),
            _ => harvest.wrong(at, row.line, format!("“{kind}” is no type of application (NDA, BLA or ANDA).")),
        }
    });
    Ok(harvest)
}

/// The file with these columns.
fn table<'a>(files: &[File<'a>], columns: &[&str], name: &str) -> Result<Table<'a>, BulkError> {
    let found = files.iter().find_map(|file| Table::find(file, Parted::Tabs, columns, None));
    found.ok_or_else(|| BulkError {
        file: files.first().map(|file| file.name.to_owned()).unwrap_or_default(),
        what: format!("none of the files is the table {name} of Drugs@FDA"),
        help: "Unpack the downloaded archive and name Applications.txt, Products.txt and Submissions.txt together."
            .to_owned(),
    })
}

/// Takes every row of a table.
fn each(mut table: Table<'_>, harvest: &mut Harvest, mut take: impl FnMut(&mut Harvest, &str, super::table::Row<'_>)) {
    let file = table.file;
    while let Some(row) = table.next() {
        harvest.rows += 1;
        match row {
            Ok(row) => take(harvest, file, row),
            Err((line, message)) => harvest.wrong(file, line, message),
        }
    }
}
