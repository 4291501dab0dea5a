use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic, Diagnostics, nearest};
use crate::judge::schema::FORMATS;
use crate::value::{Entry, Node, NodeKind, Number};

use super::documents::{At, Documents, Target};
use super::kept::{Becomes, becomes, names};
use super::nullable::{entry, list, map, with_null};

/// How deep schemas may be nested.
const MAX_DEPTH: usize = 64;

/// Whether a schema is put to what an endpoint sends or to what it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// A request: nothing in it is `readOnly`.
    Request,
    /// An answer: nothing in it is `writeOnly`.
    Answer,
}

/// The version of a document, as far as it matters to schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// 3.0: a dialect of its own.
    Own,
    /// 3.1: draft 2020-12.
    Draft202012,
}

/// Rewrites one schema of a document, and all that it refers to, to draft 2020-12. Every part keeps its place.
pub(super) struct Converter<'c, 'd> {
    pub(super) documents: Documents<'d>,
    pub(super) dialect: Dialect,
    pub(super) direction: Direction,
    /// The names of the suite's own schemas.
    pub(super) files: &'c dyn Fn(&str) -> bool,
    pub(super) out: &'c mut Diagnostics,
    /// How many values may still be written.
    pub(super) budget: &'c mut usize,
    pub(super) bad: bool,
    names: BTreeMap<Target, String>,
    open: Vec<(String, At<'d>)>,
}

impl<'c, 'd> Converter<'c, 'd> {
    pub(super) fn new(
        documents: Documents<'d>,
        (dialect, direction): (Dialect, Direction),
        files: &'c dyn Fn(&str) -> bool,
        out: &'c mut Diagnostics,
        budget: &'c mut usize,
    ) -> Self {
        let (names, open) = (BTreeMap::new(), Vec::new());
        Self { documents, dialect, direction, files, out, budget, bad: false, names, open }
    }

    /// The schema by itself, what it refers to under `$defs`; nothing after a problem was told.
    pub(super) fn whole(&mut self, schema: At<'d>) -> Option<Node> {
        let root = self.schema(schema, 0);
        let mut defs = Vec::new();
        while let Some((name, at)) = self.open.pop() {
            let converted = self.schema(at, 0);
            defs.push(entry(&name, converted, at.node));
        }
        if self.bad {
            return None;
        }
        let mut entries = root.as_map().map(<[Entry]>::to_vec);
        if let Some(entries) = entries.as_mut().filter(|_| !defs.is_empty()) {
            entries.push(entry("$defs", map(defs, schema.node), schema.node));
        }
        Some(entries.map_or(root, |entries| map(entries, schema.node)))
    }

    pub(super) fn problem(&mut self, problem: Diagnostic) {
        self.bad = true;
        self.out.push(problem);
    }

