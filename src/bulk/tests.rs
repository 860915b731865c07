#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::imported::{Nature, Product, State};
use crate::knowledge::Knowledge;

fn today() -> Date {
    "2026-11-25".parse().unwrap()
}

/// Names and bytes of our files in the official shapes.
macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../fixtures/bulk/", $name)))),*]
    };
}

const FIXTURES: [(&str, &[u8]); 10] = fixtures![
    "drugsfda/Applications.txt",
    "drugsfda/Products.txt",
    "drugsfda/Submissions.txt",
    "purplebook.csv",
    "ema-medicines.csv",
    "ema-medicines.json",
    "ctgov.json",
    "ctgov.csv",
    "retraction_watch.csv",
    "doid.obo",
];

fn fixture(name: &str) -> String {
    let (_, bytes) = FIXTURES.iter().find(|(known, _)| *known == name).unwrap();
    String::from_utf8_lossy(bytes).into_owned()
}

fn harvest(source: Source, names: &[&str]) -> Harvest {
    let texts: Vec<String> = names.iter().map(|name| fixture(name)).collect();
    let files: Vec<File<'_>> = names.iter().zip(&texts).map(|(name, text)| File { name, text }).collect();
    read(source, &files, today()).unwrap()
}

fn of_text(source: Source, text: &str) -> Result<Harvest, BulkError> {
    read(source, &[File { name: "file", text }], today())
}

/// Number, brands, substances and how each product stands.
fn products(harvest: &Harvest) -> Vec<String> {
    let line = |p: &Product| {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let (brands, substances) = (p.brands.join("+"), p.substances.join("+"));
        format!("{} {brands} ({substances}) {} {} {}", p.number, p.state.name(), day(p.since), day(p.until))
    };
    let product = |record: &Record| match record {
        Record::Product(product) => Some(line(product).trim_end().to_owned()),
        _ => None,
    };
    harvest.records.iter().filter_map(product).collect()
}

#[test]
fn drugs_at_fda_counts_approvals_of_originals() {
    let folder = ["Applications.txt", "Products.txt", "Submissions.txt"].map(|name| format!("drugsfda/{name}"));
    let harvest = harvest(Source::DrugsFda, &folder.each_ref().map(String::as_str));
    assert_eq!(
        products(&harvest),
        [
            "NDA900001 Zantrelo (zantrelib maleate) approved 2019-03-14",
            "NDA900002 Ostrivan+Ostrivan Pen (ostrivastim) approved 2021-06-30",
            "BLA900005 Today (brelixumab) approved 2022-10-10",
            "NDA900006 Sterile Water (water) approved 1984-04-04",
        ]
    );
    assert_eq!((harvest.rows, harvest.left_out.values().sum::<usize>(), harvest.problems.len()), (22, 5, 0));
}

#[test]
fn the_purple_book_starts_behind_the_month_s_changes() {
    let harvest = harvest(Source::PurpleBook, &["purplebook.csv"]);
    assert_eq!(
        products(&harvest),
        [
            "BLA910001  (Pollens - Grasses, Meadow Grass) approved 1930-06-14",
            "BLA950001 Brelixa (brelixumab) approved 2023-02-14",
            "BLA950002 Brelicop+Brelicop Duo (brelixumab-qvzt) approved 2025-06-01",
            "BLA950003 Morvena (morvenagene autocel) approved 2026-11-03",
        ]
    );
    // The row among the changes is not counted.
    assert_eq!(harvest.rows, 5);
}

#[test]
fn ema_tells_of_refusals_too() {
    let harvest_of_table = harvest(Source::Ema, &["ema-medicines.csv"]);
    let expected = [
        "EMEA/H/C/009001 Zantrelo+Zantrix (zantrelib) approved 2020-04-09",
        "EMEA/H/C/009002 Ostrivan (ostrivastim) refused  2021-10-21",
        "EMEA/H/C/009003 Peluva (peluvastin) ended 2010-02-01 2018-08-15",
        "EMEA/H/C/009004 Drovanta (drovantamab) application_withdrawn  2024-09-30",
        "EMEA/H/C/009005 Quillanse (quillansetide) opinion",
    ];
    assert_eq!(products(&harvest_of_table), expected);
    let of_json = harvest(Source::Ema, &["ema-medicines.json"]);
    assert_eq!(products(&of_json), expected[..2]);
    assert_eq!((of_json.rows, of_json.as_of), (3, Some("2026-11-05".parse().unwrap())));
}

