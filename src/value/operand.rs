use super::scope::{Missing, MissingKind, Scope};
use super::slot::Slot;
use super::template::{Template, TemplateError};
use super::{Json, Location};

/// A value as it is written in a scenario: JSON whose texts may hold `$(…)`.
///
/// What holds none is [`Operand::Fixed`], however deep it is; a body without names costs nothing to put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing to put in.
    Fixed(Json),
    /// Exactly one `$(…)`: its value, of whatever type.
    Slot(Slot),
    /// A text with `$(…)` in it.
    Text(Template),
    /// A list in which something is put in.
    List(Vec<Operand>),
    /// An object in which something is put in; the order is kept.
    Map(Vec<(Template, Operand)>),
}

/// A template within a value that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error} at {location}")]
pub struct OperandError {
    /// The normalised JSONPath of the text.
    pub location: String,
    /// What is wrong with it.
    pub error: TemplateError,
}

impl Operand {
    /// Reads one text.
    ///
    /// # Errors
    /// As [`Template::parse`].
    pub fn text(text: &str) -> Result<Self, TemplateError> {
        Template::parse(text).map(Self::from)
    }

    /// A list of these; fixed when they all are.
    #[must_use]
    pub fn list(items: Vec<Operand>) -> Self {
        if !items.iter().all(Self::is_fixed) {
            return Self::List(items);
        }
        Self::Fixed(Json::Array(items.into_iter().filter_map(Self::into_fixed).collect()))
    }

    /// An object of these; fixed when all keys and values are.
    #[must_use]
    pub fn map(members: Vec<(Template, Operand)>) -> Self {
        if !members.iter().all(|(key, value)| key.is_fixed() && value.is_fixed()) {
            return Self::Map(members);
        }
        let fixed = |(key, value): (Template, Operand)| Some((key.as_fixed()?.to_owned(), value.into_fixed()?));
        Self::Fixed(Json::Object(members.into_iter().filter_map(fixed).collect()))
    }

    /// Reads every text and key of a value.
    ///
    /// # Errors
    /// At the first template that cannot be read, with its place.
    pub fn from_json(json: &Json) -> Result<Self, OperandError> {
        read(json, &mut Location::root())
    }

    /// Whether there is nothing to put in.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// The value, when there is nothing to put in.
    #[must_use]
    pub fn as_fixed(&self) -> Option<&Json> {
        if let Self::Fixed(json) = self { Some(json) } else { None }
    }

    fn into_fixed(self) -> Option<Json> {
        if let Self::Fixed(json) = self { Some(json) } else { None }
    }

    /// All slots, in the order in which they are written.
    #[must_use]
    pub fn slots(&self) -> Vec<&Slot> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Slot(slot) => vec![slot],
            Self::Text(template) => template.slots().collect(),
            Self::List(items) => items.iter().flat_map(Self::slots).collect(),
            Self::Map(members) => members.iter().flat_map(|(key, value)| key.slots().chain(value.slots())).collect(),
        }
    }

    /// The value with everything put in.
    ///
    /// # Errors
    /// At the first name that has no value.
    pub fn resolve(&self, scope: &dyn Scope) -> Result<Json, Missing> {
        match self {
            Self::Fixed(json) => Ok(json.clone()),
            Self::Slot(slot) => slot.resolve(scope),
            Self::Text(template) => template.render(scope).map(Json::String),
            Self::List(items) => {
                items.iter().map(|item| item.resolve(scope)).collect::<Result<_, _>>().map(Json::Array)
            }
            Self::Map(members) => members
                .iter()
                .map(|(key, value)| Ok((key.render(scope)?, value.resolve(scope)?)))
                .collect::<Result<_, _>>()
                .map(Json::Object),
        }
    }

    /// Puts in what `scope` knows and leaves the rest: for names that are known at plan time.
    ///
    /// # Errors
    /// At the first name that is known and has no value.
    pub fn settle(&self, scope: &dyn Scope) -> Result<Self, Missing> {
        match self {
            Self::Fixed(_) => Ok(self.clone()),
            Self::Slot(slot) => match slot.resolve(scope) {
                Ok(json) => Ok(Self::Fixed(json)),
                Err(Missing { kind: MissingKind::Unknown, .. }) => Ok(self.clone()),
                Err(missing) => Err(missing),
            },
            Self::Text(template) => {
                let settled = template.settle(scope)?;
                // A text stays a text, even when only one slot is left of it.
                Ok(match settled.as_fixed() {
                    Some(text) => Self::Fixed(text.into()),
                    None => Self::Text(settled),
                })
            }
            Self::List(items) => items.iter().map(|item| item.settle(scope)).collect::<Result<_, _>>().map(Self::list),
            Self::Map(members) => members
                .iter()
                .map(|(key, value)| Ok((key.settle(scope)?, value.settle(scope)?)))
                .collect::<Result<_, _>>()
                .map(Self::map),
        }
    }
}

