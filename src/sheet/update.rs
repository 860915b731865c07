//! Bringing a ledger up to date with the articles.

use jiff::civil::Date;
use toml_edit::{Table, value};

use super::entry::{self, CLAIMS, GONE, STALE};
use super::{Claimed, SheetError, parse, put, take};

/// What has become of the entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Claims in the ledger now.
    pub claims: usize,
    /// Of these, signed by a person and not stale.
    pub signed: usize,
    /// New ones.
    pub new: usize,
    /// Entries of people whose claim is worded otherwise now.
    pub stale: usize,
    /// Entries of people whose claim is gone and that were set apart.
    pub gone: usize,
    /// Entries that nobody had written into, of claims that are gone.
    pub dropped: usize,
}

const HEAD: &str = "\
# Claims with what the fact base and registries say to them (`automatic`, `evidence`), and with room for whoever checks
# them: `checked_by`, `checked_on` (2026-03-01), `source`, `verdict` and `note`. What you write is kept. Where a sentence
# is worded otherwise later its entry gets `stale`: check it again and take that line out. Entries whose claim is gone are
# moved to `[[gone]]`, at the end.
";

/// How many of the words of two sentences must be the same for one to be the other, edited.
const ALIKE: f64 = 0.5;

/// The ledger's text with exactly these claims of these articles; entries of other articles stay. `today` is written
/// beside entries that are set apart.
///
/// # Errors
///
/// The old text cannot be read. Nothing is lost: nothing is written.
pub fn update(
    old: &str,
    articles: &[String],
    claims: &[Claimed],
    today: Date,
) -> Result<(String, Changed), SheetError> {
    let is_new = old.trim().is_empty();
    let (head, old) = old.strip_prefix(HEAD).map_or(("", old), |rest| (HEAD, rest.trim_start()));
    let mut document = parse(old)?;
    let (before, mut gone) = (take(&mut document, CLAIMS), take(&mut document, GONE));
    let is_here = |table: &Table| articles.contains(&entry::text(table, "path"));
    let (mut here, elsewhere): (Vec<Table>, Vec<Table>) = before.into_iter().partition(is_here);
    let mut changed = Changed::default();
    let mut entries: Vec<Option<Table>> = claims.iter().map(|claim| same(&mut here, claim)).collect();
    // Set apart before, and back again.
    for (slot, claim) in entries.iter_mut().zip(claims).filter(|(slot, _)| slot.is_none()) {
        *slot = same(&mut gone, claim);
        slot.iter_mut().for_each(|table| drop(table.remove("gone_on")));
    }
    for (slot, claim) in entries.iter_mut().zip(claims).filter(|(slot, _)| slot.is_none()) {
        *slot = edited(&mut here, claim);
        if slot.as_ref().is_some_and(entry::is_stale) {
            changed.stale += 1;
        }
    }
    let mut tables = elsewhere;
    for (slot, claim) in entries.into_iter().zip(claims) {
        changed.new += usize::from(slot.is_none());
        let mut table = slot.unwrap_or_default();
        entry::fill(&mut table, claim);
        tables.push(table);
    }
    for mut table in here {
        if entry::is_of_people(&table) {
            changed.gone += 1;
            table.insert("gone_on", value(today.to_string()));
            gone.push(table);
        } else {
            changed.dropped += 1;
        }
    }
    changed.claims = claims.len();
    changed.signed = tables.iter().filter(|table| entry::is_signed(table) && !entry::is_stale(table)).count();
    let mut position = 0;
    put(&mut document, CLAIMS, tables, &mut position);
    put(&mut document, GONE, gone, &mut position);
    let (text, head) = (document.to_string(), if is_new { HEAD } else { head });
    let text = if head.is_empty() { text } else { format!("{head}\n{}", text.trim_start()) };
    Ok((text, changed))
}

/// Takes the entry of this very claim out of a list.
fn same(entries: &mut Vec<Table>, claim: &Claimed) -> Option<Table> {
    let is_it = |table: &Table| {
        entry::text(table, "fingerprint") == claim.fingerprint && entry::text(table, "path") == claim.path
    };
    let at = entries.iter().position(is_it)?;
    Some(entries.remove(at))
}

/// Takes the entry out of a list whose claim this is likely to have been before it was edited, and marks it where a
/// person had checked it.
fn edited(entries: &mut Vec<Table>, claim: &Claimed) -> Option<Table> {
    let likeness = |table: &Table| {
        let is_candidate = entry::text(table, "path") == claim.path && entry::text(table, "kind") == claim.kind;
        if is_candidate { alike(&entry::text(table, "sentence"), &claim.sentence) } else { 0.0 }
    };
    let best = entries.iter().enumerate().map(|(at, table)| (likeness(table), at));
    let (likeness, at) = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    if likeness < ALIKE {
        return None;
    }
    let mut table = entries.remove(at);
    if entry::is_of_people(&table) {
        let was = entry::text(&table, "sentence");
        entry::set(&mut table, STALE, &format!("checked when it said: {was}"));
    }
    Some(table)
}

