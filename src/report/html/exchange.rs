use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::event::{Answer, Exchange, Finding, Header};
use crate::report::curl::Curl;
use crate::report::detail::{standing, status_line};
use crate::report::words;

use super::body::{Anchor, BodyView};
use super::fidelity::Room;
use super::prose::Prose;
use super::remark::{Remark, remarks};
use super::shown::{Shown, class_of};

/// How long a command is that somebody would still copy, in bytes.
const MOST_COMMAND: usize = 16 * 1024;
/// How many remarks stand at one exchange.
const MOST_MARKS: usize = 40;

/// What was sent and what came back.
#[derive(Debug, Serialize)]
pub(super) struct ExchangeView {
    /// Where the diagram leads to.
    pub(super) anchor: String,
    number: u32,
    label: Shown,
    device: Option<Shown>,
    method: Shown,
    url: Shown,
    /// The class of the status.
    role: &'static str,
    status: Shown,
    took: String,
    fault: Option<Shown>,
    irregular: Vec<Shown>,
    request: MessageView,
    answer: Option<AnswerView>,
    curl: Option<CommandView>,
    /// What findings say of it, at the places that they speak of.
    marks: Vec<MarkView>,
    /// Marks that speak of the answer as a whole.
    whole: Vec<usize>,
    is_open: bool,
    /// The class of the gravest finding that speaks of it.
    worst: Option<&'static str>,
    timing: TimingView,
}

/// Header fields and body.
#[derive(Debug, Serialize)]
struct MessageView {
    headers: Vec<HeaderView>,
    more_headers: usize,
    body: BodyView,
}

/// An answer.
#[derive(Debug, Serialize)]
struct AnswerView {
    version: Shown,
    status: Shown,
    status_marks: Vec<usize>,
    message: MessageView,
}

#[derive(Debug, Serialize)]
struct HeaderView {
    name: Shown,
    value: Shown,
    marks: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct CommandView {
    line: Shown,
    notes: Vec<Shown>,
}

/// What a finding says, in short.
#[derive(Debug, Serialize)]
struct MarkView {
    role: &'static str,
    code: Shown,
    message: Prose,
}

/// How long the parts took, and the widths of their bars of 100.
#[derive(Debug, Serialize)]
struct TimingView {
    headers: String,
    body: String,
    headers_width: u64,
    moved: Option<String>,
}

/// What is known of an exchange besides itself.
#[derive(Debug)]
pub(super) struct Setting<'c> {
    /// The id of the page's element.
    pub(super) anchor: String,
    /// `step start`.
    pub(super) label: &'c str,
    /// The findings that speak of it.
    pub(super) findings: Vec<&'c Finding>,
    /// Whether a reader wants to see it first.
    pub(super) is_open: bool,
    /// How much is drawn.
    pub(super) room: Room,
}

impl ExchangeView {
    /// The exchange, with the findings that speak of it.
    pub(super) fn new(exchange: &Exchange, setting: Setting<'_>) -> Self {
        let Setting { anchor, label, findings, is_open, room } = setting;
        let all = findings.iter().flat_map(|finding| remarks(finding).into_iter().map(|remark| (*finding, remark)));
        let remarks: Vec<(&Finding, Remark<'_>)> = all.take(MOST_MARKS).collect();
        let request = &exchange.request;
        let mut at = At::of(&remarks, exchange.answer.as_ref());
        let answer = exchange.answer.as_ref().map(|answer| AnswerView {
            version: Shown::short(&answer.version, 40),
            status: Shown::already(status_line(exchange)),
            status_marks: std::mem::take(&mut at.status),
            message: MessageView::new(&answer.headers, &at.headers, BodyView::new(&answer.body, room, &at.body), room),
        });
        let body = BodyView::new(&request.body, room, &[]);
        let curl = Curl::new(request);
        let is_short = curl.line.len() <= MOST_COMMAND;
        Self {
            anchor,
            number: exchange.id.0,
            label: Shown::name(label),
            device: exchange.device.as_deref().map(Shown::name),
            method: Shown::short(&request.method, 40),
            url: Shown::sentence(&request.url),
            role: role(exchange),
            status: Shown::already(status_line(exchange)),
            took: words::duration(Duration::from_micros(exchange.timing.total_us)),
            fault: exchange.fault.as_ref().map(|fault| Shown::sentence(&fault.to_string())),
            irregular: exchange
                .irregular
                .iter()
                .map(|it| Shown::sentence(&format!("{}: {}", it.kind, it.detail)))
                .collect(),
            request: MessageView::new(&request.headers, &BTreeMap::new(), body, room),
            answer,
            curl: is_short.then(|| CommandView {
                line: Shown::already(curl.line),
                notes: curl.notes.iter().map(|note| Shown::sentence(note)).collect(),
            }),
            marks: remarks.iter().map(|(finding, remark)| MarkView::new(finding, remark)).collect(),
            whole: at.whole,
            is_open,
            worst: findings.iter().max_by_key(|finding| finding.verdict).map(|finding| class_of(standing(finding).1)),
            timing: TimingView::new(exchange),
        }
    }
}

/// The class in the style sheet for what came of it.
pub(super) fn role(exchange: &Exchange) -> &'static str {
    match exchange.complete().map(|answer| answer.status) {
        None => "unsure",
        Some(500..) => "bad",
        Some(400..500) => "odd",
        Some(_) => "good",
    }
}