#[test]
fn trials_are_read_from_answers_and_from_tables() {
    let harvest = harvest(Source::ClinicalTrials, &["ctgov.json", "ctgov.csv"]);
    let trials: Vec<String> = harvest
        .records
        .iter()
        .map(|record| match record {
            Record::Trial(t) => format!("{} {} {} {}", t.nct, t.status, t.phase, t.interventions.join("+")),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        trials,
        [
            "NCT99000001 RECRUITING PHASE2 Zantrelib",
            "NCT99000002 TERMINATED PHASE1/PHASE2 Ostrivastim+Placebo",
            "NCT99000003 ACTIVE_NOT_RECRUITING  Walking+Usual care",
        ]
    );
    assert_eq!(harvest.left_out.values().sum::<usize>(), 1, "one trial is in both files");
    let lines = "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT99000007\"},\"statusModule\":{\"overallStatus\":\"COMPLETED\"}}}\n{}\n";
    let of_lines = of_text(Source::ClinicalTrials, lines).unwrap();
    assert_eq!((of_lines.records.len(), of_lines.problems[0].line), (1, 2));
}

#[test]
fn notices_are_read_with_their_oddities() {
    let harvest = harvest(Source::RetractionWatch, &["retraction_watch.csv"]);
    let Record::Notice(first) = &harvest.records[0] else { panic!("no notice") };
    assert_eq!((first.doi.as_deref(), first.pmid.as_deref()), (Some("10.5555/imagined.1"), Some("4321")));
    assert_eq!((first.nature, first.date), (Nature::Retraction, Some("2020-02-02".parse().unwrap())));
    assert_eq!(first.reasons, ["Falsification/Fabrication of Data", "Investigation by Journal/Publisher"]);
    let Record::Notice(second) = &harvest.records[1] else { panic!("no notice") };
    assert_eq!((second.pmid.as_deref(), second.nature), (None, Nature::Concern));
    assert_eq!((harvest.records.len(), harvest.rows), (5, 6));
}

#[test]
fn only_exact_synonyms_are_names_of_a_disease() {
    let harvest = harvest(Source::DiseaseOntology, &["doid.obo"]);
    let Record::Disease(first) = &harvest.records[0] else { panic!("no disease") };
    assert_eq!(first.synonyms, ["crumbling alveoli", "ACRUD", "ACD"]);
    assert_eq!(first.parents, ["DOID:9900009"]);
    let Record::Disease(second) = &harvest.records[1] else { panic!("no disease") };
    assert_eq!(second.synonyms[1], "\"sandy bone\" disease");
    assert_eq!((harvest.records.len(), harvest.as_of), (2, Some("2026-10-30".parse().unwrap())));
}

#[test]
fn damage_is_told_with_its_line() {
    let told = |source, text: &str| -> Vec<(u64, String)> {
        of_text(source, text).unwrap().problems.into_iter().map(|problem| (problem.line, problem.message)).collect()
    };
    let ema = fixture("ema-medicines.csv").replace("09/04/2020", "99/99/2020").replace("Refused", "Perhaps");
    assert_eq!(
        told(Source::Ema, &ema),
        [
            (10, "This medicine is authorised, and its day of authorisation is missing.".to_owned()),
            (11, "“Perhaps” is no status of a medicine that is known here.".to_owned()),
        ]
    );
    let short = fixture("retraction_watch.csv") + "7,cut off\n";
    assert_eq!(told(Source::RetractionWatch, &short), [(8, "This row has 2 of 20 columns.".to_owned())]);
    let ctgov = fixture("ctgov.csv").replace("NCT99000003", "NCT9");
    assert_eq!(told(Source::ClinicalTrials, &ctgov)[0].0, 3);
    let obo = fixture("doid.obo").replace("\"crumbling alveoli\"", "crumbling alveoli");
    assert_eq!(told(Source::DiseaseOntology, &obo), [(9, "This synonym is not in quotation marks.".to_owned())]);
}

#[test]
fn other_files_are_refused_with_what_to_do() {
    for (_, name, ..) in Source::ALL {
        let source = Source::named(name).unwrap();
        for text in ["", "a,b,c\n1,2,3\n", "{\"a\":1}", "[1,2]", "{\"data\":[", "\u{0}\u{0}"] {
            let error = of_text(source, text).unwrap_err();
            assert!(!error.help.is_empty() && error.file == "file", "{name}: {error:?}");
        }
    }
}

fn names_of(record: &Record) -> Vec<String> {
    let keys = Names::new(Knowledge::builtin()).keys(record);
    keys.into_iter().map(|key| format!("{} {:?}", key.text, key.case)).collect()
}

fn product(brands: &[&str], substances: &[&str]) -> Record {
    let owned = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect();
    Record::Product(Product {
        brands: owned(brands),
        substances: owned(substances),
        number: "NDA1".into(),
        holder: String::new(),
        state: State::Approved,
        since: None,
        until: None,
        areas: Vec::new(),
    })
}

#[test]
fn names_are_weighed() {
    assert_eq!(
        names_of(&product(&["Zantrelo"], &["zantrelib maleate"])),
        ["zantrelib Any", "zantrelib maleate Any", "Zantrelo Capital"]
    );
    assert_eq!(names_of(&product(&["Peluva"], &["peluvastin"])), ["peluvastin Any", "Peluva Capital"]);
    // A name without a brand is as good as its substance, and the four letters behind a biological's are nobody's.
    assert_eq!(names_of(&product(&["Brelixumab"], &["brelixumab-qvzt"])), ["brelixumab Any", "brelixumab-qvzt Any"]);
    assert_eq!(
        names_of(&product(
            &["Today", "Evra", "5% Dextrose", "Heparin Sodium 25,000 Units In Dextrose", "Mass Spectrometry"],
            &["water", "oxygen"]
        )),
        ["Mass Spectrometry Capital"]
    );
    let disease = |name: &str| {
        let name = name.to_owned();
        names_of(&Record::Disease(crate::imported::Disease { id: "D".into(), name, synonyms: vec![], parents: vec![] }))
    };
    assert_eq!(disease("bone sand disease"), ["bone sand diseases Any", "bone sand disease Any"]);
    assert_eq!(disease("ACRUD"), ["ACRUD Upper"]);
    assert_eq!(disease("ACD"), [""; 0]);
    assert_eq!(disease("disease"), [""; 0]);
    // The fact base knows what else that is.
    assert_eq!(disease("mass spectrometry"), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_are_too_much(bytes: Vec<u8>, cut in 0.0..1.0f64, which in 0..10usize) {
        let fixture = fixture(FIXTURES[which].0);
        let mut at = (fixture.len() as f64 * cut) as usize;
        while !fixture.is_char_boundary(at) {
            at -= 1;
        }
        let strange = String::from_utf8_lossy(&bytes);
        let damaged = format!("{}{strange}{}", &fixture[..at], &fixture[at..]);
        for (source, ..) in Source::ALL {
            for text in [&strange, &*damaged, &fixture[..at]] {
                let _ = of_text(source, text);
            }
        }
    }
}
