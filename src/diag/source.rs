use std::sync::Arc;

use super::{Place, SourceId, Span};

/// One text that people wrote: a file, mostly.
#[derive(Clone, Debug)]
pub struct Source {
    path: Arc<str>,
    text: Arc<str>,
    /// Byte offsets at which lines begin; the first is 0.
    lines: Arc<[u32]>,
}

/// One line of a source, without its line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'s> {
    /// From 1.
    pub(super) number: u32,
    /// Byte offset in the source.
    pub(super) start: usize,
    pub(super) text: &'s str,
}

impl Source {
    fn new(path: Arc<str>, text: Arc<str>) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect();
        Self { path, text, lines }
    }

    /// The path as it is shown: relative where it was given so.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span of this source, or nothing where it does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The line in which byte `offset` lies.
    pub(super) fn line_at(&self, offset: u32) -> Line<'_> {
        self.line(self.lines.partition_point(|start| *start <= offset).saturating_sub(1))
    }

    /// The line with this index, counted from 0; the last one where there are not as many.
    pub(super) fn line(&self, index: usize) -> Line<'_> {
        let index = index.min(self.lines.len().saturating_sub(1));
        let start = self.lines.get(index).map_or(0, |start| *start as usize);
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let text = self.text.get(start..end).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        Line { number: u32::try_from(index + 1).unwrap_or(u32::MAX), start, text }
    }
}

/// All texts of a load. Ids are given in order, and diagnostics are shown in the order of ids.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Takes in a text under the path that is to be shown for it.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Source::new(path.into(), text.into()));
        id
    }

    /// Puts a `*` in the place of every byte of `span`, so that no problem shows what stands there. Offsets stay.
    pub fn conceal(&mut self, span: Span) {
        let Some(source) = self.all.get_mut(span.source.0 as usize) else { return };
        let (before, rest) = source.text.split_at(source.text.floor_char_boundary(span.start as usize));
        let (hidden, after) = rest.split_at(rest.ceil_char_boundary(span.len() as usize));
        let stars = hidden.bytes().map(|byte| if byte == b'\n' || byte == b'\r' { char::from(byte) } else { '*' });
        source.text = format!("{before}{}{after}", stars.collect::<String>()).into();
    }

    /// The text with this id, if it was added here.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// All texts with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.all)
    }

    /// A span as plain data. A span of a text that was not added here has an empty file name and line 0.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        self.get(span.source).map_or_else(Place::default, |source| Place::new(source, span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_concealed_keeps_its_place() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: geheim\u{fc}\nb: 1\n");
        sources.conceal(Span::of(id, 3, 10));
        sources.conceal(Span::of(id, 11, 999));
        assert_eq!(sources.get(id).map(Source::text), Some("a: ********\n****\n"));
    }
}
