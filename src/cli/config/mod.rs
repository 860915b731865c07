//! `caveat.toml`: found, read and checked as a whole before anything is linted.
//!
//! The file closest upwards from the current directory holds for the whole run; files are not merged. Globs and folders
//! in it are relative to the file, wherever the program is started. Everything that is wrong in it is a finding on it.

mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::error::Failure;
use crate::cli::globs::{Globs, absolute, relative};
use crate::cli::names;
use crate::evidence::records::Registry;
use crate::finding::{Finding, RuleId, Severity};
use crate::linter::{Jurisdiction, Profile, Settings};
use crate::net::Origin;
use crate::source::{Format, SourceFile, Span};
use crate::spanned::Spanned;
use crate::suggest::nearest;

pub(super) use schema::{Host, Links, schema};

/// The file's name.
pub(super) const NAME: &str = "caveat.toml";

/// The name of the archive of pages among the services.
pub(super) const ARCHIVE: &str = "wayback";

/// What a run is set to.
#[derive(Debug)]
pub(super) struct Config {
    /// The file it was read from.
    pub(super) source: Option<SourceFile>,
    /// The least grave finding that fails a run.
    pub(super) fail_on: Option<Severity>,
    /// What is not linted in folders.
    pub(super) exclude: Globs,
    /// What is linted in folders besides files with a draft's ending.
    pub(super) include: Globs,
    /// Rule packs to load besides the built-in ones.
    pub(super) packs: Vec<PathBuf>,
    /// Fact files to load besides the built-in ones.
    pub(super) facts: Vec<PathBuf>,
    /// The file of imported facts that is used instead of the user's own.
    pub(super) imported: Option<PathBuf>,
    /// How links are asked.
    pub(super) links: Links,
    /// Base addresses of services, by their names.
    pub(super) services: BTreeMap<String, String>,
    /// Services that are not to be asked.
    pub(super) silent: Vec<String>,
    /// The ledger of claims.
    pub(super) sheet: Option<PathBuf>,
    /// The findings that are not told.
    pub(super) baseline: Option<PathBuf>,
    site_root: Option<String>,
    whole: Overlay,
    files: Vec<(Globs, Overlay)>,
    /// Every name of a rule in it, to be checked once the rules are known.
    names: Vec<(String, Span)>,
}

/// Settings that may be given for the whole run, for some files, or as arguments.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay {
    pub(super) profile: Option<Profile>,
    pub(super) jurisdiction: Option<Jurisdiction>,
    pub(super) select: Option<Vec<String>>,
    pub(super) ignore: Vec<String>,
    pub(super) severity: Vec<(String, Option<Severity>)>,
}

impl Overlay {
    fn apply(&self, settings: &mut Settings) {
        if let Some(profile) = self.profile {
            settings.profile = profile;
        }
        settings.jurisdiction = self.jurisdiction.or(settings.jurisdiction);
        if let Some(select) = &self.select {
            settings.select = select.clone();
        }
        settings.ignore.extend(self.ignore.iter().cloned());
        settings.severity.extend(self.severity.iter().cloned());
    }
}

/// A configuration that cannot be used: the file and what is wrong in it.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) source: SourceFile,
    pub(super) findings: Vec<Finding>,
}

impl Config {
    /// No file: everything as it comes.
    pub(super) fn none() -> Self {
        Self {
            source: None,
            fail_on: None,
            exclude: Globs::none(),
            include: Globs::none(),
            packs: Vec::new(),
            facts: Vec::new(),
            imported: None,
            links: Links::default(),
            services: BTreeMap::new(),
            silent: Vec::new(),
            sheet: None,
            baseline: None,
            site_root: None,
            whole: Overlay::default(),
            files: Vec::new(),
            names: Vec::new(),
        }
    }

    /// The closest `caveat.toml` upwards from `folder`.
    pub(super) fn find(folder: &Path) -> Option<PathBuf> {
        absolute(folder).ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
    }

