use crate::judge::Checks;
use crate::value::{Field, Record, Shape};

pub(super) const DURATION: Shape = Shape::Duration;
pub(super) const CHECKS: Shape = Shape::Named("checks", Checks::fields);
pub(super) const CHECK_BLOCK: Shape =
    Shape::Either(&[CHECKS, Shape::Integer, Shape::Text, Shape::List(&Shape::Either(&[Shape::Integer, Shape::Text]))]);
pub(super) const CAPTURE: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Record(&Record {
        name: "capture",
        doc: "Where the value of a name is found.",
        fields: &[
            Field::required(
                "from",
                Shape::Text,
                "A JSONPath, `header NAME`, `cookie NAME`, `location NAME`, `text REGEX`, `status`, `reason`.",
            ),
            Field::optional("optional", Shape::Bool, "Finding nothing is no failure."),
        ],
    }),
]);
pub(super) const ACTING_FIELDS: &[Field] = &[
    Field::required("device", Shape::Text, "The device."),
    Field::optional("bearer", Shape::Text, "Exactly this token is sent."),
    Field::optional("present", Shape::Word(&["basic"]), "`basic`: the OAuth client's own id and secret are sent."),
];
/// Who does a step.
pub(in crate::suite) const ACTING: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Record(&Record { name: "acting", doc: "Who does it, and what they show.", fields: ACTING_FIELDS }),
]);
pub(super) const FILE_FIELDS: &[Field] = &[
    Field::required("file", Shape::Text, "A file of the suite."),
    Field::optional("type", Shape::Text, "Its media type."),
];
pub(super) const PART: Shape = Shape::Either(&[
    Shape::Text,
    Shape::Number,
    Shape::Record(&Record { name: "part", doc: "A file as a part of a multipart body.", fields: FILE_FIELDS }),
]);
pub(super) const ANY_MAP: Shape = Shape::Map(&Shape::Any);
pub(super) const BODY_FIELDS: [Field; 5] = [
    Field::optional("json", Shape::Any, "The body, as JSON."),
    Field::optional("form", ANY_MAP, "The body, as `application/x-www-form-urlencoded`."),
    Field::optional("text", Shape::Text, "The body, as text."),
    Field::optional("multipart", Shape::Map(&PART), "The body, as `multipart/form-data`."),
    Field::optional("file", Shape::Text, "The body: the bytes of a file of the suite."),
];
pub(super) const POLL_FIELDS: &[Field] = &[
    Field::optional("until", CHECKS, "Sends again until this holds."),
    Field::optional("never", CHECKS, "Sends again to the end of `for`; this must not hold once."),
    Field::optional("give_up", CHECKS, "Once this holds, there is nothing to wait for."),
    Field::optional("always", CHECKS, "Every attempt must meet this."),
    Field::optional("every", DURATION, "Pause between attempts (500ms)."),
    Field::optional("for", DURATION, "How long, by the target's clock (20s)."),
];
const STATUSES: Shape = Shape::List(&Shape::Either(&[Shape::Integer, Shape::Text]));
pub(super) const UNDO_FIELDS: &[Field] = &[
    Field::required("request", Shape::Text, "The request that removes what the step created."),
    Field::optional("as", ACTING, "Who sends it; the step's device otherwise."),
    Field::optional("query", ANY_MAP, "Parameters that are added to the query."),
    Field::optional("headers", ANY_MAP, "Header fields, over the defaults; null leaves one out."),
    Field::optional("cookies", ANY_MAP, "Cookies, over the jar's; null leaves one out."),
    BODY_FIELDS[0],
    BODY_FIELDS[1],
    BODY_FIELDS[2],
    BODY_FIELDS[3],
    BODY_FIELDS[4],
    Field::optional("done", STATUSES, "Answers that count as gone (2xx, 404, 410)."),
];
pub(super) const UNDO_ENTRY_FIELDS: &[Field] = &[
    Field::required("request", Shape::Text, "A request that finds or removes what the step created."),
    Field::optional("as", ACTING, "Who sends it; the step's device otherwise."),
    Field::optional("query", ANY_MAP, "Parameters that are added to the query."),
    Field::optional("headers", ANY_MAP, "Header fields, over the defaults; null leaves one out."),
    Field::optional("cookies", ANY_MAP, "Cookies, over the jar's; null leaves one out."),
    BODY_FIELDS[0],
    BODY_FIELDS[1],
    BODY_FIELDS[2],
    BODY_FIELDS[3],
    BODY_FIELDS[4],
    Field::optional(
        "capture",
        Shape::Map(&CAPTURE),
        "Names that it sets for the requests after it; finding nothing is all right.",
    ),
    Field::optional(
        "done",
        STATUSES,
        "Answers that count as gone (2xx, 404, 410; of a request that captures and is not the last, 404, 410).",
    ),
];
const UNDO: Shape = Shape::Either(&[
    Shape::Record(&Record { name: "undo", doc: "How what it creates is removed.", fields: UNDO_FIELDS }),
    Shape::List(&Shape::Record(&Record {
        name: "undo-entry",
        doc: "One of several requests that remove what a step creates; they are sent until one says that it is gone.",
        fields: UNDO_ENTRY_FIELDS,
    })),
]);

