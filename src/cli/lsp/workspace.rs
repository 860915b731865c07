//! Every draft of the workspace, judged on a thread of its own.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use lsp_server::RequestId;
use lsp_types::{
    FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticReport,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::cli::judge::{Input, open};
use crate::cli::lsp::project::{Project, State, name, state};
use crate::cli::walk::Draft;
use crate::lsp::{Shown, diagnostics, uri_of};

/// A workspace that was read.
#[derive(Debug)]
pub(super) struct Scanned {
    /// The request that asked for it.
    pub(super) id: RequestId,
    /// What is to be answered.
    pub(super) report: WorkspaceDiagnosticReport,
}

/// What a workspace is to be read for.
pub(super) struct Scan {
    pub(super) id: RequestId,
    /// The folders with what judges them.
    pub(super) folders: Vec<(PathBuf, Arc<Project>)>,
    /// Drafts that are open: the editor asks about them on their own.
    pub(super) open: BTreeSet<PathBuf>,
    /// What the editor has, by the name of the document.
    pub(super) had: HashMap<String, String>,
    pub(super) shown: Shown,
}

/// Findings of drafts that have not changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(Arc<Mutex<HashMap<PathBuf, Found>>>);

/// The state of a draft, the project that judged it, and what that found.
type Found = (State, u64, FullDocumentDiagnosticReport);

impl Seen {
    /// Judges every draft of a workspace that is not open.
    pub(super) fn read(&self, scan: Scan) -> Scanned {
        let mut items = Vec::new();
        for (folder, project) in &scan.folders {
            for draft in project.drafts(folder).into_iter().filter(|draft| !scan.open.contains(&draft.path)) {
                items.extend(self.item(draft, project, &scan));
            }
        }
        Scanned { id: scan.id, report: WorkspaceDiagnosticReport { items } }
    }

    fn item(&self, draft: Draft, project: &Arc<Project>, scan: &Scan) -> Option<WorkspaceDocumentDiagnosticReport> {
        let uri = uri_of(&draft.path)?;
        let report = self.report(draft, project, scan)?;
        let had = scan.had.get(uri.as_str());
        Some(match report.result_id.clone().filter(|id| had == Some(id)) {
            Some(result_id) => {
                WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version: None,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
                })
            }
            None => WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version: None,
                full_document_diagnostic_report: report,
            }),
        })
    }

    fn report(&self, draft: Draft, project: &Arc<Project>, scan: &Scan) -> Option<FullDocumentDiagnosticReport> {
        let now = state(&draft.path);
        let by = project.id;
        let seen = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, judge, report)) = seen().get(&draft.path)
            && (then, *judge) == (&now, by)
        {
            return Some(report.clone());
        }
        let uri = uri_of(&draft.path)?;
        let path = draft.path.clone();
        let (source, _) = open(&Input::File(Draft { path: PathBuf::from(name(&path)), ..draft })).ok()?;
        let text = source.text().to_owned();
        let found = project.judge(source);
        let report = FullDocumentDiagnosticReport {
            result_id: Some(format!("{by}-{:?}-{}", now.1, now.2)),
            items: diagnostics(&found.rows, &text, &uri, scan.shown),
        };
        seen().insert(path, (now, by, report.clone()));
        Some(report)
    }
}
