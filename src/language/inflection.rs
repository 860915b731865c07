//! The forms of a word: what `cure~` stands for.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Irregular forms by lemma.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Inflector {
    irregular: FxHashMap<String, Vec<String>>,
}

impl Inflector {
    /// From the text of a list like `rules/language/irregular.toml`.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        Ok(Self { irregular: toml::from_str(text)? })
    }

    /// All forms of `lemma`, itself first: the listed ones, or else the regular noun and verb forms. Forms that are
    /// no words of English do no harm: nobody writes them.
    pub fn forms(&self, lemma: &str) -> Vec<String> {
        let lemma = lemma.to_lowercase();
        let mut forms = match self.irregular.get(&lemma) {
            Some(listed) => listed.clone(),
            None => {
                let mut forms = vec![plural(&lemma)];
                forms.extend(past_and_participle(&lemma));
                forms
            }
        };
        forms.insert(0, lemma);
        forms.dedup();
        forms
    }

    /// The plural of a noun, listed or regular; `None` where it is the same as the singular.
    pub fn noun_plural(&self, noun: &str) -> Option<String> {
        let noun = noun.to_lowercase();
        let form = self.irregular.get(&noun).and_then(|forms| forms.first().cloned()).unwrap_or_else(|| plural(&noun));
        (form != noun).then_some(form)
    }
}

/// The regular plural of a noun, which is also the third person of a verb.
fn plural(word: &str) -> String {
    let consonant_y = word.ends_with('y') && !word.chars().rev().nth(1).is_some_and(|c| "aeiou".contains(c));
    if consonant_y && word.len() > 2 {
        return format!("{}ies", &word[..word.len() - 1]);
    }
    if let Some(stem) = word.strip_suffix("sis") {
        return format!("{stem}ses");
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|ending| word.ends_with(ending));
    if hissing { format!("{word}es") } else { format!("{word}s") }
}

fn past_and_participle(word: &str) -> Vec<String> {
    let bytes = word.as_bytes();
    if let Some(stem) = word.strip_suffix("ie") {
        return vec![format!("{word}d"), format!("{stem}ying")];
    }
    if word.ends_with("ee") || word.ends_with("ye") || word.ends_with("oe") {
        return vec![format!("{word}d"), format!("{word}ing")];
    }
    if let Some(stem) = word.strip_suffix('e') {
        return vec![format!("{stem}ed"), format!("{stem}ing")];
    }
    if let Some(stem) = word.strip_suffix('y')
        && bytes.len() > 2
        && !b"aeiou".contains(&bytes[bytes.len() - 2])
    {
        return vec![format!("{stem}ied"), format!("{word}ing")];
    }
    let mut forms = vec![format!("{word}ed"), format!("{word}ing")];
    // A short vowel before a single consonant may double it: stopped, travelled (British), traveled (American).
    if let [.., before, vowel, last] = bytes
        && !b"aeiouwxy".contains(last)
        && b"aeiou".contains(vowel)
        && !b"aeiou".contains(before)
    {
        let last = char::from(*last);
        forms.push(format!("{word}{last}ed"));
        forms.push(format!("{word}{last}ing"));
    }
    forms
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn regular_and_irregular_forms() {
        let inflector = Inflector::from_toml(include_str!("../../rules/language/irregular.toml")).unwrap();
        let has = |lemma: &str, form: &str| inflector.forms(lemma).iter().any(|f| f == form);
        for (lemma, form) in [
            ("cure", "curing"),
            ("cure", "cured"),
            ("cure", "cures"),
            ("stop", "stopped"),
            ("therapy", "therapies"),
            ("trial", "trials"),
            ("treat", "treated"),
            ("be", "was"),
            ("study", "studied"),
            ("child", "children"),
            ("heal", "healing"),
            ("guarantee", "guaranteed"),
            ("crush", "crushes"),
            ("die", "dying"),
            ("mouse", "mice"),
        ] {
            assert!(has(lemma, form), "{lemma} has no form {form}");
        }
        assert_eq!(inflector.noun_plural("diagnosis").as_deref(), Some("diagnoses"));
        assert_eq!(inflector.noun_plural("infection").as_deref(), Some("infections"));
    }
}
