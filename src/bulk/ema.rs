//! EMA's medicines: the table as CSV or JSON.
//!
//! Some lines with titles stand before the header. In JSON a value is a string or a list of strings, and texts may hold
//! marks of HTML. Only medicines for humans count. Refused and withdrawn applications are in it, which is what makes it
//! worth as much as its approvals.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::imported::{Product, Record, State};

use super::dates::{First, day};
use super::names::{brands_of, substances};
use super::table::{Parted, Table, folded, parts};
use super::{BulkError, File, Harvest, json};

const STATUS: &[&str] = &["medicinestatus", "authorisationstatus"];
const NAME: &[&str] = &["nameofmedicine", "medicinename"];
const SUBSTANCE: &[&str] =
    &["activesubstance", "internationalnonproprietarynameinncommonname", "internationalnonproprietarynamecommonname"];
const NUMBER: &[&str] = &["emaproductnumber", "productnumber"];
const HOLDER: &[&str] = &[
    "marketingauthorisationdeveloperapplicantholder",
    "marketingauthorisationholdercompanyname",
    "marketingauthorisationholder",
];
const AREA: &[&str] = &["therapeuticareamesh", "therapeuticarea"];
const APPROVED: &[&str] = &["marketingauthorisationdate"];
const REFUSED: &[&str] = &["refusalofmarketingauthorisationdate", "dateofrefusalofmarketingauthorisation"];
const TAKEN_BACK: &[&str] = &["withdrawalofapplicationdate"];
const ENDED: &[&str] =
    &["withdrawalexpiryrevocationlapseofmarketingauthorisationdate", "withdrawalofmarketingauthorisationdate"];
const SUSPENDED: &[&str] = &["suspensionofmarketingauthorisationdate"];

pub(super) fn read(files: &[File<'_>], today: Date) -> Result<Harvest, BulkError> {
    let mut harvest = Harvest::default();
    for file in files {
        if json::is_json(file.text) {
            from_json(file, today, &mut harvest)?;
        } else {
            from_table(file, today, &mut harvest)?;
        }
    }
    Ok(harvest)
}

fn from_table(file: &File<'_>, today: Date, harvest: &mut Harvest) -> Result<(), BulkError> {
    let has = |name: &str| Table::find(file, Parted::Commas, &["category", name], None).is_some();
    let name = NAME.iter().find(|name| has(name)).copied().unwrap_or(NAME[0]);
    let mut table = Table::open(file, Parted::Commas, &["category", name], None, "EMA's table of medicines")?;
    while let Some(row) = table.next() {
        harvest.rows += 1;
        match row {
            Ok(row) => medicine(harvest, file.name, row.line, today, &|names| row.get(names).to_owned()),
            Err((line, message)) => harvest.wrong(file.name, line, message),
        }
    }
    Ok(())
}

fn from_json(file: &File<'_>, today: Date, harvest: &mut Harvest) -> Result<(), BulkError> {
    let objects = json::objects(file)?;
    harvest.as_of = objects.made.as_deref().and_then(|made| day(made, First::Day, today)).or(harvest.as_of);
    let (before, rows) = (harvest.records.len(), objects.all.len());
    for (line, object) in objects.all {
        harvest.rows += 1;
        let Ok(object) = serde_json::from_str::<HashMap<String, Value>>(object.get()) else {
            harvest.wrong(file.name, line, "This is no medicine.");
            continue;
        };
        let fields: HashMap<String, String> = object.iter().map(|(name, value)| (folded(name), words(value))).collect();
        let get = |names: &[&str]| names.iter().find_map(|name| fields.get(*name)).cloned().unwrap_or_default();
        medicine(harvest, file.name, line, today, &get);
    }
    if harvest.records.len() == before && harvest.left_out.is_empty() && rows > 0 {
        return Err(BulkError {
            file: file.name.to_owned(),
            what: "this is not EMA's list of medicines: no object has a `name_of_medicine`".to_owned(),
            help: "Download “Medicines” from the page that `caveat facts import --help` names.".to_owned(),
        });
    }
    Ok(())
}

/// A string, or the strings of a list.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(all) => all.iter().map(words).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn medicine(harvest: &mut Harvest, file: &str, line: u64, today: Date, get: &dyn Fn(&[&str]) -> String) {
    let (name, category, status) = (get(NAME), get(&["category"]), get(STATUS));
    if !category.is_empty() && !category.eq_ignore_ascii_case("human") {
        return harvest.leave_out("medicines for animals, and herbal ones");
    }
    if name.is_empty() {
        return harvest.wrong(file, line, "This medicine has no name.");
    }
    let on = |names: &[&str]| day(&get(names), First::Day, today);
    let Some(state) = state(&status) else {
        return harvest.wrong(file, line, format!("“{status}” is no status of a medicine that is known here."));
    };
    let until = match state {
        State::Refused => on(REFUSED),
        State::ApplicationWithdrawn => on(TAKEN_BACK),
        State::Ended => on(ENDED),
        State::Suspended => on(SUSPENDED),
        State::Approved | State::Opinion => None,
    };
    let since = on(APPROVED).filter(|_| matches!(state, State::Approved | State::Ended | State::Suspended));
    if state == State::Approved && since.is_none() {
        return harvest.wrong(file, line, "This medicine is authorised, and its day of authorisation is missing.");
    }
    harvest.records.push(Record::Product(Product {
        brands: brands_of(&name),
        substances: substances(&get(SUBSTANCE)),
        number: get(NUMBER),
        holder: get(HOLDER),
        state,
        since,
        until,
        areas: parts(&get(AREA), &[';']),
    }));
}

/// What a status means. A medicine that may have been approved and is no longer counts as ended.
fn state(status: &str) -> Option<State> {
    let status = status.to_lowercase();
    let starts = |start: &str| status.starts_with(start);
    Some(match () {
        () if starts("authorised") => State::Approved,
        () if starts("refused") => State::Refused,
        () if starts("application withdrawn") || starts("withdrawn from rolling review") => State::ApplicationWithdrawn,
        () if starts("withdrawn")
            || starts("lapsed")
            || starts("expired")
            || starts("revoked")
            || starts("not renewed") =>
        {
            State::Ended
        }
        () if starts("suspended") => State::Suspended,
        () if starts("opinion") || starts("rolling review") || starts("under evaluation") => State::Opinion,
        () => return None,
    })
}
