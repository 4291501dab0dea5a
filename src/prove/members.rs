use crate::value::Json;

use super::{Mutation, Place};

/// Nodes of one body that are looked at; the rest of a larger one is more of the same.
const MOST_NODES: usize = 200;
/// Elements of one list that are looked at.
const MOST_ELEMENTS: usize = 2;
/// What a text is changed to: nothing that an endpoint would say.
const OTHER: &str = "another text";
/// How far a number goes from what it was.
const FAR: i64 = 1_000_000;
/// What hides a secret begins so; its letters are ours, not the endpoint's.
const HANDLE: char = '‹';

/// Every way in which one value of a body can be broken, with the body broken that way. `given` are values that answers
/// before gave, by the names that they were captured under.
pub(super) fn broken_bodies(body: &Json, given: &[(String, Json)]) -> Vec<(Mutation, Json)> {
    let mut walk = Walk { body, given, nodes: 0, broken: Vec::new() };
    walk.visit(body, &Place::default());
    walk.broken
}

/// The body with each member more that it has not.
pub(super) fn with_more(body: &Json, more: &[(String, Json)]) -> Vec<(Mutation, Json)> {
    let Json::Object(members) = body else { return Vec::new() };
    let new = more.iter().filter(|(key, _)| members.iter().all(|(known, _)| known != key));
    let with = |(key, value): &(String, Json)| {
        let added = members.iter().cloned().chain([(key.clone(), value.clone())]).collect();
        (Mutation::Added(Place::default().member(key)), Json::Object(added))
    };
    new.map(with).collect()
}

struct Walk<'b> {
    body: &'b Json,
    given: &'b [(String, Json)],
    nodes: usize,
    broken: Vec<(Mutation, Json)>,
}

impl Walk<'_> {
    fn visit(&mut self, value: &Json, at: &Place) {
        if self.nodes == MOST_NODES {
            return;
        }
        self.nodes += 1;
        if at.last_key().is_some() {
            self.add(Mutation::Dropped(at.clone()), None);
            self.add_renamed(at, value);
        }
        if !value.is_null() {
            self.add(Mutation::Nulled(at.clone()), Some(&Json::Null));
        }
        if let Some(other) = retyped(value) {
            self.add(Mutation::Retyped(at.clone()), Some(&other));
        }
        match value {
            Json::Null => self.add(Mutation::Filled(at.clone()), Some(&Json::from(OTHER))),
            Json::Bool(_) => {}
            Json::Number(number) => {
                if let Some(more) = number.to_i64().and_then(|number| number.checked_add(1)) {
                    self.add(Mutation::OffByOne(at.clone()), Some(&Json::from(more)));
                }
                if let Some(far) = number.to_i64().and_then(|number| number.checked_add(FAR)) {
                    self.add(Mutation::Far(at.clone()), Some(&Json::from(far)));
                }
            }
            Json::String(text) => self.visit_text(text, at),
            Json::Array(items) => {
                self.visit_list(items, at);
                for (index, item) in items.iter().enumerate().take(MOST_ELEMENTS) {
                    self.visit(item, &at.element(index));
                }
            }
            Json::Object(members) => {
                if !members.is_empty() {
                    self.add(Mutation::Emptied(at.clone()), Some(&Json::Object(Vec::new())));
                }
                for (key, member) in members {
                    self.visit(member, &at.member(key));
                }
            }
        }
    }

    fn visit_text(&mut self, text: &str, at: &Place) {
        if !text.is_empty() {
            self.add(Mutation::Emptied(at.clone()), Some(&Json::from("")));
        }
        self.add(Mutation::Other(at.clone()), Some(&Json::from(OTHER)));
        if text.contains(HANDLE) {
            self.repeat(text, at);
            return;
        }
        let swapped: String = text.chars().flat_map(swap_case).collect();
        if swapped != text {
            self.add(Mutation::Case(at.clone()), Some(&Json::from(swapped)));
        }
        self.repeat(text, at);
    }

    /// The value that was given before under the name under which this member stands, or under any that looks like it.
    fn repeat(&mut self, text: &str, at: &Place) {
        let before = self.given.iter().rev().filter_map(|(name, value)| Some((name, value.as_str()?)));
        let like = before.filter(|(_, value)| *value != text && is_like(value, text));
        let Some((name, value)) = like.take(1).next().map(|(name, value)| (name.clone(), value.to_owned())) else {
            return;
        };
        self.add(Mutation::Repeated(at.clone(), name), Some(&Json::from(value)));
    }

    fn visit_list(&mut self, items: &[Json], at: &Place) {
        let Some((last, rest)) = items.split_last() else { return };
        self.add(Mutation::Emptied(at.clone()), Some(&Json::Array(Vec::new())));
        if !rest.is_empty() {
            self.add(Mutation::Lost(at.clone()), Some(&Json::Array(rest.to_vec())));
            let turned: Vec<Json> = items.iter().rev().cloned().collect();
            if turned != items {
                self.add(Mutation::Reordered(at.clone()), Some(&Json::Array(turned)));
            }
        }
        let doubled = items.iter().chain([last]).cloned().collect();
        self.add(Mutation::Doubled(at.clone()), Some(&Json::Array(doubled)));
    }

    fn add_renamed(&mut self, at: &Place, value: &Json) {
        let Some(key) = at.last_key() else { return };
        let renamed = format!("{key}2");
        let body = replaced(self.body, &mut at.way().peekable(), &Put::Member(&renamed, value));
        self.broken.push((Mutation::Renamed(at.clone()), body));
    }

    fn add(&mut self, mutation: Mutation, value: Option<&Json>) {
        let Some(place) = mutation.place() else { return };
        let put = value.map_or(Put::Nothing, Put::Value);
        let body = replaced(self.body, &mut place.way().peekable(), &put);
        self.broken.push((mutation, body));
    }
}

