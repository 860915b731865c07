//! Sites with certificates, good and bad, as a proxy on this machine shows them to the program.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::cli::{caveat, folder, json, text};
use crate::net::servers::{OK, head_of, odd_server};

/// An authority that the program is told to trust, and what it has signed.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { pem: params.self_signed(&key).unwrap().pem(), issuer: Issuer::new(params, key) }
    }

    /// A site's certificate, as servers use it.
    fn signs(&self, name: &str, last_year: i32) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(last_year, 1, 1));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        Arc::new(config.with_single_cert(vec![certificate.der().clone()], key).unwrap())
    }
}

/// A proxy that answers for every host itself: in plain words, and behind `CONNECT` with the host's certificate.
fn proxy(sites: BTreeMap<&'static str, Arc<ServerConfig>>) -> String {
    odd_server(move |_, mut stream: TcpStream| {
        let head = head_of(&mut stream);
        let mut words = head.split(' ');
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        if method != "CONNECT" {
            let _ = stream.write_all(OK.as_bytes());
            return;
        }
        let host = target.split(':').next().unwrap_or("");
        let Some(site) = sites.get(host) else {
            let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
            return;
        };
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let connection = ServerConnection::new(Arc::clone(site)).unwrap();
        let mut safe = StreamOwned::new(connection, stream);
        let mut read = [0; 2048];
        if safe.read(&mut read).is_ok_and(|length| length > 0) {
            let _ = safe.write_all(OK.as_bytes()).and_then(|()| safe.flush());
        }
    })
}

#[test]
fn certificates_are_judged_and_plain_links_offered_encryption() {
    let authority = Authority::new("Known");
    let sites = BTreeMap::from([
        ("good.example", authority.signs("good.example", 2090)),
        ("old.example", authority.signs("old.example", 2021)),
        ("other.example", authority.signs("good.example", 2090)),
        ("stranger.example", Authority::new("Stranger").signs("stranger.example", 2090)),
    ]);
    let proxy = proxy(sites);
    let draft = "[1](https://good.example/) [2](https://old.example/) [3](https://other.example/) [4](https://stranger.example/)\n\n\
        [5](http://good.example/a) [6](http://old.example/b) [7](http://plain.example/c)\n";
    let folder = folder(&[("draft.md", draft), ("authority.pem", &authority.pem)]);
    let output = caveat(folder.path())
        .args(["lint", "--format", "json", "--select", "CAV301,CAV303,CAV307", "draft.md"])
        .envs([("HTTP_PROXY", &proxy), ("HTTPS_PROXY", &proxy)])
        .env("SSL_CERT_FILE", folder.path().join("authority.pem"))
        .output()
        .unwrap();
    let report = json(&output);
    let findings = report["findings"].as_array().unwrap();
    let told: Vec<_> = findings
        .iter()
        .map(|f| (f["code"].as_str().unwrap(), f["message"].as_str().unwrap(), f["fix"]["replacement"].as_str()))
        .collect();
    assert_eq!(told.len(), 4, "{told:#?} {}", text(&output.stderr));
    for ((code, message, _), (expected, host, why)) in told.iter().zip([
        ("CAV301", "https://old.example/", "no safe connection: invalid peer certificate: certificate expired"),
        (
            "CAV301",
            "https://other.example/",
            "no safe connection: invalid peer certificate: certificate not valid for name",
        ),
        ("CAV303", "https://stranger.example/", "the certificate's issuer is not known here"),
    ]) {
        assert!(*code == expected && message.contains(host) && message.contains(why), "{message}");
    }
    let (code, message, fix) = told[3];
    assert_eq!(message, "http://good.example/a is not encrypted, though its site can be");
    assert_eq!((code, fix), ("CAV307", Some("https://good.example/a")));
}
