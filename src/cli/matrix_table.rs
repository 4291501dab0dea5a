use std::fmt::Write as _;

use crate::diag::visible;
use crate::report::{Paint, Role};

use super::matrix::{CoverState, Matrix, Row};
use super::words::{counted, wrapped};

/// Text below a row begins here.
const INDENT: usize = 4;
/// A narrower terminal is written to as if it had so many columns.
const NARROWEST: usize = 24;
/// Lines of text longer than this are hard to read.
const LONGEST_TEXT: usize = 110;

/// The columns, and where a row is too wide for the terminal, what stands in it one after the other.
const HEADS: [&str; 6] = ["REQUIREMENT", "LEVEL", "ACTOR", "VARIANTS", "BASIS", "STATE"];

/// The matrix as text of at most `width` columns, grouped by question in the document's order.
pub(super) fn draw(matrix: &Matrix, paint: Paint, width: usize) -> String {
    let width = width.max(NARROWEST);
    let mut out = String::new();
    let cells: Vec<[String; 6]> = matrix.requirements.iter().map(cells).collect();
    let widths = std::array::from_fn(|at| {
        let of_column = cells.iter().map(|row| columns(&row[at]));
        of_column.chain([columns(HEADS[at])]).max().unwrap_or(0)
    });
    let layout = Layout { paint, width, widths };
    if !cells.is_empty() {
        layout.heads(&mut out);
    }
    let rows: Vec<(&Row, &[String; 6])> = matrix.requirements.iter().zip(&cells).collect();
    for question in &matrix.questions {
        let of_question: Vec<_> = rows.iter().filter(|(row, _)| row.question.as_ref() == Some(&question.id)).collect();
        if !of_question.is_empty() {
            layout.title(&mut out, &format!("{} {}", question.id, question.text), columns(&question.id) + 1);
        }
        for (row, cells) in of_question {
            layout.row(&mut out, row, cells);
        }
    }
    // What is not taken from a question, by its section, in the order of the catalogue.
    let is_asked = |row: &Row| matrix.questions.iter().any(|question| row.question.as_ref() == Some(&question.id));
    let mut section: Option<&Option<String>> = None;
    for (row, cells) in rows.iter().filter(|(row, _)| !is_asked(row)) {
        if section != Some(&row.section) {
            section = Some(&row.section);
            layout.title(&mut out, &format!("section {}", row.section.as_deref().unwrap_or("?")), INDENT);
        }
        layout.row(&mut out, row, cells);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    // The last line is for machines too, so that it is one line at any width.
    let totals = &matrix.totals;
    let _ = writeln!(
        out,
        "{}: {} tested, {} untestable, {} client, {} uncovered; {} disputed",
        counted(totals.requirements, "requirement"),
        totals.tested,
        totals.untestable,
        totals.client,
        totals.uncovered,
        totals.disputed
    );
    out
}

fn cells(row: &Row) -> [String; 6] {
    let shown = |text: &str| visible(text).into_owned();
    [
        shown(&row.id),
        row.level.to_owned(),
        row.actor.to_owned(),
        shown(&row.variants_in_words()),
        row.basis.to_owned(),
        row.state_in_words(),
    ]
}

/// How many columns a text takes.
fn columns(text: &str) -> usize {
    text.chars().count()
}

struct Layout {
    paint: Paint,
    width: usize,
    /// Of each column of the table.
    widths: [usize; 6],
}

impl Layout {
    /// Whether a row of the table fits.
    fn is_table(&self) -> bool {
        self.widths.iter().sum::<usize>() + 2 * (self.widths.len() - 1) <= self.width
    }

    fn heads(&self, out: &mut String) {
        if self.is_table() {
            let heads: [String; 6] = HEADS.map(str::to_owned);
            let _ = writeln!(out, "{}", self.paint.dress(Role::Faint, self.padded(&heads).concat().trim_end()));
        }
    }

    fn title(&self, out: &mut String, text: &str, hanging: usize) {
        let lines = wrapped(&visible(text), self.width.min(LONGEST_TEXT), 0, hanging);
        if !out.is_empty() {
            out.push('\n');
        }
        for line in lines {
            let _ = writeln!(out, "{}", self.paint.dress(Role::Strong, &line));
        }
    }

    fn row(&self, out: &mut String, row: &Row, cells: &[String; 6]) {
        let role = match row.state {
            CoverState::Tested if row.disputed.is_none() => Role::Good,
            CoverState::Tested => Role::Odd,
            CoverState::Untestable | CoverState::Client => Role::Faint,
            CoverState::Uncovered => Role::Bad,
        };
        if self.is_table() {
            let padded = self.padded(cells);
            let state = self.paint.dress(role, padded[5].trim_end());
            let id = self.paint.dress(Role::Strong, &padded[0]);
            let _ = writeln!(out, "{id}{}{state}", padded[1..5].concat());
        } else {
            let [id, rest @ ..] = cells;
            let line = format!("{id} {}", rest.join(" "));
            for (at, line) in wrapped(&line, self.width, 0, INDENT / 2).iter().enumerate() {
                let dressed = match line.strip_prefix(id.as_str()) {
                    Some(rest) if at == 0 => format!("{}{rest}", self.paint.dress(Role::Strong, id)),
                    Some(_) | None => line.clone(),
                };
                let _ = writeln!(out, "{dressed}");
            }
        }
        self.text(out, Role::Plain, "", &row.text);
        if let Some(why) = &row.untestable {
            self.text(out, Role::Faint, "untestable: ", why);
        }
        if let Some(disputed) = &row.disputed {
            self.text(out, Role::Odd, "disputed: ", disputed);
        }
        if !row.conflicts_with.is_empty() {
            self.text(out, Role::Odd, "cannot hold beside: ", &row.conflicts_with.join(", "));
        }
        if !row.scenarios.is_empty() {
            let label = format!("{}: ", counted(row.scenarios.len(), "scenario"));
            self.text(out, Role::Good, &label, &row.scenarios.join(", "));
        }
    }

    fn text(&self, out: &mut String, role: Role, label: &str, text: &str) {
        let width = self.width.min(LONGEST_TEXT);
        for line in
            wrapped(&format!("{label}{}", visible(text)), width, INDENT, INDENT + 2 * usize::from(!label.is_empty()))
        {
            let blank = line.len() - line.trim_start().len();
            let _ = writeln!(out, "{}{}", &line[..blank], self.paint.dress(role, &line[blank..]));
        }
    }

    fn padded(&self, cells: &[String; 6]) -> [String; 6] {
        std::array::from_fn(|at| {
            let gap = if at + 1 < cells.len() { "  " } else { "" };
            format!("{:width$}{gap}", cells[at], width = self.widths[at])
        })
    }
}
