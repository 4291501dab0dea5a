use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Entry, Field, Node, Record, Shape};

use super::credential::{SECRET, TEXT_OR_SECRET, TargetSource, open_or_secret, secret};
use super::fields::{Fields, map, text, wrong_type};
use super::oauth2_part::{OAUTH2, decode_oauth2};
use super::origin::Served;
use super::scalar::{NameForm, check_key};
use super::suite_file::{bad_field_name, is_field_name};
use super::{Credential, Grant, Identity, Scheme, User};

/// The keys of an identity.
pub(crate) const IDENTITY: Record = Record {
    name: "identity",
    doc: "Somebody whom the target knows: exactly one of `oauth2`, `basic`, `headers` and `static`.",
    fields: &[
        Field::optional("oauth2", Shape::Record(&OAUTH2), "By a token of an OAuth 2 server."),
        Field::optional("basic", Shape::Record(&BASIC), "By `Authorization: Basic` on every request."),
        Field::optional("headers", Shape::Map(&Shape::Record(&SECRET)), "By header fields on every request."),
        Field::optional("static", Shape::Record(&SECRET), "By a bearer token that does not change."),
        Field::optional(
            "users",
            Shape::List(&Shape::Record(&USER)),
            "The people behind it. A case leases them one by one; parallel cases and runs never share one.",
        ),
    ],
};

const BASIC: Record = Record {
    name: "basic",
    doc: "A name and a password; of an identity with users, theirs.",
    fields: &[
        Field::optional("username", TEXT_OR_SECRET, "The name."),
        Field::optional("password", Shape::Record(&SECRET), "The password."),
    ],
};

const USER: Record = Record {
    name: "user",
    doc: "A person behind an identity.",
    fields: &[
        Field::required("username", TEXT_OR_SECRET, "The name to sign in with."),
        Field::required("password", Shape::Record(&SECRET), "The password."),
    ],
};

/// What an identity is read against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdentityPlace {
    /// Who wrote it.
    pub(crate) source: TargetSource,
    /// Who serves the target.
    pub(crate) served: Served,
}

/// Reads an identity.
pub(crate) fn decode_identity(entry: &Entry, place: IdentityPlace, out: &mut Diagnostics) -> Option<Identity> {
    let name = &*entry.key.text;
    check_key(&entry.key, NameForm::Variable, "an identity", out);
    if name == "nobody" {
        out.push(
            Diagnostic::error(Code::BadName, "`nobody` shows nothing, and is no identity of a target")
                .at(entry.key.span, "take another name"),
        );
    }
    let fields = Fields::open(&entry.value, IDENTITY.fields, "an identity", out)?;
    let users = users(&fields, name, place.source, out);
    let given: Vec<&str> =
        ["oauth2", "basic", "headers", "static"].into_iter().filter(|key| fields.get(key).is_some()).collect();
    let [key] = given.as_slice() else {
        let message = format!("an identity proves who it is in one way, found {}", given.len());
        out.push(
            Diagnostic::error(Code::MissingKey, message)
                .at(entry.key.span, "expected exactly one of `oauth2`, `basic`, `headers` and `static`"),
        );
        return None;
    };
    let node = fields.get(key)?;
    let scheme = match *key {
        "oauth2" => Scheme::OAuth2(Box::new(decode_oauth2(node, name, place, out)?)),
        "basic" => decode_basic(node, name, !users.is_empty(), place.source, out)?,
        "headers" => Scheme::Headers(decode_headers(node, name, place.source, out)),
        _ => Scheme::Static(secret(node, &format!("{name}.token"), place.source, out)?),
    };
    check_users(&fields, entry, &scheme, users.len(), out);
    Some(Identity { name: name.to_owned(), scheme, users, span: entry.key.span })
}

fn users(fields: &Fields<'_>, name: &str, source: TargetSource, out: &mut Diagnostics) -> Vec<User> {
    let Some(node) = fields.get("users") else { return Vec::new() };
    let Some(items) = node.as_list() else {
        wrong_type(node, "a list of users", out);
        return Vec::new();
    };
    if items.is_empty() {
        out.push(
            Diagnostic::error(Code::MissingKey, "`users` is empty").at(node.span, "expected a user, or no `users`"),
        );
    }
    let mut users = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let owner = if items.len() == 1 { name.to_owned() } else { format!("{name}.{}", index + 1) };
        let Some(fields) = Fields::open(item, USER.fields, "a user", out) else { continue };
        let read = |node: &Node, out: &mut Diagnostics| open_or_secret(node, &format!("{owner}.username"), source, out);
        let username = fields.get("username").and_then(|node| read(node, out));
        let password = fields.get("password").and_then(|node| secret(node, &format!("{owner}.password"), source, out));
        let (Some(username), Some(password)) = (username, password) else { continue };
        // Two leases of one person would make parallel cases disturb each other.
        let twin = users.iter().any(|other: &User| is_same(&other.username, &username));
        if let (true, Some(node)) = (twin, fields.get("username")) {
            let message = format!("two users of `{name}` have the same name");
            out.push(Diagnostic::error(Code::DuplicateId, message).at(node.span, "the second"));
        }
        users.push(User { username, password });
    }
    users
}

