use assize::diag::{Diagnostics, Sources};
use assize::suite::yaml::{Limits, read};
use assize::suite::{Kind, json_schema};
use assize::value::{Node, NodeKind};
use serde_json::Value;

use crate::tree::{files, has_ending, text};

#[test]
fn the_schemas_for_editors_are_those_that_the_program_prints() {
    for kind in Kind::ALL {
        let printed = format!("{:#}\n", json_schema(kind));
        let path = format!("docs/schema/{}.json", kind.as_str());
        assert!(text(&path) == printed, "{path} is old: `assize schema {} > {path}` writes it", kind.as_str());
    }
    // That of the JSON report is no file of a suite: the tests of the report compare it with what is written.
    let others = files("docs/schema")
        .into_iter()
        .filter(|path| !Kind::ALL.iter().any(|kind| *path == format!("{}.json", kind.as_str())));
    assert_eq!(others.collect::<Vec<_>>(), ["record.json"]);
}

#[test]
fn every_yaml_file_of_every_suite_follows_the_schema_of_its_kind() {
    let mut problems = Vec::new();
    for path in files("specs").into_iter().filter(|path| has_ending(path, "yaml")) {
        let Some(kind) = kind_of(&path) else { continue };
        let schema = json_schema(kind);
        let validator = jsonschema::validator_for(&schema).expect("our schemas are schemas");
        for document in documents(&path) {
            for error in validator.iter_errors(&document) {
                problems.push(format!("specs/{path}: {error} at {}", error.instance_path()));
            }
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}

/// What kind of file this is, by its path below `specs/`; none for an OpenAPI document, which is no file of ours.
pub(crate) fn kind_of(path: &str) -> Option<Kind> {
    let parts: Vec<&str> = path.split('/').collect();
    Some(match parts[..] {
        [_, "openapi.yaml"] => return None,
        [_, "suite.yaml"] => Kind::Suite,
        [_, "requirements.yaml"] => Kind::Requirements,
        [_, "targets.yaml"] => Kind::Targets,
        [_, "waivers.yaml"] => Kind::Waivers,
        [_, "defects.yaml"] => Kind::Defects,
        [_, "flows", ..] => Kind::Flow,
        [_, "scenarios", ..] => Kind::Scenario,
        _ => panic!("specs/{path} is no file of a suite"),
    })
}

/// The documents of a file, read by the program's own reader.
fn documents(path: &str) -> Vec<Value> {
    let text = text(&format!("specs/{path}"));
    let mut out = Diagnostics::new();
    let source = Sources::default().add(path, text.as_str());
    let nodes = read(source, &text, &Limits::default(), &mut out);
    assert!(out.is_empty(), "specs/{path} is no sound YAML");
    nodes.iter().map(json).collect()
}

fn json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(flag) => Value::Bool(*flag),
        NodeKind::Number(number) => serde_json::from_str(&number.to_string()).expect("a JSON number, verbatim"),
        NodeKind::Text(text) => Value::String(text.value.to_string()),
        NodeKind::List(items) => items.iter().map(json).collect(),
        NodeKind::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.text.to_string(), json(&entry.value))).collect())
        }
    }
}
