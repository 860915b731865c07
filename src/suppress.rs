//! Comments with which a writer accepts findings, each with its reason.
//!
//! ```markdown
//! <!-- caveat-ignore cure-claim: a verbatim quotation, rebutted below -->     the block it stands in, or the next one
//! <!-- caveat-ignore-start cure-claim, hype: reason --> … <!-- caveat-ignore-end -->
//! <!-- caveat-ignore-file hype: reason -->                                    everything
//! ```
//!
//! Names are rules, `pack/rule`, packs or codes. A comment that does nothing is itself a finding: one without a reason,
//! with an unknown name, never needed, or not understood. Those findings cannot be silenced by comments.

pub mod write;

use crate::document::{BlockKind, Comment, Document};
use crate::finding::{Finding, RuleId, Severity};
use crate::source::Span;
use crate::suggest::nearest;

/// How every comment of ours starts.
const MARK: &str = "caveat-";
/// How an accepted finding is written, for help texts.
const FORM: &str = "Write `<!-- caveat-ignore RULE: reason -->`; several rules are separated by commas.";

/// Takes out the findings that the document's comments accept and adds those about the comments themselves.
///
/// `knows` tells whether a name is a rule, `pack/rule`, pack or code; `names` are all of them, for suggestions.
pub fn apply(
    document: &Document,
    findings: Vec<Finding>,
    knows: &dyn Fn(&str) -> bool,
    names: &[String],
) -> Vec<Finding> {
    apply_where(document, findings, knows, names, &|_| true)
}

/// Like [`apply`], where `ran` tells whether every rule of that name was judged in this run: a comment is called unused
/// only then. With `--select` or `--offline` not every rule gets its say.
pub fn apply_where(
    document: &Document,
    mut findings: Vec<Finding>,
    knows: &dyn Fn(&str) -> bool,
    names: &[String],
    ran: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    if !document.comments.iter().any(|comment| comment.text.starts_with(MARK)) {
        return findings;
    }
    let mut read = Reader { document, knows, names, regions: Vec::new(), open: Vec::new(), problems: Vec::new() };
    for comment in &document.comments {
        read.comment(comment);
    }
    let (mut regions, mut problems) = read.finish();
    findings.retain(|finding| {
        let mut accepted = false;
        for region in regions.iter_mut().filter(|region| region.accepts(finding)) {
            region.used = true;
            accepted = true;
        }
        !accepted
    });
    problems.extend(regions.iter().filter(|region| !region.used && ran(&region.name)).map(unused));
    findings.extend(problems);
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// One name of one comment and the bytes for which it accepts findings.
struct Region {
    name: String,
    /// Where the name stands.
    named_at: Span,
    /// Where findings are accepted.
    span: Span,
    used: bool,
}

impl Region {
    fn accepts(&self, finding: &Finding) -> bool {
        let inside = self.span.overlaps(finding.span) || (finding.span.is_empty() && self.span.contains(finding.span));
        inside && is_meant(&self.name, finding)
    }
}

/// Whether a name means this finding, as names do in `--select`; `all` is left out on purpose, since it accepts what
/// nobody has read yet.
fn is_meant(name: &str, finding: &Finding) -> bool {
    finding.rule.is_called(name)
        || finding.rule.pack() == name
        || (name.starts_with("CAV") && finding.code.starts_with(name))
}

/// A name with the place where it is written.
#[derive(Clone)]
struct Named {
    name: String,
    span: Span,
}

struct Reader<'a> {
    document: &'a Document,
    knows: &'a dyn Fn(&str) -> bool,
    names: &'a [String],
    regions: Vec<Region>,
    /// Ranges that have started: the name, and where the range starts.
    open: Vec<(Named, u32)>,
    problems: Vec<Finding>,
}

