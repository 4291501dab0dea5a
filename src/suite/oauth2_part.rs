use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::value::{Field, Node, Record, Shape};

use super::credential::{SECRET, TEXT_OR_SECRET, open_or_secret, secret};
use super::fields::Fields;
use super::identity_part::{IdentityPlace, text_map};
use super::origin::{Served, UrlForm, url};
use super::scalar::{json, word};
use super::suite_file::json_path;
use super::{ClientVia, Grant, OAuth2, SignInPages, TokenBody};

/// The keys of `oauth2` of an identity.
pub(crate) const OAUTH2: Record = Record {
    name: "oauth2",
    doc: "How to get a token from an OAuth 2 server (RFC 6749), and the quirks of that server.",
    fields: &[
        Field::required("grant", Shape::Word(&GRANTS), "The grant."),
        Field::optional("issuer", Shape::Text, "The issuer, whose configuration is discovered."),
        Field::optional("token_url", Shape::Text, "The token endpoint."),
        Field::optional("authorize_url", Shape::Text, "The authorization endpoint."),
        Field::optional("client", Shape::Record(&CLIENT), "The client."),
        Field::optional("scope", Shape::Text, "The scope to ask for."),
        Field::optional(
            "refresh_token",
            Shape::Record(&SECRET),
            "A refresh token that was issued before, for `grant: refresh_token`; a server that gives another for each \
             use makes it worthless for the next run.",
        ),
        Field::optional("redirect_uri", Shape::Text, "Where the browser is sent back to; nothing is sent there."),
        Field::optional(
            "body",
            Shape::Word(&["form", "json"]),
            "How the body of the token request is written (`form`).",
        ),
        Field::optional(
            "params",
            Shape::Map(&Shape::Any),
            "More parameters of token and authorization requests, or others than the grant has; null leaves one out.",
        ),
        Field::optional(
            "rename",
            Shape::Map(&Shape::Text),
            "Parameters that have another name here: OAuth name → name sent.",
        ),
        Field::optional(
            "answer",
            Shape::Record(&ANSWER),
            "Members of the answer that stand elsewhere here: OAuth name → JSONPath.",
        ),
        Field::optional("page", Shape::Record(&PAGE), "The HTML pages on which a user signs in."),
    ],
};

const GRANTS: [&str; 6] =
    ["password", "client_credentials", "refresh_token", "authorization_code", "implicit", "access_key"];

const CLIENT: Record = Record {
    name: "client",
    doc: "The client of an OAuth 2 server.",
    fields: &[
        Field::required("id", TEXT_OR_SECRET, "Its id."),
        Field::optional("secret", Shape::Record(&SECRET), "Its secret."),
        Field::optional(
            "via",
            Shape::Word(&["basic", "post", "none"]),
            "How it says who it is: by `Authorization: Basic`, in the body, or by its id alone.",
        ),
    ],
};

const ANSWER: Record = Record {
    name: "token-members",
    doc: "Where the members of a token answer stand.",
    fields: &[
        Field::optional("access_token", Shape::Text, "JSONPath of the access token."),
        Field::optional("refresh_token", Shape::Text, "JSONPath of the refresh token."),
        Field::optional("id_token", Shape::Text, "JSONPath of the id token."),
        Field::optional("expires_in", Shape::Text, "JSONPath of the life of the access token, in seconds."),
        Field::optional("token_type", Shape::Text, "JSONPath of the type of the access token."),
        Field::optional("scope", Shape::Text, "JSONPath of the scope."),
    ],
};

const PAGE: Record = Record {
    name: "sign-in-pages",
    doc: "The HTML pages on which a user signs in, as far as they do not explain themselves. Scripts are not run.",
    fields: &[
        Field::optional("username", Shape::Text, "The field of the name (the text before the password)."),
        Field::optional("password", Shape::Text, "The field of the password (the one of that type)."),
        Field::optional("confirm", Shape::Text, "A field of the form of consent, which is sent as it is."),
        Field::optional(
            "hosts",
            Shape::List(&Shape::Text),
            "Origins besides those of the endpoints that the forms may post to, with the name and the password.",
        ),
    ],
};

