//! Texts as they are opened, edited, saved and closed.

use std::io;
use std::thread;

use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};

use crate::cli::error::tell;
use crate::cli::lsp::Event;
use crate::cli::lsp::server::Server;
use crate::lsp::{Draft, format_of, path_of};

impl Server {
    pub(super) fn opened(&mut self, params: DidOpenTextDocumentParams) -> io::Result<()> {
        let document = params.text_document;
        let uri = document.uri.as_str().to_owned();
        // What is no draft is none of ours, though it may be a file that rules come from.
        let Some(format) = format_of(&document.language_id, path_of(&uri).as_deref()) else { return Ok(()) };
        self.hold(Draft::new(document.uri, document.version, format, document.text));
        self.ask(&uri);
        Ok(())
    }

    pub(super) fn edited(&mut self, params: DidChangeTextDocumentParams) -> io::Result<()> {
        let uri = params.text_document.uri.as_str();
        if let Some(open) = self.open.get_mut(uri) {
            open.draft.change(params.text_document.version, params.content_changes, self.can.shown.encoding);
            self.is_changed(uri);
        }
        Ok(())
    }

    /// A saved file may be one that rules and settings come from; and whoever saves has time for the network.
    pub(super) fn saved(&mut self, params: DidSaveTextDocumentParams) -> io::Result<()> {
        self.refresh()?;
        self.ask(params.text_document.uri.as_str());
        Ok(())
    }

    pub(super) fn closed(&mut self, params: DidCloseTextDocumentParams) -> io::Result<()> {
        let uri = params.text_document.uri;
        let was_open = self.open.remove(uri.as_str()).is_some();
        if was_open && !self.can.pulls { self.client.publish(uri, None, Vec::new()) } else { Ok(()) }
    }

    /// Asks the network about a text, where that is wanted, and has the text judged again when answers have come. The
    /// text may be another one by then: it is judged as it is, with what is known.
    fn ask(&mut self, uri: &str) {
        let Some(project) = self.project_of(uri).filter(|project| project.is_online()) else { return };
        let Some(source) = self.source(uri) else { return };
        let (later, uri) = (self.later.clone(), uri.to_owned());
        thread::spawn(move || {
            match project.ask(source) {
                // If nobody waits any more, nothing is lost.
                Ok(true) => drop(later.send(Event::Heard(uri))),
                Ok(false) => {}
                Err(error) => tell(&error, error.help()),
            }
        });
    }
}
