use crate::value::Handle;

use super::form::{Form, forms, stands_alone};
use super::stand_ins::StandIn;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// It stands as it is.
    Plain(&'t str),
    /// Something else stands for it.
    Named(String),
}

/// Puts names in the place of values, over the whole of an answer.
///
/// UUIDs are numbered by first sight, in the order of the text: whether two are the same is no chance, so that it is a
/// part of the snapshot. Timestamps are not: whether two fall on the same tick is chance.
#[derive(Debug)]
pub(super) struct Naming {
    stand_ins: Vec<StandIn>,
    uuids: Vec<String>,
}

/// Words that stand in brackets whatever a case captures.
const WORDS: [&str; 4] = ["timestamp", "uuid", "volatile", "ignored"];

impl Naming {
    pub(super) fn new(stand_ins: Vec<StandIn>) -> Self {
        Self { stand_ins, uuids: Vec::new() }
    }

    /// What stands for this text as a whole.
    pub(super) fn of_whole(&self, text: &str) -> Option<&str> {
        self.stand_ins.iter().find(|stand_in| stand_in.text == text).map(|stand_in| stand_in.label.as_str())
    }

    /// The parts of a text: handles of secrets first, then values with a name, the longest first, then forms.
    pub(super) fn parts<'t>(&mut self, text: &'t str) -> Vec<Part<'t>> {
        let mut parts = Vec::new();
        let mut from = 0;
        for (range, handle) in Handle::all(text) {
            push_plain(&mut parts, &text[from..range.start]);
            from = range.end;
            parts.push(Part::Named(label_of(&handle)));
        }
        push_plain(&mut parts, &text[from..]);
        for stand_in in &self.stand_ins {
            if text.contains(&stand_in.text) {
                parts = parts.into_iter().flat_map(|part| stand_in.put_into(part)).collect();
            }
        }
        let mut done = Vec::with_capacity(parts.len());
        for part in parts {
            let Part::Plain(plain) = part else {
                done.push(part);
                continue;
            };
            let mut from = 0;
            for (range, form) in forms(plain) {
                push_plain(&mut done, &plain[from..range.start]);
                from = range.end;
                let label = match form {
                    Form::Timestamp => "timestamp".to_owned(),
                    Form::Uuid => self.uuid(&plain[range]),
                };
                done.push(Part::Named(label));
            }
            push_plain(&mut done, &plain[from..]);
        }
        done
    }

    /// Whether what an endpoint sent after an opening bracket would be taken for a name.
    pub(super) fn looks_like_a_name(&self, after_bracket: &str) -> bool {
        let Some((inner, _)) = after_bracket.split_once(']') else { return false };
        let word = inner.split('#').next().unwrap_or_default();
        let is_label = |label: &str| after_bracket.strip_prefix(label).is_some_and(|rest| rest.starts_with(']'));
        WORDS.contains(&word) || word.contains('.') || self.stand_ins.iter().any(|stand_in| is_label(&stand_in.label))
    }

    fn uuid(&mut self, text: &str) -> String {
        let text = text.to_ascii_lowercase();
        let known = self.uuids.iter().position(|known| *known == text);
        let at = known.unwrap_or_else(|| {
            self.uuids.push(text);
            self.uuids.len() - 1
        });
        if at == 0 { "uuid".to_owned() } else { format!("uuid#{}", at + 1) }
    }
}

impl StandIn {
    fn put_into<'t>(&self, part: Part<'t>) -> Vec<Part<'t>> {
        let Part::Plain(plain) = part else { return vec![part] };
        let mut parts = Vec::new();
        let mut from = 0;
        for (start, found) in plain.match_indices(&self.text) {
            let range = start..start + found.len();
            if stands_alone(plain, &range) {
                push_plain(&mut parts, &plain[from..start]);
                parts.push(Part::Named(self.label.clone()));
                from = range.end;
            }
        }
        push_plain(&mut parts, &plain[from..]);
        parts
    }
}

fn push_plain<'t>(parts: &mut Vec<Part<'t>>, text: &'t str) {
    if !text.is_empty() {
        parts.push(Part::Plain(text));
    }
}

/// What stands for a secret: its name, its number where there are several, and how it is encoded.
fn label_of(handle: &Handle) -> String {
    let whole = handle.to_string();
    let inner = whole.trim_start_matches('\u{2039}').trim_end_matches('\u{203a}');
    inner.replacen("#1~", "~", 1).strip_suffix("#1").map_or_else(|| inner.replacen("#1~", "~", 1), str::to_owned)
}
