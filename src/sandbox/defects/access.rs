use super::Defect;
use crate::sandbox::tenant::{Directory, Tenant};
use crate::sandbox::tokens::{Caller, Denial, Scopes, User};

/// Who makes a call, with the tenant's defects.
pub(crate) fn identified(tenant: &Tenant, found: Result<Caller, Denial>) -> Result<Caller, Denial> {
    let defect = match &found {
        Err(Denial::NoToken) => Defect::NoTokenAccepted,
        Err(Denial::BadToken) => Defect::GarbageTokenAccepted,
        Err(Denial::Expired) => Defect::ExpiredTokenAccepted,
        Ok(_) | Err(Denial::NeedsUser | Denial::NeedsScope) => return found,
    };
    if tenant.defects.has(defect) { Ok(Caller::User(somebody())) } else { found }
}

/// Who may make a call that needs a user, with the tenant's defects.
pub(crate) fn admitted(tenant: &Tenant, found: Result<User, Denial>) -> Result<User, Denial> {
    match found {
        Err(Denial::NeedsUser) if tenant.defects.has(Defect::ClientToken200) => Ok(somebody()),
        Err(Denial::NeedsUser) if tenant.defects.has(Defect::ClientToken401) => Err(Denial::BadToken),
        Ok(_) | Err(Denial::NoToken | Denial::BadToken | Denial::Expired | Denial::NeedsUser | Denial::NeedsScope) => {
            found
        }
    }
}

/// Whoever is at hand, where nobody should be let in.
pub(crate) fn somebody() -> User {
    User { agent: Directory::first_agent(), scopes: Scopes::ALL }
}
