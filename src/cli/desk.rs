//! All that it takes to judge drafts: configuration, rules, evidence and what earlier runs found, put ready by arguments.

use std::io;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::cli::args::{Drafts, Evidence, Rules};
use crate::cli::ask::Asker;
use crate::cli::config::{Config, Overlay};
use crate::cli::error::{Failure, InputError};
use crate::cli::judge::{Input, Judge, Judged};
use crate::cli::results::Results;
use crate::cli::setup::{Mistakes, packs};
use crate::cli::{imported, inputs, names, sheet};
use crate::evidence::Answers;
use crate::imported::Imported;
use crate::linter::{Linter, Settings};
use crate::rules::RuleSet;

/// Where drafts are judged.
pub(super) struct Desk {
    pub(super) config: Arc<Config>,
    pub(super) linter: &'static Linter,
    pub(super) asker: Asker,
    pub(super) overlay: Overlay,
    pub(super) today: Date,
    /// Whether reports are to carry their drafts' text and claims.
    pub(super) articles: bool,
    signed: Arc<FxHashSet<String>>,
    imported: Option<&'static Imported>,
    results: Option<Results>,
    heard: Mutex<Answers>,
}

impl Desk {
    /// Loads what the arguments and the configuration name. The inner error is what is wrong in the configuration, the
    /// facts or the packs.
    pub(super) fn set_up(
        drafts: &Drafts,
        rules: &Rules,
        evidence: &Evidence,
    ) -> Result<Result<Self, Mistakes>, Failure> {
        let (config, knowledge) = match drafts.origin.base()? {
            Ok(base) => base,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let mut set = RuleSet::builtin_knowing(knowledge);
        if let Err(wrong) = set.load(&packs(&config.packs)?) {
            return Ok(Err(wrong));
        }
        let known = names::all(&set);
        if let Err(wrong) = config.check_names(&known) {
            return Ok(Err(vec![(wrong.source, wrong.findings)]));
        }
        names::check(rules.select.iter().chain(&rules.ignore), &known)?;
        inputs::start_threads(drafts);

        let imported = imported::of(&config, drafts, evidence)?;
        imported.iter().for_each(|imported| set.import(imported));
        let signed = config.sheet.as_deref().map(sheet::signed).transpose()?.unwrap_or_default();
        let signed: Arc<FxHashSet<String>> = Arc::new(signed.into_keys().collect());
        Ok(Ok(Self {
            // Kept to the end of the process: to free the many small parts of the rules one by one takes a millisecond.
            linter: Box::leak(Box::new(Linter::new(set))),
            asker: Asker::of(evidence, &config)?.with_imported(imported),
            overlay: Overlay {
                profile: rules.profile,
                jurisdiction: rules.jurisdiction,
                select: (!rules.select.is_empty()).then(|| rules.select.clone()),
                ignore: rules.ignore.clone(),
                severity: Vec::new(),
            },
            today: evidence.today(),
            results: Results::of(drafts, rules, evidence, &config, &signed),
            articles: false,
            heard: Mutex::default(),
            signed,
            imported,
            config: Arc::new(config),
        }))
    }

    /// The same for another run: rules and configuration as they were, everything else as it is now.
    pub(super) fn again(&self, drafts: &Drafts, rules: &Rules, evidence: &Evidence) -> Result<Self, Failure> {
        let config = Arc::clone(&self.config);
        Ok(Self {
            asker: Asker::of(evidence, &config)?.with_imported(self.imported),
            results: Results::of(drafts, rules, evidence, &config, &self.signed),
            linter: self.linter,
            overlay: self.overlay.clone(),
            today: evidence.today(),
            articles: self.articles,
            heard: Mutex::default(),
            signed: Arc::clone(&self.signed),
            imported: self.imported,
            config,
        })
    }

    /// How an input is to be judged.
    pub(super) fn settings(&self, input: &Input) -> Settings {
        let signed = Arc::clone(&self.signed);
        Settings { signed, ..self.config.settings(Some(input.path()), &self.overlay, self.today) }
    }

    /// Whether the arguments let a rule run.
    pub(super) fn runs(&self, rule: &str) -> bool {
        if self.overlay.select.is_none() && self.overlay.ignore.is_empty() {
            return true;
        }
        let settings = self.config.settings(None, &self.overlay, self.today);
        let known = self.linter.rules().rules().iter().find(|known| known.id.as_str() == rule);
        known.is_none_or(|rule| rule.severity_under(&settings).is_some())
    }

    /// Judges inputs and hands on each result in the order of the inputs. Stops at the first error of `emit`.
    pub(super) fn judge(
        &self,
        inputs: &[Input],
        progress: bool,
        emit: &mut dyn FnMut(Result<Judged, InputError>) -> io::Result<()>,
    ) -> io::Result<()> {
        let settings = |input: &Input| self.settings(input);
        let judge = Judge {
            linter: self.linter,
            asker: &self.asker,
            settings: &settings,
            progress,
            articles: self.articles,
            results: self.results.as_ref(),
            heard: &self.heard,
        };
        judge.run(inputs, emit)
    }

    /// Writes down what was learned.
    pub(super) fn finish(self, quiet: bool) -> Result<(), Failure> {
        self.asker.finish(quiet)?;
        self.results.into_iter().for_each(Results::save);
        Ok(())
    }
}
