use std::fmt;

/// The number of an agent user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AgentId(pub(crate) u32);

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a person signs in with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// The id and the secret of an access key, for back ends.
    AccessKey { id: String, secret: String },
    /// The user name and a password.
    Password(String),
    /// The user name and a password, but only on a sign-in page of the current generation.
    Page(String),
}

/// A user of the tenant. Every one may be an agent.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: AgentId,
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: &'static str,
    pub(crate) sign_in: SignIn,
}
