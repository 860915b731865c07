//! Sentences of our own with what they assert: the reader of assertions against its regression set.

use std::ops::Range;

use caveat::assertion::Assertion;
use caveat::claims::{Kind, Strength};
use caveat::cues::Decision;
use caveat::document::Document;
use caveat::reading::Reading;
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile};

#[derive(serde::Deserialize)]
struct Set {
    sentence: Vec<Entry>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: String,
    polarity: Option<String>,
    certainty: Option<String>,
    mood: Option<String>,
    source: Option<String>,
    stance: Option<String>,
    /// Kinds of claims that must be drawn; of those that say what a treatment does no others may be.
    kinds: Option<Vec<Kind>>,
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
        .filter_map(|(axis, wanted)| {
            let wanted = wanted.clone().unwrap_or_else(|| default[axis].as_str().unwrap().to_owned());
            let got = shown[axis].as_str().unwrap();
            (got != wanted).then(|| format!("{axis}: wanted {wanted}, got {got}"))
        })
        .collect()
}

/// The words in [brackets] of an entry's text, as bytes of the text without them.
fn bracketed(text: &str) -> Option<Range<usize>> {
    Some(text.find('[')?..text.find(']')? - 1)
}

/// What is asserted of the words at `target`; without them, of the first sentence as a whole.
fn decide(rules: &RuleSet, document: &Document, reading: &Reading, target: Option<Range<usize>>) -> Decision {
    let Some(target) = target else { return rules.claims().sentence(document, reading, 0).decision };
    let sentence = reading.sentence_at(0, target.start).unwrap();
    let view = reading.view(document, sentence);
    let first = view.words.iter().position(|w| w.end as usize > target.start).unwrap();
    let last = view.words.iter().rposition(|w| (w.start as usize) < target.end).unwrap();
    rules.cues().read(view, reading.end(sentence)).judge_words(first..last + 1)
}

fn wrong_kinds(wanted: &[Kind], drawn: &[Kind]) -> Option<String> {
    let missing = wanted.iter().any(|kind| !drawn.contains(kind));
    let of_treatment = |kind: &&Kind| matches!(kind, Kind::Cure | Kind::Treatment | Kind::Prevention);
    let extra = drawn.iter().filter(of_treatment).any(|kind| !wanted.contains(kind));
    (missing || extra).then(|| format!("kinds: wanted {wanted:?}, got {drawn:?}"))
}

fn check(set: &str) {
    let set: Set = toml::from_str(set).unwrap();
    let rules = RuleSet::builtin();
    let mut wrong = Vec::new();
    for entry in &set.sentence {
        let text = entry.text.replace(['[', ']'], "");
        let document = Document::parse(SourceFile::new("s.md", text.as_str(), Format::Markdown));
        let reading = rules.reader().read(&document);
        let decision = decide(&rules, &document, &reading, bracketed(&entry.text));
        let mut differences = differs(entry, decision.assertion);
        if let Some(wanted) = &entry.kinds {
            let drawn: Vec<Kind> = rules
                .claims()
                .read(&document, &reading)
                .iter()
                .flat_map(|s| &s.claims)
                .map(|claim| claim.kind)
                .collect();
            differences.extend(wrong_kinds(wanted, &drawn));
        }
        if !differences.is_empty() {
            let cues: Vec<_> = decision
                .cues
                .iter()
                .map(|cue| {
                    let text = reading.words_text(&document, cue.sentence.unwrap_or(0), cue.words.clone());
                    format!("{text} ({:?})", cue.axis)
                })
                .collect();
            wrong.push(format!("{}\n    {} | cues: {}", entry.text, differences.join("; "), cues.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} sentences:\n{}", wrong.len(), set.sentence.len(), wrong.join("\n"));
}

#[test]
fn sentences_assert_what_they_say() {
    check(include_str!("../../fixtures/language/plain.toml"));
}

#[test]
fn sentences_are_as_sure_as_they_say_and_claim_what_they_say() {
    check(include_str!("../../fixtures/language/certainty.toml"));
}

#[derive(serde::Deserialize)]
struct Strengths {
    sentence: Vec<Put>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    text: String,
    strength: Strength,
}

#[test]
fn sentences_put_their_relation_as_strongly_as_they_do() {
    let set: Strengths = toml::from_str(include_str!("../../fixtures/language/strength.toml")).unwrap();
    let rules = RuleSet::builtin();
    let mut wrong = Vec::new();
    for Put { text, strength } in &set.sentence {
        let document = Document::parse(SourceFile::new("s.md", text.as_str(), Format::Markdown));
        let reading = rules.reader().read(&document);
        assert_eq!(reading.len(), 1, "{text} is one sentence");
        let said = rules.claims().sentence(&document, &reading, 0);
        if said.strength != *strength {
            let main = said.main.map_or("nothing", |main| reading.words_text(&document, 0, main));
            wrong.push(format!("{text}\n    wanted {strength:?}, got {:?} by “{main}”", said.strength));
        }
    }
    assert!(wrong.is_empty(), "{} of {} sentences:\n{}", wrong.len(), set.sentence.len(), wrong.join("\n"));
}
