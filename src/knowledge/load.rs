//! From fact files to the base, with every mistake at its place.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use toml::Spanned;

use crate::source::{SourceFile, Span};
use crate::suggest::nearest;

use super::schema::{Predicate, RawEntity, RawFact, RawFile, RawSource};
use super::{Entity, EntityId, EntityKind, Fact, Knowledge, KnowledgeError, Lexicon, Name, Source};

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
        loader.entities(EntityKind::Authority, &raw.authority);
        loader.entities(EntityKind::Condition, &raw.condition);
        loader.entities(EntityKind::Therapy, &raw.therapy);
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
            loader.fact(fact.get_ref(), Span::from(fact.span()), &raw.source);
        }
    }
    loader.contradictions();
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
}

/// Longest name in capitals that must be written so: `COVID` and `MMR`, but not `INSULIN`.
const LONGEST_ACRONYM: usize = 5;

impl Loader {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(KnowledgeError { file: self.file.clone(), span, message: message.into() });
    }

    fn entities(&mut self, kind: EntityKind, raw: &[RawEntity]) {
        for entity in raw {
            let number = EntityId(self.base.entities.len() as u32);
            let id = entity.id.get_ref().clone();
            if self.base.by_id.insert(id.clone(), number).is_some() {
                self.error(entity.id.span().into(), format!("There are two entities `{id}`."));
            }
            for name in &entity.names {
                let key = (kind, name.get_ref().to_lowercase());
                if let Some(other) = self.named.insert(key, id.clone()) {
                    let message = format!("`{}` is a name of `{other}` already.", name.get_ref());
                    self.error(name.span().into(), message);
                }
            }
            let names = entity.names.iter().map(|name| name_of(name.get_ref())).collect();
            self.base.entities.push(Entity { id, kind, names, parents: Vec::new() });
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

    fn fact(&mut self, raw: &RawFact, span: Span, sources: &[RawSource]) {
        let Some(as_of) = raw.as_of.as_ref().and_then(date) else {
            self.error(span, "This fact does not say as of when (`as_of`).");
            return;
        };
        let since = raw.since.as_ref().and_then(date);
        if since.is_some_and(|since| since > as_of) {
            self.error(span, "This fact starts after the day on which it was seen.");
        }
        let sources: Vec<Source> = raw.sources.iter().filter_map(|id| self.source(id, sources)).collect();
        if sources.is_empty() {
            self.error(span, "This fact has no source.");
        }
        let therapy = raw.therapy.as_ref().and_then(|id| self.look_up(id));
        let authority = raw.authority.as_ref().and_then(|id| self.look_up(id));
        let conditions: Vec<Option<EntityId>> = if raw.condition.is_empty() {
            vec![None]
        } else {
            raw.condition.iter().map(|id| self.look_up(id)).collect()
        };
        for condition in conditions {
            let number = self.base.facts.len();
            let id = raw.id.clone().unwrap_or_else(|| self.fact_id(raw.predicate, therapy, condition));
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
                strength: raw.strength,
                scope: raw.scope.clone(),
                since,
                as_of,
                sources: sources.clone(),
                say: raw.say.clone(),
            });
        }
    }

    fn fact_id(&self, predicate: Predicate, therapy: Option<EntityId>, condition: Option<EntityId>) -> String {
        let name = |id: Option<EntityId>| id.and_then(|id| self.base.entity(id)).map_or("any", |e| e.id.as_str());
        format!("{}.{}.{:?}", name(therapy), name(condition), predicate).to_lowercase()
    }

    fn source(&mut self, id: &Spanned<String>, sources: &[RawSource]) -> Option<Source> {
        let found = sources.iter().find(|source| source.id == *id.get_ref());
        if found.is_none() {
            self.error(id.span().into(), format!("This file has no source `{}`.", id.get_ref()));
        }
        found.map(|s| Source { publisher: s.publisher.clone(), title: s.title.clone(), url: s.url.clone() })
    }

    /// A condition cannot both have a cure and have none; a pair cannot be both approved and not, nor approved and
    /// investigational, with one authority.
    fn contradictions(&mut self) {
        let against = |a: Predicate, b: Predicate| {
            matches!(
                (a, b),
                (Predicate::Cure, Predicate::NoCure)
                    | (Predicate::Approved, Predicate::NotApproved)
                    | (Predicate::Approved, Predicate::Investigational)
            )
        };
        let mut found = Vec::new();
        for (at, fact) in self.base.facts.iter().enumerate() {
            for other in &self.base.facts {
                let same = fact.condition == other.condition && fact.therapy == other.therapy;
                let one_authority = fact.authority == other.authority || other.authority.is_none();
                if same && one_authority && against(fact.predicate, other.predicate) {
                    found.push((at, format!("`{}` contradicts `{}`.", fact.id, other.id)));
                }
            }
        }
        for (at, message) in found {
            let (file, span) = self.places[at].clone();
            self.errors.push(KnowledgeError { file, span, message });
        }
    }
}

fn name_of(text: &str) -> Name {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let acronym = letters > 0 && text.chars().all(|c| !c.is_lowercase()) && text.chars().count() <= LONGEST_ACRONYM;
    Name { text: text.to_owned(), case_sensitive: acronym }
}

fn date(written: &toml::value::Datetime) -> Option<Date> {
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
        assert!(base.investigational(id("car-t"), id("ms")).is_some());
        assert!(base.investigational(id("kyv-101"), id("progressive-ms")).is_some());
        assert!(base.investigational(id("tisagenlecleucel"), id("b-all")).is_none());
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
        let both = fact(
            "predicate = \"cure\"\ncondition = [\"a\"]\nas_of = 2026-01-01\nsources = [\"s\"]\n[[fact]]\npredicate = \"no_cure\"\ncondition = [\"a\"]\nas_of = 2026-01-01\nsources = [\"s\"]",
        );
        assert!(mistake(&both).1.contains("contradicts"));
    }
}
