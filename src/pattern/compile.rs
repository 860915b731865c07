//! Turning a pattern's text into a small program over word numbers.

use serde::{Deserialize, Serialize};

use crate::language::inflection::Inflector;
use crate::language::words::cut;
use crate::language::{Vocabulary, WordId};
use crate::suggest::nearest;

use super::lexicon::{LexiconId, Lexicons};
use super::syntax::{Node, PatternError, parse};

/// One step of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Op {
    /// One of these words; sorted.
    Word(Box<[WordId]>),
    /// A name of this lexicon.
    Lexicon(LexiconId),
    /// A number in digits.
    Number,
    /// A number in digits, no less than the first and no more than the second.
    NumberBetween(u32, u32),
    /// A number with a per cent sign or word behind it.
    Percent,
    /// A year from 1900 to 2099.
    Year,
    /// Any word.
    Any,
    /// Up to so many words.
    Gap(u8),
    /// None of these words comes next, sorted; nor, where the flag is set, the sentence's end.
    NotNext(Box<[WordId]>, bool),
    /// None of these words stands right before, sorted; nor, where the flag is set, the sentence's start.
    NotBefore(Box<[WordId]>, bool),
    /// Only at the sentence's first word.
    Start,
    /// Only behind its last.
    End,
    /// Try the first address, then the second.
    Split(u16, u16),
    /// Try those of these addresses that can begin with the next word, in their order.
    Switch(Switch),
    /// Go on there.
    Jump(u16),
    /// Found.
    Accept,
}

/// The branches of a choice. Looking up the next word spares trying each: choices can be long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Switch {
    /// Branches that begin with a word, by that word; sorted.
    by_word: Box<[(WordId, u16)]>,
    /// Branches that can begin with something else.
    others: Box<[u16]>,
}

impl Switch {
    /// Of branches at these addresses in a program.
    fn new(ops: &[Op], branches: &[usize]) -> Self {
        let (mut by_word, mut others) = (Vec::new(), Vec::new());
        for &branch in branches {
            let Starts { anything, words, lexicons, digits } = Starts::of(ops, branch);
            if anything || digits || !lexicons.is_empty() {
                others.push(branch as u16);
            } else {
                by_word.extend(words.iter().map(|&word| (word, branch as u16)));
            }
        }
        by_word.sort_unstable();
        Self { by_word: by_word.into(), others: others.into() }
    }

    /// The branches to try where this word comes next, in their order.
    pub fn branches(&self, word: WordId) -> impl Iterator<Item = usize> {
        let from = self.by_word.partition_point(|&(other, _)| other < word);
        let mut of_word = self.by_word[from..].iter().take_while(move |(other, _)| *other == word).peekable();
        let mut others = self.others.iter().peekable();
        std::iter::from_fn(move || {
            let next = match (of_word.peek(), others.peek()) {
                (Some((_, of_word)), Some(other)) => of_word < *other,
                (of_word, _) => of_word.is_some(),
            };
            let branch = if next { of_word.next().map(|(_, branch)| branch) } else { others.next() };
            branch.map(|&branch| usize::from(branch))
        })
    }

    fn all(&self) -> impl Iterator<Item = usize> {
        self.by_word.iter().map(|(_, branch)| branch).chain(&self.others).map(|&branch| usize::from(branch))
    }
}

/// What a sentence must hold for a pattern to be tried at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Key {
    /// One of these words.
    Words(Box<[WordId]>),
    /// A name of this lexicon.
    Lexicon(LexiconId),
    /// A number in digits.
    Number,
    /// Nothing in particular.
    Anything,
}

/// A compiled pattern.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pattern {
    pub(super) ops: Box<[Op]>,
    pub(super) key: Key,
    /// How many words of a match stand before its key.
    pub(super) ahead: Width,
    pub(super) starts: Starts,
}

/// A number of words: at least, and at most. [`Width::FAR`] is any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Width(u16, u16);

impl Width {
    const NONE: Width = Width(0, 0);
    const ONE: Width = Width(1, 1);
    const FAR: u16 = u16::MAX;

    /// Of a written word, in all its spellings: with a hyphen it may also be closed up.
    fn of_word(text: &str) -> Width {
        let parts = cut(text).len() as u16;
        Width(if text.contains('-') { parts.min(1) } else { parts }, parts)
    }

