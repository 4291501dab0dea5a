use crate::diag::nearest;
use crate::value::{Json, JsonPath, LostStep};

use super::show::{cut, listed, place, preview, quoted, steps};

/// How many members are told.
const MOST_MEMBERS: usize = 8;

/// Why a path that names one node finds nothing: how far its way leads, and what is there instead.
pub(super) fn lost(path: &JsonPath, json: &Json) -> Option<String> {
    let lost = path.lost(json)?;
    let at = format!("`{}`", place("$", &steps(&lost.location)));
    Some(match (lost.step, lost.value) {
        (LostStep::Member(name), Json::Object(members)) if !members.is_empty() => {
            let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
            if let Some(near) = nearest(name, &keys) {
                return Some(format!("{at} has no member {}; the nearest is {}", quoted(name), quoted(near)));
            }
            let mut shown: Vec<String> = keys.iter().take(MOST_MEMBERS).map(|key| quoted(key)).collect();
            if keys.len() > shown.len() {
                shown.push(format!("{} more", keys.len() - shown.len()));
            }
            format!("{at} has no member {}; it has {}", quoted(name), listed(&shown, "and"))
        }
        (LostStep::Member(_), Json::Array(_)) => {
            format!("{at} is a list, which has no members: `[0]` stands for its first element, `[*]` for all")
        }
        (LostStep::Element(_), Json::Array(items)) => {
            format!("{at} has {} element{}", items.len(), if items.len() == 1 { "" } else { "s" })
        }
        (LostStep::Member(_), value) => format!("{at} is {}, which has no members", cut(&preview(value))),
        (LostStep::Element(_), value) => format!("{at} is {}, which has no elements", cut(&preview(value))),
    })
}
