//! `assize sandbox` in a process of its own.

use serde_json::Value;

use crate::bench::{Bench, Running};
use crate::server::{Request, ask};

/// Whether connections to it are encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    Plain,
    Tls,
}

/// A tenant whose files lie in `tenant/` of the bench. It is killed and awaited when the test ends.
pub(crate) struct Tenant {
    /// Where it listens: an origin.
    pub(crate) address: String,
    control: String,
    authorization: String,
    _process: Running,
}

impl Tenant {
    pub(crate) fn start(bench: &Bench, encryption: Encryption) -> Self {
        let invocation = bench.assize(["sandbox", "--dir", "tenant"]);
        let invocation = if encryption == Encryption::Tls { invocation.args(["--tls"]) } else { invocation };
        let mut process = invocation.start();
        let banner = process.wait_for("assize run --target-file").to_owned();
        let of = |word: &str| {
            let line = banner.lines().find_map(|line| line.strip_prefix(word)).unwrap();
            line.trim().to_owned()
        };
        Self {
            address: of("tenant "),
            control: of("control "),
            authorization: bench.read("tenant/secrets/control"),
            _process: process,
        }
    }

    /// How many sessions have not ended.
    pub(crate) fn live_sessions(&self) -> u64 {
        let count = self.sessions()["live"].as_u64();
        count.unwrap()
    }

    /// How many tenants the host serves, this one among them; only of a tenant without TLS.
    pub(crate) fn tenants_of_the_host(&self) -> usize {
        let all = self.control_api("/..")["tenants"].as_array().map(Vec::len);
        all.unwrap()
    }

    /// What its control API tells of sessions; only of a tenant without TLS.
    pub(crate) fn sessions(&self) -> Value {
        self.control_api("/sessions")
    }

    /// Moves its clock; only of a tenant without TLS.
    pub(crate) fn advance_days(&self, days: u64) {
        let body = format!("{{\"advance_ms\": {}}}", days * 24 * 3_600_000);
        let moved = self.ask_control("POST", "/clock", body);
        assert!(moved["ahead_ms"].is_u64(), "{moved}");
    }

    fn control_api(&self, below: &str) -> Value {
        self.ask_control("GET", below, String::new())
    }

    fn ask_control(&self, method: &str, below: &str, body: String) -> Value {
        let (origin, path) = split(&self.control);
        let path = match below {
            "/.." => path.rsplit_once('/').unwrap().0.to_owned(),
            below => format!("{path}{below}"),
        };
        let request = Request {
            method: method.to_owned(),
            path,
            headers: vec![("authorization".to_owned(), self.authorization.clone())],
            body,
        };
        serde_json::from_str(&ask(&origin, &request).body).unwrap()
    }
}

/// The origin of a URL, and the path after it.
fn split(url: &str) -> (String, String) {
    let at = url.find("://").unwrap() + 3;
    let end = url[at..].find('/').map_or(url.len(), |slash| at + slash);
    (url[..end].to_owned(), url[end..].to_owned())
}

/// The texts of all secret files of the tenant.
pub(crate) fn secrets(bench: &Bench) -> Vec<String> {
    let files = std::fs::read_dir(bench.path("tenant/secrets")).unwrap();
    let mut texts: Vec<String> =
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap().trim().to_owned()).collect();
    texts.sort();
    texts
}
