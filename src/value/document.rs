use std::sync::OnceLock;

use super::{Json, View};

/// A JSON body and, once something asked for it, its view.
#[derive(Clone, Debug, Default)]
pub struct Document {
    json: Json,
    view: OnceLock<View>,
}

impl Document {
    /// A document of this value.
    #[must_use]
    pub fn new(json: Json) -> Self {
        Self { json, view: OnceLock::new() }
    }

    /// The exact tree.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The view, made on first use.
    #[must_use]
    pub fn view(&self) -> &View {
        self.view.get_or_init(|| self.json.to_view())
    }

    /// The exact tree, without the document around it.
    #[must_use]
    pub fn into_json(self) -> Json {
        self.json
    }
}

impl From<Json> for Document {
    fn from(json: Json) -> Self {
        Self::new(json)
    }
}
