use std::fmt;
use std::ops::Range;

use super::name::BadName;
use super::scope::{Missing, MissingKind, Scope};
use super::template::{TemplateError, TemplateErrorKind};
use super::{Json, NamePath, Number};

/// One `$(…)`: a name, and what is added to its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The name.
    pub path: NamePath,
    /// What is added or taken away, if anything.
    pub shift: Option<Shift>,
    /// The bytes of the template's text, from `$` to `)`.
    pub span: Range<usize>,
}

/// `+ number` or `- number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Adds.
    Plus(Number),
    /// Takes away.
    Minus(Number),
}

impl Slot {
    /// Reads what stands between `$(` and `)`; `span` is the place of all of it.
    pub(super) fn parse(inner: &str, span: Range<usize>) -> Result<Self, TemplateError> {
        let refuse =
            |offset: usize, length: usize, kind| TemplateError { offset: span.start + 2 + offset, len: length, kind };
        if inner.is_empty() {
            return Err(TemplateError { offset: span.start, len: span.len(), kind: TemplateErrorKind::Empty });
        }
        let (path, length) = NamePath::parse_prefix(inner).map_err(|BadName { offset, kind }| {
            refuse(offset, (inner.len() - offset).max(1), TemplateErrorKind::Name(kind))
        })?;
        let rest = &inner[length..];
        if rest.is_empty() {
            return Ok(Self { path, shift: None, span });
        }
        let (make, digits): (fn(Number) -> Shift, &str) = if let Some(digits) = rest.strip_prefix(" + ") {
            (Shift::Plus, digits)
        } else if let Some(digits) = rest.strip_prefix(" - ") {
            (Shift::Minus, digits)
        } else {
            return Err(refuse(length, rest.len(), TemplateErrorKind::Operator));
        };
        match Number::parse(digits) {
            Ok(number) if !digits.starts_with('-') => Ok(Self { path, shift: Some(make(number)), span }),
            _ => Err(refuse(length + 3, digits.len(), TemplateErrorKind::Number)),
        }
    }

    /// The value, of whatever kind it is.
    ///
    /// # Errors
    /// When the name has no value, or none to reckon with.
    pub fn resolve(&self, scope: &dyn Scope) -> Result<Json, Missing> {
        let value = scope.lookup(&self.path)?;
        let sum = match &self.shift {
            None => return Ok(value),
            Some(Shift::Plus(number)) => self.path.number(&value)?.add(number),
            Some(Shift::Minus(number)) => self.path.number(&value)?.sub(number),
        };
        sum.map(Json::Number).ok_or_else(|| self.path.missing(MissingKind::NotANumber))
    }

    /// The value as part of a text: texts and numbers as they are, lists and objects as compact JSON.
    ///
    /// # Errors
    /// As [`Slot::resolve`]; `null` is no text either, since a hole in a URL or a body is no value.
    pub fn render(&self, scope: &dyn Scope) -> Result<String, Missing> {
        match self.resolve(scope)? {
            Json::Null => Err(self.path.missing(MissingKind::NoValue)),
            Json::String(text) => Ok(text),
            value @ (Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => Ok(value.to_string()),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shift {
            None => write!(f, "$({})", self.path),
            Some(Shift::Plus(number)) => write!(f, "$({} + {number})", self.path),
            Some(Shift::Minus(number)) => write!(f, "$({} - {number})", self.path),
        }
    }
}
