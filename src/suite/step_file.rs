use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::diag::{Code, Diagnostic, Diagnostics, Span, nearest};
use crate::event::RequirementId;
use crate::judge::{Checks, Compiler, Fixed, Moment, Source};
use crate::value::{Entry, Field, Name, Node, NodeKind, Operand, Record, Scope, Shape, Template};

use super::fields::{Fields, map, text, wrong_type};
use super::names::Names;
use super::request_line::RequestLine;
use super::{
    Acting, Aim, BodySpec, Capture, CaptureFrom, Context, Elapse, PartSpec, Poll, Present, RequestSpec, StatusSpan,
    Step, StepKind, Undo, UrlSpec, parse_duration,
};

const DURATION: Shape = Shape::Duration;
const CHECKS: Shape = Shape::Named("checks", Checks::fields);
const CHECK_BLOCK: Shape =
    Shape::Either(&[CHECKS, Shape::Integer, Shape::Text, Shape::List(&Shape::Either(&[Shape::Integer, Shape::Text]))]);
const CAPTURE: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Record(&Record {
        name: "capture",
        doc: "Where the value of a name is found.",
        fields: &[
            Field::required(
                "from",
                Shape::Text,
                "A JSONPath, `header NAME`, `cookie NAME`, `text REGEX`, `status`, `reason`.",
            ),
            Field::optional("optional", Shape::Bool, "Finding nothing is no failure."),
        ],
    }),
]);
const ACTING_FIELDS: &[Field] = &[
    Field::required("device", Shape::Text, "The device."),
    Field::optional("bearer", Shape::Text, "Exactly this token is sent."),
    Field::optional("present", Shape::Word(&["basic"]), "`basic`: the OAuth client's own id and secret are sent."),
];
/// Who does a step.
pub(super) const ACTING: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Record(&Record { name: "acting", doc: "Who does it, and what they show.", fields: ACTING_FIELDS }),
]);
const FILE_FIELDS: &[Field] = &[
    Field::required("file", Shape::Text, "A file of the suite."),
    Field::optional("type", Shape::Text, "Its media type."),
];
const PART: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Number,
    Shape::Record(&Record { name: "part", doc: "A file as a part of a multipart body.", fields: FILE_FIELDS }),
]);
const ANY_MAP: Shape = Shape::Map(&Shape::Any);
const BODY_FIELDS: [Field; 5] = [
    Field::optional("json", Shape::Any, "The body, as JSON."),
    Field::optional("form", ANY_MAP, "The body, as `application/x-www-form-urlencoded`."),
    Field::optional("text", Shape::Text, "The body, as text."),
    Field::optional("multipart", Shape::Map(&PART), "The body, as `multipart/form-data`."),
    Field::optional("file", Shape::Text, "The body: the bytes of a file of the suite."),
];
const POLL_FIELDS: &[Field] = &[
    Field::optional("until", CHECKS, "Sends again until this holds."),
    Field::optional("never", CHECKS, "Sends again to the end of `for`; this must not hold once."),
    Field::optional("give_up", CHECKS, "Once this holds, there is nothing to wait for."),
    Field::optional("always", CHECKS, "Every attempt must meet this."),
    Field::optional("every", DURATION, "Pause between attempts (500ms)."),
    Field::optional("for", DURATION, "How long, by the target's clock (20s)."),
];
const UNDO_FIELDS: &[Field] = &[
    Field::required("request", Shape::Text, "The request that removes what the step created."),
    Field::optional("as", ACTING, "Who sends it; the step's device otherwise."),
    Field::optional("headers", ANY_MAP, "Header fields."),
    Field::optional("query", ANY_MAP, "Parameters that are added to the query."),
    BODY_FIELDS[0],
    BODY_FIELDS[1],
    Field::optional(
        "done",
        Shape::List(&Shape::Either(&[Shape::Integer, Shape::Text])),
        "Answers that count as gone (2xx, 404, 410).",
    ),
];

