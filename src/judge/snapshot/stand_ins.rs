use std::collections::BTreeMap;

use crate::event::SnapshotMode;
use crate::snapshot::{Name, Text};
use crate::value::{Form, Json, JsonPath, Number, has_handle};

use super::origins;

/// What a snapshot check must know of the suite and the case around it.
pub trait Snapshots {
    /// The accepted text of this name.
    fn accepted(&self, name: &Name) -> Option<&Text>;
    /// Paths of values that are never compared.
    fn volatile(&self) -> &[JsonPath];
    /// The values that have a name at this step.
    fn stand_ins(&self) -> StandIns;
    /// What becomes of a difference.
    fn mode(&self) -> SnapshotMode;
}

/// Shorter texts are met by chance.
const LEAST_CHARACTERS: usize = 6;
/// Shorter numbers are met by chance.
const LEAST_DIGITS: usize = 5;

/// Values that stand in snapshots by their names, because they differ from run to run.
#[derive(Clone, Debug, Default)]
pub struct StandIns {
    /// Captured values, by their text, each with all the names that it has.
    captured: BTreeMap<String, Vec<String>>,
    /// Items of lists, which have a name of their own only where nothing else gives them one.
    items: Vec<(String, String)>,
    /// Values of the run and of the target; the first of a value counts.
    given: Vec<(String, String)>,
}

/// A text and what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StandIn {
    /// What is met.
    pub(super) text: String,
    /// What is written, without its brackets.
    pub(super) label: String,
}

impl StandIns {
    /// Adds what a step captured or collected, or a flow was given. A text or a number has this name, the texts and
    /// numbers of a list have it with their place; an object, and what is too short to be met on purpose, has none.
    pub fn capture(&mut self, name: &str, value: &Json) {
        let Json::Array(items) = value else {
            if let Some(text) = telling(value) {
                self.captured.entry(text).or_default().push(name.to_owned());
            }
            return;
        };
        // What was seen again, as when an answer was polled once more, must not give what follows another place.
        let mut seen: Vec<String> = Vec::new();
        for text in items.iter().filter_map(telling) {
            if !seen.contains(&text) {
                self.items.push((text.clone(), format!("{name}[{}]", seen.len())));
                seen.push(text);
            }
        }
    }

    /// Adds a value that the run made for itself.
    pub fn give(&mut self, name: &str, value: &Json) {
        self.given.extend(telling(value).map(|text| (text, name.to_owned())));
    }

    /// Adds the host of a URL of the target; the path is the same on all targets.
    pub fn host(&mut self, url: &Json) {
        let ways = url.as_str().map(origins::of_url).unwrap_or_default();
        for way in ways.into_iter().filter(|way| way.chars().count() >= LEAST_CHARACTERS) {
            self.given.push((way, "target.host".to_owned()));
        }
    }

    /// All of them, the longest first, so that what is a part of another does not hide it.
    pub(super) fn sorted(&self) -> Vec<StandIn> {
        let mut all: BTreeMap<&str, String> = BTreeMap::new();
        for (text, names) in &self.captured {
            let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
            names.sort_unstable();
            names.dedup();
            all.insert(text, names.join("="));
        }
        for (text, name) in self.items.iter().chain(&self.given) {
            all.entry(text).or_insert_with(|| name.clone());
        }
        let mut sorted: Vec<StandIn> = Vec::with_capacity(all.len());
        for (text, label) in all {
            let encoded = Form::Percent.apply(text);
            if encoded != text {
                sorted.push(StandIn { text: encoded.to_lowercase(), label: label.clone() });
                sorted.push(StandIn { text: encoded, label: label.clone() });
            }
            sorted.push(StandIn { text: text.to_owned(), label });
        }
        sorted.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
        sorted.dedup_by(|a, b| a.text == b.text);
        sorted
    }
}

/// The text of a value that tells enough to be recognised. Handles have names already.
fn telling(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => {
            // A text of digits counts as a number everywhere in the language.
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            let least = if is_number { LEAST_DIGITS } else { LEAST_CHARACTERS };
            (text.chars().count() >= least && !has_handle(text)).then(|| text.clone())
        }
        Json::Number(number) => {
            let text = plain(number);
            (text.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS).then_some(text)
        }
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A number by its value: `1.0` and `1e0` are `1`. One that would take very many digits stays as it was written.
pub(super) fn plain(number: &Number) -> String {
    number.add(&Number::from(0_i64)).map_or_else(|| number.text().to_owned(), |sum| sum.text().to_owned())
}
