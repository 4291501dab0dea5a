use std::sync::Arc;

use crate::diag::{Diagnostics, Span};
use crate::judge::Api;
use crate::value::{Field, Node, NodeKind, Record, Shape};

use super::fields::{Fields, text, wrong_type};

/// What stands under `openapi` of `suite.yaml`.
pub(crate) const OPENAPI: Record = Record {
    name: "openapi",
    doc: "OpenAPI documents, and which steps are judged by them.",
    fields: &[
        Field::required("file", Shape::List(&Shape::Text), "A document of the suite, or several."),
        Field::optional(
            "check",
            Shape::Word(&["all", "named"]),
            "`all` (the default): every step whose request is documented; `named`: those with `operation` alone.",
        ),
    ],
};

/// The documents that a suite names.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenapiPart {
    /// Their paths within the suite, and where each is named.
    pub(crate) files: Vec<(String, Span)>,
    /// Which steps are judged by them.
    pub(crate) by: JudgedBy,
}

/// Which steps are judged by the documents of a suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JudgedBy {
    /// Every step whose request is documented.
    #[default]
    All,
    /// Those that name an operation.
    Named,
}

/// What the OpenAPI documents of a suite say, and of which steps.
#[derive(Clone, Debug, Default)]
pub struct Documented {
    /// The operations.
    pub api: Arc<Api>,
    /// Which steps are judged by them.
    pub by: JudgedBy,
    /// The files, by their paths within the suite.
    pub files: Vec<String>,
}

/// Reads `openapi`.
pub(crate) fn decode_openapi(node: &Node, out: &mut Diagnostics) -> OpenapiPart {
    let mut part = OpenapiPart::default();
    match &node.kind {
        NodeKind::Text(_) | NodeKind::List(_) => part.files = files(node, out),
        NodeKind::Map(_) => {
            let Some(fields) = Fields::open(node, OPENAPI.fields, "`openapi`", out) else { return part };
            part.files = fields.get("file").map(|node| files(node, out)).unwrap_or_default();
            if let Some(check) = fields.get("check") {
                match check.as_text() {
                    Some("all") => part.by = JudgedBy::All,
                    Some("named") => part.by = JudgedBy::Named,
                    Some(_) | None => wrong_type(check, "`all` or `named`", out),
                }
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {
            wrong_type(node, "the path of an OpenAPI document", out);
        }
    }
    part
}

fn files(node: &Node, out: &mut Diagnostics) -> Vec<(String, Span)> {
    let items = node.as_list().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(|item| Some((text(item, out)?.to_owned(), item.span))).collect()
}