    pub fn least(self) -> usize {
        usize::from(self.0)
    }

    pub fn most(self) -> usize {
        if self.1 == Self::FAR { usize::MAX } else { usize::from(self.1) }
    }

    fn then(self, next: Width) -> Width {
        Width(self.0.saturating_add(next.0), self.1.saturating_add(next.1))
    }

    fn or(self, other: Width) -> Width {
        Width(self.0.min(other.0), self.1.max(other.1))
    }

    /// Of the widest and the narrowest of these.
    fn any(widths: impl Iterator<Item = Width>) -> Width {
        widths.reduce(Width::or).unwrap_or(Width::NONE)
    }
}

/// With what a match can begin. Most words of a sentence begin none, and looking here is much cheaper than running the
/// program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Starts {
    /// With anything, or so that the key says it all.
    pub anything: bool,
    /// With one of these words; sorted.
    pub words: Box<[WordId]>,
    /// With a name of one of these lexicons.
    pub lexicons: Box<[LexiconId]>,
    /// With a word that holds a digit.
    pub digits: bool,
}

impl Starts {
    /// Of what stands at an address of a program. Where that may be nothing, anything may follow.
    fn of(ops: &[Op], address: usize) -> Self {
        let (mut words, mut lexicons) = (Vec::new(), Vec::new());
        let mut starts = Self::default();
        let (mut seen, mut open) = (vec![false; ops.len()], vec![address]);
        while let Some(at) = open.pop() {
            let Some(op) = ops.get(at) else {
                starts.anything = true;
                continue;
            };
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match op {
                Op::Word(ids) => words.extend_from_slice(ids),
                Op::Lexicon(id) => lexicons.push(*id),
                Op::Number | Op::NumberBetween(..) | Op::Percent | Op::Year => starts.digits = true,
                Op::Start | Op::NotNext(..) | Op::NotBefore(..) => open.push(at + 1),
                Op::Split(first, second) => open.extend([usize::from(*first), usize::from(*second)]),
                Op::Switch(switch) => open.extend(switch.all()),
                Op::Jump(to) => open.push(usize::from(*to)),
                Op::Any | Op::Gap(_) => starts.anything = true,
                // A match of no words is none.
                Op::Accept | Op::End => {}
            }
        }
        (starts.words, starts.lexicons) = (sorted(words), lexicons.into());
        starts
    }
}

/// What compiling needs: the vocabulary to add words to, the forms of words, and the lexicons by name.
pub struct Compiler<'a> {
    /// Words met in patterns are added here.
    pub vocabulary: &'a mut Vocabulary,
    /// Knows the forms of words.
    pub inflector: &'a Inflector,
    /// The lexicons that patterns may name.
    pub lexicons: &'a Lexicons,
    /// Words so common that a sentence's holding one says nothing.
    pub common: &'a dyn Fn(&str) -> bool,
}

