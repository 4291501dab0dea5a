use serde::Serialize;
use similar::{DiffOp, DiffTag, TextDiff};

use crate::report::visible;

use super::shown::Shown;

/// How many lines of each text are compared.
const MOST_LINES: usize = 1000;
/// How many lines that are alike are shown around those that are not.
const CONTEXT: usize = 3;
/// The longest line, in bytes.
const MOST_LINE: usize = 1024;

/// Two texts side by side: on the left what was accepted or expected, on the right what was seen.
#[derive(Debug, Serialize)]
pub(super) struct DiffView {
    /// The heads of the two sides.
    heads: [&'static str; 2],
    /// The rows.
    rows: Vec<RowView>,
    /// Whether lines of either text were left out at the end.
    is_cut: bool,
}

/// A row: the line of each side.
#[derive(Debug, Serialize)]
struct RowView {
    /// `same`, `changed`, `gone`, `new`, or `gap` for lines that are alike and left out.
    kind: &'static str,
    /// On the left.
    left: Option<SideView>,
    /// On the right.
    right: Option<SideView>,
}

/// A line of one side.
#[derive(Debug, Serialize)]
struct SideView {
    /// Its number, from 1.
    number: usize,
    /// The line.
    text: Shown,
}

impl DiffView {
    /// The two texts side by side, with the names of the sides.
    pub(super) fn new(heads: [&'static str; 2], left: &str, right: &str) -> Self {
        let (left, left_cut) = first_lines(left);
        let (right, right_cut) = first_lines(right);
        let diff = TextDiff::from_slices(&left, &right);
        let mut rows = Vec::new();
        for (at, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
            if at > 0 {
                rows.push(RowView { kind: "gap", left: None, right: None });
            }
            for op in group {
                draw(&mut rows, op, &left, &right);
            }
        }
        Self { heads, rows, is_cut: left_cut || right_cut }
    }
}

/// The lines of a text, bounded.
fn first_lines(text: &str) -> (Vec<&str>, bool) {
    let mut lines = text.lines();
    let head = lines.by_ref().take(MOST_LINES).collect();
    (head, lines.next().is_some())
}

fn draw(rows: &mut Vec<RowView>, op: &DiffOp, left: &[&str], right: &[&str]) {
    let side = |lines: &[&str], at: usize| {
        lines.get(at).map(|line| SideView {
            number: at + 1,
            // Indents are what a reader compares by; tabs would not line up.
            text: Shown::short(&visible::cut(line, MOST_LINE).0.replace('\t', "    "), MOST_LINE),
        })
    };
    let (old, new) = (op.old_range(), op.new_range());
    let kind = match op.tag() {
        DiffTag::Equal => "same",
        DiffTag::Delete => "gone",
        DiffTag::Insert => "new",
        DiffTag::Replace => "changed",
    };
    for at in 0..old.len().max(new.len()) {
        let left = (at < old.len()).then(|| side(left, old.start + at)).flatten();
        let right = (at < new.len()).then(|| side(right, new.start + at)).flatten();
        rows.push(RowView { kind, left, right });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(left: &str, right: &str) -> Vec<String> {
        let text = |side: &Option<SideView>| {
            side.as_ref().map_or_else(String::new, |side| format!("{}:{}", side.number, side.text.as_str()))
        };
        let diff = DiffView::new(["accepted", "seen"], left, right);
        diff.rows.iter().map(|row| format!("{} {}|{}", row.kind, text(&row.left), text(&row.right))).collect()
    }

    #[test]
    fn two_texts_stand_side_by_side_with_what_is_alike_left_out() {
        let left = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
        let right = left.replace("b\n", "B\n").replace('l', "l\nm");
        assert_eq!(
            drawn(left, &right),
            [
                "same 1:a|1:a",
                "changed 2:b|2:B",
                "same 3:c|3:c",
                "same 4:d|4:d",
                "same 5:e|5:e",
                "gap |",
                "same 10:j|10:j",
                "same 11:k|11:k",
                "same 12:l|12:l",
                "new |13:m"
            ]
        );
    }

    #[test]
    fn long_texts_are_compared_as_far_as_a_page_holds_them() {
        let diff = DiffView::new(["accepted", "seen"], &"x\n".repeat(5000), &"y\n".repeat(5000));
        assert!(diff.is_cut && diff.rows.len() <= 2 * MOST_LINES);
        assert_eq!(drawn("", ""), Vec::<String>::new());
    }
}
