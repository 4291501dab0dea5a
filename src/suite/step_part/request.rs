use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::judge::Moment;
use crate::suite::fields::{Fields, map, text, wrong_type};
use crate::suite::request_line::RequestLine;
use crate::suite::{BodySpec, PartSpec, RequestSpec, UrlSpec};
use crate::value::{Entry, Node, Operand, Template};

use super::decoder::StepDecoder;
use super::keys::{BODY_FIELDS, FILE_FIELDS};

impl StepDecoder<'_> {
    /// Decodes a request and everything that is sent with it; names in it mean what they mean at `moment`.
    pub(super) fn request(
        &mut self,
        line: &Node,
        fields: &Fields<'_>,
        moment: Moment,
        out: &mut Diagnostics,
    ) -> Option<RequestSpec> {
        let line_text = text(line, out)?;
        let parsed = match RequestLine::parse(line_text) {
            Ok(parsed) => parsed,
            Err(error) => {
                out.push(Diagnostic::error(Code::BadRequestLine, error.to_string()).at(line.span, "no request line"));
                return None;
            }
        };
        let mut compiler = self.compiler(out);
        let template = compiler.template(line, moment)?;
        let late = compiler.is_late();
        self.late |= late;
        let place = match Template::parse(parsed.place) {
            Ok(place) if parsed.place.starts_with('/') => UrlSpec::Path(place),
            Ok(place) => UrlSpec::Whole(place),
            Err(_) => UrlSpec::Path(template),
        };
        let body = self.body(fields, moment, out);
        Some(RequestSpec {
            method: parsed.method.to_owned(),
            place,
            query: self.pairs(fields.get("query"), moment, out),
            headers: self.texts(fields.get("headers"), moment, out),
            cookies: self.texts(fields.get("cookies"), moment, out),
            body,
            span: line.span,
        })
    }

    /// Decodes the body: one of the keys that give one.
    fn body(&mut self, fields: &Fields<'_>, moment: Moment, out: &mut Diagnostics) -> BodySpec {
        let bodies: Vec<&Entry> = BODY_FIELDS.iter().filter_map(|field| fields.entry(field.key)).collect();
        if let [first, second, ..] = &bodies[..] {
            out.push(
                Diagnostic::error(
                    Code::WrongType,
                    format!("a request has one body: `{}` or `{}`", first.key.text, second.key.text),
                )
                .at(second.key.span, "one too many"),
            );
        }
        let Some(entry) = bodies.first() else { return BodySpec::Empty };
        match &*entry.key.text {
            "json" => BodySpec::Json(self.operand(&entry.value, moment, out)),
            "form" => BodySpec::Form(self.pairs(Some(&entry.value), moment, out)),
            "text" => match self.template(&entry.value, moment, out) {
                Some(template) => BodySpec::Text(template),
                None => BodySpec::Empty,
            },
            "file" => match self.file(&entry.value, out) {
                Some((name, bytes)) => BodySpec::File { name, bytes },
                None => BodySpec::Empty,
            },
            _ => BodySpec::Multipart(
                map(&entry.value, out)
                    .into_iter()
                    .filter_map(|part| Some((part.key.text.to_string(), self.part(&part.value, moment, out)?)))
                    .collect(),
            ),
        }
    }

    /// Decodes a part of a multipart body.
    fn part(&mut self, node: &Node, moment: Moment, out: &mut Diagnostics) -> Option<PartSpec> {
        if node.as_map().is_none() {
            return Some(PartSpec::Value(self.operand(node, moment, out)));
        }
        let fields = Fields::open(node, FILE_FIELDS, "a file part", out)?;
        let (name, bytes) = self.file(fields.get("file")?, out)?;
        Some(PartSpec::File { name, bytes, media_type: fields.text("type", out).map(str::to_owned) })
    }

    /// Reads a file of the suite.
    fn file(&mut self, node: &Node, out: &mut Diagnostics) -> Option<(String, Arc<[u8]>)> {
        let name = text(node, out)?;
        Some((name.to_owned(), self.context.body(name, node.span, out)?))
    }

    /// Decodes a map of values that are known at `moment`.
    fn pairs(&mut self, node: Option<&Node>, moment: Moment, out: &mut Diagnostics) -> Vec<(String, Operand)> {
        let Some(node) = node else { return Vec::new() };
        map(node, out)
            .into_iter()
            .map(|entry| (entry.key.text.to_string(), self.operand(&entry.value, moment, out)))
            .collect()
    }

    /// Decodes a map of texts, where null leaves out what is there otherwise.
    fn texts(&mut self, node: Option<&Node>, moment: Moment, out: &mut Diagnostics) -> Vec<(String, Option<Template>)> {
        let Some(node) = node else { return Vec::new() };
        let Some(entries) = node.as_map() else {
            wrong_type(node, "a map", out);
            return Vec::new();
        };
        entries
            .iter()
            .filter_map(|entry| {
                let name = entry.key.text.to_string();
                if entry.value.is_null() {
                    return Some((name, None));
                }
                Some((name, Some(self.template(&entry.value, moment, out)?)))
            })
            .collect()
    }
}
