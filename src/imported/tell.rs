//! Records in words, for people.

use jiff::civil::Date;

use super::{Found, Notice, Product, Record, Source, State};

impl Product {
    /// How it stands, in a few words. What FDA knows by one number and several brands has the day of the first.
    pub fn state_in_words(&self, source: Source) -> String {
        let since = match self.since {
            Some(day) if self.brands.len() > 1 && source != Source::Ema => {
                format!("first approved on {day} (the earliest of its brands)")
            }
            Some(day) => format!("first approved on {day}"),
            None => String::new(),
        };
        let now = match self.state {
            State::Approved => String::new(),
            State::Ended => format!("approval ended{}", on(self.until)),
            State::Suspended => format!("suspended{}", on(self.until)),
            State::Refused => format!("refused{}", on(self.until)),
            State::ApplicationWithdrawn => format!("application withdrawn{}", on(self.until)),
            State::Opinion => "an opinion, and no decision yet".to_owned(),
        };
        [since, now].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

impl Notice {
    /// What was said, and when.
    pub fn in_words(&self) -> String {
        format!("{}{}", self.nature.name(), on(self.date))
    }
}

impl Found {
    /// The record in one line: whose it is, by what number, and what it says.
    pub fn tell(&self) -> String {
        let said = match &self.record {
            Record::Product(product) => format!("{}: {}", product.number, product.state_in_words(self.source)),
            Record::Trial(trial) => trial.status.to_lowercase().replace('_', " "),
            Record::Notice(notice) => notice.in_words(),
            Record::Disease(disease) => disease.id.clone(),
        };
        format!("{}, {said}", self.record.name())
    }
}

fn on(day: Option<Date>) -> String {
    day.map(|day| format!(" on {day}")).unwrap_or_default()
}
