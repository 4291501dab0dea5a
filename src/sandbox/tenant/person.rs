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

impl SignIn {
    /// Whether it is this access key.
    pub(crate) fn is_access_key(&self, key_id: &str, key_secret: &str) -> bool {
        match self {
            Self::AccessKey { id, secret } => id == key_id && secret == key_secret,
            Self::Password(_) | Self::Page(_) => false,
        }
    }

    /// Whether it is this password, for the first generation.
    pub(crate) fn is_password(&self, given: &str) -> bool {
        match self {
            Self::Password(password) => password == given,
            Self::AccessKey { .. } | Self::Page(_) => false,
        }
    }

    /// Whether it is this password, for the page of the current generation: the others work there too.
    pub(crate) fn is_page_password(&self, given: &str) -> bool {
        match self {
            Self::Password(password) | Self::Page(password) => password == given,
            Self::AccessKey { .. } => false,
        }
    }
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

impl Person {
    /// The name that others see.
    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}
