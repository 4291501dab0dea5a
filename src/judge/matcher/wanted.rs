use std::borrow::Cow;

use crate::judge::BreachCode;
use crate::judge::show::preview;
use crate::judge::{Compiler, Moment};
use crate::value::{Json, Node, Operand};

use super::{Context, Doubt};

/// The operand of a matcher: a value, or one that names are put into when the step is judged.
#[derive(Clone, Debug)]
pub(super) struct Wanted(Operand);

impl Wanted {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>, moment: Moment) -> Self {
        Self(compiler.exact_operand(node, moment))
    }

    /// The value with its names put in.
    pub(super) fn get(&self, context: &Context<'_>) -> Result<Cow<'_, Json>, Doubt> {
        if let Some(fixed) = self.0.as_fixed() {
            return Ok(Cow::Borrowed(fixed));
        }
        let resolved = self.0.resolve(context.scope);
        resolved.map(Cow::Owned).map_err(|missing| Doubt::new(BreachCode::MissingName, missing.to_string()))
    }

    /// The value as it is written, where it holds no name.
    pub(super) fn as_fixed(&self) -> Option<&Json> {
        self.0.as_fixed()
    }

    /// The value as it stands in a message.
    pub(super) fn show(&self, context: &Context<'_>) -> String {
        self.get(context).map_or_else(|_| "a value that is not known".to_owned(), |value| preview(&value))
    }
}
