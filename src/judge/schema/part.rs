use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::value::{Json, Node, NodeKind};

use super::written::{Places, Within};
use super::{Schema, Schemas};

impl Schemas {
    /// Compiles a schema that was written in a file of another kind: what is wrong with it is told at its own places, and
    /// what a value breaks of it at `places`; no `$(…)` stands in it. `None` after a problem was told.
    pub(in crate::judge) fn compile_part(
        &self,
        node: Node,
        places: &Arc<Places>,
        out: &mut Diagnostics,
    ) -> Option<Schema> {
        let mut schema = self.compile_inline(&plain(&node), &node, out)?;
        schema.described.within = Some(Within::new(node, Arc::clone(places)));
        Some(schema)
    }
}

/// The value as JSON, texts as they stand.
fn plain(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Bool(truth) => Json::Bool(*truth),
        NodeKind::Number(number) => Json::Number(number.clone()),
        NodeKind::Text(text) => Json::String(text.value.to_string()),
        NodeKind::List(items) => Json::Array(items.iter().map(plain).collect()),
        NodeKind::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.text.to_string(), plain(&entry.value))).collect())
        }
    }
}
