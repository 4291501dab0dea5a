use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{Body, Content};
use crate::report::{visible, words};
use crate::value::{Json, JsonPath, Location, Segment};

use super::fidelity::Room;
use super::shown::Shown;

/// Larger bodies are not put in lines of their own.
const MOST_PRETTY: usize = 512 * 1024;
/// The longest line, in bytes.
const MOST_LINE: usize = 2 * 1024;

/// A body as lines.
#[derive(Debug, Default, Serialize)]
pub(super) struct BodyView {
    /// `JSON`, `text`, `bytes`; empty for an empty body.
    kind: &'static str,
    /// Its size.
    size: String,
    /// The lines.
    lines: Vec<LineView>,
    /// How much was cut off.
    more: Option<String>,
}

/// A line of a body.
#[derive(Debug, Serialize)]
struct LineView {
    /// What stands before the value: indent and key.
    key: Shown,
    /// The value, or what opens or closes one.
    text: Shown,
    /// The class of the value: `s`, `n`, `w` or none.
    kind: &'static str,
    /// The marks that stand at this line, by their numbers.
    marks: Vec<usize>,
}

/// Where in a body a remark belongs: its number and the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor<'f> {
    /// The number of the remark.
    pub(super) mark: usize,
    /// `$.events[2].Type`.
    pub(super) path: &'f str,
}

