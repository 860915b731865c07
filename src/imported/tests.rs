#![allow(clippy::unwrap_used)]

use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::language::{Segmenter, Vocabulary};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn product(brand: &str, substances: &[&str], state: State, since: &str, until: &str) -> Record {
    Record::Product(Product {
        brands: vec![brand.to_owned()],
        substances: substances.iter().map(|&one| one.to_owned()).collect(),
        number: format!("N-{brand}"),
        holder: "Heron Valley".to_owned(),
        state,
        since: since.parse().ok(),
        until: until.parse().ok(),
        areas: Vec::new(),
    })
}

fn keys(record: &Record) -> Vec<Key> {
    let key = |kind, text: &str, case| Key { kind, text: text.to_owned(), case };
    match record {
        Record::Product(p) => {
            let substances = p.substances.iter().map(|name| key(Kind::Therapy, name, Case::Any));
            substances.chain(p.brands.iter().map(|name| key(Kind::Therapy, name, Case::Capital))).collect()
        }
        Record::Disease(d) => {
            let case = if d.name.chars().any(char::is_lowercase) { Case::Any } else { Case::Upper };
            vec![key(Kind::Condition, &d.name, case)]
        }
        _ => Vec::new(),
    }
}

fn disease(name: &str) -> Record {
    Record::Disease(Disease {
        id: format!("DOID:{}", name.len()),
        name: name.to_owned(),
        synonyms: vec![],
        parents: vec![],
    })
}

fn parts() -> Vec<Part> {
    let part = |source, records| Part { source, as_of: day("2026-10-01"), files: vec!["f".to_owned()], records };
    vec![
        part(
            Source::DrugsFda,
            vec![
                product("Zantrelo", &["zantrelib"], State::Approved, "2019-03-14", ""),
                product("Duozan", &["zantrelib", "peluvastin"], State::Approved, "2015-01-01", ""),
            ],
        ),
        part(
            Source::Ema,
            vec![
                product("Zantrelo", &["zantrelib"], State::Ended, "2020-04-09", "2024-05-05"),
                product("Ostrivan", &["ostrivastim"], State::Refused, "", "2021-10-21"),
            ],
        ),
        part(Source::DiseaseOntology, vec![disease("Bone sand disease"), disease("bone sand"), disease("ACRUD")]),
    ]
}

