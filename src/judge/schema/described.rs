use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

/// Where schemas live for the compiler, as references name them.
const BASE: &str = "schema:/";

/// The text of a schema and of those that it may refer to, for questions about what it speaks of.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) own: Arc<Value>,
    pub(super) files: Arc<BTreeMap<String, Value>>,
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
        let described = Described { own: Arc::new(own), files: Arc::new(files) };
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
