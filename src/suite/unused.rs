use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::judge::Schemas;
use crate::value::{NamePath, Node, NodeKind, Template};

use super::{Flows, Scenario, Step, StepKind};

/// What of a suite may stand there unused.
pub(crate) struct Things<'a> {
    /// Its scenarios, a row each.
    pub(crate) scenarios: &'a [Arc<Scenario>],
    /// Its flows.
    pub(crate) flows: &'a Flows,
    /// Sets of checks with a name.
    pub(crate) sets: &'a BTreeMap<String, Node>,
    /// Its schemas.
    pub(crate) schemas: &'a Schemas,
    /// The file of each schema, as it is shown.
    pub(crate) schema_files: &'a [(String, String)],
    /// The schemas that OpenAPI documents refer to.
    pub(crate) documented: &'a BTreeSet<String>,
}

/// Warns of what nothing refers to: sets of checks, schemas, `vars`, captures and collections. A flow that no step uses is
/// none of them: a target may use it as its `setup` or `teardown`.
///
/// It may be run nevertheless; but what was meant to be judged by it is not.
pub(crate) fn check_unused(things: &Things<'_>, out: &mut Diagnostics) {
    let mut all = Used::default();
    for node in things.scenarios.iter().map(|scenario| &scenario.node) {
        all.read(node);
    }
    things.flows.values().for_each(|flow| all.read(&flow.node));
    things.sets.values().for_each(|set| all.read(set));
    all.schemas.extend(things.schemas.referred().map(str::to_owned));
    all.schemas.extend(things.documented.iter().cloned());
    for (name, set) in things.sets.iter().filter(|(name, _)| !all.has_set(name)) {
        out.push(unused("set of checks", name, set.span, "nothing `meets` it"));
    }
    for (name, file) in things.schema_files.iter().filter(|(name, _)| !all.has_schema(name)) {
        let problem = Diagnostic::warning(Code::Unused, format!("nothing refers to the schema `{name}`"));
        out.push(problem.in_file(file.clone()));
    }
    in_scenarios(things.scenarios, out);
    for flow in things.flows.values() {
        let mut used = Used::default();
        used.read(&flow.node);
        used.names.extend(flow.outputs.iter().cloned());
        for (name, span) in set_by(&flow.steps).into_iter().filter(|(name, _)| !used.names.contains(name)) {
            out.push(unused("name", &name, span, "set, and neither used nor put out"));
        }
    }
}

fn in_scenarios(scenarios: &[Arc<Scenario>], out: &mut Diagnostics) {
    let mut by_id: BTreeMap<&str, Vec<&Scenario>> = BTreeMap::new();
    for scenario in scenarios {
        by_id.entry(&scenario.id).or_default().push(scenario);
    }
    // What one row uses is used.
    for rows in by_id.values() {
        let mut used = Used::default();
        for row in rows {
            used.read(&row.node);
        }
        for entry in rows.iter().filter_map(|row| row.node.get("vars")?.as_map()).flatten() {
            if !used.names.contains(&*entry.key.text) {
                out.push(unused("name", &entry.key.text, entry.key.span, "nothing uses it"));
            }
        }
        // Snapshots call texts by the names of captures.
        if used.snapshots {
            continue;
        }
        for (name, span) in rows.iter().flat_map(|row| set_by(&row.steps)) {
            if !used.names.contains(&name) {
                out.push(unused("name", &name, span, "set, and never used"));
            }
        }
    }
}

fn unused(what: &str, name: &str, span: Span, label: &str) -> Diagnostic {
    Diagnostic::warning(Code::Unused, format!("the {what} `{name}` is not used")).at(span, label)
}

/// The names that steps set, with their places.
fn set_by(steps: &[Step]) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    for step in steps {
        names.extend(step.captures.iter().chain(&step.collects).map(|capture| (capture.name.clone(), capture.span)));
        if let StepKind::Together(members) = &step.kind {
            names.extend(members.iter().flat_map(|member| set_by(std::slice::from_ref(&member.step))));
        }
    }
    names
}

/// What a tree refers to. Where it is not sure it errs on the side of silence: a member of a body that is called
/// `schema` counts as a reference.
#[derive(Default)]
struct Used {
    names: BTreeSet<String>,
    sets: BTreeSet<String>,
    schemas: BTreeSet<String>,
    /// A set, or a schema, whose name is known only with the target: it may be any of them.
    any_set: bool,
    any_schema: bool,
    snapshots: bool,
}

impl Used {
    fn has_set(&self, name: &str) -> bool {
        self.any_set || self.sets.contains(name)
    }

    fn has_schema(&self, name: &str) -> bool {
        self.any_schema || self.schemas.contains(name)
    }

    fn read(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
            NodeKind::Text(text) => self.read_text(&text.value),
            NodeKind::List(items) => items.iter().for_each(|item| self.read(item)),
            NodeKind::Map(entries) => {
                for entry in entries.iter() {
                    self.read_text(&entry.key.text);
                    self.read_entry(&entry.key.text, &entry.value);
                    self.read(&entry.value);
                }
            }
        }
    }

    fn read_text(&mut self, text: &str) {
        if let Ok(template) = Template::parse(text) {
            self.names.extend(template.slots().map(|slot| slot.path.root.as_str().to_owned()));
        }
    }

    fn read_entry(&mut self, key: &str, value: &Node) {
        let texts = || value.as_list().unwrap_or(std::slice::from_ref(value)).iter().filter_map(Node::as_text);
        match key {
            "meets" => {
                self.any_set |= texts().any(is_open);
                self.sets.extend(texts().map(str::to_owned));
            }
            "schema" => {
                self.any_schema |= texts().any(is_open);
                self.schemas.extend(texts().map(str::to_owned));
            }
            "$ref" => {
                let file = |text: &str| text.split('#').next().unwrap_or(text).to_owned();
                self.schemas.extend(texts().map(file));
            }
            "values" => {
                let roots = value.as_map().unwrap_or_default().iter();
                let roots = roots.filter_map(|entry| NamePath::parse(&entry.key.text).ok());
                self.names.extend(roots.map(|path| path.root.as_str().to_owned()));
            }
            "snapshot" => self.snapshots = true,
            _ => {}
        }
    }
}

/// Whether names are put into a text.
fn is_open(text: &str) -> bool {
    text.contains("$(")
}
