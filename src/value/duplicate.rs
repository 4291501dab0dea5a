use std::collections::HashSet;

use super::Json;
use super::path::Location;

impl Json {
    /// The first key that stands twice in one object, as a normalised JSONPath (RFC 9535 §2.7) to it: `$['a']`.
    #[must_use]
    pub fn first_duplicate_key(&self) -> Option<String> {
        fn search<'a>(json: &'a Json, at: &mut Location<'a>) -> Option<String> {
            match json {
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
                Json::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
                    at.push_index(index);
                    let found = search(item, at);
                    at.pop();
                    found
                }),
                Json::Object(members) => {
                    let mut seen = HashSet::with_capacity(members.len());
                    members.iter().find_map(|(key, value)| {
                        at.push_key(key);
                        let found = if seen.insert(key.as_str()) { search(value, at) } else { Some(at.to_string()) };
                        at.pop();
                        found
                    })
                }
            }
        }
        search(self, &mut Location::root())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_doubled_key() {
        for (text, found) in [
            (r#"{"a":1,"a":2}"#, Some("$['a']")),
            (r#"{"a":[0,{"it's":1,"b":0,"it's":2}],"a":2}"#, Some("$['a'][1]['it\\'s']")),
            (r#"{"a":1,"b":{"a":2}}"#, None),
            ("[]", None),
        ] {
            let json = Json::parse(text.as_bytes()).expect("the test's own JSON");
            assert_eq!(json.first_duplicate_key().as_deref(), found, "{text}");
        }
    }
}