fn is_same(one: &Credential, other: &Credential) -> bool {
    match (one, other) {
        (Credential::Open(one), Credential::Open(other)) => one == other,
        (Credential::Secret(one), Credential::Secret(other)) => one.source == other.source,
        (Credential::Open(_), Credential::Secret(_)) | (Credential::Secret(_), Credential::Open(_)) => false,
    }
}

fn decode_basic(
    node: &Node,
    name: &str,
    has_users: bool,
    source: TargetSource,
    out: &mut Diagnostics,
) -> Option<Scheme> {
    let fields = Fields::open(node, BASIC.fields, "`basic`", out)?;
    let username =
        fields.get("username").and_then(|node| open_or_secret(node, &format!("{name}.username"), source, out));
    let password = fields.get("password").and_then(|node| secret(node, &format!("{name}.password"), source, out));
    let is_given = fields.get("username").is_some() && fields.get("password").is_some();
    let is_left_out = fields.get("username").is_none() && fields.get("password").is_none();
    if !(is_given || has_users && is_left_out) {
        out.push(
            Diagnostic::error(Code::MissingKey, "`basic` needs a `username` and a `password`")
                .at(node.span, "is missing a key")
                .help("of an identity with `users`, write `basic: {}`: theirs are sent"),
        );
    }
    Some(Scheme::Basic { username, password })
}

fn decode_headers(
    node: &Node,
    name: &str,
    source: TargetSource,
    out: &mut Diagnostics,
) -> BTreeMap<String, Credential> {
    let mut headers = BTreeMap::new();
    let entries = map(node, out);
    if entries.is_empty() && node.as_map().is_some() {
        let message = "an identity without a header field shows nothing";
        out.push(Diagnostic::error(Code::MissingKey, message).at(node.span, "expected a header field"));
    }
    for entry in entries {
        if !is_field_name(&entry.key.text) {
            out.push(bad_field_name(&entry.key.text, entry.key.span));
        }
        let field = entry.key.text.to_lowercase();
        if let Some(value) = secret(&entry.value, &format!("{name}.{field}"), source, out) {
            headers.insert(field, value);
        }
    }
    headers
}

/// A person signs in where the grant says so, and nowhere else.
fn check_users(fields: &Fields<'_>, entry: &Entry, scheme: &Scheme, users: usize, out: &mut Diagnostics) {
    let grant = match scheme {
        Scheme::OAuth2(oauth2) => oauth2.grant,
        Scheme::Basic { .. } => return,
        Scheme::Headers(_) | Scheme::Static(_) => {
            if let Some(node) = fields.entry("users") {
                let message = "`users` have a name and a password, and this identity shows neither";
                out.push(Diagnostic::error(Code::UnknownKey, message).at(node.key.span, "nobody signs in"));
            }
            return;
        }
    };
    let needs_one = matches!(grant, Grant::Password | Grant::AuthorizationCode | Grant::Implicit);
    if needs_one && users == 0 && fields.get("users").is_none() {
        let message = format!("nobody can sign in as `{}`: the grant needs `users`", entry.key.text);
        out.push(
            Diagnostic::error(Code::MissingKey, message)
                .at(entry.key.span, "has no `users`")
                .help("write `users: [{ username: …, password: { env: NAME } }]`"),
        );
    }
    if grant == Grant::RefreshToken && users > 1 {
        let span = fields.entry("users").map_or(entry.key.span, |entry| entry.key.span);
        let message = "a refresh token was issued to one person, so that there are no several `users`";
        out.push(Diagnostic::error(Code::UnknownKey, message).at(span, "expected one at most"));
    }
    if grant == Grant::ClientCredentials && users > 0 {
        let span = fields.entry("users").map_or(entry.key.span, |entry| entry.key.span);
        let message = "with `grant: client_credentials` nobody signs in, so that `users` would never be used";
        out.push(Diagnostic::error(Code::UnknownKey, message).at(span, "no person is behind it"));
    }
}

/// The places of secrets in plain text of an identity.
pub(crate) fn plain_secrets(identity: &Identity) -> Vec<&super::SecretRef> {
    let mut all: Vec<&Credential> = identity.users.iter().flat_map(|user| [&user.username, &user.password]).collect();
    match &identity.scheme {
        Scheme::OAuth2(oauth2) => {
            all.extend(oauth2.client_id.iter().chain(&oauth2.client_secret).chain(&oauth2.refresh_token));
        }
        Scheme::Basic { username, password } => all.extend(username.iter().chain(password)),
        Scheme::Headers(headers) => all.extend(headers.values()),
        Scheme::Static(token) => all.push(token),
    }
    all.into_iter().filter_map(plain).collect()
}

/// The secret, if it stands in plain text.
pub(crate) fn plain(credential: &Credential) -> Option<&super::SecretRef> {
    match credential {
        Credential::Secret(secret) if matches!(secret.source, super::SecretSource::Plain(_)) => Some(secret),
        Credential::Secret(_) | Credential::Open(_) => None,
    }
}

/// The texts of a map of texts.
pub(crate) fn text_map(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> BTreeMap<String, String> {
    let entries = fields.map(key, out);
    let read =
        |entry: &&Entry, out: &mut Diagnostics| Some((entry.key.text.to_string(), text(&entry.value, out)?.to_owned()));
    entries.iter().filter_map(|entry| read(entry, out)).collect()
}
