//! Claims held against the fact base and what registries have answered: whether they stand, and on what that rests.
//!
//! Nothing follows from silence: where no fact speaks, the verdict is `unverifiable`. An article is judged by the facts
//! of its own day; a note says where the world has changed since.

mod approval;
mod book;
mod case;
mod cited;
mod citing;
mod cures;
mod quantity;
mod records;
mod trials;

use jiff::civil::Date;

use crate::assertion::{Certainty, Mood};
use crate::claims::{Claim, Kind};
use crate::document::Document;
use crate::evidence::searches::Searches;
use crate::evidence::{Answers, Judgement, Verdict};
use crate::finding::Evidence;
use crate::imported::Imported;
use crate::knowledge::{Fact, Knowledge};
use crate::reading::{EntityLexicons, Reading};

pub use book::VerdictBook;
use case::Case;
pub use cited::Compared;
pub use citing::{Citations, Cited, Quotation};

/// Holds the claims of one document against what is known.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// What is read in a claim besides its sides.
    pub book: &'a VerdictBook,
    /// Entities and facts.
    pub knowledge: &'a Knowledge,
    /// Records of official files, which count where the facts are silent.
    pub imported: Option<&'a Imported>,
    /// The lexicons whose names are entities.
    pub names: EntityLexicons,
    /// The document.
    pub document: &'a Document,
    /// Its sentences.
    pub reading: &'a Reading,
    /// What registries and pages have said.
    pub answers: &'a Answers,
    /// Takes what services should be asked by name.
    pub searches: &'a Searches,
    /// The day by which the document is judged.
    pub day: Date,
    /// The day of the run.
    pub today: Date,
}

impl<'a> Judge<'a> {
    /// Whether a claim of that sentence stands. What is asked, foretold or only possible is left unchecked.
    pub fn judge(&self, sentence: usize, claim: &Claim) -> Judgement {
        let assertion = claim.decision.assertion;
        if assertion.mood != Mood::Statement {
            return Judgement::default();
        }
        let case = Case::new(self, sentence, claim);
        // "In trials" is a matter of study for what is hoped of a therapy, and a plain fact of how it can be had.
        let speaks_of_trials = matches!(claim.kind, Kind::Availability | Kind::TrialStatus);
        if assertion.certainty == Certainty::Hedged && !(speaks_of_trials && case.is_about_trials()) {
            return Judgement::default();
        }
        let judgement = self.on(&case, self.day);
        if self.today <= self.day || matches!(judgement.verdict, Verdict::Unchecked | Verdict::Unverifiable) {
            return judgement;
        }
        let now = self.on(&case, self.today);
        match now.evidence.first() {
            Some(evidence) if now.verdict != judgement.verdict && now.verdict != Verdict::Stale => {
                judgement.with_note(format!("Since then: {}", evidence.detail))
            }
            _ => judgement,
        }
    }

    fn on(&self, case: &Case<'_, '_>, day: Date) -> Judgement {
        match case.claim.kind {
            Kind::Approval => records::or_records(case, day, approval::approval(case, day)),
            Kind::Availability => approval::availability(case, day),
            Kind::Count => match quantity::count(case, day) {
                // What is counted is no class of therapies: the sentence may say where the number comes from.
                Judgement { verdict: Verdict::Unchecked, .. } => cited::figures(case),
                judgement => judgement,
            },
            Kind::Duration => quantity::duration(case, day),
            Kind::Cure => cures::cure(case, day),
            Kind::Safety => cures::boxed_warning(case, day),
            Kind::TrialStatus => trials::status(case, day),
            Kind::Statistic | Kind::Comparison | Kind::Treatment | Kind::Prevention => cited::figures(case),
            _ => Judgement::default(),
        }
    }

    /// A verdict that rests on a fact. What was not looked at again in time supports nothing and contradicts nothing.
    fn by(&self, verdict: Verdict, fact: &'a Fact, day: Date) -> Judgement {
        let is_stale = fact.review_by < day && verdict > Verdict::Unverifiable;
        let verdict = if is_stale { Verdict::Stale } else { verdict };
        let judgement = Judgement::new(verdict).with_evidence(evidence(self.knowledge, fact));
        if verdict == Verdict::Contradicted { judgement.with_say(fact.say.clone()) } else { judgement }
    }
}

/// A fact as what a finding or verdict rests on.
pub fn evidence(knowledge: &Knowledge, fact: &Fact) -> Evidence {
    let source = fact.sources.first();
    Evidence {
        source: source.map_or_else(|| "fact base".to_owned(), |source| source.publisher.clone()),
        detail: knowledge.tell(fact),
        field: Some(fact.id.clone()),
        url: source.map(|source| source.url.clone()),
        date: Some(fact.as_of.to_string()),
    }
}
