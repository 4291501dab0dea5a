use serde_json::Value;

/// How many parameters of a call are read; no call has nearly as many.
const MOST_PARAMS: usize = 256;

/// The parameters of a call by name, in any case; empty ones do not count.
///
/// The reference declares most of them `in: query`, its samples send JSON, other clients send forms, some label one as
/// the other. So the content decides, not the label, and an empty text is an absent parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
}

/// A body that is neither a JSON object nor a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request body is not valid JSON")]
pub(crate) struct BadBody;

/// A parameter whose text is not of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value of a parameter is not of its type")]
pub(crate) struct BadParam;

impl Params {
    /// Reads a query string or a form.
    pub(crate) fn from_form(text: &[u8]) -> Self {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(text) {
            params.add(&name, value.into_owned());
        }
        params
    }

    /// Reads a body by its content.
    pub(crate) fn from_body(body: &[u8]) -> Result<Self, BadBody> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        match body.first() {
            None => Ok(Self::default()),
            Some(b'{' | b'[') => {
                let value: Value = serde_json::from_slice(body).map_err(|_| BadBody)?;
                Ok(Self::from_json(value))
            }
            Some(_) => Ok(Self::from_form(body)),
        }
    }

    fn from_json(value: Value) -> Self {
        let mut params = Self::default();
        let Value::Object(members) = value else { return params };
        for (name, value) in members {
            match value {
                Value::Null => {}
                Value::String(text) => params.add(&name, text),
                other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                    params.add(&name, other.to_string());
                }
            }
        }
        params
    }

    fn add(&mut self, name: &str, value: String) {
        if !value.is_empty() && self.pairs.len() < MOST_PARAMS && self.text(name).is_none() {
            self.pairs.push((name.to_ascii_lowercase(), value));
        }
    }

    /// These, and those of `others` that are not among them.
    pub(crate) fn or(mut self, others: &Self) -> Self {
        for (name, value) in &others.pairs {
            self.add(name, value.clone());
        }
        self
    }

    /// The text of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, BadParam> {
        self.text(name).map(|text| text.trim().parse().map_err(|_| BadParam)).transpose()
    }

    /// A truth value: `true`, `false`, `1` or `0`, in any case.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, BadParam> {
        match self.text(name).map(|text| text.trim().to_ascii_lowercase()).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(BadParam),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_and_json_give_the_same_parameters() {
        let form = Params::from_body(b"state=Available&reason=").unwrap();
        let json = Params::from_body(br#" {"state":"Available","reason":"","more":null}"#).unwrap();
        assert_eq!(form, json);
        assert_eq!((form.text("STATE"), form.text("reason")), (Some("Available"), None));
    }

    #[test]
    fn numbers_and_flags_are_read_from_text_and_from_json() {
        let params = Params::from_body(br#"{"a":5,"b":"6","c":true,"d":"FALSE","e":{}}"#).unwrap();
        assert_eq!((params.integer("a"), params.integer("b")), (Ok(Some(5)), Ok(Some(6))));
        assert_eq!((params.flag("c"), params.flag("d")), (Ok(Some(true)), Ok(Some(false))));
        assert_eq!((params.integer("e"), params.flag("e")), (Err(BadParam), Err(BadParam)));
    }

    #[test]
    fn a_flood_of_parameters_is_cut_off() {
        let flood: Vec<String> = (0..100_000).map(|n| format!("a{n}=1")).collect();
        assert_eq!(Params::from_body(flood.join("&").as_bytes()).map(|params| params.pairs.len()), Ok(MOST_PARAMS));
    }

    #[test]
    fn broken_json_is_refused_and_anything_else_is_a_form() {
        assert_eq!(Params::from_body(b"{\"a\":"), Err(BadBody));
        assert!(Params::from_body(&b"[".repeat(100_000)).is_err());
        assert!(Params::from_body(&[0xff, 0xfe, 0x00]).is_ok());
    }
}
