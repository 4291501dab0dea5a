use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::value::{Field, Need, Record, Shape};

use super::catalogue_file::CATALOGUE;
use super::flow_file::FLOW_FIELDS;
use super::scenario_file::SCENARIO_FIELDS;
use super::suite_file::SUITE;
use super::target_file::TARGETS;
use super::waiver_file::WAIVERS;

/// The kinds of files that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `suite.yaml`.
    Suite,
    /// `requirements.yaml`.
    Requirements,
    /// `assize.yaml`, and `targets.yaml` of a suite.
    Targets,
    /// A file of scenarios.
    Scenario,
    /// A file of flows.
    Flow,
    /// `waivers.yaml`.
    Waivers,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Suite, Self::Requirements, Self::Targets, Self::Scenario, Self::Flow, Self::Waivers];

    /// The word for it on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suite => "suite",
            Self::Requirements => "requirements",
            Self::Targets => "targets",
            Self::Scenario => "scenario",
            Self::Flow => "flow",
            Self::Waivers => "waivers",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Suite => SUITE.doc,
            Self::Requirements => CATALOGUE.doc,
            Self::Targets => TARGETS.doc,
            Self::Scenario => "A scenario: a promise, put to the test step by step.",
            Self::Flow => "A flow: steps that scenarios share.",
            Self::Waivers => WAIVERS.doc,
        }
    }

    fn fields(self) -> &'static [Field] {
        match self {
            Self::Suite => SUITE.fields,
            Self::Requirements => CATALOGUE.fields,
            Self::Targets => TARGETS.fields,
            Self::Scenario => SCENARIO_FIELDS,
            Self::Flow => FLOW_FIELDS,
            Self::Waivers => WAIVERS.fields,
        }
    }
}

/// The JSON Schema (draft 07, which editors know) of a kind of file, made from the very tables that the files are read
/// by: a key that the schema knows is one that the program knows.
#[must_use]
pub fn json_schema(kind: Kind) -> Value {
    let rows = if kind == Kind::Scenario { Rows::Fill } else { Rows::None };
    let mut writer = Writer { rows, defs: BTreeMap::new() };
    let mut schema = writer.object(kind.fields());
    schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".into(), json!(format!("assize {}", kind.as_str())));
    schema.insert("description".into(), json!(kind.title()));
    schema.insert("$defs".into(), Value::Object(writer.defs.into_iter().collect()));
    Value::Object(schema)
}

/// What a whole value that holds `$(…)` looks like: it stands for a value of any type.
const NAME: &str = r"\$\(.+\)";

/// Whether `$(row.…)` may stand where a map does: it is filled in before the map is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    Fill,
    None,
}

struct Writer {
    rows: Rows,
    defs: BTreeMap<String, Value>,
}

impl Writer {
    fn object(&mut self, fields: &[Field]) -> Map<String, Value> {
        let mut properties = Map::new();
        for field in fields {
            properties.insert(field.key.to_owned(), self.property(field));
        }
        let required: Vec<&str> =
            fields.iter().filter(|field| field.need == Need::Required).map(|field| field.key).collect();
        let mut object = Map::new();
        object.insert("type".into(), json!("object"));
        object.insert("properties".into(), Value::Object(properties));
        if !required.is_empty() {
            object.insert("required".into(), json!(required));
        }
        object.insert("additionalProperties".into(), json!(false));
        object
    }

    /// A key; null means that it is not there, wherever it may be left out.
    fn property(&mut self, field: &Field) -> Value {
        let shape = self.shape(&field.shape);
        let is_anything = shape.as_object().is_some_and(Map::is_empty);
        if is_anything {
            return json!({ "description": field.doc });
        }
        match field.need {
            // Draft 07 reads nothing beside a `$ref`, so that a description needs an `allOf`.
            Need::Required if shape.get("$ref").is_some() => json!({ "description": field.doc, "allOf": [shape] }),
            Need::Required => with(shape, "description", json!(field.doc)),
            Need::Optional => json!({ "description": field.doc, "anyOf": [shape, { "type": "null" }] }),
        }
    }

    fn shape(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Any => json!({}),
            Shape::Text => json!({ "type": "string" }),
            Shape::Bool => named(&json!({ "type": "boolean" })),
            Shape::Number => named(&json!({ "type": "number" })),
            Shape::Integer => named(&json!({ "type": "integer" })),
            Shape::Duration => json!({
                "type": "string",
                "pattern": format!(r"^([0-9]+(\.[0-9]+)?(ms|s|m|h)|.*{NAME}.*)$"),
                "examples": ["500ms", "20s", "5m", "2h"],
            }),
            Shape::Word(words) => json!({ "enum": words }),
            Shape::Is(number) => json!({ "const": number }),
            // One text stands for a list of one, and a name for a whole list.
            Shape::List(Shape::Text) => json!({ "anyOf": [
                { "type": "array", "items": { "type": "string" } },
                { "type": "string" },
            ] }),
            Shape::List(item) => named(&json!({ "type": "array", "items": self.shape(item) })),
            Shape::Map(value) => {
                let value = self.shape(value);
                let map = json!({ "type": "object", "additionalProperties": { "anyOf": [value, { "type": "null" }] } });
                self.filled(map)
            }
            Shape::Record(record) => {
                let record = self.record(record);
                self.filled(record)
            }
            Shape::Either(shapes) => {
                let shapes: Vec<Value> = shapes.iter().map(|shape| self.shape(shape)).collect();
                json!({ "anyOf": shapes })
            }
            Shape::Named(name, fields) => {
                let defined = self.define(name, *fields);
                self.filled(defined)
            }
        }
    }

    fn filled(&self, map: Value) -> Value {
        match self.rows {
            Rows::Fill => named(&map),
            Rows::None => map,
        }
    }

    fn record(&mut self, record: &Record) -> Value {
        if !self.defs.contains_key(record.name) {
            self.defs.insert(record.name.to_owned(), Value::Null);
            let mut object = self.object(record.fields);
            object.insert("description".into(), json!(record.doc));
            self.defs.insert(record.name.to_owned(), Value::Object(object));
        }
        reference(record.name)
    }

    fn define(&mut self, name: &str, fields: fn() -> Vec<Field>) -> Value {
        if !self.defs.contains_key(name) {
            // First a placeholder, for a shape may hold itself.
            self.defs.insert(name.to_owned(), Value::Null);
            let object = self.object(&fields());
            self.defs.insert(name.to_owned(), Value::Object(object));
        }
        reference(name)
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The same, or a text that is exactly one `$(…)`.
fn named(shape: &Value) -> Value {
    json!({ "anyOf": [shape, { "type": "string", "pattern": format!("^{NAME}$") }] })
}

fn with(mut value: Value, key: &str, member: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert(key.to_owned(), member);
    }
    value
}
