//! What is said of answers and requests that are not as a document says: one finding for each rule.

use std::fmt::Write as _;
use std::time::Duration;

use crate::event::{Answer, Block, Body, Header, Request, Verdict};
use crate::judge::{AnswerBody, Standing, Subject, judge};
use crate::value::{Json, Missing, MissingKind, NamePath, NoFacts, Scope};

use super::tree::Tree;

struct Nothing;

impl Scope for Nothing {
    fn lookup(&self, path: &NamePath) -> Result<Json, Missing> {
        Err(Missing { path: path.clone(), kind: MissingKind::Unknown })
    }
}

const NEW: &str = include_str!("openapi/pets-3.1.yaml");
const OLD: &str = include_str!("openapi/pets-3.0.yaml");
const ERROR: &str = r#"{ "type": "object", "required": ["code"], "properties": { "code": { "type": "integer" } } }"#;

/// What came: status, header fields, body.
struct Came<'a>(u16, &'a [(&'a str, &'a str)], &'a str);

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const PAGED: &[(&str, &str)] = &[("content-type", "application/json"), ("x-total", "1")];

/// What is said of an exchange; `sent` is a request line, header fields and a body.
fn told(document: &str, sent: (&str, &[(&str, &str)], &str), came: &Came<'_>) -> String {
    let (line, headers, body) = sent;
    let (method, place) = line.split_once(' ').expect("a request line");
    let suite = "suite: pets\nopenapi: pets.yaml\n";
    let scenario = format!("scenario: x\nsteps:\n  - request: {line}\n    expect: {{ status: {} }}\n", came.0);
    let tree = Tree::of(&[
        ("suite.yaml", suite),
        ("pets.yaml", document),
        ("schemas/error.json", ERROR),
        ("scenarios/x.yaml", &scenario),
    ]);
    let suite = tree.good();
    let checks = suite.scenarios[0].steps[0].expect.as_ref().expect("a block");
    let field = |(name, value): &(&str, &str)| Header::new(name, *value);
    let request = Request {
        method: method.to_owned(),
        url: format!("http://pets.example/v1{place}"),
        headers: headers.iter().map(field).collect(),
        body: Body::bytes(body.as_bytes()),
    };
    let answer = Answer {
        version: "HTTP/1.1".to_owned(),
        status: came.0,
        reason: None,
        headers: came.1.iter().map(field).collect(),
        body: Body::bytes(came.2.as_bytes()),
    };
    let body = AnswerBody::new(Some(&answer));
    let subject = Subject {
        body: &body,
        url: Some(&request.url),
        request: Some(&request),
        members: &[],
        snapshots: None,
        elapsed: Duration::ZERO,
        sent: &Nothing,
        settled: &Nothing,
        facts: &NoFacts,
    };
    let standing = Standing { block: Block::Expect, level: None };
    let findings = judge(checks, &subject, standing, |_| None);
    assert!(findings.len() == 3, "the status, the operation and the request: {findings:?}");
    let mut text = String::new();
    for finding in findings.iter().filter(|finding| finding.verdict != Verdict::Pass) {
        let at = finding.answer_at.as_deref().unwrap_or("-");
        writeln!(text, "{} {:?} [{}] at {at}", finding.check, finding.verdict, finding.code).expect("a string");
        writeln!(text, "    {}", finding.message).expect("a string");
        for detail in &finding.details {
            writeln!(text, "      {detail}").expect("a string");
        }
    }
    if text.is_empty() { "holds\n".to_owned() } else { text }
}

const GET: (&str, &[(&str, &str)], &str) = ("GET /pets/7", &[], "");
const DOG: &str = r#"{"id":7,"kind":"dog","name":"Rex","bark":"loud"}"#;

