use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::event::{Exchange, ExchangeId, Purpose, Request, TryRecord};
use crate::report::detail::{sent, status_line};
use crate::report::{visible, words};

use super::exchange::role;
use super::shown::Shown;

/// Widths and heights of the drawing, in its own units, which are pixels at its natural size.
mod size {
    pub(super) const MARGIN: u32 = 62;
    pub(super) const LANE: u32 = 92;
    pub(super) const LABEL: u32 = 452;
    pub(super) const GAP: u32 = 26;
    pub(super) const BARS: u32 = 170;
    pub(super) const TOOK: u32 = 64;
    pub(super) const TOP: u32 = 34;
    pub(super) const ROW: u32 = 34;
    pub(super) const NOTE: u32 = 22;
}

/// How many characters stand over an arrow.
const MOST_LABEL: usize = 62;
/// How many lanes of devices there are; further devices share the last.
const MOST_LANES: usize = 8;
/// How many rows are drawn at the beginning, and at the end.
const FIRST: usize = 60;
const LAST: usize = 40;

/// When exchanges of a try ended, in microseconds since the run began: by their own clocks they cannot be compared,
/// where a target's clock is moved.
pub(super) type Arrivals = BTreeMap<ExchangeId, u64>;

/// The exchanges that findings speak of, each with the class of the gravest.
pub(super) type Marked = BTreeMap<ExchangeId, &'static str>;

/// A try as a sequence diagram with a waterfall beside it.
#[derive(Debug, Serialize)]
pub(super) struct SequenceView {
    width: u32,
    height: u32,
    /// Where the line of the endpoint stands.
    endpoint: u32,
    /// Where the bars begin.
    bars: u32,
    bars_width: u32,
    took_x: u32,
    /// How long all of it took.
    span: String,
    lanes: Vec<LaneView>,
    rows: Vec<RowView>,
    sets: Vec<SetView>,
    /// How many exchanges there were.
    count: String,
}

#[derive(Debug, Serialize)]
struct LaneView {
    x: u32,
    name: Shown,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum RowView {
    Exchange(Box<ArrowView>),
    Note { y: u32, text: Shown },
}

#[derive(Debug, Serialize)]
struct ArrowView {
    y: u32,
    x: u32,
    /// `+12 ms`.
    at: String,
    anchor: String,
    request: Shown,
    status: Shown,
    role: &'static str,
    /// Whether something of ours was sent for: sign-in, set-up, undo.
    is_aside: bool,
    /// The class of the gravest finding that speaks of it.
    hit: Option<&'static str>,
    /// `14 polls`.
    folded: Option<String>,
    /// `sign-in`.
    note: Shown,
    bar: BarView,
    took: String,
}

#[derive(Debug, Serialize)]
struct BarView {
    x: u32,
    headers: u32,
    body: u32,
}

/// Exchanges that were sent together.
#[derive(Debug, Serialize)]
struct SetView {
    y: u32,
    height: u32,
    name: Shown,
}

/// Several exchanges as one row.
struct Fold<'t> {
    label: String,
    purpose: Purpose,
    step: Option<&'t str>,
    /// The first and the last.
    first: &'t Exchange,
    last: &'t Exchange,
    count: usize,
    marked: Option<(&'t Exchange, &'static str)>,
}

