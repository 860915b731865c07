//! What reaches outside: HTTP and local files. Questions go in, answers come out; a failure is an answer too.

mod failure;
mod files;
mod http;
mod lock;
mod pace;
mod registries;
mod resolve;
mod services;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use regex::Regex;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use url::Url;

use crate::evidence::links::is_private_host;
use crate::evidence::records::Registry;
use crate::evidence::{Answer, Answers, Question};

pub use lock::{Change, Lock};

use http::Asker;
use pace::Pace;
use resolve::PublicResolver;

/// How the outside is asked.
#[derive(Clone, Debug)]
pub struct NetConfig {
    /// Lets loopback, private and link-local addresses be asked.
    pub allow_private: bool,
    /// Asks nothing over the network; local files are still looked at.
    pub offline: bool,
    /// Longest wait for one request's headers. A whole question takes at most three times as long, not counting the
    /// time it waits for its turn.
    pub timeout: Duration,
    /// Most redirects followed.
    pub max_redirects: usize,
    /// Most requests under way at once.
    pub concurrency: usize,
    /// Most requests under way at once to one host and port.
    pub per_host_concurrency: usize,
    /// Most requests a second to one host and port; `None` and 0 set no limit.
    pub requests_per_second: Option<u32>,
    /// Takes that rate as the first one only: hosts that answer fast are asked faster.
    pub adapts: bool,
    /// How often a request is made again after a failure that may pass.
    pub retries: u32,
    /// Longest wait that a server may ask for (`Retry-After`) before its answer is taken as it is.
    pub max_retry_after: Duration,
    /// Who asks.
    pub user_agent: String,
    /// HTTP statuses that count as success besides 2xx.
    pub accept: Vec<u16>,
    /// Addresses that are not asked; such questions stay without an answer.
    pub exclude: Vec<Regex>,
    /// The address of a proxy for all but private hosts. The environment's proxy variables are not read here.
    pub proxy: Option<String>,
    /// Base addresses of registries that are not to be asked at their own.
    pub services: BTreeMap<Registry, String>,
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
            adapts: true,
            retries: 1,
            max_retry_after: Duration::from_secs(10),
            user_agent: concat!("caveat/", env!("CARGO_PKG_VERSION"), " (link check)").to_owned(),
            accept: Vec::new(),
            exclude: Vec::new(),
            proxy: None,
            services: BTreeMap::new(),
        }
    }
}

