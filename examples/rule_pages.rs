//! Writes the pages of the rules from their packs: `cargo run --example rule_pages`. A test holds pages and packs the same.

use std::error::Error;
use std::fs;
use std::path::Path;

use caveat::report::pages::{book, contents};
use caveat::rules::{RuleSet, pages};

/// Everything below this line of `docs/SUMMARY.md` is written here.
const RULES: &str = "# The rules\n\n";

fn main() -> Result<(), Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let pages = pages(&RuleSet::builtin_packs()).map_err(|errors| format!("{errors:#?}"))?;
    let folder = docs.join("rules");
    // Pages of rules that are gone go too.
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in book(&pages) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, text)?;
    }
    let summary = docs.join("SUMMARY.md");
    let written = fs::read_to_string(&summary)?;
    let (by_hand, _) = written.split_once(RULES).ok_or("docs/SUMMARY.md has no part for the rules")?;
    fs::write(summary, format!("{by_hand}{RULES}{}", contents(&pages, "rules")))?;
    Ok(())
}
