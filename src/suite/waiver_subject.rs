use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::event::{Block, CaseId, RequirementId, Waived};
use crate::judge::Checks;
use crate::value::Node;

use super::fields::text;
use super::{Aim, CaptureFrom, Scenario, Step, StepKind, Suite};

/// Flows within flows are followed so far; loading has refused circles.
const MOST_DEPTH: usize = 16;

/// Everything in a suite that a waiver can be for.
pub(crate) struct Subjects<'s> {
    suite: &'s Suite,
    /// Each case with its scenario and row.
    cases: BTreeMap<String, &'s Scenario>,
}

/// The steps of a case, and the checks of each.
#[derive(Default)]
struct Known {
    /// By path; none where checks are known only when the case runs.
    steps: BTreeMap<String, StepChecks>,
}

#[derive(Default)]
struct StepChecks {
    /// `block.check`.
    ids: BTreeSet<String>,
    /// `block.` where the checks of the block take names that only a target gives.
    open: BTreeSet<&'static str>,
}

impl<'s> Subjects<'s> {
    pub(crate) fn of(suite: &'s Suite) -> Self {
        let mut cases = BTreeMap::new();
        for scenario in &suite.scenarios {
            let stem = scenario.case_stem();
            if suite.variants.is_empty() {
                cases.insert(stem, scenario.as_ref());
                continue;
            }
            let all: Vec<String> = suite.variants.iter().map(|(name, _)| name.clone()).collect();
            for variant in scenario.variants.as_ref().unwrap_or(&all) {
                cases.insert(format!("{stem}@{variant}"), scenario.as_ref());
            }
        }
        Self { suite, cases }
    }

    /// What is meant by the text, which must be the whole id of something.
    pub(crate) fn find(&self, node: &Node, out: &mut Diagnostics) -> Option<Waived> {
        let written = text(node, out)?;
        if let Some((case, check)) = written.split_once('#') {
            let Some(scenario) = self.cases.get(case) else {
                let known: Vec<&str> = self.cases.keys().map(String::as_str).collect();
                out.push(self.unknown(node, case, "case", &known));
                return None;
            };
            return self.check(node, scenario, case, check, out);
        }
        if self.cases.contains_key(written) {
            return Some(Waived::Case(CaseId::new(written)));
        }
        if self.suite.scenarios.iter().any(|scenario| scenario.id == written) {
            return Some(Waived::Scenario(written.to_owned()));
        }
        let requirement = RequirementId::new(written);
        if self.suite.catalogue.get(&requirement).is_some() {
            if self.suite.scenarios.iter().any(|scenario| scenario.evidence_for.contains(&requirement)) {
                return Some(Waived::Requirement(requirement));
            }
            let message = format!("no scenario is evidence for `{written}`, so nothing of it can fail");
            out.push(Diagnostic::error(Code::UnmatchedWaiver, message).at(node.span, "nothing tests it"));
            return None;
        }
        let cases = self.cases.keys().map(String::as_str);
        let scenarios = self.suite.scenarios.iter().map(|scenario| scenario.id.as_str());
        let requirements = self.suite.catalogue.requirements.iter().map(|requirement| requirement.id.as_str());
        let all: Vec<&str> = cases.chain(scenarios).chain(requirements).collect();
        out.push(self.unknown(node, written, "check, case, scenario or requirement", &all));
        None
    }

    /// Whether the suite has this defect; what is wrong is told.
    pub(crate) fn find_defect(&self, node: &Node, defect: &str, out: &mut Diagnostics) -> bool {
        let known: Vec<&str> = self.suite.defects.iter().map(|entry| entry.name.as_str()).collect();
        let is_known = known.contains(&defect);
        if !is_known {
            out.push(self.unknown(node, defect, "defect", &known));
        }
        is_known
    }

    /// Whether there is this step in this scenario; what is wrong is told.
    pub(crate) fn find_step(&self, node: &Node, scenario: &str, step: &str, out: &mut Diagnostics) -> bool {
        let rows = || self.suite.scenarios.iter().filter(|known| known.id == scenario);
        if rows().next().is_none() {
            let known: Vec<&str> = self.suite.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
            out.push(self.unknown(node, scenario, "scenario", &known));
            return false;
        }
        let mut known = Known::default();
        for row in rows() {
            known.add_all(self.suite, &row.steps, "", 0);
        }
        if known.steps.contains_key(step) {
            return true;
        }
        let message = format!("the scenario `{scenario}` has no step `{step}`");
        let problem = Diagnostic::error(Code::UnmatchedWaiver, message).at(node.span, "matches nothing");
        out.push(problem.help_nearest(nearest(step, known.steps.keys())));
        false
    }

    fn unknown(&self, node: &Node, written: &str, what: &str, known: &[&str]) -> Diagnostic {
        let message = format!("the suite `{}` has no {what} `{written}`", self.suite.name);
        let problem = Diagnostic::error(Code::UnmatchedWaiver, message).at(node.span, "matches nothing");
        if written.contains('*') {
            return problem.help("a waiver names one thing by its whole id: what else matched would be forgiven too");
        }
        let near = nearest(written, known.iter().copied());
        match near {
            Some(_) => problem.help_nearest(near),
            None => problem.help("ids stand in reports, and `assize list` shows those of cases"),
        }
    }

