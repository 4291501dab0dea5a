use std::fmt;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic, nearest};
use crate::judge::{Compiler, Fixed};
use crate::value::{Json, Node, NodeKind};

use super::Schema;

/// The schema that a check names, or that stands within it.
#[derive(Clone, Debug)]
pub(in crate::judge) struct SchemaRef {
    name: Option<String>,
    schema: Option<Arc<Schema>>,
}

impl SchemaRef {
    pub(in crate::judge) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Text(_) => Self::named(node, compiler),
            NodeKind::Map(_) | NodeKind::Bool(_) => {
                let Some(json) = fixed_json(node, compiler)? else { return Some(Self { name: None, schema: None }) };
                let schemas = compiler.schemas();
                let schema = schemas.compile_inline(&json, node, compiler.out)?;
                Some(Self { name: None, schema: Some(Arc::new(schema)) })
            }
            NodeKind::Null | NodeKind::Number(_) | NodeKind::List(_) => {
                compiler.wrong_type(node, "the name of a schema, or a schema");
                None
            }
        }
    }

    fn named(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        let name = match compiler.fixed(node, str::to_owned)? {
            Fixed::Later => return Some(Self { name: None, schema: None }),
            Fixed::Now(name) => name,
        };
        let schemas = compiler.schemas();
        let key = name.strip_suffix(".json").unwrap_or(&name);
        let schema = schemas.get(key).cloned();
        // What is wrong with a broken one has been told where it stands.
        if schema.is_none() && !schemas.is_broken(key) {
            let problem = Diagnostic::error(Code::UnknownSchema, format!("no schema is called `{name}`"))
                .at(node.span, "unknown schema")
                .help_nearest(nearest(key, schemas.names()));
            compiler.out.push(problem);
        }
        Some(Self { name: Some(key.to_owned()), schema: Some(schema?) })
    }

    /// The schema; `None` until the target is known.
    pub(in crate::judge) fn get(&self) -> Option<&Schema> {
        self.schema.as_deref()
    }
}

impl fmt::Display for SchemaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "schema `{name}`"),
            None => f.write_str("the schema"),
        }
    }
}

/// A value whose texts hold only names that are known at plan; `None` within until the target is known.
fn fixed_json(node: &Node, compiler: &mut Compiler<'_>) -> Option<Option<Json>> {
    Some(Some(match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Bool(truth) => Json::Bool(*truth),
        NodeKind::Number(number) => Json::Number(number.clone()),
        NodeKind::Text(_) => match compiler.fixed(node, str::to_owned)? {
            Fixed::Now(text) => Json::String(text),
            Fixed::Later => return Some(None),
        },
        NodeKind::List(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items.iter() {
                let Some(value) = fixed_json(item, compiler)? else { return Some(None) };
                values.push(value);
            }
            Json::Array(values)
        }
        NodeKind::Map(entries) => {
            let mut members = Vec::with_capacity(entries.len());
            for entry in entries.iter() {
                let Some(value) = fixed_json(&entry.value, compiler)? else { return Some(None) };
                members.push((entry.key.text.to_string(), value));
            }
            Json::Object(members)
        }
    }))
}