/// What stands at a place instead.
enum Put<'v> {
    Nothing,
    Value(&'v Json),
    /// The same value under another name.
    Member(&'v str, &'v Json),
}

/// A copy of `body` with something else at the end of the way.
fn replaced<'w>(
    body: &Json,
    way: &mut std::iter::Peekable<impl Iterator<Item = Result<&'w str, usize>>>,
    put: &Put<'_>,
) -> Json {
    let Some(step) = way.next() else {
        return match put {
            Put::Nothing => Json::Null,
            Put::Value(value) | Put::Member(_, value) => (*value).clone(),
        };
    };
    let is_end = way.peek().is_none();
    match (body, step) {
        (Json::Object(members), Ok(key)) => {
            let mut changed = Vec::with_capacity(members.len());
            for (name, member) in members {
                match put {
                    _ if name != key => changed.push((name.clone(), member.clone())),
                    Put::Nothing if is_end => {}
                    Put::Member(other, value) if is_end => changed.push(((*other).to_owned(), (*value).clone())),
                    Put::Nothing | Put::Value(_) | Put::Member(..) => {
                        changed.push((name.clone(), replaced(member, way, put)));
                    }
                }
            }
            Json::Object(changed)
        }
        (Json::Array(items), Err(wanted)) => {
            let mut changed = items.clone();
            if let Some(item) = changed.get_mut(wanted) {
                *item = replaced(item, way, put);
            }
            Json::Array(changed)
        }
        (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_), _) => {
            body.clone()
        }
    }
}

/// The value as another type, as near to it as can be: what a careless endpoint would send.
fn retyped(value: &Json) -> Option<Json> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(truth) => Json::from(truth.to_string()),
        Json::Number(number) => Json::from(number.to_string()),
        Json::String(_) => Json::from(7_i64),
        Json::Array(_) => Json::Object(Vec::new()),
        Json::Object(_) => Json::Array(Vec::new()),
    })
}

fn swap_case(letter: char) -> Vec<char> {
    if letter.is_lowercase() { letter.to_uppercase().collect() } else { letter.to_lowercase().collect() }
}

/// Whether two texts may be values of the same thing: both handles of one name, or neither a handle and of one length.
fn is_like(a: &str, b: &str) -> bool {
    match (a.split_once('#'), b.split_once('#')) {
        (Some((a, _)), Some((b, _))) if a.starts_with(HANDLE) && b.starts_with(HANDLE) => a == b,
        _ => !a.starts_with(HANDLE) && !b.starts_with(HANDLE) && a.len().abs_diff(b.len()) <= 2 && a.len() >= 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text.as_bytes()).expect("the test's own JSON")
    }

    fn all(body: &str, given: &[(&str, &str)]) -> Vec<String> {
        let given: Vec<_> = given.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))).collect();
        let broken = broken_bodies(&json(body), &given);
        broken.into_iter().map(|(mutation, body)| format!("{mutation}: {body}")).collect()
    }

    #[test]
    fn every_member_is_dropped_renamed_nulled_retyped_and_more() {
        assert_eq!(
            all(r#"{"id":"abcdef","n":1}"#, &[("first", "uvwxyz")]),
            [
                "$ is null: null",
                "$ is of another type: []",
                "$ is empty: {}",
                r#"$.id is gone: {"n":1}"#,
                r#"$.id has another name: {"id2":"abcdef","n":1}"#,
                r#"$.id is null: {"id":null,"n":1}"#,
                r#"$.id is of another type: {"id":7,"n":1}"#,
                r#"$.id is empty: {"id":"","n":1}"#,
                r#"$.id is another text: {"id":"another text","n":1}"#,
                r#"$.id is in other letters: {"id":"ABCDEF","n":1}"#,
                r#"$.id is the one of `first`: {"id":"uvwxyz","n":1}"#,
                r#"$.n is gone: {"id":"abcdef"}"#,
                r#"$.n has another name: {"id":"abcdef","n2":1}"#,
                r#"$.n is null: {"id":"abcdef","n":null}"#,
                r#"$.n is of another type: {"id":"abcdef","n":"1"}"#,
                r#"$.n is one more: {"id":"abcdef","n":2}"#,
                r#"$.n is far off: {"id":"abcdef","n":1000001}"#,
            ]
        );
    }

    #[test]
    fn lists_lose_repeat_and_turn_their_elements() {
        let broken = all(r#"{"l":[1,2]}"#, &[]);
        for expected in [
            r#"$.l is empty: {"l":[]}"#,
            r#"$.l lost its last element: {"l":[1]}"#,
            r#"$.l has its last element twice: {"l":[1,2,2]}"#,
            r#"$.l is in another order: {"l":[2,1]}"#,
            r#"$.l[1] is null: {"l":[1,null]}"#,
        ] {
            assert!(broken.iter().any(|it| it == expected), "{expected} is not in {broken:#?}");
        }
    }

    #[test]
    fn a_secret_is_swapped_for_another_of_its_name_and_keeps_its_letters() {
        let given = [("a", "‹desk.access_token#1›"), ("b", "‹desk.id_token#1›")];
        let broken = all(r#"{"t":"‹desk.access_token#2›"}"#, &given);
        assert!(broken.contains(&r#"$.t is the one of `a`: {"t":"‹desk.access_token#1›"}"#.to_owned()), "{broken:#?}");
        assert!(!broken.iter().any(|it| it.contains("letters")), "{broken:#?}");
    }

    #[test]
    fn a_huge_body_is_looked_at_in_part() {
        let body = format!("[{}]", "[1],".repeat(50_000) + "1");
        assert!(all(&body, &[]).len() < 50);
    }
}
