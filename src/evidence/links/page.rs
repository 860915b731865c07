//! What a page offers to those who link to it: its title, its main heading, its anchors, its words.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::percent_decoded;
use super::web::{self, Says};

/// A page's parts that links are judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The text of its `<title>`, white space made one.
    pub title: String,
    /// The text of its first `<h1>`.
    pub heading: String,
    /// Where it sends its readers at once by `<meta http-equiv="refresh">`, as written.
    pub refresh: Option<String>,
    /// What stands in `id` attributes, and in `name` attributes of `<a>`.
    pub anchors: Vec<String>,
    /// The language that it says it is in (`en-GB`); may be empty.
    pub language: String,
    /// Its words without white space, in lower case: what text fragments are looked for in.
    letters: String,
    /// How often it runs scripts.
    scripts: usize,
}

/// How a fragment fares on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It leads to a place, or to one that no more than a script can find.
    Found,
    /// The page has no such place; why, for people.
    Missing(String),
    /// The page is written by its scripts, so nobody can tell from its source.
    Scripted,
}

/// Longest wait of a refresh that is a redirect, in seconds.
const AT_ONCE: f64 = 5.0;
/// A page with scripts and fewer letters than this is made by them.
const FEW_LETTERS: usize = 200;
/// Elements whose text nobody reads.
const UNREAD: [&[u8]; 4] = [b"script", b"style", b"template", b"noscript"];

impl Page {
    /// Reads the source of a page, whole or its beginning. Never fails: what is no HTML is a page without parts.
    pub fn read(html: &str) -> Self {
        let mut page = Page::default();
        let mut emitter = DefaultEmitter::<()>::new_with_span();
        emitter.naively_switch_states(true);
        let mut inside: Vec<u8> = Vec::new();
        let mut unread: Option<Vec<u8>> = None;
        for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
            match token {
                Token::StartTag(tag) => {
                    page.note(&tag);
                    let name = tag.name.to_vec();
                    page.scripts += usize::from(name == b"script");
                    if unread.is_none() && UNREAD.contains(&name.as_slice()) && !tag.self_closing {
                        unread = Some(name);
                    } else if page.wants(&name) {
                        inside = name;
                    }
                }
                Token::EndTag(tag) => {
                    if unread.as_deref() == Some(&tag.name[..]) {
                        unread = None;
                    }
                    if inside == tag.name[..] {
                        inside.clear();
                    }
                }
                Token::String(text) if unread.is_none() => page.hear(&String::from_utf8_lossy(&text.value), &inside),
                _ => {}
            }
        }
        for text in [&mut page.title, &mut page.heading] {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        page
    }

    /// Whether an element's text is the title or the main heading: the first of its kind.
    fn wants(&self, element: &[u8]) -> bool {
        match element {
            b"title" => self.title.is_empty(),
            b"h1" => self.heading.is_empty(),
            _ => false,
        }
    }

    fn note(&mut self, tag: &StartTag<()>) {
        let attribute = |wanted: &str| {
            let mut all = tag.attributes.iter();
            all.find(|(key, _)| key[..] == *wanted.as_bytes())
                .map(|(_, value)| String::from_utf8_lossy(&value.value).into_owned())
        };
        self.anchors.extend(attribute("id"));
        match &tag.name[..] {
            b"html" => self.language = attribute("lang").unwrap_or_default(),
            b"a" => self.anchors.extend(attribute("name")),
            b"meta" if attribute("http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("refresh")) => {
                let to = attribute("content").and_then(|content| refresh(&content));
                self.refresh = self.refresh.take().or(to);
            }
            _ => {}
        }
    }

    fn hear(&mut self, text: &str, inside: &[u8]) {
        match inside {
            b"title" => self.title.push_str(text),
            b"h1" => self.heading.push_str(text),
            _ => {}
        }
        if inside != b"title" {
            self.letters.push_str(&letters(text));
        }
    }

    /// What the page says of itself, and the words in which it does.
    pub fn says(&self) -> Option<(Says, &str)> {
        web::says(&self.title).map(|says| (says, self.title.as_str())).or_else(|| {
            // A wall's or a server's page has a title that tells; a heading may be about anything.
            let missing = web::says(&self.heading).filter(|says| *says == Says::Missing);
            missing.map(|says| (says, self.heading.as_str()))
        })
    }

    /// Whether it runs scripts, which may write more of it.
    pub fn is_scripted(&self) -> bool {
        self.scripts > 0
    }

    /// Whether its beginning has been read: what comes after is no longer about the page as a whole.
    pub fn has_begun(&self) -> bool {
        !self.title.is_empty() || !self.heading.is_empty() || self.letters.len() >= FEW_LETTERS
    }

    /// How a fragment, as written in a link, fares on the page.
    pub fn place(&self, fragment: &str) -> Place {
        let (anchor, directive) = match fragment.split_once(":~:") {
            Some((anchor, directive)) => (anchor, Some(directive)),
            None => (fragment, None),
        };
        let why = match directive {
            _ if !self.offers(anchor) => format!("there is no heading or anchor `#{anchor}` on the page"),
            Some(directive) => match self.missing_words(directive) {
                Some(words) => format!("the page does not hold the words “{words}”"),
                None => return Place::Found,
            },
            None => return Place::Found,
        };
        if self.is_scripted() && self.letters.len() < FEW_LETTERS { Place::Scripted } else { Place::Missing(why) }
    }

