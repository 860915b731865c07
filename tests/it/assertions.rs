//! Sentences of our own with what they assert: the reader of assertions against its regression set.

use caveat::assertion::Assertion;
use caveat::claims::Strength;
use caveat::document::Document;
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

#[test]
fn sentences_assert_what_they_say() {
    let set: Set = toml::from_str(include_str!("../../fixtures/language/plain.toml")).unwrap();
    let rules = RuleSet::builtin();
    let mut wrong = Vec::new();
    for entry in &set.sentence {
        let (open, close) = (entry.text.find('[').unwrap(), entry.text.find(']').unwrap());
        let text = entry.text.replace(['[', ']'], "");
        let target = open..close - 1;
        let document = Document::parse(SourceFile::new("s.md", text.as_str(), Format::Markdown));
        let reading = rules.reader().read(&document);
        let sentence = reading.sentence_at(0, target.start).unwrap();
        let view = reading.view(&document, sentence);
        let first = view.words.iter().position(|w| w.end as usize > target.start).unwrap();
        let last = view.words.iter().rposition(|w| (w.start as usize) < target.end).unwrap();
        let decision = rules.cues().read(view, reading.end(sentence)).judge_words(first..last + 1);
        let differences = differs(entry, decision.assertion);
        if !differences.is_empty() {
            let cues: Vec<_> = decision
                .cues
                .iter()
                .map(|cue| {
                    let text = reading.words_text(&document, sentence, cue.words.clone());
                    format!("{text} ({:?})", cue.axis)
                })
                .collect();
            wrong.push(format!("{}\n    {} | cues: {}", entry.text, differences.join("; "), cues.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} sentences:\n{}", wrong.len(), set.sentence.len(), wrong.join("\n"));
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
