//! From fact files to the base, with every mistake at its place.

use jiff::ToSpan;
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::{SourceFile, Span};
use crate::spanned::Spanned;
use crate::suggest::nearest;

use super::contradictions;
use super::schema::{Nature, Predicate, RawDefaults, RawEntity, RawFact, RawFile, RawSource};
use super::{Entity, EntityId, EntityKind, Fact, Knowledge, KnowledgeError, Lexicon, Name, Source};

/// Days until a fact is to be looked at again, where no file says otherwise.
const REVIEW_AFTER_DAYS: u16 = 365;

pub(super) fn load(files: &[SourceFile]) -> Result<Knowledge, Vec<KnowledgeError>> {
    let mut loader = Loader::default();
    let mut parsed = Vec::new();
    for file in files {
        match toml::from_str::<RawFile>(file.text()) {
            Ok(raw) => parsed.push((file.name(), raw)),
            Err(error) => {
                let span = error.span().map(Span::from).unwrap_or_default();
                loader.errors.push(KnowledgeError { file: file.name().into(), span, message: error.message().into() });
            }
        }
    }
    for (file, raw) in &parsed {
        loader.file = (*file).to_owned();
        loader.entities(EntityKind::Authority, raw.kind, &raw.authority);
        loader.entities(EntityKind::Condition, raw.kind, &raw.condition);
        loader.entities(EntityKind::Therapy, raw.kind, &raw.therapy);
        loader.sources(&raw.source);
        loader.review_after_days.extend(&raw.review_after_days);
        for list in &raw.lexicon {
            loader.base.lexicons.push((list.name.clone(), Lexicon { words: list.words.clone() }));
        }
    }
    for (file, raw) in &parsed {
        loader.file = (*file).to_owned();
        let all = raw.authority.iter().chain(&raw.condition).chain(&raw.therapy);
        for entity in all {
            loader.parents(entity);
        }
        for fact in &raw.fact {
            loader.fact(fact.get_ref(), Span::from(fact.span()), &raw.defaults);
        }
    }
    for (at, message) in contradictions::find(&loader.base) {
        let (file, span) = loader.places[at].clone();
        loader.errors.push(KnowledgeError { file, span, message });
    }
    if loader.errors.is_empty() { Ok(loader.base) } else { Err(loader.errors) }
}

#[derive(Default)]
struct Loader {
    base: Knowledge,
    file: String,
    errors: Vec<KnowledgeError>,
    /// Which entity of a kind has a name already.
    named: FxHashMap<(EntityKind, String), String>,
    /// Where each fact stands, for contradictions.
    places: Vec<(String, Span)>,
    sources: FxHashMap<String, Source>,
    fact_ids: FxHashSet<String>,
    review_after_days: FxHashMap<Predicate, u16>,
}

/// Longest name in capitals that must be written so: `COVID` and `MMR`, but not `INSULIN`.
const LONGEST_ACRONYM: usize = 5;

