//! Loading layouts: the words that say how a text takes the sentences around them.

use serde::{Deserialize, Serialize};

use crate::cues::CueError;
use crate::language::Marks;
use crate::pattern::{Candidates, Compiler, PatternSet, View};

/// What stands at the start of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// A label: what follows is a falsehood.
    Myth,
    /// A label: what follows is the truth again.
    Fact,
    /// A label: what follows is somebody's claim.
    Claim,
    /// A label: what follows is the verdict on the claim before.
    Verdict,
    /// A sentence that rejects the one before it.
    Rejects,
    /// The question before it is answered with yes.
    Yes,
    /// The question before it is answered with no.
    No,
    /// A heading that starts so asks.
    Asks,
    /// It only looks like one of these.
    Plain,
}

impl Role {
    pub(super) fn is_label(self) -> bool {
        matches!(self, Role::Myth | Role::Fact | Role::Claim | Role::Verdict)
    }

    /// The marks of which one must stand behind the words, unless their sentence ends there.
    fn marks_behind(self) -> Option<Marks> {
        let label = Marks::COLON.with(Marks::DASH).with(Marks::DOT);
        match self {
            Role::Myth | Role::Fact | Role::Claim | Role::Verdict => Some(label),
            Role::Yes | Role::No => Some(label.with(Marks::COMMA).with(Marks::SEMICOLON)),
            Role::Rejects | Role::Asks | Role::Plain => None,
        }
    }
}

/// One entry of a layout file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The phrases that give it away.
    pub phrase: Vec<String>,
    pub(super) role: Role,
    /// The phenomenon it serves, for people who edit the file.
    pub serves: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    layout: Vec<Layout>,
}

/// All layouts, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct LayoutBook {
    layouts: Vec<Layout>,
    layout_of: Vec<u32>,
    patterns: PatternSet,
}

/// What the first words of a sentence are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub sentence: usize,
    pub role: Role,
    pub layout: u32,
    /// How many words of the sentence are its words.
    pub words: usize,
    /// They are the whole sentence.
    pub alone: bool,
}

/// How many words of a sentence are looked at.
const FIRST_WORDS: usize = 10;

impl LayoutBook {
    /// From the text of a file like `rules/language/layouts.toml`.
    pub fn from_toml(text: &str, compiler: &mut Compiler<'_>) -> Result<Self, CueError> {
        let file: File = toml::from_str(text)?;
        let (mut layout_of, mut patterns) = (Vec::new(), Vec::new());
        for (number, layout) in file.layout.iter().enumerate() {
            for phrase in &layout.phrase {
                let compiled = compiler.compile(phrase);
                patterns.push(compiled.map_err(|error| CueError::Pattern { phrase: phrase.clone(), error })?);
                layout_of.push(number as u32);
            }
        }
        Ok(Self { layouts: file.layout, layout_of, patterns: PatternSet::new(patterns) })
    }

    /// The phenomenon that a layout serves.
    pub fn serves(&self, layout: u32) -> &str {
        self.layouts.get(layout as usize).map_or("", |layout| &layout.serves)
    }

    /// Every phenomenon that an entry names.
    pub fn phenomena(&self) -> impl Iterator<Item = &str> {
        self.layouts.iter().map(|layout| layout.serves.as_str())
    }

    /// What a sentence starts with: the longest of the layouts that fit. "A: No." starts with its answer. `candidates` is
    /// scratch space.
    pub(super) fn head(&self, sentence: usize, view: View<'_>, candidates: &mut Candidates) -> Option<Head> {
        let lettered = view.words.get(1).is_some_and(|word| word.marks.has(Marks::COLON));
        let answer = |head: &Head| matches!(head.role, Role::Yes | Role::No);
        self.head_at(0, sentence, view, candidates).or_else(|| {
            let head = lettered.then(|| self.head_at(1, sentence, view, candidates))?;
            head.filter(answer)
        })
    }

    fn head_at(&self, from: usize, sentence: usize, view: View<'_>, candidates: &mut Candidates) -> Option<Head> {
        let words = &view.words[from..];
        let first = View { words: &words[..words.len().min(FIRST_WORDS)], mentions: &[], text: view.text };
        self.patterns.candidates(first, candidates);
        let heads = candidates.iter().filter_map(|candidate| {
            let found = candidate.matches(&self.patterns, first).next().filter(|found| found.start == 0)?;
            let layout = self.layout_of[candidate.number as usize];
            let role = self.layouts[layout as usize].role;
            let alone = found.end == words.len();
            let fits = |marks: Marks| alone || words[found.end].marks.has(marks);
            let head = Head { sentence, role, layout, words: from + found.end, alone };
            role.marks_behind().is_none_or(fits).then_some(head)
        });
        heads.max_by_key(|head| head.words)
    }
}
