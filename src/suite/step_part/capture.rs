use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::judge::Source;
use crate::suite::fields::{Fields, text};
use crate::suite::{Capture, CaptureFrom};
use crate::value::{Field, Name, Node, Shape};

use super::actors::Actors;
use super::decoder::StepDecoder;

impl StepDecoder<'_> {
    /// Decodes the names at `key`, and where the value of each is found.
    pub(super) fn captures(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        of_flow: bool,
        out: &mut Diagnostics,
    ) -> Vec<Capture> {
        fields
            .map(key, out)
            .into_iter()
            .filter_map(|entry| {
                let (from, optional) = match entry.value.as_map() {
                    Some(_) => {
                        let fields = Fields::open(
                            &entry.value,
                            &[Field::required("from", Shape::Text, ""), Field::optional("optional", Shape::Bool, "")],
                            "a capture",
                            out,
                        )?;
                        (fields.get("from")?, fields.flag("optional", out).unwrap_or(false))
                    }
                    None => (&entry.value, false),
                };
                let from = if of_flow {
                    CaptureFrom::Output(text(from, out)?.to_owned())
                } else {
                    let mut compiler = self.compiler(out);
                    let source = Source::parse(from, &mut compiler);
                    let late = compiler.is_late();
                    self.late |= late;
                    CaptureFrom::Answer(source?)
                };
                Some(Capture { name: entry.key.text.to_string(), from, optional, span: entry.key.span })
            })
            .collect()
    }

    /// Tells of names that are none, and of those that hide another.
    pub(super) fn check_set_names(&self, node: &Node, out: &mut Diagnostics) {
        for (name, span) in set_names(node) {
            if Name::parse(&name).is_err() {
                let message = format!("`{name}` cannot be a name");
                out.push(Diagnostic::error(Code::BadName, message).at(span, "letters, digits, `_` and `-`"));
            } else if let Some(other) = self.names.hides(&name) {
                let message = format!("`{name}` hides {other}");
                out.push(Diagnostic::error(Code::NameShadows, message).at(span, "take another name"));
            } else if let Actors::Known { devices, .. } = &self.actors
                && devices.contains(&name)
            {
                let message = format!("`{name}` hides a device");
                out.push(Diagnostic::error(Code::NameShadows, message).at(span, "take another name"));
            }
        }
    }
}

/// Names that a step sets, with the place of each.
pub(super) fn set_names(step: &Node) -> Vec<(String, Span)> {
    ["capture", "collect"]
        .iter()
        .filter_map(|key| step.get(key)?.as_map())
        .flatten()
        .filter(|entry| !entry.value.is_null())
        .map(|entry| (entry.key.text.to_string(), entry.key.span))
        .collect()
}
