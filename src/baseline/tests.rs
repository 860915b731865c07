//! What is new against a baseline, and what is gone from it.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn known(word: &str) -> Known {
    let has_words = !word.is_empty();
    Known { rule: "cure/cure-claim".into(), fingerprint: format!("f-{word}"), words: word.into(), has_words }
}

fn all(words: &[&str]) -> Vec<Known> {
    words.iter().map(|word| known(word)).collect()
}

fn baseline(articles: &[(&str, &[&str])]) -> Baseline {
    let mut baseline = Baseline::default();
    articles.iter().for_each(|(path, words)| baseline.set(path, &all(words)));
    baseline
}

fn gone(run: &Comparison) -> Vec<(String, String, usize)> {
    run.gone().into_iter().map(|gone| (gone.path, gone.words, gone.count)).collect()
}

#[test]
fn a_second_copy_of_the_same_fault_is_new() {
    let mut run = Comparison::new(baseline(&[("a.md", &["x", "x", "y"])]), |_| true);
    assert_eq!(run.are_new("a.md", &all(&["x", "y", "x", "x", "z"]), true), [false, false, false, true, true]);
    assert_eq!((run.held_back(), gone(&run)), (3, vec![]));
    // Words that were accepted in one article are new in another.
    assert_eq!(run.are_new("b.md", &all(&["x"]), true), [true]);
}

#[test]
fn what_is_gone_is_told_for_what_was_judged() {
    let old = baseline(&[("a.md", &["x", "x", "y"]), ("b.md", &["x"]), ("not-in-this-run.md", &["x"])]);
    let mut run = Comparison::new(old.clone(), |path| path != "b.md");
    assert_eq!(run.are_new("a.md", &all(&["x"]), true), [false]);
    assert_eq!(
        gone(&run),
        [("a.md".into(), "x".into(), 1), ("a.md".into(), "y".into(), 1), ("b.md".into(), "x".into(), 1)]
    );
    assert_eq!(run.pruned(old), baseline(&[("a.md", &["x"]), ("not-in-this-run.md", &["x"])]));
}

#[test]
fn what_was_not_looked_at_is_not_gone() {
    let old = baseline(&[("a.md", &["x"])]);
    let mut run = Comparison::new(old.clone(), |_| true);
    run.are_new("a.md", &[], false);
    assert_eq!((gone(&run), run.pruned(old.clone())), (vec![], old.clone()));
    let mut run = Comparison::new(old.clone(), |_| true);
    run.only(|rule| rule != "cure/cure-claim");
    run.are_new("a.md", &[], true);
    assert_eq!((gone(&run), run.pruned(old.clone())), (vec![], old));
}

#[test]
fn an_article_is_followed_to_its_new_name() {
    let old = baseline(&[("old.md", &["", "x", "y"]), ("other.md", &["", "z"])]);
    let mut run = Comparison::new(old.clone(), |_| false);
    // Half of the words are enough; what an article lacks as a whole says nothing about which it is.
    assert_eq!(run.are_new("plain.md", &all(&[""]), true), [true]);
    assert_eq!(run.are_new("new.md", &all(&["", "y", "w"]), true), [false, false, true]);
    assert_eq!(run.are_new("copy.md", &all(&["", "y"]), true), [true, true]);
    assert_eq!(gone(&run).len(), 3);
    assert_eq!(run.pruned(old.clone()), baseline(&[("new.md", &["", "y"])]));
    // An article that is still there has not got another name.
    let mut run = Comparison::new(old, |_| true);
    assert_eq!(run.are_new("new.md", &all(&["x", "y"]), true), [true, true]);
}

#[test]
fn the_text_is_one_line_a_finding() {
    let text = baseline(&[("b.md", &["“q”", ""]), ("a.md", &["x", "x"])]).to_text();
    assert_eq!(
        text,
        "{\n\"schema\": 1,\n\"findings\": [\n\
         {\"path\":\"a.md\",\"rule\":\"cure/cure-claim\",\"fingerprint\":\"f-x\",\"count\":2,\"words\":\"x\"},\n\
         {\"path\":\"b.md\",\"rule\":\"cure/cure-claim\",\"fingerprint\":\"f-\"},\n\
         {\"path\":\"b.md\",\"rule\":\"cure/cure-claim\",\"fingerprint\":\"f-“q”\",\"words\":\"“q”\"}\n]\n}\n"
    );
    let line = "{\"path\":\"a.md\",\"rule\":\"r/r\",\"fingerprint\":\"f\"}";
    let twice = Baseline::parse(&format!("{{\"schema\":1,\"findings\":[{line},{line}]}}")).unwrap();
    assert_eq!(twice.findings(), 2);
}

#[test]
fn what_is_no_baseline_is_refused() {
    assert!(matches!(Baseline::parse("{\"schema\":9,\"findings\":[]}"), Err(BaselineError::Newer(9))));
    assert!(matches!(Baseline::parse("[]"), Err(BaselineError::Shape(_))));
}

fn words() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-d]?", 0..8)
}

proptest! {
    /// Against its own baseline nothing is new and nothing gone, in whatever order; what is added is new, once each.
    #[test]
    fn a_run_against_itself_is_clean(
        archive in proptest::collection::btree_map("[a-z]{1,3}", words(), 0..6),
        more in words(),
        seed: u64,
    ) {
        let known = |words: &[String]| words.iter().map(|word| known(word)).collect::<Vec<_>>();
        let mut baseline = Baseline::default();
        archive.iter().for_each(|(path, words)| baseline.set(path, &known(words)));
        prop_assert_eq!(&Baseline::parse(&baseline.to_text()).unwrap(), &baseline);

        let mut run = Comparison::new(baseline.clone(), |_| true);
        for (path, words) in &archive {
            let mut words = words.clone();
            if !words.is_empty() {
                let at = seed as usize % words.len();
                words.rotate_left(at);
            }
            prop_assert!(run.are_new(path, &known(&words), true).iter().all(|is_new| !is_new));
        }
        prop_assert!(run.gone().is_empty());
        prop_assert_eq!(run.held_back(), baseline.findings());
        prop_assert_eq!(run.pruned(baseline.clone()), baseline.clone());

        let mut run = Comparison::new(baseline, |_| true);
        for (path, words) in &archive {
            let longer = [&words[..], &more[..]].concat();
            let new = run.are_new(path, &known(&longer), true).into_iter().filter(|is_new| *is_new).count();
            prop_assert_eq!(new, more.len());
        }
    }
}
