use std::fmt::Write as _;

use crate::event::Answer;
use crate::judge::subject::NoDocument;
use crate::judge::{AnswerBody, Breach, BreachCode, Fixed};
use crate::snapshot::Text;
use crate::value::{Json, JsonPath, Selected};

use super::asked::{Detail, SnapshotAsked};
use super::drawing::Drawing;
use super::passage::Naming;
use super::stand_ins::Snapshots;
use super::values::{Hidden, lines};
use super::{shape, values};

/// Why no text can be made of an answer.
#[derive(Debug)]
pub(super) enum NoText {
    /// The answer is none that could be accepted.
    Breaks(Box<Breach>),
    /// It cannot be decided.
    Undecided(Box<Breach>),
}

/// Makes the text of an answer: the status, the header fields that are asked for, an empty line, the body.
pub(super) fn render(
    asked: &SnapshotAsked,
    answer: &Answer,
    body: &AnswerBody<'_>,
    around: &dyn Snapshots,
) -> Result<Text, NoText> {
    let mut naming = Naming::new(around.stand_ins().sorted());
    let mut text = answer.status.to_string();
    for name in &asked.headers {
        let mut is_there = false;
        for value in answer.header(name) {
            is_there = true;
            // Writing to a String cannot fail.
            let _ = write!(text, "\n{name}: {}", inline(value, &mut naming));
        }
        if !is_there {
            let _ = write!(text, "\n{name} is not there");
        }
    }
    let body = of_body(asked, answer, body, around, &mut naming)?;
    if !body.is_empty() {
        text.push_str("\n\n");
        text.push_str(&body);
    }
    Ok(Text::new(&text))
}

/// A header field: one line of text.
fn inline(value: &str, naming: &mut Naming) -> String {
    lines(value, naming).trim_start_matches("| ").to_owned()
}

fn of_body(
    asked: &SnapshotAsked,
    answer: &Answer,
    body: &AnswerBody<'_>,
    around: &dyn Snapshots,
    naming: &mut Naming,
) -> Result<String, NoText> {
    let invalid = |message: String| NoText::Breaks(Box::new(Breach::new(BreachCode::JsonInvalid, message)));
    match body.document() {
        Ok(document) if is_structured(document.json()) || is_declared_json(answer) || asked.only.is_some() => {
            if let Some(key) = body.duplicate_key() {
                let message = format!("{key} stands twice in its object");
                return Err(NoText::Breaks(Box::new(Breach::new(BreachCode::DuplicateKey, message).at(key))));
            }
            json(asked, document.json(), around, naming)
        }
        Err(reason @ NoDocument::Invalid { .. }) if is_declared_json(answer) => Err(invalid(reason.to_string())),
        Err(reason) if asked.only.is_some() => Err(invalid(reason.to_string())),
        Ok(_) | Err(_) => other(answer, naming),
    }
}

/// Whether a body that nobody calls JSON is meant to be it all the same: `12` and `true` are texts as well.
fn is_structured(json: &Json) -> bool {
    matches!(json, Json::Array(_) | Json::Object(_))
}

fn is_declared_json(answer: &Answer) -> bool {
    answer.media_type().is_some_and(|media_type| media_type.ends_with("/json") || media_type.ends_with("+json"))
}

/// A body that is no JSON: its text, or its digest where it has none.
fn other(answer: &Answer, naming: &mut Naming) -> Result<String, NoText> {
    let body = &answer.body;
    if body.is_empty() {
        return Ok(String::new());
    }
    if let Some(text) = body.as_text() {
        return Ok(lines(text, naming));
    }
    if answer.media_type().is_some_and(|media_type| media_type.starts_with("text/")) {
        let bytes = body.to_bytes();
        let at = std::str::from_utf8(&bytes).err().map_or(0, |error| error.valid_up_to());
        let message = format!("the body is text and not UTF-8: the byte at {at} is none of a character");
        return Err(NoText::Breaks(Box::new(Breach::new(BreachCode::InvalidUtf8, message))));
    }
    Ok(format!("({} bytes, sha256 {})", body.size, body.sha256))
}

fn json(asked: &SnapshotAsked, whole: &Json, around: &dyn Snapshots, naming: &mut Naming) -> Result<String, NoText> {
    let mut hidden = Hidden::new();
    for path in around.volatile() {
        hide(path, whole, "volatile", &mut hidden)?;
    }
    for path in &asked.ignore {
        hide(known(path)?, whole, "ignored", &mut hidden)?;
    }
    let mut draw = |json: &Json| match asked.detail {
        Detail::Values => values::draw(json, &hidden, naming),
        Detail::Shape => shape::draw(json, &hidden, naming),
    };
    let Some(only) = &asked.only else { return Ok(draw(whole).print()) };
    let path = known(only)?;
    let drawing = match path.select_in(whole).map_err(|error| too_many(path, &error))? {
        Selected::One(Some(node)) => draw(node.value),
        Selected::One(None) => {
            let message = format!("{path}: nothing is there to compare");
            return Err(NoText::Breaks(Box::new(Breach::new(BreachCode::JsonMissing, message).at(path.text()))));
        }
        Selected::Many(nodes) => Drawing::List(nodes.iter().map(|node| draw(node.value)).collect()),
    };
    Ok(format!("{path}\n{}", drawing.print()))
}

fn hide(path: &JsonPath, whole: &Json, word: &'static str, hidden: &mut Hidden) -> Result<(), NoText> {
    let found = path.select_in(whole).map_err(|error| too_many(path, &error))?;
    for node in found.nodes() {
        hidden.entry(std::ptr::from_ref(node.value)).or_insert(word);
    }
    Ok(())
}

fn known(path: &Fixed<JsonPath>) -> Result<&JsonPath, NoText> {
    path.as_now().ok_or_else(|| {
        NoText::Undecided(Box::new(Breach::new(BreachCode::NotCompiled, "a path holds a name of the target")))
    })
}

fn too_many(path: &JsonPath, error: &dyn std::fmt::Display) -> NoText {
    NoText::Undecided(Box::new(Breach::new(BreachCode::TooManyNodes, format!("{path}: {error}")).at(path.text())))
}
