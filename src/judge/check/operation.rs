use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Span};
use crate::judge::openapi::{BadOperation, Operation, Slip};
use crate::judge::{Breach, BreachCode, Check, Compiler, Fixed, Reading, Rule, Subject};
use crate::value::{Node, NodeKind};

use super::registry::no_answer;

/// `operation`: everything that an OpenAPI document says of the answer.
#[derive(Debug)]
struct Documented(Option<Arc<Operation>>);

/// What it says of the request that was sent.
#[derive(Debug)]
struct Asked(Arc<Operation>);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    match &node.kind {
        // The decoder of steps reads it: nothing is added by itself.
        NodeKind::Bool(false) => return Some(Vec::new()),
        NodeKind::Text(_) => {}
        NodeKind::Null | NodeKind::Bool(true) | NodeKind::Number(_) | NodeKind::List(_) | NodeKind::Map(_) => {
            compiler.wrong_type(node, "the `operationId` of an operation, `METHOD /path/{template}`, or `false`");
            return None;
        }
    }
    let name = match compiler.fixed(node, str::to_owned)? {
        Fixed::Now(name) => name,
        Fixed::Later => {
            return Some(vec![Check {
                id: "operation".into(),
                span: node.span,
                rule: Box::new(Documented(None)),
                excuse: None,
            }]);
        }
    };
    match compiler.api().named(&name) {
        Ok(operation) => Some(checks(operation, node.span)),
        Err(error) => {
            let problem =
                Diagnostic::error(Code::UnknownOperation, error.to_string()).at(node.span, "unknown operation");
            compiler.out.push(match error {
                BadOperation::NoDocument => problem.help("name one in `suite.yaml`: `openapi: api.yaml`"),
                BadOperation::Unknown { nearest, .. } => problem.help_nearest(nearest.as_deref()),
            });
            None
        }
    }
}

/// The checks of this operation: of the answer, and of the request.
pub(in crate::judge) fn checks(operation: &Arc<Operation>, span: Span) -> Vec<Check> {
    let of_answer = Box::new(Documented(Some(Arc::clone(operation))));
    let of_request = Box::new(Asked(Arc::clone(operation)));
    vec![
        Check { id: "operation".into(), span, rule: of_answer, excuse: None },
        Check { id: "operation.request".into(), span, rule: of_request, excuse: None },
    ]
}

impl Rule for Documented {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(operation) = &self.0 else {
            return Reading::Undecided(Breach::new(BreachCode::NotCompiled, "the operation is named by the target"));
        };
        let Some(answer) = subject.answer() else { return no_answer() };
        Slip::reading(operation.judge_answer(answer, subject.body), &operation.name())
    }

    fn vacuous(&self) -> Option<String> {
        let operation = self.0.as_ref().filter(|it| it.says_nothing())?;
        Some(format!("the document says nothing of the answers to `{}`", operation.name()))
    }
}

impl Rule for Asked {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(request) = subject.request else { return Reading::Holds };
        Slip::reading(self.0.judge_request(request), &self.0.name())
    }

    fn is_remark(&self) -> bool {
        true
    }
}
