//! One page for people without a terminal: each article as written with findings in its margin, what it claims, and an
//! overview of many. It asks nothing of the network, and a strict policy holds it to that.

mod claims;
mod escape;
mod glossary;
mod note;
mod overview;
mod text;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::report::{FileReport, Output, Row, Summary, counted, grouped};
use crate::rules::Rule;

use escape::{Text, icon};
use glossary::Glossary;
use overview::{Counts, Entry, SEVERITIES, slot};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const ICONS: &str = include_str!("icons.svg");
/// The page with `{names}` where its parts go.
const FRAME: &str = include_str!("page.template");

/// Up to so many articles are shown whole. Of more, those without findings and claims that nothing decides are counted
/// alone, so that the page of an archive can still be opened.
const FEW: usize = 12;

/// The page. It is written at the end, since the overview that it begins with is known only then.
#[derive(Default)]
pub(super) struct Html {
    glossary: Glossary,
    packs: BTreeMap<String, Counts>,
    entries: Vec<Entry>,
    articles: Vec<Section>,
    unread: Vec<String>,
}

/// An article's part of the page.
struct Section {
    /// The article's number, less one.
    at: usize,
    /// All but its end.
    text: String,
    /// Claims that nothing decides.
    open_claims: String,
}

impl Output for Html {
    fn about(&mut self, rules: &[Rule]) {
        self.glossary = Glossary::new(rules);
    }

    fn shows_articles(&self) -> bool {
        true
    }

    fn file(&mut self, _out: &mut dyn Write, file: &FileReport) -> io::Result<()> {
        let entry = Entry::new(file);
        for row in &file.rows {
            self.glossary.count(row);
            let counts = self.packs.entry(pack(row).to_owned()).or_default();
            counts[slot(row.severity)] += 1;
        }
        let section = Section::new(self.entries.len(), file, &entry).map_err(io::Error::other)?;
        self.articles.push(section);
        self.entries.push(entry);
        if self.entries.len() > FEW {
            self.shorten();
        }
        Ok(())
    }

    fn unread(&mut self, why: &str) {
        self.unread.push(why.to_owned());
    }

    fn finish(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        for section in &self.articles {
            self.entries[section.at].is_shown = true;
        }
        // The frame is cut at its names, so that nothing in a draft can be taken for one.
        for part in FRAME.split('{') {
            let Some((name, rest)) = part.split_once('}') else {
                out.write_all(part.as_bytes())?;
                continue;
            };
            match name {
                "articles" => self.articles.iter().try_for_each(|section| self.section(out, section))?,
                _ => out.write_all(self.part(name, summary).map_err(io::Error::other)?.as_bytes())?,
            }
            out.write_all(rest.as_bytes())?;
        }
        Ok(())
    }
}

impl Html {
    /// Leaves out of the articles that came last what is not shown of many; with the first one too many, of all.
    fn shorten(&mut self) {
        let whole = if self.entries.len() == FEW + 1 { 0 } else { self.articles.len() - 1 };
        let last = self.articles.split_off(whole).into_iter();
        let has_findings = |section: &Section| self.entries[section.at].counts != Counts::default();
        let short = last.filter(has_findings).map(|section| Section { open_claims: String::new(), ..section });
        self.articles.extend(short);
    }

    fn section(&self, out: &mut dyn Write, section: &Section) -> io::Result<()> {
        out.write_all(section.text.as_bytes())?;
        let open = claims::open(&self.entries[section.at].verdicts);
        match open > 0 && section.open_claims.is_empty() {
            true => write!(out, "<p class=\"uncounted\">{}</p>", claims::undecided(open))?,
            false => out.write_all(section.open_claims.as_bytes())?,
        }
        let has_claims = self.entries[section.at].verdicts != [0; 6];
        writeln!(out, "{}</div></article>", if has_claims { "</section>" } else { "" })
    }

    /// A part of the frame, by its name.
    fn part(&self, name: &str, summary: &Summary) -> Result<String, fmt::Error> {
        let mut out = String::new();
        match name {
            "style-hash" => out = hash(STYLE),
            "script-hash" => out = hash(SCRIPT),
            "style" => out.push_str(STYLE),
            "script" => out.push_str(SCRIPT),
            "icons" => out.push_str(ICONS.trim_end()),
            "version" => out.push_str(env!("CARGO_PKG_VERSION")),
            "title" => write!(out, "{}", Text(&title(summary)))?,
            "counts" => self.counts(&mut out, summary)?,
            "severities" => severities(&mut out, summary)?,
            "packs" => self.pack_options(&mut out)?,
            "unread" => self.not_read(&mut out)?,
            "overview" if self.entries.len() > 1 => overview::write(&mut out, &self.entries, &self.packs)?,
            "rules" => self.glossary.write(&mut out)?,
            _ => {}
        }
        Ok(out)
    }

