//! What an editor offers to do about findings.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, Command, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Position, Range, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use serde_json::json;

use crate::document::Document;
use crate::finding::{Applicability, Fix};
use crate::fixes::together;
use crate::lsp::diagnostics::{Shown, diagnostic, span};
use crate::lsp::except::{self, ConfigFile};
use crate::lsp::ignore;
use crate::lsp::positions::Positions;
use crate::report::Row;
use crate::source::{Format, Span};

/// The command that shows a rule's page; its argument is the rule's name.
pub const OPEN_RULE: &str = "caveat.openRule";
/// The command that moves the editor's selection; its arguments are a document and a range.
pub const SELECT: &str = "caveat.select";

/// For so many findings at most is it worked out how they could be accepted: nobody reads a longer menu.
const MOST: usize = 12;

/// What the actions are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The text's name.
    pub uri: &'a Uri,
    /// The text's state.
    pub version: i32,
    /// The text that the findings are about.
    pub document: &'a Document,
    /// The bytes that are selected.
    pub selected: Span,
    /// The kinds of action that are wanted; `None` for all.
    pub only: Option<&'a [CodeActionKind]>,
    /// The configuration that holds for the text, for texts without comments.
    pub config: Option<ConfigFile<'a>>,
    /// How the editor wants diagnostics.
    pub shown: Shown,
    /// Whether edits may name the version that they are for.
    pub versioned: bool,
    /// Whether the editor can be told to show a document.
    pub shows: bool,
}

impl Around<'_> {
    fn wants(&self, kind: &CodeActionKind) -> bool {
        let holds = |wanted: &CodeActionKind| {
            let (wanted, kind) = (wanted.as_str(), kind.as_str());
            kind == wanted || kind.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
        };
        self.only.is_none_or(|only| only.iter().any(holds))
    }

    fn is_touched(&self, row: &Row) -> bool {
        let words = span(row);
        words.start <= self.selected.end && self.selected.start <= words.end
    }
}

