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
    /// The keys that lead to it, where the text is JSON with an indent: `$.events[1]`. Empty where nothing leads there.
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
        let diff = TextDiff::from_lines(accepted.as_str(), seen.as_str());
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
            Hunk { within: String::new(), lines: lines.collect() }
        });
        Self { hunks: hunks.collect() }
    }

    /// How many lines are in one of the two only.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.side != Side::Both).count()
    }
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
}
