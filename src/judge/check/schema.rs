use crate::judge::schema::{SchemaRef, Verdict, Violation};
use crate::judge::subject::NoDocument;
use crate::judge::{Breach, BreachCode, Check, Compiler, Reading, Rule, Schema, Subject};
use crate::value::Node;

use super::json::{duplicate_key, not_json};
use super::registry::{no_answer, one};

/// `schema`: the schema that the body follows.
#[derive(Debug)]
struct Follows(SchemaRef);

pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Vec<Check>> {
    SchemaRef::parse(node, compiler).map(|schema| one("schema", node, Follows(schema)))
}

impl Rule for Follows {
    fn judge(&self, subject: &Subject<'_>) -> Reading {
        let Some(schema) = self.0.get() else {
            return Reading::Undecided(Breach::new(BreachCode::NotCompiled, "the schema holds a name of the target"));
        };
        let document = match subject.body.document() {
            Ok(document) => document,
            Err(NoDocument::NoAnswer) => return no_answer(),
            Err(reason) => return not_json(&reason.to_string()),
        };
        if let Some(key) = subject.body.duplicate_key() {
            return Reading::Breaks(duplicate_key(key));
        }
        match schema.judge(document.json(), document.view()) {
            Verdict::Follows => Reading::Holds,
            Verdict::Violates(violations) => {
                let first = violations.first().map(|it| format!(": {}", it.line)).unwrap_or_default();
                let message = format!("the body does not follow {}{first}", self.0);
                let details = match violations.as_slice() {
                    [only] => only.notes.clone(),
                    several => Violation::lines(several),
                };
                Reading::Breaks(Breach::new(BreachCode::SchemaViolation, message).at("body").with_details(details))
            }
            Verdict::Opaque(place) => {
                let message = format!("{place} holds a secret, and the schema asks for its characters");
                Reading::Undecided(Breach::new(BreachCode::OpaqueValue, message).at("body"))
            }
            Verdict::TooDeep => {
                let message = "the body is nested too deeply for its schema";
                Reading::Undecided(Breach::new(BreachCode::TooManyNodes, message).at("body"))
            }
            Verdict::Inexact(place) => {
                let message = format!("the number at {place} has more digits than a schema can compare");
                Reading::Undecided(Breach::new(BreachCode::InexactNumber, message).at("body"))
            }
        }
    }

    fn schemas(&self) -> Vec<&Schema> {
        self.0.get().into_iter().collect()
    }

    fn vacuous(&self) -> Option<String> {
        self.0.get().filter(|schema| schema.allows_everything()).map(|_| format!("{} allows every JSON value", self.0))
    }
}
