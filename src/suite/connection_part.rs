use std::collections::BTreeMap;
use std::net::IpAddr;

use url::Url;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Entry, Field, Node, Record, Shape};

use super::credential::{TEXT_OR_SECRET, TargetSource, open_or_secret};
use super::fields::{Fields, map, text};
use super::identity_part::IdentityPlace;
use super::scalar::{duration, whole};
use super::suite_file::{bad_field_name, is_field_name};
use super::{Connection, Credential, HttpVersions};

/// The keys of a target that hold for all of its connections.
pub(crate) const CONNECTION: &[Field] = &[
    Field::optional("tls", Shape::Record(&TLS), "How it is trusted, and what is shown to it."),
    Field::optional("insecure", Shape::Bool, "Certificates are not verified; stamped on every report."),
    Field::optional("proxy", Shape::Text, "A proxy's URL."),
    Field::optional(
        "http",
        Shape::Either(&[VERSION, Shape::List(&VERSION)]),
        "Versions of HTTP that are spoken: 1.1, 2, or both, as TLS agrees on.",
    ),
    Field::optional(
        "resolve",
        Shape::Map(&Shape::Text),
        "Addresses to use for hosts: `host`, or `host:port`, → address.",
    ),
    Field::optional("headers", Shape::Map(&TEXT_OR_SECRET), "Header fields of every request."),
    Field::optional("connect_timeout", Shape::Duration, "How long connecting may take (10s)."),
    Field::optional("max_body", Shape::Integer, "How large an answer may be, in bytes, decoded (10485760)."),
];

const VERSION: Shape = Shape::Either(&[Shape::Number, Shape::Word(&["1.1", "2"])]);

const TLS: Record = Record {
    name: "tls",
    doc: "How a target is trusted, and what is shown to it. Files are relative to this one.",
    fields: &[
        Field::optional("ca", Shape::Text, "PEM file with the authorities to trust."),
        Field::optional("client_cert", Shape::Text, "PEM file with the client's certificate."),
        Field::optional("client_key", Shape::Text, "PEM file with the client's key."),
        Field::optional("server_name", Shape::Text, "The name that its certificate must have, if not the URL's."),
    ],
};

/// Keys that only whoever owns the target may use: what they say is trusted, or is read from their files.
const OPERATORS: [&str; 4] = ["tls", "insecure", "proxy", "resolve"];
/// Header fields that hold a secret by their nature.
const SECRET_FIELDS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// Reads what holds for all connections of a target.
pub(crate) fn decode_connection(fields: &Fields<'_>, place: IdentityPlace, out: &mut Diagnostics) -> Connection {
    let mut connection = Connection::default();
    if place.source == TargetSource::Suite {
        for entry in OPERATORS.iter().filter_map(|key| fields.entry(key)) {
            let message = format!("a suite cannot decide on `{}`", entry.key.text);
            out.push(
                Diagnostic::error(Code::UnknownKey, message)
                    .at(entry.key.span, "is for whoever owns the target")
                    .help("describe the target in your own `assize.yaml`, or by `--target-file`"),
            );
        }
    }
    if let Some(tls) = fields.get("tls").and_then(|node| Fields::open(node, TLS.fields, "`tls`", out)) {
        let mut file = |key: &str| tls.text(key, out).map(str::to_owned);
        connection.ca = file("ca");
        connection.client_cert = file("client_cert");
        connection.client_key = file("client_key");
        connection.server_name = file("server_name");
        let pair = (tls.entry("client_cert"), tls.entry("client_key"));
        if let (Some(entry), None) | (None, Some(entry)) = pair {
            let message = "a client shows a certificate and has its key: `client_cert` and `client_key` go together";
            out.push(Diagnostic::error(Code::MissingKey, message).at(entry.key.span, "the other one is missing"));
        }
    }
    connection.insecure = fields.flag("insecure", out).unwrap_or_default();
    connection.proxy = fields.get("proxy").and_then(|node| proxy(node, out));
    connection.http = fields.get("http").map(|node| versions(node, out)).unwrap_or_default();
    connection.resolve = fields.map("resolve", out).into_iter().filter_map(|entry| resolved(entry, out)).collect();
    connection.headers = decode_headers(fields.get("headers"), "target", place, out);
    if let Some(node) = fields.get("connect_timeout") {
        match duration(node, out) {
            Some(time) if time.is_zero() => out.push(
                Diagnostic::error(Code::BadDuration, "no time is left to connect")
                    .at(node.span, "expected more than 0s"),
            ),
            Some(time) => connection.connect_timeout = time,
            None => {}
        }
    }
    if let Some(bytes) = fields.get("max_body").and_then(|node| whole(node, 1, out)) {
        connection.max_body_bytes = bytes;
    }
    connection
}

