//! Rules: what they look for, in which contexts it counts, what satisfies them, and what they say.

mod compile;
mod dose;
mod extend;
mod looks;
mod own;
mod pack;
mod page;
mod regex;
mod rule;
mod schema;
mod trigger;
mod words;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::claims::{ClaimReader, RelationBook};
use crate::compiled;
use crate::cues::CueBook;
use crate::finding::Finding;
use crate::imported::Imported;
use crate::knowledge::{EntityId, EntityKind, Knowledge};
use crate::language::inflection::Inflector;
use crate::language::{Segmenter, Vocabulary, WordId};
use crate::pattern::{Compiler, LexiconId, Lexicons, Pattern, PatternSet, Recognisers};
use crate::reading::{EntityLexicons, Reader};
use crate::source::{Format, SourceFile};
use crate::surroundings::LayoutBook;
use crate::verdicts::VerdictBook;

use compile::PackCompiler;
use extend::Extension;

pub use compile::toml_error;
pub use dose::{Amount, Doses, Usual};
pub use own::own_pages;
pub use page::{Page, Reference, pages, touched_by};
pub use regex::LazyRegex;
pub use rule::{BlockKinds, ClaimShape, Condition, Contexts, LinkFate, ListId, Pair, Rule, Scope, Trigger};
pub use schema::schema;
pub use trigger::{Abbreviations, Age, Hosts, Measure, Metric};
pub use words::{Asked, Looks};

/// The packs that come with the program: name and text.
const PACKS: &[(&str, &str)] = &[
    ("rules/packs/cure.toml", include_str!("../../rules/packs/cure.toml")),
    ("rules/packs/hype.toml", include_str!("../../rules/packs/hype.toml")),
    ("rules/packs/investigational.toml", include_str!("../../rules/packs/investigational.toml")),
    ("rules/packs/evidence.toml", include_str!("../../rules/packs/evidence.toml")),
    ("rules/packs/risk-numbers.toml", include_str!("../../rules/packs/risk-numbers.toml")),
    ("rules/packs/balance.toml", include_str!("../../rules/packs/balance.toml")),
    ("rules/packs/sources.toml", include_str!("../../rules/packs/sources.toml")),
    ("rules/packs/transparency.toml", include_str!("../../rules/packs/transparency.toml")),
    ("rules/packs/safety.toml", include_str!("../../rules/packs/safety.toml")),
    ("rules/packs/dosage.toml", include_str!("../../rules/packs/dosage.toml")),
    ("rules/packs/language.toml", include_str!("../../rules/packs/language.toml")),
    ("rules/packs/facts.toml", include_str!("../../rules/packs/facts.toml")),
];

const ABBREVIATIONS: &str = include_str!("../../rules/language/abbreviations.toml");
const IRREGULAR: &str = include_str!("../../rules/language/irregular.toml");
const CUES: &str = include_str!("../../rules/language/cues.toml");
const LAYOUTS: &str = include_str!("../../rules/language/layouts.toml");
const RELATIONS: &str = include_str!("../../rules/language/relations.toml");
const KINDS: &str = include_str!("../../rules/language/kinds.toml");
const NAMES: &str = include_str!("../../rules/language/names.toml");
const VERDICTS: &str = include_str!("../../rules/language/verdicts.toml");
const COMMON: &str = include_str!("../../rules/language/common.toml");

/// What is wrong with packs: each with the findings on it.
pub type PackErrors = Vec<(SourceFile, Vec<Finding>)>;

/// Compiled rules, built-in and loaded, with everything that reading and matching need.
#[derive(Debug, Serialize, Deserialize)]
pub struct RuleSet {
    reader: Reader,
    inflector: Inflector,
    common: FxHashSet<String>,
    common_ids: FxHashSet<WordId>,
    cues: CueBook,
    layouts: LayoutBook,
    relations: RelationBook,
    verdicts: VerdictBook,
    #[serde(skip, default = "Knowledge::builtin")]
    knowledge: &'static Knowledge,
    rules: Vec<Rule>,
    patterns: Vec<Pattern>,
    /// The rule of each pattern.
    rule_of: Vec<u32>,
    triggers: PatternSet,
    lists: compile::Lists,
    by_name: FxHashMap<String, usize>,
}

