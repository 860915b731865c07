//! What the editor asks about a text.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::PathBuf;
use std::thread;

use lsp_server::{ErrorCode, RequestId};
use lsp_types::{
    CodeActionParams, DocumentDiagnosticParams, ExecuteCommandParams, FullDocumentDiagnosticReport, Hover,
    HoverContents, HoverParams, MarkupContent, MarkupKind, MessageType, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticParams,
};
use serde_json::{Value, json};

use crate::cli::folders;
use crate::cli::lsp::Event;
use crate::cli::lsp::server::Server;
use crate::cli::lsp::workspace::Scan;
use crate::document::Document;
use crate::lsp::{
    Around, ConfigFile, OPEN_RULE, Positions, SELECT, actions, claim_hover, diagnostics, finding_hover, uri_of,
};
use crate::report::pages::markdown;
use crate::source::Span;

impl Server {
    /// Explains the findings under the cursor, and else the claim.
    pub(super) fn hover(&mut self, id: RequestId, params: HoverParams) -> io::Result<()> {
        let at = params.text_document_position_params;
        let hover = self.hover_at(at.text_document.uri.as_str(), at.position);
        self.client.answer(id, hover)
    }

    fn hover_at(&mut self, uri: &str, at: lsp_types::Position) -> Option<Hover> {
        let judged = self.judged(uri)?;
        let project = self.project_of(uri)?;
        let source = self.source(uri)?;
        let places = Positions::new(source.text(), self.can.shown.encoding);
        let at = places.offset(at);
        let is_under = |start: u32, end: u32| start <= at && (at < end || at == start);
        let under: Vec<_> = judged.rows.iter().filter(|row| is_under(row.start.offset, row.end.offset)).collect();
        let (texts, span): (Vec<String>, Span) = match under.first() {
            Some(first) => {
                let texts = under.iter().map(|row| finding_hover(row, project.page(&row.rule))).collect();
                (texts, Span::new(first.start.offset, first.end.offset.max(first.start.offset)))
            }
            None => {
                let report = project.claims(source.clone());
                let claims = report.sentences.iter().flat_map(|sentence| &sentence.claims);
                let claims: Vec<_> = claims.filter(|claim| is_under(claim.start, claim.end)).collect();
                let first = claims.first()?;
                (claims.iter().map(|claim| claim_hover(claim)).collect(), Span::new(first.start, first.end))
            }
        };
        let contents = MarkupContent { kind: MarkupKind::Markdown, value: texts.join("\n\n---\n\n") };
        Some(Hover { contents: HoverContents::Markup(contents), range: Some(places.range(span)) })
    }

    pub(super) fn code_action(&mut self, id: RequestId, params: CodeActionParams) -> io::Result<()> {
        let uri = &params.text_document.uri;
        let (Some(judged), Some(source)) = (self.judged(uri.as_str()), self.source(uri.as_str())) else {
            return self.client.answer(id, Value::Null);
        };
        let version = self.open.get(uri.as_str()).map_or(0, |open| open.draft.version);
        let document = Document::parse(source);
        let selected = Positions::new(document.source.text(), self.can.shown.encoding).span(params.range);
        let config = self.config_of(uri.as_str());
        let config = config.as_ref().map(|(uri, text, draft)| ConfigFile { uri, text, draft });
        let around = Around {
            config,
            uri,
            version,
            document: &document,
            selected,
            only: params.context.only.as_deref(),
            shown: self.can.shown,
            versioned: self.can.versioned,
            shows: self.can.shows,
        };
        let actions = actions(&judged.rows, around);
        self.client.answer(id, actions)
    }

    /// The configuration of a draft as it is on disk: its name, its text, and the path from its folder to the draft.
    fn config_of(&mut self, uri: &str) -> Option<(lsp_types::Uri, String, PathBuf)> {
        let config = self.project_of(uri)?.config_path()?;
        let draft = self.open.get(uri)?.draft.path.as_deref()?.strip_prefix(config.parent()?).ok()?.to_owned();
        Some((uri_of(&config)?, std::fs::read_to_string(&config).ok()?, draft))
    }

