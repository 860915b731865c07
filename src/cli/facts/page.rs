//! Entities and facts written down, for people and for scripts.

use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use crate::knowledge::{CureStrength, Entity, EntityId, EntityKind, Fact, Knowledge, Source};

/// Who an entity is: its names and its kin.
pub(super) fn head(page: &mut String, base: &Knowledge, id: EntityId, entity: &Entity) {
    let name = |id: &EntityId| base.entity(*id).map_or("", Entity::name).to_owned();
    let names: Vec<&str> = entity.names.iter().map(|name| name.text.as_str()).collect();
    let parents: Vec<String> = entity.parents.iter().map(name).collect();
    let kind = match entity.kind {
        EntityKind::Authority => "authority".to_owned(),
        kind => format!("{}, {}", kind_name(kind), entity.nature.name()),
    };
    let _ = writeln!(page, "{} ({}): {kind}", entity.name(), entity.id);
    let mut row = |label: &str, words: &str| {
        if !words.is_empty() {
            let _ = writeln!(page, "  {label:<13} {words}");
        }
    };
    row("names", &names.join(", "));
    row("not", &entity.look_alikes.join(", "));
    row("one of", &parents.join(", "));
    row("members", &members(base, id).iter().map(name).collect::<Vec<_>>().join(", "));
    row("jurisdiction", entity.jurisdiction.as_deref().unwrap_or_default());
    row("no approvals", &entity.not_approval.join(", "));
}

fn members(base: &Knowledge, id: EntityId) -> Vec<EntityId> {
    let all = base.entities().iter().enumerate();
    all.filter(|(_, entity)| entity.parents.contains(&id)).map(|(at, _)| EntityId(at as u32)).collect()
}

/// Facts with their dates and sources; what is said alike of several conditions is said once.
pub(super) fn paragraphs(page: &mut String, base: &Knowledge, facts: &[&Fact]) {
    for alike in facts.chunk_by(|a, b| a.says_the_same(b)) {
        let conditions: Vec<EntityId> = alike.iter().filter_map(|fact| fact.condition).collect();
        let fact = alike[0];
        let more = if alike.len() > 1 { format!(" and {} more", alike.len() - 1) } else { String::new() };
        let _ = writeln!(page, "\n  {}", base.tell_of(fact, &conditions));
        let _ = writeln!(page, "    {}{more}, as of {}, review by {}", fact.id, fact.as_of, fact.review_by);
        if let Some(say) = &fact.say {
            let _ = writeln!(page, "    write: {say}");
        }
        sources(page, fact, "    ");
    }
}

/// Where a fact can be read.
pub(super) fn sources(page: &mut String, fact: &Fact, indent: &str) {
    for source in &fact.sources {
        let _ = writeln!(page, "{indent}{}, {}: {}", source.publisher, source.title, source.url);
    }
}

fn kind_name(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Authority => "authority",
        EntityKind::Condition => "condition",
        EntityKind::Therapy => "therapy",
        EntityKind::Trial => "trial",
    }
}

/// An entity as scripts read it.
#[derive(Serialize)]
pub(super) struct EntityPage<'a> {
    id: &'a str,
    kind: &'static str,
    nature: &'static str,
    names: Vec<&'a str>,
    not: &'a [String],
    is: Vec<&'a str>,
    members: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jurisdiction: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    not_approval: &'a [String],
    facts: Vec<FactPage<'a>>,
}

impl<'a> EntityPage<'a> {
    pub(super) fn new(base: &'a Knowledge, id: EntityId, facts: &[&'a Fact]) -> Option<Self> {
        let entity = base.entity(id)?;
        let ids = |of: &[EntityId]| of.iter().filter_map(|&id| base.entity(id)).map(|e| e.id.as_str()).collect();
        Some(Self {
            id: &entity.id,
            kind: kind_name(entity.kind),
            nature: entity.nature.name(),
            names: entity.names.iter().map(|name| name.text.as_str()).collect(),
            not: &entity.look_alikes,
            is: ids(&entity.parents),
            members: ids(&members(base, id)),
            jurisdiction: entity.jurisdiction.as_deref(),
            not_approval: &entity.not_approval,
            facts: facts.iter().map(|fact| FactPage::new(base, fact)).collect(),
        })
    }
}

/// A fact as scripts read it.
#[derive(Serialize)]
pub(super) struct FactPage<'a> {
    id: &'a str,
    predicate: &'static str,
    text: String,
    therapy: Option<&'a str>,
    condition: Option<&'a str>,
    authority: Option<&'a str>,
    by: Vec<&'a str>,
    strength: Option<CureStrength>,
    what: Option<&'a str>,
    value: Option<u32>,
    scope: Option<&'a str>,
    since: Option<Date>,
    until: Option<Date>,
    as_of: Date,
    review_by: Date,
    say: Option<&'a str>,
    sources: Vec<serde_json::Value>,
}

impl<'a> FactPage<'a> {
    pub(super) fn new(base: &'a Knowledge, fact: &'a Fact) -> Self {
        let id = |entity: Option<EntityId>| entity.and_then(|id| base.entity(id)).map(|entity| entity.id.as_str());
        let source = |s: &Source| serde_json::json!({ "publisher": s.publisher, "title": s.title, "url": s.url });
        Self {
            id: &fact.id,
            predicate: fact.predicate.name(),
            text: base.tell(fact),
            therapy: id(fact.therapy),
            condition: id(fact.condition),
            authority: id(fact.authority),
            by: fact.by.iter().filter_map(|&by| id(Some(by))).collect(),
            strength: fact.strength,
            what: fact.what.as_deref(),
            value: fact.value,
            scope: fact.scope.as_deref(),
            since: fact.since,
            until: fact.until,
            as_of: fact.as_of,
            review_by: fact.review_by,
            say: fact.say.as_deref(),
            sources: fact.sources.iter().map(source).collect(),
        }
    }
}
