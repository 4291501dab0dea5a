use std::fmt;

use regex::Regex;

use crate::diag::Code;
use crate::event::Answer;
use crate::value::{Json, JsonPath, Node, Selected};

use super::check::duplicate_key;
use super::matcher::compile_regex;
use super::redirect::redirect_of;
use super::subject::NoDocument;
use super::way::lost;
use super::{Breach, BreachCode, Compiler, Fixed, Subject};

/// Where a capture or a collection takes its value from.
#[derive(Clone, Debug)]
pub enum Source {
    /// What a JSONPath finds in the body.
    Json(JsonPath),
    /// A header field.
    Header(String),
    /// A cookie that the answer sets.
    Cookie(String),
    /// A parameter of the `Location` header, of its query or else of its fragment.
    Location(String),
    /// The first group of a regular expression in the text of the body; the whole match where it has no group.
    Text(Regex),
    /// The status code.
    Status,
    /// The reason phrase.
    Reason,
    /// It holds a name that only the target gives, and is compiled again when the target is known.
    Later,
}

/// What a source gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Captured {
    /// Nothing.
    Nothing,
    /// One value.
    One(Json),
    /// All values that a path with several nodes found, at least one; a capture takes the list, a collection each.
    Many(Vec<Json>),
}

impl Captured {
    /// The value of a capture.
    #[must_use]
    pub fn into_value(self) -> Option<Json> {
        match self {
            Self::Nothing => None,
            Self::One(value) => Some(value),
            Self::Many(values) => Some(Json::Array(values)),
        }
    }

    /// What a collection appends.
    #[must_use]
    pub fn into_items(self) -> Vec<Json> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        }
    }
}

impl fmt::Display for Source {
    /// As it is written in a scenario.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(path) => write!(f, "`{}`", path.text()),
            Self::Header(name) => write!(f, "`header {name}`"),
            Self::Cookie(name) => write!(f, "`cookie {name}`"),
            Self::Location(name) => write!(f, "`location {name}`"),
            Self::Text(regex) => write!(f, "`text {}`", regex.as_str()),
            Self::Status => f.write_str("`status`"),
            Self::Reason => f.write_str("`reason`"),
            Self::Later => f.write_str("a place that only the target knows"),
        }
    }
}

impl Source {
    /// Reads a source. `None` after a problem was told.
    pub fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        const EXPECTED: &str =
            "a JSONPath, `header NAME`, `cookie NAME`, `location NAME`, `text REGEX`, `status` or `reason`";
        let Some(written) = node.as_text() else {
            compiler.wrong_type(node, EXPECTED);
            return None;
        };
        if let Some(pattern) = written.strip_prefix("text ") {
            // The offset of the pattern within the node is lost; a problem is shown at the whole source.
            let pattern = Node::text(pattern, node.span);
            return Some(match compile_regex(&pattern, compiler)? {
                Fixed::Now(regex) => Self::Text(regex),
                Fixed::Later => Self::Later,
            });
        }
        let text = match compiler.fixed(node, str::to_owned)? {
            Fixed::Now(text) => text,
            Fixed::Later => return Some(Self::Later),
        };
        if text.starts_with('$') {
            return match JsonPath::parse(&text) {
                Ok(path) => Some(Self::Json(path)),
                Err(error) => {
                    let message = format!("not a JSONPath (RFC 9535): {}", error.message);
                    compiler.problem(Code::BadJsonPath, node.span_within(error.offset, 1), message);
                    None
                }
            };
        }
        let (kind, name) = text.split_once(' ').map_or((text.as_str(), ""), |(kind, name)| (kind, name.trim()));
        match (kind, name) {
            ("status", "") => Some(Self::Status),
            ("reason", "") => Some(Self::Reason),
            ("header", name) if !name.is_empty() => Some(Self::Header(name.to_ascii_lowercase())),
            ("cookie", name) if !name.is_empty() => Some(Self::Cookie(name.to_owned())),
            ("location", name) if !name.is_empty() => Some(Self::Location(name.to_owned())),
            _ => {
                let message = format!("`{}` is not a source", super::show::cut(&text));
                compiler.problem_with_help(Code::UnknownValue, node.span, message, format!("expected {EXPECTED}"));
                None
            }
        }
    }

    /// That a capture of this name finds nothing here.
    #[must_use]
    pub fn nothing_for(&self, name: &str, subject: &Subject<'_>) -> Breach {
        let mut breach = Breach::mismatch(BreachCode::CaptureMissing, format!("a value at {self}"), "nothing");
        breach.message = format!("the capture `{name}`: {}", breach.message);
        let why = match self {
            Self::Json(path) => match subject.body.document() {
                Ok(document) => lost(path, document.json()),
                Err(reason) => Some(reason.to_string()),
            },
            Self::Header(_)
            | Self::Cookie(_)
            | Self::Location(_)
            | Self::Text(_)
            | Self::Status
            | Self::Reason
            | Self::Later => None,
        };
        breach.with_details(why)
    }

    /// Takes the value out of an answer.
    ///
    /// # Errors
    /// When that cannot be decided: there is no answer, the body is not the JSON it should be, or a path has no end.
    pub fn take(&self, subject: &Subject<'_>) -> Result<Captured, Box<Breach>> {
        let Some(answer) = subject.answer() else {
            return Err(Box::new(Breach::new(
                BreachCode::NoAnswer,
                "there is no complete answer to take a value from",
            )));
        };
        let one = |value: Option<&str>| value.map_or(Captured::Nothing, |value| Captured::One(value.into()));
        Ok(match self {
            Self::Json(path) => return at_path(path, subject),
            Self::Header(name) => {
                let mut values: Vec<Json> = answer.header(name).map(Json::from).collect();
                match values.len() {
                    0 => Captured::Nothing,
                    1 => values.pop().map_or(Captured::Nothing, Captured::One),
                    _ => Captured::Many(values),
                }
            }
            Self::Cookie(name) => one(cookie(answer, name)),
            // Where the header leads nowhere, nothing is there to take; a check says why.
            Self::Location(name) => {
                one(redirect_of(answer, subject.url).ok().as_ref().and_then(|it| it.parameter(name)))
            }
            Self::Text(regex) => {
                let groups = answer.body.as_text().and_then(|text| regex.captures(text));
                one(groups
                    .as_ref()
                    .and_then(|groups| groups.get(usize::from(groups.len() > 1)))
                    .map(|found| found.as_str()))
            }
            Self::Status => Captured::One(Json::from(u64::from(answer.status))),
            Self::Reason => one(answer.reason.as_deref()),
            Self::Later => {
                return Err(Box::new(Breach::new(BreachCode::NotCompiled, "the source holds a name of the target")));
            }
        })
    }
}

