//! ClinicalTrials.gov, version 2 of its interface.

use serde_json::Value;
use url::Url;

use crate::evidence::records::Record;
use crate::evidence::searches::{Hits, Search, Trials};

use super::{Unread, figures, json};

/// What is asked of a trial.
const FIELDS: &str =
    "NCTId,BriefTitle,OverallStatus,BriefSummary,EnrollmentInfo,Phase,Condition,InterventionName,InterventionOtherName";

/// Most conditions, and most names of interventions, that are kept of a trial.
const MOST_SUBJECTS: usize = 20;

pub(super) fn address(base: Url, nct: &str) -> Option<Url> {
    let mut url = base.join(&format!("studies/{nct}")).ok()?;
    url.query_pairs_mut().append_pair("format", "json").append_pair("fields", FIELDS);
    Some(url)
}

/// All trials of a therapy, with nothing but their numbers and their status.
pub(super) fn search(base: Url, search: &Search) -> Option<Url> {
    let mut url = base.join("studies").ok()?;
    let mut pairs = url.query_pairs_mut();
    pairs.append_pair("format", "json").append_pair("query.intr", &quoted(&search.therapy));
    if let Some(condition) = &search.condition {
        pairs.append_pair("query.cond", &quoted(condition));
    }
    pairs
        .append_pair("fields", "NCTId,OverallStatus")
        .append_pair("countTotal", "true")
        .append_pair("pageSize", "1000");
    drop(pairs);
    Some(url)
}

/// A name as one phrase: brackets and the words "and", "or", "not" mean something else in a query.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace(['"', '\\'], " "))
}

/// How many trials were found. What is behind the first thousand counts as not recruiting.
pub(super) fn found(status: u16, body: &[u8]) -> Result<Hits, Unread> {
    let reply = json(status, body)?;
    let studies = reply.get("studies").and_then(Value::as_array).ok_or(Unread::Shape)?;
    let text = |study: &Value, pointer: &str| study.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let mut trials: Vec<(bool, String)> = Vec::with_capacity(studies.len());
    for study in studies {
        let status = text(study, "/protocolSection/statusModule/overallStatus").unwrap_or_default();
        let number = text(study, "/protocolSection/identificationModule/nctId").ok_or(Unread::Shape)?;
        let recruits = matches!(status.as_str(), "RECRUITING" | "ENROLLING_BY_INVITATION");
        trials.push((!recruits, number));
    }
    trials.sort();
    let total = reply.get("totalCount").and_then(Value::as_u64).unwrap_or(trials.len() as u64);
    Ok(Hits::Trials(Trials {
        total: total as u32,
        recruiting: trials.iter().filter(|(does_not, _)| !does_not).count() as u32,
        some: trials.into_iter().take(MOST_NAMED).map(|(_, number)| number).collect(),
    }))
}

/// So many trials are kept by their numbers.
const MOST_NAMED: usize = 3;

/// Errors are plain text or HTML: only a 200 is read.
pub(super) fn read(status: u16, body: &[u8]) -> Result<Record, Unread> {
    if status == 404 {
        return Ok(Record::default());
    }
    let reply = json(status, body)?;
    let text = |pointer: &str| reply.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let status = text("/protocolSection/statusModule/overallStatus").ok_or(Unread::Shape)?;
    let title = text("/protocolSection/identificationModule/briefTitle").unwrap_or_default();
    let summary = text("/protocolSection/descriptionModule/briefSummary").unwrap_or_default();
    let enrolled = reply.pointer("/protocolSection/designModule/enrollmentInfo/count").and_then(Value::as_u64);
    let enrolled = enrolled.map(|count| format!("{count} participants enrolled in the trial. ")).unwrap_or_default();
    let figures = figures(&format!("{enrolled}{summary}"));
    let list = |value: &Value, pointer: &str| -> Vec<String> {
        let all = value.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).map(str::to_owned).take(MOST_SUBJECTS).collect()
    };
    let phases = list(&reply, "/protocolSection/designModule/phases");
    let mut subjects = list(&reply, "/protocolSection/conditionsModule/conditions");
    let tried = reply.pointer("/protocolSection/armsInterventionsModule/interventions").and_then(Value::as_array);
    let names = tried.into_iter().flatten().flat_map(|one| {
        let name = one.get("name").and_then(Value::as_str).map(str::to_owned);
        name.into_iter().chain(list(one, "/otherNames"))
    });
    subjects.extend(names.take(MOST_SUBJECTS));
    Ok(Record { found: true, status: Some(status), title, figures, phases, subjects, ..Record::default() })
}
