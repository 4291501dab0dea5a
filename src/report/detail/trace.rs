use std::fmt::Write as _;
use std::time::Duration;

use crate::event::{Exchange, ExchangeId, Purpose, TryRecord};
use crate::report::paint::Role;
use crate::report::{Paint, visible, words};

use super::exchange::status_line;

/// How many lines of a trace are shown at its beginning, and at its end.
const FIRST: usize = 6;
const LAST: usize = 14;

/// Everything that was sent in a try, in order, with what it was sent for.
pub(in crate::report) fn sent(attempt: &TryRecord) -> Vec<(String, &Exchange)> {
    let of_steps = attempt.steps.iter().flat_map(|step| {
        step.exchanges.iter().map(move |(purpose, exchange)| (label(Some(step.step.as_str()), *purpose), exchange))
    });
    let others = attempt.others.iter().map(|(purpose, exchange)| (label(None, *purpose), exchange));
    let mut sent = of_steps.chain(others).collect::<Vec<_>>();
    sent.sort_by_key(|(_, exchange)| exchange.id);
    sent
}

/// The exchanges that took something back, or cleared it away.
pub(super) fn undone(attempt: &TryRecord) -> impl Iterator<Item = ExchangeId> {
    let of_steps = attempt.steps.iter().flat_map(|step| &step.exchanges);
    of_steps
        .chain(&attempt.others)
        .filter(|(purpose, _)| matches!(purpose, Purpose::Undo | Purpose::Teardown))
        .map(|(_, exchange)| exchange.id)
}

fn label(step: Option<&str>, purpose: Purpose) -> String {
    let word = match purpose {
        Purpose::Step | Purpose::Attempt | Purpose::Member => "",
        Purpose::Token => "sign-in",
        Purpose::Setup => "set-up",
        Purpose::Teardown => "tear-down",
        Purpose::Undo => "undo",
        Purpose::Probe => "probe",
    };
    match (step, word) {
        (Some(step), "") => format!("step {step}"),
        (Some(step), word) => format!("{word} for step {step}"),
        (None, "") => "no step".to_owned(),
        (None, word) => word.to_owned(),
    }
}

/// Draws one line for each exchange, those in `marked` with a cross.
pub(super) fn draw(out: &mut String, paint: Paint, sent: &[(String, &Exchange)], marked: &[ExchangeId]) {
    let hidden = sent.len().saturating_sub(FIRST + LAST);
    let shown = |at: usize| hidden < 2 || at < FIRST || at >= FIRST + hidden;
    let label_width = sent.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).min(40);
    let requests = sent.iter().map(|(_, exchange)| request_line(exchange)).collect::<Vec<_>>();
    let request_width = requests.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(out, "{}", paint.dress(Role::Strong, "sent in this case"));
    for (at, ((label, exchange), request)) in sent.iter().zip(&requests).enumerate() {
        if at == FIRST && hidden >= 2 {
            let _ = writeln!(out, "      … {} more", words::count(hidden, "request"));
        }
        if !shown(at) {
            continue;
        }
        let label = visible::short(label, 120);
        let mark = if marked.contains(&exchange.id) { paint.dress(Role::Bad, "✗") } else { " ".to_owned() };
        let took = words::duration(Duration::from_micros(exchange.timing.total_us));
        let (number, status) = (exchange.id, status_line(exchange));
        let _ = writeln!(out, "{mark} {number:>3}  {label:label_width$}  {request:request_width$}  {status}, {took}");
    }
}

/// Method and path, cut.
fn request_line(exchange: &Exchange) -> String {
    let url = exchange.request.url.as_str();
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = if path.chars().count() > 70 { path.chars().take(69).chain(['…']).collect() } else { path.to_owned() };
    visible::one_line(&format!("{} {path}", exchange.request.method)).into_owned()
}