impl SequenceView {
    /// The diagram of a try; none where nothing was sent. `anchor`
    /// names the element of an exchange.
    pub(super) fn new(
        attempt: &TryRecord,
        arrivals: &Arrivals,
        marked: &Marked,
        anchor: &dyn Fn(ExchangeId) -> String,
    ) -> Option<Self> {
        let folds = fold(attempt, marked);
        let scale = Scale::of(&folds, arrivals)?;
        let mut lanes: Vec<Option<&str>> = Vec::new();
        for fold in &folds {
            let device = fold.first.device.as_deref();
            if !lanes.contains(&device) && lanes.len() < MOST_LANES {
                lanes.push(device);
            }
        }
        // What we send on nobody's behalf comes from the left of all devices.
        lanes.sort_by_key(Option::is_some);
        let lane_x = |at: usize| size::MARGIN + size::LANE / 2 + size::LANE * u32::try_from(at).unwrap_or(0);
        let endpoint = lane_x(lanes.len() - 1) + size::LABEL;
        let bars = endpoint + size::GAP;
        let mut drawn = Self {
            width: bars + size::BARS + size::TOOK,
            height: 0,
            endpoint,
            bars,
            bars_width: size::BARS,
            took_x: bars + size::BARS + size::TOOK - 2,
            span: words::duration(Duration::from_micros(scale.span())),
            lanes: lanes
                .iter()
                .enumerate()
                .map(|(at, name)| LaneView { x: lane_x(at), name: Shown::short(name.unwrap_or("harness"), 14) })
                .collect(),
            rows: Vec::new(),
            sets: Vec::new(),
            count: words::count(sent(attempt).len(), "exchange"),
        };
        let hidden = folds.len().saturating_sub(FIRST + LAST);
        let mut y = size::TOP;
        for (at, fold) in folds.iter().enumerate() {
            if hidden > 1 && at == FIRST {
                let text = format!("… {} more", words::count(hidden, "row"));
                drawn.rows.push(RowView::Note { y: y + 14, text: Shown::already(text) });
                y += size::NOTE;
            }
            if hidden > 1 && (FIRST..FIRST + hidden).contains(&at) {
                continue;
            }
            let lane = lanes.iter().position(|name| *name == fold.first.device.as_deref());
            let x = lane_x(lane.unwrap_or(lanes.len() - 1));
            drawn.sets_of(&folds, at, y);
            let shown = fold.marked.map_or(fold.last, |(exchange, _)| exchange);
            let arrow = fold.draw(y, x, anchor(shown.id), &scale, arrivals);
            drawn.rows.push(RowView::Exchange(Box::new(arrow)));
            y += size::ROW;
            let moved: u64 = fold.last.timing.moved_ms;
            if moved > 0 {
                let text = format!("the target's clock moved by {}", words::duration(Duration::from_millis(moved)));
                drawn.rows.push(RowView::Note { y: y + 12, text: Shown::already(text) });
                y += size::NOTE;
            }
        }
        drawn.height = y + 8;
        Some(drawn)
    }

    /// Begins or prolongs the frame around what was sent together: also what a member needed, such as a token.
    fn sets_of(&mut self, folds: &[Fold<'_>], at: usize, y: u32) {
        let set_of = |fold: &Fold<'_>| {
            let is_member = |other: &Fold<'_>| other.purpose == Purpose::Member && other.parent() == fold.parent();
            fold.parent().filter(|_| folds.iter().any(is_member)).map(str::to_owned)
        };
        let Some(set) = set_of(&folds[at]) else { return };
        let before = at.checked_sub(1).and_then(|before| set_of(&folds[before]));
        match self.sets.last_mut() {
            Some(open) if before.as_ref() == Some(&set) => open.height = y + size::ROW - open.y - 1,
            _ => self.sets.push(SetView { y: y + 1, height: size::ROW - 2, name: Shown::short(&set, 40) }),
        }
    }
}

/// The exchanges of a try in order, polls of a step as one.
fn fold<'t>(attempt: &'t TryRecord, marked: &Marked) -> Vec<Fold<'t>> {
    let mut purposes: BTreeMap<ExchangeId, (Purpose, Option<&str>)> = BTreeMap::new();
    for step in &attempt.steps {
        for (purpose, exchange) in &step.exchanges {
            purposes.insert(exchange.id, (*purpose, Some(step.step.as_str())));
        }
    }
    for (purpose, exchange) in &attempt.others {
        purposes.insert(exchange.id, (*purpose, None));
    }
    let mut folds: Vec<Fold<'t>> = Vec::new();
    for (label, exchange) in sent(attempt) {
        let (purpose, step) = purposes.get(&exchange.id).copied().unwrap_or((Purpose::Step, None));
        let hit = marked.get(&exchange.id).map(|role| (exchange, *role));
        if let Some(open) = folds.last_mut()
            && open.purpose == Purpose::Attempt
            && purpose == Purpose::Attempt
            && open.step == step
        {
            open.last = exchange;
            open.count += 1;
            open.marked = hit.or(open.marked);
            continue;
        }
        folds.push(Fold { label, purpose, step, first: exchange, last: exchange, count: 1, marked: hit });
    }
    folds
}

/// From when to when the try lasted.
struct Scale {
    start: u64,
    end: u64,
}

impl Scale {
    fn of(folds: &[Fold<'_>], arrivals: &Arrivals) -> Option<Self> {
        let start = folds.iter().map(|fold| began(fold.first, arrivals)).min()?;
        let end = folds.iter().map(|fold| ended(fold.last, arrivals)).max()?;
        Some(Self { start, end: end.max(start + 1) })
    }

    fn span(&self) -> u64 {
        self.end - self.start
    }

    fn x(&self, at: u64) -> u32 {
        let part = u128::from(at.saturating_sub(self.start)) * u128::from(size::BARS) / u128::from(self.span());
        u32::try_from(part).unwrap_or(size::BARS).min(size::BARS)
    }
}

fn ended(exchange: &Exchange, arrivals: &Arrivals) -> u64 {
    arrivals.get(&exchange.id).copied().unwrap_or(exchange.timing.total_us)
}

fn began(exchange: &Exchange, arrivals: &Arrivals) -> u64 {
    ended(exchange, arrivals).saturating_sub(exchange.timing.total_us)
}

impl Fold<'_> {
    /// The step that it belongs to, one level up.
    fn parent(&self) -> Option<&str> {
        let is_undone = matches!(self.purpose, Purpose::Undo | Purpose::Teardown);
        self.step.filter(|_| !is_undone).and_then(|step| step.rsplit_once('/')).map(|(parent, _)| parent)
    }