/// The keys of a step.
pub(super) const STEP_FIELDS: &[Field] = &[
    Field::optional("step", Shape::Text, "Its name; its number where it is left out."),
    Field::optional("verifies", Shape::List(&Shape::Text), "The requirements that it is evidence for."),
    Field::optional("as", ACTING, "Who does it; `nobody` shows nothing."),
    Field::optional("when", CHECKS, "Checks on `values` under which it is done."),
    Field::optional("request", Shape::Text, "`METHOD /path?query`, relative to `base_url`, or `METHOD $(url)`."),
    Field::optional("query", ANY_MAP, "Parameters that are added to the query."),
    Field::optional("headers", ANY_MAP, "Header fields, over the defaults; null leaves one out."),
    Field::optional("cookies", ANY_MAP, "Cookies, over the jar's; null leaves one out."),
    BODY_FIELDS[0],
    BODY_FIELDS[1],
    BODY_FIELDS[2],
    BODY_FIELDS[3],
    BODY_FIELDS[4],
    Field::optional("elapse", DURATION, "Time passes: the target's clock is moved, or it is waited for."),
    Field::optional("use", Shape::Text, "Does the steps of a flow."),
    Field::optional(
        "with",
        ANY_MAP,
        "The inputs of the flow; the parameters of the token request, where null leaves one out.",
    ),
    Field::optional(
        "token",
        Shape::Text,
        "Sends the raw token request of a device or identity; `with` replaces its parameters.",
    ),
    Field::optional("authorize", Shape::Text, "Not supported yet: a raw sign-in in a browser."),
    Field::optional("together", Shape::List(&Shape::Any), "Not supported yet: requests at the same moment."),
    Field::optional("after", DURATION, "Not supported yet: lets a member of `together` start later."),
    Field::optional(
        "poll",
        Shape::Record(&Record { name: "poll", doc: "Sends again until something holds.", fields: POLL_FIELDS }),
        "Sends again until something holds.",
    ),
    Field::optional("capture", Shape::Map(&CAPTURE), "Names that it sets."),
    Field::optional("collect", Shape::Map(&CAPTURE), "Lists that it appends to."),
    Field::optional("given", CHECK_BLOCK, "Preconditions and controls: a failure blocks the case."),
    Field::optional("expect", CHECK_BLOCK, "The promise."),
    Field::optional("should", CHECK_BLOCK, "Advice."),
    Field::optional(
        "undo",
        Shape::Record(&Record { name: "undo", doc: "How what it creates is removed.", fields: UNDO_FIELDS }),
        "How what it creates is removed when the case ends, however it ends.",
    ),
    Field::optional("deadline", DURATION, "How long one attempt may take."),
    Field::optional("vacuous", Shape::Text, "Why a check that cannot fail stands here."),
];

const KINDS: [&str; 6] = ["request", "token", "authorize", "together", "elapse", "use"];
const LATER: [&str; 3] = ["authorize", "together", "after"];

/// Decodes the steps of one scenario or flow.
pub(super) struct StepDecoder<'a> {
    /// The suite around it.
    pub(super) context: &'a Context<'a>,
    /// Values that the target gives, when it is known.
    pub(super) plan: Option<&'a dyn Scope>,
    /// Names so far.
    pub(super) names: Names,
    /// Devices and identities that a step may act as.
    pub(super) actors: Actors,
    /// Whether a step without `as` acts as whoever uses the flow.
    pub(super) default_acting: Option<Acting>,
    /// The requirements of the scenario.
    pub(super) verifies: Option<Arc<[RequirementId]>>,
    /// Whether something must be compiled again when the target is known.
    pub(super) late: bool,
    /// Identities that steps act as without a device of their own.
    pub(super) implied: BTreeSet<String>,
    /// Flows that are used.
    pub(super) uses: BTreeMap<String, Span>,
}

/// Those that a step may act as.
#[derive(Clone, Debug)]
pub(super) enum Actors {
    /// These devices, and identities where the suite says which there are.
    Known {
        /// Devices of the scenario.
        devices: BTreeSet<String>,
        /// Identities; none means that any name may be one.
        identities: Option<BTreeSet<String>>,
    },
    /// A flow acts as whoever uses it.
    Caller,
}

