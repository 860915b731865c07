//! openFDA: applications at FDA's centre for drugs (Drugs@FDA), and labels. Cell and gene therapies have labels there and
//! no application, so that none found says nothing of them.

use jiff::civil::Date;
use serde_json::Value;
use url::Url;

use crate::evidence::searches::{Hits, LONGEST_USES, Label};
use crate::imported::{Product, State};

use super::{Unread, json};

/// Most results that are asked for.
const MOST: &str = "100";

pub(super) fn applications(base: Url, therapy: &str) -> Option<Url> {
    address(base, "drug/drugsfda.json", therapy, MOST)
}

/// Some labels of a name: those of copies come with that of the original.
pub(super) fn label(base: Url, therapy: &str) -> Option<Url> {
    address(base, "drug/label.json", therapy, "20")
}

fn address(base: Url, path: &str, therapy: &str, limit: &str) -> Option<Url> {
    let mut url = base.join(path).ok()?;
    let name = therapy.replace(['"', '\\'], " ");
    let query = format!("openfda.brand_name:\"{name}\" openfda.generic_name:\"{name}\"");
    url.query_pairs_mut().append_pair("search", &query).append_pair("limit", limit);
    Some(url)
}

/// The results of a reply; that there are none is said with a 404.
fn results(status: u16, body: &[u8]) -> Result<Vec<Value>, Unread> {
    if status == 404 {
        let reply: Value = serde_json::from_slice(body).map_err(|_| Unread::Status(404))?;
        let is_none = reply.pointer("/error/code").and_then(Value::as_str) == Some("NOT_FOUND");
        return if is_none { Ok(Vec::new()) } else { Err(Unread::Status(404)) };
    }
    match json(status, body)?.get_mut("results").map(Value::take) {
        Some(Value::Array(results)) => Ok(results),
        _ => Err(Unread::Shape),
    }
}

pub(super) fn read_applications(therapy: &str, status: u16, body: &[u8]) -> Result<Hits, Unread> {
    let products =
        results(status, body)?.iter().filter_map(application).filter(|product| product.goes_by(therapy)).collect();
    Ok(Hits::Applications(products))
}

/// An application for an original (NDA, BLA) that was approved. Its first submission's approval gives the day; a tentative
/// one is none, and copies (ANDA) came later.
fn application(found: &Value) -> Option<Product> {
    let number = found.get("application_number")?.as_str().filter(|number| !number.starts_with("ANDA"))?;
    let list = |name: &str| found.get(name).and_then(Value::as_array).into_iter().flatten();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let approvals = list("submissions").filter(|submission| {
        text(submission, "submission_type") == "ORIG" && text(submission, "submission_status") == "AP"
    });
    let since = approvals.filter_map(|approval| day(&text(approval, "submission_status_date"))).min()?;
    let (mut brands, mut substances) = (Vec::new(), Vec::new());
    for product in list("products") {
        add(text(product, "brand_name"), &mut brands);
        let parts = product.get("active_ingredients").and_then(Value::as_array).into_iter().flatten();
        parts.for_each(|part| add(text(part, "name"), &mut substances));
    }
    let generic = found.pointer("/openfda/generic_name").and_then(Value::as_array).into_iter().flatten();
    if substances.is_empty() {
        generic.filter_map(Value::as_str).for_each(|name| add(name.to_owned(), &mut substances));
    }
    Some(Product {
        brands,
        substances,
        number: number.to_owned(),
        holder: text(found, "sponsor_name"),
        state: State::Approved,
        since: Some(since),
        until: None,
        areas: Vec::new(),
    })
}

fn add(name: String, names: &mut Vec<String>) {
    if !name.is_empty() && !names.contains(&name) {
        names.push(name);
    }
}

/// The label of the medicine that has the name to itself; of several the one that came into force last.
pub(super) fn read_label(therapy: &str, status: u16, body: &[u8]) -> Result<Hits, Unread> {
    let results = results(status, body)?;
    let named = |label: &&Value| {
        let names = ["/openfda/brand_name", "/openfda/generic_name"].map(|pointer| label.pointer(pointer));
        let names = names.into_iter().flatten().filter_map(Value::as_array).flatten().filter_map(Value::as_str);
        names
            .into_iter()
            .any(|name| name.to_lowercase() == therapy || name.to_lowercase().starts_with(&format!("{therapy}-")))
    };
    let newest = results.iter().filter(named).max_by_key(|label| label.get("effective_time").and_then(Value::as_str));
    Ok(Hits::Label(newest.and_then(label_of)))
}

fn label_of(found: &Value) -> Option<Label> {
    let text = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or_default();
    let parts = |name: &str| -> Vec<&str> {
        let parts = found.get(name).and_then(Value::as_array).into_iter().flatten();
        parts.filter_map(Value::as_str).collect()
    };
    // A label of which nothing but names is told says nothing.
    let uses = parts("indications_and_usage").join(" ");
    if uses.trim().is_empty() {
        return None;
    }
    let end = uses.floor_char_boundary(uses.len().min(LONGEST_USES));
    Some(Label {
        set: text("set_id").to_owned(),
        effective: day(text("effective_time")),
        boxed: parts("boxed_warning").iter().any(|part| !part.trim().is_empty()),
        uses: uses[..end].to_owned(),
    })
}

/// A day written `20030418`.
fn day(digits: &str) -> Option<Date> {
    if digits.len() != 8 || !digits.is_ascii() {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits[range].parse().ok();
    let (year, month, day): (i16, i8, i8) = (digits[..4].parse().ok()?, part(4..6)?, part(6..8)?);
    Date::new(year, month, day).ok()
}
