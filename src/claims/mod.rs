//! Claims drawn from sentences: what is said of what, how strongly, and by whom.

mod book;
mod strength;

pub use book::{Kind, RelationBook, Strength};
