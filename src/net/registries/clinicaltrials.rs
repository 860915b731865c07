//! ClinicalTrials.gov, version 2 of its interface.

use serde_json::Value;
use url::Url;

use crate::evidence::records::Record;

use super::{Unread, figures, json};

pub(super) fn address(base: Url, nct: &str) -> Option<Url> {
    let mut url = base.join(&format!("studies/{nct}")).ok()?;
    url.query_pairs_mut()
        .append_pair("format", "json")
        .append_pair("fields", "NCTId,BriefTitle,OverallStatus,BriefSummary,EnrollmentInfo");
    Some(url)
}

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
    Ok(Record { found: true, status: Some(status), title, figures, ..Record::default() })
}
