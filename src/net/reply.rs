//! What came back from one request: the head, and as much of the body as somebody wants to read, within bounds.

use std::io::{self, Write};
use std::time::Duration;

use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;

use crate::evidence::links::page::Page;
use crate::evidence::pages::Text;

use super::failure::Failure;

/// How much of a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Appetite {
    /// Of a page its beginning: what it says it is. Nothing of anything else.
    Beginning,
    /// Of a page all. Nothing of anything else.
    Page,
    /// Of a page all, and its text. Nothing of anything else.
    Text,
    /// All, whatever it is.
    Whole,
    /// All of a list that is published as a whole.
    List,
}

/// Longest beginning of a page, longest page, and longest reply of a service, in bytes once unpacked. The longest real
/// replies are below a tenth of it.
const LONGEST_BEGINNING: usize = 128 * 1024;
const LONGEST: usize = 8 * 1024 * 1024;
/// Longest list that is published as a whole: EMA's has some 5 MB.
const LONGEST_LIST: usize = 64 * 1024 * 1024;
/// What is packed tighter than that is meant to burst. Real pages unpack to ten times their size.
const MOST_DENSE: usize = 100;
/// Below this size nothing bursts.
const HARMLESS: usize = 1024 * 1024;

/// Why a body is not whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Enough has been read.
    Enough,
    /// It is longer than anybody reads.
    TooLong,
    /// It is packed so tightly that it can only be meant to burst.
    TooDense,
    /// It ended in a failure.
    Failed(Failure),
}

/// A server's answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// What was read of the body, unpacked.
    pub(super) body: Vec<u8>,
    /// Why there may be more of it.
    pub(super) cut: Option<Cut>,
    /// The page in it, where it is one and somebody wants to read it.
    pub(super) page: Option<Page>,
    /// Its text, where somebody wants it; `Err`: it cannot be read, for that reason.
    pub(super) text: Option<Result<Text, String>>,
}

impl Reply {
    /// Reads on behind the head, for at most `longest`.
    pub(super) async fn read(response: Response, appetite: Appetite, longest: Duration) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut reply = Self { status, headers, body: Vec::new(), cut: None, page: None, text: None };
        let wants = match appetite {
            Appetite::Whole | Appetite::List => true,
            Appetite::Text | Appetite::Page | Appetite::Beginning => reply.is_page() && !reply.status.is_redirection(),
        };
        if !wants {
            reply.cut = Some(Cut::Enough);
            return reply;
        }
        let most = match appetite {
            Appetite::Beginning => LONGEST_BEGINNING,
            Appetite::Page | Appetite::Text | Appetite::Whole => LONGEST,
            Appetite::List => LONGEST_LIST,
        };
        let is_packed = reply.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
        let mut unpacked = Unpacked::new(is_packed, most);
        let read = unpacked.fill(response, appetite == Appetite::Beginning, longest);
        reply.cut = match timeout(longest, read).await {
            Ok(Ok(())) => None,
            Ok(Err(cut)) => Some(cut),
            Err(_) => Some(Cut::Failed(Failure::TimedOut(longest))),
        };
        reply.body = unpacked.take();
        // What is too long to be searched is not searched in part either: that would take its time for nothing.
        let is_too_much = appetite != Appetite::Beginning && matches!(reply.cut, Some(Cut::TooLong | Cut::TooDense));
        if !matches!(appetite, Appetite::Whole | Appetite::List) && !reply.body.is_empty() && !is_too_much {
            let html = reply.decoded();
            let page = Page::read(&html);
            let text = (appetite == Appetite::Text).then(|| Text::of_page(&html, &page));
            (reply.page, reply.text) = (Some(page), text);
        }
        reply
    }

    /// Whether it says that it is HTML.
    pub(super) fn is_page(&self) -> bool {
        let kind = self.content_type();
        ["text/html", "application/xhtml+xml"].iter().any(|html| kind.starts_with(html))
    }

    /// Whether what was read of a page is enough to know what it is about.
    pub(super) fn has_begun(&self) -> bool {
        self.page.as_ref().is_some_and(Page::has_begun)
    }

    /// Its body as text, by the encoding that it names in its head or its beginning.
    fn decoded(&self) -> std::borrow::Cow<'_, str> {
        let beginning = String::from_utf8_lossy(&self.body[..self.body.len().min(1024)]);
        let named = charset(&self.content_type()).or_else(|| charset(&beginning.to_ascii_lowercase()));
        named.unwrap_or(encoding_rs::UTF_8).decode(&self.body).0
    }

    pub(super) fn content_type(&self) -> String {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        kind.trim().to_ascii_lowercase()
    }
}

