//! The Disease Ontology in OBO: names of diseases, and what they are one of.
//!
//! Only exact synonyms are names of the disease: related, broad and narrow ones name something else.

use jiff::civil::Date;

use crate::imported::{Disease, Record};

use super::{BulkError, File, Harvest};

pub(super) fn read(files: &[File<'_>]) -> Result<Harvest, BulkError> {
    let mut harvest = Harvest::default();
    for file in files {
        if !file.text.contains("[Term]") {
            return Err(BulkError {
                file: file.name.to_owned(),
                what: "this is no ontology in OBO: it has no `[Term]`".to_owned(),
                help: "Take doid.obo; the .owl and .json editions are not read.".to_owned(),
            });
        }
        let mut term: Option<(u64, Term)> = None;
        for (line, text) in (1..).zip(file.text.lines().map(str::trim)) {
            if text.starts_with('[') {
                finish(term.take(), file.name, &mut harvest);
                term = (text == "[Term]").then(|| (line, Term::default()));
            } else if let Some((_, term)) = &mut term {
                if let Err(message) = term.take(text) {
                    harvest.wrong(file.name, line, message);
                }
            } else if let Some(version) = text.strip_prefix("data-version:") {
                // "doid/releases/2026-08-19/doid.obo"
                let days = version.split(['/', ' ']).filter_map(|part| part.parse::<Date>().ok());
                harvest.as_of = days.max().or(harvest.as_of);
            }
        }
        finish(term, file.name, &mut harvest);
    }
    Ok(harvest)
}

#[derive(Default)]
struct Term {
    id: String,
    name: String,
    synonyms: Vec<String>,
    parents: Vec<String>,
    is_obsolete: bool,
}

impl Term {
    fn take(&mut self, line: &str) -> Result<(), &'static str> {
        let Some((tag, value)) = line.split_once(':') else {
            let is_beside = line.is_empty() || line.starts_with('!');
            return if is_beside { Ok(()) } else { Err("This line has no tag.") };
        };
        let value = value.trim();
        match tag {
            "id" => value.clone_into(&mut self.id),
            "name" => value.clone_into(&mut self.name),
            "is_obsolete" => self.is_obsolete = value == "true",
            "is_a" => self.parents.extend(value.split_whitespace().next().map(str::to_owned)),
            "synonym" => {
                let (name, behind) = quoted(value).ok_or("This synonym is not in quotation marks.")?;
                if behind.trim_start().starts_with("EXACT") {
                    self.synonyms.push(name);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A text in quotation marks, `\"` being one of its own, and what stands behind it.
fn quoted(value: &str) -> Option<(String, &str)> {
    let (mut text, mut escaped) = (String::new(), false);
    for (at, c) in value.strip_prefix('"')?.char_indices() {
        match c {
            _ if escaped => {
                text.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((text, &value[at + 2..])),
            c => text.push(c),
        }
    }
    None
}

fn finish(term: Option<(u64, Term)>, file: &str, harvest: &mut Harvest) {
    let Some((line, term)) = term else { return };
    harvest.rows += 1;
    if term.is_obsolete {
        harvest.leave_out("terms that are obsolete");
    } else if term.id.is_empty() || term.name.is_empty() {
        harvest.wrong(file, line, "This term has no `id` or no `name`.");
    } else {
        let Term { id, name, synonyms, parents, .. } = term;
        harvest.records.push(Record::Disease(Disease { id, name, synonyms, parents }));
    }
}