    /// A schema, rewritten.
    pub(super) fn schema(&mut self, schema: At<'d>, depth: usize) -> Node {
        let anything = Node { span: schema.node.span, kind: NodeKind::Bool(true) };
        if self.bad || !self.spend(schema, depth) {
            return anything;
        }
        let Some(entries) = schema.node.as_map() else {
            if schema.node.as_bool().is_none() {
                let message = format!("expected a schema, found {}", schema.node.kind_name());
                self.problem(Diagnostic::error(Code::BadOpenapi, message).at(schema.node.span, "expected a map"));
            }
            return schema.node.clone();
        };
        let mut rewritten = Vec::with_capacity(entries.len());
        let reference = schema.node.entry("$ref");
        if let Some(reference) = reference {
            if let Some(name) = self.reference(schema.file, &reference.value) {
                rewritten.push(Entry { key: reference.key.clone(), value: Node::text(&name, reference.value.span) });
            }
            // Beside a reference, 3.0 reads nothing.
            if self.dialect == Dialect::Own {
                return map(rewritten, schema.node);
            }
        }
        let chosen = self.chosen(schema, depth);
        let is_chosen = chosen.is_some();
        rewritten.extend(chosen.into_iter().flatten());
        for it in entries.iter().filter(|entry| &*entry.key.text != "$ref") {
            let at = At { node: &it.value, ..schema };
            let name = &*it.key.text;
            let Some(becomes) = becomes(name) else {
                self.unknown(it);
                continue;
            };
            let value = match becomes {
                Becomes::Nothing => continue,
                Becomes::PartList if is_chosen && matches!(name, "oneOf" | "anyOf") => continue,
                Becomes::PartList if is_chosen && name == "allOf" => {
                    self.beside(&mut rewritten, at, depth);
                    continue;
                }
                Becomes::Itself => it.value.clone(),
                Becomes::Part => self.schema(at, depth + 1),
                Becomes::PartList => self.parts(at, depth),
                Becomes::PartMap => self.part_map(at, depth),
                Becomes::Special => match self.special(name, schema, at, depth) {
                    Some(value) => value,
                    None => continue,
                },
            };
            let name = match name {
                // In 3.0 the two say that the bound beside them is none of the values.
                "minimum" if self.excludes(schema, "exclusiveMinimum") => "exclusiveMinimum",
                "maximum" if self.excludes(schema, "exclusiveMaximum") => "exclusiveMaximum",
                name => name,
            };
            let key = crate::value::Key { text: name.into(), ..it.key.clone() };
            rewritten.push(Entry { key, value });
        }
        Self::bounds(schema, &mut rewritten);
        if self.dialect == Dialect::Own && schema.is("nullable") {
            rewritten = with_null(rewritten, schema.node);
        }
        map(rewritten, schema.node)
    }

    /// Takes one value off what may be written, and tells where there is none left.
    fn spend(&mut self, schema: At<'d>, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            let message = format!("schemas nested deeper than {MAX_DEPTH}");
            self.problem(Diagnostic::error(Code::BadOpenapi, message).at(schema.node.span, ""));
            return false;
        }
        match self.budget.checked_sub(1) {
            Some(left) => *self.budget = left,
            None => self.problem(
                Diagnostic::error(Code::BadOpenapi, "the schemas of the document grow too large")
                    .at(schema.node.span, "here it is too much")
                    .help("name the operations that are used in a smaller document"),
            ),
        }
        !self.bad
    }

    fn unknown(&mut self, it: &Entry) {
        let known = names();
        let near = nearest(&it.key.text, &known);
        let message = format!("`{}` is not a keyword of a schema, and judges nothing", it.key.text);
        let problem = Diagnostic::warning(Code::BadOpenapi, message).at(it.key.span, "unknown keyword");
        self.out.push(problem.help_nearest(near));
    }

    fn parts(&mut self, at: At<'d>, depth: usize) -> Node {
        let Some(items) = at.node.as_list() else { return at.node.clone() };
        let items = items.iter().map(|node| self.schema(At { node, ..at }, depth + 1)).collect();
        list(items, at.node)
    }

    fn part_map(&mut self, at: At<'d>, depth: usize) -> Node {
        let Some(entries) = at.node.as_map() else { return at.node.clone() };
        let one =
            |it: &'d Entry| Entry { key: it.key.clone(), value: self.schema(At { node: &it.value, ..at }, depth + 1) };
        map(entries.iter().map(one).collect(), at.node)
    }

    /// Puts the schemas of an `allOf` to those that a discriminator has made.
    fn beside(&mut self, rewritten: &mut [Entry], at: At<'d>, depth: usize) {
        let parts = self.parts(at, depth);
        if let Some(all) = rewritten.iter_mut().find(|entry| &*entry.key.text == "allOf")
            && let (Some(made), Some(parts)) = (all.value.as_list(), parts.as_list())
        {
            all.value = list(made.iter().chain(parts).cloned().collect(), at.node);
        }
    }