    fn draw(&self, y: u32, x: u32, anchor: String, scale: &Scale, arrivals: &Arrivals) -> ArrowView {
        let (start, end) = (began(self.first, arrivals), ended(self.last, arrivals));
        let (first_x, last_x) = (scale.x(start).min(size::BARS - 2), scale.x(end));
        let width = last_x.saturating_sub(first_x).max(2);
        let timing = self.last.timing;
        // Of polls that are folded only the whole is told.
        let body_us = if self.count > 1 || timing.headers_us == 0 {
            0
        } else {
            timing.total_us - timing.headers_us.min(timing.total_us)
        };
        let body =
            u32::try_from(u128::from(body_us) * u128::from(width) / u128::from(end.saturating_sub(start).max(1)))
                .unwrap_or(0);
        let shown = self.marked.map_or(self.last, |(exchange, _)| exchange);
        ArrowView {
            y,
            x,
            at: format!("+{}", words::duration(Duration::from_micros(start - scale.start))),
            anchor,
            request: Shown::already(shortened(&shown.request)),
            status: Shown::already(status_line(shown)),
            role: role(shown),
            is_aside: !matches!(self.purpose, Purpose::Step | Purpose::Attempt | Purpose::Member),
            hit: self.marked.map(|(_, role)| role),
            folded: (self.count > 1).then(|| words::count(self.count, "poll")),
            note: Shown::already(cut(Shown::name(&self.label).as_str())),
            bar: BarView { x: first_x, headers: width - body.min(width), body: body.min(width) },
            took: words::duration(Duration::from_micros(end.saturating_sub(start))),
        }
    }
}

/// Method and path, in which long ids are cut short: what follows them says more.
fn shortened(request: &Request) -> String {
    const MOST_SEGMENT: usize = 20;
    let url = request.url.as_str();
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let segment = |segment: &str| {
        if segment.chars().count() > MOST_SEGMENT {
            segment.chars().take(8).chain(['…']).collect()
        } else {
            segment.to_owned()
        }
    };
    let segments: Vec<String> = path.split('/').take(100).map(segment).collect();
    let method = visible::short(&request.method, 20);
    let label = |path: &str| visible::short(&format!("{method} {path}"), 300);
    let fits = |label: &String| label.chars().count() <= MOST_LABEL;
    // Where it is too long, what leads to the end of the path goes first, then what is asked of it.
    let tails = (1..segments.len()).map(|from| format!("/…/{}", segments[from..].join("/")));
    let paths: Vec<String> = std::iter::once(segments.join("/")).chain(tails).collect();
    let whole = paths.iter().map(|path| label(&format!("{path}{query}"))).find(fits);
    let without =
        || paths.iter().map(|path| label(&format!("{path}{}", if query.is_empty() { "" } else { "?…" }))).find(fits);
    whole.or_else(without).unwrap_or_else(|| cut(&label(&format!("{path}{query}"))))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_LABEL {
        return text.to_owned();
    }
    text.chars().take(MOST_LABEL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Body;

    fn label(method: &str, url: &str) -> String {
        let (method, url) = (method.to_owned(), url.to_owned());
        shortened(&Request { method, url, headers: Vec::new(), body: Body::text(String::new(), 0) })
    }

    #[test]
    fn a_label_that_is_too_long_keeps_the_end_of_the_path() {
        assert_eq!(label("GET", "https://a.example/b/c?d=1"), "GET /b/c?d=1");
        let long =
            "https://a.example/inContactAPI/services/v30.0/agent-sessions/‹session#1›/interactions/‹contact#12›/hold";
        assert_eq!(label("POST", long), "POST /…/‹session#1›/interactions/‹contact#12›/hold");
        assert_eq!(
            label("GET", &format!("https://a.example/services/v30.0/agents?fields={}", "agentId,".repeat(30))),
            "GET /services/v30.0/agents?…"
        );
        let endless = label("GET", &format!("https://a.example/?{}", "x".repeat(300)));
        assert_eq!((endless.chars().count(), endless.ends_with("?…")), (7, true));
    }
}
