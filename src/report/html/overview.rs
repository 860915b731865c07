//! Many articles at a glance: findings by pack, claims by verdict, and a row an article.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::evidence::Verdict;
use crate::finding::Severity;
use crate::report::{FileReport, counted, grouped};

use super::claims::{self, ORDER};
use super::escape::{Text, icon};

/// Counts of errors, warnings and infos.
pub(super) type Counts = [usize; 3];

/// Letters and names of the counts.
pub(super) const SEVERITIES: [(&str, &str); 3] = [("e", "error"), ("w", "warning"), ("o", "info")];

/// Where in [`Counts`] a severity is counted.
pub(super) fn slot(severity: Severity) -> usize {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

/// What the overview says of one article.
pub(super) struct Entry {
    path: String,
    title: Option<String>,
    words: usize,
    pub(super) counts: Counts,
    pub(super) verdicts: [usize; 6],
    /// Whether the page holds its text.
    pub(super) is_shown: bool,
}

impl Entry {
    pub(super) fn new(file: &FileReport) -> Self {
        let mut counts = Counts::default();
        file.rows.iter().for_each(|row| counts[slot(row.severity)] += 1);
        let article = file.article.as_deref();
        Self {
            path: file.path.clone(),
            title: article.and_then(|article| article.title.clone()),
            words: file.words,
            counts,
            verdicts: article.map(|article| claims::counts(&article.claims)).unwrap_or_default(),
            is_shown: false,
        }
    }
}

/// Writes the overview.
pub(super) fn write(out: &mut String, entries: &[Entry], packs: &BTreeMap<String, Counts>) -> fmt::Result {
    out.push_str("<section id=\"overview\" aria-labelledby=\"overview-title\"><h2 id=\"overview-title\">Overview</h2>\n<div class=\"charts\">\n");
    by_pack(out, packs)?;
    by_verdict(out, entries)?;
    out.push_str("</div>\n");
    articles(out, entries)?;
    out.push_str("</section>\n");
    Ok(())
}

fn by_pack(out: &mut String, packs: &BTreeMap<String, Counts>) -> fmt::Result {
    if packs.is_empty() {
        return Ok(());
    }
    let mut packs: Vec<(&String, &Counts)> = packs.iter().collect();
    packs.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.iter().sum::<usize>()), *name));
    let most = packs.iter().map(|(_, counts)| counts.iter().sum()).max().unwrap_or(1);
    out.push_str("<table class=\"chart\"><caption>Findings by pack</caption><tbody>\n");
    for (name, counts) in packs {
        write!(out, "<tr><th scope=\"row\">{}</th><td class=\"bar\">", Text(name))?;
        bar(out, counts, most)?;
        writeln!(out, "</td><td class=\"num\">{}</td></tr>", grouped(counts.iter().sum()))?;
    }
    out.push_str("</tbody></table>\n");
    Ok(())
}

/// Only what is decided gets a bar: beside the many claims that nothing decides it would not be seen.
fn by_verdict(out: &mut String, entries: &[Entry]) -> fmt::Result {
    let counts = ORDER.iter().enumerate().map(|(at, verdict)| {
        let count: usize = entries.iter().map(|entry| entry.verdicts[at]).sum();
        (*verdict, count)
    });
    let counts: Vec<(Verdict, usize)> = counts.filter(|(_, n)| *n > 0).collect();
    if counts.is_empty() {
        return Ok(());
    }
    let is_decided = |verdict: Verdict| verdict > Verdict::Unverifiable;
    let most = counts.iter().filter(|(verdict, _)| is_decided(*verdict)).map(|(_, n)| *n).max().unwrap_or(1);
    out.push_str("<table class=\"chart\"><caption>Claims by verdict</caption><tbody>\n");
    for (verdict, n) in counts {
        let name = verdict.name();
        out.push_str("<tr><th scope=\"row\">");
        icon(out, name)?;
        write!(out, "{name}</th><td class=\"bar\">")?;
        if is_decided(verdict) {
            write!(
                out,
                "<svg class=\"bar\" viewBox=\"0 0 {most} 9\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                 <rect class=\"v-{name}\" width=\"{n}\" y=\"2\" height=\"5\"/></svg>"
            )?;
        }
        writeln!(out, "</td><td class=\"num\">{}</td></tr>", grouped(n))?;
    }
    out.push_str("</tbody></table>\n");
    Ok(())
}

/// Writes a bar whose whole width stands for `most`. The graver, the higher: its parts can be told without colour.
fn bar(out: &mut String, counts: &Counts, most: usize) -> fmt::Result {
    let told: Vec<String> =
        SEVERITIES.iter().zip(counts).filter(|(_, n)| **n > 0).map(|((_, name), n)| counted(*n, name)).collect();
    write!(
        out,
        "<svg class=\"bar\" viewBox=\"0 0 {} 9\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        most.max(1),
        told.join(", ")
    )?;
    let mut x = 0;
    for (at, ((letter, _), n)) in SEVERITIES.iter().zip(counts).enumerate().filter(|(_, (_, n))| **n > 0) {
        let height = 9 - 3 * at;
        write!(out, "<rect class=\"{letter}\" x=\"{x}\" width=\"{n}\" y=\"{}\" height=\"{height}\"/>", 9 - height)?;
        x += n;
    }
    out.push_str("</svg>");
    Ok(())
}

fn articles(out: &mut String, entries: &[Entry]) -> fmt::Result {
    let most = entries.iter().map(|entry| entry.counts.iter().sum()).max().unwrap_or(1);
    out.push_str("<table class=\"articles\"><caption>Articles</caption><thead><tr><th scope=\"col\">Article</th><th scope=\"col\" class=\"num\">Words</th>");
    for (letter, name) in SEVERITIES {
        let name = plural(name);
        write!(out, "<th scope=\"col\" class=\"num\" title=\"{name}\">")?;
        icon(out, letter)?;
        write!(out, "<span class=\"said\">{name}</span></th>")?;
    }
    out.push_str("<th scope=\"col\" class=\"num\" title=\"Claims contradicted\">");
    icon(out, "contradicted")?;
    out.push_str("<span class=\"said\">Claims contradicted</span></th><td></td></tr></thead><tbody>\n");
    for (at, entry) in entries.iter().enumerate() {
        let number = at + 1;
        write!(out, "<tr data-a=\"{number}\"><th scope=\"row\">")?;
        let name = entry.title.as_deref().unwrap_or(&entry.path);
        match entry.is_shown {
            true => write!(out, "<a href=\"#a{number}\">{}</a>", Text(name))?,
            false => write!(out, "{}", Text(name))?,
        }
        write!(
            out,
            "<span class=\"path\">{}</span></th><td class=\"num\">{}</td>",
            Text(&entry.path),
            grouped(entry.words)
        )?;
        for n in entry.counts {
            number_cell(out, n)?;
        }
        number_cell(out, entry.verdicts[0])?;
        out.push_str("<td class=\"bar\">");
        if entry.counts != Counts::default() {
            bar(out, &entry.counts, most)?;
        }
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>\n");
    Ok(())
}

fn number_cell(out: &mut String, n: usize) -> fmt::Result {
    let none = if n == 0 { " none" } else { "" };
    write!(out, "<td class=\"num{none}\">{}</td>", grouped(n))
}

fn plural(name: &str) -> String {
    let mut name = format!("{name}s");
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}