impl RuleSet {
    /// Conditions are the first lexicon, therapies the second, authorities the third.
    pub const ENTITIES: EntityLexicons =
        EntityLexicons { condition: LexiconId(0), therapy: LexiconId(1), authority: LexiconId(2) };

    /// The rules that come with the program. Their data is part of it and holds no mistake: a test loads them. Should
    /// a damaged build hold one all the same, the rule it stands in is left out.
    pub fn builtin() -> Self {
        Self::builtin_knowing(Knowledge::builtin())
    }

    /// The rules that come with the program, over another base of facts.
    pub fn builtin_knowing(knowledge: &'static Knowledge) -> Self {
        // What is compiled ahead knows the names of the built-in base.
        let is_builtin = std::ptr::eq(knowledge, Knowledge::builtin());
        let ahead = if is_builtin { compiled::read(compiled::RULES) } else { None };
        ahead.unwrap_or_else(|| Self::from_packs(knowledge))
    }

    /// The rules that come with the program, from the text of their packs.
    pub fn from_packs(knowledge: &'static Knowledge) -> Self {
        let mut set = Self::knowing(knowledge);
        let packs = Self::builtin_packs();
        if set.load(&packs).is_err() {
            for pack in packs {
                let _ = set.load(std::slice::from_ref(&pack));
            }
        }
        set
    }

    /// The packs that come with the program, as sources.
    pub fn builtin_packs() -> Vec<SourceFile> {
        PACKS.iter().map(|(name, text)| SourceFile::new(*name, *text, Format::Toml)).collect()
    }

    /// Language, names and facts, and no rule yet.
    pub fn without_rules() -> Self {
        Self::knowing(Knowledge::builtin())
    }

    /// Language, the names and facts of a base, and no rule yet.
    pub fn knowing(knowledge: &'static Knowledge) -> Self {
        let inflector = Inflector::from_toml(IRREGULAR).unwrap_or_default();
        let common = common_words(COMMON);
        let (mut vocabulary, mut lexicons) = (Vocabulary::default(), Lexicons::default());
        declare_names(knowledge, &mut vocabulary, &inflector, &mut lexicons);
        let mut compiler = Compiler {
            vocabulary: &mut vocabulary,
            inflector: &inflector,
            lexicons: &lexicons,
            common: &|word| common.contains(word),
        };
        let cues = CueBook::from_toml(CUES, &mut compiler).unwrap_or_default();
        let layouts = LayoutBook::from_toml(LAYOUTS, &mut compiler).unwrap_or_default();
        let relations = RelationBook::from_toml(&[RELATIONS, KINDS], &mut compiler).unwrap_or_default();
        let verdicts = VerdictBook::from_toml(VERDICTS, &mut compiler).unwrap_or_default();
        let recognisers = Recognisers::from_toml(NAMES, &lexicons, &mut vocabulary).unwrap_or_default();
        let common_ids = common.iter().map(|word| vocabulary.intern(word)).collect();
        let segmenter = Segmenter::from_toml(ABBREVIATIONS).unwrap_or_default();
        Self {
            reader: Reader { segmenter, vocabulary, lexicons, recognisers, imported: None },
            inflector,
            common,
            common_ids,
            cues,
            layouts,
            relations,
            verdicts,
            knowledge,
            rules: Vec::new(),
            patterns: Vec::new(),
            rule_of: Vec::new(),
            triggers: PatternSet::default(),
            lists: compile::Lists::default(),
            by_name: FxHashMap::default(),
        }
    }

