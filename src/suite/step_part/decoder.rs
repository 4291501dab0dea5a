use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::event::RequirementId;
use crate::judge::Moment;
use crate::suite::fields::{Fields, wrong_type};
use crate::suite::names::Names;
use crate::suite::{Acting, Context, Step, StepKind};
use crate::value::{Entry, Name, NamePath, Node, NodeKind, Scope, Template};

use super::actors::Actors;
use super::capture::set_names;
use super::keys::{AFTER, KINDS, STEP_FIELDS};
use super::lint::Judged;
use super::verified::requirements;

/// Decodes the steps of one scenario or flow.
pub(in crate::suite) struct StepDecoder<'a> {
    /// The suite around it.
    pub(in crate::suite) context: &'a Context<'a>,
    /// Values that the target gives, when it is known.
    pub(in crate::suite) plan: Option<&'a dyn Scope>,
    /// What the names of its snapshots begin with: the scenario and its row, or the flow.
    pub(in crate::suite) snapshots_of: String,
    /// Names so far.
    pub(in crate::suite) names: Names,
    /// Devices and identities that a step may act as.
    pub(in crate::suite) actors: Actors,
    /// Whether a step without `as` acts as whoever uses the flow.
    pub(in crate::suite) default_acting: Option<Acting>,
    /// The requirements of the scenario.
    pub(in crate::suite) verifies: Option<Arc<[RequirementId]>>,
    /// Whether something must be compiled again when the target is known.
    pub(in crate::suite) late: bool,
    /// Identities that steps act as without a device of their own.
    pub(in crate::suite) implied: BTreeSet<String>,
    /// Flows that are used.
    pub(in crate::suite) uses: BTreeMap<String, Span>,
}

impl StepDecoder<'_> {
    /// Decodes a list of steps.
    pub(in crate::suite) fn steps(&mut self, node: &Node, out: &mut Diagnostics) -> Vec<Step> {
        let Some(items) = node.as_list() else {
            wrong_type(node, "a list of steps", out);
            return Vec::new();
        };
        if items.is_empty() {
            out.push(Diagnostic::error(Code::MissingKey, "there is no step").at(node.span, "an empty list"));
        }
        self.names.foresee(
            with_members(items).flat_map(|item| set_names(item).into_iter().map(|(name, _)| name)),
            items.iter().enumerate().map(|(index, item)| step_name(item, index)).chain(
                items.iter().flat_map(members).filter_map(|item| item.get("step")?.as_text().map(str::to_owned)),
            ),
        );
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut steps = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let name = step_name(item, index);
            let of_members =
                members(item).iter().filter_map(|item| Some((item.get("step")?.as_text()?.to_owned(), item)));
            for (name, item) in std::iter::once((name.clone(), item)).chain(of_members) {
                if let Some(before) = seen.insert(name.clone(), item.span) {
                    out.push(
                        Diagnostic::error(Code::DuplicateId, format!("two steps are called `{name}`"))
                            .at(item.get("step").map_or(item.span, |node| node.span), "the second")
                            .also(before, "the first"),
                    );
                }
            }
            steps.extend(self.step(item, name, out));
        }
        steps
    }

    /// Decodes one step.
    pub(super) fn step(&mut self, node: &Node, name: String, out: &mut Diagnostics) -> Option<Step> {
        let fields = self.open(node, &name, "a step", out)?;
        if let Some(entry) = fields.entry("after") {
            out.push(
                Diagnostic::error(Code::WrongType, "`after` stands in a member of `together` only")
                    .at(entry.key.span, "nothing starts at the same moment as this step")
                    .help("a step `elapse: 1s` before it lets time pass"),
            );
        }
        if fields.get("together").is_some() {
            return self.set(node, &fields, name, out);
        }
        self.names.begin(&name, set_names(node).into_iter().map(|(name, _)| name).collect());
        let mut step = self.one(node, &fields, name, out);
        if let Some(step) = &mut step {
            Self::lint(&fields, step, Judged::ByItself, out);
            self.judge_by_document(&fields, step);
        }
        self.names.end();
        step
    }

    /// Opens the map of a step or a member, and tells of keys and names that are none.
    pub(super) fn open<'n>(&self, node: &'n Node, name: &str, what: &str, out: &mut Diagnostics) -> Option<Fields<'n>> {
        let known = [STEP_FIELDS, &[AFTER]].concat();
        let fields = Fields::open(node, &known, what, out)?;
        if let Some(entry) = fields.entry("step")
            && Name::parse(name).is_err()
            && name.parse::<u32>().is_err()
        {
            let message = format!("`{name}` is no name for a step");
            out.push(Diagnostic::error(Code::BadName, message).at(entry.value.span, "letters, digits, `_` and `-`"));
        }
        self.check_set_names(node, out);
        Some(fields)
    }

    /// Decodes what a step or a member does and says; its names have begun.
    pub(super) fn one(
        &mut self,
        node: &Node,
        fields: &Fields<'_>,
        name: String,
        out: &mut Diagnostics,
    ) -> Option<Step> {
        let needs = needs(node).into_iter().filter(|name| self.names.was_set(name)).collect();
        let kind = self.kind(node, fields, out);
        let uses_flow = fields.get("use").is_some();
        let verifies = self.verifies(fields, out);
        let acting = match fields.get("as") {
            Some(node) => self.acting(node, out),
            None => self.default_acting.clone(),
        };
        Some(Step {
            level: verifies.as_ref().and_then(|list| self.context.catalogue.strictest(list)),
            verifies,
            needs,
            acting,
            when: self.condition(fields.get("when"), out),
            given: self.checks(fields.get("given"), out),
            expect: self.checks(fields.get("expect"), out),
            should: self.checks(fields.get("should"), out),
            captures: self.captures(fields, "capture", uses_flow, out),
            collects: self.captures(fields, "collect", uses_flow, out),
            poll: fields.get("poll").and_then(|node| self.poll(node, out)),
            undo: fields.get("undo").and_then(|node| self.undo(node, out)).map(Arc::new),
            deadline: self.duration(fields.get("deadline"), out).unwrap_or(self.context.defaults.deadline),
            kind: kind?,
            span: node.as_map().and_then(|entries| entries.first()).map_or(node.span, |entry| entry.key.span),
            name,
        })
    }

    /// Decodes the one thing that a step does.
    pub(super) fn kind(&mut self, node: &Node, fields: &Fields<'_>, out: &mut Diagnostics) -> Option<StepKind> {
        let kinds: Vec<&Entry> = KINDS.iter().filter_map(|key| fields.entry(key)).collect();
        if let [first, second, ..] = &kinds[..] {
            out.push(
                Diagnostic::error(
                    Code::WrongType,
                    format!("a step does one thing: `{}` or `{}`", first.key.text, second.key.text),
                )
                .at(second.key.span, "one too many")
                .also(first.key.span, "the first"),
            );
        }
        let Some(entry) = kinds.first() else {
            for key in [
                "query",
                "headers",
                "cookies",
                "json",
                "form",
                "text",
                "multipart",
                "file",
                "poll",
                "undo",
                "capture",
                "collect",
            ] {
                if let Some(entry) = fields.entry(key) {
                    out.push(
                        Diagnostic::error(Code::MissingKey, format!("`{key}` needs a `request` beside it"))
                            .at(entry.key.span, "a step that sends nothing may judge `values` only"),
                    );
                }
            }
            return Some(StepKind::Judge);
        };
        match &*entry.key.text {
            "request" => Some(StepKind::Request(Box::new(self.request(&entry.value, fields, Moment::Sent, out)?))),
            "token" => self.token(&entry.value, node, out),
            "authorize" => self.authorize(&entry.value, node, out),
            "elapse" => self.elapse(&entry.value, out).map(StepKind::Elapse),
            "use" => self.flow_use(&entry.value, fields, node, out),
            // The others are refused above; whoever reads on gets a step that does nothing.
            _ => None,
        }
    }

    /// The requirements of this step, otherwise those of the scenario.
    pub(super) fn verifies(&mut self, fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Arc<[RequirementId]>> {
        if fields.get("verifies").is_none() {
            return self.verifies.clone();
        }
        Some(requirements(fields, self.context, out).into())
    }
}

