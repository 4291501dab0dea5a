use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::judge::show::Step;

use super::written::{Within, Written};

/// Where schemas live for the compiler, as references name them.
const BASE: &str = "schema:/";

/// The text of a schema and of those that it may refer to, for questions about what it speaks of.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    /// Its name; empty for one that stands within a check.
    pub(super) name: String,
    pub(super) own: Arc<Value>,
    pub(super) files: Arc<BTreeMap<String, Value>>,
    /// The files as they are written.
    pub(super) written: Arc<BTreeMap<String, Written>>,
    /// What it is a part of, where that is known.
    pub(super) within: Option<Within>,
}

/// A part of a schema: whose, and where in it.
#[derive(Clone, Debug)]
pub(super) struct Part<'s> {
    /// The name of the schema; empty for one that stands within a check.
    pub(super) name: &'s str,
    /// The way to it.
    pub(super) pointer: String,
    pub(super) value: &'s Value,
}

impl Described {
    /// Whether the schema says anything of the value at the end of this way from the root: members by their name,
    /// elements by their index.
    pub(super) fn speaks_of<'w>(&self, way: impl Iterator<Item = Result<&'w str, usize>>) -> bool {
        let mut at = Vec::new();
        self.open(&self.own, &self.own, &mut at);
        for step in way {
            let mut below = Vec::new();
            for (schema, file) in at {
                for part in parts(schema, step) {
                    self.open(part, file, &mut below);
                }
            }
            at = below;
        }
        !at.is_empty()
    }

    /// The part at a JSON Pointer into a schema.
    pub(super) fn part(&self, name: &str, pointer: &str) -> Option<Part<'_>> {
        let (name, file) = self.file(name)?;
        Some(Part { name, pointer: pointer.to_owned(), value: file.pointer(pointer)? })
    }

    /// What a `$ref` within a part of the schema `name` leads to.
    pub(super) fn target(&self, reference: &str, name: &str) -> Option<Part<'_>> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let name = file.strip_prefix(BASE).unwrap_or(name);
        let pointer = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
        self.part(name, &pointer)
    }

    /// The part with the references of its own followed, as long as it has any.
    pub(super) fn followed<'s>(&'s self, part: Part<'s>) -> Part<'s> {
        const MOST: usize = 8;
        let mut at = part;
        for _ in 0..MOST {
            let Some(next) = at.value.get("$ref").and_then(Value::as_str).and_then(|to| self.target(to, at.name))
            else {
                break;
            };
            at = next;
        }
        at
    }

    /// Where a part is written, as people look it up.
    pub(super) fn place(&self, name: &str, pointer: &str) -> String {
        if let Some(within) = self.within.as_ref().filter(|_| name.is_empty()) {
            return within.place(&steps_to(&self.own, pointer));
        }
        let place = self.written.get(name).zip(self.files.get(name));
        let told = place.and_then(|(written, file)| written.place(&steps_to(file, pointer)));
        told.unwrap_or_else(|| match (name, pointer) {
            ("", "") => "the top of the schema in the check".to_owned(),
            ("", pointer) => format!("`{pointer}` of the schema in the check"),
            (name, pointer) => format!("`{name}#{pointer}`"),
        })
    }

    fn file(&self, name: &str) -> Option<(&str, &Value)> {
        if name == self.name {
            return Some((&self.name, &self.own));
        }
        self.files.get_key_value(name).map(|(name, file)| (name.as_str(), file))
    }

    /// The schema with all those that are put to the same value.
    fn open<'s>(&'s self, schema: &'s Value, file: &'s Value, found: &mut Vec<(&'s Value, &'s Value)>) {
        // Each once, so that schemas that refer to each other have an end.
        if found.iter().any(|(known, _)| std::ptr::eq(*known, schema)) {
            return;
        }
        found.push((schema, file));
        let Value::Object(members) = schema else { return };
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in members.get(key).and_then(Value::as_array).into_iter().flatten() {
                self.open(part, file, found);
            }
        }
        for key in ["if", "then", "else"] {
            if let Some(part) = members.get(key) {
                self.open(part, file, found);
            }
        }
        for part in members.get("dependentSchemas").and_then(Value::as_object).into_iter().flat_map(|map| map.values())
        {
            self.open(part, file, found);
        }
        if let Some((target, file)) = members.get("$ref").and_then(Value::as_str).and_then(|to| self.resolve(to, file))
        {
            self.open(target, file, found);
        }
    }

    fn resolve<'s>(&'s self, reference: &str, file: &'s Value) -> Option<(&'s Value, &'s Value)> {
        let (name, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = match name.strip_prefix(BASE) {
            Some(name) => self.files.get(name)?,
            None if name.is_empty() => file,
            None => return None,
        };
        Some((file.pointer(pointer)?, file))
    }
}

