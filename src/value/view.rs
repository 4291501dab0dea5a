use serde_json::{Map, Value};

use super::path::Location;
use super::{Json, Number};

/// The value as `serde_json` has it, for libraries that take nothing else.
///
/// Of doubled keys the last is kept.
#[derive(Clone, Debug)]
pub struct View {
    /// The value; a number beyond every machine type stands as the nearest one.
    pub value: Value,
    /// The JSON Pointer of the first number that lost digits on the way.
    pub inexact: Option<String>,
}

impl Json {
    /// Makes the view.
    #[must_use]
    pub fn to_view(&self) -> View {
        let mut inexact = None;
        let value = convert(self, &mut Location::root(), &mut inexact);
        View { value, inexact }
    }
}

fn convert<'a>(json: &'a Json, at: &mut Location<'a>, inexact: &mut Option<String>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => {
            let (value, exact) = machine_number(number);
            if !exact && inexact.is_none() {
                *inexact = Some(at.to_pointer());
            }
            Value::Number(value)
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Array(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    at.push_index(index);
                    let value = convert(item, at, inexact);
                    at.pop();
                    value
                })
                .collect(),
        ),
        Json::Object(members) => {
            let mut map = Map::new();
            for (key, value) in members {
                at.push_key(key);
                map.insert(key.clone(), convert(value, at, inexact));
                at.pop();
            }
            Value::Object(map)
        }
    }
}

/// The machine number for `number`, and whether it stands for it alone.
///
/// An integer that a machine integer holds is one, however it is written. Any other is the nearest `f64`, which stands for
/// the decimal that it is written as in its shortest form, so that `0.1` is exact and `9007199254740993.5` is not. Each `f64`
/// stands for one decimal only and their order is that of the decimals: a comparison of the two is one of the values.
fn machine_number(number: &Number) -> (serde_json::Number, bool) {
    if let Some(value) = number.to_i64() {
        return (value.into(), true);
    }
    if let Some(value) = number.to_u64() {
        return (value.into(), true);
    }
    let nearest = number.to_f64().clamp(f64::MIN, f64::MAX);
    let exact = Number::parse(&format!("{nearest}")).is_ok_and(|written| written == *number);
    (serde_json::Number::from_f64(nearest).unwrap_or_else(|| 0.into()), exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_what_no_machine_number_holds() {
        for (text, inexact) in [
            (r#"{"a":[1,0.1,1e3,18446744073709551615,-9223372036854775808,9007199254740993.0,1e22]}"#, None),
            (r#"{"a/b":[1,9007199254740993.5,1e400]}"#, Some("/a~1b/1")),
            // The nearest `f64` of both is the same; it stands for the second alone.
            ("18446744073709551616", Some("")),
            ("18446744073709552000", None),
            ("1e400", Some("")),
            ("0.1000000000000000055511151231257827", Some("")),
            ("1e-400", Some("")),
            ("-0", None),
        ] {
            let view = Json::parse(text.as_bytes()).expect("the test's own JSON").to_view();
            assert_eq!(view.inexact.as_deref(), inexact, "{text}");
        }
    }
}