/// The actions for the findings of a text, best first.
pub fn actions(rows: &[Row], around: Around<'_>) -> Vec<CodeActionOrCommand> {
    let places = Positions::new(around.document.source.text(), around.shown.encoding);
    let maker = Maker { around, places };
    let mut actions = Vec::new();
    if around.wants(&CodeActionKind::QUICKFIX) {
        let touched: Vec<&Row> = rows.iter().filter(|row| around.is_touched(row)).collect();
        actions.extend(touched.iter().filter_map(|row| maker.fix(row)));
        let shown = &touched[..touched.len().min(MOST)];
        actions.extend(shown.iter().filter_map(|row| maker.ignore(row)));
        actions.extend(shown.iter().filter(|_| around.shows).map(|row| maker.page(row)));
    }
    if around.wants(&CodeActionKind::SOURCE_FIX_ALL) {
        actions.extend(maker.fix_all(rows));
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

struct Maker<'a> {
    around: Around<'a>,
    places: Positions<'a>,
}

impl Maker<'_> {
    fn edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        self.edit_of(self.around.uri, Some(self.around.version), edits)
    }

    fn edit_of(&self, uri: &Uri, version: Option<i32>, edits: Vec<TextEdit>) -> WorkspaceEdit {
        if self.around.versioned {
            let text_document = OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version };
            let edits = edits.into_iter().map(OneOf::Left).collect();
            let changes = DocumentChanges::Edits(vec![TextDocumentEdit { text_document, edits }]);
            return WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
        }
        // The key is only ever read.
        #[allow(clippy::mutable_key_type)]
        let changes = HashMap::from([(uri.clone(), edits)]);
        WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
    }

    fn quick(&self, row: &Row, title: String) -> CodeAction {
        CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic(row, &self.places, self.around.uri, self.around.shown)]),
            ..CodeAction::default()
        }
    }

    fn replacement(&self, fix: &Fix) -> TextEdit {
        TextEdit { range: self.places.range(fix.span), new_text: fix.replacement.clone() }
    }

    /// The rule's own replacement. Only one that cannot change what the text says is preferred.
    fn fix(&self, row: &Row) -> Option<CodeAction> {
        let fix = Fix::from(row.fix.as_ref()?);
        let is_safe = fix.applicability == Applicability::Safe;
        let verb = match (fix.replacement.is_empty(), is_safe) {
            (true, _) => "Take it out".to_owned(),
            (false, _) => format!("Write “{}”", fix.replacement),
        };
        let title = if is_safe { verb } else { format!("{verb} (check that it says what you mean)") };
        let edit = Some(self.edit(vec![self.replacement(&fix)]));
        Some(CodeAction { edit, is_preferred: Some(is_safe), ..self.quick(row, title) })
    }

    /// Accepts the finding once the writer has given a reason: by a comment, or where the text has none, by an entry in
    /// the configuration.
    fn ignore(&self, row: &Row) -> Option<CodeAction> {
        if row.rule.starts_with("suppress/") {
            return None;
        }
        if self.around.document.source.format() == Format::Text {
            return self.except(row);
        }
        let insertion = ignore::insertion(self.around.document, row)?;
        let place = if insertion.whole_file { "in this file" } else { "here" };
        let at = self.places.position(insertion.at);
        let edit = self.edit(vec![TextEdit { range: Range { start: at, end: at }, new_text: insertion.text }]);
        // The comment is in one line, and what comes before the reason takes one unit a character in any encoding.
        let reason = Position { character: at.character + insertion.reason, ..at };
        let title = format!("Ignore {} {place}, with a reason", row.code);
        Some(self.accepting(row, title, edit, self.around.uri, reason))
    }

    fn except(&self, row: &Row) -> Option<CodeAction> {
        let config = self.around.config?;
        let addition = except::addition(config, row);
        let end = config.text.len() as u32;
        let at = Positions::new(config.text, self.around.shown.encoding).position(end);
        let edit = TextEdit { range: Range { start: at, end: at }, new_text: addition.text };
        let edit = self.edit_of(config.uri, None, vec![edit]);
        let (line, character) = addition.reason;
        let reason = Position { line: at.line + line, character };
        let title = format!("Ignore {} in this file by an entry in caveat.toml, with a reason", row.code);
        Some(self.accepting(row, title, edit, config.uri, reason))
    }

    /// An action that accepts a finding, and puts the cursor where the reason goes.
    fn accepting(&self, row: &Row, title: String, edit: WorkspaceEdit, uri: &Uri, reason: Position) -> CodeAction {
        let select = || Command {
            title: "Write the reason".to_owned(),
            command: SELECT.to_owned(),
            arguments: Some(vec![json!(uri), json!(Range { start: reason, end: reason })]),
        };
        CodeAction {
            edit: Some(edit),
            command: self.around.shows.then(select),
            is_preferred: Some(false),
            ..self.quick(row, title)
        }
    }

    fn page(&self, row: &Row) -> CodeAction {
        let title = format!("Open the page of {} {}", row.code, row.rule);
        let arguments = Some(vec![json!(row.rule)]);
        let command = Command { title: title.clone(), command: OPEN_RULE.to_owned(), arguments };
        CodeAction { command: Some(command), is_preferred: Some(false), ..self.quick(row, title) }
    }

    /// Every safe replacement at once, as far as they can be made together.
    fn fix_all(&self, rows: &[Row]) -> Option<CodeAction> {
        let fixes = rows.iter().filter_map(|row| row.fix.as_ref());
        let safe: Vec<Fix> = fixes.filter(|fix| fix.applicability == Applicability::Safe).map(Fix::from).collect();
        let made = together(self.around.document.source.text(), &safe).into_iter();
        let edits: Vec<TextEdit> = made.map(|fix| self.replacement(fix)).collect();
        (!edits.is_empty()).then(|| CodeAction {
            title: "Make every safe replacement".to_owned(),
            kind: Some(CodeActionKind::new("source.fixAll.caveat")),
            edit: Some(self.edit(edits)),
            ..CodeAction::default()
        })
    }
}
