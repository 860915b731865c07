//! Where questions become answers.

use std::time::Duration;

use regex::Regex;

use crate::cli::config::Links;
use crate::cli::error;
use crate::evidence::{Answers, Question};
pub(super) use crate::net::Progress;
use crate::net::{Client, NetConfig};

/// Asks what the checks want to know.
#[derive(Debug)]
pub(super) struct Asker {
    config: NetConfig,
}

impl Asker {
    /// An asker with these settings; `offline` asks nothing of the network, and looks at files all the same.
    pub(super) fn new(links: &Links, offline: bool) -> Self {
        let usual = NetConfig::default();
        let contact = links.contact.as_ref().map(|contact| format!("{}; {contact}", usual.user_agent));
        let rate = links.requests_per_second.map(|rate| rate.ceil().clamp(1.0, 1e6) as u32);
        let config = NetConfig {
            allow_private: links.allow_private,
            offline,
            timeout: links.timeout_seconds.map_or(usual.timeout, Duration::from_secs),
            concurrency: links.concurrency.unwrap_or(usual.concurrency),
            requests_per_second: rate.or(usual.requests_per_second),
            user_agent: contact.unwrap_or(usual.user_agent),
            accept: links.accept.clone(),
            // Wrong ones have been refused with the configuration.
            exclude: links.exclude.iter().filter_map(|pattern| Regex::new(pattern.get_ref()).ok()).collect(),
            proxy: proxy(),
            ..usual
        };
        Self { config }
    }

    /// Whether it could answer at all. Drafts whose questions it cannot answer are judged at once.
    pub(super) fn can_answer(&self, question: &Question) -> bool {
        match question {
            Question::File { .. } => true,
            Question::Link { url } => self.config.asks(url),
        }
    }

    /// Answers as many questions as it can, all at once. The client is made here and not before: most runs need none.
    pub(super) fn ask(&self, questions: &[Question], progress: &(dyn Fn(Progress) + Sync)) -> Answers {
        match Client::new(self.config.clone()) {
            Ok(client) => client.answer(questions, progress),
            Err(failure) => {
                error::tell(&failure, Some("Links stay unchecked."));
                Answers::default()
            }
        }
    }
}

/// The proxy that the environment names, as other programs read it.
fn proxy() -> Option<String> {
    let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    names.iter().find_map(|name| std::env::var(name).ok()).filter(|proxy| !proxy.trim().is_empty())
}
