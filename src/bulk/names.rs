//! Names of official files: cleaned, and weighed before they count in texts.
//!
//! Files name everything that was ever sold, "Water" and "Today" among it. What texts mean by a name is decided as
//! carefully as in the fact base: brands count with a capital alone, initials as they stand, and what is short, an
//! ordinary word, an everyday substance or a look-alike of something that the fact base knows does not count at all.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::imported::{Case, Key, Kind, Product, Record};
use crate::knowledge::{EntityKind, Knowledge};
use crate::language::inflection::Inflector;
use crate::language::words::cut;

const IMPORTED: &str = include_str!("../../rules/language/imported.toml");
const ORDINARY: &str = include_str!("../../rules/language/ordinary.toml");
const IRREGULAR: &str = include_str!("../../rules/language/irregular.toml");

/// Longest name that counts, in words. What is longer describes a package.
const LONGEST: usize = 6;
/// Letters of the shortest name of one word that counts.
const SHORTEST: usize = 5;

/// Why a name does not count in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// One word of four letters or fewer, or none at all.
    Short,
    /// A description: many words, figures at its start, brackets or commas.
    Description,
    /// An ordinary word, or several of them.
    Ordinary,
    /// What everybody eats, drinks and washes with.
    Everyday,
    /// The fact base knows that it means something else.
    SomethingElse,
}

impl LeftOut {
    /// The reason in a few words.
    pub fn reason(self) -> &'static str {
        match self {
            LeftOut::Short => "short: one word of four letters or fewer",
            LeftOut::Description => "a description and no name",
            LeftOut::Ordinary => "an ordinary word",
            LeftOut::Everyday => "an everyday substance",
            LeftOut::SomethingElse => "something else to the fact base",
        }
    }
}

/// The lists of `rules/language/imported.toml`; `ordinary.toml` has words alone.
#[derive(Default, Deserialize)]
struct Lists {
    #[serde(default)]
    salts: FxHashSet<String>,
    #[serde(default)]
    substances: FxHashSet<String>,
    #[serde(default)]
    whole: Vec<String>,
    words: FxHashSet<String>,
}

impl Lists {
    fn read(text: &str) -> Self {
        toml::from_str(text).unwrap_or_default()
    }
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(IMPORTED));

/// Decides which names of records count in texts.
pub struct Names {
    everyday: FxHashSet<String>,
    ordinary: FxHashSet<String>,
    /// Names of the other kinds, and all parts of look-alikes, by kind.
    taken: FxHashSet<(Kind, String)>,
    inflector: Inflector,
}

impl Names {
    /// With what a fact base knows.
    pub fn new(base: &Knowledge) -> Self {
        let ordinary = Lists::read(ORDINARY);
        let mut taken = FxHashSet::default();
        for entity in base.entities() {
            let own = match entity.kind {
                EntityKind::Condition => Some(Kind::Condition),
                EntityKind::Therapy => Some(Kind::Therapy),
                EntityKind::Authority | EntityKind::Trial => None,
            };
            for kind in [Kind::Condition, Kind::Therapy] {
                if Some(kind) == own {
                    taken.extend(
                        entity.look_alikes.iter().flat_map(|phrase| stretches(phrase)).map(|name| (kind, name)),
                    );
                } else {
                    taken.extend(entity.names.iter().map(|name| (kind, folded(&name.text))));
                }
            }
        }
        Self {
            everyday: LISTS.substances.iter().map(|name| folded(name)).collect(),
            ordinary: LISTS.words.iter().cloned().chain(ordinary.words).collect(),
            taken,
            inflector: Inflector::from_toml(IRREGULAR).unwrap_or_default(),
        }
    }

    /// The names of a record that count, and why others do not.
    pub fn of(&self, record: &Record) -> Vec<Result<Key, (String, LeftOut)>> {
        let written: Vec<Key> = match record {
            Record::Product(product) => self.of_product(product),
            Record::Disease(disease) => {
                let all = std::iter::once(&disease.name).chain(&disease.synonyms);
                all.map(|name| Key { kind: Kind::Condition, text: name.clone(), case: case(name) }).collect()
            }
            Record::Trial(_) | Record::Notice(_) => Vec::new(),
        };
        let mut all = Vec::new();
        for key in written {
            match self.reason(&key) {
                Some(reason) => all.push(Err((key.text, reason))),
                None => {
                    all.extend(self.plural(&key).map(Ok));
                    all.push(Ok(key));
                }
            }
        }
        all
    }

    /// The names of a record that count.
    pub fn keys(&self, record: &Record) -> Vec<Key> {
        self.of(record).into_iter().filter_map(Result::ok).collect()
    }

