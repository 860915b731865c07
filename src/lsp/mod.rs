//! What the language server says, as values of the protocol: texts that follow an editor's changes, positions,
//! diagnostics, hovers and actions.
//!
//! Pure: who speaks to the editor, and when, is decided in `cli`.

mod actions;
mod claims;
mod diagnostics;
mod draft;
mod except;
mod hover;
mod ignore;
mod positions;

pub use actions::{Around, OPEN_RULE, SELECT, actions};
pub use claims::claim_hover;
pub use diagnostics::{Shown, diagnostics};
pub use draft::{Draft, format_of, path_of, uri_of, valid};
pub use except::ConfigFile;
pub use hover::finding_hover;
pub use positions::{Encoding, Positions};
