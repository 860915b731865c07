#![allow(clippy::unwrap_used)]

use super::*;

const TEXT: &str = "In the trial, “we saw fewer relapses in most of the\npatients after a year,” said Lee. The tumours were \
    randomised3 by size [4, 5] and analysed. It was safe in the small group that we have seen so far, and it helped 46% of those \
    who took it. We don't know whether twelve weeks are enough.";

fn found(quotation: &str) -> Quoted {
    find(quotation, TEXT, None)
}

#[test]
fn words_stand_there_however_they_are_set() {
    for verbatim in [
        "We saw fewer relapses in most of the patients after a year",
        "we saw fewer relapses in most of the patients,",
        "The tumors were randomized by size and analyzed.",
        "[W]e saw … in most of the patients",
        "It [the drug] was safe in the small group […] and it helped 46 per cent of those",
        "It was safe in the small group that we have seen . . . it helped",
        "We do not know whether 12 weeks are enough",
        "[We] saw fewer relapses in most of the patients",
    ] {
        assert_eq!(found(verbatim), Quoted::Verbatim, "{verbatim}");
    }
}

#[test]
fn changed_words_are_told() {
    for (nearly, has, differs) in [
        (
            "we saw no relapses in most of the patients",
            "we saw fewer relapses in most of the patients",
            "“fewer” has become “no”",
        ),
        (
            "We know whether twelve weeks are enough",
            "We don't know whether twelve weeks are enough",
            "“don't” is left out",
        ),
        ("It was very safe in the small group", "It was safe in the small group", "“very” is not there"),
        ("it helped 64% of those who took it", "it helped 46% of those who took it", "“46” has become “64”"),
        (
            "No fewer relapses in most of the patients",
            "saw fewer relapses in most of the patients",
            "“saw” has become “No”",
        ),
        ("we saw fewer relapses in most people", "we saw fewer relapses in most of", "“of” has become “people”"),
    ] {
        match found(nearly) {
            Quoted::Nearly { has: told } => {
                assert_eq!((told.as_str(), differences(nearly, &told).as_str()), (has, differs), "{nearly}");
            }
            other => panic!("{nearly}: {other:?}"),
        }
    }
}

#[test]
fn other_sentences_are_not_there() {
    for absent in [
        "This will change how we treat the disease",
        "patients saw fewer relapses",
        "It was safe in [a] most of the patients",
        "analysed … we saw fewer relapses",
        "The trial was small and the group of patients was randomised",
    ] {
        assert_eq!(found(absent), Quoted::Absent, "{absent}");
    }
    let why = "the page is in another language".to_owned();
    assert_eq!(find("This will change how we treat it", TEXT, Some(&why)), Quoted::Unread { why });
}

#[test]
fn terms_and_titles_are_no_quotations() {
    for quotation in ["we saw fewer relapses", "It [the drug] works for me", "Ann and Bob were cured in Rome"] {
        assert!(is_quotation(quotation), "{quotation}");
    }
    for other in
        ["miracle cure", "It [the drug] helps me", "Walking and the Risk of Falls in Older Adults", "", "… […]"]
    {
        assert!(!is_quotation(other), "{other}");
    }
}

#[test]
fn links_on_speakers_lead_to_no_words() {
    for (before, text) in [
        ("said Ann Lee, who was not involved in ", "the study"),
        ("said ", "Ann Lee"),
        ("says Lee, a professor at ", "the university"),
    ] {
        assert!(is_about_speaker(before, text), "{before}[{text}]");
    }
    for (before, text) in [
        ("Lee told ", "The Guardian"),
        ("she ", "said"),
        ("the authors ", "wrote"),
        ("who ", "told the paper"),
        ("they said in ", "a statement"),
        ("", "The report"),
    ] {
        assert!(!is_about_speaker(before, text), "{before}[{text}]");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_panics(quotation in "(\\PC|[a-c]{1,3} |\\[|\\]|\\.\\.\\.|…|'|%){0,40}", text in "(\\PC|[a-c]{1,3} |\\[[0-9]\\]|'|%){0,80}") {
        is_quotation(&quotation);
        if let Quoted::Nearly { has } = find(&quotation, &text, None) {
            differences(&quotation, &has);
        }
    }

    #[test]
    fn what_is_taken_out_of_a_text_stands_there(words in proptest::collection::vec("[a-zé]{1,9}", 6..40), from in 0usize..20, length in 4usize..20) {
        let (from, text) = (from.min(words.len() - 4), words.join(" "));
        let part = words[from..(from + length).min(words.len())].join(" ");
        proptest::prop_assert_eq!(find(&part.to_uppercase(), &text, None), Quoted::Verbatim);
    }
}
