use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::{Json, Number};

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(value) = self.to_i64()
            && value.to_string() == self.text()
        {
            return serializer.serialize_i64(value);
        }
        RawValue::from_string(self.text().to_owned()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl Serialize for Json {
    /// Writes the value exactly as it is, numbers verbatim, duplicate keys included.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    /// Reads the value exactly, from `serde_json` only: serde's own buffer (`flatten`, `untagged`, `tag` without
    /// `content`) has no room for exact numbers and is refused.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get().as_bytes()).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Number {
    /// Reads the number exactly, under the same conditions as [`Json`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_keeps_every_digit_and_every_key() {
        let text = r#"{"z":[1e400,-0,1.50,18446744073709551616,12],"a":"ü\n","z":null,"t":true}"#;
        let json: Json = serde_json::from_str(text).expect("the test's own JSON");
        assert_eq!(serde_json::to_string(&json).expect("a tree of texts"), text);
        assert_eq!(json.to_string(), text);
    }
}
