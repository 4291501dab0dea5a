use crate::diag::Diagnostics;
use crate::judge::Moment;
use crate::suite::Elapse;
use crate::value::{Node, parse_duration};

use super::compiled::bad_duration;
use super::decoder::StepDecoder;

impl StepDecoder<'_> {
    /// Decodes how much time passes.
    pub(super) fn elapse(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Elapse> {
        let span = self.template(node, Moment::Sent, out)?;
        let literal = match span.as_fixed() {
            Some(text) => {
                let duration = parse_duration(text);
                if duration.is_none() {
                    out.push(bad_duration(node));
                    return None;
                }
                duration
            }
            None => None,
        };
        Some(Elapse { span, literal })
    }
}
