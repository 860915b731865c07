//! `caveat facts`: the fact base checked, reviewed and shown.

mod import;
mod import_report;
mod page;
mod records;

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::cli::args::{Writing, day, formats};
use crate::cli::config::Config;
use crate::cli::error::Failure;
use crate::cli::globs::relative;
use crate::cli::lint::{close, style};
use crate::cli::setup::told;
use crate::cli::sink::Sink;
use crate::cli::{Exit, imported, read};
use crate::finding::{Finding, Severity};
use crate::imported::{Imported, PartNote};
use crate::knowledge::{self, EntityId, Fact, Knowledge};
use crate::report::{FileReport, OUTPUTS, Summary, counted, output};
use crate::rules::PackErrors;
use crate::source::{Format, SourceFile};
use crate::suggest::nearest;

use page::{EntityPage, FactPage, head, paragraphs};

/// Checks, reviews and shows what the program knows. Fact files of your own are named under `facts` in caveat.toml.
#[derive(Clone, Debug, Args)]
pub(super) struct Facts {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Find mistakes in fact files
    Lint(Lint),
    /// List the facts that are to be looked at again
    Due(Due),
    /// Show a condition, therapy, authority or fact with all that is known of it
    Show(Show),
    /// Take over official bulk files: names, approvals, refusals, trials, retractions
    Import(Box<import::Import>),
    /// Tell what is imported, from when it is, and where it is kept
    Imported(Listing),
}

#[derive(Clone, Debug, Args)]
struct Listing {
    /// How it is written
    #[arg(long, short, value_enum, default_value_t = As::Text, value_name = "FORMAT")]
    format: As,
}

#[derive(Clone, Debug, Args)]
struct Lint {
    /// Fact files [default: those of caveat.toml, else the built-in base]
    files: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, short, value_name = "FORMAT", default_value = OUTPUTS[0].0, value_parser = formats())]
    format: String,
    #[command(flatten)]
    writing: Writing,
    /// Judge as of this day, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    today: Option<Date>,
}

#[derive(Clone, Debug, Args)]
struct Due {
    /// As of this day, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    today: Option<Date>,
    /// Facts that fall due within so many days, too
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    within: u16,
    /// How facts are written
    #[arg(long, short, value_enum, default_value_t = As::Text, value_name = "FORMAT")]
    format: As,
}

#[derive(Clone, Debug, Args)]
struct Show {
    /// An identifier or a name: ms, "multiple sclerosis", Ocrevus, fda.car-t.count
    #[arg(required = true)]
    name: Vec<String>,
    /// Only facts that held on this day, YYYY-MM-DD
    #[arg(long, value_name = "DAY", value_parser = day)]
    on: Option<Date>,
    /// How it is written
    #[arg(long, short, value_enum, default_value_t = As::Text, value_name = "FORMAT")]
    format: As,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    /// A page to read
    Text,
    Json,
}

/// Runs a subcommand of `facts`.
pub(super) fn run(arguments: &Facts) -> Result<Exit, Failure> {
    match &arguments.what {
        What::Lint(arguments) => lint(arguments),
        What::Due(arguments) => due(arguments),
        What::Show(arguments) => show(arguments),
        What::Import(arguments) => import::import(arguments),
        What::Imported(arguments) => list_imported(arguments),
    }
}

fn today(given: Option<Date>) -> Date {
    given.unwrap_or_else(|| jiff::Zoned::now().date())
}

/// What a run knows: the built-in base, and the fact files that its configuration names. The inner error is what is wrong
/// in them.
pub(super) fn knowledge(config: &Config) -> Result<Result<&'static Knowledge, PackErrors>, Failure> {
    if config.facts.is_empty() {
        return Ok(Ok(Knowledge::builtin()));
    }
    let mut files = Knowledge::builtin_files();
    files.extend(sources(&config.facts)?);
    match Knowledge::load(&files) {
        // It is needed until the program ends, and loaded once.
        Ok(base) => Ok(Ok(Box::leak(Box::new(base)))),
        Err(_) => Ok(Err(wrong(files))),
    }
}

