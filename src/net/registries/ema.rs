//! EMA's list of medicines for humans: one JSON document for everything, renewed daily. It is fetched whole and read as an
//! import reads it.

use jiff::civil::Date;
use url::Url;

use crate::bulk::{self, File};
use crate::evidence::searches::{Hits, Search};
use crate::imported::{Product, Record, Source};

use super::Unread;

/// The medicines of the list.
pub(in crate::net) struct List(Vec<Product>);

pub(super) fn address(base: Url) -> Option<Url> {
    base.join("medicines-output-medicines_json-report_en.json").ok()
}

pub(super) fn read(status: u16, body: &[u8], today: Date) -> Result<List, Unread> {
    match status {
        200 => {}
        429 => return Err(Unread::Busy),
        status => return Err(Unread::Status(status)),
    }
    let text = std::str::from_utf8(body).map_err(|_| Unread::Shape)?;
    let files = [File { name: "medicines", text }];
    let harvest = bulk::read(Source::Ema, &files, today).map_err(|_| Unread::Shape)?;
    let products = harvest.records.into_iter().filter_map(|record| match record {
        Record::Product(product) => Some(product),
        _ => None,
    });
    let products: Vec<Product> = products.collect();
    // A list without medicines is none.
    if products.is_empty() { Err(Unread::Shape) } else { Ok(List(products)) }
}

impl List {
    /// What it holds under a name.
    pub(in crate::net) fn hits(&self, search: &Search) -> Hits {
        Hits::Applications(self.0.iter().filter(|product| product.goes_by(&search.therapy)).cloned().collect())
    }
}
