use std::fmt::Write as _;

use crate::diag::Place;
use crate::report::paint::Role;
use crate::report::{Paint, visible};

/// Draws a place as `rustc` does: the arrow line, the line of the file, a caret with `label`.
pub(super) fn draw(out: &mut String, paint: Paint, place: &Place, margin: usize, suffix: &str, label: &str) {
    let frame = |text: &str| paint.dress(Role::Frame, text);
    let position = visible::one_line(&place.file);
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(out, "{:margin$}{} {position}:{}:{}{suffix}", "", frame("-->"), place.line, place.column);
    if place.text.is_empty() {
        return;
    }
    let Caret { text, before, length } = caret(place);
    let bar = frame("|");
    let _ = writeln!(out, "{:margin$} {bar}", "");
    let _ = writeln!(out, "{} {bar} {text}", frame(&format!("{:>margin$}", place.line)));
    let carets = paint.dress(Role::Bad, format!("{} {label}", "^".repeat(length)).trim_end());
    let _ = writeln!(out, "{:margin$} {bar} {:before$}{carets}", "", "");
}

/// A line of a file, made visible, with the stretch that is meant, in characters.
#[derive(Debug)]
pub(in crate::report) struct Caret {
    /// The line.
    pub(in crate::report) text: String,
    /// How many characters stand before the stretch.
    pub(in crate::report) before: usize,
    /// How long the stretch is; at least 1.
    pub(in crate::report) length: usize,
}

/// Where the caret of a place stands.
pub(in crate::report) fn caret(place: &Place) -> Caret {
    let text = visible::columns(&place.text);
    let before = place.column.saturating_sub(place.text_column.max(1)) as usize;
    let length = place.end_column.saturating_sub(place.column).max(1) as usize;
    // A log that was edited by hand may name any columns.
    let before = before.min(text.chars().count());
    let length = length.min(text.chars().count().saturating_sub(before).max(1));
    Caret { text, before, length }
}

/// The width of the margin that line numbers of these places need.
pub(super) fn margin<'p>(places: impl IntoIterator<Item = &'p Place>) -> usize {
    places.into_iter().map(|place| place.line.to_string().len()).max().unwrap_or(1)
}

/// Whether anything is known of the place.
pub(in crate::report) fn is_known(place: &Place) -> bool {
    !place.file.is_empty()
}
