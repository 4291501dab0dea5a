use std::fmt;

use crate::judge::matcher::{Fit, Miss};
use crate::judge::show::{Step, place};
use crate::judge::{Breach, BreachCode, Check, Compiler, Reading, Rule};
use crate::value::{Field, Node, Record, Shape};

use super::jwt::JWT;
use super::location::LOCATION;
use super::{
    any_of, content_type, headers, json, jwt, location, meets, operation, reason, schema, size, status, statuses, text,
    values, within,
};

/// A kind of check.
pub struct CheckKind {
    /// Its key.
    pub name: &'static str,
    /// What it says, for the JSON Schema of scenarios and for `assize explain`.
    pub doc: &'static str,
    /// What may stand as its operand.
    pub shape: Shape,
    /// Reads what stands under the key into one check or several; `None` after a problem was told.
    pub(in crate::judge) parse: fn(&Node, &mut Compiler<'_>) -> Option<Vec<Check>>,
}

impl fmt::Debug for CheckKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckKind").field("name", &self.name).finish_non_exhaustive()
    }
}

const MATCHER: Shape = Shape::Any;
const STATUS: Shape = Shape::Either(&[Shape::Integer, Shape::Text, Shape::List(&Shape::Any), Shape::Map(&Shape::Any)]);

const SNAPSHOT: Shape = Shape::Either(&[
    Shape::Bool,
    Shape::Text,
    Shape::Record(&Record { name: "snapshot", doc: "What of the answer is compared.", fields: SNAPSHOT_FIELDS }),
]);
const PATHS: Shape = Shape::List(&Shape::Text);
const SNAPSHOT_FIELDS: &[Field] = &[
    Field::optional("name", Shape::Text, "a name behind that of the step; `$(variant)` where the variants differ"),
    Field::optional("only", Shape::Text, "the JSONPath of the part of the body that is compared"),
    Field::optional("ignore", PATHS, "JSONPaths of values that are not compared, besides the suite's `volatile`"),
    Field::optional("headers", PATHS, "the header fields that are compared"),
    Field::optional("shape", Shape::Bool, "types and keys are compared, values are not"),
];

/// All checks: one line each.
pub static CHECKS: &[CheckKind] = &[
    CheckKind {
        name: "status",
        shape: STATUS,
        parse: status::parse,
        doc: "the status code: one, a class such as `2xx`, a list of which one must be there, or `{ not: … }`",
    },
    CheckKind { name: "reason", shape: MATCHER, parse: reason::parse, doc: "the reason phrase of HTTP/1.1" },
    CheckKind {
        name: "content_type",
        shape: MATCHER,
        parse: content_type::parse,
        doc: "the media type of the body, without parameters and case; a list means one of these",
    },
    CheckKind {
        name: "headers",
        shape: Shape::Map(&MATCHER),
        parse: headers::parse,
        doc: "header fields by name, without case; several of one name are a list",
    },
    CheckKind {
        name: "schema",
        shape: Shape::Any,
        parse: schema::parse,
        doc: "the JSON Schema (2020-12) that the body follows: the name of a file under `schemas/`, or the schema itself",
    },
    CheckKind {
        name: "json",
        shape: Shape::Map(&MATCHER),
        parse: json::parse,
        doc: "values in the body by JSONPath (RFC 9535)",
    },
    CheckKind {
        name: "text",
        shape: MATCHER,
        parse: text::parse,
        doc: "the text of the body, its content coding undone",
    },
    CheckKind {
        name: "size",
        shape: MATCHER,
        parse: size::parse,
        doc: "the size of the body in bytes, its content coding undone",
    },
    CheckKind {
        name: "values",
        shape: Shape::Map(&MATCHER),
        parse: values::parse,
        doc: "values of names: captures, collections, `variant`, `row.x`",
    },
    CheckKind {
        name: "within",
        shape: Shape::Either(&[Shape::Duration, Shape::Map(&Shape::Duration)]),
        parse: within::parse,
        doc: "how long the answer took, by the target's clock: at most this, or `{ min, max }`",
    },
    CheckKind {
        name: "meets",
        shape: Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]),
        parse: meets::parse,
        doc: "sets of checks that have a name in `suite.yaml`",
    },
    CheckKind {
        name: "any_of",
        shape: Shape::List(&Shape::Named("checks", crate::judge::Checks::fields)),
        parse: any_of::parse,
        doc: "blocks of checks of which at least one holds",
    },
    CheckKind {
        name: "location",
        shape: Shape::Record(&LOCATION),
        parse: location::parse,
        doc: "where the `Location` header leads, and the parameters it carries",
    },
    CheckKind {
        name: "jwt",
        shape: Shape::Map(&Shape::Record(&JWT)),
        parse: jwt::parse,
        doc: "signature and claims of a JSON Web Token (RFC 7519) in the body, by JSONPath",
    },
    CheckKind {
        name: "statuses",
        shape: Shape::List(&STATUS),
        parse: statuses::parse,
        doc: "beside `together`: the status codes of its steps, in any order, one for each; a class may stand for one",
    },
    CheckKind {
        name: "snapshot",
        shape: SNAPSHOT,
        parse: crate::judge::snapshot::parse,
        doc: "the answer as it was accepted before: `true`, a name, or what of it is compared",
    },
    CheckKind {
        name: "operation",
        shape: Shape::Either(&[Shape::Text, Shape::Bool]),
        parse: operation::parse,
        doc: "everything that an OpenAPI document says of this answer: an `operationId`, or `METHOD /path/{template}`; `false`: nothing is judged by the document unasked",
    },
];

/// The kind of this name.
pub(in crate::judge) fn named(name: &str) -> Option<&'static CheckKind> {
    CHECKS.iter().find(|kind| kind.name == name)
}

/// One check of this id.
pub(super) fn one(id: impl Into<String>, node: &Node, rule: impl Rule + 'static) -> Vec<Check> {
    vec![check(id, node, rule)]
}

/// A check of this id.
pub(super) fn check(id: impl Into<String>, node: &Node, rule: impl Rule + 'static) -> Check {
    Check { id: id.into().into(), span: node.span, rule: Box::new(rule), excuse: None }
}

/// What a matcher's answer comes to; `name` writes the place of what did not fit, from the way into the value.
pub(in crate::judge) fn of_fit(
    fit: Fit,
    code: BreachCode,
    missing: BreachCode,
    name: impl Fn(&[Step]) -> String,
) -> Reading {
    match fit {
        Fit::Fits => Reading::Holds,
        Fit::Misses(Miss { expected, actual, at, notes, nothing, near: _ }) => {
            let code = if nothing { missing } else { code };
            let at = name(&at);
            let mut breach = Breach::mismatch(code, expected, actual).with_details(notes);
            breach.message = format!("{at}: {}", breach.message);
            Reading::Breaks(breach.at(at))
        }
        Fit::Unsure(doubt) => {
            let at = name(&doubt.at);
            Reading::Undecided(Breach::new(doubt.code, format!("{at}: {}", doubt.message)).at(at))
        }
    }
}

/// Writes the way into a value that has a name of its own.
pub(super) fn under(root: &str) -> impl Fn(&[Step]) -> String {
    move |steps| place(root, steps)
}

/// That there is no answer to judge.
pub(super) fn no_answer() -> Reading {
    Reading::Undecided(Breach::new(BreachCode::NoAnswer, "there is no complete answer to judge"))
}
