use crate::value::Json;

use super::location::{Location, Segment};
use super::query::{Query, Selector};

/// Where the way of a path that names one node ends before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost<'a> {
    /// How far it led.
    pub location: Location<'a>,
    /// What is there.
    pub value: &'a Json,
    /// What is not.
    pub step: LostStep<'a>,
}

/// The step that led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostStep<'a> {
    /// To a member.
    Member(&'a str),
    /// To an element, from the end where it is negative.
    Element(i64),
}

/// Follows a query as far as it leads; nothing where it leads to its end, or may lead to several nodes.
pub(super) fn lost<'a>(query: &'a Query, json: &'a Json) -> Option<Lost<'a>> {
    let (mut location, mut value) = (Location::root(), json);
    for step in &query.steps {
        let (next, segment) = match (step.selectors.as_slice(), value) {
            ([Selector::Name(name)], _) => match value.get(name) {
                Some(next) => (next, Segment::Key(name)),
                None => return Some(Lost { location, value, step: LostStep::Member(name) }),
            },
            ([Selector::Index(index)], _) => {
                let items = value.as_array().unwrap_or_default();
                let back = usize::try_from(index.unsigned_abs()).ok();
                let at = if *index < 0 { back.and_then(|back| items.len().checked_sub(back)) } else { back };
                match at.and_then(|at| Some((items.get(at)?, Segment::Index(at)))) {
                    Some(found) => found,
                    None => return Some(Lost { location, value, step: LostStep::Element(*index) }),
                }
            }
            (_, _) => return None,
        };
        location = location.below(segment);
        value = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::JsonPath;

    fn lost_at(path: &str) -> Option<(String, String)> {
        let json = Json::parse(br#"{"a":{"b":[1,{"c":2}]},"n":5}"#).expect("JSON");
        let path = JsonPath::parse(path).expect("a path");
        let lost = path.lost(&json)?;
        Some((lost.location.to_string(), format!("{:?}", lost.step)))
    }

    #[test]
    fn the_step_that_leads_nowhere_is_named() {
        let at = |place: &str, step: &str| Some((place.to_owned(), step.to_owned()));
        assert_eq!(lost_at("$.x.y"), at("$", "Member(\"x\")"));
        assert_eq!(lost_at("$.a.x"), at("$['a']", "Member(\"x\")"));
        assert_eq!(lost_at("$.a.b[2]"), at("$['a']['b']", "Element(2)"));
        assert_eq!(lost_at("$.a.b[-3].c"), at("$['a']['b']", "Element(-3)"));
        assert_eq!(lost_at("$.n.x"), at("$['n']", "Member(\"x\")"));
        assert_eq!(lost_at("$.n[0]"), at("$['n']", "Element(0)"));
    }

    #[test]
    fn a_way_that_leads_to_its_end_or_to_several_nodes_is_not_lost() {
        for path in ["$", "$.a.b[-1].c", "$..x", "$.x[*]"] {
            assert_eq!(lost_at(path), None, "{path}");
        }
    }
}
