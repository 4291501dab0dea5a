//! JSONPath (RFC 9535), compiled once and put to our exact tree.
//!
//! ```
//! use assize::value::{Document, Json, JsonPath};
//!
//! let document = Document::new(Json::parse(br#"{"events":[{"Type":"AgentState","id":1},{"Type":"Mute","id":2}]}"#)?);
//! let path = JsonPath::parse("$.events[?@.Type == 'Mute'].id")?;
//! let selected = path.select(&document)?;
//! assert_eq!(selected.nodes()[0].location.to_string(), "$['events'][1]['id']");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod evaluate;
mod jsonpath;
mod location;
mod lost;
mod parser;
mod query;
mod regexp;
mod selected;

pub use jsonpath::{JsonPath, JsonPathError};
pub use location::{Location, Segment};
pub use lost::{Lost, LostStep};
pub use selected::{Located, Selected, TooMany};

/// How many nodes one selection may visit.
pub const MAX_NODES: usize = 100_000;
