//! What an article claims, and whether it stands.

use std::fmt::{self, Write};

use crate::evidence::Verdict;
use crate::report::claims::{ClaimRow, manner, name};
use crate::report::{Article, counted};

use super::escape::{Text, icon};
use super::note;

/// So many undecided claims of one article are listed.
const LISTED: usize = 200;

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

/// How many of these are undecided.
pub(super) fn open(counts: &[usize; 6]) -> usize {
    ORDER.iter().zip(counts).filter(|(verdict, _)| **verdict <= Verdict::Unverifiable).map(|(_, n)| n).sum()
}

/// Whether something is known that speaks for or against a claim.
fn is_decided(claim: &ClaimRow) -> bool {
    claim.judgement.verdict > Verdict::Unverifiable
}

/// Where decided claims end, with their numbers (from 0), in order of place.
pub(super) fn signs(article: &Article) -> Vec<(u32, usize)> {
    let claims = article.claims.iter().enumerate().filter(|(_, claim)| is_decided(claim));
    let mut signs: Vec<(u32, usize)> = claims.map(|(at, claim)| (claim.end, at)).collect();
    signs.sort_unstable();
    signs
}

/// Writes the sign that stands behind a claim's words and leads to its verdict.
pub(super) fn sign(out: &mut String, number: usize, at: usize, claim: &ClaimRow) -> fmt::Result {
    let (claim, verdict) = (at + 1, claim.judgement.verdict.name());
    let (id, to) = (format!("a{number}-v{claim}"), format!("a{number}-c{claim}"));
    // A picture could be parted from its words at a line's end: the style sheet puts a letter here.
    write!(out, "<a class=\"sign {verdict}\" id=\"{id}\" href=\"#{to}\" aria-label=\"Claim, {verdict}\"></a>")
}

/// Writes those claims of article number `number` to which evidence speaks.
pub(super) fn write(out: &mut String, number: usize, article: &Article) -> fmt::Result {
    let decided: Vec<(usize, &ClaimRow)> =
        article.claims.iter().enumerate().filter(|(_, claim)| is_decided(claim)).collect();
    if decided.is_empty() { Ok(()) } else { list(out, number, article, &decided) }
}

/// Writes the others, folded.
pub(super) fn write_open(out: &mut String, number: usize, article: &Article) -> fmt::Result {
    let open: Vec<(usize, &ClaimRow)> =
        article.claims.iter().enumerate().filter(|(_, claim)| !is_decided(claim)).collect();
    if open.is_empty() {
        return Ok(());
    }
    write!(out, "<details><summary>{}</summary>", undecided(open.len()))?;
    let listed = &open[..open.len().min(LISTED)];
    list(out, number, article, listed)?;
    if listed.len() < open.len() {
        write!(out, "<p class=\"uncounted\">These are the first {LISTED}. <code>caveat claims</code> lists all.</p>")?;
    }
    out.push_str("</details>");
    Ok(())
}

/// Says how many claims there are that nothing decides.
pub(super) fn undecided(count: usize) -> String {
    format!("{} without evidence for or against", counted(count, "claim"))
}

fn list(out: &mut String, number: usize, article: &Article, claims: &[(usize, &ClaimRow)]) -> fmt::Result {
    out.push_str("<ul>");
    for &(at, claim) in claims {
        let verdict = claim.judgement.verdict.name();
        write!(out, "<li class=\"claim v-{verdict}\" id=\"a{number}-c{}\"><p class=\"what\">", at + 1)?;
        icon(out, verdict)?;
        write!(out, "<b>{verdict}</b> <span class=\"rule\">{}", name(claim.kind))?;
        let how = manner(&claim.assertion);
        if !how.is_empty() {
            write!(out, ", {how}")?;
        }
        let place = match is_decided(claim) {
            true => format!("v{}", at + 1),
            false => format!("p{}", article.pieces.partition_point(|piece| piece.span.end <= claim.start)),
        };
        write!(out, "</span> <a href=\"#a{number}-{place}\">line {}</a></p>", claim.line)?;
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