    /// Adds packs. A rule with the full name of an earlier one takes its place; an extension is added to the rule that
    /// it names. On error nothing is added, and every
    /// mistake is a finding on the pack it stands in.
    pub fn load(&mut self, packs: &[SourceFile]) -> Result<(), PackErrors> {
        if packs.is_empty() {
            return Ok(());
        }
        let mut errors: PackErrors = Vec::new();
        let mut parsed = Vec::new();
        for pack in packs {
            match compile::parse(pack) {
                Ok(raw) => parsed.push((pack, raw)),
                Err(finding) => errors.push((pack.clone(), vec![*finding])),
            }
        }
        let mut lexicons = self.reader.lexicons.clone();
        for (_, raw) in &parsed {
            for (name, words) in &raw.lexicons {
                let id = lexicons.declare(name);
                for (entry, word) in words.iter().enumerate() {
                    lexicons.add(&mut self.reader.vocabulary, &self.inflector, id, entry as u32, word, false);
                }
            }
            if !raw.dose.is_empty() {
                let drugs = lexicons.declare(&dose::lexicon(&raw.pack.id));
                for (entry, name) in
                    raw.dose.iter().enumerate().flat_map(|(n, d)| d.drug.iter().map(move |name| (n, name)))
                {
                    lexicons.add(&mut self.reader.vocabulary, &self.inflector, drugs, entry as u32, name, false);
                }
            }
        }
        let mut lists = self.lists.clone();
        let mut added = Vec::new();
        let mut compiler = Compiler {
            vocabulary: &mut self.reader.vocabulary,
            inflector: &self.inflector,
            lexicons: &lexicons,
            common: &|word| self.common.contains(word),
        };
        let mut told: Vec<Vec<Finding>> = parsed.iter().map(|_| Vec::new()).collect();
        let mut each = |step: &mut dyn FnMut(&mut PackCompiler<'_, '_>)| {
            for ((_, raw), told) in parsed.iter().zip(&mut told) {
                let (compiler, lists, errors) = (&mut compiler, &mut lists, std::mem::take(told));
                let mut pack = PackCompiler { raw, compiler, lists, errors };
                step(&mut pack);
                *told = pack.errors;
            }
        };
        let mut codes = self.rules.iter().map(|rule| (rule.code.to_string(), rule.id.to_string())).collect();
        let mut seen = FxHashSet::default();
        let mut extensions = Vec::new();
        each(&mut |pack| pack.caveats());
        each(&mut |pack| pack.check_names(&mut seen, &mut codes));
        each(&mut |pack| added.extend(pack.rules()));
        let known: Vec<&Rule> = added.iter().map(|compiled| &compiled.rule).chain(&self.rules).collect();
        each(&mut |pack| extensions.extend(pack.extensions(&known)));
        let wrong = parsed.iter().zip(told).filter(|(_, findings)| !findings.is_empty());
        errors.extend(wrong.map(|((pack, _), findings)| ((*pack).clone(), findings)));
        if !errors.is_empty() {
            return Err(errors);
        }
        self.reader.lexicons = lexicons;
        self.lists = lists;
        for compiled in added {
            self.add(compiled);
        }
        for extension in extensions {
            self.extend(extension);
        }
        self.triggers = PatternSet::new(self.patterns.clone());
        Ok(())
    }

    fn add(&mut self, compiled: compile::Compiled) {
        let name = compiled.rule.id.as_str().to_owned();
        let index = match self.by_name.get(&name) {
            Some(&index) => {
                let kept: Vec<bool> = self.rule_of.iter().map(|&rule| rule as usize != index).collect();
                let mut keep = kept.iter();
                self.patterns.retain(|_| keep.next().copied().unwrap_or(true));
                self.rule_of.retain(|&rule| rule as usize != index);
                self.rules[index] = compiled.rule;
                index
            }
            None => {
                self.rules.push(compiled.rule);
                self.by_name.insert(name, self.rules.len() - 1);
                self.rules.len() - 1
            }
        };
        self.rule_of.extend(std::iter::repeat_n(index as u32, compiled.phrases.len()));
        self.patterns.extend(compiled.phrases);
    }

    fn extend(&mut self, extension: Extension) {
        let Some(&index) = self.by_name.get(&extension.rule) else { return };
        let phrases = extension.apply(&mut self.rules[index]);
        self.rule_of.extend(std::iter::repeat_n(index as u32, phrases.len()));
        self.patterns.extend(phrases);
    }