    fn special(&mut self, name: &str, schema: At<'d>, at: At<'d>, depth: usize) -> Option<Node> {
        match name {
            "properties" => {
                let entries = at.node.as_map()?;
                let mut members = Vec::with_capacity(entries.len());
                for it in entries {
                    let member = At { node: &it.value, ..at };
                    let value = if self.is_out_of_place(member) {
                        Node { span: it.value.span, kind: NodeKind::Bool(false) }
                    } else {
                        self.schema(member, depth + 1)
                    };
                    members.push(Entry { key: it.key.clone(), value });
                }
                Some(map(members, at.node))
            }
            "required" => {
                let Some(items) = at.node.as_list() else { return Some(at.node.clone()) };
                let properties = schema.get("properties");
                let is_needed = |item: &&Node| {
                    let member = item.as_text().and_then(|name| properties?.get(name));
                    !member.is_some_and(|member| self.is_out_of_place(member))
                };
                Some(list(items.iter().filter(is_needed).cloned().collect(), at.node))
            }
            "exclusiveMinimum" | "exclusiveMaximum" => at.node.as_bool().is_none().then(|| at.node.clone()),
            "format" => {
                let format = at.node.as_text()?;
                FORMATS.contains(&format).then(|| at.node.clone())
            }
            "enum" | "minimum" | "maximum" => Some(at.node.clone()),
            _ => None,
        }
    }

    /// Whether `minimum` or `maximum` is beside a `true` that shuts the bound itself out.
    fn excludes(&self, schema: At<'d>, key: &str) -> bool {
        self.dialect == Dialect::Own && schema.is(key)
    }

    /// The bounds of `int32` and `int64`, where none are given.
    fn bounds(schema: At<'d>, rewritten: &mut Vec<Entry>) {
        let (least, most) = match schema.text("format") {
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some("int64") => (i64::MIN, i64::MAX),
            Some(_) | None => return,
        };
        if schema.text("type") != Some("integer") {
            return;
        }
        for (key, exclusive, bound) in [("minimum", "exclusiveMinimum", least), ("maximum", "exclusiveMaximum", most)] {
            if schema.get(key).is_none() && schema.get(exclusive).is_none() {
                let at = schema.node.get("format").unwrap_or(schema.node);
                let value = Node { span: at.span, kind: NodeKind::Number(Number::from(bound)) };
                rewritten.push(entry(key, value, at));
            }
        }
    }

    /// Whether a member has no place in this direction.
    fn is_out_of_place(&self, member: At<'d>) -> bool {
        let word = match self.direction {
            Direction::Request => "readOnly",
            Direction::Answer => "writeOnly",
        };
        member.is(word) || self.documents.follow(member).is_ok_and(|member| member.is(word))
    }

    /// The reference as it stands in the rewritten schema.
    fn reference(&mut self, file: usize, reference: &Node) -> Option<String> {
        let own = self.documents.files.get(file).map_or("", |it| it.path.as_str());
        let in_suite = reference.as_text().and_then(|text| super::documents::target(own, text));
        if let Some(target) = in_suite
            && let Some(name) = target.path.strip_prefix("schemas/").and_then(|name| name.strip_suffix(".json"))
            && (self.files)(name)
        {
            return Some(format!("{name}#{}", target.pointer));
        }
        match self.documents.resolve(file, reference) {
            Ok((target, at)) => Some(format!("#/$defs/{}", self.name_of(target, at))),
            Err(problem) => {
                self.problem(*problem);
                None
            }
        }
    }

    fn name_of(&mut self, target: Target, at: At<'d>) -> String {
        if let Some(name) = self.names.get(&target) {
            return name.clone();
        }
        let last = target.pointer.rsplit('/').next().unwrap_or_default();
        let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
        let base: String = last.chars().map(plain).collect();
        let is_taken = |name: &str| self.names.values().any(|taken| taken == name);
        let name = if is_taken(&base) { format!("{base}-{}", self.names.len()) } else { base };
        self.names.insert(target, name.clone());
        self.open.push((name.clone(), at));
        name
    }
}
