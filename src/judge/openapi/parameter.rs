use std::fmt;
use std::sync::Arc;

use crate::judge::Schema;

use super::mould::Mould;
use super::style::Style;

/// A parameter of a request, or a header of an answer.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place_in: In,
    /// Whether it must be there.
    pub is_required: bool,
    pub(super) form: Form,
    pub(super) schema: Option<Arc<Schema>>,
    pub(super) mould: Mould,
    /// Where the document says so: `file:line`.
    pub(super) place: String,
}

/// How the value of a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// By a style; whether every element stands by itself.
    Styled {
        /// The style.
        style: Style,
        /// `explode`.
        explode: bool,
    },
    /// As JSON.
    Json,
    /// In a media type that is not looked into.
    Other,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum In {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
    /// In a cookie.
    Cookie,
}

impl In {
    /// Reads `path`, `query`, `header` or `cookie`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Path, Self::Query, Self::Header, Self::Cookie].into_iter().find(|it| it.as_str() == text)
    }

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }

    /// Whether two names stand for one: those of header fields have no case.
    #[must_use]
    pub fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Header => left.eq_ignore_ascii_case(right),
            Self::Path | Self::Query | Self::Cookie => left == right,
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place_in.as_str(), self.name)
    }
}
