use crate::judge::Compiler;
use crate::value::{Json, Node};

use super::registry::parse_bool;
use super::{Context, Fit, Found, Test};

/// `exists`: whether something is there.
#[derive(Debug)]
pub(super) enum Exists {
    Something,
    Nothing,
}

/// `empty`: whether there is anything in it.
#[derive(Debug)]
pub(super) enum Empty {
    Yes,
    No,
}

impl Exists {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        parse_bool(node, compiler).map(|exists| if exists { Self::Something } else { Self::Nothing })
    }
}

impl Empty {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        parse_bool(node, compiler).map(|empty| if empty { Self::Yes } else { Self::No })
    }
}

impl Test for Exists {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let fits = found.value().is_some() == matches!(self, Self::Something);
        Fit::when(fits, found, || self.describe(context))
    }

    fn describe(&self, _: &Context<'_>) -> String {
        match self {
            Self::Something => "a value".to_owned(),
            Self::Nothing => "nothing".to_owned(),
        }
    }
}

impl Test for Empty {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let fits = match self {
            Self::Yes => found.value().is_none_or(Json::is_empty_value),
            Self::No => found.value().is_some_and(|value| !value.is_empty_value()),
        };
        Fit::when(fits, found, || self.describe(context))
    }

    fn describe(&self, _: &Context<'_>) -> String {
        match self {
            Self::Yes => "nothing, null, \"\", [] or {}".to_owned(),
            Self::No => "a value that is not empty".to_owned(),
        }
    }
}
