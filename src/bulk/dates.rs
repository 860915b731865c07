//! Days as official files write them.

use jiff::civil::Date;

/// Which number comes first where a day is written with strokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// 3/28/2017.
    Month,
    /// 28/03/2017.
    Day,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day: `2017-03-28`, with or without a time behind it, `20170328`, `28/03/2017`, `28-Mar-17`, `March 28, 2017`. A year of
/// two digits is the last one that is not after `today`'s.
pub(super) fn day(text: &str, first: First, today: Date) -> Option<Date> {
    let text = text.trim();
    if let Some(written) = text.get(..10)
        && let Ok(day) = written.parse()
    {
        return Some(day);
    }
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return date(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    }
    let parts: Vec<&str> = text.split(['/', '-', ' ', ',', '.']).filter(|part| !part.is_empty()).collect();
    let [a, b, c, ..] = parts[..] else { return None };
    let year = year(c, today)?;
    match (month(a), month(b), first) {
        (Some(month), None, _) => date(year, month, b.parse().ok()?),
        (None, Some(month), _) => date(year, month, a.parse().ok()?),
        (None, None, First::Month) => date(year, a.parse().ok()?, b.parse().ok()?),
        (None, None, First::Day) => date(year, b.parse().ok()?, a.parse().ok()?),
        _ => None,
    }
}

fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|_| year >= 1800)
}

fn year(text: &str, today: Date) -> Option<i16> {
    let number: i16 = text.parse().ok()?;
    match text.len() {
        2 if 2000 + number <= today.year() => Some(2000 + number),
        2 => Some(1900 + number),
        4 => Some(number),
        _ => None,
    }
}

fn month(text: &str) -> Option<i8> {
    let start = text.get(..3).filter(|_| text.bytes().all(|byte| byte.is_ascii_alphabetic()))?.to_lowercase();
    MONTHS.iter().position(|month| *month == start).map(|at| at as i8 + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn days_in_every_form() {
        let today = "2026-11-25".parse().unwrap();
        let read = |text: &str, first| day(text, first, today).map(|day| day.to_string()).unwrap_or_default();
        for text in ["2017-03-28", "2017-03-28 00:00:00", "20170328", "28-Mar-17", "March 28, 2017", "3/28/2017 0:00"] {
            assert_eq!(read(text, First::Month), "2017-03-28", "{text}");
        }
        assert_eq!(read("28/03/2017", First::Day), "2017-03-28");
        // Licences are older than the century.
        assert_eq!(
            (read("14-Jun-30", First::Month), read("1-Jan-26", First::Month)),
            ("1930-06-14".into(), "2026-01-01".into())
        );
        for none in ["", "n/a", "2017", "13/13/2017", "31-Feb-17", "Soon, maybe, later", "ä/ö/ü", "0000-00-00", "1/2/3"]
        {
            assert_eq!(read(none, First::Month), "", "{none}");
        }
    }
}