impl MarkView {
    fn new(finding: &Finding, remark: &Remark<'_>) -> Self {
        let (_, role) = standing(finding);
        Self {
            role: class_of(role),
            code: Shown::short(&finding.code, 80),
            message: Prose::new(&Shown::short(&remark.message, 300)),
        }
    }
}

impl MessageView {
    fn new(headers: &[Header], marks: &BTreeMap<String, Vec<usize>>, body: BodyView, room: Room) -> Self {
        let of = |name: &str| marks.get(&name.to_ascii_lowercase()).cloned().unwrap_or_default();
        let fields = headers.iter().enumerate().map(|(at, header)| (at, header, of(&header.name)));
        let shown = fields.filter(|(at, _, marks)| *at < room.headers || !marks.is_empty());
        let headers_shown: Vec<HeaderView> = shown
            .map(|(_, header, marks)| HeaderView {
                name: Shown::short(&header.name, 200),
                value: Shown::short(&header.value, 2 * 1024),
                marks,
            })
            .collect();
        Self { more_headers: headers.len() - headers_shown.len(), headers: headers_shown, body }
    }
}

impl TimingView {
    fn new(exchange: &Exchange) -> Self {
        let timing = exchange.timing;
        let headers = if timing.headers_us == 0 { timing.total_us } else { timing.headers_us.min(timing.total_us) };
        let span = |micros: u64| words::duration(Duration::from_micros(micros));
        Self {
            headers: span(headers),
            body: span(timing.total_us - headers),
            headers_width: (u128::from(headers) * 100 / u128::from(timing.total_us.max(1))).try_into().unwrap_or(100),
            moved: (timing.moved_ms > 0).then(|| words::duration(Duration::from_millis(timing.moved_ms))),
        }
    }
}

/// Where in an answer each remark belongs.
#[derive(Default)]
struct At<'f> {
    status: Vec<usize>,
    headers: BTreeMap<String, Vec<usize>>,
    body: Vec<Anchor<'f>>,
    whole: Vec<usize>,
}

impl<'f> At<'f> {
    fn of(remarks: &[(&Finding, Remark<'f>)], answer: Option<&Answer>) -> Self {
        let mut at = Self::default();
        for (mark, (_, remark)) in remarks.iter().enumerate() {
            match remark.at {
                Some("status" | "statuses") => at.status.push(mark),
                Some("body") if answer.is_some_and(|answer| !answer.body.is_empty()) => {
                    at.body.push(Anchor { mark, path: "$" });
                }
                Some(path) if path.starts_with('$') => at.body.push(Anchor { mark, path }),
                Some(place) => {
                    let name = place.strip_prefix("header ").unwrap_or_default().to_ascii_lowercase();
                    if answer.is_some_and(|answer| answer.header(&name).next().is_some()) {
                        at.headers.entry(name).or_default().push(mark);
                    } else {
                        at.whole.push(mark);
                    }
                }
                None => at.whole.push(mark),
            }
        }
        if answer.is_none() {
            at.whole = (0..remarks.len()).collect();
        }
        at
    }
}
