use std::fmt;

use super::Scopes;
use crate::sandbox::tenant::AgentId;

/// Someone with a token of their own: by password, access key, code or implicit grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// Which agent it is.
    pub(crate) agent: AgentId,
    /// What the token is good for.
    pub(crate) scopes: Scopes,
}

/// A program without a user: by the client grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    /// `Application@Vendor`.
    pub(crate) name: String,
}

/// Whoever presents a good token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A user.
    User(User),
    /// An application on its own.
    Application(Application),
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "agent {}", user.agent),
            Self::Application(application) => write!(f, "application {}", application.name),
        }
    }
}
