//! Amounts of drugs: what is usual, and what is far from it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::pattern::LexiconId;

/// Amounts of drugs that are far from what is usual.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Doses {
    /// The drugs' names.
    pub drugs: LexiconId,
    /// What is usual, by the entry of the drug in its lexicon.
    pub usual: Vec<Vec<Usual>>,
    /// How many times less or more an amount must be.
    pub off: f64,
}

impl Doses {
    /// What is usual of a drug, where an amount is far from all of that; `None` where it is not, or where the drug is not
    /// measured in such units.
    pub fn far_from(&self, entry: u32, amount: Amount) -> Option<&Usual> {
        let usual = self.usual.get(entry as usize)?;
        let mut alike = usual.iter().filter(|range| range.least.measure == amount.measure).peekable();
        let first = *alike.peek()?;
        alike.all(|range| range.is_far(amount, self.off)).then_some(first)
    }
}

/// The least and the most of a drug that is usually taken at one time or on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    least: Amount,
    most: Amount,
    /// As it is written in the pack.
    pub written: String,
}

impl Usual {
    fn is_far(&self, amount: Amount, off: f64) -> bool {
        amount.value >= self.most.value * off || amount.value <= self.least.value / off
    }
}

/// Why a text is no usual dose.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no usual dose: write the least and the most, as in `12.5 mcg to 300 mcg`.")]
pub struct NoDose(String);

impl FromStr for Usual {
    type Err = NoDose;

    fn from_str(text: &str) -> Result<Self, NoDose> {
        let amount = |text: &str| text.trim().split_once(' ').and_then(|(number, unit)| Amount::read(number, unit));
        let both = text.split_once(" to ").and_then(|(least, most)| Some((amount(least)?, amount(most)?)));
        match both {
            Some((least, most)) if least.measure == most.measure && least.value <= most.value => {
                Ok(Self { least, most, written: text.to_owned() })
            }
            _ => Err(NoDose(text.to_owned())),
        }
    }
}

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Mass, in micrograms.
    Mass,
    /// Units of effect, which each drug has of its own.
    Units,
}

/// An amount of a drug.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    value: f64,
    measure: Measure,
}

/// Units as people write them, what they measure and how much one of them is.
const UNITS: [(&[&str], Measure, f64); 4] = [
    (&["mcg", "µg", "ug", "microgram", "micrograms"], Measure::Mass, 1.0),
    (&["mg", "milligram", "milligrams"], Measure::Mass, 1e3),
    (&["g", "gram", "grams"], Measure::Mass, 1e6),
    (&["iu", "unit", "units"], Measure::Units, 1.0),
];

impl Amount {
    /// The amount that a number and a unit name; numbers may have thousands commas.
    pub fn read(number: &str, unit: &str) -> Option<Self> {
        let value: f64 = number.replace(',', "").parse().ok()?;
        let unit = unit.to_lowercase();
        let (_, measure, one) = UNITS.iter().find(|(names, ..)| names.contains(&unit.as_str()))?;
        Some(Self { value: value * one, measure: *measure })
    }
}

/// The lexicon of the drugs of a pack's doses.
pub(super) fn lexicon(pack: &str) -> String {
    format!("{pack}-drug")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_amount_is_far_where_it_is_so_in_every_range_of_its_measure() {
        let usual = ["12.5 mcg to 300 mcg", "400 units to 5,000 units"].map(|text| text.parse().unwrap());
        let doses = Doses { drugs: LexiconId(0), usual: vec![usual.to_vec()], off: 10.0 };
        let far = |number: &str, unit: &str| doses.far_from(0, Amount::read(number, unit).unwrap()).is_some();
        assert!(far("50", "mg") && far("1", "µg") && far("50,000", "IU") && far("40", "units"));
        assert!(!far("0.1", "mg") && !far("2", "mg") && !far("100", "micrograms") && !far("1,000", "units"));
        assert!(doses.far_from(1, Amount::read("50", "mg").unwrap()).is_none());
    }

    #[test]
    fn what_is_no_range_of_amounts_is_refused() {
        for text in ["", "5 mg", "5 mg to 3 mg", "5 mg to 10 units", "5 to 10 mg", "5 drops to 10 drops"] {
            assert!(text.parse::<Usual>().is_err(), "{text}");
        }
    }
}