    fn check(
        &self,
        node: &Node,
        scenario: &Scenario,
        case: &str,
        check: &str,
        out: &mut Diagnostics,
    ) -> Option<Waived> {
        let mut known = Known::default();
        known.add_all(self.suite, &scenario.steps, "", 0);
        // Steps of flows hold a `/`, names of steps may hold a `.`: the longest step that fits is meant.
        let fits = |(path, _): &(&String, &StepChecks)| {
            check.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        let found = known.steps.iter().filter(fits).max_by_key(|(path, _)| path.len());
        let Some((path, checks)) = found else {
            let step = check.split_once('.').map_or(check, |(step, _)| step);
            let message = format!("the case `{case}` has no step `{step}`");
            let problem = Diagnostic::error(Code::UnmatchedWaiver, message).at(node.span, "matches nothing");
            let near = nearest(step, known.steps.keys());
            out.push(match near {
                Some(_) => problem.help_nearest(near),
                None => problem.help(format!("a check is `{case}#STEP.BLOCK.CHECK`, as reports name it")),
            });
            return None;
        };
        let id = &check[path.len() + 1..];
        if id.starts_with("given.") {
            let message = "a precondition cannot be waived: nothing is promised by it";
            let help = "a case whose `given` does not hold is blocked, whatever was waived";
            out.push(Diagnostic::error(Code::BadWaiver, message).at(node.span, "stands in `given`").help(help));
            return None;
        }
        if !checks.has(id) {
            let message = format!("the step `{path}` of `{case}` has no check `{id}`");
            let problem = Diagnostic::error(Code::UnmatchedWaiver, message).at(node.span, "matches nothing");
            let near = nearest(id, &checks.ids);
            let list = checks.ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            out.push(match near {
                Some(_) => problem.help_nearest(near),
                None if list.is_empty() => problem.help("nothing is judged there"),
                None => problem.help(format!("its checks are {list}")),
            });
            return None;
        }
        Some(Waived::Check(format!("{case}#{check}")))
    }
}

impl StepChecks {
    fn has(&self, id: &str) -> bool {
        // Faults of the protocol are found without a check.
        let is_protocol = ["expect.protocol[", "should.protocol["].iter().any(|start| id.starts_with(start));
        is_protocol || self.ids.contains(id) || self.open.iter().any(|block| id.starts_with(block))
    }

    fn add(&mut self, block: Block, part: &str, checks: &Checks, has_open: bool) {
        self.ids.extend(checks.list.iter().map(|check| format!("{block}.{part}{}", check.id)));
        if has_open {
            self.open.insert(match block {
                Block::Given => "given.",
                Block::Expect => "expect.",
                Block::Should => "should.",
            });
        }
    }
}

impl Known {
    fn add_all(&mut self, suite: &Suite, steps: &[Step], prefix: &str, depth: usize) {
        for step in steps {
            self.add(suite, step, &format!("{prefix}{}", step.name), depth);
        }
    }

    fn add(&mut self, suite: &Suite, step: &Step, path: &str, depth: usize) {
        let checks = self.steps.entry(path.to_owned()).or_default();
        // What is compiled when the target is known may have other ids then.
        let is_open =
            |checks: &Checks| checks.list.iter().any(|check| check.id.contains("$(")) || checks.list.is_empty();
        for (block, of_block) in
            [(Block::Given, &step.given), (Block::Expect, &step.expect), (Block::Should, &step.should)]
        {
            if let Some(of_block) = of_block {
                checks.add(block, "", of_block, is_open(of_block));
            }
        }
        // What a poll or a capture comes to counts as of `given` where that is all that the step has.
        let is_only_given = step.given.is_some() && step.expect.is_none() && step.should.is_none();
        let block = if is_only_given { Block::Given } else { Block::Expect };
        for capture in step.captures.iter().chain(&step.collects) {
            if matches!(capture.from, CaptureFrom::Answer(_)) {
                checks.ids.insert(format!("{block}.capture[{}]", capture.name));
            }
        }
        if let Some(poll) = &step.poll {
            checks.ids.insert(match &poll.aim {
                Aim::Until(_) => format!("{block}.until"),
                Aim::Never(_) => format!("{block}.never"),
            });
            if poll.give_up.is_some() {
                checks.ids.insert(format!("{block}.give_up"));
            }
            if let Some(always) = &poll.always {
                checks.add(block, "always.", always, is_open(always));
            }
        }
        match &step.kind {
            StepKind::Use { flow, .. } if depth < MOST_DEPTH => {
                if let Some(flow) = suite.flows.get(flow) {
                    self.add_all(suite, &flow.steps, &format!("{path}/"), depth + 1);
                }
            }
            StepKind::Together(members) => {
                for member in members {
                    self.add(suite, &member.step, &format!("{path}/{}", member.step.name), depth + 1);
                }
            }
            StepKind::Use { .. }
            | StepKind::Request(_)
            | StepKind::Token { .. }
            | StepKind::Authorize { .. }
            | StepKind::Elapse(_)
            | StepKind::Judge => {}
        }
    }
}
