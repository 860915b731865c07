//! `--show-files` and `--show-settings`: what a run would do, and why.

use std::fmt::Write;
use std::path::Path;

use crate::cli::args::Lint;
use crate::cli::config::Overlay;
use crate::cli::desk::Desk;
use crate::cli::error::Failure;
use crate::cli::judge::Input;
use crate::cli::{Exit, printed};
use crate::finding::Severity;
use crate::linter::Settings;
use crate::report::one_line;

/// Lists the files that would be judged.
pub(super) fn files(inputs: &[Input], all_read: bool) -> Result<Exit, Failure> {
    let lines: String = inputs.iter().map(|input| format!("{}\n", one_line(&input.path().to_string_lossy()))).collect();
    printed(&lines)?;
    Ok(if all_read { Exit::Clean } else { Exit::Unread })
}

/// Shows how one file is judged, and where each setting comes from.
pub(super) fn settings(arguments: &Lint, desk: &Desk, file: &Path) -> Result<Exit, Failure> {
    let (config, default) = (&desk.config, "default".to_owned());
    let name = config.place().map(|(name, _)| name.to_owned());
    let mut layers: Vec<(String, &Overlay)> = Vec::new();
    for (patterns, overlay) in config.layers(file) {
        let place = name.clone().unwrap_or_else(|| default.clone());
        layers.push(match patterns {
            None => (place, overlay),
            Some(patterns) => (format!("{place}, files {}", patterns.join(", ")), overlay),
        });
    }
    layers.push(("argument".to_owned(), &desk.overlay));
    let settings = desk.config.settings(Some(file), &desk.overlay, desk.today);
    let mut page = Page { text: format!("{}\n", one_line(&file.to_string_lossy())) };
    page.line("configuration", name.as_deref().unwrap_or("none"), "");
    if config.exclude.matches(file, false) {
        page.line("left out", "in folders and hooks", &format!("{}, exclude", layers[0].0));
    }
    let last = |set: &dyn Fn(&Overlay) -> bool| {
        layers.iter().rev().find(|(_, overlay)| set(overlay)).map_or(&default, |(place, _)| place)
    };
    page.line("profile", settings.profile.name(), last(&|overlay| overlay.profile.is_some()));
    let jurisdiction = settings.jurisdiction.map_or("none", |jurisdiction| jurisdiction.name());
    page.line("jurisdiction", jurisdiction, last(&|overlay| overlay.jurisdiction.is_some()));
    let select = if settings.select.is_empty() { "what is on".to_owned() } else { settings.select.join(", ") };
    page.line("select", &select, last(&|overlay| overlay.select.is_some()));
    for (place, overlay) in layers.iter().filter(|(_, overlay)| !overlay.ignore.is_empty()) {
        page.line("ignore", &overlay.ignore.join(", "), place);
    }
    for (place, overlay) in &layers {
        for (name, severity) in &overlay.severity {
            let decides = settings.severity.get(name) == Some(severity);
            let value = format!("{name} = {}", severity.map_or("off", Severity::name));
            page.line("severity", &value, if decides { place } else { "overruled" });
        }
    }
    let configured = name.as_deref().unwrap_or("default");
    let fail_on = arguments.fail_on.or(config.fail_on).unwrap_or(Severity::Error);
    let of_fail_on = match (arguments.fail_on, config.fail_on) {
        (Some(_), _) => "argument",
        (None, Some(_)) => configured,
        (None, None) => "default",
    };
    page.line("fail-on", fail_on.name(), of_fail_on);
    let baseline = arguments.baseline.as_ref().map(|path| (path, "argument"));
    if let Some((path, place)) = baseline.or(config.baseline.as_ref().map(|path| (path, configured))) {
        page.line("baseline", &path.to_string_lossy(), place);
    }
    for (key, path) in [("site-root", config.site_root().map(Path::new)), ("sheet", config.sheet.as_deref())] {
        path.iter().for_each(|path| page.line(key, &path.to_string_lossy(), configured));
    }
    for (key, paths) in [("packs", &config.packs), ("facts", &config.facts)] {
        paths.iter().for_each(|path| page.line(key, &path.to_string_lossy(), configured));
    }
    page.line(
        "today",
        &desk.today.to_string(),
        if arguments.evidence.today.is_some() { "argument" } else { "default" },
    );
    page.line("rules", &running(desk, &settings), "`caveat rule` lists them");
    printed(&page.text)
}

/// How many rules run.
fn running(desk: &Desk, settings: &Settings) -> String {
    let rules = desk.linter.rules().rules();
    let running = rules.iter().filter(|rule| rule.severity_under(settings).is_some()).count();
    format!("{running} of {} run", rules.len())
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, key: &str, value: &str, place: &str) {
        // A string takes what is written to it.
        let _ = match place {
            "" => writeln!(self.text, "  {key:<14} {}", one_line(value)),
            place => writeln!(self.text, "  {key:<14} {:<28} {}", one_line(value), one_line(place)),
        };
    }
}
