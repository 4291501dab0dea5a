use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

use crate::value::Number;

/// `multipleOf` by decimal value.
///
/// The crate's own reckons with binary fractions where the digits are many, and then takes neighbours for multiples.
pub(super) struct MultipleOf {
    of: Option<Number>,
}

impl MultipleOf {
    /// The keyword as it stands in a schema; that it is a number above zero has been checked by the draft's own schema.
    #[expect(clippy::unnecessary_wraps, reason = "the crate asks for this very signature")]
    pub(super) fn compile<'a>(
        _: &'a Map<String, Value>,
        of: &'a Value,
        _: Location,
    ) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
        Ok(Box::new(Self { of: number(of) }))
    }
}

impl<'i> Keyword<'i> for MultipleOf {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if Keyword::is_valid(self, instance) { Ok(()) } else { Err(ValidationError::custom("no multiple")) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match (number(instance), &self.of) {
            (Some(value), Some(of)) => value.is_multiple_of(of),
            (None, _) | (_, None) => true,
        }
    }
}

/// The decimal that a machine number stands for, as the view of a body makes them.
fn number(value: &Value) -> Option<Number> {
    let Value::Number(number) = value else { return None };
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(value), _, _) => Some(value.into()),
        (None, Some(value), _) => Some(value.into()),
        (None, None, value) => Number::parse(&format!("{}", value?)).ok(),
    }
}
