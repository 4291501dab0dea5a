use crate::value::{Json, Node, Number};

use super::documents::{At, Documents};

/// How deep a schema is looked into for the kinds of its values.
const DEEPEST: usize = 8;

/// What kinds of values a schema speaks of, so that a text can be read as one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mould {
    /// Neither a list nor an object.
    Scalar(Kinds),
    /// A list of these.
    List(Box<Mould>),
    /// An object with these members, and what others are.
    Record(Vec<(String, Mould)>, Box<Mould>),
}

/// Kinds of scalars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of kinds: each of them is there or not")]
pub(super) struct Kinds {
    pub(super) text: bool,
    pub(super) number: bool,
    pub(super) boolean: bool,
    pub(super) null: bool,
}

impl Mould {
    /// Any text.
    pub(super) const ANY: Self = Self::Scalar(Kinds { text: true, number: false, boolean: false, null: false });

    /// What a schema speaks of.
    pub(super) fn of(documents: Documents<'_>, schema: At<'_>) -> Self {
        let mut seen = Seen::default();
        seen.read(documents, schema, 0);
        if let Some(items) = seen.items {
            return Self::List(Box::new(items));
        }
        if seen.is_list {
            return Self::List(Box::new(Self::ANY));
        }
        if seen.is_record {
            return Self::Record(seen.members, Box::new(Self::ANY));
        }
        let none = Kinds::default();
        Self::Scalar(if seen.kinds == none { Kinds { text: true, ..none } } else { seen.kinds })
    }

    /// What the member of this name is.
    pub(super) fn member(&self, key: &str) -> &Self {
        match self {
            Self::Record(members, others) => members.iter().find(|(name, _)| name == key).map_or(others, |(_, it)| it),
            Self::Scalar(_) | Self::List(_) => &Self::ANY,
        }
    }

    /// A text as the kind of value that it can be; as the text it is where it can be none of them.
    pub(super) fn cast(&self, text: &str) -> Json {
        let Self::Scalar(kinds) = self else { return Json::String(text.to_owned()) };
        if kinds.text {
            return Json::String(text.to_owned());
        }
        match text {
            "true" if kinds.boolean => Json::Bool(true),
            "false" if kinds.boolean => Json::Bool(false),
            "" | "null" if kinds.null => Json::Null,
            text => match Number::parse(text) {
                Ok(number) if kinds.number => Json::Number(number),
                Ok(_) | Err(_) => Json::String(text.to_owned()),
            },
        }
    }
}

/// What was found on the way through a schema.
#[derive(Default)]
struct Seen {
    kinds: Kinds,
    is_list: bool,
    is_record: bool,
    items: Option<Mould>,
    members: Vec<(String, Mould)>,
}

impl Seen {
    fn read(&mut self, documents: Documents<'_>, schema: At<'_>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let Ok(schema) = documents.follow(schema) else { return };
        let types = schema.node.get("type");
        let listed = types.and_then(Node::as_list).unwrap_or_default().iter().filter_map(Node::as_text);
        for kind in types.and_then(Node::as_text).into_iter().chain(listed) {
            match kind {
                "string" => self.kinds.text = true,
                "number" | "integer" => self.kinds.number = true,
                "boolean" => self.kinds.boolean = true,
                "null" => self.kinds.null = true,
                "array" => self.is_list = true,
                "object" => self.is_record = true,
                _ => {}
            }
        }
        self.kinds.null |= schema.is("nullable");
        if let Some(items) = schema.get("items").filter(|_| self.items.is_none()) {
            self.items = Some(Self::below(documents, items, depth));
        }
        for (key, member) in schema.entries("properties") {
            self.is_record = true;
            self.members.push((key.text.to_string(), Self::below(documents, member, depth)));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema.items(key) {
                self.read(documents, part, depth + 1);
            }
        }
    }

    /// What a part of the value is: a list within a list is not written by any style.
    fn below(documents: Documents<'_>, part: At<'_>, depth: usize) -> Mould {
        let mut seen = Self::default();
        seen.read(documents, part, depth + DEEPEST / 2);
        let none = Kinds::default();
        Mould::Scalar(if seen.kinds == none { Kinds { text: true, ..none } } else { seen.kinds })
    }
}
