use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Sources, Span};
use crate::value::{Entry, Field, Node, Record, Shape};

use super::connection_part::{CONNECTION, decode_connection};
use super::credential::{TargetSource, plain_places};
use super::fields::{Fields, wrong_type};
use super::hook_part::{HOOK_SHAPE, decode_hook, slots};
use super::identity_part::{IdentityPlace, plain, plain_secrets};
use super::origin::{Served, check_plain};
use super::scalar::{NameForm, check_key, whole_32};
use super::surface_part::{SURFACE, decode_surface};
use super::yaml::{self, Limits};
use super::{Credential, Pace, Scheme, Surface, Target, clock_part};

/// The keys of a file of targets: `assize.yaml`, and `targets.yaml` of a suite.
pub(crate) const TARGETS: Record = Record {
    name: "targets",
    doc: "Endpoints that suites can be put to.",
    fields: &[Field::required("targets", Shape::Map(&Shape::Named("target", target_fields)), "The targets, by name.")],
};

/// The keys of a target that are neither of its surface nor of its connections.
const OWN: [Field; 7] = [
    Field::optional("default", Shape::Bool, "It is used when none is named."),
    Field::optional(
        "embedded",
        Shape::Bool,
        "This process serves the tenant, one for each case; `embedded:` in URLs is that tenant's address.",
    ),
    Field::optional("clock", Shape::Record(&clock_part::CLOCK), "How feature `clock` moves its clock."),
    Field::optional("pace", Shape::Record(&PACE), "How fast it may be asked."),
    Field::optional(
        "variants",
        Shape::Map(&Shape::Record(&SURFACE)),
        "The variants that it has, and in each whatever differs.",
    ),
    Field::optional(
        "setup",
        HOOK_SHAPE,
        "A flow that is run before each case; its outputs are names for the target's URLs and variables.",
    ),
    Field::optional(
        "teardown",
        HOOK_SHAPE,
        "A flow that is run after each case, however it ended; its inputs are outputs of `setup`.",
    ),
];

const PACE: Record = Record {
    name: "pace",
    doc: "How fast a target may be asked.",
    fields: &[
        Field::optional("requests_per_second", Shape::Number, "Requests a second; no limit where nothing is said."),
        Field::optional("concurrency", Shape::Integer, "Requests at a time; no limit where nothing is said."),
    ],
};

/// All keys of a target.
pub(crate) fn target_fields() -> Vec<Field> {
    [SURFACE.fields, CONNECTION, &OWN].concat()
}

/// Reads a file of targets that an operator wrote. What is wrong with it goes to `out`; `path` is shown.
pub fn load_targets(path: &str, bytes: &[u8], sources: &mut Sources, out: &mut Diagnostics) -> Vec<Target> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        out.push(Diagnostic::error(Code::NotUtf8, "the file is not UTF-8").in_file(path));
        return Vec::new();
    };
    let source = sources.add(path, text);
    let before = out.errors();
    let nodes = yaml::read(source, text, &Limits::default(), out);
    conceal_secrets(&nodes, sources);
    match nodes.as_slice() {
        [] if out.errors() > before => Vec::new(),
        [one] => decode_targets(one, path, TargetSource::Operator, out),
        [] => {
            let message = "the file is empty: expected `targets:`";
            out.push(Diagnostic::error(Code::MissingKey, message).at(Span::point(source, 0), "nothing is here"));
            Vec::new()
        }
        [_, second, ..] => {
            out.push(one_document(second.span, source));
            Vec::new()
        }
    }
}

/// Problems show the lines that they are in, and a secret may stand there.
pub(crate) fn conceal_secrets(nodes: &[Node], sources: &mut Sources) {
    let mut places = Vec::new();
    for node in nodes {
        plain_places(node, &mut places);
    }
    for place in places {
        sources.conceal(place);
    }
}

/// Says that a file has more than one document where one is expected.
pub(crate) fn one_document(second: Span, source: SourceId) -> Diagnostic {
    let span = if second.source == source { second } else { Span::point(source, 0) };
    Diagnostic::error(Code::WrongType, "only files of scenarios and flows hold several documents")
        .at(span, "a second document")
}

/// Reads a file of targets. `file` is shown, and its relative paths start there.
pub(crate) fn decode_targets(node: &Node, file: &str, source: TargetSource, out: &mut Diagnostics) -> Vec<Target> {
    let Some(fields) = Fields::open(node, TARGETS.fields, "a file of targets", out) else { return Vec::new() };
    let mut targets = Vec::new();
    let mut default: Option<Span> = None;
    for entry in fields.map("targets", out) {
        check_key(&entry.key, NameForm::Variable, "a target", out);
        let Some(target) = decode_target(entry, file, source, out) else { continue };
        if target.default {
            match default {
                Some(first) => out.push(
                    Diagnostic::error(Code::DuplicateId, "two targets are the default")
                        .at(target.span, "the second")
                        .also(first, "the first"),
                ),
                None => default = Some(target.span),
            }
        }
        targets.push(target);
    }
    targets
}