impl NetConfig {
    /// Whether a client with this configuration asks the network that question at all.
    pub fn asks(&self, question: &Question) -> bool {
        !self.offline
            && match question {
                Question::Link { url } => !self.exclude.iter().any(|regex| regex.is_match(url)),
                Question::Record { registry, .. } => !registry.is_on_disk(),
                Question::File { .. } => false,
            }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The HTTP client could not be set up: a bad user agent or proxy, or no certificate store.
    #[error("the network client could not be set up")]
    Client(#[from] reqwest::Error),
    /// The system refused what the client runs on.
    #[error("the network client could not be started")]
    Runtime(#[from] std::io::Error),
}

/// How far the asking is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Questions answered over the network so far.
    pub done: usize,
    /// Questions to be answered over the network in all.
    pub total: usize,
    /// The host that the last answer is about.
    pub host: String,
}

/// Answers questions. Hosts' limits hold across calls.
pub struct Client {
    runtime: Runtime,
    asker: Arc<Asker>,
}

impl Client {
    /// A client with that configuration.
    ///
    /// # Errors
    ///
    /// The configuration cannot be used, or the system lacks what HTTPS needs.
    pub fn new(config: NetConfig) -> Result<Self, NetError> {
        let http = http_client(&config)?;
        let pace =
            Pace::new(config.concurrency, config.per_host_concurrency, config.requests_per_second, config.adapts);
        for (registry, _, _, base) in Registry::ALL {
            let host = Url::parse(base).ok().and_then(|url| Some(format!("{}:443", url.host_str()?)));
            let (per_second, at_once) = registries::limits(registry);
            host.into_iter().for_each(|host| pace.limit(&host, per_second, at_once));
        }
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        Ok(Self { runtime, asker: Arc::new(Asker { http, pace, config }) })
    }

    /// Answers each question once, in any order, and returns when all are answered. `progress` is told after every
    /// answer that came over the network. Addresses stay unanswered when offline or excluded. Must not be called from
    /// asynchronous code: it blocks.
    pub fn answer(&self, questions: &[Question], progress: &(dyn Fn(Progress) + Sync)) -> Answers {
        self.answer_each(questions, &mut |_, _| {}, progress)
    }

    /// As [`Client::answer`], and hands each answer of the network to `each` as soon as it is there.
    pub fn answer_each(
        &self,
        questions: &[Question],
        each: &mut dyn FnMut(&Question, &Answer),
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Answers {
        let mut answers = Answers::default();
        let mut outside = Vec::new();
        let mut seen = HashSet::new();
        for question in questions.iter().filter(|question| seen.insert(*question)) {
            if self.asker.config.asks(question) {
                outside.push(question.clone());
            } else if let Some(answer) = look(question) {
                answers.insert(question.clone(), answer);
            }
        }
        if !outside.is_empty() {
            let mut take = |question: Question, answer: Answer| {
                each(&question, &answer);
                answers.insert(question, answer);
            };
            self.runtime.block_on(self.ask_all(outside, &mut take, progress));
        }
        answers
    }

    async fn ask_all(
        &self,
        questions: Vec<Question>,
        take: &mut dyn FnMut(Question, Answer),
        progress: &(dyn Fn(Progress) + Sync),
    ) {
        let total = questions.len();
        let mut tasks = JoinSet::new();
        for question in questions {
            let asker = Arc::clone(&self.asker);
            tasks.spawn(async move {
                let answer = match &question {
                    Question::Record { registry, id } => Some(asker.ask_registry(*registry, id).await),
                    Question::Link { url } => Some(Answer::Link(asker.ask(url).await)),
                    Question::File { .. } => None,
                };
                (question, answer)
            });
        }
        let mut done = 0;
        while let Some(joined) = tasks.join_next().await {
            done += 1;
            // A task that panicked leaves its question unanswered, which the summary counts.
            let Ok((question, Some(answer))) = joined else { continue };
            let host = host_of(&question);
            take(question, answer);
            progress(Progress { done, total, host });
        }
    }
}

fn host_of(question: &Question) -> String {
    match question {
        Question::Link { url } => {
            Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
        }
        Question::Record { registry, .. } => registry.title().to_owned(),
        Question::File { path } => path.clone(),
    }
}

/// Answers what this machine's files answer; no client is needed for it.
pub fn look(question: &Question) -> Option<Answer> {
    match question {
        Question::File { path } => Some(files::answer(path)),
        Question::Link { .. } | Question::Record { .. } => None,
    }
}

fn http_client(config: &NetConfig) -> Result<reqwest::Client, reqwest::Error> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8"));
    // Redirects are followed by hand, where every hop is checked; a referrer would tell one site about another.
    let mut builder = reqwest::Client::builder()
        .user_agent(&config.user_agent)
        .default_headers(headers)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .pool_max_idle_per_host(config.per_host_concurrency);
    let mut trusted = None;
    if let Some(proxy) = &config.proxy {
        // A bad address is refused here; what is left can be read, perhaps once it has a scheme.
        reqwest::Proxy::all(proxy)?;
        let proxy = if proxy.contains("://") { proxy.clone() } else { format!("http://{proxy}") };
        let proxy = Url::parse(&proxy).ok();
        trusted = proxy.as_ref().and_then(|url| url.host_str().map(str::to_owned));
        let for_host = move |url: &Url| proxy.clone().filter(|_| !url.host_str().is_some_and(is_private_host));
        builder = builder.proxy(reqwest::Proxy::custom(for_host));
    }
    builder.dns_resolver(PublicResolver { allow_private: config.allow_private, trusted }).build()
}
