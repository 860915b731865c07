//! Whether a text that no reader has read names something: labels, titles, entries of registries.

/// Longest abbreviation, in bytes. What is that short and all in capitals is looked for as it is written.
const ABBREVIATION: usize = 5;

/// Whether a name stands in a text as whole words, in any case; abbreviations as they are written.
pub fn names_whole(text: &str, name: &str) -> bool {
    let is_abbreviation =
        name.len() <= ABBREVIATION && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let fold = |text: &str| if is_abbreviation { text.to_owned() } else { text.to_lowercase() };
    let (text, name) = (fold(text), fold(name));
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !name.is_empty()
        && text.match_indices(&name).any(|(at, found)| {
            let (before, behind) = (text[..at].chars().next_back(), text[at + found.len()..].chars().next());
            !is_word(before) && !is_word(behind)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_words() {
        let text = "For relapsing Multiple Sclerosis (RMS), and gout.";
        for (name, is_named) in [
            ("multiple sclerosis", true),
            ("RMS", true),
            ("rms", true),
            ("MS", false),
            ("gout", true),
            ("sclerosi", false),
            ("", false),
        ] {
            assert_eq!(names_whole(text, name), is_named, "{name}");
        }
    }
}