impl Reader<'_> {
    fn comment(&mut self, comment: &Comment) {
        let Some(rest) = comment.text.strip_prefix(MARK) else { return };
        let word_end = rest.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(rest.len());
        let (word, arguments) = rest.split_at(word_end);
        match word {
            "ignore" => {
                let span = self.target(comment);
                self.accept(comment, arguments, |_| span);
            }
            "ignore-file" => {
                let whole = Span::new(0, self.document.source.text().len() as u32 + 1);
                self.accept(comment, arguments, |_| whole);
            }
            "ignore-start" => {
                if let Some(names) = self.reasoned_names(comment, arguments) {
                    self.open.extend(names.into_iter().map(|named| (named, comment.span.end)));
                }
            }
            "ignore-end" => self.end(comment, arguments),
            _ => self.misspelt(comment, word),
        }
    }

    fn accept(&mut self, comment: &Comment, arguments: &str, region: impl Fn(&Named) -> Span) {
        for named in self.reasoned_names(comment, arguments).unwrap_or_default() {
            let span = region(&named);
            self.regions.push(Region { name: named.name, named_at: named.span, span, used: false });
        }
    }

    /// The bytes that a bare `caveat-ignore` speaks of: the block it stands in, else everything up to the end of the
    /// next block; a table counts as one block.
    fn target(&self, comment: &Comment) -> Span {
        let blocks = &self.document.blocks;
        let around =
            blocks.iter().filter(|block| block.span.contains(comment.span)).min_by_key(|block| block.span.len());
        if let Some(block) = around {
            return block.span;
        }
        let Some(next) = blocks.get(comment.before_block) else { return Span::at(comment.span.end) };
        let mut span = Span::at(comment.span.end).cover(next.span);
        let of_table = |kind| matches!(kind, BlockKind::TableCell | BlockKind::TableHeader);
        if of_table(next.kind) {
            let cells = blocks[comment.before_block..].iter().take_while(|block| of_table(block.kind));
            span = cells.fold(span, |span, cell| span.cover(cell.span));
        }
        span
    }

    fn end(&mut self, comment: &Comment, arguments: &str) {
        let (names, _) = self.names_and_reason(comment, arguments);
        if self.open.is_empty() {
            self.problem(comment, "this `caveat-ignore-end` ends nothing", "No `caveat-ignore-start` is open here.");
            return;
        }
        for named in &names {
            if !self.open.iter().any(|(open, _)| open.name == named.name) {
                let message = format!("no `caveat-ignore-start {}` is open here", named.name);
                self.problem(comment, &message, "End only what was started, or leave the names out to end everything.");
            }
        }
        let closes = |named: &Named| names.is_empty() || names.iter().any(|other| other.name == named.name);
        let until = comment.span.start;
        let (closed, open) = std::mem::take(&mut self.open).into_iter().partition(|(named, _)| closes(named));
        self.open = open;
        let closed: Vec<(Named, u32)> = closed;
        for (named, from) in closed {
            let span = Span::new(from.min(until), until);
            self.regions.push(Region { name: named.name, named_at: named.span, span, used: false });
        }
    }

    /// The names of a comment that has a reason; without one it does not work and that is said.
    fn reasoned_names(&mut self, comment: &Comment, arguments: &str) -> Option<Vec<Named>> {
        let (names, reason) = self.names_and_reason(comment, arguments);
        if names.is_empty() {
            self.problem(comment, "this comment names no rule to ignore", FORM);
            return None;
        }
        if reason.is_none() {
            let finding =
                about("CAV901", "reason-missing", "this comment gives no reason, so it accepts nothing", comment.span)
                    .with_help(format!("{FORM} Whoever reads the draft next needs to know why."))
                    .with_context(&comment.text);
            self.problems.push(finding);
            return None;
        }
        let known: Vec<Named> = names.into_iter().filter(|named| self.is_known(named)).collect();
        Some(known)
    }

    fn names_and_reason<'t>(&self, comment: &Comment, arguments: &'t str) -> (Vec<Named>, Option<&'t str>) {
        let (names, reason) = match arguments.split_once(':') {
            Some((names, reason)) => (names, Some(reason.trim()).filter(|reason| !reason.is_empty())),
            None => (arguments, None),
        };
        // Where there is no colon, what follows the first word may be a reason in disguise.
        let names = names.split(',').filter_map(|name| name.split_whitespace().next());
        (names.map(|name| Named { name: name.to_owned(), span: self.place(comment, name) }).collect(), reason)
    }

    /// Where a name stands in its comment, or the whole comment if the source is not written as it reads.
    fn place(&self, comment: &Comment, name: &str) -> Span {
        let source = self.document.source.slice(comment.span);
        let is_whole = |at: usize| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '/');
            edge(source[..at].chars().next_back()) && edge(source[at + name.len()..].chars().next())
        };
        match source.match_indices(name).map(|(at, _)| at).find(|&at| is_whole(at)) {
            Some(at) => Span::from(comment.span.start as usize + at..comment.span.start as usize + at + name.len()),
            None => comment.span,
        }
    }

    fn is_known(&mut self, named: &Named) -> bool {
        if (self.knows)(&named.name) {
            return true;
        }
        let message = format!("there is no rule, pack or code “{}”", named.name);
        let help = match nearest(&named.name, self.names.iter().map(String::as_str)) {
            Some(name) => format!("Did you mean `{name}`?"),
            None => "`caveat rule` lists every rule.".to_owned(),
        };
        let finding = about("CAV903", "unknown-rule", message, named.span).with_help(help).with_context(&named.name);
        self.problems.push(finding);
        false
    }

    fn misspelt(&mut self, comment: &Comment, word: &str) {
        let words = ["ignore", "ignore-start", "ignore-end", "ignore-file"];
        let message = format!("`{MARK}{word}` is no comment that is understood here");
        let help = match nearest(word, words) {
            Some(word) => format!("Did you mean `{MARK}{word}`?"),
            None => FORM.to_owned(),
        };
        self.problem(comment, &message, &help);
    }

    fn problem(&mut self, comment: &Comment, message: &str, help: &str) {
        let finding = about("CAV904", "malformed", message, comment.span).with_help(help).with_context(&comment.text);
        self.problems.push(finding);
    }

    fn finish(mut self) -> (Vec<Region>, Vec<Finding>) {
        for (named, _) in std::mem::take(&mut self.open) {
            let message = format!("this range for `{}` is never ended, so it accepts nothing", named.name);
            let finding = about("CAV904", "malformed", message, named.span)
                .with_help(
                    "Put `<!-- caveat-ignore-end -->` behind the last paragraph meant, or use `caveat-ignore-file`.",
                )
                .with_context(&named.name);
            self.problems.push(finding);
        }
        (self.regions, self.problems)
    }
}

fn unused(region: &Region) -> Finding {
    let message = format!("nothing is accepted here: `{}` found nothing", region.name);
    about("CAV902", "unused", message, region.named_at)
        .with_help("Take the name out, or the whole comment, so that it hides nothing later.")
        .with_context(&region.name)
}

fn about(code: &str, rule: &str, message: impl Into<String>, span: Span) -> Finding {
    Finding::new(code, RuleId::new("suppress", rule), Severity::Warning, message, span)
}

#[cfg(test)]
mod tests;
