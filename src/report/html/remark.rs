use std::borrow::Cow;

use crate::event::Finding;
use crate::value::JsonPath;

/// How many places of one finding are marked.
const MOST_PLACES: usize = 20;

/// What a finding says of one place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark<'f> {
    /// Where: `status`, `header retry-after`, `$.events[2].Type`.
    pub(super) at: Option<&'f str>,
    /// What is said of it.
    pub(super) message: Cow<'f, str>,
}

/// What a finding says, place by place: what breaks a schema speaks of a field in each of its lines, everything else of
/// one place as a whole.
pub(super) fn remarks(finding: &Finding) -> Vec<Remark<'_>> {
    let at = finding.answer_at.as_deref();
    if at == Some("body") && finding.code == "schema-violation" {
        let mut of_fields: Vec<Remark<'_>> =
            finding.details.iter().filter_map(|line| of_field(line.trim_start())).take(MOST_PLACES).collect();
        if of_fields.is_empty() {
            of_fields.extend(finding.message.find(": $").and_then(|at| of_field(&finding.message[at + 2..])));
        }
        if !of_fields.is_empty() {
            return of_fields;
        }
    }
    vec![Remark { at, message: Cow::Borrowed(&finding.message) }]
}

/// `$.events[0].State: expected …`, and the place alone where a document is named behind it.
fn of_field(line: &str) -> Option<Remark<'_>> {
    let (path, said) = line.strip_prefix('$').and(line.split_once(": "))?;
    let said = said.rsplit_once(" (`").map_or(said, |(said, _)| said);
    // What cannot be read as a path, such as a long key that was cut, stands at the beginning of the body.
    let at = if JsonPath::parse(path).is_ok() { path } else { "$" };
    let message = if at == "$" { Cow::Borrowed(line) } else { Cow::Borrowed(said) };
    Some(Remark { at: Some(at), message })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::event::Block;

    fn told(at: &str, message: &str, details: &[&str]) -> Vec<String> {
        let mut finding = Finding::pass(Arc::from("expect.schema"), Block::Expect);
        (finding.code, finding.message) = ("schema-violation".to_owned(), message.to_owned());
        finding.answer_at = Some(at.to_owned());
        finding.details = details.iter().map(|line| (*line).to_owned()).collect();
        remarks(&finding).iter().map(|it| format!("{} <- {}", it.at.unwrap_or_default(), it.message)).collect()
    }

    #[test]
    fn each_field_that_breaks_a_schema_is_spoken_of_at_its_own_place() {
        let lines = ["$.id: expected a text, got 5", "  rule: `type` at a.json:1:2", "$[\"a: b\"]: not allowed here"];
        assert_eq!(
            told("body", "the body does not follow schema `a`: $.id: expected a text, got 5", &lines),
            ["$.id <- expected a text, got 5", "$ <- $[\"a: b\"]: not allowed here"]
        );
        let note = ["rule: `type` at a.json:1:2"];
        assert_eq!(
            told(
                "body",
                "the body does not follow its schema: $.a[0]: expected a text, got 5 (`list`, api.yaml:3)",
                &note
            ),
            ["$.a[0] <- expected a text, got 5"]
        );
    }

    #[test]
    fn anything_else_is_spoken_of_as_a_whole() {
        assert_eq!(told("status", "expected 200: $.x: y", &["$.a: b"]), ["status <- expected 200: $.x: y"]);
        assert_eq!(told("body", "it is no JSON", &[]), ["body <- it is no JSON"]);
    }
}
