//! Documents in JSON follow the schema of their format.

use serde_json::Value;

use super::golden::rendered;
use super::run::{Run, every_outcome, head};
use crate::event::Stamped;
use crate::report::Kind;

const CTRF: &str = include_str!("../../../tests/ctrf/schema.json");
const HAR: &str = include_str!("../../../tests/har/schema.json");
const RECORD: &str = include_str!("../../../docs/schema/record.json");

/// What is wrong with the document, by the schema of its format.
pub(super) fn problems(kind: Kind, events: &[Stamped]) -> Vec<String> {
    let schema = match kind {
        Kind::Ctrf => CTRF,
        Kind::Har => HAR,
        Kind::Json => RECORD,
        Kind::Junit | Kind::Html | Kind::Github | Kind::Markdown | Kind::Tap | Kind::Log => panic!("{kind} has none"),
    };
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let document: Value = serde_json::from_str(&rendered(kind, events)).unwrap();
    validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_document_follows_the_schema_of_its_format() {
    let mut broken_off = Run::begin(vec![head("first", "The first", &[])], Vec::new());
    broken_off.started("first", 1);
    for events in [every_outcome(), broken_off.cut()] {
        for kind in [Kind::Ctrf, Kind::Har, Kind::Json] {
            assert_eq!(problems(kind, &events), Vec::<String>::new(), "{kind}");
        }
    }
}
