use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::judge::Moment;
use crate::suite::StepKind;
use crate::suite::fields::wrong_type;
use crate::value::{Node, Operand};

use super::actors::Doer;
use super::decoder::StepDecoder;

/// Parameters by their OAuth names; nothing leaves one out.
type Parameters = Vec<(String, Option<Operand>)>;

impl StepDecoder<'_> {
    /// Decodes the raw token request of a device.
    pub(super) fn token(&mut self, node: &Node, step: &Node, out: &mut Diagnostics) -> Option<StepKind> {
        let (device, with) = self.raw_sign_in("token", node, step, out)?;
        Some(StepKind::Token { device, with })
    }

    /// Decodes the raw sign-in of a device in a browser.
    pub(super) fn authorize(&mut self, node: &Node, step: &Node, out: &mut Diagnostics) -> Option<StepKind> {
        let (device, with) = self.raw_sign_in("authorize", node, step, out)?;
        Some(StepKind::Authorize { device, with })
    }

    /// Decodes what the target declares and a step only varies: whose it is, and other parameters.
    fn raw_sign_in(
        &mut self,
        kind: &str,
        node: &Node,
        step: &Node,
        out: &mut Diagnostics,
    ) -> Option<(String, Parameters)> {
        for key in ["as", "query", "headers", "cookies", "json", "form", "text", "multipart", "file", "undo"] {
            if let Some(entry) = step.entry(key).filter(|entry| !entry.value.is_null()) {
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `{kind}`"))
                        .at(entry.key.span, "the target declares the request")
                        .help("`with` replaces, adds or leaves out parameters"),
                );
            }
        }
        let Doer::Device(device) = self.doer(node, out)? else {
            let message = if kind == "token" { "nobody has no token" } else { "nobody cannot sign in" };
            out.push(Diagnostic::error(Code::UnknownDevice, message).at(node.span, "a device or an identity"));
            return None;
        };
        let given = step.get("with").filter(|node| !node.is_null());
        if let Some(node) = given.filter(|node| node.as_map().is_none()) {
            wrong_type(node, "a map of parameters", out);
        }
        let mut with = Vec::new();
        for entry in given.and_then(Node::as_map).unwrap_or_default() {
            let value = (!entry.value.is_null()).then(|| self.operand(&entry.value, Moment::Sent, out));
            with.push((entry.key.text.to_string(), value));
        }
        Some((device, with))
    }
}
