//! A golden page for every kind of finding, under `findings/`: the schema, the bodies, and what is said of each. Read them as
//! somebody who has to mend the body: is it plain what to do?

use std::fmt::Write as _;

use crate::judge::bench::{Bench, answer};

/// A page: its name, the schemas (the first is the one that is judged by), and the bodies.
struct Page {
    name: &'static str,
    schemas: &'static [(&'static str, &'static str)],
    bodies: &'static [&'static str],
}

const fn page(
    name: &'static str,
    schema: &'static str,
    bodies: &'static [&'static str],
) -> (&'static str, &'static str, &'static [&'static str]) {
    (name, schema, bodies)
}

/// Pages of one schema.
const SINGLE: &[(&str, &str, &[&str])] = &[
    page(
        "type",
        r#"{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "integer" },
    "name": { "type": "string" },
    "note": { "type": "string" },
    "done": { "type": "boolean" },
    "tags": { "type": "array" },
    "owner": { "type": ["object", "null"] }
  }
}"#,
        &[
            r#"{"id": "12"}"#,
            r#"{"id": "1.0"}"#,
            r#"{"id": 1.5}"#,
            r#"{"id": 1.0}"#,
            r#"{"id": null}"#,
            r#"{"id": 1, "note": null}"#,
            r#"{"id": 1, "name": 5}"#,
            r#"{"id": 1, "name": true}"#,
            r#"{"id": 1, "done": "true"}"#,
            r#"{"id": 1, "done": 1}"#,
            r#"{"id": 1, "tags": "a"}"#,
            r#"{"id": 1, "tags": {"items": ["a"]}}"#,
            r#"{"id": 1, "owner": [{"id": 1}]}"#,
            r#"{"id": 1, "owner": ""}"#,
            r#"{"id": 1, "owner": "{\"id\": 1}"}"#,
            r#"{"id": 1, "owner": "null"}"#,
            "[]",
            "null",
        ],
    ),
    page(
        "enum",
        r#"{
  "properties": {
    "state": { "enum": ["Available", "Unavailable", "Busy"] },
    "level": { "enum": [1, 2, 3] },
    "code": { "enum": ["1", "2"] }
  }
}"#,
        &[
            r#"{"state": "Availble"}"#,
            r#"{"state": "busy"}"#,
            r#"{"state": " Busy"}"#,
            r#"{"state": "Elsewhere"}"#,
            r#"{"state": ""}"#,
            r#"{"state": null}"#,
            r#"{"state": ["Busy"]}"#,
            r#"{"level": "2"}"#,
            r#"{"level": 2.0}"#,
            r#"{"level": 2.5}"#,
            r#"{"code": 1}"#,
        ],
    ),
    page(
        "const",
        r#"{ "properties": { "version": { "const": 2 }, "kind": { "const": "call" } } }"#,
        &[
            r#"{"version": 3}"#,
            r#"{"version": "2"}"#,
            r#"{"version": 2.0}"#,
            r#"{"kind": "Call"}"#,
            r#"{"kind": "cal"}"#,
        ],
    ),
    page(
        "required",
        r#"{
  "required": ["agentId", "sessionId", "note"],
  "properties": {
    "agentId": { "type": "integer" },
    "sessionId": { "type": "string" },
    "note": { "type": ["string", "null"] }
  }
}"#,
        &[
            r#"{"agentID": 1, "sessionId": "s", "note": null}"#,
            r#"{"agentId": 1, "session_id": "s", "note": null}"#,
            r#"{"agentId": 1, "sessionId": "s"}"#,
            "{}",
            r#"{"data": {"agentId": 1, "sessionId": "s", "note": null}}"#,
            r#"[{"agentId": 1, "sessionId": "s", "note": null}]"#,
        ],
    ),
    page(
        "additionalProperties",
        r#"{
  "properties": { "agentId": {}, "name": {} },
  "additionalProperties": false
}"#,
        &[r#"{"agentID": 1}"#, r#"{"nam": 1}"#, r#"{"more": 1, "and more": 2}"#, r#"{"name": 1, "nama": 2}"#],
    ),
    page(
        "patternProperties",
        r#"{ "patternProperties": { "^x-": { "type": "string" }, "^secret": false } }"#,
        &[r#"{"x-a": 1}"#, r#"{"secretWord": "a"}"#],
    ),
    page(
        "propertyNames",
        r#"{ "propertyNames": { "pattern": "^[a-z]+$", "maxLength": 5 } }"#,
        &[r#"{"Abc": 1}"#, r#"{"abcdefg": 1, "b": 2}"#],
    ),
    page(
        "dependentRequired",
        r#"{ "dependentRequired": { "card": ["billingAddress"] } }"#,
        &[r#"{"card": 1}"#, r#"{"card": 1, "BillingAddress": 2}"#],
    ),
    page(
        "dependentSchemas",
        r#"{ "dependentSchemas": { "card": { "properties": { "amount": { "type": "number" } }, "required": ["amount"] } } }"#,
        &[r#"{"card": 1}"#, r#"{"card": 1, "amount": "5"}"#],
    ),
    page(
        "unevaluatedProperties",
        r#"{
  "allOf": [{ "properties": { "id": {} } }],
  "properties": { "name": {} },
  "unevaluatedProperties": false
}"#,
        &[r#"{"id": 1, "nmae": 2}"#],
    ),
    page(
        "unevaluatedItems",
        r#"{ "allOf": [{ "prefixItems": [{ "type": "integer" }] }], "unevaluatedItems": false }"#,
        &["[1, 2]", "[1, 2, 3, 4]"],
    ),
    page(
        "prefixItems",
        r#"{ "prefixItems": [{ "type": "integer" }, { "type": "string" }], "items": false }"#,
        &[r#"["1", "a"]"#, r#"[1, "a", true]"#],
    ),
    page(
        "items",
        r#"{ "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } } }"#,
        &[r#"[{"id": 1}, {"id": "2"}, {"id": "3"}, {"id": 4}]"#, r#"[{"id": 1}, {}, 5]"#],
    ),
    page("contains", r#"{ "contains": { "const": "admin" } }"#, &[r#"["user", "Admin"]"#, "[]"]),
    page("minContains", r#"{ "contains": { "type": "integer" }, "minContains": 2 }"#, &[r#"["a", 1]"#]),
    page("maxContains", r#"{ "contains": { "type": "integer" }, "maxContains": 1 }"#, &["[1, 2]"]),
    page(
        "minItems, maxItems",
        r#"{ "properties": { "a": { "minItems": 1 }, "b": { "maxItems": 2 } } }"#,
        &[r#"{"a": [], "b": [1, 2, 3]}"#],
    ),
    page("uniqueItems", r#"{ "uniqueItems": true }"#, &["[1, 2, 3, 1.0]", r#"[{"a": 1}, {"a": 1}]"#]),
    page(
        "minLength, maxLength",
        r#"{ "properties": { "a": { "minLength": 2 }, "b": { "maxLength": 3 } } }"#,
        &[r#"{"a": ""}"#, r#"{"a": "x", "b": "wxyz"}"#, r#"{"b": "😀😀😀"}"#],
    ),
    page("pattern", r#"{ "pattern": "^[a-z]+-[0-9]+$" }"#, &[r#""abc""#, r#""ABC-1""#, r#"" abc-1""#, r#""""#]),
    page(
        "format",
        r#"{
  "properties": {
    "at": { "format": "date-time" },
    "day": { "format": "date" },
    "time": { "format": "time" },
    "id": { "format": "uuid" },
    "link": { "format": "uri" },
    "host": { "format": "hostname" },
    "ip": { "format": "ipv4" },
    "six": { "format": "ipv6" },
    "mail": { "format": "email" },
    "way": { "format": "json-pointer" },
    "long": { "format": "duration" },
    "re": { "format": "regex" }
  }
}"#,
        &[
            r#"{"at": "2026-11-22T12:00:00"}"#,
            r#"{"at": "2026-11-22 12:00:00Z"}"#,
            r#"{"at": "2026-11-22"}"#,
            r#"{"at": "2026-11-22T12:00:00+0100"}"#,
            r#"{"at": "2026-11-22T12:00Z"}"#,
            r#"{"at": "2026-13-22T12:00:00Z"}"#,
            r#"{"at": "1795348800"}"#,
            r#"{"at": ""}"#,
            r#"{"day": "2026-11-22T12:00:00Z"}"#,
            r#"{"time": "12:00:00"}"#,
            r#"{"id": "6f9619ff8b86d011b42d00c04fc964ff"}"#,
            r#"{"id": "{6f9619ff-8b86-d011-b42d-00c04fc964ff}"}"#,
            r#"{"link": "/users/1"}"#,
            r#"{"host": "https://example.com"}"#,
            r#"{"ip": "192.0.2.1:80"}"#,
            r#"{"six": "192.0.2.1"}"#,
            r#"{"mail": "somebody"}"#,
            r#"{"way": "a/b"}"#,
            r#"{"long": "5 minutes"}"#,
            r#"{"re": "("}"#,
        ],
    ),
    page(
        "minimum, maximum",
        r#"{ "properties": { "a": { "minimum": 1 }, "b": { "maximum": 10 }, "c": { "exclusiveMinimum": 0 }, "d": { "exclusiveMaximum": 1 } } }"#,
        &[r#"{"a": 0.999999, "b": 11, "c": 0, "d": 1.0}"#, r#"{"a": 123456789012345678901234567890}"#],
    ),
    page("multipleOf", r#"{ "multipleOf": 0.01 }"#, &["19.99", "19.999", "\"5\""]),
    page(
        "minProperties, maxProperties",
        r#"{ "properties": { "a": { "minProperties": 1 }, "b": { "maxProperties": 1 } } }"#,
        &[r#"{"a": {}, "b": {"x": 1, "y": 2}}"#],
    ),
    page("not", r#"{ "properties": { "name": { "not": { "const": "root" } } } }"#, &[r#"{"name": "root"}"#]),
    page(
        "if, then, else",
        r#"{
  "if": { "properties": { "type": { "const": "call" } } },
  "then": { "required": ["number"] },
  "else": { "required": ["address"] }
}"#,
        &[r#"{"type": "call"}"#, r#"{"type": "mail"}"#],
    ),
    page(
        "anyOf",
        r#"{
  "properties": {
    "id": { "anyOf": [{ "type": "integer" }, { "type": "string", "pattern": "^s-" }] },
    "to": { "anyOf": [{ "type": "object", "required": ["mail"] }, { "type": "array" }] }
  }
}"#,
        &[r#"{"id": "x"}"#, r#"{"id": true}"#, r#"{"to": {}}"#, r#"{"to": 5}"#],
    ),
    page(
        "oneOf by a member that tells",
        r##"{
  "items": {
    "oneOf": [
      { "$ref": "#/$defs/state" },
      { "$ref": "#/$defs/mute" }
    ]
  },
  "$defs": {
    "state": {
      "title": "a change of state",
      "properties": { "Type": { "const": "AgentState" }, "State": { "enum": ["Ready", "Busy"] } },
      "required": ["Type", "State"]
    },
    "mute": {
      "properties": { "Type": { "const": "Mute" }, "On": { "type": "boolean" } },
      "required": ["Type", "On"]
    }
  }
}"##,
        &[
            r#"[{"Type": "AgentState", "State": "ready"}]"#,
            r#"[{"Type": "Mute"}, {"Type": "Mute", "On": "true"}, {"Type": "AgentState"}]"#,
            r#"[{"Type": "Mut", "On": true}]"#,
            r#"[{"On": true}]"#,
            "[5]",
        ],
    ),
    page(
        "oneOf",
        r#"{ "oneOf": [{ "type": "integer" }, { "minimum": 2 }, { "type": "string", "maxLength": 3 }] }"#,
        &["5", "\"long\"", "1.5"],
    ),
    page("false", r#"{ "properties": { "password": false } }"#, &[r#"{"password": "x"}"#, r#"{"password": null}"#]),
    page(
        "several rules of one field",
        r#"{
  "properties": { "at": true, "id": { "type": "string", "pattern": "^s-", "maxLength": 5 }, "n": { "multipleOf": 5, "minimum": 10 } },
  "required": ["at"],
  "additionalProperties": false
}"#,
        &[r#"{"id": "session-1", "n": 3, "more": 1}"#],
    ),
    page(
        "what a secret was taken out of",
        r#"{ "properties": { "token": { "type": "string", "pattern": "^ey" }, "n": { "type": "integer" }, "s": { "type": "integer" } } }"#,
        &[
            r#"{"token": "‹agent.access_token#2›"}"#,
            r#"{"token": "‹agent.access_token#2›", "n": "x"}"#,
            r#"{"s": "‹agent.access_token#2›"}"#,
        ],
    ),
];

/// Pages of several schemas.
const SEVERAL: &[Page] = &[Page {
    name: "ref",
    schemas: &[
        (
            "order",
            "{\n  \"properties\": {\n    \"buyer\": { \"$ref\": \"person.json#/$defs/named\" },\n    \"lines\": { \"items\": { \"$ref\": \"#/$defs/line\" } }\n  },\n  \"$defs\": {\n    \"line\": { \"properties\": { \"price\": { \"$ref\": \"money\" } } }\n  }\n}",
        ),
        (
            "person",
            "{\n  \"$defs\": {\n    \"named\": {\n      \"$ref\": \"#/$defs/any\",\n      \"required\": [\"name\"]\n    },\n    \"any\": {\n      \"type\": \"object\",\n      \"properties\": { \"name\": { \"type\": \"string\" } }\n    }\n  }\n}",
        ),
        ("money", "{\n  \"type\": \"number\",\n  \"multipleOf\": 0.01\n}"),
    ],
    bodies: &[r#"{"buyer": {"name": 5}}"#, r#"{"buyer": {}}"#, r#"{"lines": [{"price": "5"}, {"price": 1.005}]}"#],
}];

fn text(schemas: &[(&str, &str)], bodies: &[&str]) -> String {
    let bench = Bench::new().with_schema(schemas);
    let mut text = String::new();
    for (name, schema) in schemas {
        writeln!(text, "schemas/{name}.json").expect("a String takes everything");
        for (at, line) in schema.lines().enumerate() {
            writeln!(text, "{:>3} | {line}", at + 1).expect("a String takes everything");
        }
    }
    let check = format!(r#"{{"schema":"{}"}}"#, schemas.first().map_or("", |(name, _)| name));
    for body in bodies {
        write!(text, "\n── {body}\n{}", bench.told(&check, &answer(body))).expect("a String takes everything");
    }
    text
}

fn check(name: &str, text: &str) {
    let name = name.replace(", ", "-").replace(' ', "-");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("findings");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn every_kind_of_finding_has_a_page() {
    for (name, schema, bodies) in SINGLE {
        check(name, &text(&[("page", schema)], bodies));
    }
    for page in SEVERAL {
        check(page.name, &text(page.schemas, page.bodies));
    }
}

#[test]
fn every_keyword_that_can_fail_stands_on_a_page() {
    use super::keyword::{Holds, keyword, names};
    let said: String = SINGLE.iter().map(|(_, schema, _)| *schema).collect();
    let missing: Vec<&str> = names()
        .into_iter()
        .filter(|name| !matches!(keyword(name), Some(Holds::Remark | Holds::Refused(_) | Holds::Definitions) | None))
        .filter(|name| !said.contains(&format!("\"{name}\"")))
        .collect();
    assert_eq!(missing, [] as [&str; 0]);
}
