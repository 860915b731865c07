#![allow(clippy::unwrap_used)]

use super::*;
use crate::evidence::records::Standing;

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

#[test]
fn addresses_are_escaped() {
    let of = |registry, text: &str| address(registry, "http://a.example/x", &id(text)).map(String::from);
    let doi = "doi:10.1000/a(97)1-0";
    assert_eq!(of(Registry::Crossref, doi).unwrap(), "http://a.example/x/works/10.1000%2Fa(97)1-0");
    assert_eq!(of(Registry::Doi, doi).unwrap(), "http://a.example/x/api/handles/10.1000/a(97)1-0");
    assert_eq!(of(Registry::Crossref, "pmid:1"), None);
    assert!(of(Registry::Pubmed, "pmid:12").unwrap().contains("db=pubmed&id=12&"));
    assert!(of(Registry::EuropePmc, doi).unwrap().contains("query=DOI%3A%2210.1000%2Fa"));
    assert!(of(Registry::ClinicalTrials, "NCT01234567").unwrap().contains("/studies/NCT01234567?"));
}

/// A registry's reply, and what it says.
type Row = (Registry, u16, String, Result<(bool, Standing), Unread>);

/// What a reply says: `Ok` with whether it is found and how it stands.
fn said(registry: Registry, status: u16, body: &str) -> Result<(bool, Standing), Unread> {
    let id = id(if registry == Registry::Pubmed { "pmid:12" } else { "doi:10.1000/a" });
    read(registry, &id, status, body.as_bytes()).map(|record| (record.found, record.standing))
}

#[test]
fn replies() {
    use Registry::{Crossref, Doi, EuropePmc, Pubmed};
    use Standing::{Concern, Corrected, Retracted, Sound};
    let work = |more: &str| format!(r#"{{"status":"ok","message":{{"DOI":"10.1000/a","title":["T"]{more}}}}}"#);
    let table: Vec<Row> = vec![
        (Crossref, 200, work(""), Ok((true, Sound))),
        (Crossref, 200, work(r#","updated-by":[{"type":"erratum"},{"type":"retraction"}]"#), Ok((true, Retracted))),
        (Crossref, 200, work(r#","updated-by":[{"type":"expression-of-concern"}]"#), Ok((true, Concern))),
        (Crossref, 200, work(r#","updated-by":[{"type":"new_version"}]"#), Ok((true, Sound))),
        (Crossref, 200, work(r#","update-to":[{"type":"retraction"}]"#), Ok((true, Sound))),
        (Crossref, 404, "Resource not found.".into(), Ok((false, Sound))),
        (Crossref, 200, "Resource not found.".into(), Err(Unread::Shape)),
        (Crossref, 429, String::new(), Err(Unread::Busy)),
        (Crossref, 503, String::new(), Err(Unread::Status(503))),
        (Doi, 200, r#"{"responseCode":1}"#.into(), Ok((true, Sound))),
        (Doi, 200, r#"{"responseCode":200}"#.into(), Ok((true, Sound))),
        (Doi, 404, r#"{"responseCode":100}"#.into(), Ok((false, Sound))),
        (Doi, 500, r#"{"responseCode":2}"#.into(), Err(Unread::Status(500))),
        (Doi, 404, "<html>".into(), Err(Unread::Status(404))),
        (Pubmed, 200, r#"{"result":{"uids":["12"],"12":{"pubtype":["Retracted Publication"]}}}"#.into(), Ok((true, Retracted))),
        (Pubmed, 200, r#"{"result":{"uids":["12"],"12":{"references":[{"reftype":"Erratum in"}]}}}"#.into(), Ok((true, Corrected))),
        (Pubmed, 200, r#"{"result":{"uids":["12"],"12":{"error":"cannot get document summary"}}}"#.into(), Ok((false, Sound))),
        (Pubmed, 200, r#"{"error":"API rate limit exceeded","limit":"3"}"#.into(), Err(Unread::Busy)),
        (Pubmed, 200, "{}".into(), Err(Unread::Shape)),
        (EuropePmc, 200, r#"{"hitCount":0,"resultList":{"result":[]}}"#.into(), Ok((false, Sound))),
        (
            EuropePmc,
            200,
            r#"{"resultList":{"result":[{"commentCorrectionList":{"commentCorrection":[{"type":"Expression of concern in"}]}}]}}"#.into(),
            Ok((true, Concern)),
        ),
        (EuropePmc, 200, r#"{"errCode":404}"#.into(), Err(Unread::Shape)),
    ];
    for (registry, status, body, expected) in table {
        assert_eq!(said(registry, status, &body), expected, "{} {status} {body}", registry.name());
    }
}

#[test]
fn a_trial_s_status() {
    let body = r#"{"protocolSection":{"statusModule":{"overallStatus":"COMPLETED"}}}"#;
    let read = |status, body: &str| read(Registry::ClinicalTrials, &id("NCT01234567"), status, body.as_bytes());
    assert_eq!(read(200, body).unwrap().status.unwrap(), "COMPLETED");
    assert!(!read(404, "not found").unwrap().found);
    assert_eq!(read(400, "Invalid prefix"), Err(Unread::Status(400)));
    assert_eq!(read(200, "{}"), Err(Unread::Shape));
}