/// The keys of a step.
pub(in crate::suite) const STEP_FIELDS: &[Field] = &[
    Field::optional("step", Shape::Text, "Its name; its number where it is left out."),
    Field::optional("verifies", Shape::List(&Shape::Text), "The requirements that it is evidence for."),
    Field::optional("as", ACTING, "Who does it; `nobody` shows nothing."),
    Field::optional("when", CHECKS, "Checks on `values` under which it is done."),
    Field::optional(
        "request",
        Shape::Text,
        "`METHOD /path?query`, relative to `base_url`, or `METHOD $(url)`; `.` and `..` in a path are sent as they stand.",
    ),
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
        "The inputs of the flow; the parameters of the token or authorization request, where null leaves one out.",
    ),
    Field::optional(
        "token",
        Shape::Text,
        "Sends the raw token request of a device or identity; `with` replaces its parameters.",
    ),
    Field::optional(
        "authorize",
        Shape::Text,
        "Signs in as a device or identity the way a browser does: the authorization request, redirects, the form of the \
         page, up to the redirect back; `with` replaces parameters.",
    ),
    Field::optional(
        "together",
        Shape::List(&Shape::Named("member", member_fields)),
        "Steps that are done at the same moment; `statuses` in the checks beside it judges all of their answers.",
    ),
    Field::optional(
        "poll",
        Shape::Record(&Record { name: "poll", doc: "Sends again until something holds.", fields: POLL_FIELDS }),
        "Sends again until something holds.",
    ),
    Field::optional("capture", Shape::Map(&CAPTURE), "Names that it sets."),
    Field::optional("collect", Shape::Map(&CAPTURE), "Lists that it appends to."),
    Field::optional("given", CHECK_BLOCK, "Preconditions and controls: a failure blocks the case."),
    Field::optional("expect", CHECK_BLOCK, "The promise."),
    Field::optional(
        "should",
        CHECK_BLOCK,
        "Advice beyond the promise: a failure is a warning, or of a SHOULD a note only; a SHOULD is claimed by `expect`.",
    ),
    Field::optional(
        "undo",
        UNDO,
        "How what it creates is removed when the case ends, however it ends: a request, or a list of them.",
    ),
    Field::optional("deadline", DURATION, "How long one attempt may take."),
];

pub(super) const KINDS: [&str; 6] = ["request", "token", "authorize", "together", "elapse", "use"];

/// What only a member of `together` says.
pub(super) const AFTER: Field =
    Field::optional("after", DURATION, "How long after the others it starts, in real time.");
/// What may stand beside `together`.
pub(super) const BESIDE_TOGETHER: [&str; 8] =
    ["step", "verifies", "when", "together", "given", "expect", "should", "after"];
/// What may not stand in a member, and what can be done instead.
pub(super) const NOT_IN_MEMBERS: &[(&str, &str)] = &[
    ("poll", "a member is sent once: poll in a step before or after the set"),
    ("together", "the members of one set start at the same moment already: put these into the same list"),
    ("use", "a flow is a series of steps: use it before the set, or write the one request out"),
    ("authorize", "a sign-in in a browser is a series of requests: do it in a step before the set"),
    ("when", "a condition on the set leaves all of it out"),
];

/// The keys of a member of `together`.
fn member_fields() -> Vec<Field> {
    let may_stand = |field: &&Field| NOT_IN_MEMBERS.iter().all(|(key, _)| *key != field.key);
    STEP_FIELDS.iter().filter(may_stand).copied().chain([AFTER]).collect()
}
