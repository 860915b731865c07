//! Sentences of our own with what they assert: the reader of assertions against its regression set, and the cue files
//! against the phenomena that the set holds.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use caveat::assertion::Assertion;
use caveat::claims::{Claim, Kind, SentenceClaims, Strength};
use caveat::cues::{Deciding, Decision};
use caveat::document::Document;
use caveat::reading::Reading;
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile, Span};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    sentence: Vec<Entry>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    phenomenon: Option<String>,
    /// Markdown; what is asserted is asserted of the words in [brackets], or else of the first sentence as a whole.
    text: String,
    polarity: Option<String>,
    certainty: Option<String>,
    mood: Option<String>,
    source: Option<String>,
    stance: Option<String>,
    /// The kind of a claim whose relation holds the words, and which asserts the same.
    claim: Option<Kind>,
    /// Kinds of claims that must be drawn; of those that say what a treatment does no others may be.
    kinds: Option<Vec<Kind>>,
    /// How strongly the first sentence puts its main relation. Then the axes count only where they are named.
    strength: Option<Strength>,
}

/// Phenomena that no entry of a cue file serves: they follow from how scopes are built.
const BUILT_IN: &[&str] = &[
    "a phrase that holds its negator",
    "bare statements",
    "brackets",
    "coordination",
    "dashes and colons",
    "lists of negated findings",
    "lists under a lead-in",
    "questions",
    "quotations",
    "quotations in blocks of their own",
    "quotations over several sentences",
    "scare quotes",
];

/// The entries of every file of the folder.
fn sets() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/language");
    let mut entries = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let set: Result<Set, _> = toml::from_str(&fs::read_to_string(&path).unwrap());
        entries.extend(set.unwrap_or_else(|error| panic!("{}: {error}", path.display())).sentence);
    }
    entries
}

/// Compares as the words that output shows.
fn differs(entry: &Entry, assertion: Assertion) -> Vec<String> {
    let shown = serde_json::to_value(assertion).unwrap();
    let default = serde_json::to_value(Assertion::default()).unwrap();
    let axes = [
        ("polarity", &entry.polarity),
        ("certainty", &entry.certainty),
        ("mood", &entry.mood),
        ("source", &entry.source),
        ("stance", &entry.stance),
    ];
    axes.into_iter()
        .filter(|(_, wanted)| wanted.is_some() || entry.strength.is_none())
        .filter_map(|(axis, wanted)| {
            let wanted = wanted.clone().unwrap_or_else(|| default[axis].as_str().unwrap().to_owned());
            let got = shown[axis].as_str().unwrap();
            (got != wanted).then(|| format!("{axis}: wanted {wanted}, got {got}"))
        })
        .collect()
}

/// An entry's text as the program reads it.
struct Read {
    document: Document,
    reading: Reading,
    said: Vec<SentenceClaims>,
    /// The words in brackets, with their sentence.
    target: Option<(usize, Range<usize>)>,
    decision: Decision,
}

fn read(rules: &RuleSet, entry: &Entry) -> Read {
    let brackets = entry.text.find('[').and_then(|open| Some((open, open + entry.text[open..].find(']')?)));
    let text = brackets.map_or(entry.text.clone(), |(open, close)| {
        format!("{}{}{}", &entry.text[..open], &entry.text[open + 1..close], &entry.text[close + 1..])
    });
    let document = Document::parse(SourceFile::new("s.md", text.as_str(), Format::Markdown));
    let reading = rules.reader().read(&document);
    let reader = rules.claims();
    let said = reader.read(&document, &reading);
    let target = brackets.map(|(open, close)| {
        let inside = |span: Span| (span.start as usize) < close - 1 && open < span.end as usize;
        let words_of = |sentence: usize| {
            let all = 0..reading.view(&document, sentence).words.len();
            let mut words = all.filter(|&at| inside(reading.span(&document, sentence, at..at + 1)));
            let first = words.next()?;
            Some((sentence, first..words.next_back().unwrap_or(first) + 1))
        };
        (0..reading.len()).find_map(words_of).unwrap()
    });
    let decision = match &target {
        None => said[0].decision.clone(),
        Some((sentence, words)) => {
            let cues = reader.cues.read(reading.view(&document, *sentence), reading.end(*sentence));
            let mut decision = cues.judge_phrase(words.clone());
            reader.layouts.survey(&document, &reading, reader.cues).apply(*sentence, &mut decision);
            decision
        }
    };
    Read { document, reading, said, target, decision }
}