    fn of_product(&self, product: &Product) -> Vec<Key> {
        let mut keys = Vec::new();
        let mut add = |text: String, case: Case| {
            let key = Key { kind: Kind::Therapy, text, case };
            if !keys.contains(&key) {
                keys.push(key);
            }
        };
        for substance in &product.substances {
            let bare = without_salt(without_suffix(substance));
            add(bare.clone(), Case::Any);
            if bare != *substance {
                add(substance.clone(), Case::Any);
            }
        }
        // "Abacavir" is no brand where `abacavir sulfate` is in it; "Peluva" is one of `peluvastin`.
        let is_substance = |brand: &str| {
            let rest = |name: &String| name.to_lowercase().strip_prefix(&brand.to_lowercase()).map(str::to_owned);
            product.substances.iter().filter_map(rest).any(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        for brand in product.brands.iter().filter(|brand| !is_substance(brand)) {
            add(brand.clone(), Case::Capital);
        }
        keys
    }

    fn reason(&self, key: &Key) -> Option<LeftOut> {
        let (name, text) = (folded(&key.text), key.text.as_str());
        let words: Vec<&str> = name.split(' ').collect();
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        let is_ordinary = |word: &&str| self.ordinary.contains(*word) || word.len() < 3 || word.parse::<f64>().is_ok();
        if self.everyday.contains(&name) {
            Some(LeftOut::Everyday)
        } else if letters == 0 || words.len() == 1 && name.chars().count() < SHORTEST {
            Some(LeftOut::Short)
        } else if words.len() > LONGEST
            || text.contains([',', '(', '[', '%', ';', ':'])
            || text.contains(" - ")
            || text.starts_with(|c: char| c.is_ascii_digit())
        {
            Some(LeftOut::Description)
        } else if words.iter().all(is_ordinary) && (words.len() == 1 || key.kind == Kind::Therapy) {
            Some(LeftOut::Ordinary)
        } else if self.taken.contains(&(key.kind, name)) {
            Some(LeftOut::SomethingElse)
        } else {
            None
        }
    }

    /// The plural of a disease's name that is written in small letters.
    fn plural(&self, key: &Key) -> Option<Key> {
        let last = folded(&key.text).rsplit(' ').next().map(str::to_owned).filter(|_| key.case == Case::Any)?;
        let before = key.text.get(..key.text.len().checked_sub(last.len())?)?;
        let is_disease = key.kind == Kind::Condition && last.len() > 3 && key.text.to_lowercase().ends_with(&last);
        let plural = self.inflector.noun_plural(&last).filter(|_| is_disease)?;
        Some(Key { text: format!("{before}{plural}"), ..key.clone() })
    }
}

/// How a disease's name must be written: initials as they stand.
fn case(name: &str) -> Case {
    let is_initials = !name.contains(' ') && !name.chars().any(char::is_lowercase);
    if is_initials { Case::Upper } else { Case::Any }
}

/// The words of a name, in lower case.
pub(super) fn folded(name: &str) -> String {
    cut(&name.replace('’', "'")).into_iter().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Every stretch of a phrase's words.
fn stretches(phrase: &str) -> Vec<String> {
    let name = folded(&phrase.replace('~', ""));
    let words: Vec<&str> = name.split(' ').collect();
    let ends = |start: usize| (start + 1..=words.len()).map(move |end| (start, end));
    (0..words.len()).flat_map(ends).map(|(start, end)| words[start..end].join(" ")).collect()
}

/// A substance's name without the words that say in which form it is given.
fn without_salt(name: &str) -> String {
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.len() > 1 && words.last().is_some_and(|last| LISTS.salts.contains(&last.to_lowercase())) {
        words.pop();
    }
    words.join(" ")
}

/// A biological product's name without the four letters that FDA hangs on it: `trastuzumab-dkst`.
fn without_suffix(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((bare, suffix))
            if suffix.len() == 4 && bare.len() > 4 && suffix.bytes().all(|b| b.is_ascii_lowercase()) =>
        {
            bare
        }
        _ => name,
    }
}

/// A brand's name as texts write it: without marks, and in capitals only where it starts with them.
pub(super) fn brand(written: &str) -> String {
    let bare = written.replace(['®', '™', '©', '*', '"'], "");
    let words = bare.split_whitespace();
    if bare.chars().any(char::is_lowercase) {
        return words.collect::<Vec<_>>().join(" ");
    }
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect::<String>())
    };
    words.filter_map(capitalised).collect::<Vec<_>>().join(" ")
}

/// The brands that one field names: `Abasaglar (previously Abasria)` has had two.
pub(super) fn brands_of(written: &str) -> Vec<String> {
    let mut brands = Vec::new();
    for (at, part) in written.split(['(', ')']).enumerate() {
        let part = part.trim();
        let earlier = part.strip_prefix("previously").map(|name| name.trim_start_matches(" known as").trim());
        let name = if at % 2 == 0 { Some(part) } else { earlier };
        brands.extend(name.map(brand).filter(|name| !name.is_empty()));
    }
    brands
}

/// The substances that one field names. What is described rather than named, as vaccines are, stays whole.
pub(super) fn substances(written: &str) -> Vec<String> {
    let has_small = written.chars().any(char::is_lowercase);
    let is_whole = |part: &str| {
        let part = part.to_lowercase();
        part.contains('(') || part.contains(" - ") || LISTS.whole.iter().any(|word| part.contains(word.as_str()))
    };
    let mut all: Vec<String> = Vec::new();
    for part in written.split([';', '|']) {
        let smaller: Vec<&str> = if is_whole(part) {
            vec![part]
        } else {
            part.split([',', '/']).flat_map(|part| part.split(" and ")).collect()
        };
        for name in smaller {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            let name = name.strip_prefix("and ").map(str::to_owned).unwrap_or(name);
            let name = if has_small { name } else { name.to_lowercase() };
            if !name.is_empty() && !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}
