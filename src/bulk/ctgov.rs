//! ClinicalTrials.gov: studies as its API gives them (JSON, one file or many, or JSON Lines), or as its search page saves
//! them (CSV).

use std::cmp::Reverse;

use jiff::civil::Date;
use serde::Deserialize;

use crate::evidence::records::Id;
use crate::imported::{Record, Trial};

use super::dates::{First, day};
use super::table::{Parted, Row, Table, parts};
use super::{BulkError, File, Harvest, json};

pub(super) fn read(files: &[File<'_>], today: Date) -> Result<Harvest, BulkError> {
    let mut harvest = Harvest::default();
    for file in files {
        if json::is_json(file.text) {
            from_json(file, today, &mut harvest)?;
        } else {
            from_table(file, today, &mut harvest)?;
        }
    }
    keep_newest(&mut harvest);
    Ok(harvest)
}

/// Of several records of one trial, as overlapping searches give them, keeps the one that was changed last.
fn keep_newest(harvest: &mut Harvest) {
    let key = |record: &Record| match record {
        Record::Trial(trial) => (trial.nct.clone(), Reverse(trial.updated)),
        _ => Default::default(),
    };
    let all = harvest.records.len();
    harvest.records.sort_by_cached_key(key);
    harvest.records.dedup_by(|later, first| later.ids() == first.ids());
    for _ in harvest.records.len()..all {
        harvest.leave_out("trials that are there twice");
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Study {
    protocol_section: Option<Protocol>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Protocol {
    identification_module: Identification,
    status_module: Status,
    design_module: Design,
    conditions_module: Conditions,
    arms_interventions_module: Arms,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Identification {
    nct_id: String,
    brief_title: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    overall_status: String,
    last_update_post_date_struct: Day,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Day {
    date: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Design {
    phases: Vec<String>,
    enrollment_info: Enrollment,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Enrollment {
    count: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Conditions {
    conditions: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Arms {
    interventions: Vec<Intervention>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Intervention {
    name: String,
}

fn from_json(file: &File<'_>, today: Date, harvest: &mut Harvest) -> Result<(), BulkError> {
    let objects = json::objects(file)?.all;
    let rows = objects.len();
    let mut is_one = false;
    for (line, object) in objects {
        harvest.rows += 1;
        let study: Study = match serde_json::from_str(object.get()) {
            Ok(study) => study,
            Err(error) => {
                harvest.wrong(file.name, line, format!("This study cannot be read: {error}"));
                continue;
            }
        };
        let Some(protocol) = study.protocol_section else {
            harvest.wrong(file.name, line, "This is no study: it has no `protocolSection`.");
            continue;
        };
        is_one = true;
        let trial = Trial {
            nct: protocol.identification_module.nct_id,
            title: protocol.identification_module.brief_title,
            status: protocol.status_module.overall_status,
            phase: protocol.design_module.phases.join("/"),
            conditions: protocol.conditions_module.conditions,
            interventions: protocol.arms_interventions_module.interventions.into_iter().map(|i| i.name).collect(),
            enrollment: protocol.design_module.enrollment_info.count,
            updated: day(&protocol.status_module.last_update_post_date_struct.date, First::Month, today),
        };
        keep(harvest, file.name, line, trial);
    }
    if rows > 0 && !is_one {
        return Err(BulkError {
            file: file.name.to_owned(),
            what: "this holds no study of ClinicalTrials.gov".to_owned(),
            help: "Download studies as JSON or CSV from the page that `caveat facts import --help` names.".to_owned(),
        });
    }
    Ok(())
}

fn from_table(file: &File<'_>, today: Date, harvest: &mut Harvest) -> Result<(), BulkError> {
    let mut table = Table::open(file, Parted::Commas, &["nctnumber"], None, "a table of ClinicalTrials.gov")?;
    while let Some(row) = table.next() {
        harvest.rows += 1;
        match row {
            Ok(row) => keep(harvest, file.name, row.line, of_row(&row, today)),
            Err((line, message)) => harvest.wrong(file.name, line, message),
        }
    }
    Ok(())
}

fn of_row(row: &Row<'_>, today: Date) -> Trial {
    // "DRUG: Ocrelizumab" is an intervention of that sort.
    let bare = |name: String| name.split_once(": ").map_or(name.clone(), |(_, name)| name.to_owned());
    Trial {
        nct: row.get(&["nctnumber"]).to_owned(),
        title: row.get(&["studytitle", "title"]).to_owned(),
        status: row.get(&["studystatus", "status", "overallstatus"]).to_owned(),
        phase: parts(row.get(&["phases", "phase"]), &['|']).join("/"),
        conditions: parts(row.get(&["conditions"]), &['|']),
        interventions: parts(row.get(&["interventions"]), &['|']).into_iter().map(bare).collect(),
        enrollment: row.get(&["enrollment"]).parse().ok(),
        updated: day(row.get(&["lastupdateposted", "lastupdate"]), First::Month, today),
    }
}

/// Keeps a trial whose number and status can be read.
fn keep(harvest: &mut Harvest, file: &str, line: u64, mut trial: Trial) {
    match Id::parse(&trial.nct.trim().to_uppercase()) {
        Some(id @ Id::Nct(_)) => trial.nct = id.to_string(),
        _ => return harvest.wrong(file, line, format!("“{}” is no NCT number.", trial.nct)),
    }
    // Older tables write "Active, not recruiting".
    trial.status = trial.status.to_uppercase().replace([',', '.'], "").replace([' ', '-'], "_");
    if trial.status.is_empty() {
        return harvest.wrong(file, line, format!("{} has no status.", trial.nct));
    }
    harvest.records.push(Record::Trial(trial));
}
