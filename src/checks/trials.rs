//! Trials that a sentence names by number, held against their entry in the registry: the phase, and what is tried in whom.

use std::collections::BTreeSet;

use crate::evidence::records::{Fate, Record};
use crate::knowledge::EntityId;
use crate::language::names_whole;
use crate::pattern::Mention;
use crate::rules::RuleSet;

use super::Context;

/// What a trial's entry says where it does not fit the sentence that names it in that way.
pub(super) fn misfit(context: &Context<'_>, sentence: usize, record: &Record, wanted: Fate) -> Option<String> {
    match wanted {
        Fate::OtherPhase => other_phase(context, sentence, record),
        Fate::OtherSubject if !record.subjects.is_empty() && is_of_another(context, sentence, record) => {
            Some(format!("“{}”", record.title))
        }
        _ => None,
    }
}

/// The phases of the entry, where the sentence speaks of others alone.
fn other_phase(context: &Context<'_>, sentence: usize, record: &Record) -> Option<String> {
    let said = phases_in(context.reading.text(context.document, sentence));
    let registered: BTreeSet<u8> = record.phases.iter().flat_map(|phase| phases_in(phase)).collect();
    let differs = !said.is_empty() && !registered.is_empty() && said.is_disjoint(&registered);
    let phases: Vec<String> = registered.iter().map(u8::to_string).collect();
    differs.then(|| format!("phase {}", phases.join(" and ")))
}

/// Whether a sentence names a therapy and a condition, and neither stands in the entry under any name, wider or narrower.
fn is_of_another(context: &Context<'_>, sentence: usize, record: &Record) -> bool {
    let entry = [&record.subjects[..], std::slice::from_ref(&record.title)].concat().join("; ");
    let view = context.reading.view(context.document, sentence);
    let of = |lexicon| view.mentions.iter().filter(move |name| name.lexicon == lexicon);
    let named = |name: &Mention| {
        let words = name.start as usize..name.end as usize;
        names_whole(&entry, context.reading.words_text(context.document, sentence, words))
            || names_of_kind(context, EntityId(name.entry)).iter().any(|name| names_whole(&entry, name))
    };
    let entities = RuleSet::ENTITIES;
    let (mut therapies, mut conditions) = (of(entities.therapy).peekable(), of(entities.condition).peekable());
    let names_both = therapies.peek().is_some() && conditions.peek().is_some();
    names_both && !therapies.any(named) && !conditions.any(named)
}

/// The names of an entity, of what it is one of, and of what is one of it.
fn names_of_kind<'a>(context: &Context<'a>, id: EntityId) -> Vec<&'a str> {
    let knowledge = context.rules.knowledge();
    if knowledge.entity(id).is_none() {
        return Vec::new();
    }
    let wider = knowledge.lineage(id);
    let all = knowledge.entities().iter().enumerate();
    let related = all.filter(|(at, _)| {
        let other = EntityId(*at as u32);
        wider.contains(&other) || knowledge.is_a(other, id)
    });
    related.flat_map(|(_, entity)| entity.names.iter().map(|name| name.text.as_str())).collect()
}

/// The phases that a text speaks of: "phase 2", "Phase IIa", "phase 1b/2", "phases two and three", `PHASE2`.
fn phases_in(text: &str) -> BTreeSet<u8> {
    let text = text.to_lowercase().replace("early_phase", "phase ");
    let mut phases = BTreeSet::new();
    for (at, word) in text.match_indices("phase") {
        let behind = text[at + word.len()..].trim_start_matches('s');
        let mut words = behind.split([' ', '/', '-', '–', '\u{a0}']).filter(|word| !word.is_empty());
        let mut last = words.next().and_then(phase);
        while let Some(number) = last {
            phases.insert(number);
            last = words
                .next()
                .and_then(|word| if JOINS.contains(&word) { words.next() } else { Some(word) })
                .and_then(phase);
        }
    }
    phases
}

/// What may stand between two phases.
const JOINS: [&str; 4] = ["and", "or", "to", "&"];

/// A phase as it is written, with the letter of a part of it or a mark behind it.
fn phase(word: &str) -> Option<u8> {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let number = |word: &str| match word {
        "1" | "i" | "one" => Some(1),
        "2" | "ii" | "two" => Some(2),
        "3" | "iii" | "three" => Some(3),
        "4" | "iv" | "four" => Some(4),
        _ => None,
    };
    number(word).or_else(|| number(word.strip_suffix(['a', 'b', 'c'])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_in_every_writing() {
        for (text, phases) in [
            ("A phase 2 trial", &[2][..]),
            ("the Phase IIa study", &[2]),
            ("a phase 1b/2 trial", &[1, 2]),
            ("phases two and three.", &[2, 3]),
            ("a phase-3 trial (phase III)", &[3]),
            ("EARLY_PHASE1", &[1]),
            ("PHASE2", &[2]),
            ("the next phase of research, 3 years on", &[]),
            ("NA", &[]),
            ("phase 3 of 4", &[3]),
        ] {
            assert_eq!(phases_in(text).into_iter().collect::<Vec<u8>>(), phases, "{text}");
        }
    }
}
