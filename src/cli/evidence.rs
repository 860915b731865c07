//! `caveat evidence`: what drafts stand on, by age and source.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use rayon::prelude::*;

use crate::checks::raised::{self, Raised};
use crate::cli::args::{Drafts, Writing, day};
use crate::cli::ask::lock_beside;
use crate::cli::claims::report;
use crate::cli::error::{Failure, InputError};
use crate::cli::inputs::{From, gather, source, start_threads, unread};
use crate::cli::judge::{Input, open};
use crate::cli::lint::{close, refuse, style};
use crate::cli::pinned::Pinned;
use crate::cli::sink::Sink;
use crate::cli::{Exit, imported, say};
use crate::document::Document;
use crate::evidence::records::Registry;
use crate::evidence::{Answers, Question};
use crate::finding;
use crate::knowledge::Knowledge;
use crate::net::is_due;
use crate::report::claims::ClaimsReport;
use crate::report::evidence::{StandingFormat, StandingRow, Use, uses, write_standing};
use crate::rules::RuleSet;
use crate::settings::Settings;

const EXAMPLES: &str = "\
Examples:
  caveat evidence                               everything that the drafts below rest on, the oldest first
  caveat evidence --due blog/                   what a run would ask again, and facts to be looked at again
  caveat evidence --source clinicaltrials       what rests on one source
  caveat evidence --older-than 90 --format json
  caveat evidence --prune                       drop from caveat.lock what no draft names any more";

/// Lists what drafts stand on: the answers that caveat.lock pins and the facts behind the verdicts on their claims, each
/// with its age, its source and the places that rest on it. Nothing is asked; `caveat lint --refresh` asks again.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Evidence {
    #[command(flatten)]
    drafts: Drafts,

    #[command(flatten)]
    writing: Writing,

    /// How it is written
    #[arg(long, short, value_enum, default_value_t = Format::Table, value_name = "FORMAT", help_heading = "Output")]
    format: Format,

    /// What comes first
    #[arg(long, value_enum, default_value_t = Order::Age, value_name = "ORDER", help_heading = "Output")]
    sort: Order,

    /// Only what this source says; a part of its name is enough
    #[arg(long, value_name = "NAME", help_heading = "What is listed")]
    source: Option<String>,

    /// Only what is older than so many days
    #[arg(long, value_name = "DAYS", help_heading = "What is listed")]
    older_than: Option<i32>,

    /// Only what is due to be asked or looked at again
    #[arg(long, help_heading = "What is listed")]
    due: bool,

    /// Only what is pinned and named by no draft
    #[arg(long, help_heading = "What is listed", conflicts_with = "open")]
    unused: bool,

    /// Only what drafts name and nobody has answered yet
    #[arg(long, help_heading = "What is listed")]
    open: bool,

    /// Drop from caveat.lock what none of these drafts names; name them all
    #[arg(long, conflicts_with_all = ["source", "older_than", "due", "open"])]
    prune: bool,

    /// Take this for today, YYYY-MM-DD
    #[arg(long, value_name = "DAY", value_parser = day)]
    today: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Markdown,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    /// The oldest first
    Age,
    /// By source, then the oldest first
    Source,
}

/// Lists what drafts stand on.
pub(super) fn run(arguments: &Evidence) -> Result<Exit, Failure> {
    start_threads(&arguments.drafts);
    let (config, knowledge) = match arguments.drafts.origin.base()? {
        Ok(base) => base,
        Err(wrong) => return refuse("terminal", &arguments.writing, wrong),
    };
    let imported = imported::load(&config, !arguments.drafts.origin.isolated)?;
    let mut rules = RuleSet::builtin_knowing(knowledge);
    imported.iter().for_each(|imported| rules.import(imported));
    let lock = lock_beside(&config);
    let mut pinned = Pinned::read(&lock)?;
    let mut known = Answers::default();
    pinned.lock.iter().for_each(|(question, answer, _)| known.insert(question.clone(), answer.clone()));
    let today = arguments.today.unwrap_or_else(|| jiff::Zoned::now().date());
    let From::Paths(paths) = source(&arguments.drafts)? else {
        let what = "records have no places that could be named".to_owned();
        return Err(Failure::Usage { what, help: "Name files or folders.".to_owned() });
    };
    let writes = [arguments.writing.output.as_deref()];
    let (inputs, mut all_read) = gather(&paths, &arguments.drafts, &config, &writes, arguments.writing.quiet)?;
    let settings = |input: &Input| config.settings(Some(input.path()), &Default::default(), today);
    let read: Vec<Result<Rests, InputError>> =
        inputs.par_iter().map(|input| rests(input, &rules, &settings(input), &known, today)).collect();
    let mut standing = Standing::default();
    for one in read {
        match one {
            Ok(rests) => standing.add(rests),
            Err(error) => all_read &= unread(&error),
        }
    }
    if arguments.prune {
        prune(&mut pinned, lock, &standing, all_read)?;
    }
    let mut rows = standing.rows(&pinned, rules.knowledge(), today);
    rows.retain(|row| arguments.lists(row));
    rows.sort_by_key(|row| {
        let by_source = (arguments.sort == Order::Source).then(|| row.source.clone());
        (by_source, row.says.is_none(), row.date, row.source.clone(), row.about.clone())
    });
    let mut sink = Sink::open(arguments.writing.output.as_deref())?;
    let format = match arguments.format {
        Format::Table => StandingFormat::Table,
        Format::Markdown => StandingFormat::Markdown,
        Format::Json => StandingFormat::Json,
    };
    match write_standing(&mut sink, &rows, format, style(&arguments.writing)) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(Failure::Write(error)),
        _ => close(sink)?,
    }
    Ok(if all_read { Exit::Clean } else { Exit::Unread })
}

