use super::tenant::Entropy;

/// The business unit that every tenant of the sandbox is.
pub(crate) const BUSINESS_UNIT_NUMBER: u32 = 4500;
/// Where applications have a browser sent after the sign-in: nobody listens there, so nothing leaves the machine.
pub(crate) const REDIRECT_URI: &str = "https://client.example/callback";
/// The fewest agent users of a tenant, for each variant.
const FEWEST_AGENTS: usize = 1;
/// The most agent users of a tenant, for each variant.
const MOST_AGENTS: usize = 10_000;

/// Given names: agents who sign in to the first generation by password are called like this.
const NAMES: [&str; 16] = [
    "anna", "ben", "clara", "david", "emma", "felix", "greta", "henry", "ida", "jonas", "klara", "lukas", "mia",
    "noah", "olga", "paul",
];

/// An account: what is sent as `username` and as `password`.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name, or the id of an access key.
    pub username: String,
    /// The password, or the secret of an access key.
    pub password: String,
}

/// Everything that signs in to a tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Access keys of agents, for the password grant of the current sign-in.
    pub access_keys: Vec<Account>,
    /// User names and passwords of agents, for the password grant of the first generation.
    pub logins: Vec<Account>,
    /// A user for the sign-in page of the current sign-in.
    pub page_user: Account,
    /// A user for the sign-in page of the first generation.
    pub implicit_user: Account,
    /// The confidential client of the current sign-in.
    pub back_end_id: String,
    /// Its secret.
    pub back_end_secret: String,
    /// The public client of the current sign-in.
    pub user_interface_id: String,
    /// The application of the first generation, `Application@Vendor`.
    pub central_name: String,
    /// The number of the business unit: the second half of its Basic credentials.
    pub business_unit: String,
    /// Its application id, which takes the number's place in the client grant.
    pub application_id: String,
}

/// Where the credentials of a tenant come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// Fixed and obviously fake: for tenants that only this process can use.
    Fixed,
    /// Made from the tenant's [`Entropy`]: for tenants that others can reach.
    Generated,
}

impl CredentialSource {
    /// The credentials for `agents` agent users of each variant (at least 1, at most 10 000).
    #[must_use]
    pub fn credentials(self, entropy: &Entropy, agents: usize) -> Credentials {
        let agents = agents.clamp(FEWEST_AGENTS, MOST_AGENTS);
        match self {
            Self::Fixed => Credentials::made(agents, |what| format!("not-a-secret-{what}"), "app-id-77".to_owned()),
            Self::Generated => {
                let mut rng = entropy.stream("credentials");
                let application_id = rng.uuid();
                // With an ending that base64 would have: such secrets are what clients get wrong.
                Credentials::made(agents, |_| format!("{}=", rng.hex(20)), application_id)
            }
        }
    }
}

impl Credentials {
    fn made(agents: usize, mut secret: impl FnMut(&str) -> String, application_id: String) -> Self {
        let access_keys = (1..=agents)
            .map(|n| Account { username: format!("AK-AGENT-{n}"), password: secret(&format!("agent-{n}")) });
        let access_keys = access_keys.collect();
        let logins = (1..=agents).map(|n| {
            let name = NAMES.get(n - 1).map_or_else(|| format!("agent{n}"), |name| (*name).to_owned());
            Account { username: format!("{name}@example.com"), password: secret(&name) }
        });
        Self {
            access_keys,
            logins: logins.collect(),
            page_user: Account { username: "ulla@example.com".to_owned(), password: secret("ulla") },
            implicit_user: Account { username: "cleo@example.com".to_owned(), password: secret("cleo") },
            back_end_id: "assize-backend".to_owned(),
            back_end_secret: secret("backend"),
            user_interface_id: "assize-ui".to_owned(),
            central_name: "AssizeDesk@Example".to_owned(),
            business_unit: BUSINESS_UNIT_NUMBER.to_string(),
            application_id,
        }
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, ***)", self.username)
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials(of {} agents, ***)", self.logins.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_credentials_are_obviously_fake() {
        let fixed = CredentialSource::Fixed.credentials(&Entropy::from_seed(1), 8);
        assert_eq!(fixed.access_keys[1].password, "not-a-secret-agent-2");
        assert_eq!((&*fixed.logins[0].username, &*fixed.logins[0].password), ("anna@example.com", "not-a-secret-anna"));
        assert_eq!(fixed.logins.len(), 8);
    }

    #[test]
    fn generated_credentials_differ_by_user_and_by_start() {
        let of = |seed| CredentialSource::Generated.credentials(&Entropy::from_seed(seed), 20);
        let mut secrets: Vec<_> = [of(1), of(2)].into_iter().flat_map(|made| made.access_keys).collect();
        secrets.sort_by(|a, b| a.password.cmp(&b.password));
        secrets.dedup_by(|a, b| a.password == b.password);
        assert_eq!(secrets.len(), 40);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let made = CredentialSource::Fixed.credentials(&Entropy::from_seed(1), 2);
        assert!(!format!("{made:?} {:?}", made.page_user).contains("not-a-secret"));
    }
}
