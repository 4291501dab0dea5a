use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::diag::Span;
use crate::event::{Level, RequirementId};
use crate::judge::{Checks, Source};
use crate::value::{NamePath, Operand, Template};

/// One step of a scenario or a flow.
#[derive(Debug)]
pub struct Step {
    /// Its name, or its number from 1.
    pub name: String,
    /// What it does.
    pub kind: StepKind,
    /// Who does it; none when whoever uses the flow does.
    pub acting: Option<Acting>,
    /// Names set by earlier steps that it uses: without a value of each it is left out.
    pub needs: BTreeSet<String>,
    /// Conditions under which it is done.
    pub when: Option<Checks>,
    /// Preconditions and controls.
    pub given: Option<Checks>,
    /// Promises.
    pub expect: Option<Checks>,
    /// Advice.
    pub should: Option<Checks>,
    /// Names that it sets.
    pub captures: Vec<Capture>,
    /// Lists that it appends to.
    pub collects: Vec<Capture>,
    /// How it is sent again until something holds.
    pub poll: Option<Poll>,
    /// How what it creates is removed.
    pub undo: Option<Arc<Undo>>,
    /// The requirements that it is evidence for; none when those of the scenario, or of the step that uses the flow.
    pub verifies: Option<Arc<[RequirementId]>>,
    /// The strictest level of [`Self::verifies`].
    pub level: Option<Level>,
    /// How long one attempt may take.
    pub deadline: Duration,
    /// Where its first key stands.
    pub span: Span,
}

impl Step {
    /// The step, and the members of the set that it is.
    pub fn with_members(&self) -> impl Iterator<Item = &Self> {
        let members = match &self.kind {
            StepKind::Together(members) => members.as_slice(),
            StepKind::Request(_)
            | StepKind::Token { .. }
            | StepKind::Authorize { .. }
            | StepKind::Elapse(_)
            | StepKind::Use { .. }
            | StepKind::Judge => &[],
        };
        std::iter::once(self).chain(members.iter().map(|member| &member.step))
    }
}

/// What a step does.
#[derive(Debug)]
pub enum StepKind {
    /// Sends a request.
    Request(Box<RequestSpec>),
    /// Sends the raw token request of an identity, as its target declares it.
    Token {
        /// The device, or the identity that stands for one.
        device: String,
        /// Parameters over those of the grant, by their OAuth names; nothing leaves one out.
        with: Vec<(String, Option<Operand>)>,
    },
    /// Signs in as a browser does, by the authorization endpoint of an identity.
    Authorize {
        /// The device, or the identity that stands for one.
        device: String,
        /// Parameters of the authorization request over those of the grant, by their OAuth names; nothing leaves one
        /// out.
        with: Vec<(String, Option<Operand>)>,
    },
    /// Does several steps at the same moment.
    Together(Vec<Member>),
    /// Lets time pass: a duration.
    Elapse(Elapse),
    /// Does the steps of a flow.
    Use {
        /// Its name.
        flow: String,
        /// Its inputs.
        with: BTreeMap<String, Operand>,
    },
    /// Sends nothing and judges names.
    Judge,
}

/// A step that is done at the same moment as others.
#[derive(Debug)]
pub struct Member {
    /// What it does: a request, a token request, or letting time pass.
    pub step: Step,
    /// How long after the others it starts, in real time.
    pub after: Duration,
}

/// How long time is to pass.
#[derive(Clone, Debug)]
pub struct Elapse {
    /// A text that is a duration once names are put in.
    pub span: Template,
    /// The duration, where it is known when the suite is loaded.
    pub literal: Option<Duration>,
}

/// A request, with names in it.
#[derive(Debug)]
pub struct RequestSpec {
    /// Method, in capitals.
    pub method: String,
    /// Where it goes.
    pub place: UrlSpec,
    /// Parameters that are added to the query.
    pub query: Vec<(String, Operand)>,
    /// Header fields; a null leaves a default one out.
    pub headers: Vec<(String, Option<Template>)>,
    /// Cookies besides those of the jar; a null leaves one of the jar out.
    pub cookies: Vec<(String, Option<Template>)>,
    /// The body.
    pub body: BodySpec,
    /// Where it stands.
    pub span: Span,
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub enum UrlSpec {
    /// A path, and a query, relative to `base_url`.
    Path(Template),
    /// A whole URL that begins with a name.
    Whole(Template),
}

impl UrlSpec {
    /// The text with names in it.
    #[must_use]
    pub fn template(&self) -> &Template {
        match self {
            Self::Path(template) | Self::Whole(template) => template,
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum BodySpec {
    /// None.
    Empty,
    /// JSON.
    Json(Operand),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, Operand)>),
    /// Text.
    Text(Template),
    /// The bytes of a file of the suite.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Arc<[u8]>,
    },
    /// `multipart/form-data`.
    Multipart(Vec<(String, PartSpec)>),
}

/// A part of a multipart body.
#[derive(Clone, Debug)]
pub enum PartSpec {
    /// A value.
    Value(Operand),
    /// A file of the suite.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Arc<[u8]>,
        /// Its media type.
        media_type: Option<String>,
    },
}

