//! What services hold under the name of a therapy: applications and approvals, labels, trials.
//!
//! Of a draft such a question carries the names of a therapy and of a condition, and nothing else.

use std::cell::RefCell;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use url::Url;

use super::records::Registry;
use super::{Answer, Answers, Question};
use crate::imported::Product;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Applications for a medicine and what became of them.
    Applications,
    /// The label of a medicine.
    Label,
    /// Trials of a therapy.
    Trials,
}

/// A question to a service by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Search {
    /// Who is asked.
    pub registry: Registry,
    /// What for.
    pub topic: Topic,
    /// The therapy, in lower case.
    pub therapy: String,
    /// The condition, in lower case, where it narrows the question.
    pub condition: Option<String>,
}

/// What a service holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hits {
    /// Applications for medicines that have the name as a brand or a substance.
    Applications(Vec<Product>),
    /// The newest label of a medicine of that name; none: there is none.
    Label(Option<Label>),
    /// Trials.
    Trials(Trials),
}

/// The label of a medicine, as far as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The identifier of the label, which stays over its versions.
    pub set: String,
    /// The day from which this version is in force.
    pub effective: Option<Date>,
    /// Whether it carries a boxed warning.
    pub boxed: bool,
    /// What it says the medicine is for, cut to so many bytes as [`LONGEST_USES`] has.
    pub uses: String,
}

/// How many trials there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trials {
    /// In all.
    pub total: u32,
    /// Those that take participants now, by invitation too.
    pub recruiting: u32,
    /// The numbers of some, those that recruit first.
    pub some: Vec<String>,
}

/// Most bytes of what a label says that a medicine is for.
pub const LONGEST_USES: usize = 4000;

impl Search {
    /// The question about approvals of a medicine at the service that tells an authority's decisions, if there is one.
    pub fn applications(authority: &str, therapy: &str) -> Option<Self> {
        let registry = match authority {
            "fda" => Registry::OpenFda,
            "ema" | "ec" => Registry::Ema,
            _ => return None,
        };
        Some(Self { registry, topic: Topic::Applications, therapy: therapy.to_lowercase(), condition: None })
    }

    /// The question about the label of a medicine in the United States.
    pub fn label(therapy: &str) -> Self {
        Self { registry: Registry::OpenFda, topic: Topic::Label, therapy: therapy.to_lowercase(), condition: None }
    }

    /// The question about trials of a therapy, for a condition where one is named.
    pub fn trials(therapy: &str, condition: Option<&str>) -> Self {
        let (therapy, condition) = (therapy.to_lowercase(), condition.map(str::to_lowercase));
        Self { registry: Registry::ClinicalTrials, topic: Topic::Trials, therapy, condition }
    }

    /// Whether it is looked up in a list that the service publishes as a whole.
    pub fn is_in_list(&self) -> bool {
        self.registry == Registry::Ema
    }

    /// What is looked for, in words.
    pub fn words(&self) -> String {
        let of = match &self.condition {
            Some(condition) => format!("{} for {condition}", self.therapy),
            None => self.therapy.clone(),
        };
        match self.topic {
            Topic::Applications => format!("applications for {of}"),
            Topic::Label => format!("the label of {of}"),
            Topic::Trials => format!("trials of {of}"),
        }
    }

    /// The page on which a person can look it up.
    pub fn page(&self) -> String {
        let with = |base: &str, pairs: &[(&str, &str)]| {
            Url::parse_with_params(base, pairs).map_or_else(|_| base.to_owned(), String::from)
        };
        match (self.topic, self.registry) {
            (Topic::Trials, _) => {
                let condition = self.condition.iter().map(|condition| ("cond", condition.as_str()));
                let pairs: Vec<(&str, &str)> = [("intr", self.therapy.as_str())].into_iter().chain(condition).collect();
                with("https://clinicaltrials.gov/search", &pairs)
            }
            (Topic::Label, _) => {
                with("https://dailymed.nlm.nih.gov/dailymed/search.cfm", &[("query", self.therapy.as_str())])
            }
            (Topic::Applications, Registry::Ema) => {
                with("https://www.ema.europa.eu/en/search", &[("search_api_fulltext", self.therapy.as_str())])
            }
            (Topic::Applications, _) => "https://www.accessdata.fda.gov/scripts/cder/daf/".to_owned(),
        }
    }
}

impl Hits {
    /// What was found, in a few words.
    pub fn words(&self) -> String {
        match self {
            Hits::Applications(products) if products.is_empty() => "none".to_owned(),
            Hits::Applications(products) => {
                let told = products.iter().map(|product| {
                    let name = product.brands.first().or(product.substances.first()).unwrap_or(&product.number);
                    let since = product.since.map(|day| format!(" since {day}")).unwrap_or_default();
                    format!("{name}: {}{since}", product.state.name().replace('_', " "))
                });
                let mut told: Vec<String> = told.take(MOST_TOLD + 1).collect();
                if told.len() > MOST_TOLD {
                    told[MOST_TOLD] = format!("and {} more", products.len() - MOST_TOLD);
                }
                told.join(", ")
            }
            Hits::Label(None) => "none".to_owned(),
            Hits::Label(Some(label)) => label.words(),
            Hits::Trials(Trials { total, recruiting, .. }) => format!("{recruiting} of {total} recruiting"),
        }
    }
}

/// So many applications are told.
const MOST_TOLD: usize = 3;

impl Label {
    /// Whether there is a boxed warning, and since when this version holds.
    pub fn words(&self) -> String {
        let with = if self.boxed { "with a boxed warning" } else { "without a boxed warning" };
        let version = self.effective.map(|day| format!(", version of {day}")).unwrap_or_default();
        format!("{with}{version}")
    }
}

/// The searches that judging wants answered, each with the sentence that wants it.
#[derive(Clone, Debug, Default)]
pub struct Searches(RefCell<Vec<Searched>>);

/// A search that a sentence wants answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searched {
    /// What is to be asked.
    pub question: Question,
    /// The number of the sentence.
    pub sentence: usize,
    /// Whether its answer is known.
    pub answered: bool,
}

impl Searches {
    /// What a service holds, if it is known. Either way it is noted that the sentence wants it.
    pub fn hits<'a>(&self, known: &'a Answers, search: Search, sentence: usize) -> Option<&'a Hits> {
        let question = Question::Search(search);
        let hits = match known.get(&question) {
            Some(Answer::Search(hits)) => Some(hits),
            _ => None,
        };
        let searched = Searched { question, sentence, answered: hits.is_some() };
        let mut all = self.0.borrow_mut();
        if !all.contains(&searched) {
            all.push(searched);
        }
        hits
    }

    /// All of them, each once.
    pub fn into_vec(self) -> Vec<Searched> {
        self.0.into_inner()
    }
}
