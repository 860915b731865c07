//! The client as the configuration and the environment want it.

use std::time::Duration;

use regex::Regex;

use crate::cli::config::{ARCHIVE, Config, Host};
use crate::cli::say;
use crate::evidence::records::Registry;
use crate::net::{ARCHIVE_BASE, HostConfig, NetConfig, Origin, Proxies, Secret};
use crate::spanned::Spanned;

/// How the outside is asked. Services are asked where the configuration or the environment
/// (`CAVEAT_EVIDENCE_NAME_BASE`) says; the environment wins.
pub(super) fn config(config: &Config, offline: bool) -> NetConfig {
    let links = &config.links;
    let base = |name: &str| {
        let by_environment = std::env::var(format!("CAVEAT_EVIDENCE_{}_BASE", name.to_uppercase())).ok();
        by_environment.filter(|base| !base.is_empty()).or_else(|| config.services.get(name).cloned())
    };
    let usual = NetConfig::default();
    // Wrong ones have been refused with the configuration.
    let regexes = |list: &[Spanned<String>]| list.iter().filter_map(|one| Regex::new(one.get_ref()).ok()).collect();
    let remap = links.remap.iter().filter_map(|one| Some((Regex::new(one.from.get_ref()).ok()?, one.to.clone())));
    NetConfig {
        allow_private: links.allow_private,
        offline,
        timeout: links.timeout_seconds.map_or(usual.timeout, Duration::from_secs),
        max_redirects: links.max_redirects.unwrap_or(usual.max_redirects),
        concurrency: links.concurrency.unwrap_or(usual.concurrency),
        per_host_concurrency: links.host_concurrency.unwrap_or(usual.per_host_concurrency),
        requests_per_second: links.requests_per_second.or(usual.requests_per_second),
        adapts: links.requests_per_second.is_none(),
        retries: links.retries.unwrap_or(usual.retries),
        user_agent: user_agent(&usual.user_agent, links.contact.as_deref()),
        accept: links.accept.clone(),
        hosts: links.hosts.iter().filter_map(|(name, host)| host_config(name.get_ref(), host)).collect(),
        include: regexes(&links.include),
        exclude: regexes(&links.exclude),
        remap: remap.collect(),
        proxies: proxies(&|name| std::env::var(name).ok()),
        services: Registry::ALL.iter().filter_map(|(registry, name, ..)| Some((*registry, base(name)?))).collect(),
        silent: config.silent.iter().filter_map(|name| Registry::named(name)).collect(),
        archive: links.archive.then(|| base(ARCHIVE).unwrap_or_else(|| ARCHIVE_BASE.to_owned())),
        ..usual
    }
}

/// Who asks, with an address for those who mind.
fn user_agent(usual: &str, contact: Option<&str>) -> String {
    match contact {
        None => usual.to_owned(),
        Some(contact) if contact.contains('@') && !contact.contains(':') => format!("{usual}; mailto:{contact}"),
        Some(contact) => format!("{usual}; {contact}"),
    }
}

/// What holds for a host alone, with what the environment keeps secret.
fn host_config(name: &str, host: &Host) -> Option<HostConfig> {
    let secret = host.auth.as_ref().and_then(|variable| {
        let secret = std::env::var(variable).ok().as_deref().and_then(Secret::read);
        if secret.is_none() {
            say(&format!("warning: {name} is asked without a password, because {variable} holds none"));
            say("  help: Set that variable to `user:password`, to a token, or to a whole Authorization header.");
        }
        secret
    });
    Some(HostConfig {
        origin: Origin::parse(name)?,
        accept: host.accept.clone(),
        secret,
        requests_per_second: host.requests_per_second,
        concurrency: host.concurrency,
    })
}

/// The proxies that the environment names, as other programs read it: the small letters first; `HTTP_PROXY` in capitals
/// can be set by strangers where a web server runs the program, and then does not count.
fn proxies(variable: &dyn Fn(&str) -> Option<String>) -> Proxies {
    let first = |names: &[&str]| {
        let mut set = names.iter().filter_map(|name| variable(name)).filter(|value| !value.trim().is_empty());
        set.next()
    };
    let for_all = || first(&["all_proxy", "ALL_PROXY"]);
    let http = if variable("REQUEST_METHOD").is_some() { &["http_proxy"][..] } else { &["http_proxy", "HTTP_PROXY"] };
    Proxies {
        http: first(http).or_else(for_all),
        https: first(&["https_proxy", "HTTPS_PROXY"]).or_else(for_all),
        bypass: first(&["no_proxy", "NO_PROXY"]).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_proxies() {
        let of = |set: &[(&str, &str)]| {
            proxies(&|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        let (a, b) = ("http://a:1", "http://b:2");
        let both = of(&[("http_proxy", a), ("HTTP_PROXY", b), ("HTTPS_PROXY", b), ("NO_PROXY", "x.org")]);
        assert_eq!(both, Proxies { http: Some(a.into()), https: Some(b.into()), bypass: "x.org".into() });
        assert_eq!(of(&[("ALL_PROXY", a), ("https_proxy", " ")]), Proxies::all(a));
        assert_eq!(of(&[("HTTP_PROXY", a), ("REQUEST_METHOD", "GET")]), Proxies::default());
    }

    #[test]
    fn the_user_agent_says_whom_to_write_to() {
        assert_eq!(user_agent("caveat", Some("desk@example.org")), "caveat; mailto:desk@example.org");
        assert_eq!(user_agent("caveat", Some("https://example.org/bot")), "caveat; https://example.org/bot");
    }
}
