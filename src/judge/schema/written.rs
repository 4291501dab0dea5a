use std::sync::Arc;

use crate::diag::{Sources, Span};
use crate::judge::show::Step;

use super::{SchemaFile, locate};

/// A file of schemas as it is written, so that a finding names the line of the rule that is broken.
#[derive(Clone, Debug)]
pub(super) struct Written {
    path: Arc<str>,
    text: Arc<str>,
}

impl Written {
    pub(super) fn new(file: &SchemaFile<'_>) -> Self {
        Self { path: file.path.into(), text: file.text.into() }
    }

    /// `file:line:column` of the key at the end of these steps, or of the value where it has none.
    pub(super) fn place(&self, steps: &[Step]) -> Option<String> {
        let (key, value) = locate::find(&self.text, steps)?;
        let range = key.unwrap_or(value);
        let mut sources = Sources::default();
        let source = sources.add(Arc::clone(&self.path), Arc::clone(&self.text));
        Some(sources.place(Span::of(source, range.start, range.end)).to_string())
    }
}
