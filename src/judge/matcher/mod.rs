//! What may be said of a value: a file for each family of matchers, and the registry that lists them.
//!
//! A [`Matcher`] is a scalar or a list, which means `equals`, or a map of which everything must fit. What is judged is a
//! [`Found`]: a value, nothing, or no node. A matcher on a value of another kind misses; it is never an error.

mod bound;
mod contains;
mod context;
#[cfg(test)]
mod drawn;
mod equality;
mod fit;
mod found;
mod kind;
mod length;
mod list;
mod matchers;
mod object;
mod presence;
mod range;
mod registry;
mod schema;
#[cfg(test)]
mod table;
mod text;
mod time;
mod wanted;

pub use context::{Context, Texts};

pub use fit::{Doubt, Fit, Miss};
pub use found::Found;
pub(super) use length::is_min_zero;
pub use matchers::Matcher;
use matchers::Test;
pub use registry::{MATCHERS, MatcherKind};
pub(super) use text::compile as compile_regex;