/// The encoding behind `charset=` in a text in lower case.
fn charset(text: &str) -> Option<&'static encoding_rs::Encoding> {
    let (_, behind) = text.split_once("charset=")?;
    let label: String = behind
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
        .collect();
    encoding_rs::Encoding::for_label(label.as_bytes())
}

/// A body on its way in.
enum Unpacked {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

/// Bytes up to a bound; what goes beyond is refused.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        let room = self.most - self.bytes.len();
        self.bytes.extend_from_slice(&more[..more.len().min(room)]);
        if more.len() > room { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(more.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unpacked {
    fn new(is_packed: bool, most: usize) -> Self {
        let bounded = Bounded { bytes: Vec::new(), most };
        if is_packed { Self::Gzip(Box::new(MultiGzDecoder::new(bounded))) } else { Self::Plain(bounded) }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(bounded) => &bounded.bytes,
            Self::Gzip(decoder) => &decoder.get_ref().bytes,
        }
    }

    fn take(self) -> Vec<u8> {
        match self {
            Self::Plain(bounded) => bounded.bytes,
            Self::Gzip(mut decoder) => std::mem::take(&mut decoder.get_mut().bytes),
        }
    }

    /// Takes in a response until it ends, is too much, or has shown its beginning where no more is wanted.
    async fn fill(&mut self, mut response: Response, is_beginning: bool, longest: Duration) -> Result<(), Cut> {
        let mut received = 0;
        while let Some(chunk) = response.chunk().await.map_err(|error| Cut::Failed(Failure::of(&error, longest)))? {
            received += chunk.len();
            let before = self.bytes().len();
            let written = match self {
                Self::Plain(bounded) => bounded.write_all(&chunk),
                Self::Gzip(decoder) => decoder.write_all(&chunk).and_then(|()| decoder.flush()),
            };
            let size = self.bytes().len();
            if size > HARMLESS && size > received.saturating_mul(MOST_DENSE) {
                return Err(Cut::TooDense);
            }
            match written {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => return Err(Cut::TooLong),
                Err(_) => return Err(Cut::Failed(Failure::Connection("the body cannot be unpacked".to_owned()))),
            }
            // What was looked at is not looked at again: a body may come byte by byte.
            if is_beginning && shows_heading(&self.bytes()[before.saturating_sub(END_OF_HEADING.len())..]) {
                return Err(Cut::Enough);
            }
        }
        let is_whole = match self {
            Self::Gzip(decoder) => received == 0 || decoder.try_finish().is_ok(),
            Self::Plain(_) => true,
        };
        let early = || Cut::Failed(Failure::Connection("connection closed early".to_owned()));
        is_whole.then_some(()).ok_or_else(early)
    }
}

const END_OF_HEADING: &[u8] = b"</h1>";

/// Whether a page's main heading has come.
fn shows_heading(html: &[u8]) -> bool {
    html.windows(END_OF_HEADING.len()).any(|part| part.eq_ignore_ascii_case(END_OF_HEADING))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_where_they_are_named() {
        let name = |text: &str| charset(text).map(encoding_rs::Encoding::name);
        assert_eq!(name("text/html; charset=iso-8859-1"), Some("windows-1252"));
        assert_eq!(name("<meta charset=\"utf-16le\">"), Some("UTF-16LE"));
        assert_eq!((name("text/html"), name("text/html; charset=klingon")), (None, None));
    }

    #[test]
    fn a_bound_holds() {
        let mut bounded = Bounded { bytes: Vec::new(), most: 5 };
        assert!(bounded.write_all(b"abc").is_ok() && bounded.write_all(b"defg").is_err());
        assert_eq!(bounded.bytes, b"abcde");
    }
}
