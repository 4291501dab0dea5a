use super::Span;

/// The stretch of a line that is shown around a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window<'s> {
    pub(super) text: &'s str,
    /// Characters of the line before `text`.
    pub(super) cut: usize,
    /// Whether the line goes on after `text`.
    pub(super) is_cut_short: bool,
    /// Characters of the line before the span.
    pub(super) before: usize,
    /// Characters of the span that lie in this line.
    pub(super) length: usize,
}

impl<'s> Window<'s> {
    /// At most `most` characters of `line`, which begins at byte `line_start`, so that the beginning of `span` is among
    /// them, with a quarter of the room before it.
    pub(super) fn of(line: &'s str, span: Span, line_start: usize, most: usize) -> Self {
        let offset = |at: u32| line.floor_char_boundary((at as usize).saturating_sub(line_start));
        let (start, end) = (offset(span.start), offset(span.end));
        let count = |text: &str| text.chars().count();
        let before = count(&line[..start]);
        let length = count(&line[start..end.max(start)]);
        let whole = before + length + count(&line[end.max(start)..]);
        let cut = if whole <= most { 0 } else { before.saturating_sub(most / 4).min(whole - most) };
        let from = byte_of(line, cut);
        let to = from + byte_of(&line[from..], most);
        Self { text: &line[from..to], cut, is_cut_short: to < line.len(), before, length }
    }
}

/// The byte offset of character `index`, or the end.
fn byte_of(text: &str, index: usize) -> usize {
    text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
}
