//! How many years of schooling a text asks of its readers, by four formulas.
//!
//! Flesch–Kincaid (Kincaid et al. 1975), SMOG (McLaughlin 1969), Coleman–Liau (1975) and the automated readability index
//! (Smith & Senter 1967). They differ by several grades on the same text, so their median is what counts.

/// What the formulas count in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sentences.
    pub sentences: usize,
    /// Words.
    pub words: usize,
    /// Letters and digits of the words.
    pub letters: usize,
    /// Syllables of the words.
    pub syllables: usize,
    /// Words of three syllables or more.
    pub long_words: usize,
}

impl Counts {
    /// Counts a word as it is written.
    pub fn add(&mut self, word: &str) {
        let syllables = syllables(word);
        self.add_as(word.chars().filter(|c| c.is_alphanumeric()).count(), syllables);
    }

    /// Counts a word of that many letters and syllables.
    pub fn add_as(&mut self, letters: usize, syllables: usize) {
        self.words += 1;
        self.letters += letters;
        self.syllables += syllables;
        self.long_words += usize::from(syllables >= 3);
    }

    /// The median of the four grades; `None` for a text without words.
    pub fn grade(&self) -> Option<f32> {
        if self.words == 0 || self.sentences == 0 {
            return None;
        }
        let (words, sentences) = (self.words as f32, self.sentences as f32);
        let (letters, syllables) = (self.letters as f32, self.syllables as f32);
        let mut grades = [
            0.39 * words / sentences + 11.8 * syllables / words - 15.59,
            1.043 * (self.long_words as f32 * 30.0 / sentences).sqrt() + 3.1291,
            5.88 * letters / words - 29.6 * sentences / words - 15.8,
            4.71 * letters / words + 0.5 * words / sentences - 21.43,
        ];
        grades.sort_by(f32::total_cmp);
        Some((grades[1] + grades[2]) / 2.0)
    }
}

/// About how many syllables an English word has: runs of vowels, less a silent final `e`.
pub fn syllables(word: &str) -> usize {
    let is_vowel = |c: char| {
        matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
            || matches!(
                c,
                'á' | 'é' | 'í' | 'ó' | 'ú' | 'ä' | 'ö' | 'ü' | 'Á' | 'É' | 'Í' | 'Ó' | 'Ú' | 'Ä' | 'Ö' | 'Ü'
            )
    };
    let (mut runs, mut in_run) = (0, false);
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        let vowel = is_vowel(c);
        runs += usize::from(vowel && !in_run);
        in_run = vowel;
    }
    let ends = |tail: &str| {
        let start = word.len().saturating_sub(tail.len());
        start > 0 && word.as_bytes()[start..].eq_ignore_ascii_case(tail.as_bytes())
    };
    let silent =
        (ends("e") && !ends("le") && !ends("ee")) || (ends("es") && !ends("ses") && !ends("ces") && !ends("les"));
    let silent = silent || (ends("ed") && !ends("ted") && !ends("ded"));
    runs.saturating_sub(usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn syllables_are_near_what_people_count() {
        for (word, count) in [
            ("cat", 1),
            ("table", 2),
            ("make", 1),
            ("treated", 2),
            ("walked", 1),
            ("medicine", 3),
            ("a", 1),
            ("MRI", 1),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn plain_text_is_easier_than_learned_text() {
        let grade = |text: &str| {
            let mut counts = Counts::default();
            for sentence in text.split_inclusive('.') {
                counts.sentences += 1;
                sentence.split_whitespace().for_each(|word| counts.add(word));
            }
            counts.grade().unwrap()
        };
        let plain = grade("The pill can make you sick. Take it with food. Call us if you feel worse.");
        let learned = grade(
            "Gastrointestinal manifestations necessitate administration concomitantly with nutritional intake, and \
             deterioration requires immediate communication with the multidisciplinary department.",
        );
        assert!(plain < 5.0 && learned > 16.0, "{plain} {learned}");
        assert_eq!(Counts::default().grade(), None);
    }
}
