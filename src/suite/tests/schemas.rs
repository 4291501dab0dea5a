use serde_json::Value;

use super::good::{ASSIZE, FLOW, REQUIREMENTS, SCENARIO, SUITE, TARGETS};
use crate::suite::scalar::json;
use crate::suite::yaml::{Limits, read};
use crate::suite::{Kind, json_schema};

fn documents(text: &str) -> Vec<Value> {
    let (mut sources, mut out) = (crate::diag::Sources::default(), crate::diag::Diagnostics::new());
    let source = sources.add("a.yaml", text);
    let nodes = read(source, text, &Limits::default(), &mut out);
    assert!(out.is_empty(), "{text}");
    nodes.iter().map(|node| serde_json::from_str(&json(node).to_string()).expect("our JSON is JSON")).collect()
}

fn faults(kind: Kind, text: &str) -> Vec<String> {
    let schema = json_schema(kind);
    let validator = jsonschema::options().build(&schema).expect("the schema is sound");
    let mut faults = Vec::new();
    for document in documents(text) {
        faults.extend(validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())));
    }
    faults
}

#[test]
fn good_files_meet_the_schema_of_their_kind() {
    for (kind, text) in [
        (Kind::Suite, SUITE),
        (Kind::Requirements, REQUIREMENTS),
        (Kind::Targets, TARGETS),
        (Kind::Targets, ASSIZE),
        (Kind::Flow, FLOW),
        (Kind::Scenario, SCENARIO),
    ] {
        assert_eq!(faults(kind, text), Vec::<String>::new(), "{kind:?}");
    }
}

#[test]
fn an_unknown_key_does_not_meet_the_schema() {
    for (kind, text) in [
        (Kind::Suite, "suite: a\nverison: 1\n"),
        (Kind::Suite, "title: a\n"),
        (Kind::Requirements, "catalogue: a\nrequirements: [{ id: A, level: MUTS }]\n"),
        (Kind::Targets, "targets: { t: { base-url: x } }\n"),
        (Kind::Targets, "targets: { t: { identities: { a: { static: { plan: x } } } } }\n"),
        (Kind::Flow, "flow: a\nsteps: [{ reqest: x }]\n"),
        (Kind::Scenario, "scenario: a\nsteps: [{ request: GET /, expect: { sttus: 1 } }]\n"),
    ] {
        assert!(!faults(kind, text).is_empty(), "{text}");
    }
}

#[test]
fn every_key_has_a_description_and_every_reference_a_definition() {
    for kind in Kind::ALL {
        let schema = json_schema(kind);
        check(&schema, &schema["$defs"]);
    }
}

fn check(value: &Value, defs: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| check(item, defs)),
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let name = reference.strip_prefix("#/$defs/").expect("all definitions are in one place");
                assert!(defs[name].is_object(), "{reference}");
            }
            for (key, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
                assert!(property["description"].as_str().is_some_and(|doc| !doc.is_empty()), "{key}");
            }
            members.values().for_each(|member| check(member, defs));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