#[test]
fn an_answer_is_held_against_all_that_the_document_says() {
    let mut said = String::new();
    for (title, sent, came) in [
        ("as documented", GET, Came(200, PAGED, DOG)),
        ("a class of statuses", GET, Came(404, JSON, r#"{"code":4}"#)),
        ("a status that is not documented", GET, Came(302, JSON, "{}")),
        (
            "a content type that is not documented",
            GET,
            Came(200, &[("content-type", "text/html"), ("x-total", "1")], "<p>"),
        ),
        ("no content type", GET, Came(200, &[("x-total", "1")], DOG)),
        ("an empty body", GET, Came(200, PAGED, "")),
        ("a body that is no JSON", GET, Came(200, PAGED, "{")),
        ("a key that stands twice", GET, Came(200, PAGED, r#"{"id":7,"id":8,"kind":"dog","name":"Rex"}"#)),
        ("a header that must be there", GET, Came(200, JSON, DOG)),
        ("a header of another kind", GET, Came(200, &[("content-type", "application/json"), ("x-total", "many")], DOG)),
        (
            "a list in a header",
            GET,
            Came(
                200,
                &[
                    ("content-type", "application/json"),
                    ("x-total", "1"),
                    ("x-tags", "a,b"),
                    ("x-tags", "longer than it may be"),
                ],
                DOG,
            ),
        ),
        ("a field that is required", GET, Came(200, PAGED, r#"{"id":7,"kind":"dog"}"#)),
        (
            "a field that is for requests only",
            GET,
            Came(200, PAGED, r#"{"id":7,"kind":"dog","name":"Rex","bark":"loud","secret":"x"}"#),
        ),
        (
            "the branch that the discriminator names",
            GET,
            Came(200, PAGED, r#"{"id":7,"kind":"cat","name":"Tom","lives":"nine"}"#),
        ),
        ("a discriminator that names none", GET, Came(200, PAGED, r#"{"id":7,"kind":"cow","name":"Elsa"}"#)),
        ("a schema of the suite", GET, Came(404, JSON, r#"{"code":"four"}"#)),
        ("several at once", GET, Came(200, JSON, r#"{"id":"7","kind":"dog","name":5,"bark":1}"#)),
        (
            "a number that is too large to compare",
            GET,
            Came(200, PAGED, r#"{"id":123456789012345678901234567890,"kind":"dog","name":"Rex","bark":"x"}"#),
        ),
        ("a text that is a number", ("GET /pets/count", &[], ""), Came(200, &[("content-type", "text/plain")], "many")),
        ("no body for a HEAD", ("HEAD /pets/7", &[], ""), Came(200, JSON, "")),
        ("the default", ("DELETE /pets/7", &[], ""), Came(500, JSON, r#"{"code":true}"#)),
    ] {
        writeln!(said, "## {title}\n{}", told(NEW, sent, &came)).expect("a string");
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_document_of_3_0_is_read_by_its_own_rules() {
    let mut said = String::new();
    for (title, sent, came) in [
        (
            "null where it may be",
            GET,
            Came(200, JSON, r#"{"id":7,"name":null,"tag":null,"owner":null,"size":1,"state":null}"#),
        ),
        ("null where it may not be", GET, Came(200, JSON, r#"{"id":null,"name":"Rex"}"#)),
        ("a bound that is none of the values", GET, Came(200, JSON, r#"{"id":7,"name":"Rex","size":0}"#)),
        ("a whole number of 32 bits", GET, Came(200, JSON, r#"{"id":3000000000,"name":"Rex"}"#)),
        ("beside a reference nothing is read", GET, Came(200, JSON, r#"{"id":7,"name":"Rex","owner":5}"#)),
        ("a field for requests alone is not required", GET, Came(200, JSON, r#"{"id":7,"name":"Rex"}"#)),
    ] {
        writeln!(said, "## {title}\n{}", told(OLD, sent, &came)).expect("a string");
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_request_that_the_document_does_not_have_is_a_note_and_fails_nothing() {
    const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];
    let found = || Came(200, JSON, "[]");
    let made = || Came(201, &[], "");
    let mut said = String::new();
    for (title, sent, came) in [
        (
            "as documented",
            ("GET /pets?limit=5&tag=a&tag=b&near[x]=1", &[("x-trace", "5e8f0d1c-0000-4000-8000-000000000000")][..], ""),
            found(),
        ),
        ("a parameter of another kind", ("GET /pets?limit=many", &[][..], ""), found()),
        ("a parameter out of bounds", ("GET /pets?limit=500", &[][..], ""), found()),
        ("a parameter that is not documented", ("GET /pets?limt=5", &[][..], ""), found()),
        ("a parameter that must be there", ("GET /pets/search", &[][..], ""), found()),
        ("a list by its style", ("GET /pets/search?ids=1|2|x", &[][..], ""), found()),
        ("an object by its style", ("GET /pets?near[x]=far", &[][..], ""), found()),
        ("a header of another form", ("GET /pets", &[("x-trace", "abc")][..], ""), found()),
        ("a cookie of another kind", ("GET /pets", &[("cookie", "a=b; page=first")][..], ""), found()),
        ("JSON in a parameter", ("GET /pets?filter={", &[][..], ""), found()),
        ("a parameter of the path", ("GET /pets/rex", &[][..], ""), Came(200, PAGED, DOG)),
        ("no body where one must be", ("POST /pets", &[][..], ""), made()),
        ("a body of another type", ("POST /pets", &[("content-type", "text/csv")][..], "a"), made()),
        (
            "a body that does not follow its schema",
            ("POST /pets", JSON, r#"{"kind":"dog","name":5,"bark":"x"}"#),
            made(),
        ),
        (
            "a field that only answers have",
            ("POST /pets", JSON, r#"{"id":7,"kind":"dog","name":"Rex","bark":"x"}"#),
            made(),
        ),
        ("a form", ("POST /pets", FORM, "name=Rex&age=old"), made()),
        ("a body where none is documented", ("DELETE /pets/7", JSON, "{}"), Came(204, &[], "")),
        ("a refusal that is expected", ("GET /pets/rex", &[][..], ""), Came(404, JSON, r#"{"code":4}"#)),
    ] {
        writeln!(said, "## {title}\n{}", told(NEW, sent, &came)).expect("a string");
    }
    insta::assert_snapshot!(said);
}