fn imported() -> Imported {
    Imported::read(write(&parts(), &keys).unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read() {
    let imported = imported();
    for part in parts() {
        assert_eq!(imported.part(part.source), Some(part));
    }
    assert_eq!(imported.part(Source::ClinicalTrials), None);
    let sources: Vec<Source> = imported.named(Kind::Therapy, "ZANTRELO").iter().map(|found| found.source).collect();
    assert_eq!(sources, [Source::DrugsFda, Source::Ema]);
    assert_eq!(imported.by_id("n-ostrivan").len(), 1);
    for none in ["", "zantrel", "zantrelo ", "zantrelo x"] {
        assert_eq!(imported.named(Kind::Condition, none), [], "{none}");
    }
}

#[test]
fn names_are_found_in_texts() {
    let imported = imported();
    let segmenter = Segmenter::from_toml(include_str!("../../rules/language/abbreviations.toml")).unwrap();
    let longest = |kind, text: &str| {
        let (mut sentences, mut words) = (Vec::new(), Vec::new());
        segmenter.cut(text, &Vocabulary::default(), &mut sentences, &mut words);
        imported.longest(kind, &words, text).map(|(count, entry)| (count, imported.at(entry).len()))
    };
    assert_eq!(longest(Kind::Therapy, "Zantrelo helps."), Some((1, 2)));
    assert_eq!(longest(Kind::Therapy, "zantrelo helps."), None, "a brand without a capital");
    assert_eq!(longest(Kind::Therapy, "zantrelib helps."), Some((1, 3)));
    assert_eq!(longest(Kind::Condition, "bone-sand disease spreads"), Some((3, 1)));
    assert_eq!(longest(Kind::Condition, "bone sand is found"), Some((2, 1)));
    assert_eq!(longest(Kind::Condition, "bone, sand disease"), None);
    assert_eq!(longest(Kind::Condition, "ACRUD kills"), Some((1, 1)));
    assert_eq!(longest(Kind::Condition, "Acrud kills"), None);
    assert_eq!(longest(Kind::Therapy, "bone sand disease"), None);
    let all = |text: &str| {
        let (mut sentences, mut words, mut found) = (Vec::new(), Vec::new(), Vec::new());
        segmenter.cut(text, &Vocabulary::default(), &mut sentences, &mut words);
        imported.each_name(&words, text, &mut |kind, at, _| {
            found.push((kind, at));
            true
        });
        found
    };
    assert_eq!(
        all("A bone sand disease, bone sand and Zantrelo for ACRUD"),
        [(Kind::Condition, 1..4), (Kind::Condition, 4..6), (Kind::Therapy, 7..8), (Kind::Condition, 9..10)]
    );
    assert_eq!(all("Sand of bone"), []);
}

#[test]
fn records_say_how_a_medicine_stands() {
    let imported = imported();
    let stands = |name: &str, authority, on: &str| match imported.standing(&[name], authority, day(on)) {
        Some(Stand::Approved(_)) => "approved",
        Some(Stand::Later(_)) => "later",
        Some(Stand::Ended(_)) => "ended",
        Some(Stand::Denied(_)) => "denied",
        None => "unknown",
    };
    assert_eq!(stands("Zantrelo", Some("fda"), "2020-01-01"), "approved");
    assert_eq!(stands("Zantrelo", Some("fda"), "2018-01-01"), "later");
    assert_eq!(stands("Zantrelo", Some("ema"), "2021-01-01"), "approved");
    assert_eq!(stands("Zantrelo", Some("ema"), "2025-01-01"), "ended");
    assert_eq!(stands("Zantrelo", None, "2025-01-01"), "approved");
    assert_eq!(stands("ostrivastim", Some("ema"), "2022-01-01"), "denied");
    assert_eq!(stands("ostrivastim", Some("ema"), "2021-01-01"), "unknown");
    assert_eq!(stands("ostrivastim", Some("fda"), "2022-01-01"), "unknown");
    // A combination says nothing of its parts, where one of them has a product to itself.
    assert_eq!(imported.first_approval(&["zantrelib"], "fda").unwrap().0, day("2019-03-14"));
    assert_eq!(imported.first_approval(&["peluvastin"], "fda").unwrap().0, day("2015-01-01"));
}

#[test]
fn other_files_are_refused_by_their_reason() {
    let bytes = write(&parts(), &keys).unwrap();
    assert_eq!(Imported::read(b"a letter".to_vec()).unwrap_err(), ImportedError::Foreign);
    assert_eq!(Imported::read(Vec::new()).unwrap_err(), ImportedError::Foreign);
    let mut newer = bytes.clone();
    newer[13] = 2;
    assert_eq!(Imported::read(newer).unwrap_err(), ImportedError::Newer(2));
    assert_eq!(Imported::read(bytes[..bytes.len() - 1].to_vec()).unwrap_err(), ImportedError::Damaged);
    assert_eq!(Imported::read(bytes[..15].to_vec()).unwrap_err(), ImportedError::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_damage_goes_unseen(at: prop::sample::Index, bit in 0..8u8) {
        let mut bytes = write(&parts(), &keys).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Imported::read(bytes).is_err());
    }

    #[test]
    fn strange_bytes_with_a_fitting_checksum_do_no_harm(body: Vec<u8>) {
        let check = crc32fast::hash(&body).to_le_bytes();
        let bytes = [&b"caveat facts\n"[..], &[1], &check, &body].concat();
        if let Ok(imported) = Imported::read(bytes) {
            let _ = (imported.named(Kind::Therapy, "zantrelib"), imported.by_id("x"), imported.at(7));
        }
    }
}