impl Evidence {
    /// Whether a row is among those that were asked for.
    fn lists(&self, row: &StandingRow) -> bool {
        let squeezed = |name: &str| name.to_lowercase().replace([' ', '.', '-'], "");
        let of_source = |name: &String| squeezed(&row.source).contains(&squeezed(name));
        self.source.as_ref().is_none_or(of_source)
            && self.older_than.is_none_or(|days| row.age_days.is_some_and(|age| age > days))
            && (!self.due || row.due)
            && (!self.unused || row.uses.is_empty())
            && (!self.open || row.says.is_none())
    }
}

/// What one draft rests on.
struct Rests {
    raised: Vec<(Question, Use)>,
    facts: Vec<(finding::Evidence, Use)>,
}

fn rests(
    input: &Input,
    rules: &RuleSet,
    settings: &Settings,
    known: &Answers,
    today: Date,
) -> Result<Rests, InputError> {
    let (source, _) = open(input)?;
    let document = Document::parse(source);
    let reading = rules.reader().read(&document);
    let (claims, searches) = report(rules, &document, &reading, known, today, false);
    let raised = raised::of(rules, &document, &reading, settings, known, &searches);
    let places = uses(&document, &reading, &raised);
    let questions = raised.into_iter().map(|Raised { question, .. }| question);
    Ok(Rests { raised: questions.zip(places).collect(), facts: facts(&claims) })
}

/// What verdicts rest on besides answers, which are listed as what they are.
fn facts(report: &ClaimsReport) -> Vec<(finding::Evidence, Use)> {
    let is_answer =
        |evidence: &finding::Evidence| evidence.date.is_none() || evidence.source == Registry::OpenFda.title();
    let mut facts = Vec::new();
    for sentence in &report.sentences {
        for claim in &sentence.claims {
            let at = Use {
                path: report.path.clone(),
                line: claim.line,
                column: claim.column,
                sentence: sentence.text.clone(),
            };
            let evidence = claim.judgement.evidence.iter().filter(|evidence| !is_answer(evidence));
            facts.extend(evidence.map(|evidence| (evidence.clone(), at.clone())));
        }
    }
    facts
}

/// What all drafts rest on.
#[derive(Default)]
struct Standing {
    asked: BTreeMap<Question, BTreeSet<Use>>,
    /// By source and name.
    facts: BTreeMap<(String, String), (finding::Evidence, BTreeSet<Use>)>,
}

impl Standing {
    fn add(&mut self, rests: Rests) {
        for (question, at) in rests.raised {
            self.asked.entry(question).or_default().insert(at);
        }
        for (evidence, at) in rests.facts {
            let name = evidence.field.clone().unwrap_or_else(|| evidence.detail.clone());
            let entry = self.facts.entry((evidence.source.clone(), name));
            entry.or_insert_with(|| (evidence, BTreeSet::new())).1.insert(at);
        }
    }

    fn rows(self, pinned: &Pinned, knowledge: &Knowledge, today: Date) -> Vec<StandingRow> {
        let age = |date: Date| today.since(date).ok().map(|age| age.get_days());
        let mut asked = self.asked;
        // Files on disk are looked at in every run and stand on nothing else.
        asked.retain(|question, _| {
            let is_on_disk = question.registry().is_some_and(|registry| registry.is_on_disk());
            !matches!(question, Question::File { .. }) && (!is_on_disk || pinned.lock.dated(question).is_some())
        });
        for (question, ..) in pinned.lock.iter() {
            asked.entry(question.clone()).or_default();
        }
        let of_answers = asked.into_iter().map(|(question, uses)| {
            let dated = pinned.lock.dated(&question);
            StandingRow {
                source: question.source().to_owned(),
                about: question.about(),
                says: dated.map(|(answer, _)| answer.words()),
                date: dated.map(|(_, date)| date),
                age_days: dated.and_then(|(_, date)| age(date)),
                due: dated.is_some_and(|(answer, date)| is_due(answer, date, today)),
                url: question.page(),
                uses: uses.into_iter().collect(),
            }
        });
        let of_facts = self.facts.into_values().map(|(evidence, uses)| {
            let date: Option<Date> = evidence.date.as_deref().and_then(|date| date.parse().ok());
            let fact = knowledge.facts().iter().find(|fact| Some(&fact.id) == evidence.field.as_ref());
            StandingRow {
                source: evidence.source,
                about: evidence.field.unwrap_or_default(),
                says: Some(evidence.detail),
                date,
                age_days: date.and_then(age),
                due: fact.is_some_and(|fact| fact.review_by <= today),
                url: evidence.url,
                uses: uses.into_iter().collect(),
            }
        });
        of_answers.chain(of_facts).collect()
    }
}

/// Drops from the lock what no draft names.
fn prune(pinned: &mut Pinned, lock: std::path::PathBuf, standing: &Standing, all_read: bool) -> Result<(), Failure> {
    if !all_read {
        let what = "nothing was dropped, because not every draft could be read".to_owned();
        return Err(Failure::Usage { what, help: "Mend what the errors above name, and prune then.".to_owned() });
    }
    let before = pinned.lock.iter().count();
    pinned.lock.retain(|question, _, _| standing.asked.contains_key(question));
    let dropped = before - pinned.lock.iter().count();
    pinned.is_newer = dropped > 0;
    pinned.keep_in = Some(lock);
    pinned.save()?;
    say(&format!("{dropped} of {before} pinned answers were named by no draft and are dropped"));
    Ok(())
}
