use crate::diag::{SourceId, Span};
use crate::judge::show::Step;
use crate::value::Node;

use super::locate;

/// What a schema was read from, so that a problem finds its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    /// A JSON file.
    File { text: &'a str, source: SourceId },
    /// A part of a YAML file.
    Inline(&'a Node),
}

impl Origin<'_> {
    /// Where a value stands.
    pub(super) fn value(self, steps: &[Step]) -> Span {
        self.find(steps).1
    }

    /// Where the key of a value stands, or the value where it has none.
    pub(super) fn key(self, steps: &[Step]) -> Span {
        let (key, value) = self.find(steps);
        key.unwrap_or(value)
    }

    fn find(self, steps: &[Step]) -> (Option<Span>, Span) {
        match self {
            Self::File { text, source } => {
                let span = |range: std::ops::Range<usize>| Span::of(source, range.start, range.end);
                match locate::find(text, steps) {
                    Some((key, value)) => (key.map(span), span(value)),
                    None => (None, Span::point(source, 0)),
                }
            }
            Self::Inline(node) => {
                let (mut key, mut at) = (None, node);
                for step in steps {
                    let next = match step {
                        Step::Key(name) => at.entry(name).map(|entry| (Some(entry.key.span), &entry.value)),
                        Step::Index(index) => at.as_list().and_then(|items| items.get(*index)).map(|item| (None, item)),
                    };
                    let Some(next) = next else { break };
                    (key, at) = next;
                }
                (key, at.span)
            }
        }
    }
}