    /// Reads a file. The outer error is one of reading, the inner one of what it says.
    pub(super) fn read(path: &Path) -> Result<Result<Self, Wrong>, Failure> {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|source| Failure::Config { path: path.to_owned(), source })?;
        let path = absolute(path);
        let root = path.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Self::parse(SourceFile::new(relative(&path), text, Format::Toml), &root))
    }

    /// Reads the text of a configuration that stands in `root`.
    pub(super) fn parse(source: SourceFile, root: &Path) -> Result<Self, Wrong> {
        let raw = match toml::from_str::<schema::Raw>(source.text()) {
            Ok(raw) => raw,
            Err(error) => {
                let findings = vec![schema::finding(source.text(), &error)];
                return Err(Wrong { source, findings });
            }
        };
        let mut check = Check { root, findings: Vec::new(), names: Vec::new() };
        let mut config = Self {
            fail_on: raw.fail_on.as_ref().and_then(|name| check.one_of("severity", name, &SEVERITIES)),
            exclude: check.globs(&raw.exclude),
            include: check.globs(&raw.include),
            packs: check.files("rule pack", &raw.packs),
            facts: check.files("fact file", &raw.facts),
            imported: raw.imported_facts.as_ref().map(|path| check.root.join(path)),
            baseline: raw.baseline.as_ref().map(|file| check.root.join(file)),
            sheet: raw.sheet.as_ref().map(|file| check.root.join(file.get_ref())),
            site_root: raw.site_root.as_ref().and_then(|folder| check.site_root(folder)),
            whole: check.overlay(&raw.whole()),
            links: raw.links,
            ..Self::none()
        };
        for (name, service) in &raw.evidence {
            check.service(name, service.base.as_ref());
            if let Some(base) = &service.base {
                config.services.insert(name.get_ref().clone(), base.get_ref().clone());
            }
            if service.ask == Some(false) {
                config.silent.push(name.get_ref().clone());
            }
        }
        check.links(&config.links);
        for files in &raw.files {
            if files.paths().is_empty() {
                let span = Span::from(files.paths_span());
                check.wrong("value", "this entry of `files` names no paths", span, "Write `paths = [\"blog/**\"]`.");
            }
            config.files.push((check.globs(files.paths()), check.overlay(&files.settings())));
        }
        config.names = check.names;
        match check.findings {
            findings if findings.is_empty() => Ok(Self { source: Some(source), ..config }),
            findings => Err(Wrong { source, findings }),
        }
    }

    /// Checks the names of rules in it against those that there are.
    pub(super) fn check_names(&self, known: &[String]) -> Result<(), Wrong> {
        let unknown = self.names.iter().filter(|(name, _)| !names::is_known(name, known));
        let findings: Vec<Finding> = unknown
            .map(|(name, span)| {
                let message = format!("there is no rule, pack or code “{name}”");
                wrong("unknown-rule", message, *span).with_help(names::help(name, known))
            })
            .collect();
        match &self.source {
            Some(source) if !findings.is_empty() => Err(Wrong { source: source.clone(), findings }),
            _ => Ok(()),
        }
    }

    /// The file's name, and the folder that its patterns and paths are relative to.
    pub(super) fn place(&self) -> Option<(&str, PathBuf)> {
        let name = self.source.as_ref()?.name();
        Some((name, absolute(Path::new(name)).parent()?.to_owned()))
    }

    /// Patterns that had no effect in a run over the whole folder, with their keys. `drafts` are those that were taken.
    pub(super) fn unused(&self, drafts: &[&Path]) -> Vec<(&'static str, &str)> {
        let excluded = self.exclude.unused().map(|pattern| ("exclude", pattern));
        let included = self.include.unused().map(|pattern| ("include", pattern));
        let matches_none = |globs: &&Globs| !drafts.iter().any(|path| globs.matches(path, false));
        let of_files = self.files.iter().map(|(globs, _)| globs).filter(matches_none);
        let of_files = of_files.flat_map(|globs| globs.patterns().map(|pattern| ("files", pattern)));
        excluded.chain(included).chain(of_files).collect()
    }

    /// The layers of settings for a draft, from the most general on, each with the patterns of its entry of `files`.
    pub(super) fn layers(&self, path: &Path) -> Vec<(Option<Vec<&str>>, &Overlay)> {
        let files = self.files.iter().filter(|(globs, _)| globs.matches(path, false));
        let files = files.map(|(globs, overlay)| (Some(globs.patterns().collect()), overlay));
        std::iter::once((None, &self.whole)).chain(files).collect()
    }

    /// The folder for links that start with `/`.
    pub(super) fn site_root(&self) -> Option<&str> {
        self.site_root.as_deref()
    }

    /// How a draft is to be judged: what holds for the run, then what the entries of `files` say, a later one over an
    /// earlier one, then the arguments. `path` is `None` for text that is in no file.
    pub(super) fn settings(&self, path: Option<&Path>, arguments: &Overlay, today: jiff::civil::Date) -> Settings {
        let mut settings = Settings { today: Some(today), site_root: self.site_root.clone(), ..Settings::default() };
        self.whole.apply(&mut settings);
        if let Some(path) = path {
            for (_, overlay) in self.files.iter().filter(|(globs, _)| globs.matches(path, false)) {
                overlay.apply(&mut settings);
            }
        }
        arguments.apply(&mut settings);
        settings
    }
}

