//! A suite in memory.

use std::collections::BTreeMap;

use assize::suite::{Files, ListError, ReadError};

/// Path → text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree(BTreeMap<String, String>);

impl Tree {
    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.to_owned(), text.to_owned());
        self
    }
}

impl Files for Tree {
    fn origin(&self) -> &'static str {
        ""
    }

    fn list(&self) -> Result<Vec<String>, ListError> {
        Ok(self.0.keys().cloned().collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(ReadError::NotThere)
    }
}
