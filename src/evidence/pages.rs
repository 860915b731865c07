//! The text of a web page, as far as a program can read it, and what of it is kept.

use serde::{Deserialize, Serialize};

use super::links::page::Page;
use super::quotations;
use crate::document::{Block, BlockKind, Document};
use crate::figures::{self, Figure};
use crate::source::{Format, SourceFile};

/// What is kept of a page that a sentence cites: its figures, never its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageText {
    /// The figures that were read there; `None`: the page could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Vec<Figure>>,
    /// Why it could not be read, or why what it does not seem to have may stand there all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
}

/// A text that somebody cites.
#[derive(Clone, Debug, Default)]
pub struct Text {
    blocks: Vec<Block>,
    /// Why there may be more of it than was read.
    limits: Option<String>,
}

/// Fewest letters of a page that is more than a frame for its scripts: some seventy words.
const FEW_LETTERS: usize = 400;
/// Most figures of a page that are kept. With the words around them that is some thirty kilobytes in the lock; longer pages
/// are tables and whole papers, where what is beyond cannot be told from what is not there.
const MOST_FIGURES: usize = 200;
/// How many of a page's figures are named where it is spoken of.
const FIRST_FIGURES: usize = 5;
/// How many cells before one say what its figure is about: those of its line, in most tables.
const CELLS: usize = 3;

impl PageText {
    /// What is said of a page that could not be read.
    pub fn unread(why: impl Into<String>) -> Self {
        Self { figures: None, limits: Some(why.into()) }
    }

    /// What it has, in a few words.
    pub fn words(&self) -> String {
        let limits = self.limits.as_deref();
        let Some(figures) = &self.figures else { return format!("not read: {}", limits.unwrap_or("no reason given")) };
        match figures.as_slice() {
            [] => "no figures".to_owned(),
            some => {
                let first: Vec<&str> = some.iter().take(FIRST_FIGURES).map(|figure| figure.text.as_str()).collect();
                let more = some.len() - first.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("{}{more}", first.join(", "))
            }
        }
    }

    /// What is kept of a text.
    pub fn of(text: &Text) -> Self {
        let (figures, is_all) = text.figures();
        let more = || Some(format!("it has more than {MOST_FIGURES} figures"));
        Self { figures: Some(figures), limits: text.limits.clone().or_else(|| more().filter(|_| !is_all)) }
    }
}

impl Text {
    /// The text of a page. `Err`: it cannot be read, for that reason.
    ///
    /// # Errors
    ///
    /// Its scripts write it, or there is too little of it to be what people see.
    pub fn of_page(html: &str, page: &Page) -> Result<Self, String> {
        let text = Self::of_markup(html);
        if text.letters() < FEW_LETTERS && page.is_scripted() {
            return Err("the page is made by its scripts".to_owned());
        }
        if text.letters() == 0 {
            return Err("the page has no text".to_owned());
        }
        let is_foreign = !page.language.is_empty() && !page.language.to_lowercase().starts_with("en");
        let limits = if is_foreign {
            Some("the page is in another language".to_owned())
        } else {
            quotations::shows_beginning(html).then(|| "the page shows strangers only its beginning".to_owned())
        };
        Ok(Self { limits, ..text })
    }

    /// The text of a summary, which may hold markup; `None` where it is blank.
    pub fn of_summary(summary: &str) -> Option<Self> {
        let text = Self::of_markup(summary);
        (text.letters() > 0).then_some(text)
    }

    fn of_markup(html: &str) -> Self {
        let document = Document::parse(SourceFile::new("page", html, Format::Html));
        Self { blocks: document.blocks, limits: None }
    }

    fn letters(&self) -> usize {
        let is_read = |block: &&Block| block.kind != BlockKind::Title;
        let texts = self.blocks.iter().filter(is_read).map(|block| block.prose.text());
        texts.map(|text| text.chars().filter(|c| c.is_alphabetic()).count()).sum()
    }

    /// Why there may be more of it than was read.
    pub fn limits(&self) -> Option<&str> {
        self.limits.as_deref()
    }

    /// Its words, one block a line.
    pub fn words(&self) -> String {
        let texts: Vec<&str> = self.blocks.iter().map(|block| block.prose.text()).collect();
        texts.join("\n")
    }

    /// Its figures, each once, and whether these are all. A figure in a table or list also gets the words of the cells and
    /// headings that say what it is about.
    fn figures(&self) -> (Vec<Figure>, bool) {
        let mut figures: Vec<Figure> = Vec::new();
        let mut heading = "";
        for (at, block) in self.blocks.iter().enumerate() {
            let text = block.prose.text();
            if block.kind.is_heading() {
                heading = text;
            }
            for mut figure in figures::read(text) {
                if matches!(block.kind, BlockKind::TableCell | BlockKind::ListItem) {
                    let cells = self.blocks[at.saturating_sub(CELLS)..at].iter().rev();
                    for cell in cells.take_while(|_| block.kind == BlockKind::TableCell) {
                        figure = figure.beside(cell.prose.text());
                    }
                    figure = figure.beside(heading);
                }
                let is_known = |known: &Figure| {
                    (known.value, &known.unit, &known.near, &known.of)
                        == (figure.value, &figure.unit, &figure.near, &figure.of)
                };
                if figures.iter().any(is_known) {
                    continue;
                }
                if figures.len() == MOST_FIGURES {
                    return (figures, false);
                }
                figures.push(figure);
            }
        }
        (figures, true)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(html: &str) -> Result<PageText, String> {
        Text::of_page(html, &Page::read(html)).map(|text| PageText::of(&text))
    }

    #[test]
    fn figures_of_a_table_go_with_their_line() {
        let page = read("<h2>Side effects</h2><table><tr><td>Headache<td>18%</table><p>It took 3 weeks.").unwrap();
        let figures = page.figures.unwrap();
        assert_eq!((figures[0].text.as_str(), figures[0].around.join(" ")), ("18%", "effec heada sid".to_owned()));
        assert_eq!((figures[1].text.as_str(), figures[1].around.len()), ("3 weeks", 0));
        assert_eq!(page.limits, None);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let scripts = "<div id=root>Loading 46%</div><script src=a.js></script>";
        assert_eq!(read(scripts), Err("the page is made by its scripts".to_owned()));
        assert_eq!(read("<title>46%</title>"), Err("the page has no text".to_owned()));
        let limits = |html: &str| read(html).unwrap().limits.unwrap_or_default();
        assert_eq!(limits("<html lang=de><p>46 Prozent"), "the page is in another language");
        assert_eq!(limits("<html lang=en-GB><p>46 per cent"), "");
        let paid = "<p>46%</p><p>Log in to continue reading</p>";
        assert_eq!(limits(paid), "the page shows strangers only its beginning");
        let many: String = (0..300).map(|n| format!("<p>{n} mg of it</p>")).collect();
        assert_eq!(limits(&many), "it has more than 200 figures");
        let twice = read("<p>12 mg of it</p><p>12 mg of it</p>").unwrap();
        assert_eq!(twice.figures.unwrap().len(), 1);
    }
}