impl Loader {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(KnowledgeError { file: self.file.clone(), span, message: message.into() });
    }

    fn entities(&mut self, kind: EntityKind, of_file: Option<Nature>, raw: &[RawEntity]) {
        let ordinary = match kind {
            EntityKind::Condition => Nature::Disease,
            EntityKind::Therapy => Nature::Product,
            EntityKind::Authority | EntityKind::Trial => Nature::Body,
        };
        for entity in raw {
            let number = EntityId(self.base.entities.len() as u32);
            let id = entity.id.get_ref().clone();
            if self.base.by_id.insert(id.clone(), number).is_some() {
                self.error(entity.id.span().into(), format!("There are two entities `{id}`."));
            }
            let names: Vec<Name> = entity.names.iter().map(|name| name_of(name.get_ref())).collect();
            for (name, written) in names.iter().zip(&entity.names) {
                if let Some(other) = self.named.insert((kind, name.text.to_lowercase()), id.clone()) {
                    let message = format!("`{}` is a name of `{other}` already.", name.text);
                    self.error(written.span().into(), message);
                }
            }
            self.base.entities.push(Entity {
                id,
                kind,
                nature: entity.kind.or(of_file).unwrap_or(ordinary),
                names,
                look_alikes: entity.not.iter().map(|phrase| phrase.get_ref().clone()).collect(),
                parents: Vec::new(),
                jurisdiction: entity.jurisdiction.clone(),
                not_approval: entity.not_approval.clone(),
            });
        }
    }

    fn sources(&mut self, raw: &[RawSource]) {
        for source in raw {
            let read = Source {
                publisher: source.publisher.clone(),
                title: source.title.clone(),
                url: source.url.get_ref().clone(),
            };
            if !read.url.starts_with("https://") {
                self.error(source.url.span().into(), "A source's address starts with `https://`.");
            }
            if self.sources.insert(source.id.get_ref().clone(), read).is_some() {
                self.error(source.id.span().into(), format!("There are two sources `{}`.", source.id.get_ref()));
            }
        }
    }

    fn parents(&mut self, raw: &RawEntity) {
        let parents: Vec<_> = raw.is.iter().filter_map(|parent| self.look_up(parent)).collect();
        if let Some(entity) = self.base.by_id(raw.id.get_ref()) {
            self.base.entities[entity.0 as usize].parents = parents;
        }
    }

    fn look_up(&mut self, id: &Spanned<String>) -> Option<EntityId> {
        let found = self.base.by_id(id.get_ref());
        if found.is_none() {
            let near = nearest(id.get_ref(), self.base.by_id.keys().map(String::as_str));
            let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            self.error(id.span().into(), format!("There is no entity `{}`.{hint}", id.get_ref()));
        }
        found
    }

    fn fact(&mut self, raw: &RawFact, span: Span, defaults: &RawDefaults) {
        let Some(as_of) = raw.as_of.as_ref().or(defaults.as_of.as_ref()).and_then(date) else {
            self.error(span, "This fact does not say as of when (`as_of`).");
            return;
        };
        let (since, until) = (raw.since.as_ref().and_then(date), raw.until.as_ref().and_then(date));
        if since.is_some_and(|since| since > as_of) {
            self.error(span, "This fact starts after the day on which it was seen.");
        }
        if since.is_some_and(|since| until.is_some_and(|until| until <= since)) {
            self.error(span, "This fact ends before it starts.");
        }
        let called = if raw.sources.is_empty() { &defaults.sources } else { &raw.sources };
        let sources: Vec<Source> = called.iter().filter_map(|id| self.source(id)).collect();
        if sources.is_empty() {
            self.error(span, "This fact has no source.");
        }
        if let Some(missing) = missing(raw) {
            self.error(span, format!("A fact `{}` needs `{missing}`.", raw.predicate.name()));
        }
        let days = self.review_after_days.get(&raw.predicate).copied().unwrap_or(REVIEW_AFTER_DAYS);
        let review_by = raw.review_by.as_ref().and_then(date);
        let review_by = review_by.unwrap_or_else(|| as_of.saturating_add(i64::from(days).days()));
        let therapy = raw.therapy.as_ref().and_then(|id| self.look_up(id));
        let authority = raw.authority.as_ref().and_then(|id| self.look_up(id));
        let by: Vec<EntityId> = raw.by.iter().filter_map(|id| self.look_up(id)).collect();
        let conditions: Vec<Option<EntityId>> = if raw.condition.is_empty() {
            vec![None]
        } else {
            raw.condition.iter().map(|id| self.look_up(id)).collect()
        };
        for condition in conditions {
            let number = self.base.facts.len();
            let id = raw.id.clone().unwrap_or_else(|| self.fact_id(raw, [authority, therapy, condition]));
            if !self.fact_ids.insert(id.clone()) {
                self.error(span, format!("There are two facts `{id}`."));
            }
            for entity in [therapy, condition].into_iter().flatten() {
                self.base.facts_of.entry(entity).or_default().push(number);
            }
            self.places.push((self.file.clone(), span));
            self.base.facts.push(Fact {
                id,
                predicate: raw.predicate,
                condition,
                therapy,
                authority,
                by: by.clone(),
                strength: raw.strength,
                what: raw.what.clone(),
                value: raw.value,
                scope: raw.scope.clone(),
                since,
                until,
                as_of,
                review_by,
                sources: sources.clone(),
                say: raw.say.clone(),
            });
        }
    }

    /// `fda.ocrelizumab.ms.approved`: whoever says so, of what, for what.
    fn fact_id(&self, raw: &RawFact, parts: [Option<EntityId>; 3]) -> String {
        let named = parts.into_iter().flatten().filter_map(|id| self.base.entity(id)).map(|entity| entity.id.as_str());
        let what = raw.what.as_deref().filter(|_| raw.predicate == Predicate::Designation);
        let what = what.map(|what| what.to_lowercase().replace(' ', "-"));
        named.chain([raw.predicate.name()]).chain(what.as_deref()).collect::<Vec<_>>().join(".")
    }

    fn source(&mut self, called: &Spanned<String>) -> Option<Source> {
        let (id, page) = match called.get_ref().split_once(':') {
            Some((id, page)) => (id, Some(page)),
            None => (called.get_ref().as_str(), None),
        };
        let Some(found) = self.sources.get(id) else {
            let near = nearest(id, self.sources.keys().map(String::as_str));
            let hint = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            self.error(called.span().into(), format!("There is no source `{id}`.{hint}"));
            return None;
        };
        let mut source = found.clone();
        match page {
            Some(page) => {
                source.title = source.title.replace(PAGE, &page.replace('-', " "));
                source.url = source.url.replace(PAGE, page);
            }
            None if source.url.contains(PAGE) => {
                self.error(called.span().into(), format!("The source `{id}` has many pages: write `{id}:page`."));
            }
            None => {}
        }
        Some(source)
    }
}

