//! Figures in prose, and whether one stands in another text.
//!
//! A figure is a number with what it counts or measures and the words around it. Two are the same where one is the other
//! after rounding to the digits that are written, and a share may be written as per cent, as `n/N` or in words.

mod book;
mod find;
mod read;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use find::{Breadth, Found};
pub use read::read;

/// What a number counts or measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share in per cent, however it is written.
    Share,
    /// So many people, whatever they are called.
    People,
    /// A ratio of risks.
    Ratio,
    /// A measure, by the first of its forms: `mg`, `weeks`, `times`.
    Of(String),
}

/// A number of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its value; a share in per cent.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// By how much it may differ from another one of the same meaning: half of the last digit written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub within: f64,
    /// As it is written.
    pub text: String,
    /// The starts of the words that say what it is about, in order of the alphabet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<String>,
    /// The starts of the other words of its sentence, or of what stands for them in a table, in order of the alphabet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub around: Vec<String>,
    /// Of whom it is, where its clause says so ("women", "placebo"), and the years that its sentence names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// Whether it is one end of a range: "10 to 30 per cent".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_range: bool,
    /// Its bytes in the text that was read.
    #[serde(skip)]
    pub at: Range<usize>,
}

/// Values are finite: what is read from text is.
impl Eq for Figure {}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

impl Figure {
    /// The same, standing beside a text that says what it is about: the other cells of its line, its heading.
    #[must_use]
    pub fn beside(mut self, text: &str) -> Self {
        words::beside(text, &self.near, &mut self.around);
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<String> {
        read(text).into_iter().map(|figure| format!("{} {:?} {:.2}", figure.text, figure.unit, figure.value)).collect()
    }

    #[test]
    fn figures_are_read_with_what_they_count() {
        assert_eq!(shown("Of 120 patients, 46% improved."), ["120 patients People 120.00", "46% Share 46.00"]);
        assert_eq!(shown("It helped 12 of 26 women."), ["12 of 26 Share 46.15", "26 women People 26.00"]);
        assert_eq!(shown("one in three adults"), ["one in three Share 33.33"]);
        assert_eq!(
            shown("1,200 participants (n = 1200)"),
            ["1,200 participants People 1200.00", "n = 1200 People 1200.00"]
        );
        assert_eq!(shown("a hazard ratio of 0.76"), ["hazard ratio of 0.76 Ratio 0.76"]);
        assert_eq!(
            shown("two thirds had 20 mg for 12 weeks"),
            ["two thirds Share 66.70", "20 mg Of(\"mg\") 20.00", "12 weeks Of(\"weeks\") 12.00"]
        );
        assert_eq!(shown("In 2019 a phase 2 trial began, as figure 3 shows."), [""; 0]);
        assert_eq!(shown("2 in 10,000 people"), ["2 in 10,000 Share 0.02"]);
    }

    fn find<'f>(said: &str, seen: &'f [Figure]) -> Found<'f> {
        read(said)[0].find(seen, Breadth::One)
    }

    #[test]
    fn a_figure_stands_in_a_text_however_it_is_written() {
        let seen = read("Remission was reached by 12 of 26 patients (46.2%); 3.8% of the others left the trial.");
        for said in ["46% reached remission", "12 of 26 patients", "46.2 percent", "about 45 per cent", "4% left"] {
            assert!(matches!(find(said, &seen), Found::Same(_)), "{said}");
        }
        assert_eq!(find("26 weeks of remission", &seen), Found::Nothing);
    }

    #[test]
    fn another_figure_of_the_same_thing_is_told() {
        let seen = read("Relapse rates fell by 26% at week 48, and fatigue was reported by 11%.");
        assert!(matches!(find("Relapse rates fell by 46%", &seen), Found::Other(other) if other.text == "26%"));
        assert_eq!(find("Walking speed rose by 46%", &seen), Found::Nothing);
        // Two of the same thing: which is meant is not known.
        let seen = read("Relapse rates fell by 26% in adults; relapse rates fell by 31% in children.");
        assert_eq!(find("Relapse rates fell by 46%", &seen), Found::Nothing);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_every_figure_is_its_text(text in "(.|[0-9]{1,4}| of |%| in |one|half|,| patients|n = ){0,40}") {
            for figure in read(&text) {
                prop_assert_eq!(&text[figure.at.clone()], figure.text.as_str());
                prop_assert!(figure.value.is_finite());
            }
        }
    }
}
