use crate::diag::{Code, nearest};
use crate::judge::Compiler;
use crate::value::{Json, Kind, Node, NodeKind};

use super::{Context, Fit, Found, Test};

/// `type`: a value of this type.
#[derive(Debug)]
pub(super) struct OfType(&'static str);

impl OfType {
    pub(super) const WORDS: &'static [&'static str] =
        &["string", "number", "integer", "boolean", "array", "object", "null"];

    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        // YAML reads the word `null` as null.
        let word = match &node.kind {
            NodeKind::Null => "null",
            NodeKind::Text(scalar) => &scalar.value,
            NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::List(_) | NodeKind::Map(_) => {
                compiler.wrong_type(node, "the name of a type");
                return None;
            }
        };
        let known = Self::WORDS.iter().copied().find(|known| *known == word);
        if known.is_none() {
            let help = match nearest(word, Self::WORDS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", Self::WORDS.join(", ")),
            };
            compiler.problem_with_help(Code::UnknownValue, node.span, format!("`{word}` is not a type"), help);
        }
        known.map(Self)
    }
}

impl Test for OfType {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let fits = found.value().is_some_and(|value| match value {
            Json::Number(number) if self.0 == "integer" => number.is_integer(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                value.kind().word() == self.0
            }
        });
        Fit::when(fits, found, || self.describe(context))
    }

    fn describe(&self, _: &Context<'_>) -> String {
        match self.0 {
            "null" => Kind::Null.to_string(),
            "string" => "a text".to_owned(),
            "integer" => "an integer".to_owned(),
            "array" => "a list".to_owned(),
            "object" => "an object".to_owned(),
            word => format!("a {word}"),
        }
    }
}