    /// All rules, in the order of their packs.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that a person may mean by `name`: a rule, `pack/rule` or a code.
    pub fn called<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Rule> + 's {
        self.rules.iter().filter(move |rule| rule.id.is_called(name) || rule.code.eq_ignore_ascii_case(name))
    }

    /// Every name that configuration and comments may use: rules, `pack/rule`, codes and packs.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for rule in &self.rules {
            names.extend([
                rule.id.to_string(),
                rule.id.rule().to_owned(),
                rule.code.to_string(),
                rule.id.pack().to_owned(),
            ]);
        }
        names.sort();
        names.dedup();
        names
    }

    /// Cuts documents into sentences and finds names.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The commonest words of English, by number.
    pub(crate) fn common_ids(&self) -> &FxHashSet<WordId> {
        &self.common_ids
    }

    /// Reads assertions.
    pub fn cues(&self) -> &CueBook {
        &self.cues
    }

    /// Draws claims.
    pub fn claims(&self) -> ClaimReader<'_> {
        ClaimReader { relations: &self.relations, cues: &self.cues, layouts: &self.layouts, names: Self::ENTITIES }
    }

    /// What is read in claims before facts are held against them.
    pub fn verdicts(&self) -> &VerdictBook {
        &self.verdicts
    }

    /// Finds imported names too, in what is read from now on.
    pub fn import(&mut self, imported: &'static Imported) {
        self.reader.imported = Some((imported, Self::ENTITIES));
    }

    /// The imported records that are used beside the fact base.
    pub fn imported(&self) -> Option<&'static Imported> {
        self.reader.imported.map(|(imported, _)| imported)
    }

    /// The fact base behind the names.
    pub fn knowledge(&self) -> &'static Knowledge {
        self.knowledge
    }

    /// The trigger phrases of all rules.
    pub(crate) fn triggers(&self) -> &PatternSet {
        &self.triggers
    }

    /// The phrases of a list that conditions look for.
    pub(crate) fn phrases(&self, list: ListId) -> &[Pattern] {
        self.lists.phrases.get(list.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The rule that a trigger phrase belongs to.
    pub(crate) fn rule_of(&self, pattern: u32) -> usize {
        self.rule_of[pattern as usize] as usize
    }
}

fn common_words(text: &str) -> FxHashSet<String> {
    #[derive(serde::Deserialize)]
    struct File {
        words: Vec<String>,
    }
    toml::from_str(text).map(|file: File| file.words.into_iter().collect()).unwrap_or_default()
}

fn declare_names(knowledge: &Knowledge, vocabulary: &mut Vocabulary, inflector: &Inflector, lexicons: &mut Lexicons) {
    for name in ["condition", "therapy", "authority"] {
        lexicons.declare(name);
    }
    for (number, entity) in knowledge.entities().iter().enumerate() {
        let lexicon = match entity.kind {
            EntityKind::Condition => RuleSet::ENTITIES.condition,
            EntityKind::Therapy => RuleSet::ENTITIES.therapy,
            EntityKind::Authority => RuleSet::ENTITIES.authority,
            EntityKind::Trial => continue,
        };
        for name in &entity.names {
            lexicons.add(vocabulary, inflector, lexicon, number as u32, &name.text, name.case_sensitive);
        }
        for phrase in &entity.look_alikes {
            lexicons.add_look_alike(vocabulary, inflector, lexicon, phrase);
        }
    }
    for (name, lexicon) in knowledge.lexicons() {
        let id = lexicons.declare(name);
        for (entry, word) in lexicon.words.iter().enumerate() {
            lexicons.add(vocabulary, inflector, id, entry as u32, word, false);
        }
    }
}

/// The entity that an entry of `{condition}`, `{therapy}` or `{authority}` names. Nothing is known of one that no list
/// holds.
pub fn entity_of(mention: &crate::pattern::Mention) -> EntityId {
    EntityId(mention.entry)
}
