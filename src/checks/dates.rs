//! Rules about the dates that a document gives of itself, judged by the day in the settings.

use jiff::civil::Date;

use crate::document::{Document, MetaEntry};
use crate::finding::{Finding, Severity};
use crate::rules::{Age, Rule, RuleSet, Trigger};

use super::{Context, said_by};

/// Everything that these rules have to say. Without a day to judge by they are silent.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(today) = context.settings.today else { return Vec::new() };
    let rules = context.rules.rules().iter();
    rules
        .filter_map(|rule| match &rule.trigger {
            Trigger::Age(age) => overdue(context, rule, rule.severity_under(context.settings)?, age, today),
            _ => None,
        })
        .collect()
}

fn overdue(context: &Context<'_>, rule: &Rule, severity: Severity, age: &Age, today: Date) -> Option<Finding> {
    let entries = context.document.metadata.entries.iter().filter(|entry| age.metadata.contains(&entry.key));
    let dated = entries.filter_map(|entry| Some((parse(&entry.value)?, entry)));
    let (date, entry): (Date, &MetaEntry) = dated.max_by_key(|(date, _)| *date)?;
    let due = date.checked_add(jiff::Span::new().months(age.months)).ok()?;
    if due >= today || !context.counts(rule, None) {
        return None;
    }
    let message = rule.message.replace("{date}", &date.to_string()).replace("{due}", &due.to_string());
    Some(said_by(rule, severity, entry.span, message, &rule.help))
}

/// The last day that a document gives of itself, under the names by which rules ask how old it is.
pub fn own_day(rules: &RuleSet, document: &Document) -> Option<Date> {
    let keys = rules.rules().iter().filter_map(|rule| match &rule.trigger {
        Trigger::Age(age) => Some(&age.metadata),
        _ => None,
    });
    let keys: Vec<&String> = keys.flatten().collect();
    let own = document.metadata.entries.iter().filter(|entry| keys.contains(&&entry.key));
    own.filter_map(|entry| parse(&entry.value)).max()
}

/// Ways in which people write dates; the last two name no day, and the first of the month is taken.
const FORMS: [&str; 6] = ["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y/%m/%d"];

/// The date that a value of the metadata names.
pub(super) fn parse(value: &str) -> Option<Date> {
    let value = value.trim();
    let start: String = value.chars().take(10).collect();
    let whole = || FORMS.iter().find_map(|form| Date::strptime(form, value).ok());
    let timed = || Date::strptime("%Y-%m-%d", &start).ok();
    let month = || ["%d %B %Y", "%d %b %Y"].iter().find_map(|form| Date::strptime(form, format!("1 {value}")).ok());
    let year_month = || Date::strptime("%Y-%m-%d", format!("{value}-01")).ok();
    whole().or_else(timed).or_else(month).or_else(year_month)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for value in [
            "2026-03-01",
            "1 March 2026",
            "March 1, 2026",
            "Mar 1, 2026",
            "2026-03-01T10:00:00Z",
            "March 2026",
            "2026-03",
        ] {
            assert_eq!(parse(value), Some(date(2026, 3, 1)), "{value}");
        }
        for value in ["", "soon", "2026", "2026-13-01"] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