const SEVERITIES: [(&str, Severity); 3] =
    [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
const LEVELS: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("off", None),
];

fn wrong(rule: &str, message: impl Into<String>, span: Span) -> Finding {
    let code = match rule {
        "syntax" => "CAV910",
        "unknown-key" => "CAV911",
        "unknown-rule" => "CAV912",
        _ => "CAV913",
    };
    Finding::new(code, RuleId::new("config", rule), Severity::Error, message, span)
}

/// Collects what is wrong, so that all of it is said at once.
struct Check<'a> {
    root: &'a Path,
    findings: Vec<Finding>,
    names: Vec<(String, Span)>,
}

impl Check<'_> {
    fn wrong(&mut self, rule: &str, message: impl Into<String>, span: Span, help: impl Into<String>) {
        self.findings.push(wrong(rule, message, span).with_help(help));
    }

    fn one_of<T: Copy>(&mut self, what: &str, name: &Spanned<String>, known: &[(&'static str, T)]) -> Option<T> {
        let found = known.iter().find(|(other, _)| other == name.get_ref()).map(|(_, value)| *value);
        if found.is_none() {
            let all: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let all_of_them = format!("There are {}.", all.join(", "));
            let help = match nearest(name.get_ref(), all) {
                Some(near) => format!("Did you mean `{near}`? {all_of_them}"),
                None => all_of_them,
            };
            self.wrong("value", format!("there is no {what} “{}”", name.get_ref()), name.span().into(), help);
        }
        found
    }

    fn overlay(&mut self, raw: &schema::RawOverlay<'_>) -> Overlay {
        let severity = raw.severity.iter().filter_map(|(name, level)| {
            self.names.push((name.get_ref().clone(), name.span().into()));
            self.one_of("severity", level, &LEVELS).map(|level| (name.get_ref().clone(), level))
        });
        let severity = severity.collect();
        Overlay {
            profile: raw.profile.and_then(|name| self.one_of("profile", name, &Profile::ALL)),
            jurisdiction: raw.jurisdiction.and_then(|name| self.one_of("jurisdiction", name, &Jurisdiction::ALL)),
            select: raw.select.map(|names| self.rules(names)),
            ignore: raw.ignore.map(|names| self.rules(names)).unwrap_or_default(),
            severity,
        }
    }

    fn rules(&mut self, rules: &[Spanned<String>]) -> Vec<String> {
        self.names.extend(rules.iter().map(|name| (name.get_ref().clone(), Span::from(name.span()))));
        rules.iter().map(|name| name.get_ref().clone()).collect()
    }

    fn globs(&mut self, patterns: &[Spanned<String>]) -> Globs {
        match Globs::new(self.root, patterns.iter().map(|pattern| pattern.get_ref().as_str())) {
            Ok(globs) => globs,
            Err((at, why)) => {
                let span = patterns.get(at).map_or(Span::default(), |pattern| pattern.span().into());
                self.wrong("value", format!("this glob cannot be read: {why}"), span, "Globs are as in .gitignore.");
                Globs::none()
            }
        }
    }

    /// The files that the globs of `packs` or `facts` name, in order. `what` says what is in them.
    fn files(&mut self, what: &str, patterns: &[Spanned<String>]) -> Vec<PathBuf> {
        let mut packs = Vec::new();
        for pattern in patterns {
            let named = self.root.join(pattern.get_ref());
            if named.is_file() {
                packs.push(named);
                continue;
            }
            let globs = self.globs(std::slice::from_ref(pattern));
            let mut found = files_below(&fixed_part(self.root, pattern.get_ref()), &globs);
            if found.is_empty() {
                let message = format!("no {what} is found at “{}”", pattern.get_ref());
                self.wrong("value", message, pattern.span().into(), "Paths are relative to this file.");
            }
            packs.append(&mut found);
        }
        packs.dedup();
        packs
    }

    fn service(&mut self, name: &Spanned<String>, base: Option<&Spanned<String>>) {
        let known: Vec<&str> = Registry::ALL.iter().map(|row| row.1).chain([ARCHIVE]).collect();
        if !known.contains(&name.get_ref().as_str()) {
            let all_of_them = format!("There are {}.", known.join(", "));
            let help = match nearest(name.get_ref(), known) {
                Some(near) => format!("Did you mean `{near}`? {all_of_them}"),
                None => all_of_them,
            };
            self.wrong("unknown-key", format!("there is no service “{}”", name.get_ref()), name.span().into(), help);
        }
        if let Some(base) = base.filter(|base| !is_web_address(base.get_ref())) {
            self.wrong("value", "this is no web address", base.span().into(), "Write `base = \"https://…\"`.");
        }
    }

    fn links(&mut self, links: &Links) {
        let remapped = links.remap.iter().map(|remap| &remap.from);
        for pattern in links.include.iter().chain(&links.exclude).chain(remapped) {
            if let Err(error) = regex::Regex::new(pattern.get_ref()) {
                let said = error.to_string();
                let reason = said.lines().last().unwrap_or_default().trim();
                let message = format!("this is no regular expression: {reason}");
                self.wrong("value", message, pattern.span().into(), "Escape dots and brackets with a backslash.");
            }
        }
        for name in links.hosts.keys().filter(|name| Origin::parse(name.get_ref()).is_none()) {
            let help = "Write it as `wiki.example.org`, `wiki.example.org:8080` or `http://wiki.example.org`.";
            self.wrong("value", "this is no host", name.span().into(), help);
        }
    }

    fn site_root(&mut self, folder: &Spanned<String>) -> Option<String> {
        let path = absolute(&self.root.join(folder.get_ref()));
        if !path.is_dir() {
            let message = format!("there is no folder “{}”", folder.get_ref());
            self.wrong("value", message, folder.span().into(), "Paths are relative to this file.");
            return None;
        }
        Some(path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
    }
}

/// The folder that every match of a glob is in, so that no more is searched than must be.
fn fixed_part(root: &Path, pattern: &str) -> PathBuf {
    let parts: Vec<&str> = pattern.split('/').collect();
    let fixed = parts[..parts.len() - 1].iter().take_while(|part| !part.contains(['*', '?', '[', '{', '!']));
    fixed.fold(root.to_owned(), |folder, part| folder.join(part))
}

fn files_below(folder: &Path, globs: &Globs) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let is_pack = |path: &Path| path.extension().is_some_and(|ending| ending == "toml") && globs.matches(path, false);
    walk.flatten().map(ignore::DirEntry::into_path).filter(|path| path.is_file() && is_pack(path)).collect()
}

fn is_web_address(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests;
