//! What an editor's settings say.

use serde::Deserialize;
use serde_json::Value;

use crate::cli::config::Overlay;
use crate::linter::{Jurisdiction, Profile};

/// Settings, as the editor gives them at the start and whenever they change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    profile: Option<String>,
    jurisdiction: Option<String>,
    /// Whether the network may be asked.
    pub(super) online: bool,
    /// Whether drafts are judged that are not open.
    pub(super) whole_workspace: bool,
}

impl Options {
    /// Reads settings, alone or under the program's name, with what cannot be used of them.
    pub(super) fn read(value: &Value) -> (Self, Vec<String>) {
        let own = value.get("caveat").unwrap_or(value);
        if own.is_null() {
            return Default::default();
        }
        let mut wrong = Vec::new();
        let mut options = serde_json::from_value(own.clone()).unwrap_or_else(|error| {
            wrong.push(format!("the settings for caveat cannot be read: {error}"));
            Options::default()
        });
        check(&mut options.profile, "profile", Profile::ALL.map(|(name, _)| name).as_slice(), &mut wrong);
        check(
            &mut options.jurisdiction,
            "jurisdiction",
            Jurisdiction::ALL.map(|(name, _)| name).as_slice(),
            &mut wrong,
        );
        (options, wrong)
    }

    /// Whether settings say anything to this program. Some editors send empty ones once it runs, which take nothing back.
    pub(super) fn are_in(value: &Value) -> bool {
        let own = value.get("caveat").unwrap_or(value);
        ["profile", "jurisdiction", "online", "wholeWorkspace"].iter().any(|name| own.get(name).is_some())
    }

    /// What they say over the configuration.
    pub(super) fn overlay(&self) -> Overlay {
        Overlay {
            profile: self.profile.as_deref().and_then(Profile::of_name),
            jurisdiction: self.jurisdiction.as_deref().and_then(Jurisdiction::of_name),
            ..Overlay::default()
        }
    }
}

/// Takes out a name that is none of those known, and tells so. An empty one stands for none.
fn check(name: &mut Option<String>, what: &str, known: &[&str], wrong: &mut Vec<String>) {
    *name = name.take().filter(|name| {
        let is_known = known.contains(&name.as_str());
        if !is_known && !name.is_empty() {
            wrong.push(format!("there is no {what} “{name}”; there are {}", known.join(", ")));
        }
        is_known
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_read_with_and_without_the_name() {
        let plain = Options::read(&json!({"profile": "newsroom", "online": true, "other": 1}));
        assert_eq!(plain, Options::read(&json!({"caveat": {"profile": "newsroom", "online": true}})));
        assert_eq!(plain.0.overlay().profile, Some(Profile::Newsroom));
        assert!(plain.0.online && plain.1.is_empty());
        assert_eq!(Options::read(&Value::Null), Default::default());
        assert_eq!(Options::read(&json!({"profile": null, "jurisdiction": ""})), Default::default());
    }

    #[test]
    fn wrong_settings_are_told_and_left_out() {
        let (options, wrong) = Options::read(&json!({"profile": "blog", "jurisdiction": "eu"}));
        assert_eq!((options.overlay().profile, wrong.len()), (None, 1));
        assert_eq!(options.overlay().jurisdiction, Some(Jurisdiction::Eu));
        assert_eq!(Options::read(&json!([1])).1.len(), 1);
        assert_eq!(Options::read(&json!({"online": "yes"})).1.len(), 1);
    }
}