/// What stands for the page in the address and title of a source with many pages.
const PAGE: &str = "{page}";

/// What a fact of its sort must name and does not.
fn missing(raw: &RawFact) -> Option<&'static str> {
    use Predicate as P;
    let about_therapy = !matches!(raw.predicate, P::Cure | P::NoCure);
    let by_authority = matches!(raw.predicate, P::FirstApproved | P::Approved | P::NotApproved | P::Designation);
    let of_condition = matches!(raw.predicate, P::Cure | P::NoCure | P::Investigational);
    match raw {
        _ if about_therapy && raw.therapy.is_none() => Some("therapy"),
        _ if by_authority && raw.authority.is_none() => Some("authority"),
        _ if of_condition && raw.condition.is_empty() => Some("condition"),
        _ if matches!(raw.predicate, P::Designation | P::BoxedWarning) && raw.what.is_none() => Some("what"),
        _ if raw.predicate == P::Count && raw.value.is_none() => Some("value"),
        _ if raw.predicate.is_approval() && raw.since.is_none() => Some("since"),
        _ => None,
    }
}

/// A name as it is written: `=Lyme` must stand just so, as must short names in capitals.
fn name_of(text: &str) -> Name {
    if let Some(exact) = text.strip_prefix('=') {
        return Name { text: exact.to_owned(), case_sensitive: true };
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let acronym = letters > 0 && text.chars().all(|c| !c.is_lowercase()) && text.chars().count() <= LONGEST_ACRONYM;
    Name { text: text.to_owned(), case_sensitive: acronym }
}

pub(super) fn date(written: &toml::value::Datetime) -> Option<Date> {
    let date = written.date?;
    Date::new(i16::try_from(date.year).ok()?, date.month as i8, date.day as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::CureStrength;
    use crate::source::Format;

    #[test]
    fn the_built_in_base_has_no_mistake() {
        let loaded = Knowledge::load(&Knowledge::builtin_files());
        let errors = loaded.as_ref().err().cloned().unwrap_or_default();
        assert!(errors.is_empty(), "{errors:#?}");
        let base = loaded.unwrap();
        assert!(base.facts().iter().all(|f| f.sources.iter().all(|s| s.url.starts_with("https://"))));
    }

    #[test]
    fn facts_reach_through_classes() {
        let base = Knowledge::builtin();
        let id = |id: &str| base.by_id(id).unwrap();
        assert!(base.investigational(id("car-t"), id("ms"), None).is_some());
        assert!(base.investigational(id("kyv-101"), id("progressive-ms"), None).is_some());
        assert!(base.investigational(id("tisagenlecleucel"), id("b-all"), None).is_none());
        assert_eq!(base.cure_strength(id("hepatitis-c")), Some(CureStrength::Usual));
        assert_eq!(base.cure_strength(id("ms")), None);
        assert!(base.no_cure(id("progressive-ms")).is_some());
        assert_eq!(base.cure_strength(id("breast-cancer")), Some(CureStrength::Some));
    }

    fn mistake(text: &str) -> (String, String) {
        let file = SourceFile::new("f.toml", text, Format::Toml);
        let error = Knowledge::load(std::slice::from_ref(&file)).unwrap_err().remove(0);
        (file.slice(error.span).to_owned(), error.message)
    }

    #[test]
    fn mistakes_carry_their_place() {
        let source = "source = [{ id = \"s\", publisher = \"P\", title = \"T\", url = \"https://x.org\" }]\ncondition = [{ id = \"a\", names = [\"a\"] }]\n";
        let fact = |rest: &str| format!("{source}[[fact]]\n{rest}\n");
        assert_eq!(mistake("condition = [{ id = \"a\", nmes = [] }]").0, "nmes");
        assert_eq!(
            mistake("condition = [{ id = \"a\", names = [\"x\"] }, { id = \"a\", names = [\"y\"] }]").0,
            "\"a\""
        );
        assert_eq!(
            mistake("condition = [{ id = \"a\", names = [\"x\"] }, { id = \"b\", names = [\"X\"] }]").0,
            "\"X\""
        );
        let dangling =
            mistake(&fact("predicate = \"cure\"\ncondition = [\"ab\"]\nas_of = 2026-01-01\nsources = [\"s\"]"));
        assert_eq!(dangling.0, "\"ab\"");
        assert!(
            mistake(&fact("predicate = \"cure\"\ncondition = [\"a\"]\nas_of = 2026-01-01")).1.contains("no source")
        );
        assert!(
            mistake(&fact("predicate = \"cure\"\ncondition = [\"a\"]\nsources = [\"s\"]")).1.contains("as of when")
        );
        let twice = "predicate = \"cure\"\ncondition = [\"a\"]\nas_of = 2026-01-01\nsources = [\"s\"]";
        assert!(mistake(&fact(&format!("{twice}\n[[fact]]\n{twice}"))).1.contains("two facts `a.cure`"));
        let of = |rest: &str| mistake(&fact(&format!("condition = [\"a\"]\nas_of = 2026-01-01\n{rest}"))).1;
        assert!(of("predicate = \"cure\"\nsources = [\"t\"]").contains("There is no source `t`"));
        assert!(of("predicate = \"approved\"\nsources = [\"s\"]").contains("needs `therapy`"));
        assert!(of("predicate = \"cure\"\nsources = [\"s\"]\nsince = 2026-02-01").contains("after the day"));
        assert!(
            of("predicate = \"cure\"\nsources = [\"s\"]\nsince = 2025-02-01\nuntil = 2024-01-01")
                .contains("ends before")
        );
        let both = fact(
            "predicate = \"cure\"\ncondition = [\"a\"]\nas_of = 2026-01-01\nsources = [\"s\"]\n[[fact]]\npredicate = \"no_cure\"\ncondition = [\"a\"]\nas_of = 2026-01-01\nsources = [\"s\"]",
        );
        assert!(mistake(&both).1.contains("contradicts"));
    }
}