/// What is wrong with the reading of an entry, one line for each mistake.
fn mistakes(entry: &Entry, read: &Read) -> Vec<String> {
    let cue = |cue: &Deciding| {
        let sentence = cue.sentence.or(read.target.as_ref().map(|(sentence, _)| *sentence)).unwrap_or(0);
        format!("{} ({:?})", read.reading.words_text(&read.document, sentence, cue.words.clone()), cue.axis)
    };
    let cues = read.decision.cues.iter().map(cue).collect::<Vec<_>>().join(", ");
    let wrong = differs(entry, read.decision.assertion);
    let mut mistakes: Vec<String> = wrong.into_iter().map(|wrong| format!("{wrong} | cues: {cues}")).collect();
    if let (Some(kind), Some((sentence, words))) = (entry.claim, &read.target) {
        let holds = |claim: &&Claim| claim.relation.start < words.end && words.start < claim.relation.end;
        let claim = read.said[*sentence].claims.iter().filter(holds).find(|claim| claim.kind == kind);
        let wrong = claim.map(|claim| differs(entry, claim.decision.assertion));
        mistakes
            .extend(wrong.unwrap_or_else(|| vec!["not drawn".into()]).iter().map(|w| format!("{kind:?} claim: {w}")));
    }
    if let Some(wanted) = &entry.kinds {
        let drawn: Vec<Kind> = read.said.iter().flat_map(|said| &said.claims).map(|claim| claim.kind).collect();
        let of_treatment = |kind: &&Kind| matches!(kind, Kind::Cure | Kind::Treatment | Kind::Prevention);
        let extra = drawn.iter().filter(of_treatment).any(|kind| !wanted.contains(kind));
        if extra || wanted.iter().any(|kind| !drawn.contains(kind)) {
            mistakes.push(format!("kinds: wanted {wanted:?}, got {drawn:?}"));
        }
    }
    if let Some(wanted) = entry.strength.filter(|&wanted| wanted != read.said[0].strength) {
        let main = read.said[0].main.clone().map_or("nothing", |main| read.reading.words_text(&read.document, 0, main));
        mistakes.push(format!("strength: wanted {wanted:?}, got {:?} by “{main}”", read.said[0].strength));
    }
    mistakes
}

#[test]
fn sentences_assert_what_they_say() {
    let (rules, entries) = (RuleSet::builtin(), sets());
    let report = |entry: &Entry| {
        let mistakes = mistakes(entry, &read(&rules, entry));
        let phenomenon = entry.phenomenon.as_deref().unwrap_or_default();
        (!mistakes.is_empty()).then(|| format!("{phenomenon}: {}\n    {}", entry.text, mistakes.join("\n    ")))
    };
    let wrong: Vec<String> = entries.iter().filter_map(report).collect();
    assert!(wrong.is_empty(), "{} of {} sentences:\n{}", wrong.len(), entries.len(), wrong.join("\n"));
}

/// Whoever adds a cue, a boundary or a layout writes sentences for what it serves: sentences that name the phenomenon,
/// or that hold the cue.
#[test]
fn every_phenomenon_that_the_data_serve_has_sentences() {
    let (rules, entries) = (RuleSet::builtin(), sets());
    let reader = rules.claims();
    let served: BTreeSet<&str> = reader.cues.phenomena().chain(reader.layouts.phenomena()).collect();
    let named: BTreeSet<&str> = entries.iter().filter_map(|entry| entry.phenomenon.as_deref()).collect();
    let mut shown = named.clone();
    for entry in &entries {
        let read = read(&rules, entry);
        for sentence in 0..read.reading.len() {
            let cues = reader.cues.read(read.reading.view(&read.document, sentence), read.reading.end(sentence));
            shown.extend(cues.found().map(|cue| reader.cues.serves(cue)));
        }
    }
    let without: Vec<_> = served.difference(&shown).collect();
    assert!(without.is_empty(), "no sentence in fixtures/language shows: {without:#?}");
    let unknown: Vec<_> = named.iter().filter(|p| !served.contains(*p) && !BUILT_IN.contains(p)).collect();
    assert!(unknown.is_empty(), "no entry of a cue file serves: {unknown:#?}");
    let idle: Vec<_> = BUILT_IN.iter().filter(|built_in| !named.contains(*built_in)).collect();
    assert!(idle.is_empty(), "no sentence shows: {idle:#?}");
}
