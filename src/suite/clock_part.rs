use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::value::{Field, Json, Node, NodeKind, Operand, Part, Record, Shape, Slot, Template};

use super::ClockControl;
use super::connection_part::decode_headers;
use super::credential::TEXT_OR_SECRET;
use super::fields::{Fields, text};
use super::identity_part::IdentityPlace;
use super::origin::{CONTROL, EMBEDDED, Served};

/// The keys of `clock` of a target.
pub(crate) const CLOCK: Record = Record {
    name: "clock-control",
    doc: "How the clock of a target is moved on, by `$(milliseconds)`.",
    fields: &[
        Field::required("request", Shape::Text, "`METHOD URL`."),
        Field::optional("json", Shape::Any, "The body."),
        Field::optional("headers", Shape::Map(&TEXT_OR_SECRET), "Header fields."),
    ],
};

/// Reads `clock`.
pub(crate) fn decode_clock(node: &Node, place: IdentityPlace, out: &mut Diagnostics) -> Option<ClockControl> {
    let fields = Fields::open(node, CLOCK.fields, "`clock`", out)?;
    let headers = decode_headers(fields.get("headers"), "clock", place, out);
    let json = fields.get("json").map(|node| operand(node, place.served, out));
    let line = fields.get("request")?;
    let written = text(line, out)?;
    let (method, url) = written.split_once(' ').map(|(method, url)| (method, url.trim_start_matches(' '))).unzip();
    let is_method = method.is_some_and(|method| {
        !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
    });
    let (Some(method), Some(url), true) = (method, url.filter(|url| !url.is_empty()), is_method) else {
        out.push(
            Diagnostic::error(Code::BadRequestLine, "a request is a method and a URL")
                .at(line.span, "expected such as `POST https://…/clock`"),
        );
        return None;
    };
    let at = written.len() - url.len();
    let template = template(line, at, url, place.served, out)?;
    let is_url = match url.strip_prefix(EMBEDDED).or_else(|| url.strip_prefix(CONTROL)) {
        Some(path) => place.served == Served::Here && (path.is_empty() || path.starts_with('/')),
        None if place.served == Served::Afresh && url.starts_with("$(") => true,
        None => url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")),
    };
    if !is_url || url.contains(char::is_whitespace) {
        let problem = Diagnostic::error(Code::BadUrl, format!("`{url}` is no URL of this target"))
            .at(line.span_within(at, url.len()), "expected an absolute URL");
        out.push(if url.starts_with(EMBEDDED) && place.served != Served::Here {
            problem.help("only a target with `embedded: true` has an address `embedded:`")
        } else {
            problem
        });
        return None;
    }
    // Any other name was told, where no flow can give it.
    let is_time = |slot: &Slot| place.served != Served::Afresh || slot.path.to_string() == "milliseconds";
    if !template.slots().any(is_time) && !json.as_ref().is_some_and(|json| json.slots().into_iter().any(is_time)) {
        out.push(
            Diagnostic::error(Code::MissingKey, "nothing says by how much the clock is moved")
                .at(node.span, "is missing `$(milliseconds)`")
                .help("put `$(milliseconds)` where the target expects it, in the URL or in `json`"),
        );
    }
    Some(ClockControl { method: method.to_owned(), url: template, json, headers, span: node.span })
}

/// A text in which `$(milliseconds)` may stand, from byte `at` of the node's text on, and names that `setup` gives where
/// there is one; those are looked up when the flow is known.
fn template(node: &Node, at: usize, written: &str, served: Served, out: &mut Diagnostics) -> Option<Template> {
    let template = match Template::parse(written) {
        Ok(template) => template,
        Err(error) => {
            let span = node.span_within(at + error.offset, error.len);
            out.push(Diagnostic::error(Code::BadTemplate, error.to_string()).at(span, "not understood"));
            return None;
        }
    };
    for part in template.parts() {
        let Part::Slot(slot) = part else { continue };
        if slot.path.to_string() != "milliseconds" && served != Served::Afresh {
            let span = node.span_within(at + slot.span.start, slot.span.len());
            out.push(
                Diagnostic::error(Code::UnknownName, format!("nothing is called `{}` here", slot.path))
                    .at(span, "unknown name")
                    .help("`$(milliseconds)` is how far the clock is moved, and all that is known here"),
            );
        }
    }
    Some(template)
}

fn operand(node: &Node, served: Served, out: &mut Diagnostics) -> Operand {
    match &node.kind {
        NodeKind::Null => Operand::Fixed(Json::Null),
        NodeKind::Bool(value) => Operand::Fixed(Json::Bool(*value)),
        NodeKind::Number(number) => Operand::Fixed(Json::Number(number.clone())),
        NodeKind::Text(text) => {
            template(node, 0, &text.value, served, out).map_or(Operand::Fixed(Json::Null), Operand::from)
        }
        NodeKind::List(items) => Operand::list(items.iter().map(|item| operand(item, served, out)).collect()),
        NodeKind::Map(entries) => Operand::map(
            entries
                .iter()
                .map(|entry| (Template::fixed(&entry.key.text), operand(&entry.value, served, out)))
                .collect(),
        ),
    }
}
