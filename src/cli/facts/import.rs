//! `caveat facts import`: official bulk files taken over into one file beside the fact base.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;
use serde::Serialize;

use crate::bulk::{self, BulkError, Difference, File, Harvest, Names};
use crate::cli::config::Config;
use crate::cli::error::{Failure, InputError};
use crate::cli::globs::relative;
use crate::cli::setup::Origin;
use crate::cli::sink::Sink;
use crate::cli::{Exit, args, imported, read, say};
use crate::imported::{Imported, Part, Source, write};
use crate::knowledge::Knowledge;

use super::import_report::{text, to_json};
use super::{As, knowledge, write_text};

const SOURCES: &str = "\
Where the files are:
  drugsfda          FDA, Drugs@FDA data files: an archive. Unpack it, and name
                    Applications.txt, Products.txt and Submissions.txt together.
     https://www.fda.gov/drugs/drug-approvals-and-databases/drugsfda-data-files
  purplebook        FDA, Purple Book, downloads: the latest data file, as CSV. Biological
                    products, among them the vaccines, cell and gene therapies that
                    Drugs@FDA does not have.
     https://purplebooksearch.fda.gov/downloads
  ema               EMA, medicine data: the table of medicines. JSON as it is; of the
                    Excel sheet, save as CSV (UTF-8).
     https://www.ema.europa.eu/en/medicines/download-medicine-data
  ctgov             ClinicalTrials.gov: search, then Download, as CSV with all columns or
                    as JSON. Answers of its API do, too.
     https://clinicaltrials.gov/search
  retraction-watch  Crossref's copy of the Retraction Watch data: retraction_watch.csv.
     https://gitlab.com/crossref/retraction-watch-data
  do                Disease Ontology: doid.obo.
     http://purl.obolibrary.org/obo/doid.obo

Examples:
  caveat facts import drugsfda Applications.txt Products.txt Submissions.txt
  caveat facts import drugsfda drugsatfda/              all files of a folder
  caveat facts import ema medicines.json
  caveat facts import retraction-watch retraction_watch.csv --output facts/imported.bin
  caveat facts show Zynteglo                            what files and fact base say of it

What is imported widens the names that are found in drafts, and answers where the fact base is
silent. Where the two differ the fact base's word is used, and the difference is reported here.
Importing a source again replaces what it gave before.

The file is the one that `imported-facts` in caveat.toml names; without that, one of your own
beside other programs' data, which `--locked` and `--isolated` runs leave out.

Exit codes:
  0  imported
  1  imported, but rows that could not be read are missing
  2  nothing was imported";

#[derive(Clone, Debug, Args)]
#[command(after_help = SOURCES)]
pub(super) struct Import {
    /// Whose files they are
    #[arg(value_parser = sources())]
    source: Source,
    /// The files, or folders with them
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Keep the imported facts in this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The day up to which the files hold, YYYY-MM-DD [default: what they say, else the day on which they were last changed]
    #[arg(long, value_name = "DAY", value_parser = args::day)]
    as_of: Option<Date>,
    /// Replace what is imported even if it is newer
    #[arg(long)]
    allow_older: bool,
    /// How the report is written
    #[arg(long, short, value_enum, default_value_t = As::Text, value_name = "FORMAT")]
    format: As,
    #[command(flatten)]
    origin: Origin,
}

fn sources() -> impl TypedValueParser<Value = Source> {
    let names = Source::ALL.iter().map(|(_, name, title, _)| PossibleValue::new(*name).help(*title));
    PossibleValuesParser::new(names).try_map(|name| Source::named(&name).ok_or("no such source"))
}

/// What an import did.
pub(super) struct Done {
    pub(super) source: Source,
    pub(super) as_of: Date,
    pub(super) files: Vec<String>,
    pub(super) harvest: Harvest,
    pub(super) records: usize,
    pub(super) names: NameCounts,
    pub(super) differences: Vec<Difference>,
    pub(super) output: PathBuf,
    pub(super) bytes: usize,
    /// Every source in the file, with its day and how many records it has.
    pub(super) parts: Vec<(Source, Date, u32)>,
}

/// How many names count in texts, and which do not, by the reason.
#[derive(Default, Serialize)]
pub(super) struct NameCounts {
    pub(super) counted: usize,
    pub(super) left_out: BTreeMap<&'static str, LeftOut>,
}

/// Names that do not count, for one reason.
#[derive(Default, Serialize)]
pub(super) struct LeftOut {
    pub(super) count: usize,
    /// The first few.
    pub(super) examples: Vec<String>,
}

/// Names that are shown for each reason.
const EXAMPLES: usize = 5;