/// Parameters of token and authorization requests by their OAuth names.
const PARAMETERS: [&str; 16] = [
    "client_id",
    "client_secret",
    "grant_type",
    "username",
    "password",
    "scope",
    "code",
    "code_verifier",
    "code_challenge",
    "code_challenge_method",
    "redirect_uri",
    "refresh_token",
    "response_type",
    "state",
    "nonce",
    "access_key",
];

/// Reads `oauth2` of the identity `name`.
pub(crate) fn decode_oauth2(node: &Node, name: &str, place: IdentityPlace, out: &mut Diagnostics) -> Option<OAuth2> {
    let fields = Fields::open(node, OAUTH2.fields, "`oauth2`", out)?;
    let grant = fields.get("grant").and_then(|node| word(node, &Grant::WORDS, "grant", out));
    let url_at = |key: &str, form: UrlForm, out: &mut Diagnostics| {
        fields.get(key).and_then(|node| url(node, form, place.served, out))
    };
    let bodies = [("form", TokenBody::Form), ("json", TokenBody::Json)];
    let mut oauth2 = OAuth2 {
        grant: grant.unwrap_or(Grant::ClientCredentials),
        issuer: url_at("issuer", UrlForm::Base, out),
        token_url: url_at("token_url", UrlForm::Whole, out),
        authorize_url: url_at("authorize_url", UrlForm::Whole, out),
        client_id: None,
        client_secret: None,
        via: ClientVia::None,
        scope: fields.text("scope", out).map(str::to_owned),
        refresh_token: fields
            .get("refresh_token")
            .and_then(|node| secret(node, &format!("{name}.refresh_token"), place.source, out)),
        redirect_uri: url_at("redirect_uri", UrlForm::Redirect, out),
        body: fields.get("body").and_then(|node| word(node, &bodies, "form of a body", out)).unwrap_or_default(),
        params: params(&fields, out),
        rename: rename(&fields, out),
        answer: answer(&fields, out),
        page: page(&fields, place.served, out),
    };
    if let Some(client) = fields.get("client") {
        decode_client(client, name, place, &mut oauth2, out);
    }
    if let Some(grant) = grant {
        check_grant(&fields, node, grant, out);
    }
    grant.map(|_| oauth2)
}

fn decode_client(node: &Node, name: &str, place: IdentityPlace, oauth2: &mut OAuth2, out: &mut Diagnostics) {
    let Some(fields) = Fields::open(node, CLIENT.fields, "`client`", out) else { return };
    oauth2.client_id =
        fields.get("id").and_then(|node| open_or_secret(node, &format!("{name}.client_id"), place.source, out));
    oauth2.client_secret =
        fields.get("secret").and_then(|node| secret(node, &format!("{name}.client_secret"), place.source, out));
    let ways = [("basic", ClientVia::Basic), ("post", ClientVia::Post), ("none", ClientVia::None)];
    let via = fields.get("via").and_then(|node| word(node, &ways, "way of a client", out));
    // A client without a secret is a public one (RFC 6749 section 2.1): it can show its id alone.
    let has_secret = fields.get("secret").is_some();
    oauth2.via = via.unwrap_or(if has_secret { ClientVia::Basic } else { ClientVia::None });
    match (via, fields.entry("secret")) {
        (Some(ClientVia::None), Some(entry)) => out.push(
            Diagnostic::error(Code::BadSecret, "with `via: none` the client's secret would never be sent")
                .at(entry.key.span, "never sent")
                .help("leave `secret` out, or write `via: basic` or `via: post`"),
        ),
        (Some(ClientVia::Basic | ClientVia::Post), None) => out.push(
            Diagnostic::error(Code::MissingKey, "the client needs a `secret` to say who it is")
                .at(node.span, "has no `secret`")
                .help("write `secret: { env: NAME }`, or `via: none` for a client without one"),
        ),
        (Some(ClientVia::None) | None, _) | (Some(ClientVia::Basic | ClientVia::Post), Some(_)) => {}
    }
}

