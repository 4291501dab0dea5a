//! What the tests of this room are built with.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::diag::{Diagnostic, Diagnostics, SourceId, Sources, Span};
use crate::event::{Answer, Body, Header};
use crate::value::{Entry, Facts, Json, Key, Member, NamePath, NoFacts, Node, NodeKind, Scalar};

use super::{
    Aim, AnswerBody, Captured, Checks, Compiler, Known, Moment, NameBook, Reading, SchemaFile, Schemas, Source, Subject,
};

/// Everything that a check needs around it.
pub(super) struct Bench {
    pub(super) schemas: Schemas,
    pub(super) sets: BTreeMap<String, Node>,
    pub(super) names: BTreeMap<String, Json>,
    pub(super) elapsed: Duration,
    pub(super) facts: Box<dyn Facts>,
    pub(super) target: bool,
    pub(super) aim: Aim,
    pub(super) stem: Option<String>,
}

/// Names that begin with `later_` are set by a later step, `own_` by the step itself, `plan_` before the run; all others
/// by an earlier step, as far as they are in the map.
impl NameBook for Bench {
    fn known(&self, path: &NamePath) -> Known {
        let root = path.root.as_str();
        match root.split_once('_') {
            Some(("later", _)) => Known::NotYet,
            Some(("own", _)) => Known::From(Moment::Settled),
            Some(("plan", _)) => Known::From(Moment::Plan),
            _ if path.members.contains(&Member::Key("stranger".to_owned())) => {
                Known::NoMember { at: 0, members: vec!["status".to_owned()] }
            }
            _ if self.names.contains_key(root) => Known::From(Moment::Sent),
            _ => Known::Never { nearest: crate::diag::nearest(root, self.names.keys()).map(str::to_owned) },
        }
    }
}

