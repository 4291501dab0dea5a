use std::fmt::Write as _;
use std::time::Duration;

use crate::event::Exchange;
use crate::report::curl::Curl;
use crate::report::paint::Role;
use crate::report::{Paint, visible, words};

use super::body::{self, Room};

/// Header fields that say nothing about the promise; the event log has them all.
const DULL: [&str; 6] = ["connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"];
/// How many header fields are shown.
const MOST_HEADERS: usize = 24;
/// How much of a URL or a header field is shown, in bytes.
const MOST_TEXT: usize = 1024;
/// How long a command is that somebody would still copy, in bytes: twice the largest body that it holds.
const MOST_COMMAND: usize = 16 * 1024;

/// Draws what was sent and what came back, and a command that sends it again.
pub(super) fn draw(out: &mut String, paint: Paint, label: &str, exchange: &Exchange, room: Room) {
    let request = &exchange.request;
    let device = exchange.device.as_ref().map_or_else(String::new, |name| format!(", as {}", visible::short(name, 80)));
    let title = format!("request {} ({}{device})", exchange.id, visible::short(label, 200));
    let line = format!("{} {}", visible::short(&request.method, 40), visible::short(&request.url, MOST_TEXT));
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(out, "{}", paint.dress(Role::Strong, &title));
    let _ = writeln!(out, "  {line}");
    let took = words::duration(Duration::from_micros(exchange.timing.total_us));
    if let Some(fault) = &exchange.fault {
        let fault = paint.dress(Role::Unsure, &visible::short(&fault.to_string(), MOST_TEXT));
        let _ = writeln!(out, "no complete answer: {fault}");
    }
    if let Some(answer) = &exchange.answer {
        let status = status_line(exchange);
        let size = words::bytes(answer.body.size);
        let word = if exchange.fault.is_some() { "of the answer" } else { "answer" };
        let _ = writeln!(out, "{word}: {} in {took}, {size}", paint.dress(Role::Strong, &status));
        let bar = paint.dress(Role::Faint, "|");
        let told = answer.headers.iter().filter(|header| !DULL.contains(&header.name.as_str()));
        for header in told.clone().take(MOST_HEADERS) {
            let field = visible::short(&format!("{}: {}", header.name, header.value), MOST_TEXT);
            let _ = writeln!(out, "  {bar} {}", paint.dress(Role::Faint, &field));
        }
        let more = told.count().saturating_sub(MOST_HEADERS);
        if more > 0 {
            let _ = writeln!(out, "  {bar} … {} more", words::count(more, "header field"));
        }
        for line in body::lines(&answer.body, room) {
            let _ = writeln!(out, "  {bar} {line}");
        }
    }
    for irregularity in &exchange.irregular {
        let text = visible::short(&format!("{}: {}", irregularity.kind, irregularity.detail), MOST_TEXT);
        let _ = writeln!(out, "not HTTP as it should be: {text}");
    }
    let curl = Curl::new(request);
    if curl.line.len() > MOST_COMMAND {
        let size = words::bytes(curl.line.len() as u64);
        let _ = writeln!(out, "again: by a command of {size}; a report `log=FILE` keeps the request");
        return;
    }
    let _ = writeln!(out, "again:\n  {}", curl.line);
    for note in &curl.notes {
        let _ = writeln!(out, "  {}", paint.dress(Role::Faint, &format!("# {note}")));
    }
}

/// `202 Accepted`, or what went wrong in a word or two.
pub(in crate::report) fn status_line(exchange: &Exchange) -> String {
    match (&exchange.fault, &exchange.answer) {
        (Some(fault), None) => fault.kind.to_string(),
        (_, Some(answer)) => {
            let reason = answer.reason.as_deref().unwrap_or_default();
            format!("{} {}", answer.status, visible::short(reason, 80)).trim_end().to_owned()
        }
        (None, None) => "no answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::event::{Body, ExchangeId, Request, Timing};

    #[test]
    fn a_command_that_nobody_would_copy_is_not_shown() {
        let url = format!("http://a.example/?q={}", "x".repeat(70_000));
        let exchange = Exchange {
            id: ExchangeId(1),
            device: None,
            parameters: None,
            request: Request { method: "GET".to_owned(), url, headers: Vec::new(), body: Body::default() },
            answer: None,
            fault: None,
            irregular: Vec::new(),
            sent: Timestamp::from_millis(0),
            timing: Timing::default(),
        };
        let mut out = String::new();
        draw(&mut out, Paint::Plain, "step 1", &exchange, Room { lines: 1, bytes: 1 });
        assert!(out.len() < 2 * MOST_TEXT, "{}", out.len());
        assert!(out.ends_with("again: by a command of 68.3 KiB; a report `log=FILE` keeps the request\n"), "{out}");
    }
}
