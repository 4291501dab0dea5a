use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::value::{Json, Key, Member, NamePath, Node, NodeKind, Operand, Scope, Template};

use super::{Api, Schemas};

/// No operation at all.
static NO_API: Api = Api::none();

/// When a name must have its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Before the run: the value takes part in compiling.
    Plan,
    /// When the step is sent.
    Sent,
    /// After the step's own captures.
    Settled,
}

/// What is known of a name at the step that is being compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has its value from this moment on.
    From(Moment),
    /// A later step sets it.
    NotYet,
    /// Another member of the set, or a later entry of the list, sets it.
    Beside,
    /// Nothing sets it.
    Never {
        /// The nearest name that there is.
        nearest: Option<String>,
    },
    /// It exists, and has no such member.
    NoMember {
        /// How many of the path's members there are.
        at: usize,
        /// The members that it has there.
        members: Vec<String>,
    },
}

/// Tells what names there are at a step.
pub trait NameBook {
    /// What is known of this name.
    fn known(&self, path: &NamePath) -> Known;
}

/// What a block of checks is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The answer of a step, or names.
    Step,
    /// The answers of steps that are sent together: `statuses` may stand here, and here only.
    Together,
    /// An answer, or names, to decide what comes next: no finding comes of it.
    Condition,
}

/// Turns what stands in a file into checks, and collects what is wrong with it.
///
/// A scenario is compiled when it is loaded. Where a place that must be compiled holds a name whose value only the
/// target knows, the compiler notes that it [is late](Self::is_late), puts a placeholder there, and the plan compiles
/// the scenario again, this time with the values.
pub struct Compiler<'a> {
    /// Where problems go.
    pub out: &'a mut Diagnostics,
    names: &'a dyn NameBook,
    plan: Option<&'a dyn Scope>,
    schemas: &'a Schemas,
    sets: &'a BTreeMap<String, Node>,
    api: &'a Api,
    open_sets: Vec<String>,
    aim: Aim,
    snapshot_stem: Option<String>,
    late: bool,
}

impl<'a> Compiler<'a> {
    /// A compiler for one step. `plan` gives the values of names that are known before the run, where a target is.
    pub fn new(
        out: &'a mut Diagnostics,
        names: &'a dyn NameBook,
        plan: Option<&'a dyn Scope>,
        schemas: &'a Schemas,
        sets: &'a BTreeMap<String, Node>,
    ) -> Self {
        Self {
            out,
            names,
            plan,
            schemas,
            sets,
            api: &NO_API,
            open_sets: Vec::new(),
            aim: Aim::Step,
            snapshot_stem: None,
            late: false,
        }
    }

    /// The same compiler for blocks that are put to something else than the answer of a step, which is the default.
    #[must_use]
    pub fn aimed_at(mut self, aim: Aim) -> Self {
        self.aim = aim;
        self
    }

    /// The same compiler for a step whose snapshots are called so, or so and a name after a dot.
    #[must_use]
    pub fn with_snapshot_stem(mut self, stem: Option<String>) -> Self {
        self.snapshot_stem = stem;
        self
    }

    /// What the snapshots of the step are called; none where it has no name of its own.
    pub fn snapshot_stem(&self) -> Option<&str> {
        self.snapshot_stem.as_deref()
    }

    /// Compiles branches of which one is enough: no finding comes of a single one.
    pub(in crate::judge) fn within_branch<T>(&mut self, compile: impl FnOnce(&mut Self) -> T) -> T {
        let aim = self.aim;
        if aim == Aim::Step {
            self.aim = Aim::Condition;
        }
        let compiled = compile(self);
        self.aim = aim;
        compiled
    }

    /// The same compiler with the operations that `operation` may name.
    #[must_use]
    pub fn documented_by(mut self, api: &'a Api) -> Self {
        self.api = api;
        self
    }

    /// The operations of the suite's documents.
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// What the blocks are put to.
    pub fn aim(&self) -> Aim {
        self.aim
    }

    /// Whether something must be compiled again when the target is known.
    pub fn is_late(&self) -> bool {
        self.late
    }

