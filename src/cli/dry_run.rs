use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::json;

use crate::plan::{Around, Plan};
use crate::run::secret_refs;
use crate::suite::{SecretSource, StepKind, Surface};

use super::Exit;
use super::args::Format;
use super::failure::Failure;
use super::terminal::Terminal;
use super::words::counted;

/// `assize run --dry-run`: what would be sent, where to, and what it would be given.
pub(super) fn show(plan: &Plan, format: Format, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let surfaces: Vec<Surface> = plan.surfaces.iter().map(|surface| surface.surface()).collect();
    let hosts: BTreeSet<String> = plan
        .surfaces
        .iter()
        .flat_map(|surface| surface.urls().chain(surface.sign_in_urls()).map(origin).collect::<Vec<_>>())
        .collect();
    let mut environment = BTreeSet::new();
    let mut files = BTreeSet::new();
    for secret in secret_refs(&plan.target, &surfaces) {
        match secret.source {
            SecretSource::Env(name) => {
                environment.insert(name);
            }
            SecretSource::File(path) => {
                files.insert(path);
            }
            SecretSource::Plain(_) => {}
        }
    }
    let around = |around: &Option<Around>, word: &str| -> Vec<String> {
        let flow = around.as_ref().and_then(|around| plan.suite.flows.get(&around.flow));
        let lines = flow.map(|flow| requests(plan, &flow.steps, 0)).unwrap_or_default();
        lines.into_iter().map(|line| format!("{line} ({word})")).collect()
    };
    let (before, after) = (around(&plan.hooks.setup, "setup"), around(&plan.hooks.teardown, "teardown"));
    let all = |own: Vec<String>| [before.clone(), own, after.clone()].concat();
    let cases: Vec<(String, Vec<String>)> = plan
        .cases
        .iter()
        .map(|case| (case.id().to_string(), all(requests(plan, &case.body.scenario.steps, 0))))
        .collect();
    if format == Format::Json {
        let value = json!({
            "format": 1,
            "cases": cases.iter().map(|(id, requests)| json!({ "case": id, "requests": requests })).collect::<Vec<_>>(),
            "skipped": plan.skipped.iter().map(|skipped| json!({ "case": skipped.case.id, "why": skipped.why })).collect::<Vec<_>>(),
            "hosts": hosts,
            "environment": environment,
            "secret_files": files,
        });
        let text = serde_json::to_string_pretty(&value).map_err(Failure::internal)?;
        terminal.say(&format!("{text}\n"));
        return Ok(Exit::Pass);
    }
    let mut text = String::new();
    for (id, requests) in &cases {
        let _ = writeln!(text, "{id}");
        for request in requests {
            let _ = writeln!(text, "    {request}");
        }
    }
    for skipped in &plan.skipped {
        let _ = writeln!(text, "{}\n    skipped: {}", skipped.case.id, skipped.why);
    }
    let list = |names: &BTreeSet<String>| {
        if names.is_empty() { "none".to_owned() } else { names.iter().cloned().collect::<Vec<_>>().join(", ") }
    };
    let _ = writeln!(
        text,
        "\n{}, {} skipped\nhosts: {}\nenvironment names: {}\nsecret files: {}\nnothing was sent",
        counted(cases.len(), "case"),
        plan.skipped.len(),
        list(&hosts),
        list(&environment),
        list(&files)
    );
    terminal.say(&text);
    Ok(Exit::Pass)
}

/// The requests of these steps, those of their flows included, as they stand in the suite.
fn requests<'s>(plan: &'s Plan, steps: impl IntoIterator<Item = &'s crate::suite::Step>, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for step in steps {
        match &step.kind {
            StepKind::Request(request) => {
                let often = if step.poll.is_some() { " (polled)" } else { "" };
                lines.push(format!("{} {}{often}", request.method, request.place.template().text()));
            }
            StepKind::Use { flow, .. } => {
                if let Some(flow) = plan.suite.flows.get(flow)
                    && depth < 16
                {
                    lines.extend(requests(plan, &flow.steps, depth + 1));
                }
            }
            StepKind::Together(members) => {
                // Members are steps of their own kinds, and no sets themselves.
                let members: Vec<_> = members.iter().map(|member| &member.step).collect();
                lines.extend(requests(plan, members, depth));
            }
            StepKind::Authorize { device, .. } => lines.push(format!("(sign-in of {device} as in a browser)")),
            StepKind::Token { device, .. } => lines.push(format!("(token request of {device})")),
            StepKind::Elapse(elapse) => lines.push(format!("(time passes: {})", elapse.span.text())),
            StepKind::Judge => {}
        }
        for entry in step.undo.iter().flat_map(|undo| &undo.entries) {
            lines.push(format!("{} (undo)", entry.shown()));
        }
    }
    lines
}

fn origin(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(parsed) if parsed.has_host() => parsed.origin().ascii_serialization(),
        Ok(_) | Err(_) => url.split('/').next().unwrap_or(url).to_owned(),
    }
}
