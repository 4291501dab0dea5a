use serde::Serialize;

use crate::snapshot::{Difference, Hunk, Line, Side, Text};

use super::shown::Shown;

/// How many lines of each text are compared.
const MOST_LINES: usize = 1000;
/// The longest line, in characters.
const MOST_LINE: usize = 1000;

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
    /// Of a gap: what leads to the change that follows, such as `$.events[1]`.
    within: Shown,
    /// On the left.
    left: Option<SideView>,
    /// On the right.
    right: Option<SideView>,
}

/// A line of one side, in three parts.
#[derive(Debug, Serialize)]
struct SideView {
    /// Its number, from 1.
    number: usize,
    /// What both sides begin with; the whole line, where there is no other side.
    before: Shown,
    /// What differs.
    changed: Shown,
    /// What both sides end with.
    after: Shown,
}

impl DiffView {
    /// The two texts side by side, with the names of the sides.
    pub(super) fn new(heads: [&'static str; 2], left: &str, right: &str) -> Self {
        let (left, left_cut) = first_lines(left);
        let (right, right_cut) = first_lines(right);
        let mut rows = Vec::new();
        for (at, hunk) in Difference::between(&left, &right).hunks.iter().enumerate() {
            draw(&mut rows, hunk, at);
        }
        Self { heads, rows, is_cut: left_cut || right_cut }
    }
}

/// The lines of a text, bounded.
fn first_lines(text: &str) -> (Text, bool) {
    let mut lines = text.lines();
    let mut is_cut = false;
    let head = lines.by_ref().take(MOST_LINES).map(|line| match line.char_indices().nth(MOST_LINE) {
        Some((end, _)) => {
            is_cut = true;
            &line[..end]
        }
        None => line,
    });
    let head = head.collect::<Vec<_>>().join("\n");
    (Text::new(&head), is_cut || lines.next().is_some())
}

/// The rows of a hunk: what went and what came in its place stand beside each other.
fn draw(rows: &mut Vec<RowView>, hunk: &Hunk, at: usize) {
    let begins = hunk.lines.first().is_some_and(|line| line.old.or(line.new) == Some(1));
    if at > 0 || !begins && !hunk.within.is_empty() {
        rows.push(RowView { kind: "gap", within: Shown::name(&hunk.within), left: None, right: None });
    }
    let (mut old, mut new): (Vec<&Line>, Vec<&Line>) = (Vec::new(), Vec::new());
    for line in &hunk.lines {
        match line.side {
            Side::Old if new.is_empty() => old.push(line),
            Side::Old => {
                pair(rows, &mut old, &mut new);
                old.push(line);
            }
            Side::New => new.push(line),
            Side::Both => {
                pair(rows, &mut old, &mut new);
                let side = |number: Option<usize>| number.map(|number| SideView::whole(number, &line.text));
                let (left, right) = (side(line.old), side(line.new));
                rows.push(RowView { kind: "same", within: Shown::default(), left, right });
            }
        }
    }
    pair(rows, &mut old, &mut new);
}

fn pair(rows: &mut Vec<RowView>, old: &mut Vec<&Line>, new: &mut Vec<&Line>) {
    for at in 0..old.len().max(new.len()) {
        let row = match (old.get(at), new.get(at)) {
            (Some(old), Some(new)) => {
                let (before, after) = alike(&old.text, &new.text);
                let side =
                    |number: Option<usize>, text: &str| SideView::parts(number.unwrap_or(0), text, before, after);
                ("changed", Some(side(old.old, &old.text)), Some(side(new.new, &new.text)))
            }
            (Some(old), None) => ("gone", Some(SideView::whole(old.old.unwrap_or(0), &old.text)), None),
            (None, Some(new)) => ("new", None, Some(SideView::whole(new.new.unwrap_or(0), &new.text))),
            (None, None) => continue,
        };
        let (kind, left, right) = row;
        rows.push(RowView { kind, within: Shown::default(), left, right });
    }
    old.clear();
    new.clear();
}

/// With how many characters two lines begin and end alike.
fn alike(left: &str, right: &str) -> (usize, usize) {
    let before = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let most = left.chars().count().min(right.chars().count()) - before;
    let pairs = left.chars().rev().zip(right.chars().rev());
    (before, pairs.take(most).take_while(|(left, right)| left == right).count())
}

impl SideView {
    fn whole(number: usize, text: &str) -> Self {
        Self { number, before: part(text), changed: Shown::default(), after: Shown::default() }
    }

    fn parts(number: usize, text: &str, before: usize, after: usize) -> Self {
        let length = text.chars().count();
        let of = |from: usize, to: usize| part(&text.chars().skip(from).take(to - from).collect::<String>());
        let end = length - after;
        Self { number, before: of(0, before), changed: of(before, end), after: of(end, length) }
    }
}

/// Indents are what a reader compares by; tabs would not line up.
fn part(text: &str) -> Shown {
    Shown::lines(&text.replace('\t', "    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(left: &str, right: &str) -> Vec<String> {
        let text = |side: &Option<SideView>| {
            side.as_ref().map_or_else(String::new, |side| {
                let changed = side.changed.as_str();
                let changed = if changed.is_empty() { String::new() } else { format!("<{changed}>") };
                format!("{}:{}{changed}{}", side.number, side.before.as_str(), side.after.as_str())
            })
        };
        let diff = DiffView::new(["accepted", "seen"], left, right);
        let row =
            |row: &RowView| format!("{} {}{}|{}", row.kind, row.within.as_str(), text(&row.left), text(&row.right));
        diff.rows.iter().map(row).collect()
    }

    #[test]
    fn two_texts_stand_side_by_side_with_what_is_alike_left_out() {
        let left = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
        let right = left.replace("b\n", "B\n").replace('l', "l\nm");
        assert_eq!(
            drawn(left, &right),
            [
                "same 1:a|1:a",
                "changed 2:<b>|2:<B>",
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
    fn within_a_line_that_changed_only_what_differs_is_marked() {
        let text = |states: &str| {
            format!("200\n\n{{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"list\": [\n    {states}\n  ]\n}}")
        };
        assert_eq!(
            drawn(&text("\"Ready\""), &text("\"Really\"")),
            [
                "gap $.list[0]|",
                "same 5:  \"b\": 2,|5:  \"b\": 2,",
                "same 6:  \"c\": 3,|6:  \"c\": 3,",
                "same 7:  \"list\": [|7:  \"list\": [",
                "changed 8:    \"Rea<d>y\"|8:    \"Rea<ll>y\"",
                "same 9:  ]|9:  ]",
                "same 10:}|10:}",
            ]
        );
        assert_eq!(drawn("aa", "aaa"), ["changed 1:aa|1:aa<a>"]);
    }

    #[test]
    fn long_texts_are_compared_as_far_as_a_page_holds_them() {
        let diff = DiffView::new(["accepted", "seen"], &"x\n".repeat(5000), &"y\n".repeat(5000));
        assert!(diff.is_cut && diff.rows.len() <= 2 * MOST_LINES);
        assert!(DiffView::new(["accepted", "seen"], &"é".repeat(5000), "x").is_cut);
        assert_eq!(drawn("", ""), Vec::<String>::new());
    }
}
