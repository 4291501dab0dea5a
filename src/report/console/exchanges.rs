use std::fmt::Write as _;
use std::time::Duration;

use crate::event::{Body, CaseRecord, Content, Exchange, Header};
use crate::report::detail::{body_lines, sent, status_line};
use crate::report::paint::Role;
use crate::report::{Paint, visible, words};

/// What is told of what was sent and received in every case, whatever came of it. Secrets are handles there, as in every
/// record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchanges {
    /// Nothing, where a case passed.
    Untold,
    /// A line each.
    Lines,
    /// With header fields and bodies.
    Whole,
}

/// How many exchanges of a case are told.
const MOST: usize = 200;
/// How much of a URL or a header field is told, in bytes.
const MOST_TEXT: usize = 2048;
/// How much of a body is told, in lines and in bytes.
const BODY: (usize, usize) = (200, 16 * 1024);

/// What was sent in each try of a case, below the line of the case.
pub(super) fn lines(case: &CaseRecord, told: Exchanges, paint: Paint) -> String {
    let mut out = String::new();
    if told == Exchanges::Untold {
        return out;
    }
    let Some(attempt) = case.last_try() else { return out };
    let all = sent(attempt);
    for (label, exchange) in all.iter().take(MOST) {
        line(&mut out, paint, label, exchange);
        if told == Exchanges::Whole {
            whole(&mut out, paint, exchange);
        }
    }
    if all.len() > MOST {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(out, "  … and {} more: see the event log", words::count(all.len() - MOST, "exchange"));
    }
    out
}

/// `  → POST https://… · 201 Created, 12 ms · step book, as agent`.
fn line(out: &mut String, paint: Paint, label: &str, exchange: &Exchange) {
    let request = format!("{} {}", exchange.request.method, exchange.request.url);
    let took = words::duration(Duration::from_micros(exchange.timing.total_us));
    let device = exchange.device.as_ref().map(|name| format!(", as {}", visible::short(name, 80))).unwrap_or_default();
    let label = paint.dress(Role::Faint, &format!("({}{device})", visible::short(label, 120)));
    let status = paint.dress(Role::Strong, &status_line(exchange));
    let _ = writeln!(out, "  → {}  {status}, {took}  {label}", visible::short(&request, MOST_TEXT));
}

fn whole(out: &mut String, paint: Paint, exchange: &Exchange) {
    part(out, paint, '>', &exchange.request.headers, &exchange.request.body);
    if let Some(answer) = &exchange.answer {
        part(out, paint, '<', &answer.headers, &answer.body);
    }
    if let Some(fault) = &exchange.fault {
        let _ = writeln!(out, "    ! {}", paint.dress(Role::Unsure, &visible::short(&fault.to_string(), MOST_TEXT)));
    }
}

fn part(out: &mut String, paint: Paint, sign: char, headers: &[Header], body: &Body) {
    for header in headers {
        let field = visible::short(&format!("{}: {}", header.name, header.value), MOST_TEXT);
        let _ = writeln!(out, "    {sign} {}", paint.dress(Role::Faint, &field));
    }
    if body.content == Content::Empty {
        return;
    }
    let _ = writeln!(out, "    {sign}");
    for line in body_lines(body, BODY) {
        let _ = writeln!(out, "    {sign} {line}");
    }
}
