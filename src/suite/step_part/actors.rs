use std::collections::BTreeSet;

use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::judge::{Fixed, Moment};
use crate::suite::fields::{Fields, wrong_type};
use crate::suite::{Acting, Present};
use crate::value::Node;

use super::decoder::StepDecoder;
use super::keys::ACTING_FIELDS;

/// Those that a step may act as.
#[derive(Clone, Debug)]
pub(in crate::suite) enum Actors {
    /// These devices, and identities where the suite says which there are.
    Known {
        /// Devices of the scenario.
        devices: BTreeSet<String>,
        /// Identities; none means that any name may be one.
        identities: Option<BTreeSet<String>>,
    },
    /// A flow acts as whoever uses it.
    Caller,
}

/// Who does a step, or has a token.
pub(super) enum Doer {
    /// A device, or an identity that stands for one.
    Device(String),
    /// Nobody shows anything.
    Nobody,
}

impl Doer {
    /// The device, if there is one.
    pub(super) fn device(self) -> Option<String> {
        match self {
            Self::Device(name) => Some(name),
            Self::Nobody => None,
        }
    }
}

impl StepDecoder<'_> {
    /// Decodes who acts in a step.
    pub(in crate::suite) fn acting(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Acting> {
        self.acting_at(node, Moment::Sent, out)
    }

    /// Decodes who acts, with what names mean at `moment`.
    pub(super) fn acting_at(&mut self, node: &Node, moment: Moment, out: &mut Diagnostics) -> Option<Acting> {
        if node.as_map().is_none() {
            return self.doer(node, out).map(|doer| Acting { device: doer.device(), present: Present::Own });
        }
        let fields = Fields::open(node, ACTING_FIELDS, "`as`", out)?;
        let device = self.doer(fields.get("device")?, out)?.device();
        let present = match (fields.get("bearer"), fields.get("present")) {
            (Some(bearer), None) => Present::Bearer(self.template(bearer, moment, out)?),
            (None, Some(node)) if node.as_text() == Some("basic") => Present::Basic,
            (None, Some(node)) => {
                wrong_type(node, "`basic`", out);
                return None;
            }
            (Some(_), Some(node)) => {
                out.push(
                    Diagnostic::error(Code::WrongType, "`bearer` and `present` exclude each other")
                        .at(node.span, "one too many"),
                );
                return None;
            }
            (None, None) => Present::Own,
        };
        Some(Acting { device, present })
    }

    /// Decodes the name of a device, of an identity, or `nobody`.
    pub(super) fn doer(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Doer> {
        let name = match self.fixed(node, out)? {
            Fixed::Now(name) => name,
            Fixed::Later => return Some(Doer::Nobody),
        };
        if name == "nobody" {
            return Some(Doer::Nobody);
        }
        match &self.actors {
            Actors::Caller => {
                out.push(
                    Diagnostic::error(Code::UnknownDevice, "a flow acts as whoever uses it, or as `nobody`")
                        .at(node.span, "no device is known here"),
                );
                None
            }
            Actors::Known { devices, identities } => {
                if !devices.contains(&name) {
                    if let Some(identities) = identities
                        && !identities.contains(&name)
                    {
                        let near = nearest(&name, devices.iter().chain(identities).map(String::as_str));
                        out.push(
                            Diagnostic::error(
                                Code::UnknownDevice,
                                format!("no device and no identity is called `{name}`"),
                            )
                            .at(node.span, "unknown")
                            .help_nearest(near),
                        );
                        return None;
                    }
                    self.implied.insert(name.clone());
                }
                Some(Doer::Device(name))
            }
        }
    }
}