    /// Whether it has that anchor. GitHub sets `user-content-` before those of its readers' texts, in lower case.
    fn offers(&self, fragment: &str) -> bool {
        let is_built_in = fragment.is_empty() || fragment.eq_ignore_ascii_case("top") || web::is_for_scripts(fragment);
        let decoded = percent_decoded(fragment);
        let github = format!("user-content-{}", decoded.to_lowercase());
        is_built_in || self.anchors.iter().any(|anchor| *anchor == fragment || *anchor == decoded || *anchor == github)
    }

    /// The words of a text directive (`text=prefix-,start,end,-suffix`) that are not on the page, unless one of several
    /// directives is met. `None`: it leads to its words.
    fn missing_words(&self, directive: &str) -> Option<String> {
        let mut missing = None;
        for text in directive.split('&').filter_map(|part| part.strip_prefix("text=")) {
            let parts: Vec<String> = text.split(',').map(percent_decoded).collect();
            let is_context =
                |at: usize, part: &str| (at == 0 && part.ends_with('-')) || (at > 0 && part.starts_with('-'));
            let words = parts.iter().enumerate().filter(|(at, part)| !is_context(*at, part)).map(|(_, part)| part);
            let words: Vec<&String> = words.collect();
            if self.holds_in_order(&words) {
                return None;
            }
            missing = missing.or(words.first().map(|start| (*start).clone()));
        }
        missing
    }

    fn holds_in_order(&self, words: &[&String]) -> bool {
        let mut rest = self.letters.as_str();
        words.iter().all(|part| {
            let part = letters(part);
            let found = rest.find(&part);
            rest = found.map_or("", |at| &rest[at + part.len()..]);
            found.is_some()
        })
    }
}

/// The letters of a text in lower case: what is left when it does not matter how it is set.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase).collect()
}

/// The address in `0; url=/new`.
fn refresh(content: &str) -> Option<String> {
    let (wait, rest) = content.split_once([';', ','])?;
    if wait.trim().parse::<f64>().ok()? > AT_ONCE {
        return None;
    }
    let rest = rest.trim();
    let is_named = rest.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("url"));
    let to = if is_named { rest[3..].trim_start().strip_prefix('=')? } else { rest };
    let to = to.trim().trim_matches(['"', '\'']);
    (!to.is_empty()).then(|| to.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><title>On\n MS</title><script>var t = '<h1 id=no>';</script></head>
        <body id=body><h1>Multiple <b>sclerosis</b></h1><a name=risks></a><h2 id='user-content-what-next'>What next</h2>
        <p id=résumé>It does <i>not</i> cure&nbsp;MS.</p><p>Take care.</p><p>There is more to say of it than fits
        into a line, and so that nobody takes this page for one that its scripts have to fill, some of it is said here, and some
        more of it there, until there are letters enough for everybody who counts them.</p><h1>Later</h1></body></html>";

    #[test]
    fn parts_of_a_page() {
        let page = Page::read(PAGE);
        assert_eq!((page.title.as_str(), page.refresh.clone()), ("On MS", None));
        assert_eq!(page.heading, "Multiple sclerosis");
        assert_eq!(page.anchors, ["body", "risks", "user-content-what-next", "résumé"]);
        assert!(page.has_begun() && !Page::read("<html><head><meta charset=utf-8>").has_begun());
    }

    #[test]
    fn fragments_lead_to_places() {
        let page = Page::read(PAGE);
        for found in [
            "risks",
            "",
            "top",
            "What-Next",
            "r%C3%A9sum%C3%A9",
            "page=2",
            ":~:text=not%20cure,care",
            "risks:~:text=It%20does-,not,-cure",
            ":~:text=nothing&text=does%20not%20cure%20MS",
        ] {
            assert_eq!(page.place(found), Place::Found, "{found}");
        }
        for (missing, why) in [
            ("Risks", "there is no heading or anchor `#Risks` on the page"),
            ("no", "there is no heading or anchor `#no` on the page"),
            (":~:text=it%20cures%20MS", "the page does not hold the words “it cures MS”"),
            (":~:text=care,cure", "the page does not hold the words “care”"),
        ] {
            assert_eq!(page.place(missing), Place::Missing(why.to_owned()));
        }
        let empty = Page::read("<title>App</title><div id=root></div><script src=app.js></script>");
        assert_eq!(empty.place("risks"), Place::Scripted);
    }

    #[test]
    fn refreshes_are_read() {
        let to = |content: &str| Page::read(&format!("<meta http-equiv=Refresh content=\"{content}\">")).refresh;
        assert_eq!(to("0; url=/new").as_deref(), Some("/new"));
        assert_eq!(to("0;URL='https://a.org/'").as_deref(), Some("https://a.org/"));
        assert_eq!(to("1, /new").as_deref(), Some("/new"));
        assert_eq!((to("300; url=/new"), to("5"), to("x; url=/a")), (None, None, None));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_page(html in "\\PC{0,200}", fragment in "\\PC{0,30}") {
            let page = Page::read(&html);
            page.place(&fragment);
            page.says();
        }
    }
}
