use crate::diag::{Code, Diagnostic};
use crate::value::{Entry, Node};

use super::convert::Converter;
use super::documents::At;
use super::nullable::{entry, list, map};

impl<'d> Converter<'_, 'd> {
    /// The branches of `oneOf` or `anyOf` as a `discriminator` chooses among them: its value is one of those that have a
    /// branch, and that branch alone is followed. Nothing where there is no discriminator that chooses.
    ///
    /// # Source
    /// OpenAPI 3.0.4 section 4.7.25, 3.1.1 section 4.8.25: inline schemas are not considered.
    pub(super) fn chosen(&mut self, schema: At<'d>, depth: usize) -> Option<Vec<Entry>> {
        let discriminator = schema.get("discriminator")?;
        let key = ["oneOf", "anyOf"].into_iter().find(|key| schema.get(key).is_some())?;
        let Some(property) = discriminator.text("propertyName") else {
            self.problem(
                Diagnostic::error(Code::BadOpenapi, "a discriminator needs its `propertyName`")
                    .at(discriminator.node.span, "of which property?"),
            );
            return None;
        };
        let mut branches: Vec<(String, At<'d>)> = Vec::new();
        for branch in schema.items(key) {
            let reference = branch.node.get("$ref")?;
            let target = self.documents.resolve(branch.file, reference).ok()?.0;
            let mapped = self.mapped(discriminator, &target);
            if mapped.is_empty() {
                let name = target.pointer.rsplit('/').next().filter(|name| !name.is_empty());
                let name = name.unwrap_or_else(|| file_name(&target.path));
                branches.push((name.to_owned(), branch));
            } else {
                branches.extend(mapped.into_iter().map(|name| (name, branch)));
            }
        }
        let at = schema.node;
        let values = branches.iter().map(|(name, _)| Node::text(name, at.span)).collect();
        let must = entry("required", list(vec![Node::text(property, at.span)], at), at);
        let one_of = |test: Entry| {
            let holds = map(vec![entry(property, map(vec![test], at), at)], at);
            entry("properties", holds, at)
        };
        let mut all = vec![map(
            vec![one_of(entry("enum", list(values, discriminator.node), discriminator.node)), must.clone()],
            at,
        )];
        for (name, branch) in branches {
            let test = one_of(entry("const", Node::text(&name, branch.node.span), branch.node));
            let follows = self.schema(branch, depth + 1);
            all.push(map(vec![entry("if", map(vec![test, must.clone()], at), at), entry("then", follows, at)], at));
        }
        Some(vec![entry("allOf", list(all, at), at)])
    }

    /// The values that `mapping` gives a branch.
    fn mapped(&self, discriminator: At<'d>, branch: &super::documents::Target) -> Vec<String> {
        let is_branch = |value: At<'d>| {
            let Some(text) = value.node.as_text() else { return false };
            if branch.pointer == format!("/components/schemas/{text}") {
                return true;
            }
            self.documents.resolve(value.file, value.node).is_ok_and(|(target, _)| target == *branch)
        };
        let all = discriminator.entries("mapping");
        all.filter(|(_, value)| is_branch(*value)).map(|(key, _)| key.text.to_string()).collect()
    }
}

/// The name of a file without its folder and ending.
fn file_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
