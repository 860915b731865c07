//! Text that a browser takes for text, wherever it came from.

use std::fmt::{self, Display, Write};

use crate::report::printable;

/// Text for an element's content or a quoted attribute. Characters that steer or reorder are replaced.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut done = 0;
        for (at, c) in self.0.char_indices() {
            let safe = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\n' | '\t' => continue,
                '\r' | '\u{FEFF}' => "",
                c if printable(c) != c => "\u{FFFD}",
                _ => continue,
            };
            f.write_str(&self.0[done..at])?;
            f.write_str(safe)?;
            done = at + c.len_utf8();
        }
        f.write_str(&self.0[done..])
    }
}

/// Advice of a rule: what stands between backquotes is code.
pub(super) struct Advice<'a>(pub(super) &'a str);

impl Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, (code, after))) =
            rest.split_once('`').and_then(|(before, from)| Some((before, from.split_once('`')?)))
        {
            write!(f, "{}<code>{}</code>", Text(before), Text(code))?;
            rest = after;
        }
        write!(f, "{}", Text(rest))
    }
}

/// An address as a link where a browser may follow it, else as text: drafts name addresses of any scheme.
pub(super) struct Address<'a> {
    pub(super) url: &'a str,
    pub(super) text: &'a str,
}

impl Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let starts = |scheme: &str| self.url.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
        if starts("https://") || starts("http://") {
            write!(f, "<a href=\"{}\" rel=\"noreferrer\">{}</a>", Text(self.url), Text(self.text))
        } else if self.text == self.url {
            write!(f, "{}", Text(self.url))
        } else {
            write!(f, "{} ({})", Text(self.text), Text(self.url))
        }
    }
}

/// A picture from the page's own set, beside words that say the same.
pub(super) fn icon(out: &mut String, name: &str) -> fmt::Result {
    write!(out, "<svg class=\"i {name}\" aria-hidden=\"true\"><use href=\"#i-{name}\"/></svg>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_element_or_attribute() {
        let text = "</style>\"'&<script>\u{0}\u{1b}[2J\u{202E}\r\n\tä";
        let safe = Text(text).to_string();
        assert_eq!(safe, "&lt;/style&gt;&quot;&#39;&amp;&lt;script&gt;\u{FFFD}\u{FFFD}[2J\u{FFFD}\n\tä");
    }

    #[test]
    fn backquotes_make_code_in_pairs() {
        assert_eq!(Advice("a `<b>` c `d").to_string(), "a <code>&lt;b&gt;</code> c `d");
    }

    #[test]
    fn only_the_web_is_linked() {
        let link = |url| Address { url, text: url }.to_string();
        assert_eq!(link("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(link(" https://x"), " https://x");
        assert_eq!(
            link("HTTPS://x/?a=\"b\""),
            "<a href=\"HTTPS://x/?a=&quot;b&quot;\" rel=\"noreferrer\">HTTPS://x/?a=&quot;b&quot;</a>"
        );
        assert_eq!(Address { url: "data:x", text: "t" }.to_string(), "t (data:x)");
    }
}
