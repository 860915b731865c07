//! Names of rules as people write them in arguments and configuration.

use crate::cli::error::Failure;
use crate::linter;
use crate::rules::RuleSet;
use crate::suggest::nearest;

/// Every rule, `pack/rule`, pack and code that these rules know, and those of the findings that no pack holds.
pub(super) fn all(rules: &RuleSet) -> Vec<String> {
    linter::names(rules)
}

/// Whether a name means at least one rule: a rule, pack, code, prefix of a code, or `all`.
pub(super) fn is_known(name: &str, known: &[String]) -> bool {
    name == "all" || known.iter().any(|other| other == name || (name.starts_with("CAV") && other.starts_with(name)))
}

/// Refuses a name among arguments that means nothing.
pub(super) fn check<'n>(mut names: impl Iterator<Item = &'n String>, known: &[String]) -> Result<(), Failure> {
    names.find(|name| !is_known(name, known)).map_or(Ok(()), |name| {
        let what = format!("there is no rule, pack or code “{name}”");
        Err(Failure::Usage { what, help: help(name, known) })
    })
}

/// What to do about a name that means nothing.
pub(super) fn help(name: &str, known: &[String]) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "A name is that of a rule, `pack/rule`, a pack, a code like CAV101 or the start of one.".to_owned(),
    }
}