    /// The schemas of the suite.
    pub fn schemas(&self) -> &'a Schemas {
        self.schemas
    }

    /// Reports a problem.
    pub fn problem(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.out.push(Diagnostic::error(code, message).at(span, ""));
    }

    /// Reports a problem and what can be done.
    pub fn problem_with_help(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.out.push(Diagnostic::error(code, message).at(span, "").help(help));
    }

    /// Reports that something of another kind was expected.
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        let found = match &node.kind {
            NodeKind::List(items) if items.is_empty() => "an empty list",
            NodeKind::Map(entries) if entries.is_empty() => "an empty map",
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::List(_)
            | NodeKind::Map(_) => node.kind_name(),
        };
        let message = format!("expected {expected}, found {found}");
        self.out.push(Diagnostic::error(Code::WrongType, message).at(node.span, format!("expected {expected}")));
    }

    /// Reports a key that means nothing here, with the nearest of those that do; with `help` where none is near.
    pub fn unknown_key(&mut self, key: &Key, place: &str, known: &[&str], help: &str) {
        let near = nearest(&key.text, known);
        let problem = Diagnostic::error(Code::UnknownKey, format!("`{}` is not {place}", key.text))
            .at(key.span, "unknown key")
            .help_nearest(near);
        self.out.push(if near.is_none() { problem.help(help) } else { problem });
    }

    /// A value with names in it, to be put in at `moment`. A member that is null is left out.
    pub fn operand(&mut self, node: &Node, moment: Moment) -> Operand {
        self.value(node, moment, Nulls::LeaveOut)
    }

    /// A value to compare with, names to be put in at `moment`; null is the value null.
    pub fn exact_operand(&mut self, node: &Node, moment: Moment) -> Operand {
        self.value(node, moment, Nulls::Keep)
    }

    fn value(&mut self, node: &Node, moment: Moment, nulls: Nulls) -> Operand {
        match &node.kind {
            NodeKind::Null => Operand::Fixed(Json::Null),
            NodeKind::Bool(value) => Operand::Fixed(Json::Bool(*value)),
            NodeKind::Number(number) => Operand::Fixed(Json::Number(number.clone())),
            NodeKind::Text(_) => match self.template(node, moment) {
                Some(template) => Operand::from(template),
                None => Operand::Fixed(Json::Null),
            },
            NodeKind::List(items) => Operand::list(items.iter().map(|item| self.value(item, moment, nulls)).collect()),
            NodeKind::Map(entries) => {
                let kept = entries.iter().filter(|entry| nulls == Nulls::Keep || !entry.value.is_null());
                let members = kept.filter_map(|entry| {
                    let key = self.key_template(&entry.key, moment)?;
                    Some((key, self.value(&entry.value, moment, nulls)))
                });
                Operand::map(members.collect())
            }
        }
    }

    /// The key of a map with names in it, to be put in at `moment`.
    pub fn key_template(&mut self, key: &Key, moment: Moment) -> Option<Template> {
        self.read_template(&key.text, moment, |offset, len| key.span_within(offset, len))
    }

    /// A text with names in it, to be put in at `moment`; a number or a bool is its text.
    pub fn template(&mut self, node: &Node, moment: Moment) -> Option<Template> {
        let text = self.text_of(node)?;
        self.read_template(&text, moment, |offset, len| node.span_within(offset, len))
    }

    fn read_template(
        &mut self,
        text: &str,
        moment: Moment,
        span_within: impl Fn(usize, usize) -> Span,
    ) -> Option<Template> {
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err(error) => {
                self.problem(Code::BadTemplate, span_within(error.offset, error.len), error.to_string());
                return None;
            }
        };
        let mut sound = true;
        for slot in template.slots() {
            sound &= self.is_known(&slot.path, span_within(slot.span.start, slot.span.len()), moment);
        }
        sound.then_some(template)
    }

    /// A text that takes part in compiling: names in it must be known at plan, and `escape` is applied to what they
    /// stand for. [`Fixed::Later`] when the target is not known yet.
    pub fn fixed(&mut self, node: &Node, escape: fn(&str) -> String) -> Option<Fixed> {
        let template = self.template(node, Moment::Plan)?;
        self.settled(&template, node.span, escape)
    }

    /// The same for the key of a map.
    pub fn fixed_key(&mut self, key: &Key) -> Option<Fixed> {
        let template = self.key_template(key, Moment::Plan)?;
        self.settled(&template, key.span, str::to_owned)
    }

    fn settled(&mut self, template: &Template, span: Span, escape: fn(&str) -> String) -> Option<Fixed> {
        if let Some(text) = template.as_fixed() {
            return Some(Fixed::Now(text.to_owned()));
        }
        let Some(plan) = self.plan else {
            self.late = true;
            return Some(Fixed::Later);
        };
        match template.render_with(plan, &mut |value| escape(value)) {
            Ok(text) => Some(Fixed::Now(text)),
            Err(missing) => {
                self.problem(Code::UnknownName, span, missing.to_string());
                None
            }
        }
    }

    /// Begins to compile the named set of checks; its node, unless it is unknown or open already.
    pub fn open_set(&mut self, name: &str, span: Span) -> Option<&'a Node> {
        let sets = self.sets;
        let Some(node) = sets.get(name) else {
            let message = format!("no set of checks is called `{name}`");
            let problem = Diagnostic::error(Code::UnknownCheckSet, message).at(span, "unknown set");
            self.out.push(problem.help_nearest(nearest(name, sets.keys())));
            return None;
        };
        if self.open_sets.iter().any(|open| open == name) {
            self.problem(Code::UnknownCheckSet, span, format!("the set `{name}` uses itself"));
            return None;
        }
        self.open_sets.push(name.to_owned());
        Some(node)
    }

    /// Ends what [`Self::open_set`] began.
    pub fn close_set(&mut self) {
        self.open_sets.pop();
    }

    fn text_of(&mut self, node: &Node) -> Option<String> {
        match &node.kind {
            NodeKind::Text(text) => Some(text.value.to_string()),
            NodeKind::Number(number) => Some(number.to_string()),
            NodeKind::Bool(value) => Some(value.to_string()),
            NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => {
                self.wrong_type(node, "a text");
                None
            }
        }
    }

    /// Whether a name has its value at `moment`; tells of a problem where it has none.
    pub fn is_known(&mut self, name: &NamePath, span: Span, moment: Moment) -> bool {
        match self.names.known(name) {
            Known::From(known) if known <= moment => return true,
            Known::From(_) if moment == Moment::Plan => {
                self.out.push(
                    Diagnostic::error(Code::NameNotSetYet, format!("`{name}` has no value before the run"))
                        .at(span, "must be known before the run")
                        .help("only the target's names, `vars`, `row`, `variant`, `run` and `case` may stand here"),
                );
            }
            Known::From(_) => {
                self.out.push(
                    Diagnostic::error(Code::NameNotSetYet, format!("`{name}` is set by this very step"))
                        .at(span, "has no value when the step is sent")
                        .help("`values` and `undo` see what the step itself captured"),
                );
            }
            Known::NotYet => {
                self.out.push(
                    Diagnostic::error(Code::NameNotSetYet, format!("`{name}` is not set before this step"))
                        .at(span, "a later step sets it"),
                );
            }
            Known::Beside => {
                self.out.push(
                    Diagnostic::error(Code::NameNotSetYet, format!("`{name}` is not set before this is sent"))
                        .at(span, "another member of the set, or a later entry of the list, sets it"),
                );
            }
            Known::Never { nearest } => {
                let problem = Diagnostic::error(Code::UnknownName, format!("nothing is called `{name}`"));
                self.out.push(problem.at(span, "unknown name").help_nearest(nearest.as_deref()));
            }
            Known::NoMember { at, members } => self.out.push(no_member(name, at, &members, span)),
        }
        false
    }
}