/// The words that two sentences share, as a part of all their words.
fn alike(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let all = a.union(&b).count();
    if all == 0 { 0.0 } else { a.intersection(&b).count() as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::signed;
    use super::*;
    use proptest::prelude::*;

    fn claimed(sentence: &str) -> Claimed {
        Claimed {
            path: "a.md".to_owned(),
            line: 3,
            kind: "approval".to_owned(),
            claim: sentence.to_owned(),
            sentence: sentence.to_owned(),
            fingerprint: sentence.to_lowercase(),
            verdict: "unchecked".to_owned(),
            ..Claimed::default()
        }
    }

    fn run(old: &str, sentences: &[&str]) -> (String, Changed) {
        let claims: Vec<Claimed> = sentences.iter().map(|sentence| claimed(sentence)).collect();
        update(old, &["a.md".to_owned()], &claims, jiff::civil::date(2026, 11, 1)).unwrap()
    }

    fn sign(text: &str) -> String {
        text.replacen("checked_by = \"\"", "checked_by = \"Ann\"   # on the phone", 1)
            .replacen("checked_on = \"\"", "checked_on = 2026-10-02", 1)
            .replacen("verdict = \"\"", "verdict = \"supported\"", 1)
    }

    #[test]
    fn what_people_wrote_is_kept_and_goes_along() {
        let (text, changed) = run("", &["The FDA approved it.", "The EMA refused it last year."]);
        assert_eq!((changed.claims, changed.new, changed.signed), (2, 2, 0));
        let text = sign(&text);
        assert_eq!(run(&text, &["The FDA approved it.", "The EMA refused it last year."]).0, text);
        let (moved, changed) = run(&text, &["A new claim here.", "The FDA approved it."]);
        assert_eq!((changed.new, changed.dropped, changed.signed, changed.stale), (1, 1, 1, 0));
        assert!(moved.contains("# on the phone") && moved.contains("checked_on = 2026-10-02"), "{moved}");
        assert_eq!(signed(&moved).unwrap().get("the fda approved it."), Some(&"supported".to_owned()));
    }

    #[test]
    fn other_words_make_an_entry_stale_and_a_lost_claim_sets_it_apart() {
        let text = sign(&run("", &["The FDA approved it in March."]).0);
        let (stale, changed) = run(&text, &["The FDA approved it in April."]);
        assert_eq!((changed.stale, changed.signed, changed.new), (1, 0, 0));
        assert!(stale.contains("stale = \"checked when it said: The FDA approved it in March.\""), "{stale}");
        assert!(signed(&stale).unwrap().is_empty());
        let (gone, changed) = run(&text, &[]);
        assert_eq!((changed.gone, changed.claims), (1, 0));
        assert!(gone.contains("\n[[gone]]") && gone.contains("Ann"), "{gone}");
        let (back, changed) = run(&gone, &["The FDA approved it in March."]);
        assert!(!back.contains("\n[[gone]]") && back.contains("Ann"), "{back}");
        assert_eq!(changed.signed, 1);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_what_would_be_right() {
        let text = sign(&run("", &["The FDA approved it."]).0);
        let wrong = |from: &str, to: &str| signed(&text.replace(from, to)).unwrap_err().to_string();
        assert!(wrong("\"supported\"", "\"suported\"").ends_with("did you mean `supported`?"));
        assert!(wrong("2026-10-02", "\"last week\"").contains("write it as 2026-03-01"));
        assert!(wrong("[[claim]]", "[[claim").starts_with("it is not TOML"));
    }

    proptest! {
        #[test]
        fn no_entry_of_a_person_is_ever_lost(rounds in proptest::collection::vec(
            proptest::collection::vec("(the|a) (drug|herb|test) (was|is) (approved|refused) in (May|June)", 0..5), 1..5)
        ) {
            let mut text = String::new();
            let mut notes = 0;
            for sentences in rounds {
                let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
                text = run(&text, &sentences).0;
                if text.contains("note = \"\"") {
                    text = text.replacen("note = \"\"", &format!("note = \"person {notes}.\""), 1);
                    notes += 1;
                }
                for note in 0..notes {
                    let wanted = format!("person {note}.");
                    prop_assert!(text.contains(&wanted), "{} is lost in {}", note, text);
                }
            }
        }
    }
}
