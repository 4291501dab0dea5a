use crate::value::{Json, Location, Segment};

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
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) if is_plain(key) => text.extend([".", key]),
            Step::Key(key) => text.push_str(&format!("[{}]", quoted(key))),
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

/// Items in a row, as in `a, b or c`.
pub(super) fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}
