//! What the fact base says to claims.

use std::fs;

use caveat::checks::dates::own_day;
use caveat::document::Document;
use caveat::evidence::records::{Id, Record, Registry};
use caveat::evidence::searches::Searches;
use caveat::evidence::{Answer, Answers, Judgement, Question};
use caveat::rules::RuleSet;
use caveat::source::{Format, SourceFile};
use caveat::verdicts::Judge;
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    kind: String,
    verdict: String,
    text: String,
    today: Option<String>,
    note: Option<String>,
}

/// The judgement of the first claim of a kind.
fn judged(rules: &RuleSet, text: &str, kind: &str, today: &str, answers: &Answers) -> Option<Judgement> {
    let document = Document::parse(SourceFile::new("case.md", text, Format::Markdown));
    let reading = rules.reader().read(&document);
    let today = today.parse().unwrap();
    let judge = Judge {
        book: rules.verdicts(),
        knowledge: rules.knowledge(),
        imported: rules.imported(),
        names: RuleSet::ENTITIES,
        document: &document,
        reading: &reading,
        answers,
        searches: &Searches::default(),
        day: own_day(rules, &document).unwrap_or(today),
        today,
    };
    let said = rules.claims().read(&document, &reading);
    let named = |claim: &caveat::claims::Claim| serde_json::to_value(claim.kind).unwrap() == kind;
    let mut claims = said.iter().enumerate().flat_map(|(at, said)| said.claims.iter().map(move |claim| (at, claim)));
    claims.find(|(_, claim)| named(claim)).map(|(sentence, claim)| judge.judge(sentence, claim))
}

#[test]
fn claims_are_held_against_the_fact_base() {
    let rules = RuleSet::builtin();
    let cases: Cases = toml::from_str(&fs::read_to_string("fixtures/verdicts.toml").unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let today = case.today.as_deref().unwrap_or("2026-10-01");
        let judgement = judged(&rules, &case.text, &case.kind, today, &Answers::default());
        let verdict = judgement.as_ref().map_or("no such claim", |judgement| judgement.verdict.name());
        let note = judgement.as_ref().and_then(|judgement| judgement.note.clone()).unwrap_or_default();
        if verdict != case.verdict {
            wrong.push(format!("{verdict}, not {}: {}", case.verdict, case.text));
        } else if !case.note.as_ref().is_none_or(|wanted| note.starts_with(wanted.as_str())) {
            wrong.push(format!("note {note:?}: {}", case.text));
        }
        if let Some(judgement) = judgement.filter(|_| !matches!(verdict, "unchecked" | "unverifiable")) {
            let evidence = judgement.evidence.first();
            assert!(
                evidence.is_some_and(|e| e.field.is_some() && e.url.is_some() && e.date.is_some()),
                "{}",
                case.text
            );
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[test]
fn a_trial_is_held_against_its_registry() {
    let rules = RuleSet::builtin();
    let mut answers = Answers::default();
    let mut answer = |nct: &str, status: &str| {
        let question = Question::Record { registry: Registry::ClinicalTrials, id: Id::parse(nct).unwrap() };
        let record = Record { found: true, status: Some(status.to_owned()), ..Record::default() };
        answers.insert(question, Answer::Record(record));
    };
    answer("NCT01234567", "RECRUITING");
    answer("NCT07654321", "ACTIVE_NOT_RECRUITING");
    let verdict = |text: &str| judged(&rules, text, "trial-status", "2026-10-01", &answers).unwrap().verdict.name();
    assert_eq!(verdict("The trial NCT01234567 is recruiting adults."), "supported");
    assert_eq!(verdict("The trial NCT07654321 is recruiting adults."), "contradicted");
    assert_eq!(verdict("The trial NCT07654321 is not recruiting adults."), "supported");
    assert_eq!(verdict("The trial NCT01111111 is recruiting adults."), "unchecked");
}
