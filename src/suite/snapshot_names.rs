use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::judge::{Check, Checks};
use crate::snapshot::Name;

use super::{Flows, Scenario, Step, StepKind};

/// The names of all snapshots that steps compare with, the variants put in. Tells of two that are the same: the one
/// accepted text would have to fit both.
pub(super) fn names_of_snapshots(
    scenarios: &[std::sync::Arc<Scenario>],
    flows: &Flows,
    variants: &[(String, String)],
    out: &mut Diagnostics,
) -> BTreeSet<Name> {
    let all: Vec<&str> = variants.iter().map(|(name, _)| name.as_str()).collect();
    let mut names: BTreeMap<Name, Span> = BTreeMap::new();
    for scenario in scenarios {
        let own: Option<Vec<&str>> = scenario.variants.as_ref().map(|own| own.iter().map(String::as_str).collect());
        add(&scenario.steps, own.as_deref().unwrap_or(&all), &mut names, out);
    }
    for flow in flows.values() {
        add(&flow.steps, &all, &mut names, out);
    }
    names.into_keys().collect()
}

fn add(steps: &[Step], variants: &[&str], names: &mut BTreeMap<Name, Span>, out: &mut Diagnostics) {
    for check in steps.iter().flat_map(compared_by) {
        let Some(asked) = check.rule.snapshot() else { continue };
        match asked.all(variants) {
            Ok(own) => {
                for name in own {
                    match names.get(&name) {
                        Some(first) => out.push(
                            Diagnostic::error(Code::DuplicateId, format!("two snapshots are called `{name}`"))
                                .at(check.span, "the second")
                                .also(*first, "the first")
                                .help("give one of them a name: `snapshot: { name: … }`"),
                        ),
                        None => drop(names.insert(name, check.span)),
                    }
                }
            }
            Err(error) => out.push(Diagnostic::error(Code::BadName, error.to_string()).at(check.span, "no name")),
        }
    }
}

/// The checks of a step and its members of which findings come.
fn compared_by(step: &Step) -> Vec<&Check> {
    let own = [&step.given, &step.expect, &step.should].into_iter().flatten();
    let mut checks: Vec<&Check> = own.flat_map(|block: &Checks| &block.list).collect();
    if let StepKind::Together(members) = &step.kind {
        checks.extend(members.iter().flat_map(|member| compared_by(&member.step)));
    }
    checks
}