/// Reports what a grant cannot do without.
fn check_grant(fields: &Fields<'_>, node: &Node, grant: Grant, out: &mut Diagnostics) {
    let has = |key: &str| fields.get(key).is_some();
    let word = Grant::WORDS.iter().find(|(_, it)| *it == grant).map_or("", |(word, _)| word);
    let mut need = |is_there: bool, keys: &str| {
        if !is_there {
            let message = format!("`grant: {word}` needs {keys}");
            out.push(Diagnostic::error(Code::MissingKey, message).at(node.span, "is missing a key"));
        }
    };
    if matches!(grant, Grant::AuthorizationCode | Grant::Implicit) {
        need(has("authorize_url") || has("issuer"), "`authorize_url`, or an `issuer` to discover it");
        need(has("redirect_uri"), "`redirect_uri`");
    }
    if grant == Grant::RefreshToken {
        need(has("refresh_token"), "`refresh_token`");
    }
    if grant != Grant::Implicit {
        need(has("token_url") || has("issuer"), "`token_url`, or an `issuer` to discover it");
    }
    if !matches!(grant, Grant::AccessKey | Grant::Password) {
        need(has("client"), "`client`");
    }
}

fn params(fields: &Fields<'_>, out: &mut Diagnostics) -> BTreeMap<String, crate::value::Json> {
    let Some(node) = fields.get("params") else { return BTreeMap::new() };
    let Some(entries) = node.as_map() else {
        super::fields::wrong_type(node, "a map", out);
        return BTreeMap::new();
    };
    if let Some(entry) =
        entries.iter().find(|entry| matches!(&*entry.key.text, "client_secret" | "password" | "refresh_token"))
    {
        let message = format!("`{}` would stand here in plain text", entry.key.text);
        let help = "write it as `client: { secret: … }`, as `refresh_token`, or under `users`";
        out.push(Diagnostic::error(Code::BadSecret, message).at(entry.key.span, "is a secret").help(help));
    }
    entries.iter().map(|entry| (entry.key.text.to_string(), json(&entry.value))).collect()
}

fn rename(fields: &Fields<'_>, out: &mut Diagnostics) -> BTreeMap<String, String> {
    for entry in fields.get("rename").and_then(Node::as_map).unwrap_or_default() {
        let name = &*entry.key.text;
        // A parameter of a server's own needs no other name, so that an unknown one is a mistake.
        if !PARAMETERS.contains(&name) && fields.get("params").and_then(|params| params.get(name)).is_none() {
            let message = format!("`{name}` is no parameter by its OAuth name");
            let problem = Diagnostic::error(Code::UnknownKey, message).at(entry.key.span, "unknown parameter");
            out.push(problem.help_nearest(nearest(name, &PARAMETERS)));
        }
    }
    text_map(fields, "rename", out)
}

fn answer(fields: &Fields<'_>, out: &mut Diagnostics) -> BTreeMap<String, String> {
    let Some(node) = fields.get("answer") else { return BTreeMap::new() };
    if Fields::open(node, ANSWER.fields, "`answer`", out).is_none() {
        return BTreeMap::new();
    }
    let mut answer = BTreeMap::new();
    for entry in fields.map("answer", out) {
        if let Some(path) = json_path(&entry.value, out) {
            answer.insert(entry.key.text.to_string(), path.text().to_owned());
        }
    }
    answer
}

fn page(fields: &Fields<'_>, served: Served, out: &mut Diagnostics) -> SignInPages {
    let Some(node) = fields.get("page") else { return SignInPages::default() };
    let Some(fields) = Fields::open(node, PAGE.fields, "`page`", out) else { return SignInPages::default() };
    let mut name = |key: &str| fields.text(key, out).map(str::to_owned);
    let (username, password, confirm) = (name("username"), name("password"), name("confirm"));
    let hosts = fields.texts("hosts", out).unwrap_or_default();
    let hosts = hosts.into_iter().filter_map(|(_, node)| url(node, UrlForm::Origin, served, out)).collect();
    SignInPages { username, password, confirm, hosts }
}