fn at_path(path: &JsonPath, subject: &Subject<'_>) -> Result<Captured, Box<Breach>> {
    let document = match subject.body.document() {
        Ok(document) => document,
        Err(NoDocument::Blank | NoDocument::Other { .. } | NoDocument::NoAnswer) => return Ok(Captured::Nothing),
        Err(reason @ NoDocument::Invalid { .. }) => {
            return Err(Box::new(Breach::new(BreachCode::JsonInvalid, reason.to_string()).at("body")));
        }
    };
    if let Some(key) = subject.body.duplicate_key() {
        return Err(Box::new(duplicate_key(key)));
    }
    match path.select(document) {
        Err(too_many) => {
            Err(Box::new(Breach::new(BreachCode::TooManyNodes, format!("{path}: {too_many}")).at(path.text())))
        }
        Ok(Selected::One(node)) => Ok(node.map_or(Captured::Nothing, |node| Captured::One(node.value.clone()))),
        Ok(Selected::Many(nodes)) if nodes.is_empty() => Ok(Captured::Nothing),
        Ok(Selected::Many(nodes)) => Ok(Captured::Many(nodes.iter().map(|node| node.value.clone()).collect())),
    }
}

/// The value of the last cookie of this name that the answer sets (RFC 6265 section 4.1).
fn cookie<'a>(answer: &'a Answer, name: &'a str) -> Option<&'a str> {
    let pairs = answer.header("set-cookie").filter_map(|field| field.split(';').next()?.split_once('='));
    pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().trim_matches('"')).last()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::event::Body;
    use crate::judge::bench::{Bench, answer, json, plain};

    fn one(text: &str) -> Captured {
        Captured::One(json(text))
    }

    #[test]
    fn every_source_takes_its_value() {
        let headers = [
            ("Content-Type", "application/json"),
            ("Via", "a"),
            ("Via", "b"),
            ("X-Id", "7"),
            ("Location", "/cb?code=‹desk.code#1~percent›&state=a%20b&both=1#both=2&access_token=t+1"),
            ("Set-Cookie", "sid=old; Path=/"),
            ("Set-Cookie", "sid = \"new\" ; HttpOnly"),
        ];
        let full =
            plain(201, &headers, Body::bytes(br#"{"id":9007199254740993,"list":[{"a":1},{"a":[2]}],"none":null}"#));
        let bench = Bench::new();
        for (source, taken) in [
            ("$.id", one("9007199254740993")),
            ("$.none", one("null")),
            ("$.nothing", Captured::Nothing),
            ("$.list[*].a", Captured::Many(vec![json("1"), json("[2]")])),
            ("$.list[*].b", Captured::Nothing),
            ("header x-ID", one(r#""7""#)),
            ("header VIA", Captured::Many(vec![json(r#""a""#), json(r#""b""#)])),
            ("header nope", Captured::Nothing),
            ("cookie sid", one(r#""new""#)),
            ("cookie SID", Captured::Nothing),
            ("location code", one(r#""‹desk.code#1›""#)),
            ("location state", one(r#""a b""#)),
            ("location both", one(r#""1""#)),
            ("location access_token", one(r#""t 1""#)),
            ("location nope", Captured::Nothing),
            ("text \"id\":([0-9]+)", one(r#""9007199254740993""#)),
            ("text [a-z]+", one(r#""id""#)),
            ("text nope", Captured::Nothing),
            ("status", one("201")),
            ("reason", one(r#""Some Reason""#)),
        ] {
            assert_eq!(bench.take(source, &full), Ok(taken), "{source}");
        }
        assert_eq!(bench.take("$", &answer("")), Ok(Captured::Nothing));
        assert_eq!(bench.take("location code", &answer("")), Ok(Captured::Nothing));
        for (body, code) in [("{", "json-invalid"), ("<html>", "json-invalid"), (r#"{"a":1,"a":2}"#, "duplicate-key")] {
            assert_eq!(bench.take("$", &answer(body)), Err(code.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_no_source_is_a_problem() {
        let bench = Bench::new();
        let mut said = String::new();
        for source in ["id", "$.[", "header", "cookie ", "status 5", "text (", "location ", "$.$(sid)", ""] {
            let problems = bench.take(source, &answer("{}")).expect_err(source);
            write!(said, "{source}\n    {problems}").unwrap();
        }
        insta::assert_snapshot!(said);
    }
}