/// Reads header fields that may hold secrets; `owner` is who they belong to in the names of secrets.
pub(crate) fn decode_headers(
    node: Option<&Node>,
    owner: &str,
    place: IdentityPlace,
    out: &mut Diagnostics,
) -> BTreeMap<String, Credential> {
    let mut headers = BTreeMap::new();
    for entry in node.map(|node| map(node, out)).unwrap_or_default() {
        if !is_field_name(&entry.key.text) {
            out.push(bad_field_name(&entry.key.text, entry.key.span));
        }
        let name = entry.key.text.to_lowercase();
        let Some(value) = open_or_secret(&entry.value, &format!("{owner}.{name}"), place.source, out) else { continue };
        if let (Credential::Open(_), true) = (&value, SECRET_FIELDS.contains(&name.as_str())) {
            out.push(
                Diagnostic::error(Code::BadSecret, format!("what `{name}` holds is a secret"))
                    .at(entry.value.span, "expected `{ env: NAME }` or `{ file: PATH }`")
                    .help("who signs in is better said under `identities`"),
            );
        }
        headers.insert(name, value);
    }
    headers
}

fn proxy(node: &Node, out: &mut Diagnostics) -> Option<String> {
    let written = text(node, out)?;
    let is_proxy = Url::parse(written).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if !is_proxy {
        out.push(
            Diagnostic::error(Code::BadUrl, "this is no URL of a proxy")
                .at(node.span, "expected such as `http://proxy.example:3128`, without a name and a password"),
        );
    }
    is_proxy.then(|| written.to_owned())
}

/// `1.1`, `2`, or a list of both.
fn versions(node: &Node, out: &mut Diagnostics) -> HttpVersions {
    let items = node.as_list().map_or_else(|| vec![node], |items| items.iter().collect());
    let (mut one, mut two) = (false, false);
    for item in &items {
        match item.as_number().map_or(item.as_text(), |number| Some(number.text())) {
            Some("1.1") => one = true,
            Some("2" | "2.0") => two = true,
            Some(_) | None => out.push(
                Diagnostic::error(Code::UnknownValue, "this version of HTTP is not spoken")
                    .at(item.span, "expected `1.1`, `2` or `[1.1, 2]`"),
            ),
        }
    }
    match (one, two) {
        (true, false) => HttpVersions::One,
        (false, true) => HttpVersions::Two,
        (true, true) | (false, false) => HttpVersions::Any,
    }
}

fn resolved(entry: &Entry, out: &mut Diagnostics) -> Option<(String, String)> {
    let host = &*entry.key.text;
    let is_host = Url::parse(&format!("http://{host}/"))
        .is_ok_and(|url| url.path() == "/" && url.username().is_empty())
        && !host.contains(['/', '?', '#', '@']);
    if !is_host {
        let message = format!("`{host}` is no host");
        out.push(Diagnostic::error(Code::BadUrl, message).at(entry.key.span, "expected `host` or `host:port`"));
    }
    let address = text(&entry.value, out)?;
    if address.parse::<IpAddr>().is_err() {
        let message = format!("`{address}` is no address");
        out.push(
            Diagnostic::error(Code::BadUrl, message).at(entry.value.span, "expected such as `127.0.0.1` or `::1`"),
        );
        return None;
    }
    Some((host.to_owned(), address.to_owned()))
}
