use std::time::Duration;

use crate::value::{Json, JsonPath, Location, Segment};

/// How much of a value is shown, in characters.
const MOST_CHARACTERS: usize = 200;

/// A value as it stands in a message: compact JSON, cut.
pub(super) fn preview(value: &Json) -> String {
    value.preview(MOST_CHARACTERS)
}

/// A text as it stands in a message: a JSON string, cut.
pub(super) fn quoted(text: &str) -> String {
    preview(&Json::from(cut(text)))
}

/// At most so much of a text that is no value, such as a pattern.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To a member.
    Key(String),
    /// To an element.
    Index(usize),
}

/// A place as people write it: `$.events[2].Type`, brackets only where the key needs them.
pub(super) fn place(root: &str, steps: &[Step]) -> String {
    let mut text = root.to_owned();
    for step in steps {
        match step {
            Step::Index(index) => text.extend(["[", &index.to_string(), "]"]),
            Step::Key(key) if is_plain(key) => text.extend([".", key]),
            Step::Key(key) => text.extend(["[", &quoted(key), "]"]),
        }
    }
    text
}

/// The steps of a location.
pub(super) fn steps(location: &Location<'_>) -> Vec<Step> {
    let step = |segment: &Segment<'_>| match segment {
        Segment::Key(key) => Step::Key((*key).to_owned()),
        Segment::Index(index) => Step::Index(*index),
    };
    location.segments().iter().map(step).collect()
}

fn is_plain(key: &str) -> bool {
    let mut characters = key.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
        && key.len() <= 64
}

/// A duration as it would be written: `1h`, `90s`, `1.5s`.
pub(super) fn span(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 1.. if span.subsec_nanos() == 0 && seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds @ 1.. if span.subsec_nanos() == 0 && seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{span:?}"),
    }
}

/// Items in a row, as in `a, b or c`.
pub(super) fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// The way to the first key that stands twice in one object.
pub(super) fn first_duplicate_key(json: &Json) -> Option<Vec<Step>> {
    let normal = json.first_duplicate_key()?;
    // A normalised path is a path; if it were not, the whole value would be named.
    let found = JsonPath::parse(&normal).ok();
    let found = found.as_ref().and_then(|path| path.select_in(json).ok());
    Some(found.and_then(|found| found.nodes().first().map(|node| steps(&node.location))).unwrap_or_default())
}