    /// Answers with what is found in a text, or that it is what the editor has.
    pub(super) fn pulled(&mut self, id: RequestId, params: DocumentDiagnosticParams) -> io::Result<()> {
        let uri = &params.text_document.uri;
        let judged = self.judged(uri.as_str());
        let result_id = judged.as_ref().map(|judged| judged.id.to_string());
        if let Some(result_id) = result_id.clone().filter(|id| params.previous_result_id.as_ref() == Some(id)) {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
            let report = RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report,
            };
            return self.client.answer(id, lsp_types::DocumentDiagnosticReport::Unchanged(report));
        }
        let items = match (judged, self.open.get(uri.as_str())) {
            (Some(judged), Some(open)) => diagnostics(&judged.rows, open.draft.text(), uri, self.can.shown),
            _ => Vec::new(),
        };
        let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id, items };
        let report = RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report };
        self.client.answer(id, lsp_types::DocumentDiagnosticReport::Full(report))
    }

    /// Has the whole workspace judged; the answer comes when that is done.
    pub(super) fn scan(&mut self, id: RequestId, params: WorkspaceDiagnosticParams) -> io::Result<()> {
        let roots = self.projects.roots.clone();
        let folders =
            roots.into_iter().filter_map(|root| Some((root.clone(), self.projects.of(Some(&root.join("draft.md")))?)));
        let scan = Scan {
            id,
            folders: folders.collect(),
            open: self.open.values().filter_map(|open| open.draft.path.clone()).collect::<BTreeSet<_>>(),
            had: params
                .previous_result_ids
                .into_iter()
                .map(|had| (had.uri.as_str().to_owned(), had.value))
                .collect::<HashMap<_, _>>(),
            shown: self.can.shown,
        };
        let (seen, later) = (self.seen.clone(), self.later.clone());
        thread::spawn(move || later.send(Event::Scanned(seen.read(scan))));
        Ok(())
    }

    pub(super) fn execute(&mut self, id: RequestId, params: ExecuteCommandParams) -> io::Result<()> {
        let done = match (params.command.as_str(), params.arguments.as_slice()) {
            (OPEN_RULE, [Value::String(rule)]) => self.open_rule(rule),
            (SELECT, [uri, range]) => {
                self.client.ask("window/showDocument", json!({ "uri": uri, "takeFocus": true, "selection": range }))
            }
            (command, _) => {
                let why = format!("there is no command `{command}` with these arguments");
                return self.client.refuse(id, ErrorCode::InvalidParams, &why);
            }
        };
        done?;
        self.client.answer(id, Value::Null)
    }

    /// Writes a rule's page where editors can open it, and has it shown.
    fn open_rule(&mut self, rule: &str) -> io::Result<()> {
        let uris: Vec<String> = self.open.keys().cloned().collect();
        let page = uris
            .iter()
            .find_map(|uri| self.project_of(uri)?.page(rule).map(|page| (page.name().to_owned(), markdown(page))));
        let Some((name, text)) = page else {
            return self.client.message(MessageType::WARNING, format!("there is no rule “{rule}”"));
        };
        let Some(folder) = folders::cache().map(|cache| cache.join("rules")) else {
            return self.client.message(MessageType::WARNING, "there is no folder for the page".to_owned());
        };
        let path = folder.join(format!("{name}.md"));
        let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, text));
        match (written, uri_of(&path)) {
            (Ok(()), Some(uri)) => self.client.ask("window/showDocument", json!({ "uri": uri, "takeFocus": true })),
            (Err(error), _) => {
                self.client.message(MessageType::WARNING, format!("the page cannot be written: {error}"))
            }
            (Ok(()), None) => Ok(()),
        }
    }
}