/// The files that hold mistakes, each with its findings.
fn wrong(files: Vec<SourceFile>) -> PackErrors {
    let mut findings: Vec<Vec<Finding>> = vec![Vec::new(); files.len()];
    for (at, finding) in knowledge::lint(&files, None) {
        findings[at].push(finding);
    }
    files.into_iter().zip(findings).filter(|(_, findings)| !findings.is_empty()).collect()
}

/// The fact files that caveat.toml names.
fn own_files() -> Result<Vec<SourceFile>, Failure> {
    sources(&own_config()?.facts)
}

/// The closest configuration.
fn own_config() -> Result<Config, Failure> {
    let Some(path) = Config::find(Path::new(".")) else { return Ok(Config::none()) };
    Config::read(&path)?.map_err(|wrong| told(vec![(wrong.source, wrong.findings)]))
}

fn sources(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Failure> {
    let source = |path: &PathBuf| match read::file(path) {
        Ok(decoded) => Ok(SourceFile::new(relative(path), decoded.text, Format::Toml)),
        Err(error) => Err(Failure::Usage { what: error.to_string(), help: error.help().to_owned() }),
    };
    paths.iter().map(source).collect()
}

fn lint(arguments: &Lint) -> Result<Exit, Failure> {
    let own = if arguments.files.is_empty() { own_files()? } else { sources(&arguments.files)? };
    let mut files = Knowledge::builtin_files();
    let linted = if own.is_empty() { 0..files.len() } else { files.len()..files.len() + own.len() };
    files.extend(own);
    let mut findings: Vec<Vec<Finding>> = vec![Vec::new(); files.len()];
    for (at, finding) in knowledge::lint(&files, Some(today(arguments.today))) {
        findings[at].push(finding);
    }
    let unknown = || Failure::Usage { what: "there is no such format".to_owned(), help: String::new() };
    let mut writer = output(&arguments.format, style(&arguments.writing)).ok_or_else(unknown)?;
    let (mut sink, mut summary) = (Sink::open(arguments.writing.output.as_deref())?, Summary::default());
    for at in linted {
        let report = FileReport::new(&files[at], std::mem::take(&mut findings[at]), 0, 0);
        summary.add(&report);
        writer.file(&mut sink, &report).map_err(Failure::Write)?;
    }
    writer.finish(&mut sink, &summary).map_err(Failure::Write)?;
    close(sink)?;
    Ok(if summary.reaches(Severity::Error) { Exit::Findings } else { Exit::Clean })
}

/// The built-in base with one's own files.
fn base() -> Result<Knowledge, Failure> {
    let mut files = Knowledge::builtin_files();
    files.extend(own_files()?);
    Knowledge::load(&files).map_err(|errors| {
        let what = errors.first().map(ToString::to_string).unwrap_or_default();
        Failure::Usage { what, help: "`caveat facts lint` shows all that is wrong, with its place.".to_owned() }
    })
}

fn due(arguments: &Due) -> Result<Exit, Failure> {
    let (base, today) = (base()?, today(arguments.today));
    let last = today.saturating_add(i64::from(arguments.within).days());
    let mut due: Vec<&Fact> = base.facts().iter().filter(|fact| fact.review_by <= last).collect();
    due.sort_by(|a, b| (a.review_by, &a.id).cmp(&(b.review_by, &b.id)));
    match arguments.format {
        As::Json => {
            let facts: Vec<FactPage> = due.iter().map(|fact| FactPage::new(&base, fact)).collect();
            write_json(&serde_json::json!({ "schema": 1, "today": today.to_string(), "due": facts }))?;
        }
        As::Text => {
            let mut page = String::new();
            for fact in &due {
                let _ = writeln!(page, "{}  {}", fact.review_by, base.tell(fact));
                let _ = writeln!(page, "            {}, seen on {}", fact.id, fact.as_of);
                page::sources(&mut page, fact, "            ");
            }
            let of = base.facts().len();
            let _ = writeln!(page, "{} of {of} facts are to be looked at again by {last}.", due.len());
            write_text(&page)?;
        }
    }
    Ok(if due.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn show(arguments: &Show) -> Result<Exit, Failure> {
    let (base, name) = (base()?, arguments.name.join(" "));
    let entities = base.named(&name);
    let facts: Vec<&Fact> = base.facts().iter().filter(|fact| fact.id == name).collect();
    let imported = imported::load(&own_config()?, true)?.map(|imported| records::meant(imported, &name));
    let imported = imported.unwrap_or_default();
    if entities.is_empty() && facts.is_empty() && imported.is_empty() {
        let names = base.entities().iter().flat_map(|e| e.names.iter().map(|n| n.text.as_str()).chain([e.id.as_str()]));
        let near = nearest(&name, names).map(|near| format!("Did you mean “{near}”?"));
        let help =
            near.unwrap_or_else(|| "Nothing is known about it; the base draws no conclusion from that.".to_owned());
        return Err(Failure::Usage { what: format!("the fact base has no entity or fact “{name}”"), help });
    }
    let about = |entity: EntityId| match arguments.on {
        Some(day) => base.facts_on(entity, day),
        None => base.facts_about(entity),
    };
    match arguments.format {
        As::Json => {
            let entities: Vec<EntityPage> =
                entities.iter().filter_map(|&id| EntityPage::new(&base, id, &about(id))).collect();
            let facts: Vec<FactPage> = facts.iter().map(|fact| FactPage::new(&base, fact)).collect();
            let imported = records::values(&imported);
            write_json(
                &serde_json::json!({ "schema": 1, "entities": entities, "facts": facts, "imported": imported }),
            )?;
        }
        As::Text => {
            let mut page = String::new();
            for (at, &id) in entities.iter().enumerate() {
                page.push_str(if at > 0 { "\n" } else { "" });
                if let Some(entity) = base.entity(id) {
                    head(&mut page, &base, id, entity);
                    paragraphs(&mut page, &base, &about(id));
                }
            }
            paragraphs(&mut page, &base, &facts);
            records::pages(&mut page, &imported);
            write_text(&page)?;
        }
    }
    Ok(Exit::Clean)
}

fn list_imported(arguments: &Listing) -> Result<Exit, Failure> {
    let config = own_config()?;
    let path = imported::path(&config);
    let parts = imported::load(&config, true)?.map(Imported::parts).unwrap_or_default();
    match arguments.format {
        As::Json => {
            let part = |part: &PartNote| {
                let (source, records) = (part.source.name(), part.count);
                serde_json::json!({ "source": source, "as_of": part.as_of, "records": records, "files": part.files })
            };
            let parts: Vec<_> = parts.iter().map(part).collect();
            write_json(&serde_json::json!({ "schema": 1, "path": path, "parts": parts }))?;
        }
        As::Text if parts.is_empty() => write_text("Nothing is imported; see `caveat facts import --help`.\n")?,
        As::Text => {
            let mut page = path.map(|path| format!("{}\n", relative(&path))).unwrap_or_default();
            for part in parts {
                let (source, records) = (part.source.title(), counted(part.count as usize, "record"));
                let _ =
                    writeln!(page, "  {source:<18} as of {}, {records}, from {}", part.as_of, part.files.join(", "));
            }
            write_text(&page)?;
        }
    }
    Ok(Exit::Clean)
}

fn write_json(value: &serde_json::Value) -> Result<(), Failure> {
    write_text(&format!("{value:#}\n"))
}

fn write_text(text: &str) -> Result<(), Failure> {
    let mut sink = Sink::open(None)?;
    match sink.write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Write(error)),
        _ => close(sink),
    }
}