impl From<Template> for Operand {
    fn from(template: Template) -> Self {
        if let Some(text) = template.as_fixed() {
            Self::Fixed(text.into())
        } else if let Some(slot) = template.as_whole() {
            Self::Slot(slot.clone())
        } else {
            Self::Text(template)
        }
    }
}

fn read<'a>(json: &'a Json, at: &mut Location<'a>) -> Result<Operand, OperandError> {
    let refuse = |at: &Location<'_>, error| OperandError { location: at.to_string(), error };
    Ok(match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => Operand::Fixed(json.clone()),
        Json::String(text) => Operand::text(text).map_err(|error| refuse(at, error))?,
        Json::Array(items) => {
            let mut operands = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                at.push_index(index);
                operands.push(read(item, at)?);
                at.pop();
            }
            Operand::list(operands)
        }
        Json::Object(members) => {
            let mut operands = Vec::with_capacity(members.len());
            for (key, value) in members {
                at.push_key(key);
                let key = Template::parse(key).map_err(|error| refuse(at, error))?;
                operands.push((key, read(value, at)?));
                at.pop();
            }
            Operand::map(operands)
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text.as_bytes()).expect("the test's own JSON")
    }

    #[test]
    fn a_whole_slot_keeps_its_type_and_a_text_stays_a_text() {
        let scope = BTreeMap::from([("id".to_owned(), json("1.50")), ("none".to_owned(), Json::Null)]);
        let operand = Operand::from_json(&json(
            r#"{"a":"$(id)","b":"x$(id)","c":["$(none)",1.0,"$$(id)"],"k$(id)":{"plain":[]}}"#,
        ))
        .expect("readable templates");
        let resolved = operand.resolve(&scope).expect("known names");
        assert_eq!(resolved.to_string(), r#"{"a":1.50,"b":"x1.50","c":[null,1.0,"$(id)"],"k1.50":{"plain":[]}}"#);
        assert_eq!(operand.slots().len(), 4);
    }

    #[test]
    fn what_holds_no_slot_is_fixed() {
        let operand = Operand::from_json(&json(r#"{"a":["$$(x)",{"b":"$"}]}"#)).expect("readable templates");
        assert_eq!(operand, Operand::Fixed(json(r#"{"a":["$(x)",{"b":"$"}]}"#)));
    }

    #[test]
    fn a_bad_template_is_refused_with_its_place() {
        let error = Operand::from_json(&json(r#"{"a":["ok",{"b":"$(x"}]}"#)).expect_err("no closing parenthesis");
        assert_eq!(error.location, "$['a'][1]['b']");
    }

    #[test]
    fn settling_fixes_what_is_known() {
        let scope = BTreeMap::from([("row".to_owned(), json(r#"{"x":[1,2]}"#))]);
        let operand = Operand::from_json(&json(r#"["$(row.x)","$(row.x[0])$(later)"]"#)).expect("readable templates");
        let settled = operand.settle(&scope).expect("what is known has values");
        let later = BTreeMap::from([("later".to_owned(), Json::from("$(row)"))]);
        assert_eq!(settled.resolve(&later), Ok(json(r#"[[1,2],"1$(row)"]"#)));
        assert_eq!(operand.resolve(&later).map_err(|missing| missing.kind), Err(MissingKind::Unknown));
    }
}
