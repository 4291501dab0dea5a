use crate::judge::schema::{SchemaRef, Verdict, Violation};
use crate::judge::{BreachCode, Compiler};
use crate::value::Node;

use super::text::not_compiled;
use super::{Context, Doubt, Fit, Found, Miss, Test};

/// `schema`: a value that follows a schema.
#[derive(Debug)]
pub(super) struct OfSchema(SchemaRef);

impl OfSchema {
    pub(super) fn parse(node: &Node, compiler: &mut Compiler<'_>) -> Option<Self> {
        SchemaRef::parse(node, compiler).map(Self)
    }
}

impl Test for OfSchema {
    fn fit(&self, found: Found<'_>, context: &Context<'_>) -> Fit {
        let Some(schema) = self.0.get() else { return not_compiled().into() };
        let Some(value) = found.value() else { return Fit::Misses(Miss::of(found, self.describe(context))) };
        match schema.judge(value, &value.to_view()) {
            Verdict::Follows => Fit::Fits,
            Verdict::Violates(violations) => {
                let miss = Miss::of(found, self.describe(context));
                Fit::Misses(Miss { notes: Violation::lines(&violations), ..miss })
            }
            Verdict::Opaque(place) => {
                let message = format!("{place} holds a secret, and the schema asks for its characters");
                Doubt::new(BreachCode::OpaqueValue, message).into()
            }
            Verdict::TooDeep => {
                Doubt::new(BreachCode::TooManyNodes, "the value is nested too deeply for its schema").into()
            }
            Verdict::Inexact(place) => {
                let message = format!("the number at {place} has more digits than a schema can compare");
                Doubt::new(BreachCode::InexactNumber, message).into()
            }
        }
    }

    fn describe(&self, _: &Context<'_>) -> String {
        format!("a value that follows {}", self.0)
    }

    fn vacuous(&self) -> Option<String> {
        self.0.get().filter(|schema| schema.allows_everything()).map(|_| format!("{} allows everything", self.0))
    }
}
