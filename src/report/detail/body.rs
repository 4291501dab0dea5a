use std::fmt::Write as _;

use crate::event::{Body, Content};
use crate::report::{visible, words};
use crate::value::Json;

/// How much of a body is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Lines.
    pub(super) lines: usize,
    /// Bytes, of all lines.
    pub(super) bytes: usize,
}

/// Larger bodies are not put in lines of their own.
const MOST_PRETTY: usize = 64 * 1024;

/// The lines of a body, at most so many, of so many bytes together.
pub(in crate::report) fn body_lines(body: &Body, (most_lines, most_bytes): (usize, usize)) -> Vec<String> {
    lines(body, Room { lines: most_lines, bytes: most_bytes })
}

/// A body as lines: JSON with an indent, other text as it is, bytes by their numbers, cut to `room`.
pub(super) fn lines(body: &Body, room: Room) -> Vec<String> {
    let text = match &body.content {
        Content::Empty => return Vec::new(),
        Content::Text(text) => pretty(text).unwrap_or_else(|| text.clone()),
        Content::Base64(_) => by_number(body, room.bytes),
    };
    let (head, mut left) = visible::cut(&text, room.bytes);
    let mut shown = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        if shown.len() == room.lines {
            left += rest.len();
            break;
        }
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        shown.push(visible::lines(line.strip_suffix('\r').unwrap_or(line)).into_owned());
        rest = after;
    }
    if left > 0 {
        shown.push(format!("… {} more", words::bytes(left as u64)));
    }
    shown
}

fn pretty(text: &str) -> Option<String> {
    let is_tree = text.trim_start().starts_with(['{', '[']);
    (is_tree && text.len() <= MOST_PRETTY)
        .then(|| Json::parse(text.as_bytes()).ok().map(|json| json.pretty()))
        .flatten()
}

fn by_number(body: &Body, most: usize) -> String {
    let bytes = body.to_bytes();
    let mut shown = String::from("(not UTF-8) ");
    for chunk in bytes[..bytes.len().min(most)].utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a text cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}