impl StepDecoder<'_> {
    /// Decodes a list of steps.
    pub(super) fn steps(&mut self, node: &Node, out: &mut Diagnostics) -> Vec<Step> {
        let Some(items) = node.as_list() else {
            wrong_type(node, "a list of steps", out);
            return Vec::new();
        };
        if items.is_empty() {
            out.push(Diagnostic::error(Code::MissingKey, "there is no step").at(node.span, "an empty list"));
        }
        self.names.foresee(
            items.iter().flat_map(|item| set_names(item).into_iter().map(|(name, _)| name)),
            items.iter().enumerate().map(|(index, item)| step_name(item, index)),
        );
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut steps = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let name = step_name(item, index);
            if let Some(before) = seen.insert(name.clone(), item.span) {
                out.push(
                    Diagnostic::error(Code::DuplicateId, format!("two steps are called `{name}`"))
                        .at(item.get("step").map_or(item.span, |node| node.span), "the second")
                        .also(before, "the first"),
                );
            }
            steps.extend(self.step(item, name, out));
        }
        steps
    }

    fn step(&mut self, node: &Node, name: String, out: &mut Diagnostics) -> Option<Step> {
        let fields = Fields::open(node, STEP_FIELDS, "a step", out)?;
        if let Some(entry) = fields.entry("step")
            && Name::parse(&name).is_err()
            && name.parse::<u32>().is_err()
        {
            let message = format!("`{name}` is no name for a step");
            out.push(Diagnostic::error(Code::BadName, message).at(entry.value.span, "letters, digits, `_` and `-`"));
        }
        for key in LATER {
            if let Some(entry) = fields.entry(key) {
                out.push(
                    Diagnostic::error(Code::NotYetSupported, format!("`{key}` is not supported yet"))
                        .at(entry.key.span, "not supported yet"),
                );
            }
        }
        self.check_set_names(node, out);
        self.names.begin(&name, set_names(node).into_iter().map(|(name, _)| name).collect());
        let kind = self.kind(node, &fields, out);
        let uses_flow = fields.get("use").is_some();
        let verifies = self.verifies(&fields, out);
        let acting = match fields.get("as") {
            Some(node) => self.acting(node, out),
            None => self.default_acting.clone(),
        };
        let mut step = Step {
            level: verifies.as_ref().and_then(|list| self.context.catalogue.strictest(list)),
            verifies,
            acting,
            when: self.checks(fields.get("when"), out),
            given: self.checks(fields.get("given"), out),
            expect: self.checks(fields.get("expect"), out),
            should: self.checks(fields.get("should"), out),
            captures: self.captures(&fields, "capture", uses_flow, out),
            collects: self.captures(&fields, "collect", uses_flow, out),
            poll: fields.get("poll").and_then(|node| self.poll(node, out)),
            undo: fields.get("undo").and_then(|node| self.undo(node, out)),
            deadline: self.duration(fields.get("deadline"), out).unwrap_or(self.context.defaults.deadline),
            kind: kind?,
            span: node.as_map().and_then(|entries| entries.first()).map_or(node.span, |entry| entry.key.span),
            name,
        };
        self.lint(node, &fields, &mut step, out);
        self.names.end();
        Some(step)
    }

    fn kind(&mut self, node: &Node, fields: &Fields<'_>, out: &mut Diagnostics) -> Option<StepKind> {
        let kinds: Vec<&Entry> = KINDS.iter().filter_map(|key| fields.entry(key)).collect();
        if let [first, second, ..] = &kinds[..] {
            out.push(
                Diagnostic::error(
                    Code::WrongType,
                    format!("a step does one thing: `{}` or `{}`", first.key.text, second.key.text),
                )
                .at(second.key.span, "one too many")
                .also(first.key.span, "the first"),
            );
        }
        let Some(entry) = kinds.first() else {
            for key in [
                "query",
                "headers",
                "cookies",
                "json",
                "form",
                "text",
                "multipart",
                "file",
                "poll",
                "undo",
                "capture",
                "collect",
            ] {
                if let Some(entry) = fields.entry(key) {
                    out.push(
                        Diagnostic::error(Code::MissingKey, format!("`{key}` needs a `request` beside it"))
                            .at(entry.key.span, "a step that sends nothing may judge `values` only"),
                    );
                }
            }
            return Some(StepKind::Judge);
        };
        match &*entry.key.text {
            "request" => Some(StepKind::Request(Box::new(self.request(&entry.value, fields, out)?))),
            "token" => self.token(&entry.value, node, out),
            "elapse" => self.elapse(&entry.value, out).map(StepKind::Elapse),
            "use" => self.flow_use(&entry.value, fields, node, out),
            // The others are refused above; whoever reads on gets a step that does nothing.
            _ => None,
        }
    }

    fn request(&mut self, line: &Node, fields: &Fields<'_>, out: &mut Diagnostics) -> Option<RequestSpec> {
        let line_text = text(line, out)?;
        let parsed = match RequestLine::parse(line_text) {
            Ok(parsed) => parsed,
            Err(error) => {
                out.push(Diagnostic::error(Code::BadRequestLine, error.to_string()).at(line.span, "no request line"));
                return None;
            }
        };
        let mut compiler = self.compiler(out);
        let template = compiler.template(line, Moment::Sent)?;
        let late = compiler.is_late();
        self.late |= late;
        let place = match Template::parse(parsed.place) {
            Ok(place) if parsed.place.starts_with('/') => UrlSpec::Path(place),
            Ok(place) => UrlSpec::Whole(place),
            Err(_) => UrlSpec::Path(template),
        };
        let body = self.body(fields, out);
        Some(RequestSpec {
            method: parsed.method.to_owned(),
            place,
            query: self.pairs(fields.get("query"), out),
            headers: self.texts(fields.get("headers"), out),
            cookies: self.texts(fields.get("cookies"), out),
            body,
            span: line.span,
        })
    }

    fn body(&mut self, fields: &Fields<'_>, out: &mut Diagnostics) -> BodySpec {
        let bodies: Vec<&Entry> = BODY_FIELDS.iter().filter_map(|field| fields.entry(field.key)).collect();
        if let [first, second, ..] = &bodies[..] {
            out.push(
                Diagnostic::error(
                    Code::WrongType,
                    format!("a request has one body: `{}` or `{}`", first.key.text, second.key.text),
                )
                .at(second.key.span, "one too many"),
            );
        }
        let Some(entry) = bodies.first() else { return BodySpec::Empty };
        match &*entry.key.text {
            "json" => BodySpec::Json(self.operand(&entry.value, Moment::Sent, out)),
            "form" => BodySpec::Form(self.pairs(Some(&entry.value), out)),
            "text" => match self.template(&entry.value, Moment::Sent, out) {
                Some(template) => BodySpec::Text(template),
                None => BodySpec::Empty,
            },
            "file" => match self.file(&entry.value, out) {
                Some((name, bytes)) => BodySpec::File { name, bytes },
                None => BodySpec::Empty,
            },
            _ => BodySpec::Multipart(
                map(&entry.value, out)
                    .into_iter()
                    .filter_map(|part| Some((part.key.text.to_string(), self.part(&part.value, out)?)))
                    .collect(),
            ),
        }
    }

    fn part(&mut self, node: &Node, out: &mut Diagnostics) -> Option<PartSpec> {
        if node.as_map().is_none() {
            return Some(PartSpec::Value(self.operand(node, Moment::Sent, out)));
        }
        let fields = Fields::open(node, FILE_FIELDS, "a file part", out)?;
        let (name, bytes) = self.file(fields.get("file")?, out)?;
        Some(PartSpec::File { name, bytes, media_type: fields.text("type", out).map(str::to_owned) })
    }

    fn file(&mut self, node: &Node, out: &mut Diagnostics) -> Option<(String, Arc<[u8]>)> {
        let name = text(node, out)?;
        Some((name.to_owned(), self.context.body(name, node.span, out)?))
    }

    fn elapse(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Elapse> {
        let span = self.template(node, Moment::Sent, out)?;
        let literal = match span.as_fixed() {
            Some(text) => match parse_duration(text) {
                Some(duration) => Some(duration),
                None => {
                    out.push(bad_duration(node));
                    return None;
                }
            },
            None => None,
        };
        Some(Elapse { span, literal })
    }

    fn token(&mut self, node: &Node, step: &Node, out: &mut Diagnostics) -> Option<StepKind> {
        for key in ["as", "query", "headers", "cookies", "json", "form", "text", "multipart", "file", "undo"] {
            if let Some(entry) = step.entry(key).filter(|entry| !entry.value.is_null()) {
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `token`"))
                        .at(entry.key.span, "the target declares the request")
                        .help("`with` replaces, adds or leaves out parameters"),
                );
            }
        }
        let Some(device) = self.device(node, out)? else {
            out.push(
                Diagnostic::error(Code::UnknownDevice, "nobody has no token").at(node.span, "a device or an identity"),
            );
            return None;
        };
        let mut with = Vec::new();
        for entry in step.get("with").filter(|node| !node.is_null()).and_then(Node::as_map).unwrap_or_default() {
            let value = (!entry.value.is_null()).then(|| self.operand(&entry.value, Moment::Sent, out));
            with.push((entry.key.text.to_string(), value));
        }
        Some(StepKind::Token { device, with })
    }

    fn flow_use(&mut self, node: &Node, fields: &Fields<'_>, step: &Node, out: &mut Diagnostics) -> Option<StepKind> {
        let name = text(node, out)?;
        self.uses.entry(name.to_owned()).or_insert(node.span);
        let Some(signature) = self.context.signatures.get(name) else {
            let near = nearest(name, self.context.signatures.keys());
            out.push(
                Diagnostic::error(Code::UnknownFlow, format!("no flow is called `{name}`"))
                    .at(node.span, "unknown flow")
                    .help_nearest(near),
            );
            return None;
        };
        let given = fields.map("with", out);
        for entry in &given {
            if !signature.inputs.iter().any(|input| **input == *entry.key.text) {
                out.push(
                    Diagnostic::error(Code::FlowInput, format!("the flow `{name}` has no input `{}`", entry.key.text))
                        .at(entry.key.span, "unknown input")
                        .help_nearest(nearest(&entry.key.text, signature.inputs.iter().map(String::as_str))),
                );
            }
        }
        for input in &signature.inputs {
            if given.iter().all(|entry| *entry.key.text != **input) {
                out.push(
                    Diagnostic::error(Code::FlowInput, format!("the flow `{name}` needs the input `{input}`"))
                        .at(node.span, "an input is missing")
                        .help(format!("with: {{ {input}: … }}")),
                );
            }
        }
        for key in ["capture", "collect"] {
            for entry in fields.map(key, out) {
                let output = match &entry.value.kind {
                    NodeKind::Map(_) => entry.value.get("from").unwrap_or(&entry.value),
                    NodeKind::Null
                    | NodeKind::Bool(_)
                    | NodeKind::Number(_)
                    | NodeKind::Text(_)
                    | NodeKind::List(_) => &entry.value,
                };
                if let Some(wanted) = output.as_text()
                    && !signature.outputs.iter().any(|known| known == wanted)
                {
                    out.push(
                        Diagnostic::error(Code::FlowOutput, format!("the flow `{name}` has no output `{wanted}`"))
                            .at(output.span, "unknown output")
                            .help_nearest(nearest(wanted, signature.outputs.iter().map(String::as_str))),
                    );
                }
            }
        }
        for key in ["given", "expect", "should", "poll", "undo", "deadline", "query", "headers", "json"] {
            if let Some(entry) = step.entry(key).filter(|entry| !entry.value.is_null()) {
                out.push(
                    Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `use`"))
                        .at(entry.key.span, "a flow judges itself"),
                );
            }
        }
        let with = given
            .into_iter()
            .map(|entry| (entry.key.text.to_string(), self.operand(&entry.value, Moment::Sent, out)))
            .collect();
        Some(StepKind::Use { flow: name.to_owned(), with })
    }

    fn captures(&mut self, fields: &Fields<'_>, key: &str, of_flow: bool, out: &mut Diagnostics) -> Vec<Capture> {
        fields
            .map(key, out)
            .into_iter()
            .filter_map(|entry| {
                let (from, optional) = match entry.value.as_map() {
                    Some(_) => {
                        let fields = Fields::open(
                            &entry.value,
                            &[Field::required("from", Shape::Text, ""), Field::optional("optional", Shape::Bool, "")],
                            "a capture",
                            out,
                        )?;
                        (fields.get("from")?, fields.flag("optional", out).unwrap_or(false))
                    }
                    None => (&entry.value, false),
                };
                let from = if of_flow {
                    CaptureFrom::Output(text(from, out)?.to_owned())
                } else {
                    let mut compiler = self.compiler(out);
                    let source = Source::parse(from, &mut compiler);
                    let late = compiler.is_late();
                    self.late |= late;
                    CaptureFrom::Answer(source?)
                };
                Some(Capture { name: entry.key.text.to_string(), from, optional, span: entry.key.span })
            })
            .collect()
    }

    fn poll(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Poll> {
        let fields = Fields::open(node, POLL_FIELDS, "`poll`", out)?;
        let until = self.checks(fields.get("until"), out);
        let never = self.checks(fields.get("never"), out);
        let always = self.checks(fields.get("always"), out);
        let give_up = self.checks(fields.get("give_up"), out);
        let every = self.duration(fields.get("every"), out).unwrap_or(Duration::from_millis(500));
        let for_ = self.duration(fields.get("for"), out).unwrap_or(Duration::from_secs(20));
        let aim = match (fields.entry("until"), fields.entry("never")) {
            (Some(_), Some(never)) => {
                out.push(
                    Diagnostic::error(Code::WrongType, "`until` and `never` exclude each other")
                        .at(never.key.span, "one too many"),
                );
                return None;
            }
            (None, None) => {
                out.push(
                    Diagnostic::error(Code::MissingKey, "`poll` needs `until` or `never`").at(node.span, "never ends"),
                );
                return None;
            }
            (Some(_), None) => Aim::Until(until?),
            (None, Some(entry)) => {
                if always.is_none() && fields.get("always").is_none() {
                    out.push(
                        Diagnostic::error(
                            Code::VacuousCheck,
                            "`never` without `always` holds for an endpoint that is dead",
                        )
                        .at(entry.key.span, "needs `always` beside it"),
                    );
                }
                Aim::Never(never?)
            }
        };
        Some(Poll { aim, give_up, always, every, for_, span: node.span })
    }

    fn undo(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Undo> {
        if let Some(items) = node.as_list() {
            let span = items.first().map_or(node.span, |item| item.span);
            out.push(
                Diagnostic::error(Code::NotYetSupported, "a list of undo steps is not supported yet")
                    .at(span, "not supported yet"),
            );
            return None;
        }
        let fields = Fields::open(node, UNDO_FIELDS, "`undo`", out)?;
        let line = fields.get("request")?;
        let line_text = text(line, out)?;
        let parsed = match RequestLine::parse(line_text) {
            Ok(parsed) => parsed,
            Err(error) => {
                out.push(Diagnostic::error(Code::BadRequestLine, error.to_string()).at(line.span, "no request line"));
                return None;
            }
        };
        self.template(line, Moment::Settled, out)?;
        let template = Template::parse(parsed.place).ok()?;
        let place = if parsed.place.starts_with('/') { UrlSpec::Path(template) } else { UrlSpec::Whole(template) };
        let body = match (fields.get("json"), fields.get("form")) {
            (Some(json), _) => BodySpec::Json(self.operand(json, Moment::Settled, out)),
            (None, Some(form)) => BodySpec::Form(self.pairs_at(Some(form), Moment::Settled, out)),
            (None, None) => BodySpec::Empty,
        };
        let mut done = Vec::new();
        for item in fields.get("done").and_then(Node::as_list).unwrap_or_default() {
            let written = match &item.kind {
                NodeKind::Number(number) => number.to_string(),
                NodeKind::Text(text) => text.value.to_string(),
                NodeKind::Null | NodeKind::Bool(_) | NodeKind::List(_) | NodeKind::Map(_) => String::new(),
            };
            match StatusSpan::parse(&written) {
                Some(span) => done.push(span),
                None => wrong_type(item, "a status such as 404 or 2xx", out),
            }
        }
        if done.is_empty() {
            done = StatusSpan::GONE.to_vec();
        }
        let request = RequestSpec {
            method: parsed.method.to_owned(),
            place,
            query: self.pairs_at(fields.get("query"), Moment::Settled, out),
            headers: self.texts(fields.get("headers"), out),
            cookies: Vec::new(),
            body,
            span: line.span,
        };
        let acting = fields.get("as").and_then(|node| self.acting(node, out));
        Some(Undo { request, acting, done, span: node.span })
    }

    /// Decodes who acts.
    pub(super) fn acting(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Acting> {
        if node.as_map().is_none() {
            return self.device(node, out).map(|device| Acting { device, present: Present::Own });
        }
        let fields = Fields::open(node, ACTING_FIELDS, "`as`", out)?;
        let device = self.device(fields.get("device")?, out)?;
        let present = match (fields.get("bearer"), fields.get("present")) {
            (Some(bearer), None) => Present::Bearer(self.template(bearer, Moment::Sent, out)?),
            (None, Some(node)) if node.as_text() == Some("basic") => Present::Basic,
            (None, Some(node)) => {
                wrong_type(node, "`basic`", out);
                return None;
            }
            (Some(_), Some(node)) => {
                out.push(
                    Diagnostic::error(Code::WrongType, "`bearer` and `present` exclude each other")
                        .at(node.span, "one too many"),
                );
                return None;
            }
            (None, None) => Present::Own,
        };
        Some(Acting { device, present })
    }

    fn device(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Option<String>> {
        let name = match self.fixed(node, out)? {
            Fixed::Now(name) => name,
            Fixed::Later => return Some(None),
        };
        if name == "nobody" {
            return Some(None);
        }
        match &self.actors {
            Actors::Caller => {
                out.push(
                    Diagnostic::error(Code::UnknownDevice, "a flow acts as whoever uses it, or as `nobody`")
                        .at(node.span, "no device is known here"),
                );
                None
            }
            Actors::Known { devices, identities } => {
                if !devices.contains(&name) {
                    if let Some(identities) = identities
                        && !identities.contains(&name)
                    {
                        let near = nearest(&name, devices.iter().chain(identities).map(String::as_str));
                        out.push(
                            Diagnostic::error(
                                Code::UnknownDevice,
                                format!("no device and no identity is called `{name}`"),
                            )
                            .at(node.span, "unknown")
                            .help_nearest(near),
                        );
                        return None;
                    }
                    self.implied.insert(name.clone());
                }
                Some(Some(name))
            }
        }
    }

    fn verifies(&mut self, fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Arc<[RequirementId]>> {
        if fields.get("verifies").is_none() {
            return self.verifies.clone();
        }
        Some(requirements(fields, self.context, out).into())
    }

    fn checks(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Option<Checks> {
        let node = node?;
        let mut compiler = self.compiler(out);
        let checks = Checks::parse(node, &mut compiler);
        let late = compiler.is_late();
        self.late |= late;
        checks
    }

    fn operand(&mut self, node: &Node, moment: Moment, out: &mut Diagnostics) -> Operand {
        self.compiler(out).operand(node, moment)
    }

    fn template(&mut self, node: &Node, moment: Moment, out: &mut Diagnostics) -> Option<Template> {
        self.compiler(out).template(node, moment)
    }

    fn fixed(&mut self, node: &Node, out: &mut Diagnostics) -> Option<Fixed> {
        let mut compiler = self.compiler(out);
        let fixed = compiler.fixed(node, str::to_owned);
        let late = compiler.is_late();
        self.late |= late;
        fixed
    }

    fn duration(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Option<Duration> {
        let node = node?;
        match self.fixed(node, out)? {
            Fixed::Later => None,
            Fixed::Now(text) => {
                let duration = parse_duration(&text);
                if duration.is_none() {
                    out.push(bad_duration(node));
                }
                duration
            }
        }
    }

    fn pairs(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Vec<(String, Operand)> {
        self.pairs_at(node, Moment::Sent, out)
    }

    fn pairs_at(&mut self, node: Option<&Node>, moment: Moment, out: &mut Diagnostics) -> Vec<(String, Operand)> {
        let Some(node) = node else { return Vec::new() };
        map(node, out)
            .into_iter()
            .map(|entry| (entry.key.text.to_string(), self.operand(&entry.value, moment, out)))
            .collect()
    }

    fn texts(&mut self, node: Option<&Node>, out: &mut Diagnostics) -> Vec<(String, Option<Template>)> {
        let Some(node) = node else { return Vec::new() };
        let Some(entries) = node.as_map() else {
            wrong_type(node, "a map", out);
            return Vec::new();
        };
        entries
            .iter()
            .filter_map(|entry| {
                let name = entry.key.text.to_string();
                if entry.value.is_null() {
                    return Some((name, None));
                }
                Some((name, Some(self.template(&entry.value, Moment::Sent, out)?)))
            })
            .collect()
    }

    fn compiler<'d>(&'d self, out: &'d mut Diagnostics) -> Compiler<'d> {
        Compiler::new(out, &self.names, self.plan, self.context.schemas, self.context.sets)
    }

    fn check_set_names(&self, node: &Node, out: &mut Diagnostics) {
        for (name, span) in set_names(node) {
            if Name::parse(&name).is_err() {
                let message = format!("`{name}` cannot be a name");
                out.push(Diagnostic::error(Code::BadName, message).at(span, "letters, digits, `_` and `-`"));
            } else if let Some(other) = self.names.hides(&name) {
                let message = format!("`{name}` hides {other}");
                out.push(Diagnostic::error(Code::NameShadows, message).at(span, "take another name"));
            } else if let Actors::Known { devices, .. } = &self.actors
                && devices.contains(&name)
            {
                let message = format!("`{name}` hides a device");
                out.push(Diagnostic::error(Code::NameShadows, message).at(span, "take another name"));
            }
        }
    }

    fn lint(&self, node: &Node, fields: &Fields<'_>, step: &mut Step, out: &mut Diagnostics) {
        let blocks = [&step.given, &step.expect, &step.should];
        let is_judged = blocks.iter().any(|block| block.is_some()) || step.poll.is_some();
        let says_so = ["given", "expect", "should", "poll"].iter().any(|key| fields.entry(key).is_some());
        match &step.kind {
            StepKind::Request(_) | StepKind::Token { .. } | StepKind::Judge if !is_judged && !says_so => {
                let what = if matches!(step.kind, StepKind::Judge) {
                    "a step that does nothing"
                } else {
                    "an answer that nothing judges"
                };
                out.push(
                    Diagnostic::error(Code::UnjudgedAnswer, what)
                        .at(step.span, "needs `given`, `expect` or `should`")
                        .help("`given: { status: 2xx }` is enough for a precondition"),
                );
            }
            StepKind::Elapse(_) => {
                for key in
                    ["given", "expect", "should", "poll", "undo", "capture", "collect", "query", "headers", "json"]
                {
                    if let Some(entry) = fields.entry(key) {
                        out.push(
                            Diagnostic::error(Code::WrongType, format!("`{key}` cannot stand beside `elapse`"))
                                .at(entry.key.span, "time has no answer"),
                        );
                    }
                }
            }
            StepKind::Request(_) | StepKind::Token { .. } | StepKind::Judge | StepKind::Use { .. } => {}
        }
        if fields.entry("vacuous").is_some() {
            return;
        }
        for (key, block) in ["expect", "should"].iter().zip([&step.expect, &step.should]) {
            let Some(block) = block else { continue };
            for check in &block.list {
                if let Some(why) = check.rule.vacuous() {
                    let span = node.get(key).map_or(step.span, |node| node.span);
                    let at = if check.span.source == span.source { check.span } else { span };
                    out.push(
                        Diagnostic::error(Code::VacuousCheck, format!("this check cannot fail: {why}"))
                            .at(at, "holds for any answer")
                            .help("say `vacuous: REASON` beside it where that is meant"),
                    );
                }
            }
        }
    }
}

/// The requirements at the key `verifies`; an unknown one is a problem.
pub(super) fn requirements(fields: &Fields<'_>, context: &Context<'_>, out: &mut Diagnostics) -> Vec<RequirementId> {
    let mut list = Vec::new();
    for (text, node) in fields.texts("verifies", out).unwrap_or_default() {
        let id = RequirementId::new(text);
        if context.catalogue.get(&id).is_some() {
            list.push(id);
        } else {
            let known = context.catalogue.requirements.iter().map(|requirement| requirement.id.as_str());
            out.push(
                Diagnostic::error(Code::UnknownRequirement, format!("no requirement is called `{text}`"))
                    .at(node.span, "unknown requirement")
                    .help_nearest(nearest(text, known)),
            );
        }
    }
    list
}

/// Names that a step sets, with the place of each.
fn set_names(step: &Node) -> Vec<(String, Span)> {
    ["capture", "collect"]
        .iter()
        .filter_map(|key| step.get(key)?.as_map())
        .flatten()
        .filter(|entry| !entry.value.is_null())
        .map(|entry| (entry.key.text.to_string(), entry.key.span))
        .collect()
}

fn step_name(step: &Node, index: usize) -> String {
    step.get("step").and_then(Node::as_text).map_or_else(|| (index + 1).to_string(), str::to_owned)
}

fn bad_duration(node: &Node) -> Diagnostic {
    Diagnostic::error(Code::BadDuration, "a duration is a number and a unit")
        .at(node.span, "no duration")
        .help("such as 500ms, 20s, 5m or 2h")
}