    /// Writes what was found and what was not looked at, in words.
    fn counts(&self, out: &mut String, summary: &Summary) -> fmt::Result {
        out.push_str("<p class=\"counts\">");
        for (n, (letter, name)) in [summary.error, summary.warning, summary.info].into_iter().zip(SEVERITIES) {
            out.push_str("<span>");
            icon(out, letter)?;
            write!(out, "{}</span> ", counted(n, name))?;
        }
        write!(out, "<span>in {}</span></p>", counted(summary.words, "word"))?;
        if summary.unchecked > 0 {
            let n = counted(summary.unchecked, "question");
            write!(
                out,
                "<p class=\"unasked\">{n} about links and records nobody answered. They are unchecked, not passed.</p>"
            )?;
        }
        Ok(())
    }

    fn pack_options(&self, out: &mut String) -> fmt::Result {
        for (pack, counts) in &self.packs {
            write!(out, "<option value=\"{0}\">{0} ({1})</option>", Text(pack), counts.iter().sum::<usize>())?;
        }
        Ok(())
    }

    fn not_read(&self, out: &mut String) -> fmt::Result {
        if self.unread.is_empty() {
            return Ok(());
        }
        out.push_str(
            "<section class=\"unread\" aria-labelledby=\"unread-title\"><h2 id=\"unread-title\">Not read</h2><ul>",
        );
        for why in &self.unread {
            write!(out, "<li>{}</li>", Text(why))?;
        }
        out.push_str("</ul></section>\n");
        Ok(())
    }
}

fn title(summary: &Summary) -> String {
    let found = summary.error + summary.warning + summary.info;
    let found = if found == 0 { "Nothing found".to_owned() } else { counted(found, "finding") };
    format!("{found} in {}", counted(summary.files, "article"))
}

fn severities(out: &mut String, summary: &Summary) -> fmt::Result {
    for (n, (letter, name)) in [summary.error, summary.warning, summary.info].into_iter().zip(SEVERITIES) {
        write!(out, "<label class=\"{letter}\"><input type=\"checkbox\" name=\"{letter}\" checked>")?;
        icon(out, letter)?;
        write!(out, "<span class=\"said\">{name}s: </span>{}</label>", grouped(n))?;
    }
    Ok(())
}

fn pack(row: &Row) -> &str {
    row.rule.split_once('/').map_or(&*row.rule, |(pack, _)| pack)
}

impl Section {
    fn new(at: usize, file: &FileReport, entry: &Entry) -> Result<Self, fmt::Error> {
        let (mut text, mut open_claims, number) = (String::new(), String::new(), at + 1);
        let article = file.article.as_deref();
        header(&mut text, number, file, entry)?;
        text.push_str("<div class=\"sheet\">\n");
        match article {
            Some(article) if !article.pieces.is_empty() => text::write(&mut text, number, article, &file.rows)?,
            _ => text::write_lines(&mut text, number, &file.rows)?,
        }
        if file.rows.is_empty() {
            text.push_str("<p class=\"nothing\">Nothing was found here.</p>\n");
        }
        if let Some(article) = article.filter(|article| !article.claims.is_empty()) {
            write!(text, "<section class=\"claims\"><h3>What it claims</h3>")?;
            claims::write(&mut text, number, article)?;
            claims::write_open(&mut open_claims, number, article)?;
        }
        Ok(Self { at, text, open_claims })
    }
}

fn header(out: &mut String, number: usize, file: &FileReport, entry: &Entry) -> fmt::Result {
    let title = file.article.as_deref().and_then(|article| article.title.as_deref());
    let title = Text(title.unwrap_or(&file.path));
    // The name stands in the tag: of what is not drawn yet, browsers take no name from its heading.
    writeln!(out, "<article class=\"draft\" id=\"a{number}\" aria-label=\"{title}\" tabindex=\"-1\">")?;
    write!(out, "<header><h2 dir=\"auto\">{title}</h2>")?;
    write!(out, "<p class=\"path\"><span>{}</span> <span class=\"found\">", Text(&file.path))?;
    for (n, (letter, name)) in entry.counts.into_iter().zip(SEVERITIES).filter(|(n, _)| *n > 0) {
        icon(out, letter)?;
        write!(out, "{n}<span class=\"said\"> {name}s</span>&ensp;")?;
    }
    writeln!(out, "</span> <span>{}</span></p></header>", counted(file.words, "word"))
}

/// What the page's policy allows, as it names it. Browsers read every line end as one character before they compare.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.replace("\r\n", "\n"))))
}
