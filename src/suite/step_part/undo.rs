use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::judge::Moment;
use crate::suite::fields::{Fields, text, wrong_type};
use crate::suite::request_line::RequestLine;
use crate::suite::{BodySpec, RequestSpec, StatusSpan, Undo, UrlSpec};
use crate::value::{Node, NodeKind, Template};

use super::decoder::StepDecoder;
use super::keys::UNDO_FIELDS;

impl StepDecoder<'_> {
    /// Decodes how what the step creates is removed.
    pub(super) fn undo(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Undo> {
        if let Some(items) = node.as_list() {
            let span = items.first().map_or(node.span, |item| item.span);
            out.push(
                Diagnostic::error(Code::NotYetSupported, "a list of undo steps is not supported yet")
                    .at(span, "not supported yet"),
            );
            return None;
        }
        let fields = Fields::open(node, UNDO_FIELDS, "`undo`", out)?;
        let line = fields.get("request")?;
        let line_text = text(line, out)?;
        let parsed = match RequestLine::parse(line_text) {
            Ok(parsed) => parsed,
            Err(error) => {
                out.push(Diagnostic::error(Code::BadRequestLine, error.to_string()).at(line.span, "no request line"));
                return None;
            }
        };
        self.template(line, Moment::Settled, out)?;
        let template = Template::parse(parsed.place).ok()?;
        let place = if parsed.place.starts_with('/') { UrlSpec::Path(template) } else { UrlSpec::Whole(template) };
        let body = match (fields.get("json"), fields.get("form")) {
            (Some(json), _) => BodySpec::Json(self.operand(json, Moment::Settled, out)),
            (None, Some(form)) => BodySpec::Form(self.pairs_at(Some(form), Moment::Settled, out)),
            (None, None) => BodySpec::Empty,
        };
        let mut done = Vec::new();
        for item in fields.get("done").and_then(Node::as_list).unwrap_or_default() {
            let written = match &item.kind {
                NodeKind::Number(number) => number.to_string(),
                NodeKind::Text(text) => text.value.to_string(),
                NodeKind::Null | NodeKind::Bool(_) | NodeKind::List(_) | NodeKind::Map(_) => String::new(),
            };
            match StatusSpan::parse(&written) {
                Some(span) => done.push(span),
                None => wrong_type(item, "a status such as 404 or 2xx", out),
            }
        }
        if done.is_empty() {
            done = StatusSpan::GONE.to_vec();
        }
        let request = RequestSpec {
            method: parsed.method.to_owned(),
            place,
            query: self.pairs_at(fields.get("query"), Moment::Settled, out),
            headers: self.texts(fields.get("headers"), out),
            cookies: Vec::new(),
            body,
            span: line.span,
        };
        let acting = fields.get("as").and_then(|node| self.acting(node, out));
        Some(Undo { request, acting, done, span: node.span })
    }
}
