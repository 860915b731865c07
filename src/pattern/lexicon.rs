//! Names of many words, found all at once.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::language::inflection::Inflector;
use crate::language::words::cut;
use crate::language::{Marks, Vocabulary, Word, WordId};

/// The number of a lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LexiconId(pub u16);

/// A name found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Index of its first word in the sentence.
    pub start: u32,
    /// Index behind its last word.
    pub end: u32,
    /// The lexicon it belongs to.
    pub lexicon: LexiconId,
    /// Which of the lexicon's entries it names.
    pub entry: u32,
}

impl Mention {
    /// The entry of a name that no list holds: see [`super::Recognisers`].
    pub const UNLISTED: u32 = u32::MAX;
    /// From here on entries are those of imported names, of which the fact base knows nothing.
    const IMPORTED: u32 = 1 << 31;

    /// A mention of an imported name.
    pub fn imported(start: u32, end: u32, lexicon: LexiconId, entry: u32) -> Self {
        Self { start, end, lexicon, entry: entry | Self::IMPORTED }
    }

    /// Whether the fact base or a list holds the name.
    pub fn is_listed(&self) -> bool {
        self.entry < Self::IMPORTED
    }

    /// The entry of an imported name among the imported names.
    pub fn of_imported(&self) -> Option<u32> {
        (self.entry >= Self::IMPORTED && self.entry < LOOK_ALIKE).then_some(self.entry & !Self::IMPORTED)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ending {
    lexicon: LexiconId,
    entry: u32,
    /// The words as they must be written, for names like `MS`.
    exact: Option<Box<[Box<str>]>>,
}

/// The entry of phrases that hold a name and mean something else.
const LOOK_ALIKE: u32 = Mention::UNLISTED - 1;

/// What no name reaches over. A dot that ends no sentence is no such mark: "H. pylori".
const STOPS: Marks =
    Marks::COMMA.with(Marks::SEMICOLON).with(Marks::COLON).with(Marks::DASH).with(Marks::OPEN).with(Marks::CLOSE);

/// All lexicons in one tree of words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lexicons {
    names: Vec<String>,
    /// The node of each first word, by word number; 0: none.
    roots: Vec<u32>,
    edges: FxHashMap<(u32, WordId), u32>,
    /// The endings at each node; node 0 is nobody's.
    endings: Vec<Vec<Ending>>,
}

impl Lexicons {
    /// The lexicon called `name`, made if there is none.
    pub fn declare(&mut self, name: &str) -> LexiconId {
        if let Some(id) = self.find(name) {
            return id;
        }
        self.names.push(name.to_owned());
        LexiconId(self.names.len() as u16 - 1)
    }

    /// The lexicon called `name`.
    pub fn find(&self, name: &str) -> Option<LexiconId> {
        self.names.iter().position(|n| n == name).map(|i| LexiconId(i as u16))
    }

    /// What a lexicon is called.
    pub fn name(&self, id: LexiconId) -> &str {
        self.names.get(usize::from(id.0)).map_or("", String::as_str)
    }

    /// The names of all lexicons.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Adds a phrase to a lexicon. A word with `~` stands for all its forms. A phrase without `~` is also known in
    /// the plural of its last word, unless it must be written exactly as given (`exact`).
    pub fn add(
        &mut self,
        vocabulary: &mut Vocabulary,
        inflector: &Inflector,
        lexicon: LexiconId,
        entry: u32,
        phrase: &str,
        exact: bool,
    ) {
        for words in spellings(inflector, phrase, exact) {
            let exact_words = exact.then(|| cut(phrase).into_iter().map(Into::into).collect());
            self.insert(vocabulary, &words, Ending { lexicon, entry, exact: exact_words });
        }
    }

    /// Adds a phrase that holds a name of the lexicon, or begins or ends in one, and is none: where it stands, no name of
    /// the lexicon is found in it.
    pub fn add_look_alike(
        &mut self,
        vocabulary: &mut Vocabulary,
        inflector: &Inflector,
        lexicon: LexiconId,
        phrase: &str,
    ) {
        self.add(vocabulary, inflector, lexicon, LOOK_ALIKE, phrase, false);
    }

    fn insert(&mut self, vocabulary: &mut Vocabulary, words: &[String], ending: Ending) {
        if self.endings.is_empty() {
            self.endings.push(Vec::new());
        }
        let mut node = 0;
        for (at, word) in words.iter().enumerate() {
            let id = vocabulary.intern(word);
            let fresh = self.endings.len() as u32;
            node = if at == 0 {
                let index = id.0 as usize;
                if self.roots.len() <= index {
                    self.roots.resize(index + 1, 0);
                }
                if self.roots[index] == 0 {
                    self.roots[index] = fresh;
                }
                self.roots[index]
            } else {
                *self.edges.entry((node, id)).or_insert(fresh)
            };
            if node == fresh {
                self.endings.push(Vec::new());
            }
        }
        if node != 0 {
            let endings = &mut self.endings[node as usize];
            if !endings.iter().any(|e| e.lexicon == ending.lexicon && e.entry == ending.entry) {
                endings.push(ending);
            }
        }
    }

