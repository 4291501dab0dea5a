use crate::value::Json;

use super::drawing::Drawing;
use super::passage::Naming;
use super::values::{Hidden, sorted};

/// Draws a body without its values: objects with their keys, a list as the set of the shapes of its elements.
pub(super) fn draw(json: &Json, hidden: &Hidden, naming: &mut Naming) -> Drawing {
    if let Some(word) = hidden.get(&std::ptr::from_ref(json)) {
        return Drawing::Leaf(format!("[{word}]"));
    }
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Drawing::Leaf(json.kind().to_string()),
        Json::Array(items) => {
            let mut shapes: Vec<Drawing> = items.iter().map(|item| draw(item, hidden, naming)).collect();
            shapes.sort();
            shapes.dedup();
            Drawing::List(shapes)
        }
        Json::Object(members) => {
            let members = sorted(members, naming);
            Drawing::Map(members.into_iter().map(|(key, value)| (key, draw(value, hidden, naming))).collect())
        }
    }
}
