//! Signed entries as `ClaimReview`, the shape in which search engines and aggregators take fact-checks
//! (<https://schema.org/ClaimReview>).

use serde_json::{Value, json};
use toml_edit::{Item, Table};

use super::entry::{self, CLAIMS};
use super::{SheetError, parse};

/// What a verdict is worth, from 1 (false) to 5 (true); a verdict that is none of these has no number.
const RATINGS: [(&str, u8); 3] = [("contradicted", 1), ("partly", 3), ("supported", 5)];

/// One `ClaimReview` for each entry that a person has signed and that is not stale. Nothing that only the program says is
/// published as a check.
pub fn reviews(text: &str) -> Result<Value, SheetError> {
    let document = parse(text)?;
    let tables = document.get(CLAIMS).and_then(Item::as_array_of_tables).into_iter().flatten();
    let signed = tables.filter(|table| entry::is_signed(table) && !entry::is_stale(table));
    Ok(Value::Array(signed.map(review).collect()))
}

fn review(table: &Table) -> Value {
    let text = |key: &str| entry::text(table, key);
    let verdict = text("verdict");
    let mut rating = json!({ "@type": "Rating", "alternateName": verdict });
    if let Some((_, value)) = RATINGS.iter().find(|(name, _)| *name == verdict) {
        rating["ratingValue"] = json!(value);
        rating["worstRating"] = json!(1);
        rating["bestRating"] = json!(5);
    }
    let mut review = json!({
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": text("sentence"),
        "datePublished": text("checked_on"),
        "author": { "@type": "Person", "name": text("checked_by") },
        "itemReviewed": { "@type": "Claim", "appearance": { "@type": "CreativeWork", "name": text("path") } },
        "reviewRating": rating,
    });
    for (key, name) in [("source", "citation"), ("note", "reviewBody")] {
        if !text(key).is_empty() {
            review[name] = json!(text(key));
        }
    }
    review
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::reviews;

    #[test]
    fn only_what_a_person_signed_is_published() {
        let entry = |by: &str, more: &str| {
            format!(
                "[[claim]]\nsentence = \"It cures.\"\nchecked_by = \"{by}\"\nchecked_on = 2026-10-02\nverdict = \"contradicted\"\n{more}\n"
            )
        };
        let text = [entry("Ann", "source = \"https://example.org/\""), entry("", ""), entry("Bob", "stale = \"was\"")];
        let reviews = reviews(&text.concat()).unwrap();
        assert_eq!(reviews.as_array().unwrap().len(), 1);
        assert_eq!(reviews[0]["author"]["name"], "Ann");
        assert_eq!(reviews[0]["reviewRating"]["ratingValue"], 1);
        assert_eq!(reviews[0]["citation"], "https://example.org/");
    }
}