impl Bench {
    pub(super) fn new() -> Self {
        let names = [
            ("sid", r#""s-1""#),
            ("states", r#"["Available","Unavailable"]"#),
            ("lifetime", "60"),
            ("own_seen", r#"["Available","Unavailable"]"#),
            ("own_nothing", "null"),
            ("plan_prefix", r#""a.b""#),
            ("noon", r#""2026-11-22T12:00:00Z""#),
            ("row", r#"{"status":202}"#),
            ("plan_status", "202"),
        ];
        Self {
            schemas: Schemas::default(),
            sets: BTreeMap::new(),
            names: names.map(|(name, value)| (name.to_owned(), json(value))).into(),
            elapsed: Duration::from_millis(1500),
            facts: Box::new(NoFacts),
            target: true,
            aim: Aim::Step,
            stem: None,
        }
    }

    pub(super) fn with_schema(mut self, files: &[(&str, &str)]) -> Self {
        let (schemas, problems) = load(files);
        assert_eq!(problems, "", "the test's own schemas");
        self.schemas = schemas;
        self
    }

    pub(super) fn with_set(mut self, name: &str, text: &str) -> Self {
        self.sets.insert(name.to_owned(), node(text));
        self
    }

    /// The block, or the problems.
    pub(super) fn compile(&self, text: &str) -> Result<Checks, String> {
        let mut out = Diagnostics::new();
        let plan = self.target.then_some(&self.names as &dyn crate::value::Scope);
        let mut compiler = Compiler::new(&mut out, self, plan, &self.schemas, &self.sets)
            .aimed_at(self.aim)
            .with_snapshot_stem(self.stem.clone());
        let checks = Checks::parse(&node(text), &mut compiler);
        match checks {
            Some(checks) if out.is_empty() => Ok(checks),
            _ => Err(told(out)),
        }
    }

    /// What the lint says of a block.
    pub(super) fn lint(&self, text: &str) -> String {
        let mut out = Diagnostics::new();
        self.compile(text).unwrap_or_else(|error| panic!("{text}: {error}")).lint(&mut out);
        told(out)
    }

    /// What the checks of a block say of an answer.
    pub(super) fn read(&self, text: &str, answer: Option<&Answer>) -> Vec<(String, Reading)> {
        let checks = self.compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let body = AnswerBody::new(answer);
        let subject = self.subject(&body);
        checks.list.iter().map(|check| (check.id.to_string(), check.rule.judge(&subject))).collect()
    }

    pub(super) fn subject<'a>(&'a self, body: &'a AnswerBody<'a>) -> Subject<'a> {
        Subject {
            body,
            url: Some("https://auth.example.test/authorize?x=1"),
            request: None,
            members: &[],
            elapsed: self.elapsed,
            sent: &self.names,
            settled: &self.names,
            facts: &*self.facts,
            snapshots: None,
        }
    }

    /// The same, as text: a line for each check and for each detail.
    pub(super) fn told(&self, text: &str, answer: &Answer) -> String {
        self.read(text, Some(answer)).iter().map(|(id, reading)| line(id, reading)).collect()
    }

    pub(super) fn take(&self, source: &str, answer: &Answer) -> Result<Captured, String> {
        let mut out = Diagnostics::new();
        let mut compiler = Compiler::new(&mut out, self, Some(&self.names), &self.schemas, &self.sets);
        let parsed = Source::parse(&Node::text(source, span()), &mut compiler);
        let body = AnswerBody::new(Some(answer));
        let Some(source) = parsed else { return Err(told(out)) };
        source.take(&self.subject(&body)).map_err(|breach| breach.code.to_string())
    }
}

pub(super) fn line(id: &str, reading: &Reading) -> String {
    let (word, breach) = match reading {
        Reading::Holds => return format!("{id} holds\n"),
        Reading::Breaks(breach) => ("breaks", breach),
        Reading::Undecided(breach) => ("undecided", breach),
    };
    let at = breach.at.as_deref().unwrap_or("-");
    let mut text = format!("{id} {word} [{}] at {at}\n    {}\n", breach.code, breach.message);
    for detail in &breach.details {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "      {detail}");
    }
    text
}

/// Schemas of these names and texts, and the problems with carets.
pub(super) fn load(files: &[(&str, &str)]) -> (Schemas, String) {
    let mut sources = Sources::default();
    let mut out = Diagnostics::new();
    let paths: Vec<String> = files.iter().map(|(name, _)| format!("schemas/{name}.json")).collect();
    let files: Vec<SchemaFile<'_>> = files
        .iter()
        .zip(&paths)
        .map(|((name, text), path)| SchemaFile { name, text, path, source: sources.add(path.as_str(), *text) })
        .collect();
    let schemas = Schemas::load(files, &mut out);
    (schemas, crate::diag::render(&out.into_sorted(), &sources, crate::diag::Colour::Never))
}

/// An answer with a JSON body.
pub(super) fn answer(body: &str) -> Answer {
    plain(200, &[("content-type", "application/json; charset=utf-8")], Body::bytes(body.as_bytes()))
}

pub(super) fn plain(status: u16, headers: &[(&str, &str)], body: Body) -> Answer {
    let headers = headers.iter().map(|(name, value)| Header::new(name, *value)).collect();
    Answer { version: "HTTP/1.1".to_owned(), status, reason: Some("Some Reason".to_owned()), headers, body }
}

pub(super) fn json(text: &str) -> Json {
    Json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A node from JSON: the tests of this room need no YAML.
pub(super) fn node(text: &str) -> Node {
    of_json(&json(text))
}

pub(super) fn of_json(json: &Json) -> Node {
    let scalar = |text: &str| Scalar { value: text.into(), verbatim_from: None };
    let kind = match json {
        Json::Null => NodeKind::Null,
        Json::Bool(truth) => NodeKind::Bool(*truth),
        Json::Number(number) => NodeKind::Number(number.clone()),
        Json::String(text) => NodeKind::Text(scalar(text)),
        Json::Array(items) => NodeKind::List(items.iter().map(of_json).collect()),
        Json::Object(members) => {
            let entry = |(key, value): &(String, Json)| Entry {
                key: Key { text: key.as_str().into(), span: span(), verbatim_from: None },
                value: of_json(value),
            };
            NodeKind::Map(members.iter().map(entry).collect())
        }
    };
    Node { span: span(), kind }
}

fn span() -> Span {
    Span::point(source(), 0)
}

fn source() -> SourceId {
    Sources::default().add("test.yaml", "")
}

fn told(out: Diagnostics) -> String {
    let line = |problem: Diagnostic| {
        let help = problem.help.iter().fold(String::new(), |text, help| text + " | " + help);
        format!("{}: {}{help}\n", problem.code, problem.message)
    };
    out.into_sorted().into_iter().map(line).collect()
}
