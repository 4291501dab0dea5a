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
    let text = visible::columns(&place.text);
    let before = place.column.saturating_sub(place.text_column.max(1)) as usize;
    let length = place.end_column.saturating_sub(place.column).max(1) as usize;
    // A log that was edited by hand may name any columns.
    let before = before.min(text.chars().count());
    let length = length.min(text.chars().count().saturating_sub(before).max(1));
    let bar = frame("|");
    let _ = writeln!(out, "{:margin$} {bar}", "");
    let _ = writeln!(out, "{} {bar} {text}", frame(&format!("{:>margin$}", place.line)));
    let carets = paint.dress(Role::Bad, format!("{} {label}", "^".repeat(length)).trim_end());
    let _ = writeln!(out, "{:margin$} {bar} {:before$}{carets}", "", "");
}

/// The width of the margin that line numbers of these places need.
pub(super) fn margin<'p>(places: impl IntoIterator<Item = &'p Place>) -> usize {
    places.into_iter().map(|place| place.line.to_string().len()).max().unwrap_or(1)
}

/// Whether anything is known of the place.
pub(super) fn is_known(place: &Place) -> bool {
    !place.file.is_empty()
}
