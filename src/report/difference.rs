use std::fmt::Write as _;

use crate::snapshot::{Difference, Line, Side};

use super::paint::{Paint, Role};
use super::visible;

/// How much of a line is shown, in bytes.
const MOST_LINE: usize = 400;

/// Draws what differs: each hunk with what leads to it, every line with its number in the accepted and in the new text.
/// After `most` lines only their number is told. Each line begins with `margin` blanks.
#[must_use]
pub fn draw_difference(paint: Paint, difference: &Difference, margin: usize, most: usize) -> String {
    let mut out = String::new();
    let widest = difference.hunks.iter().flat_map(|hunk| &hunk.lines).filter_map(|line| line.old.max(line.new)).max();
    let width = widest.unwrap_or(0).to_string().len();
    let mut room = most;
    let mut left = 0;
    for (index, hunk) in difference.hunks.iter().enumerate() {
        if room == 0 {
            left += hunk.lines.len();
            continue;
        }
        let within = visible::short(&hunk.within, MOST_LINE);
        if index > 0 || !within.is_empty() {
            let head = paint.dress(Role::Frame, &format!("@@ {within}"));
            // Writing to a text cannot fail, here and below.
            let _ = writeln!(out, "{:margin$}{}", "", head.trim_end());
        }
        for line in &hunk.lines {
            if room == 0 {
                left += 1;
                continue;
            }
            room -= 1;
            draw_line(&mut out, paint, line, margin, width);
        }
    }
    if left > 0 {
        let lines = if left == 1 { "line" } else { "lines" };
        let _ = writeln!(out, "{:margin$}… {left} more {lines}", "");
    }
    out
}

fn draw_line(out: &mut String, paint: Paint, line: &Line, margin: usize, width: usize) {
    let number = |number: Option<usize>| number.map_or_else(String::new, |number| number.to_string());
    let (sign, role) = match line.side {
        Side::Both => (' ', Role::Plain),
        Side::Old => ('-', Role::Bad),
        Side::New => ('+', Role::Good),
    };
    let numbers = format!("{:>width$} {:>width$} |", number(line.old), number(line.new));
    let (head, more) = visible::cut(&line.text, MOST_LINE);
    let rest = if more > 0 { "…" } else { "" };
    let text = format!("{sign} {}{rest}", visible::lines(head));
    let text = paint.dress(role, text.trim_end());
    let gap = if text.is_empty() { "" } else { " " };
    let _ = writeln!(out, "{:margin$}{}{gap}{text}", "", paint.dress(Role::Frame, &numbers));
}

#[cfg(test)]
mod tests {
    use crate::snapshot::Text;

    use super::*;

    #[test]
    fn each_line_has_its_numbers_and_its_sign() {
        let old = Text::new("200\n\n{\n  \"a\": {\n    \"b\": 1,\n    \"c\": 2\n  }\n}");
        let new = Text::new(&old.as_str().replace("\"b\"", "\"bb\""));
        let difference = Difference::between(&old, &new);
        assert_eq!(
            draw_difference(Paint::Plain, &difference, 2, 99),
            "  @@ $.a\n  2 2 |\n  3 3 |   {\n  4 4 |     \"a\": {\n  5   | -     \"b\": 1,\n    5 | +     \"bb\": 1,\n  6 6 |       \"c\": 2\n  7 7 |     }\n  8 8 |   }\n"
        );
        assert_eq!(draw_difference(Paint::Plain, &difference, 0, 1), "@@ $.a\n2 2 |\n… 7 more lines\n");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let difference = Difference::between(&Text::new(""), &Text::new("\u{1b}[2J"));
        assert!(!draw_difference(Paint::Plain, &difference, 0, 9).contains('\u{1b}'));
    }
}
