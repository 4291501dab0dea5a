//! Values as they are: our exact JSON tree, names and templates, JSONPath, and handles of secrets.
//!
//! Pure: nothing here reads or writes anything. An answer is parsed once, from its bytes, and nothing is lost: numbers keep
//! their digits, objects keep their order and their duplicate keys. May depend on `diag` only.
//!
//! ```
//! use assize::value::Json;
//!
//! let json = Json::parse(br#"{"id": 9007199254740993, "tags": ["a"]}"#)?;
//! assert_eq!(json.get("id"), Some(&Json::parse(b"9007199254740993.0")?));
//! assert_eq!(json.to_string(), r#"{"id":9007199254740993,"tags":["a"]}"#);
//! # Ok::<(), assize::value::JsonError>(())
//! ```

mod decimal;
mod document;
mod duplicate;
mod duration;
mod json;
mod jwt;
mod kind;
mod name;
mod node;
mod number;
mod operand;
mod parse;
#[cfg(test)]
mod parsing;
mod path;
mod scope;
mod secret;
mod serialize;
mod shape;
mod slot;
mod template;
mod view;
mod write;

pub use document::Document;
pub use duration::parse_duration;
pub use json::Json;
pub use jwt::{Jwt, JwtAlgorithm, JwtFault, JwtStanding};
pub use kind::Kind;
pub use name::{BadName, BadNameKind, Member, Name, NamePath};
pub use node::{Entry, Key, Node, NodeKind, Scalar};
pub use number::{BadNumber, Number};
pub use operand::{Operand, OperandError};
pub use parse::{JsonError, JsonErrorKind, MAX_DEPTH};
pub use path::{JsonPath, JsonPathError, Located, Location, Lost, LostStep, MAX_NODES, Segment, Selected, TooMany};
pub use scope::{Missing, MissingKind, Scope};
pub use secret::{
    Answer, Destination, Fact, Facts, Form, Handle, MIN_SECRET_LEN, Masker, NoFacts, OperatorSecret, Origin, Question,
    RecordedFacts, Secret, SecretName, SecretRefused, Unbound, Vault, Witness, has_handle,
};
pub use shape::{Field, Need, Record, Shape};
pub use slot::{Shift, Slot};
pub use template::{Part, Template, TemplateError, TemplateErrorKind};
pub use view::View;