    /// Appends the names in a sentence's words to `mentions`, ordered by their first word. Of one lexicon the longest
    /// name counts, and none inside another. Returns the words that the sentence gives another meaning than a name's:
    /// "mass spectrometry (MS)".
    pub fn annotate(&self, words: &[Word], text: &str, mentions: &mut Vec<Mention>) -> Vec<(LexiconId, WordId)> {
        let first = mentions.len();
        for start in 0..words.len() {
            let mut node = self.roots.get(words[start].id.0 as usize).copied().unwrap_or(0);
            let mut end = start + 1;
            let from = mentions.len();
            while node != 0 {
                for ending in &self.endings[node as usize] {
                    if ending.exact.as_ref().is_none_or(|exact| is_written(&words[start..end], text, exact)) {
                        let mention = Mention {
                            start: start as u32,
                            end: end as u32,
                            lexicon: ending.lexicon,
                            entry: ending.entry,
                        };
                        keep_longest(mentions, first, from, mention);
                    }
                }
                let Some(next) = words.get(end) else { break };
                if next.marks.has(STOPS) {
                    break;
                }
                node = self.edges.get(&(node, next.id)).copied().unwrap_or(0);
                end += 1;
            }
        }
        let mut other_meanings = Vec::new();
        let mut kept = first;
        for at in first..mentions.len() {
            let mention = mentions[at];
            if mention.entry != LOOK_ALIKE {
                mentions[kept] = mention;
                kept += 1;
            } else if let Some(short) = words.get(mention.end as usize).filter(|word| word.marks.has(Marks::OPEN)) {
                other_meanings.push((mention.lexicon, short.id));
            }
        }
        mentions.truncate(kept);
        other_meanings
    }
}

/// Adds a mention unless an earlier one of its lexicon covers it; a shorter one at the same place gives way.
fn keep_longest(mentions: &mut Vec<Mention>, first: usize, from: usize, mention: Mention) {
    let covered = mentions[first..from].iter().rev().any(|m| m.lexicon == mention.lexicon && m.end > mention.start);
    if covered {
        return;
    }
    match mentions[from..].iter_mut().find(|m| m.lexicon == mention.lexicon) {
        Some(shorter) if shorter.end < mention.end => *shorter = mention,
        // What is a look-alike of one name may be the name of something else.
        Some(same) if same.end == mention.end && same.entry == LOOK_ALIKE => *same = mention,
        Some(_) => {}
        None => mentions.push(mention),
    }
}

fn is_written(words: &[Word], text: &str, exact: &[Box<str>]) -> bool {
    words.len() == exact.len() && words.iter().zip(exact).all(|(word, exact)| word.text(text) == &**exact)
}

/// The ways a phrase may be written, each as its words.
fn spellings(inflector: &Inflector, phrase: &str, exact: bool) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    let inflects = phrase.contains('~');
    for token in phrase.split_whitespace() {
        let bare = token.trim_end_matches('~');
        let parts = cut(bare);
        let Some((last, before)) = parts.split_last() else { continue };
        let forms = if token.ends_with('~') { inflector.forms(last) } else { vec![(*last).to_owned()] };
        let mut variants: Vec<Vec<String>> =
            forms.iter().map(|form| before.iter().map(|w| (*w).to_owned()).chain([form.clone()]).collect()).collect();
        if !exact && bare.contains('-') && bare.chars().all(|c| c.is_lowercase() || c == '-') {
            let closed = |words: &Vec<String>| vec![words.concat()];
            variants.extend(variants.iter().map(closed).collect::<Vec<_>>());
        }
        all = all
            .iter()
            .flat_map(|head| variants.iter().map(move |tail| head.iter().chain(tail).cloned().collect()))
            .collect();
    }
    if !inflects && !exact {
        let plurals: Vec<Vec<String>> = all
            .iter()
            .filter_map(|words| {
                let (last, before) = words.split_last()?;
                let plural = inflector.noun_plural(last).filter(|_| last.len() > 2 && !last.starts_with('\''))?;
                Some(before.iter().cloned().chain([plural]).collect())
            })
            .collect();
        all.extend(plurals);
    }
    all.retain(|words| !words.is_empty());
    all
}
