use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::value::{Entry, Field, Node, NodeKind, Shape};

use super::check::{CHECKS, Status, checks_of_operation, named};
use super::{Check, Compiler, Operation, Schema, StatusSet};

/// One block of checks, all of which must hold: what stands under `given`, `expect`, `should`, `until`, …
#[derive(Debug)]
pub struct Checks {
    /// The checks in the order in which they stand.
    pub list: Vec<Check>,
    /// Where the block stands.
    pub span: Span,
    /// Where it says why checks that cannot fail may stand in it, as far as that can be weighed before the target is
    /// known.
    pub excuse: Option<Span>,
}

impl Checks {
    /// The keys of a block, for the JSON Schema of scenarios.
    #[must_use]
    pub fn fields() -> Vec<Field> {
        let checks = CHECKS.iter().map(|kind| Field::optional(kind.name, kind.shape, kind.doc));
        let vacuous = Field::optional("vacuous", Shape::Text, "why checks that cannot fail may stand here");
        checks.chain([vacuous]).collect()
    }

    /// Reads a block: a map of checks, or a status alone. `None` after a problem was told.
    ///
    /// A check that is null is not there; a block of nothing but those is refused, since it judges nothing.
    pub fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        let entries = match &node.kind {
            NodeKind::Map(entries) => entries,
            NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::List(_) => {
                let rule = Box::new(Status::new(StatusSet::parse(node, compiler)?));
                let check = Check { id: "status".into(), span: node.span, rule, excuse: None };
                return Some(Self { list: vec![check], span: node.span, excuse: None });
            }
            NodeKind::Null | NodeKind::Bool(_) => {
                compiler.wrong_type(node, "a map of checks, or a status");
                return None;
            }
        };
        let mut list = Vec::new();
        let mut sound = true;
        let mut excuse = None;
        let mut excuse_at = None;
        for entry in entries.iter().filter(|entry| !entry.value.is_null()) {
            if &*entry.key.text == "vacuous" {
                excuse = entry.value.as_text().map(std::sync::Arc::from);
                excuse_at = Some(entry.key.span);
                if excuse.is_none() {
                    compiler.wrong_type(&entry.value, "the reason why this may stand, as a text");
                    sound = false;
                }
                continue;
            }
            let Some(kind) = named(&entry.key.text) else {
                let known: Vec<&str> = CHECKS.iter().map(|kind| kind.name).collect();
                let help = "values in the body are judged by `json: { $.path: … }`, names by `values: { name: … }`";
                compiler.unknown_key(&entry.key, "a check", &known, help);
                sound = false;
                continue;
            };
            match (kind.parse)(&entry.value, compiler) {
                Some(checks) => list.extend(checks),
                None => sound = false,
            }
        }
        let is_silent = entries.iter().any(is_silence);
        if list.is_empty() && sound && !compiler.is_late() && !is_silent {
            compiler.problem(Code::VacuousCheck, node.span, "a block without checks judges nothing");
            return None;
        }
        if excuse.is_some() {
            for check in &mut list {
                check.excuse.clone_from(&excuse);
            }
        }
        let excuse = excuse_at.filter(|_| !compiler.is_late());
        sound.then_some(Self { list, span: node.span, excuse })
    }

    /// The checks that are about the answer.
    pub fn promises(&self) -> impl Iterator<Item = &Check> {
        self.list.iter().filter(|check| !check.rule.is_remark())
    }

    /// Adds what a document says of an operation, as if the step named it at `span`.
    pub fn add_operation(&mut self, operation: &std::sync::Arc<Operation>, span: Span) {
        self.list.extend(checks_of_operation(operation, span));
    }

    /// Whether it names an operation, or says by `operation: false` that none is meant.
    #[must_use]
    pub fn names_operation(node: &Node) -> bool {
        let within = |key: &str| node.get(key).and_then(Node::as_list).unwrap_or_default();
        node.entry("operation").is_some_and(|entry| !entry.value.is_null())
            || within("any_of").iter().any(Self::names_operation)
    }

    /// Tells of a `vacuous` beside checks that can all fail.
    pub fn lint_excuse(&self, out: &mut Diagnostics) {
        if let Some(span) = self.excuse
            && self.list.iter().all(|check| check.rule.vacuous().is_none())
        {
            out.push(idle_excuse(span));
        }
    }

    /// Tells of every check that no answer can fail, unless a reason is given for it. For `expect`, `should`, `always` and
    /// the conditions of polls; what stands in `given` or `when` need not be able to fail.
    pub fn lint(&self, out: &mut Diagnostics) {
        for check in self.list.iter().filter(|check| check.excuse.is_none()) {
            if let Some(reason) = check.rule.vacuous() {
                let problem = Diagnostic::error(Code::VacuousCheck, format!("`{}` cannot fail: {reason}", check.id))
                    .at(check.span, "")
                    .help("say what must hold, or give the reason by `vacuous: REASON` beside it");
                out.push(problem);
            }
        }
    }

    /// Why nothing in it can fail, where nothing can and no reason was given for that.
    #[must_use]
    pub fn vacuous(&self) -> Option<String> {
        let reasons: Option<Vec<String>> =
            self.promises().map(|check| if check.excuse.is_some() { None } else { check.rule.vacuous() }).collect();
        reasons.and_then(|reasons| reasons.into_iter().next())
    }

    /// Whether any of them needs an answer.
    #[must_use]
    pub fn needs_answer(&self) -> bool {
        self.list.iter().any(|check| check.rule.needs_answer())
    }

    /// Whether any of them judges the answers of the members of a set.
    #[must_use]
    pub fn judges_members(&self) -> bool {
        self.list.iter().any(|check| check.rule.judges_members())
    }

    /// Whether any of them names this status, alone or by its class.
    #[must_use]
    pub fn names_status(&self, status: u16) -> bool {
        self.list.iter().any(|check| check.rule.names_status(status))
    }

    /// Whether one of them is about statuses and allows this one, by naming it or by naming others that may not be.
    #[must_use]
    pub fn allows_status(&self, status: u16) -> bool {
        let allows = |check: &Check| check.rule.statuses().is_some_and(|statuses| statuses.has(status));
        self.list.iter().any(|check| allows(check) || check.rule.names_status(status))
    }

    /// The schemas that it puts to the whole body, those of branches among them.
    #[must_use]
    pub fn schemas(&self) -> Vec<&Schema> {
        self.list.iter().flat_map(|check| check.rule.schemas()).collect()
    }

    /// The checks that cannot break as long as `other` holds: those of the same status or more. Advice that a promise
    /// implies is none.
    #[must_use]
    pub fn implied_by(&self, other: &Self) -> Vec<&Check> {
        let promised = || other.list.iter().filter_map(|check| check.rule.statuses());
        let is_implied = |check: &&Check| {
            check.rule.statuses().is_some_and(|advised| promised().any(|promised| promised.is_within(advised)))
        };
        self.list.iter().filter(is_implied).collect()
    }
}

/// Whether an entry says that nothing is judged by a document unasked.
fn is_silence(entry: &Entry) -> bool {
    &*entry.key.text == "operation" && entry.value.as_bool() == Some(false)
}

/// That every check beside a `vacuous` can fail.
pub(super) fn idle_excuse(span: Span) -> Diagnostic {
    Diagnostic::warning(Code::IdleExcuse, "`vacuous` excuses nothing")
        .at(span, "all that stands beside it can fail")
        .help("take it out")
}
