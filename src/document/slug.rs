//! The fragments that GitHub gives to headings.

use rustc_hash::FxHashMap;

/// Slugs given out so far: the second "Risks" is `risks-1`.
#[derive(Debug, Default)]
pub(crate) struct Slugs {
    given: FxHashMap<String, usize>,
}

impl Slugs {
    /// The slug of the next heading with this text.
    pub(crate) fn next(&mut self, heading: &str) -> String {
        let slug = github_slug(heading);
        let times = self.given.entry(slug.clone()).or_insert(0);
        let number = *times;
        *times += 1;
        if number == 0 { slug } else { format!("{slug}-{number}") }
    }
}

/// GitHub's slug of a heading: lower case; letters, digits, `_` and `-` stay, spaces become `-`, the rest goes.
pub(crate) fn github_slug(heading: &str) -> String {
    let mut slug = String::with_capacity(heading.len());
    for c in heading.chars().flat_map(char::to_lowercase) {
        match c {
            ' ' => slug.push('-'),
            c if c.is_alphanumeric() || matches!(c, '_' | '-') => slug.push(c),
            _ => {}
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_githubs() {
        let mut slugs = Slugs::default();
        assert_eq!(slugs.next("What's next? Part 2"), "whats-next-part-2");
        assert_eq!(slugs.next("Risks & benefits"), "risks--benefits");
        assert_eq!(slugs.next("Sjögren_1"), "sjögren_1");
        assert_eq!(slugs.next("Risks"), "risks");
        assert_eq!(slugs.next("Risks"), "risks-1");
    }
}
