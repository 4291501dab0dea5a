use crate::value::{Facts, Scope};

/// What matchers know beside the value.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What names in operands mean.
    pub scope: &'a dyn Scope,
    /// Who knows what only the door can see.
    pub facts: &'a dyn Facts,
    /// How texts are taken.
    pub texts: Texts,
}

/// How texts are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// As texts.
    Plain,
    /// As numbers too where they are: header fields and cookies know no other type.
    MayBeNumbers,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("texts", &self.texts).finish_non_exhaustive()
    }
}