pub(super) fn step_name(step: &Node, index: usize) -> String {
    step.get("step").and_then(Node::as_text).map_or_else(|| (index + 1).to_string(), str::to_owned)
}

/// The members of the set that a step is.
fn members(step: &Node) -> &[Node] {
    step.get("together").and_then(Node::as_list).unwrap_or_default()
}

/// All steps, each followed by its members.
fn with_members(steps: &[Node]) -> impl Iterator<Item = &Node> {
    steps.iter().flat_map(|step| std::iter::once(step).chain(members(step)))
}

/// Names that stand in `$(…)` of a step and must have a value for it to be done; its condition may ask whether they
/// have one, its undo is put together later, and members of a set are left out one by one.
pub(super) fn needs(step: &Node) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let entries = step.as_map().unwrap_or_default().iter();
    for entry in entries.filter(|entry| !["when", "undo", "together"].contains(&&*entry.key.text)) {
        paths_within(&entry.value, &mut names);
    }
    names.into_iter().map(|path| path.root.as_str().to_owned()).collect()
}

/// The names that stand in `$(…)` anywhere within a value.
pub(super) fn paths_within(node: &Node, paths: &mut BTreeSet<NamePath>) {
    let mut read = |text: &str| {
        // What is no template is told where it is compiled.
        if let Ok(template) = Template::parse(text) {
            paths.extend(template.slots().map(|slot| slot.path.clone()));
        }
    };
    match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
        NodeKind::Text(text) => read(&text.value),
        NodeKind::List(items) => items.iter().for_each(|item| paths_within(item, paths)),
        NodeKind::Map(entries) => {
            for entry in entries.iter() {
                paths_within(&Node::text(&entry.key.text, entry.key.span), paths);
                paths_within(&entry.value, paths);
            }
        }
    }
}
