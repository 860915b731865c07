//! stub until merge
use std::sync::LazyLock;
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntityId(pub u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    Authority,
    Condition,
    Therapy,
    Trial,
}
#[derive(Debug)]
pub struct Name {
    pub text: String,
    pub case_sensitive: bool,
}
#[derive(Debug)]
pub struct Entity {
    pub id: String,
    pub kind: EntityKind,
    pub names: Vec<Name>,
}
#[derive(Debug)]
pub struct Source {
    pub publisher: String,
    pub title: String,
    pub url: String,
}
#[derive(Debug)]
pub struct Fact {
    pub id: String,
    pub sources: Vec<Source>,
    pub say: Option<String>,
    pub as_of: jiff::civil::Date,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CureStrength {
    Usual,
    Some,
}
#[derive(Debug)]
pub struct Lexicon {
    pub words: Vec<String>,
}
#[derive(Debug, Default)]
pub struct Knowledge {
    entities: Vec<Entity>,
}
static B: LazyLock<Knowledge> = LazyLock::new(|| {
    let mut k = Knowledge::default();
    for (n, kind) in [
        ("MS", EntityKind::Condition),
        ("multiple sclerosis", EntityKind::Condition),
        ("hepatitis C", EntityKind::Condition),
        ("CAR T", EntityKind::Therapy),
    ] {
        k.entities.push(Entity { id: n.into(), kind, names: vec![Name { text: n.into(), case_sensitive: n == "MS" }] })
    }
    k
});
impl Knowledge {
    pub fn builtin() -> &'static Knowledge {
        &B
    }
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }
    pub fn lexicons(&self) -> impl Iterator<Item = (&str, &Lexicon)> {
        std::iter::empty()
    }
    pub fn cure_strength(&self, _c: EntityId) -> Option<CureStrength> {
        None
    }
    pub fn is_curable(&self, c: EntityId) -> Option<&Fact> {
        let _ = c;
        None
    }
    pub fn investigational(&self, _t: EntityId, _c: EntityId) -> Option<&Fact> {
        None
    }
}
