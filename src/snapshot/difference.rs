use similar::{ChangeTag, TextDiff};

use super::Text;

/// What differs between two texts, in hunks with some lines around each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The stretches that differ, in order; none where the two are equal.
    pub hunks: Vec<Hunk>,
}

/// A stretch that differs, with some lines that do not before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// What leads to its first change, where the text is JSON with an indent: `$.events[1]`; empty elsewhere.
    pub within: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub side: Side,
    /// Its number in the old text, from 1.
    pub old: Option<usize>,
    /// Its number in the new text, from 1.
    pub new: Option<usize>,
    /// What it says, without its end.
    pub text: String,
}

/// Whose a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It is in both.
    Both,
    /// Only in what was accepted.
    Old,
    /// Only in what was seen.
    New,
}

/// How many lines are shown around what differs.
const AROUND: usize = 3;

impl Difference {
    /// What differs between what was accepted and what was seen.
    #[must_use]
    pub fn between(accepted: &Text, seen: &Text) -> Self {
        // The last line of one may be in the middle of the other.
        let ended = |text: &Text| if text.as_str().is_empty() { String::new() } else { format!("{text}\n") };
        let (accepted_lines, seen_lines) = (ended(accepted), ended(seen));
        let diff = TextDiff::from_lines(accepted_lines.as_str(), seen_lines.as_str());
        let old: Vec<&str> = accepted.as_str().split('\n').collect();
        let new: Vec<&str> = seen.as_str().split('\n').collect();
        let hunks = diff.grouped_ops(AROUND).into_iter().map(|group| {
            let changes = group.iter().flat_map(|op| diff.iter_changes(op));
            let lines = changes.map(|change| Line {
                side: match change.tag() {
                    ChangeTag::Equal => Side::Both,
                    ChangeTag::Delete => Side::Old,
                    ChangeTag::Insert => Side::New,
                },
                old: change.old_index().map(|at| at + 1),
                new: change.new_index().map(|at| at + 1),
                text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
            });
            let lines: Vec<Line> = lines.collect();
            let first = lines.iter().find(|line| line.side != Side::Both);
            let within = first.map_or_else(String::new, |line| match (line.old, line.new) {
                (Some(at), _) => way_to(&old, at - 1),
                (None, Some(at)) => way_to(&new, at - 1),
                (None, None) => String::new(),
            });
            Hunk { within, lines }
        });
        Self { hunks: hunks.collect() }
    }

    /// How many lines are in one of the two only.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.side != Side::Both).count()
    }
}

/// The keys and numbers that lead to the list or object which holds this line, read off the indent. The text need not be
/// JSON: names stand in it for values, and lines before it tell of the head.
fn way_to(lines: &[&str], at: usize) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut way = Vec::new();
    let mut inner = lines.get(at).map_or(0, |line| indent(line));
    // Elements before the one that is looked for, of the level that was left last.
    let mut before = 0;
    let mut element = at;
    for index in (0..at).rev() {
        let line = lines[index];
        let text = line.trim();
        let here = indent(line);
        if here == inner && !text.starts_with(['}', ']']) {
            before += usize::from(index != element);
        }
        if here >= inner || !text.ends_with(['{', '[']) {
            continue;
        }
        if text.ends_with('[') {
            way.push(format!("[{before}]"));
        }
        if let Some((key, _)) = text.strip_prefix('"').and_then(|rest| rest.split_once("\": ")) {
            way.push(format!(".{key}"));
        }
        inner = here;
        before = 0;
        element = index;
    }
    if way.is_empty() { String::new() } else { format!("${}", way.into_iter().rev().collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_hunks() {
        assert_eq!(Difference::between(&Text::new("a\nb"), &Text::new("a\nb")), Difference::default());
    }

    #[test]
    fn a_field_that_was_renamed_is_one_hunk_with_the_numbers_of_its_lines() {
        let old = Text::new("200\n\n{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 4,\n  \"e\": 5\n}");
        let new = Text::new(&old.as_str().replace("\"d\"", "\"dd\""));
        let difference = Difference::between(&old, &new);
        assert_eq!((difference.hunks.len(), difference.changed()), (1, 2));
        let shown: Vec<(Side, Option<usize>, Option<usize>, &str)> =
            difference.hunks[0].lines.iter().map(|line| (line.side, line.old, line.new, line.text.as_str())).collect();
        assert_eq!(
            shown,
            [
                (Side::Both, Some(4), Some(4), "  \"a\": 1,"),
                (Side::Both, Some(5), Some(5), "  \"b\": 2,"),
                (Side::Both, Some(6), Some(6), "  \"c\": 3,"),
                (Side::Old, Some(7), None, "  \"d\": 4,"),
                (Side::New, None, Some(7), "  \"dd\": 4,"),
                (Side::Both, Some(8), Some(8), "  \"e\": 5"),
                (Side::Both, Some(9), Some(9), "}"),
            ]
        );
    }

    #[test]
    fn a_hunk_says_what_leads_to_it() {
        let text = "200\n\n{\n  \"a\": [\n    {\n      \"x\": 1\n    },\n    {\n      \"x\": {\n        \"y\": 2\n      }\n    }\n  ],\n  \"z\": [\n    1,\n    2\n  ]\n}";
        let within = |from: &str, to: &str| {
            let hunks = Difference::between(&Text::new(text), &Text::new(&text.replacen(from, to, 1))).hunks;
            hunks.into_iter().map(|hunk| hunk.within).collect::<Vec<_>>()
        };
        assert_eq!(within("\"y\"", "\"yy\""), ["$.a[1].x"]);
        assert_eq!(within("\"x\": 1", "\"x\": 2"), ["$.a[0]"]);
        assert_eq!(within("    2\n", "    3\n"), ["$.z[1]"]);
        assert_eq!(within("\"z\"", "\"zz\""), [""]);
        assert_eq!(within("200", "404"), [""]);
        assert_eq!(Difference::between(&Text::new("200"), &Text::new("200\n\nOK")).changed(), 2);
    }
}
