//! What reaches outside: links over HTTP, and files on disk. Questions go in, answers come out; a failure is an answer.
//!
//! Blocking from outside; inside, one thread drives all requests at once.

mod files;
mod http;
mod pace;
mod resolve;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use regex::Regex;
use thiserror::Error;
use url::Url;

use crate::evidence::{Answer, Answers, Question};

/// How to ask.
#[derive(Clone, Debug)]
pub struct NetConfig {
    /// Ask private, loopback and link-local addresses too.
    pub allow_private: bool,
    /// Ask nothing of the network; files are still looked at.
    pub offline: bool,
    /// Longest wait for one request.
    pub timeout: Duration,
    /// Most redirects followed.
    pub max_redirects: usize,
    /// Most requests under way at once.
    pub concurrency: usize,
    /// Most requests under way at once to one host.
    pub per_host_concurrency: usize,
    /// Most requests a second to one host; `None`: no limit.
    pub requests_per_second: Option<u32>,
    /// How often a request that failed is tried again.
    pub retries: u32,
    /// Longest `Retry-After` that is waited for.
    pub max_retry_after: Duration,
    /// What the program calls itself.
    pub user_agent: String,
    /// Statuses that count as resolving.
    pub accept: Vec<u16>,
    /// Addresses that are not asked.
    pub exclude: Vec<Regex>,
}

impl Default for NetConfig {
    fn default() -> Self {
        Self {
            allow_private: false,
            offline: false,
            timeout: Duration::from_secs(20),
            max_redirects: 10,
            concurrency: 128,
            per_host_concurrency: 8,
            requests_per_second: Some(10),
            retries: 1,
            max_retry_after: Duration::from_secs(10),
            user_agent: concat!("caveat/", env!("CARGO_PKG_VERSION"), " (link check)").to_owned(),
            accept: Vec::new(),
            exclude: Vec::new(),
        }
    }
}

/// Why nothing can be asked.
#[derive(Debug, Error)]
pub enum NetError {
    /// The HTTP client could not be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
    /// The thread that drives requests could not be set up.
    #[error("requests cannot be driven: {0}")]
    Runtime(#[from] std::io::Error),
}

/// How far asking has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Questions that have an answer.
    pub done: usize,
    /// Questions in all.
    pub total: usize,
    /// The host that answered last.
    pub host: &'a str,
}

/// Asks.
#[derive(Debug)]
pub struct Client {
    config: NetConfig,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    pace: pace::Pace,
}

impl Client {
    /// A client; no connection is made yet.
    pub fn new(config: NetConfig) -> Result<Self, NetError> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(&config.user_agent)
            .timeout(config.timeout)
            .connect_timeout(config.timeout)
            .dns_resolver(std::sync::Arc::new(resolve::Resolver { allow_private: config.allow_private }))
            .build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let pace = pace::Pace::new(config.concurrency, config.per_host_concurrency, config.requests_per_second);
        Ok(Self { config, http, runtime, pace })
    }

    /// Whether it would answer this question.
    pub fn can_answer(config: &NetConfig, question: &Question) -> bool {
        match question {
            Question::File { .. } => true,
            Question::Link { url } => !config.offline && !config.exclude.iter().any(|regex| regex.is_match(url)),
        }
    }

    /// Answers the questions that it can, each once, all at the same time. `progress` is told after each.
    pub fn answer(&self, questions: &[Question], progress: &(dyn Fn(Progress<'_>) + Sync)) -> Answers {
        let asked: BTreeSet<&Question> =
            questions.iter().filter(|question| Self::can_answer(&self.config, question)).collect();
        let total = asked.len();
        let done = AtomicUsize::new(0);
        let tell = |host: &str| progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total, host });
        let mut answers = Answers::default();
        let mut links = Vec::new();
        for question in asked {
            match question {
                Question::File { path } => {
                    answers.insert(question.clone(), files::look_at(path));
                    tell("");
                }
                Question::Link { url } => links.push((question, url)),
            }
        }
        self.runtime.block_on(async {
            let mut under_way: FuturesUnordered<_> =
                links.into_iter().map(|(question, url)| async move { (question, url, self.ask(url).await) }).collect();
            while let Some((question, url, answer)) = under_way.next().await {
                answers.insert(question.clone(), answer);
                tell(Url::parse(url).ok().as_ref().and_then(Url::host_str).unwrap_or(""));
            }
        });
        answers
    }

    async fn ask(&self, url: &str) -> Answer {
        match Url::parse(url) {
            Ok(url) => {
                Answer::Link(http::Asking { config: &self.config, http: &self.http, pace: &self.pace }.link(url).await)
            }
            Err(error) => Answer::Unknown { why: format!("not an address: {error}") },
        }
    }
}
