use std::collections::BTreeMap;

use serde::Serialize;

use crate::judge::{Operation, StatusKey, Stranger};
use crate::suite::Suite;

/// The version of the JSON that [`Coverage`] is printed as: a member may be added, none changes its meaning.
const FORMAT: u32 = 1;

/// What of the operations of a suite's OpenAPI documents is touched: what `assize list --coverage` shows.
///
/// ```json
/// { "format": 1, "suite": "shop", "documents": ["api.yaml"], "basis": "recorded",
///   "operations": [{ "operation": "getOrder", "request": "GET /orders/{id}", "place": "api.yaml:9", "requests": 3,
///     "statuses": [{ "name": "200", "touched": true }], "parameters": [{ "name": "path id", "touched": true }],
///     "content_types": [{ "name": "200 application/json", "touched": true }],
///     "undocumented": [{ "what": "field", "status": 200, "name": "$.extra", "answers": 2 }] }],
///   "undocumented_requests": [],
///   "totals": { "operations": [1, 1], "statuses": [1, 1], "parameters": [1, 1], "content_types": [1, 1], "undocumented": 1 } }
/// ```
#[derive(Debug, Serialize)]
pub(super) struct Coverage {
    format: u32,
    suite: String,
    documents: Vec<String>,
    /// What it was counted by.
    pub(super) basis: Basis,
    /// The operations, in the order of the documents.
    pub(super) operations: Vec<Covered>,
    /// Requests that no document describes, `METHOD path` as they are written.
    pub(super) undocumented_requests: Vec<String>,
    /// All together.
    pub(super) totals: CoverageTotals,
}

/// What coverage is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Basis {
    /// What the steps of the suite send and judge.
    Written,
    /// What was sent and came in a recorded run.
    Recorded,
}

/// What of one operation is touched.
#[derive(Debug, Serialize)]
pub(super) struct Covered {
    /// Its id, or its request.
    pub(super) operation: String,
    /// `METHOD /path/{template}`.
    pub(super) request: String,
    /// Where the document describes it.
    place: String,
    /// How many steps send it, or how many times it was sent.
    pub(super) requests: usize,
    /// Its statuses.
    pub(super) statuses: Vec<Touch>,
    /// Its parameters, with where each stands.
    pub(super) parameters: Vec<Touch>,
    /// The media types of its answers, with the status of each; known of a recorded run alone.
    pub(super) content_types: Vec<Touch>,
    /// What came and is not documented.
    pub(super) undocumented: Vec<Undocumented>,
}

/// Something of an operation that is touched or not.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Touch {
    pub(super) name: String,
    pub(super) touched: bool,
}

/// Something in answers that the document does not know.
#[derive(Debug, Serialize)]
pub(super) struct Undocumented {
    /// `status`, `content-type` or `field`.
    pub(super) what: &'static str,
    /// The status of the answers.
    pub(super) status: u16,
    /// The media type, or the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// How many answers have it.
    pub(super) answers: usize,
}

/// Of each kind, how many are touched and how many there are.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct CoverageTotals {
    pub(super) operations: [usize; 2],
    pub(super) statuses: [usize; 2],
    pub(super) parameters: [usize; 2],
    pub(super) content_types: [usize; 2],
    /// Kinds of undocumented things.
    pub(super) undocumented: usize,
}

impl Coverage {
    /// Coverage in which nothing is touched yet.
    pub(super) fn new(suite: &Suite, basis: Basis) -> Self {
        Self {
            format: FORMAT,
            suite: suite.name.clone(),
            documents: suite.documented.files.clone(),
            basis,
            operations: suite.documented.api.operations().iter().map(|it| Covered::new(it, basis)).collect(),
            undocumented_requests: Vec::new(),
            totals: CoverageTotals::default(),
        }
    }

    /// What is counted of this operation.
    pub(super) fn of(&mut self, operation: &Operation) -> Option<&mut Covered> {
        let request = operation.request();
        self.operations.iter_mut().find(|covered| covered.request == request)
    }

    /// Notes a request that no document describes.
    pub(super) fn stranger(&mut self, request: String) {
        if !self.undocumented_requests.contains(&request) {
            self.undocumented_requests.push(request);
        }
    }

    /// Counts everything together.
    pub(super) fn counted(mut self) -> Self {
        let of = |parts: fn(&Covered) -> &[Touch]| {
            let all = || self.operations.iter().flat_map(parts);
            [all().filter(|part| part.touched).count(), all().count()]
        };
        self.totals = CoverageTotals {
            operations: [self.operations.iter().filter(|it| it.requests > 0).count(), self.operations.len()],
            statuses: of(|it| &it.statuses),
            parameters: of(|it| &it.parameters),
            content_types: of(|it| &it.content_types),
            undocumented: self.operations.iter().map(|it| it.undocumented.len()).sum(),
        };
        self
    }
}

impl Covered {
    fn new(operation: &Operation, basis: Basis) -> Self {
        let untouched = |name: String| Touch { name, touched: false };
        let content_types = operation.content_types().map(|(status, range)| untouched(format!("{status} {range}")));
        Self {
            operation: operation.name(),
            request: operation.request(),
            place: operation.place.clone(),
            requests: 0,
            statuses: operation.statuses().map(|key| untouched(key.to_string())).collect(),
            parameters: operation.parameters.iter().map(|it| untouched(it.to_string())).collect(),
            content_types: if basis == Basis::Recorded { content_types.collect() } else { Vec::new() },
            undocumented: Vec::new(),
        }
    }

    /// Notes a documented status.
    pub(super) fn status(&mut self, key: StatusKey) {
        touch(&mut self.statuses, &key.to_string());
    }

    /// Notes a documented media type of an answer.
    pub(super) fn content_type(&mut self, key: StatusKey, range: &str) {
        touch(&mut self.content_types, &format!("{key} {range}"));
    }

    /// Notes a parameter, by its number.
    pub(super) fn parameter(&mut self, number: usize) {
        if let Some(part) = self.parameters.get_mut(number) {
            part.touched = true;
        }
    }

    /// Takes in what was not documented, and in how many answers.
    pub(super) fn strangers(&mut self, strangers: &BTreeMap<Stranger, usize>) {
        self.undocumented.extend(strangers.iter().map(|(stranger, answers)| {
            let (what, status, name) = match stranger {
                Stranger::Status(status) => ("status", *status, None),
                Stranger::ContentType(status, name) => ("content-type", *status, Some(name.clone())),
                Stranger::Field(status, name) => ("field", *status, Some(name.clone())),
            };
            Undocumented { what, status, name, answers: *answers }
        }));
    }
}

fn touch(parts: &mut [Touch], name: &str) {
    for part in parts.iter_mut().filter(|part| part.name == name) {
        part.touched = true;
    }
}