/// A reference as its author wrote it.
pub(super) fn as_written(reference: &str) -> &str {
    reference.strip_prefix(BASE).unwrap_or(reference).trim_end_matches('#')
}

/// The schema and the JSON Pointer that an address of the compiler means.
pub(super) fn of_address(address: &str) -> Option<(String, String)> {
    let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
    let pointer = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    Some((file.strip_prefix(BASE)?.to_owned(), pointer.into_owned()))
}

/// The steps of a JSON Pointer, as far as it leads.
fn steps_to(value: &Value, pointer: &str) -> Vec<Step> {
    let mut at = Some(value);
    let step = |part: &str| {
        let part = part.replace("~1", "/").replace("~0", "~");
        let index = at.filter(|value| value.is_array()).and_then(|_| part.parse().ok());
        let step = index.map_or_else(|| Step::Key(part.clone()), Step::Index);
        at = at.and_then(|value| match &step {
            Step::Index(index) => value.get(index),
            Step::Key(key) => value.get(key),
        });
        step
    };
    pointer.split('/').skip(1).map(step).collect()
}

/// The parts of a schema that speak of one step into the value.
fn parts<'s>(schema: &'s Value, step: Result<&str, usize>) -> Vec<&'s Value> {
    let member = |key: &str| schema.get(key);
    match step {
        Ok(key) => {
            let named = member("properties").and_then(|properties| properties.get(key));
            let by_pattern = member("patternProperties").and_then(Value::as_object).into_iter().flatten().filter_map(
                |(pattern, part)| regex::Regex::new(pattern).is_ok_and(|it| it.is_match(key)).then_some(part),
            );
            named.into_iter().chain(by_pattern).collect()
        }
        Err(index) => {
            let prefix = member("prefixItems").and_then(|items| items.get(index));
            prefix.or_else(|| member("items")).into_iter().chain(member("contains")).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_schema_says_is_found_through_references_and_branches() {
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("the test's own JSON");
        let files = BTreeMap::from([(
            "event".to_owned(),
            value(
                r##"{"properties":{"Type":{}},"$defs":{"a":{"properties":{"deep":true}}},"allOf":[{"$ref":"#/$defs/a"}]}"##,
            ),
        )]);
        let own = value(
            r#"{"anyOf":[{"properties":{"list":{"items":{"$ref":"schema:/event"}}}}],"patternProperties":{"^x-":{}}}"#,
        );
        let described = Described { own: Arc::new(own), files: Arc::new(files), ..Described::default() };
        let speaks = |way: &[Result<&str, usize>]| described.speaks_of(way.iter().copied());
        assert!(speaks(&[]));
        assert!(speaks(&[Ok("list")]));
        assert!(speaks(&[Ok("list"), Err(3), Ok("Type")]));
        assert!(speaks(&[Ok("list"), Err(0), Ok("deep")]));
        assert!(speaks(&[Ok("x-y")]));
        assert!(!speaks(&[Ok("list"), Err(0), Ok("other")]));
        assert!(!speaks(&[Ok("other")]));
    }

    #[test]
    fn a_reference_to_itself_has_an_end() {
        let own = serde_json::from_str(r##"{"allOf":[{"$ref":"#"},{"$ref":"#"}]}"##).expect("the test's own JSON");
        let described = Described { own: Arc::new(own), ..Described::default() };
        assert!(!described.speaks_of([Ok("a")].into_iter()));
    }
}