/// Who does a step, and what they show.
#[derive(Clone, Debug)]
pub struct Acting {
    /// The device; none is `nobody`.
    pub device: Option<String>,
    /// What is shown.
    pub present: Present,
}

/// What a device shows to prove who it is.
#[derive(Clone, Debug)]
pub enum Present {
    /// What the harness has for it.
    Own,
    /// Exactly this bearer token.
    Bearer(Template),
    /// The OAuth client's own id and secret.
    Basic,
}

/// A name that a step sets.
#[derive(Debug)]
pub struct Capture {
    /// The name.
    pub name: String,
    /// Where its value is found.
    pub from: CaptureFrom,
    /// Whether finding nothing is all right.
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// Where the value of a captured name is found.
#[derive(Debug)]
pub enum CaptureFrom {
    /// In the answer.
    Answer(Source),
    /// Among the outputs of the flow that the step uses.
    Output(String),
}

/// How a step is sent again until something holds.
#[derive(Debug)]
pub struct Poll {
    /// When it ends.
    pub aim: Aim,
    /// When there is nothing to wait for.
    pub give_up: Option<Checks>,
    /// What every attempt must meet.
    pub always: Option<Checks>,
    /// Pause between attempts, in real time.
    pub every: Duration,
    /// How long, by the target's clock.
    pub for_: Duration,
    /// Where it stands.
    pub span: Span,
}

impl Poll {
    /// Where the block of this key stands, as far as there is one.
    #[must_use]
    pub fn span_of(&self, part: &str) -> Span {
        let block = match (part, &self.aim) {
            ("until", Aim::Until(checks)) | ("never", Aim::Never(checks)) => Some(checks),
            ("give_up", _) => self.give_up.as_ref(),
            ("always", _) => self.always.as_ref(),
            (_, _) => None,
        };
        block.map_or(self.span, |checks| checks.span)
    }
}

/// When a poll ends.
#[derive(Debug)]
pub enum Aim {
    /// As soon as this holds.
    Until(Checks),
    /// At the end of its time; this must not hold once.
    Never(Checks),
}

/// How what a step created is removed: requests that are sent in order until one of them says that it is gone.
#[derive(Debug)]
pub struct Undo {
    /// The requests; at least one.
    pub entries: Vec<UndoEntry>,
    /// The names in all of them, those that they capture themselves among them.
    pub names: BTreeSet<NamePath>,
    /// Where it stands.
    pub span: Span,
}

/// One request of an [`Undo`].
#[derive(Debug)]
pub struct UndoEntry {
    /// The request.
    pub request: RequestSpec,
    /// Who sends it; none when whoever did the step.
    pub acting: Option<Acting>,
    /// Names that it sets for the entries after it; finding nothing is all right.
    pub captures: Vec<Capture>,
    /// Statuses that count as gone.
    pub done: Vec<StatusSpan>,
    /// Where it stands.
    pub span: Span,
}

impl UndoEntry {
    /// The request as it stands in the suite, for a person.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{} {}", self.request.method, self.request.place.template().text())
    }
}

/// Statuses from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusSpan {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
}

impl StatusSpan {
    /// Reads `404` or `2xx`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] = text.as_bytes() {
            let first = u16::from(class - b'0') * 100;
            return Some(Self { first, last: first + 99 });
        }
        let status = text.parse().ok().filter(|status| (100..=599).contains(status))?;
        (text.len() == 3).then_some(Self { first: status, last: status })
    }

    /// Whether `status` is among them.
    #[must_use]
    pub fn holds(self, status: u16) -> bool {
        (self.first..=self.last).contains(&status)
    }

    /// The answers that count as gone where a suite does not say: 2xx, 404, 410.
    pub const GONE: [Self; 3] =
        [Self { first: 200, last: 299 }, Self { first: 404, last: 404 }, Self { first: 410, last: 410 }];

    /// The same for a request that only finds the thing for those after it: 404, 410. Its 2xx removes nothing.
    pub const NOT_THERE: [Self; 2] = [Self { first: 404, last: 404 }, Self { first: 410, last: 410 }];
}
