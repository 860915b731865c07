//! What reaches outside: HTTP and local files. Questions go in, answers come out; a failure is an answer too.

mod cache;
mod config;
mod failure;
mod files;
mod http;
mod links;
mod lock;
mod pace;
mod queue;
mod quota;
mod registries;
mod reply;
mod resolve;
mod services;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use url::Url;

use crate::evidence::records::Registry;
use crate::evidence::{Answer, Answers, Question};

pub use cache::Cache;
pub use config::{HostConfig, NetConfig, Origin, Proxies, Secret};
pub use lock::{Change, Lock, is_due};
pub use registries::wayback::BASE as ARCHIVE_BASE;

use http::Asker;
use pace::Pace;
use queue::Waiting;
use resolve::PublicResolver;

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
    /// The host that holds the rest up longest; empty once all have answered.
    pub slowest: String,
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
            host.into_iter().for_each(|host| pace.limit(&host, Some(per_second.into()), Some(at_once)));
        }
        for host in &config.hosts {
            if host.requests_per_second.is_some() || host.concurrency.is_some() {
                let ports = host.origin.ports();
                ports.iter().for_each(|port| pace.limit(port, host.requests_per_second, host.concurrency));
            }
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
        let queues = queue::queues(&self.asker, questions);
        let mut waiting = Waiting::new(&queues);
        let (told, mut heard) = mpsc::unbounded_channel();
        for (host, queue) in queues {
            // As many as may be at the host at once; the rest of its questions wait in the queue, where they cost little.
            let workers = queue.lock().map_or(0, |work| work.len()).min(self.asker.pace.at_once(&host));
            for _ in 0..workers {
                let (asker, told) = (Arc::clone(&self.asker), told.clone());
                let (host, queue) = (host.clone(), Arc::clone(&queue));
                self.runtime.spawn(async move {
                    while let Some((work, is_last)) = queue::next(&queue, workers) {
                        let answers = Box::pin(work.done(&asker, is_last)).await;
                        // Nobody listens any more once the client is gone.
                        let _ = told.send((host.clone(), answers));
                    }
                });
            }
        }
        drop(told);
        let mut done = 0;
        // A task that panicked leaves its questions unanswered, which the summary counts.
        while let Some((host, answers)) = heard.recv().await {
            done += answers.len();
            waiting.answered(&host, answers.len());
            for (question, answer) in answers {
                take(question, answer);
            }
            progress(Progress { done, total, slowest: waiting.slowest(&self.asker).to_owned() });
        }
    }
}

/// Answers what this machine's files answer; no client is needed for it.
pub fn look(question: &Question) -> Option<Answer> {
    match question {
        Question::File { path } => Some(files::answer(path)),
        Question::Link { .. }
        | Question::Archived { .. }
        | Question::Record { .. }
        | Question::Search(_)
        | Question::Page { .. }
        | Question::Quoted { .. } => None,
    }
}

fn http_client(config: &NetConfig) -> Result<reqwest::Client, reqwest::Error> {
    let mut headers = HeaderMap::new();
    // Bodies are unpacked here, where they are bounded.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    // Redirects are followed by hand, where every hop is checked; a referrer would tell one site about another.
    let mut builder = reqwest::Client::builder()
        .user_agent(&config.user_agent)
        .default_headers(headers)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .http2_max_header_list_size(MOST_HEADERS)
        .pool_idle_timeout(LONGEST_IDLE)
        .pool_max_idle_per_host(config.per_host_concurrency);
    let mut trusted = Vec::new();
    let bypass = reqwest::NoProxy::from_string(&format!("{NEVER_BY_PROXY},{}", config.proxies.bypass));
    for (address, is_for_https) in [(&config.proxies.http, false), (&config.proxies.https, true)] {
        let Some(address) = address else { continue };
        let proxy = if is_for_https { reqwest::Proxy::https(address) } else { reqwest::Proxy::http(address) };
        builder = builder.proxy(proxy?.no_proxy(bypass.clone()));
        let url = if address.contains("://") { Url::parse(address) } else { Url::parse(&format!("http://{address}")) };
        trusted.extend(url.ok().and_then(|url| url.host_str().map(str::to_owned)));
    }
    builder.dns_resolver(PublicResolver { allow_private: config.allow_private, trusted }).build()
}

/// How long a connection is kept that nobody uses: those to thousands of hosts would use up what a program may have open.
const LONGEST_IDLE: Duration = Duration::from_secs(1);

/// Hosts of one's own network, which no proxy knows.
const NEVER_BY_PROXY: &str = "localhost,local,internal,127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1,fc00::/7,fe80::/10";

/// Most bytes of headers that are taken from a server; over HTTP/1.1 the HTTP library has a bound of its own.
const MOST_HEADERS: u32 = 64 * 1024;