fn decode_target(entry: &Entry, file: &str, source: TargetSource, out: &mut Diagnostics) -> Option<Target> {
    let fields = Fields::open(&entry.value, &target_fields(), "a target", out)?;
    let embedded = fields.flag("embedded", out).unwrap_or_default();
    let setup = decode_hook(&fields, "setup", out);
    let teardown = decode_hook(&fields, "teardown", out);
    if let (true, Some(hook)) = (embedded, setup.as_ref().or(teardown.as_ref())) {
        let message = "every case of an embedded target has a tenant of its own already";
        out.push(Diagnostic::error(Code::UnknownKey, message).at(hook.span, "nothing is to be made"));
    }
    // Names are not missed for a `setup` that is there and cannot be read.
    let served = match (embedded, fields.get("setup")) {
        (true, _) => Served::Here,
        (false, Some(_)) => Served::Afresh,
        (false, None) => Served::Elsewhere,
    };
    let place = IdentityPlace { source, served };
    let clock = fields.get("clock").and_then(|node| clock_part::decode_clock(node, place, out));
    let common = decode_surface(&fields, place, out);
    let mut variants = BTreeMap::new();
    for entry in fields.map("variants", out) {
        check_key(&entry.key, NameForm::Kebab, "a variant", out);
        if let Some(fields) = Fields::open(&entry.value, SURFACE.fields, "a variant of a target", out) {
            variants.insert(entry.key.text.to_string(), decode_surface(&fields, place, out));
        }
    }
    let target = Target {
        name: entry.key.text.to_string(),
        default: fields.flag("default", out).unwrap_or_default(),
        embedded,
        clock,
        pace: fields.get("pace").map(|node| decode_pace(node, out)).unwrap_or_default(),
        connection: decode_connection(&fields, place, out),
        common,
        variants,
        slots: if setup.is_some() { slots(&entry.value) } else { Vec::new() },
        setup,
        teardown,
        file: file.to_owned(),
        span: entry.key.span,
    };
    check_plain_secrets(&target, out);
    Some(target)
}

fn decode_pace(node: &Node, out: &mut Diagnostics) -> Pace {
    let mut pace = Pace::default();
    let Some(fields) = Fields::open(node, PACE.fields, "`pace`", out) else { return pace };
    pace.concurrency = fields.get("concurrency").and_then(|node| whole_32(node, 1, out));
    if let Some(node) = fields.get("requests_per_second") {
        match node.as_number().map(|number| (number.text(), number.to_f64())) {
            // Slower than once an hour is a slip; above a million there is no limit to keep.
            Some((_, rate)) if (1.0 / 3600.0..=1e6).contains(&rate) => pace.requests_per_second = Some(rate),
            Some((written, _)) => out.push(
                Diagnostic::error(Code::UnknownValue, format!("expected a rate, found {written}"))
                    .at(node.span, "expected a number from 0.0003 to 1000000"),
            ),
            None => wrong_type(node, "a number of requests a second", out),
        }
    }
    pace
}

/// A secret in plain text never leaves this machine: every place that it could be sent to is checked.
fn check_plain_secrets(target: &Target, out: &mut Diagnostics) {
    let base_of = |surface: &Surface| surface.base_url.clone().or_else(|| target.common.base_url.clone());
    let all_bases: Vec<String> =
        target.variants.values().filter_map(base_of).chain(target.common.base_url.clone()).collect();
    for (surface, bases) in std::iter::once((&target.common, all_bases.clone()))
        .chain(target.variants.values().map(|surface| (surface, base_of(surface).into_iter().collect())))
    {
        for identity in surface.identities.values() {
            let urls: Vec<&str> = match &identity.scheme {
                Scheme::OAuth2(oauth2) => oauth2.sign_in_urls().collect(),
                Scheme::Basic { .. } | Scheme::Headers(_) | Scheme::Static(_) => {
                    bases.iter().map(String::as_str).collect()
                }
            };
            for secret in plain_secrets(identity) {
                check_plain(secret.span, &urls, out);
            }
        }
    }
    let check = |credential: &Credential, urls: &[&str], out: &mut Diagnostics| {
        if let Some(secret) = plain(credential) {
            check_plain(secret.span, urls, out);
        }
    };
    // Header fields of every request go wherever requests go.
    let everywhere: Vec<&str> = all_bases
        .iter()
        .chain(
            std::iter::once(&target.common)
                .chain(target.variants.values())
                .flat_map(|it| it.endpoints.values().chain(&it.hosts)),
        )
        .map(String::as_str)
        .collect();
    for credential in target.connection.headers.values() {
        check(credential, &everywhere, out);
    }
    if let Some(clock) = &target.clock {
        for credential in clock.headers.values() {
            check(credential, &[clock.url.text()], out);
        }
    }
}