impl BodyView {
    /// The body, as far as there is room, with remarks at the lines that they speak of.
    pub(super) fn new(body: &Body, room: Room, anchors: &[Anchor<'_>]) -> Self {
        let size = words::bytes(body.size);
        if room.body_bytes == 0 {
            return Self { size, ..Self::default() };
        }
        let (kind, (mut lines, left)) = match &body.content {
            Content::Empty => return Self { size, ..Self::default() },
            Content::Text(text) => match tree(text) {
                Some(json) => ("JSON", (of_tree(&json, anchors), 0)),
                None => ("text", of_text(text, room.body_bytes, anchors)),
            },
            Content::Base64(_) => {
                let text = by_number(&body.to_bytes(), room.body_bytes);
                ("bytes", of_text(&text, room.body_bytes, anchors))
            }
        };
        let more = cut(&mut lines, room, left);
        Self { kind, size, lines, more }
    }
}

fn tree(text: &str) -> Option<Json> {
    let is_tree = text.trim_start().starts_with(['{', '[']) && text.len() <= MOST_PRETTY;
    is_tree.then(|| Json::parse(text.as_bytes()).ok()).flatten()
}

/// Keeps the first lines, and beyond them those that a remark stands at; `left` bytes were left out before.
fn cut(lines: &mut Vec<LineView>, room: Room, mut left: u64) -> Option<String> {
    let (mut bytes, mut count) = (0, 0_usize);
    lines.retain(|line| {
        let length = line.key.as_str().len() + line.text.as_str().len() + 1;
        let fits = bytes + length <= room.body_bytes && count < room.body_lines;
        if fits || !line.marks.is_empty() {
            bytes += length;
            count += 1;
            true
        } else {
            left += length as u64;
            false
        }
    });
    (left > 0).then(|| format!("{} more, in the event log", words::bytes(left)))
}

fn of_text(text: &str, most: usize, anchors: &[Anchor<'_>]) -> (Vec<LineView>, u64) {
    let (head, left) = visible::cut(text, most);
    let line = |line: &str| LineView {
        key: Shown::default(),
        text: Shown::short(line.strip_suffix('\r').unwrap_or(line), MOST_LINE),
        kind: "",
        marks: Vec::new(),
    };
    let mut lines: Vec<LineView> = head.split('\n').map(line).collect();
    // What speaks of a path in a body that is no tree speaks of the body.
    if let Some(first) = lines.first_mut() {
        first.marks = anchors.iter().map(|anchor| anchor.mark).collect();
    }
    (lines, left as u64)
}

fn by_number(bytes: &[u8], most: usize) -> String {
    use std::fmt::Write as _;
    let mut shown = String::new();
    for chunk in bytes[..bytes.len().min(most.saturating_mul(2))].utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a text cannot fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

fn of_tree(json: &Json, anchors: &[Anchor<'_>]) -> Vec<LineView> {
    let mut marks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for anchor in anchors {
        for pointer in pointers(json, anchor.path) {
            marks.entry(pointer).or_default().push(anchor.mark);
        }
    }
    let mut tree = Tree { lines: Vec::new(), marks };
    tree.write(json, "", "", "", &mut String::new());
    tree.lines
}

/// Where a path leads, as JSON Pointers; where it leads nowhere, how far it led.
fn pointers(json: &Json, path: &str) -> Vec<String> {
    const MOST: usize = 20;
    let Ok(path) = JsonPath::parse(path) else { return Vec::new() };
    let found = path.select_in(json).ok();
    let nodes = found.iter().flat_map(crate::value::Selected::nodes).take(MOST).map(|node| node.location.to_pointer());
    let nodes: Vec<String> = nodes.collect();
    if nodes.is_empty() { path.lost(json).map(|lost| lost.location.to_pointer()).into_iter().collect() } else { nodes }
}

/// The lines of a tree, written one by one.
struct Tree {
    lines: Vec<LineView>,
    marks: BTreeMap<String, Vec<usize>>,
}

impl Tree {
    fn line(&mut self, key: &str, text: &str, kind: &'static str, pointer: Option<&str>) {
        let marks = pointer.and_then(|pointer| self.marks.remove(pointer)).unwrap_or_default();
        self.lines.push(LineView { key: Shown::lines(key), text: Shown::short(text, MOST_LINE), kind, marks });
    }

    fn write(&mut self, json: &Json, indent: &str, key: &str, comma: &str, pointer: &mut String) {
        let below = format!("{indent}  ");
        let length = pointer.len();
        match json {
            Json::Array(items) if !items.is_empty() => {
                self.line(key, "[", "", Some(pointer));
                for (at, item) in items.iter().enumerate() {
                    push(pointer, Segment::Index(at));
                    let comma = if at + 1 < items.len() { "," } else { "" };
                    self.write(item, &below, &below, comma, pointer);
                    pointer.truncate(length);
                }
                self.line(indent, &format!("]{comma}"), "", None);
            }
            Json::Object(members) if !members.is_empty() => {
                self.line(key, "{", "", Some(pointer));
                for (at, (name, item)) in members.iter().enumerate() {
                    push(pointer, Segment::Key(name));
                    let comma = if at + 1 < members.len() { "," } else { "" };
                    let key = format!("{below}{}: ", Json::String(name.clone()));
                    self.write(item, &below, &key, comma, pointer);
                    pointer.truncate(length);
                }
                self.line(indent, &format!("}}{comma}"), "", None);
            }
            Json::String(_) => self.line(key, &format!("{json}{comma}"), "s", Some(pointer)),
            Json::Number(_) => self.line(key, &format!("{json}{comma}"), "n", Some(pointer)),
            Json::Null | Json::Bool(_) => self.line(key, &format!("{json}{comma}"), "w", Some(pointer)),
            Json::Array(_) | Json::Object(_) => self.line(key, &format!("{json}{comma}"), "", Some(pointer)),
        }
    }
}

fn push(pointer: &mut String, segment: Segment<'_>) {
    pointer.push_str(&Location::of(segment).to_pointer());
}

#[cfg(test)]
mod tests {
    use super::super::fidelity::Fidelity;
    use super::*;

    fn drawn(body: &str, paths: &[&str]) -> Vec<String> {
        let anchors: Vec<Anchor<'_>> = paths.iter().enumerate().map(|(mark, path)| Anchor { mark, path }).collect();
        let body = Body::text(body.to_owned(), body.len() as u64);
        let view = BodyView::new(&body, Fidelity::Full.room(), &anchors);
        let line = |line: &LineView| {
            let marks = line.marks.iter().map(|mark| format!(" <{mark}")).collect::<Vec<_>>().concat();
            format!("{}{}{marks}", line.key.as_str(), line.text.as_str())
        };
        view.lines.iter().map(line).collect()
    }

    #[test]
    fn a_remark_stands_at_the_line_that_it_speaks_of() {
        let body = r#"{"events":[{"Type":"A"},{"Type":"B","a/b~":null}],"n":1.0}"#;
        assert_eq!(
            drawn(body, &["$.events[1].Type", "$.events[1]['a/b~']", "$", "$.events[1].missing", "$.n"]),
            [
                "{ <2",
                "  \"events\": [",
                "    {",
                "      \"Type\": \"A\"",
                "    },",
                "    { <3",
                "      \"Type\": \"B\", <0",
                "      \"a/b~\": null <1",
                "    }",
                "  ],",
                "  \"n\": 1.0 <4",
                "}",
            ]
        );
    }

    #[test]
    fn a_path_that_is_none_marks_nothing_and_text_is_marked_as_a_whole() {
        assert_eq!(drawn("{\"a\":1}", &["$..[", "status"]), ["{", "  \"a\": 1", "}"]);
        assert_eq!(drawn("a\r\nb\u{1b}[2J", &["$"]), ["a <0", "b\\u{1b}[2J"]);
    }

    #[test]
    fn what_is_cut_off_is_counted_and_a_marked_line_stays() {
        let body = format!("[{}\"last\"]", "1,".repeat(5000));
        let body = Body::text(body.clone(), body.len() as u64);
        let view = BodyView::new(&body, Fidelity::Brief.room(), &[Anchor { mark: 0, path: "$[5000]" }]);
        assert_eq!(view.lines.len(), 25);
        assert_eq!(view.lines[24].text.as_str(), "\"last\"");
        assert_eq!(view.more.as_deref(), Some("24.3 KiB more, in the event log"));
    }
}
