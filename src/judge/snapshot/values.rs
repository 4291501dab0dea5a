use std::collections::HashMap;
use std::fmt::Write as _;

use crate::value::Json;

use super::drawing::Drawing;
use super::passage::{Naming, Part};
use super::stand_ins::plain;

/// Values of one tree that are not compared, by where they stand, with the word that stands for each.
pub(super) type Hidden = HashMap<*const Json, &'static str>;

/// Draws a body with its values.
pub(super) fn draw(json: &Json, hidden: &Hidden, naming: &mut Naming) -> Drawing {
    if let Some(word) = hidden.get(&std::ptr::from_ref(json)) {
        return Drawing::Leaf(format!("[{word}]"));
    }
    match json {
        Json::Null => Drawing::Leaf("null".to_owned()),
        Json::Bool(truth) => Drawing::Leaf(truth.to_string()),
        Json::Number(number) => {
            let text = plain(number);
            Drawing::Leaf(naming.of_whole(&text).map_or(text.clone(), |label| format!("[{label}]")))
        }
        Json::String(text) => Drawing::Leaf(quoted(text, naming)),
        Json::Array(items) => Drawing::List(items.iter().map(|item| draw(item, hidden, naming)).collect()),
        Json::Object(members) => {
            let members = sorted(members, naming);
            Drawing::Map(members.into_iter().map(|(key, value)| (key, draw(value, hidden, naming))).collect())
        }
    }
}

/// The members by their keys as they are written: one that differs from run to run stands where its name belongs.
pub(super) fn sorted<'j>(members: &'j [(String, Json)], naming: &mut Naming) -> Vec<(String, &'j Json)> {
    let mut sorted: Vec<_> = members.iter().map(|(key, value)| (quoted(key, naming), value)).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    sorted
}

/// A text as a JSON string, with names put in.
pub(super) fn quoted(text: &str, naming: &mut Naming) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for part in naming.parts(text) {
        match part {
            Part::Named(label) => {
                out.push('[');
                out.push_str(&label);
                out.push(']');
            }
            Part::Plain(text) => {
                let json = Json::from(text).to_string();
                out.push_str(&guarded(&json[1..json.len() - 1], naming, "\\u005b"));
            }
        }
    }
    out.push('"');
    out
}

/// Writes a bracket in another way where the endpoint itself sent what would be taken for a name.
pub(super) fn guarded(text: &str, naming: &Naming, bracket: &str) -> String {
    if !text.contains('[') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if character == '[' && naming.looks_like_a_name(&text[at + 1..]) {
            out.push_str(bracket);
        } else {
            out.push(character);
        }
    }
    out
}

/// A body that is text, a line each, behind a bar: so that nothing of it is lost where a file is trimmed, and nothing of
/// it is taken for JSON.
pub(super) fn lines(text: &str, naming: &mut Naming) -> String {
    let mut named = String::with_capacity(text.len());
    for part in naming.parts(text) {
        match part {
            Part::Named(label) => {
                named.push('[');
                named.push_str(&label);
                named.push(']');
            }
            Part::Plain(plain) => named.push_str(&guarded(&escaped(plain), naming, "\\u{5b}")),
        }
    }
    let mut out = String::with_capacity(named.len());
    for line in named.split('\n') {
        let trimmed = line.trim_end_matches(' ');
        out.push_str(if line.is_empty() { "|" } else { "| " });
        out.push_str(trimmed);
        out.extend(std::iter::repeat_n("\\u{20}", line.len() - trimmed.len()));
        out.push('\n');
    }
    out.pop();
    out
}

/// Characters that cannot be seen, and the sign by which they are written, as escapes; line feeds stay.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push('\n'),
            hidden if hidden.is_control() || (hidden.is_whitespace() && hidden != ' ') => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(hidden));
            }
            seen => out.push(seen),
        }
    }
    out
}
