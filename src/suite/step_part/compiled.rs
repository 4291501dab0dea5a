use std::time::Duration;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::judge::{Aim, Checks, Compiler, Fixed, Moment};
use crate::value::{Node, Operand, Template, parse_duration};

use super::decoder::StepDecoder;

impl StepDecoder<'_> {
    /// Compiles a block of checks.
    pub(super) fn checks(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Option<Checks> {
        self.checks_of(node, Aim::Step, out)
    }

    /// Compiles a block of checks that decides what comes next.
    pub(super) fn condition(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Option<Checks> {
        self.checks_of(node, Aim::Condition, out)
    }

    /// Compiles a block of checks that is put to `aim`.
    pub(super) fn checks_of(&mut self, node: Option<&Node>, aim: Aim, out: &mut Diagnostics) -> Option<Checks> {
        let node = node?;
        let named = Some(self.names.this_step()).filter(|name| !name.is_empty());
        let stem = named.map(|name| format!("{}.{name}", self.snapshots_of));
        let mut compiler = self.compiler(out).aimed_at(aim).with_snapshot_stem(stem);
        let checks = Checks::parse(node, &mut compiler);
        let late = compiler.is_late();
        self.late |= late;
        checks
    }

    /// Compiles a value.
    pub(super) fn operand(&mut self, node: &Node, moment: Moment, out: &mut Diagnostics) -> Operand {
        self.compiler(out).operand(node, moment)
    }

    /// Compiles a text.
    pub(super) fn template(&mut self, node: &Node, moment: Moment, out: &mut Diagnostics) -> Option<Template> {
        self.compiler(out).template(node, moment)
    }

    /// A text that must be known before the case begins.
    pub(super) fn fixed(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Fixed> {
        let mut compiler = self.compiler(out);
        let fixed = compiler.fixed(node, str::to_owned);
        let late = compiler.is_late();
        self.late |= late;
        fixed
    }

    /// A duration that must be known before the case begins.
    pub(super) fn duration(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Option<Duration> {
        let node = node?;
        match self.fixed(node, out)? {
            Fixed::Later => None,
            Fixed::Now(text) => {
                let duration = parse_duration(&text);
                if duration.is_none() {
                    out.push(bad_duration(node));
                }
                duration
            }
        }
    }

    /// A compiler that knows the names so far.
    pub(super) fn compiler<'d>(&'d self, out: &'d mut Diagnostics) -> Compiler<'d> {
        Compiler::new(out, &self.names, self.plan, self.context.schemas, self.context.sets)
            .documented_by(&self.context.documented.api)
    }
}

/// The problem of a text that is no duration.
pub(super) fn bad_duration(node: &Node) -> Diagnostic {
    Diagnostic::error(Code::BadDuration, "a duration is a number and a unit")
        .at(node.span, "no duration")
        .help("such as 500ms, 20s, 5m or 2h")
}
