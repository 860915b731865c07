//! Phrase patterns: the small language in which rules and cues say what words they mean.
//!
//! | written | means |
//! |---|---|
//! | `cure` | the word, in any case |
//! | `cure~` | any of its forms |
//! | `game-changing` | with a hyphen, a space or neither; a space also matches a hyphen |
//! | `{condition}` | a name from a lexicon; `{number}`, `{number<=30}`, `{percent}`, `{year}` are built in |
//! | `(a\|b c)` | one of these |
//! | `x?` | perhaps |
//! | `_` | one word, whatever it is |
//! | `..4` | up to four words, the fewest first |
//! | `!x`, `!(a\|b)` | none of these words comes next; `$` among them: nor the end of the sentence or a pause |
//! | `<!x`, `<!(a\|b)` | none of these words stands right before; `^` among them: nor the start of the sentence or a pause |
//! | `^`, `$` | the start and the end of the sentence |
//!
//! A match never leaves its sentence. Between two words written side by side no comma, colon, semicolon, dash or
//! bracket may stand; a gap may cross them, except colons and semicolons.

mod compile;
mod index;
pub mod lexicon;
mod matcher;
mod recognise;
mod set;
mod syntax;

pub use compile::{Compiler, Pattern};
pub use index::SentenceIndex;
pub use lexicon::{LexiconId, Lexicons, Mention};
pub use matcher::{Match, Named, View};
pub use recognise::Recognisers;
pub use set::{Candidates, PatternSet};
pub use syntax::PatternError;
