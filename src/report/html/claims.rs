//! What an article claims, and whether it stands.

use std::fmt::{self, Write};

use crate::evidence::Verdict;
use crate::report::Article;
use crate::report::claims::{ClaimRow, manner, name};

use super::escape::{Text, icon};
use super::note;

/// Verdicts in the order in which an editor wants to see them.
pub(super) const ORDER: [Verdict; 6] = [
    Verdict::Contradicted,
    Verdict::Stale,
    Verdict::Partly,
    Verdict::Supported,
    Verdict::Unverifiable,
    Verdict::Unchecked,
];

/// How many of an article's claims have each verdict, in [`ORDER`].
pub(super) fn counts(claims: &[ClaimRow]) -> [usize; 6] {
    ORDER.map(|verdict| claims.iter().filter(|claim| claim.judgement.verdict == verdict).count())
}

/// Whether something is known that speaks for or against a claim.
fn is_decided(claim: &ClaimRow) -> bool {
    claim.judgement.verdict > Verdict::Unverifiable
}

/// Writes the claims of article number `number`: those that evidence speaks to, and folded, those that nobody checked.
pub(super) fn write(out: &mut String, number: usize, article: &Article) -> fmt::Result {
    if article.claims.is_empty() {
        return Ok(());
    }
    let (decided, open): (Vec<&ClaimRow>, Vec<&ClaimRow>) = article.claims.iter().partition(|claim| is_decided(claim));
    write!(
        out,
        "<section class=\"claims\" aria-labelledby=\"a{number}-c\"><h3 id=\"a{number}-c\">What it claims</h3>"
    )?;
    if !decided.is_empty() {
        list(out, number, article, &decided)?;
    }
    if !open.is_empty() {
        let (more, ending) = (if decided.is_empty() { "" } else { "more " }, if open.len() == 1 { "" } else { "s" });
        write!(out, "<details><summary>{} {more}claim{ending} that no evidence speaks to</summary>", open.len())?;
        list(out, number, article, &open)?;
        out.push_str("</details>");
    }
    out.push_str("</section>\n");
    Ok(())
}

fn list(out: &mut String, number: usize, article: &Article, claims: &[&ClaimRow]) -> fmt::Result {
    out.push_str("<ul>");
    for claim in claims {
        let verdict = claim.judgement.verdict.name();
        let piece = article.pieces.partition_point(|piece| piece.span.end <= claim.start);
        write!(out, "<li class=\"claim v-{verdict}\"><p class=\"what\">")?;
        icon(out, verdict)?;
        write!(out, "<b>{verdict}</b> <span class=\"rule\">{}", name(claim.kind))?;
        let how = manner(&claim.assertion);
        if !how.is_empty() {
            write!(out, ", {how}")?;
        }
        write!(out, "</span> <a href=\"#a{number}-p{piece}\">line {}</a></p>", claim.line)?;
        write!(out, "<p class=\"words\">{}</p>", Text(&claim.text))?;
        note::evidence(out, &claim.judgement.evidence)?;
        if let Some(say) = &claim.judgement.say {
            write!(out, "<p class=\"help\">Write: {}</p>", Text(say))?;
        }
        if let Some(told) = &claim.judgement.note {
            write!(out, "<p class=\"help\">{}</p>", Text(told))?;
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    Ok(())
}
