use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::event::{Event, Exchange, LogReader, Purpose, Stamped};
use crate::judge::{Checks, In, Operation, Stranger, touched};
use crate::suite::{Aim, RequestSpec, Step, StepKind, Suite, UrlSpec};
use crate::value::Template;

use super::coverage::{Basis, Coverage};
use super::failure::Failure;

/// What the steps of these scenarios send and judge, and the flows that they use.
pub(super) fn written(suite: &Suite, scenarios: &BTreeSet<String>) -> Coverage {
    let mut count = Count { suite, coverage: Coverage::new(suite, Basis::Written), flows: BTreeSet::new() };
    let mut seen = BTreeSet::new();
    for scenario in suite.scenarios.iter().filter(|scenario| scenarios.contains(&scenario.id)) {
        // The rows of a scenario differ in values, and seldom in requests; each of them is read.
        for step in scenario.steps.iter().flat_map(Step::with_members) {
            let is_first = seen.insert((scenario.id.clone(), step.span, sent_by(step)));
            count.step(step, is_first);
        }
    }
    count.coverage.counted()
}

struct Count<'s> {
    suite: &'s Suite,
    coverage: Coverage,
    flows: BTreeSet<String>,
}

impl Count<'_> {
    fn step(&mut self, step: &Step, is_first: bool) {
        match &step.kind {
            StepKind::Request(request) => self.request(request, &blocks(step), is_first),
            StepKind::Use { flow, .. } => {
                if self.flows.insert(flow.clone())
                    && let Some(flow) = self.suite.flows.get(flow).map(Arc::clone)
                {
                    for step in flow.steps.iter().flat_map(Step::with_members) {
                        self.step(step, true);
                    }
                }
            }
            StepKind::Token { .. }
            | StepKind::Authorize { .. }
            | StepKind::Together(_)
            | StepKind::Elapse(_)
            | StepKind::Judge => {}
        }
        for entry in step.undo.iter().flat_map(|undo| &undo.entries) {
            self.request(&entry.request, &[], is_first);
        }
    }

    fn request(&mut self, request: &RequestSpec, blocks: &[&Checks], is_first: bool) {
        let UrlSpec::Path(path) = &request.place else { return };
        let Some(operation) = self.suite.documented.api.written(&request.method, path).map(Arc::clone) else {
            return self.coverage.stranger(format!("{} {}", request.method, path.text()));
        };
        let defaults = &self.suite.defaults;
        let Some(covered) = self.coverage.of(&operation) else { return };
        covered.requests += usize::from(is_first);
        for (number, parameter) in operation.parameters.iter().enumerate() {
            let is_it = |name: &str| parameter.place_in.same(&parameter.name, name);
            let is_sent = match parameter.place_in {
                In::Path => true,
                In::Query => request.query.iter().any(|(name, _)| is_it(name)) || in_line(path, &parameter.name),
                In::Header => {
                    let own = request.headers.iter().find(|(name, _)| is_it(name));
                    own.map_or_else(|| defaults.headers.keys().any(|name| is_it(name)), |(_, value)| value.is_some())
                }
                In::Cookie => request.cookies.iter().any(|(name, value)| value.is_some() && is_it(name)),
            };
            if is_sent {
                covered.parameter(number);
            }
        }
        for status in (100..600).filter(|status| blocks.iter().any(|block| block.names_status(*status))) {
            if let Some(key) = operation.status_key(status) {
                covered.status(key);
            }
        }
    }
}

/// What a step sends, as it is written.
fn sent_by(step: &Step) -> Option<String> {
    match &step.kind {
        StepKind::Request(request) => Some(format!("{} {}", request.method, request.place.template().text())),
        StepKind::Token { .. }
        | StepKind::Authorize { .. }
        | StepKind::Together(_)
        | StepKind::Elapse(_)
        | StepKind::Use { .. }
        | StepKind::Judge => None,
    }
}

/// The blocks of a step that say which answer is meant.
fn blocks(step: &Step) -> Vec<&Checks> {
    let of_poll = step.poll.iter().flat_map(|poll| {
        let (Aim::Until(aim) | Aim::Never(aim)) = &poll.aim;
        [Some(aim), poll.always.as_ref()].into_iter().flatten()
    });
    [&step.given, &step.expect, &step.should].into_iter().flatten().chain(of_poll).collect()
}

/// Whether the query of a request line has this parameter.
fn in_line(path: &Template, name: &str) -> bool {
    let query = path.text().split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|pair| pair.split('=').next() == Some(name))
}

/// What was sent and came in the run of this log.
pub(super) fn recorded(suite: &Suite, log: &Path) -> Result<Coverage, Failure> {
    let shown = log.display();
    let file =
        std::fs::File::open(log).map_err(|error| Failure::usage(format!("`{shown}` cannot be read: {error}")))?;
    let mut coverage = Coverage::new(suite, Basis::Recorded);
    let mut strangers: BTreeMap<String, (Arc<Operation>, BTreeMap<Stranger, usize>)> = BTreeMap::new();
    for event in LogReader::new(std::io::BufReader::new(file)) {
        let event: Stamped = event.map_err(|error| Failure::usage(format!("`{shown}`: {error}")))?;
        let Event::ExchangeDone { purpose, exchange, .. } = &event.body else { continue };
        match purpose {
            Purpose::Step | Purpose::Attempt | Purpose::Member | Purpose::Undo => {}
            Purpose::Token | Purpose::Setup | Purpose::Teardown | Purpose::Probe => continue,
        }
        let Some(operation) = operation_of(suite, exchange) else { continue };
        let found = touched(&operation, &exchange.request, exchange.complete());
        let Some(covered) = coverage.of(&operation) else { continue };
        covered.requests += 1;
        found.parameters.iter().for_each(|number| covered.parameter(*number));
        if let Some(key) = found.status {
            covered.status(key);
            if let Some(range) = &found.content_type {
                covered.content_type(key, range);
            }
        }
        let own = strangers.entry(operation.request()).or_insert_with(|| (operation, BTreeMap::new()));
        for stranger in found.strangers {
            *own.1.entry(stranger).or_default() += 1;
        }
    }
    for (operation, found) in strangers.values() {
        if let Some(covered) = coverage.of(operation) {
            covered.strangers(found);
        }
    }
    Ok(coverage.counted())
}

fn operation_of(suite: &Suite, exchange: &Exchange) -> Option<Arc<Operation>> {
    let url = Url::parse(&exchange.request.url).ok()?;
    suite.documented.api.sent(&exchange.request.method, url.path()).map(Arc::clone)
}