/// Imports files.
pub(super) fn import(arguments: &Import) -> Result<Exit, Failure> {
    let config = arguments.origin.read()?.map_err(|wrong| super::told(vec![(wrong.source, wrong.findings)]))?;
    let base = knowledge(&config)?.map_err(super::told)?;
    let output = arguments.output.clone().or_else(|| imported::path(&config)).ok_or_else(|| Failure::Usage {
        what: "there is no place for imported facts".to_owned(),
        help: "Name a file with --output.".to_owned(),
    })?;
    let done = run(arguments, &config, base, output)?;
    match arguments.format {
        As::Text => write_text(&text(&done))?,
        As::Json => write_text(&to_json(&done))?,
    }
    Ok(if done.harvest.problems.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn run(arguments: &Import, config: &Config, base: &Knowledge, output: PathBuf) -> Result<Done, Failure> {
    let source = arguments.source;
    let paths = files(&arguments.files)?;
    let texts = paths.iter().map(|path| text_of(path)).collect::<Result<Vec<_>, _>>()?;
    let named: Vec<(String, &String)> = paths.iter().map(|path| relative(path)).zip(&texts).collect();
    let given: Vec<File> = named.iter().map(|(name, text)| File { name, text }).collect();
    let mut harvest = bulk::read(source, &given, jiff::Zoned::now().date()).map_err(refused)?;
    let as_of = arguments.as_of.or(harvest.as_of).or_else(|| paths.iter().filter_map(|path| changed(path)).max());
    let as_of = as_of.unwrap_or_else(|| jiff::Zoned::now().date());

    let before = earlier(&output)?;
    if let Some(note) = before.iter().flat_map(Imported::parts).find(|part| part.source == source)
        && note.as_of > as_of
        && !arguments.allow_older
    {
        let what =
            format!("what is imported of {} is newer: {}, and these files are of {as_of}", source.title(), note.as_of);
        let help = "Say from when the files are with --as-of, or take them all the same with --allow-older.".to_owned();
        return Err(Failure::Usage { what, help });
    }
    let others = Source::ALL.iter().map(|row| row.0).filter(|other| *other != source);
    let mut parts: Vec<Part> = before.iter().flat_map(|b| others.clone().filter_map(|other| b.part(other))).collect();
    let names = Names::new(base);
    let counts = count(&names, &harvest);
    let files = named.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let records = harvest.records.len();
    parts.push(Part { source, as_of, files: files.clone(), records: std::mem::take(&mut harvest.records) });
    parts.sort_by_key(|part| part.source);
    let wrong = |error: crate::imported::ImportedError| Failure::Imported {
        path: output.clone(),
        why: error.to_string(),
        help: "Import fewer files.",
    };
    let bytes = write(&parts, &|record| names.keys(record)).map_err(wrong)?;
    let length = bytes.len();
    keep(config, &output, &bytes)?;
    let imported = Imported::read(bytes).map_err(wrong)?;
    let differences = bulk::differences(base, &imported, source);
    let parts = imported.parts().iter().map(|part| (part.source, part.as_of, part.count)).collect();
    Ok(Done { source, as_of, files, harvest, records, names: counts, differences, output, bytes: length, parts })
}

fn refused(error: BulkError) -> Failure {
    let BulkError { file, what, help } = error;
    Failure::Usage { what: format!("{file}: {what}"), help }
}

fn count(names: &Names, harvest: &Harvest) -> NameCounts {
    let mut counts = NameCounts::default();
    for name in harvest.records.iter().flat_map(|record| names.of(record)) {
        match name {
            Ok(_) => counts.counted += 1,
            Err((name, reason)) => {
                let left_out = counts.left_out.entry(reason.reason()).or_default();
                left_out.count += 1;
                if left_out.examples.len() < EXAMPLES && !left_out.examples.contains(&name) {
                    left_out.examples.push(name);
                }
            }
        }
    }
    counts
}

/// The files meant, those of folders in the order of their names.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| unread(InputError::of_io(path, error)))?;
        let mut inside: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        inside.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

fn unread(error: InputError) -> Failure {
    Failure::Usage { what: error.to_string(), help: error.help().to_owned() }
}

/// What archives and workbooks start with, what they are, and what to do.
const PACKED: [(&[u8], &str, &str); 3] = [
    (b"PK\x03\x04", "this is an archive or an Excel workbook", "Unpack it; save a workbook's sheet as CSV (UTF-8)."),
    (b"\x1F\x8B", "this is packed with gzip", "Unpack it with `gunzip`."),
    (b"\xD0\xCF\x11\xE0", "this is an old Excel workbook", "Save its sheet as CSV (UTF-8)."),
];

/// The text of a file. What is not UTF-8 is taken for Windows-1252, in which FDA writes its tables.
fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| unread(InputError::of_io(path, error)))?;
    if let Some((_, what, help)) = PACKED.iter().find(|(start, ..)| bytes.starts_with(start)) {
        let what = format!("{}: {what}", path.display());
        return Err(Failure::Usage { what, help: (*help).to_owned() });
    }
    let name = path.to_string_lossy();
    match read::decode(&name, bytes.clone()) {
        Ok(decoded) => Ok(decoded.text),
        Err(InputError::NotText { .. }) if !bytes.contains(&0) => {
            say(&format!("note: {name}: read as Windows-1252"));
            Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned())
        }
        Err(error) => Err(unread(error)),
    }
}

fn changed(path: &Path) -> Option<Date> {
    let changed = path.metadata().ok()?.modified().ok()?;
    Some(jiff::Timestamp::try_from(changed).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// What was imported before. A damaged file is of no use to anybody, and is started anew.
fn earlier(path: &Path) -> Result<Option<Imported>, Failure> {
    match imported::read(path) {
        Err(Failure::Imported { why, .. }) if why.contains("damaged") => {
            say(&format!("warning: {} was damaged and is started anew", path.display()));
            say("  help: Import the other sources again, too.");
            Ok(None)
        }
        read => read,
    }
}

fn keep(config: &Config, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    // The user's own folder is made where it is missing; a folder that the user names is there.
    if imported::path(config).as_deref() == Some(path)
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder).map_err(|source| Failure::Output { path: path.to_owned(), source })?;
    }
    let mut sink = Sink::open(Some(path))?;
    std::io::Write::write_all(&mut sink, bytes).map_err(Failure::Write)?;
    sink.close()
}
