use std::collections::BTreeMap;
use std::time::Duration;

use crate::diag::Span;
use crate::value::{Json, NamePath, Operand, Template};

use super::{Credential, Identity};

/// An endpoint that a suite can be put to, as its owner describes it.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Whether it is used when none is named.
    pub default: bool,
    /// Whether this process serves it; `embedded:` in its URLs is the tenant's address.
    pub embedded: bool,
    /// How it moves its clock, where it can.
    pub clock: Option<ClockControl>,
    /// How fast it may be asked.
    pub pace: Pace,
    /// Of every connection.
    pub connection: Connection,
    /// What holds in every variant.
    pub common: Surface,
    /// What differs in a variant; a target without variants has none.
    pub variants: BTreeMap<String, Surface>,
    /// What is run before each case.
    pub setup: Option<Hook>,
    /// What is run after each case, however it ended.
    pub teardown: Option<Hook>,
    /// Names in its URLs and variables, which `setup` gives, and where each stands.
    pub slots: Vec<(NamePath, Span)>,
    /// The file that its relative paths start from, as shown.
    pub file: String,
    /// Where it stands.
    pub span: Span,
}

/// A flow that is run around each case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its name.
    pub flow: String,
    /// The identity that does it; nobody in particular where none is named.
    pub identity: Option<String>,
    /// Where it is named.
    pub span: Span,
    /// Where the identity is named; where the flow is, when none is.
    pub identity_span: Span,
}

/// What scenarios see of a target.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// Where paths go; without `/` at the end.
    pub base_url: Option<String>,
    /// Other places, by name; without `/` at the end.
    pub endpoints: BTreeMap<String, String>,
    /// Origins besides those of `base_url`, endpoints and sign-in.
    pub hosts: Vec<String>,
    /// What it can do.
    pub features: Vec<String>,
    /// Values with a name.
    pub variables: BTreeMap<String, Json>,
    /// Those it knows.
    pub identities: BTreeMap<String, Identity>,
}

/// How a target's clock is moved.
#[derive(Clone, Debug)]
pub struct ClockControl {
    /// Method.
    pub method: String,
    /// URL; `embedded:` at its beginning is the address of the embedded tenant.
    pub url: Template,
    /// Body, with `$(milliseconds)`.
    pub json: Option<Operand>,
    /// Header fields.
    pub headers: BTreeMap<String, Credential>,
    /// Where it stands.
    pub span: Span,
}

/// How fast a target may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// Requests a second; no limit when absent.
    pub requests_per_second: Option<f64>,
    /// Requests at a time; no limit when absent.
    pub concurrency: Option<u32>,
}

/// Of every connection to a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// PEM file with the authorities to trust, relative to the target file.
    pub ca: Option<String>,
    /// PEM file with the client's certificate.
    pub client_cert: Option<String>,
    /// PEM file with the client's key.
    pub client_key: Option<String>,
    /// The name that the server's certificate must have, where it is not that of the URL.
    pub server_name: Option<String>,
    /// Whether certificates are not verified; stamped on every report.
    pub insecure: bool,
    /// A proxy's URL.
    pub proxy: Option<String>,
    /// Which versions of HTTP are spoken.
    pub http: HttpVersions,
    /// Host names with the addresses to use for them: `host:port` → address.
    pub resolve: BTreeMap<String, String>,
    /// Header fields of every request.
    pub headers: BTreeMap<String, Credential>,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How large a decoded body may be, in bytes.
    pub max_body_bytes: u64,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            ca: None,
            client_cert: None,
            client_key: None,
            server_name: None,
            insecure: false,
            proxy: None,
            http: HttpVersions::default(),
            resolve: BTreeMap::new(),
            headers: BTreeMap::new(),
            connect_timeout: Duration::from_secs(10),
            max_body_bytes: 10 * 1024 * 1024,
        }
    }
}

/// Versions of HTTP that are spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpVersions {
    /// HTTP/1.1 only.
    One,
    /// HTTP/2 only.
    Two,
    /// Whichever TLS agrees on; HTTP/1.1 without TLS.
    #[default]
    Any,
}