/// Tells that the path ends before a value is reached, or goes on at `at` where there is no way.
fn no_member(name: &NamePath, at: usize, members: &[String], span: Span) -> Diagnostic {
    let whole = NamePath { root: name.root.clone(), members: name.members.iter().take(at).cloned().collect() };
    let all = format!("its members are `{}`", members.join("`, `"));
    match name.members.get(at) {
        None => Diagnostic::error(Code::UnknownName, format!("`{whole}` is no value by itself"))
            .at(span, "a member is missing")
            .help(all),
        Some(Member::Index(index)) => Diagnostic::error(Code::UnknownName, format!("`{whole}` is no list"))
            .at(span, format!("has no element {index}"))
            .help(all),
        Some(Member::Key(key)) => {
            let problem = Diagnostic::error(Code::UnknownName, format!("`{whole}` has no member `{key}`"))
                .at(span, "unknown member");
            match nearest(key, members.iter().map(String::as_str)) {
                Some(near) => problem.help_nearest(Some(near)),
                None => problem.help(all),
            }
        }
    }
}

/// What is made of a text whose names have been put in, or will be when the target is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixed<T = String> {
    /// It.
    Now(T),
    /// Not yet.
    Later,
}

impl<T> Fixed<T> {
    /// It, where it is known.
    #[must_use]
    pub fn as_now(&self) -> Option<&T> {
        match self {
            Self::Now(value) => Some(value),
            Self::Later => None,
        }
    }
}

/// What becomes of a member that is null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nulls {
    /// It is left out.
    LeaveOut,
    /// It is the value null.
    Keep,
}