impl Compiler<'_> {
    /// Compiles a pattern. Errors carry the byte range in `text`.
    pub fn compile(&mut self, text: &str) -> Result<Pattern, PatternError> {
        let node = parse(text)?;
        let mut ops = Vec::new();
        self.emit(&node, &mut ops)?;
        ops.push(Op::Accept);
        if ops.len() > usize::from(u16::MAX) {
            return Err(PatternError { span: 0..text.len(), message: "The pattern is too long.".into() });
        }
        let anything = Telling { cost: 0, key: Key::Anything, ahead: Width(0, Width::FAR) };
        let Telling { key, ahead, .. } = self.key(&node).unwrap_or(anything);
        let mut starts = Starts::of(&ops, 0);
        // Where matches begin with their key, it need not be looked at twice.
        starts.anything |= ahead == Width::NONE && key == Key::Words(starts.words.clone());
        Ok(Pattern { ops: ops.into(), key, ahead, starts })
    }

    fn emit(&mut self, node: &Node, ops: &mut Vec<Op>) -> Result<(), PatternError> {
        match node {
            Node::Word { text, inflected } => {
                let spellings = self.spellings(text, *inflected);
                self.emit_choice(&spellings, ops, |_, words, ops| {
                    ops.extend(words.iter().map(|ids| Op::Word(ids.clone())));
                    Ok(())
                })?;
            }
            Node::Lexicon { name, span } => ops.push(self.lexicon(name, span)?),
            Node::Any => ops.push(Op::Any),
            Node::Gap(width) => ops.push(Op::Gap(*width)),
            Node::Start => ops.push(Op::Start),
            Node::End => ops.push(Op::End),
            Node::Never { words, before } => {
                let forms = words.iter().flat_map(|word| self.forms(word)).collect::<Vec<_>>();
                let ids = self.intern_all(forms.into_iter());
                let edge = words.iter().any(|word| matches!(word, Node::Start | Node::End));
                ops.push(if *before { Op::NotBefore(ids, edge) } else { Op::NotNext(ids, edge) });
            }
            Node::Sequence(nodes) => {
                for node in nodes {
                    self.emit(node, ops)?;
                }
            }
            // A choice of single words is one look-up, however many there are.
            Node::Choice(nodes) if nodes.iter().all(is_single_word) => {
                let forms = nodes.iter().flat_map(|node| self.forms(node)).collect::<Vec<_>>();
                ops.push(Op::Word(self.intern_all(forms.into_iter())));
            }
            Node::Choice(nodes) => self.emit_choice(nodes, ops, |this, node, ops| this.emit(node, ops))?,
            Node::Optional(node) => {
                let split = ops.len();
                ops.push(Op::Accept);
                self.emit(node, ops)?;
                ops[split] = Op::Split(split as u16 + 1, ops.len() as u16);
            }
        }
        Ok(())
    }

    fn emit_choice<T>(
        &mut self,
        branches: &[T],
        ops: &mut Vec<Op>,
        mut emit: impl FnMut(&mut Self, &T, &mut Vec<Op>) -> Result<(), PatternError>,
    ) -> Result<(), PatternError> {
        if let [only] = branches {
            return emit(self, only, ops);
        }
        let switch = ops.len();
        ops.push(Op::Accept);
        let (mut starts, mut jumps) = (Vec::new(), Vec::new());
        for branch in branches {
            starts.push(ops.len());
            emit(self, branch, ops)?;
            jumps.push(ops.len());
            ops.push(Op::Accept);
        }
        // The last branch ends where all go on.
        jumps.pop();
        ops.pop();
        for jump in jumps {
            ops[jump] = Op::Jump(ops.len() as u16);
        }
        ops[switch] = Op::Switch(Switch::new(ops, &starts));
        Ok(())
    }

    fn lexicon(&self, name: &str, span: &std::ops::Range<usize>) -> Result<Op, PatternError> {
        Ok(match name {
            "number" => Op::Number,
            "percent" => Op::Percent,
            "year" => Op::Year,
            _ if name.starts_with("number<=") || name.starts_with("number>=") => bounded(name, span)?,
            _ => Op::Lexicon(self.lexicons.find(name).ok_or_else(|| {
                let known = self.lexicons.names().iter().map(String::as_str).chain(["number", "percent", "year"]);
                let near = nearest(name, known);
                let hint = near.map(|near| format!(" Did you mean `{{{near}}}`?")).unwrap_or_default();
                PatternError { span: span.clone(), message: format!("There is no lexicon `{name}`.{hint}") }
            })?),
        })
    }

    /// The ways a written word may stand in a text: its parts one after the other, or closed up.
    fn spellings(&mut self, text: &str, inflected: bool) -> Vec<Vec<Box<[WordId]>>> {
        let parts = cut(text);
        let Some((last, before)) = parts.split_last() else { return Vec::new() };
        let forms = if inflected { self.inflector.forms(last) } else { vec![(*last).to_owned()] };
        let mut open: Vec<Box<[WordId]>> = before.iter().map(|part| [self.vocabulary.intern(part)].into()).collect();
        open.push(self.intern_all(forms.iter().cloned()));
        let mut spellings = vec![open];
        if !before.is_empty() && text.contains('-') {
            let head = before.concat();
            spellings.push(vec![self.intern_all(forms.iter().map(|form| format!("{head}{form}")))]);
        }
        spellings
    }

    /// The forms that a single word of a pattern stands for.
    fn forms(&self, word: &Node) -> Vec<String> {
        match word {
            Node::Word { text, inflected } => match (cut(text).first(), *inflected) {
                (Some(word), true) => self.inflector.forms(word),
                (Some(word), false) => vec![(*word).to_owned()],
                (None, _) => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn intern_all(&mut self, words: impl Iterator<Item = String>) -> Box<[WordId]> {
        let mut ids: Vec<WordId> = words.map(|word| self.vocabulary.intern(&word)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into()
    }

    /// The best key of a pattern: rare words before lexicons before common words, and few words before many.
    fn key(&mut self, node: &Node) -> Option<Telling> {
        match node {
            Node::Word { text, inflected } => {
                let spellings = self.spellings(text, *inflected);
                let common = cut(text).last().is_some_and(|word| (self.common)(word));
                let words: Vec<WordId> =
                    spellings.iter().filter_map(|words| words.last()).flat_map(|ids| ids.iter().copied()).collect();
                let Width(least, most) = Width::of_word(text);
                let ahead = Width(least.saturating_sub(1), most.saturating_sub(1));
                Some(Telling { cost: usize::from(common) * 1000 + words.len(), key: Key::Words(sorted(words)), ahead })
            }
            Node::Lexicon { name, .. } => Some(match self.lexicons.find(name) {
                Some(id) => Telling { cost: 500, key: Key::Lexicon(id), ahead: Width::NONE },
                None => Telling { cost: 400, key: Key::Number, ahead: Width::NONE },
            }),
            Node::Sequence(nodes) => {
                let (mut best, mut before): (Option<Telling>, _) = (None, Width::NONE);
                for node in nodes {
                    if let Some(key) = self.key(node).filter(|key| best.as_ref().is_none_or(|b| key.cost < b.cost)) {
                        best = Some(Telling { ahead: before.then(key.ahead), ..key });
                    }
                    before = before.then(self.width(node));
                }
                best
            }
            Node::Choice(nodes) => {
                let (mut words, mut aheads, mut cost) = (Vec::new(), Vec::new(), 0);
                for node in nodes {
                    match self.key(node)? {
                        Telling { cost: branch, key: Key::Words(ids), ahead } => {
                            words.extend(ids.iter().copied());
                            aheads.push(ahead);
                            cost += branch;
                        }
                        _ => return None,
                    }
                }
                let ahead = Width::any(aheads.into_iter());
                Some(Telling { cost, key: Key::Words(sorted(words)), ahead })
            }
            Node::Any | Node::Gap(_) | Node::Start | Node::End | Node::Optional(_) | Node::Never { .. } => None,
        }
    }

    /// How many words a part of a pattern can take.
    fn width(&self, node: &Node) -> Width {
        match node {
            Node::Word { text, .. } => Width::of_word(text),
            Node::Lexicon { name, .. } if self.lexicons.find(name).is_some() => Width(1, Width::FAR),
            Node::Lexicon { name, .. } if name == "percent" => Width(2, 3),
            Node::Lexicon { .. } | Node::Any => Width::ONE,
            Node::Gap(width) => Width(0, u16::from(*width)),
            Node::Start | Node::End | Node::Never { .. } => Width::NONE,
            Node::Sequence(nodes) => nodes.iter().fold(Width::NONE, |all, node| all.then(self.width(node))),
            Node::Choice(nodes) => Width::any(nodes.iter().map(|node| self.width(node))),
            Node::Optional(node) => self.width(node).or(Width::NONE),
        }
    }
}

/// A key with how telling it is (less is better), and how many words of the pattern stand before it.
struct Telling {
    cost: usize,
    key: Key,
    ahead: Width,
}

/// `{number<=30}` or `{number>=1000}`.
fn bounded(name: &str, span: &std::ops::Range<usize>) -> Result<Op, PatternError> {
    let (_, bound) = name.split_at("number<=".len());
    let message = || format!("`{bound}` is no whole number.");
    let bound = bound.trim().parse().map_err(|_| PatternError { span: span.clone(), message: message() })?;
    Ok(if name.contains('<') { Op::NumberBetween(0, bound) } else { Op::NumberBetween(bound, u32::MAX) })
}

/// Whether it is a word without hyphens or apostrophes, which stands in a text as one.
fn is_single_word(node: &Node) -> bool {
    matches!(node, Node::Word { text, .. } if cut(text).len() == 1 && !text.contains('-'))
}

fn sorted(mut words: Vec<WordId>) -> Box<[WordId]> {
    words.sort_unstable();
    words.dedup();
    words.into()
}
