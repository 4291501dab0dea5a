use std::collections::BTreeMap;
use std::sync::Arc;

use crate::auth::{BoundSecret, Keyring, NoOrigin, bound_secrets, target_origins};
use crate::suite::{Credential, SecretRef, Surface, Target};
use crate::value::Origin;

/// Gives the value of a secret; whoever starts the run has read them all before.
pub type SecretReader = Arc<dyn Fn(&SecretRef) -> Result<String, SecretError> + Send + Sync>;

/// Why a secret has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(pub String);

/// Every secret of a target in these variants, and where each may go.
///
/// # Errors
/// When a URL of the target has no origin.
pub(super) fn all_bound(
    target: &Target,
    surfaces: &[Surface],
    clock_url: Option<&str>,
) -> Result<Vec<BoundSecret>, NoOrigin> {
    let mut bound = Vec::new();
    for surface in surfaces {
        bound.extend(bound_secrets(surface)?);
        let origins = target_origins(surface)?;
        bound.extend(headers(&target.connection.headers, &origins));
    }
    if let (Some(clock), Some(url)) = (&target.clock, clock_url) {
        let origin = Origin::parse(url).ok_or_else(|| NoOrigin(url.to_owned()))?;
        bound.extend(headers(&clock.headers, &[origin]));
    }
    Ok(bound)
}

/// Every secret of a target in these variants.
#[must_use]
pub fn secret_refs(target: &Target, surfaces: &[Surface]) -> Vec<SecretRef> {
    let of_target = headers(&target.connection.headers, &[])
        .chain(target.clock.iter().flat_map(|clock| headers(&clock.headers, &[])))
        .map(|bound| bound.secret);
    let of_identities = surfaces.iter().flat_map(|surface| crate::auth::secrets_of(surface));
    let mut refs: Vec<SecretRef> = of_target.chain(of_identities).collect();
    refs.sort();
    refs.dedup();
    refs
}

/// Builds the keyring of a run or a case.
pub(super) fn keyring(bound: Vec<BoundSecret>, read: &SecretReader) -> Result<Keyring, String> {
    Keyring::build(merged(bound), |secret| read(secret)).map_err(|error| {
        let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        format!("{error}{source}")
    })
}

/// One entry for each secret, with all the places it may go to.
fn merged(bound: Vec<BoundSecret>) -> Vec<BoundSecret> {
    let mut all: BTreeMap<SecretRef, Vec<Origin>> = BTreeMap::new();
    for BoundSecret { secret, origins } in bound {
        let known = all.entry(secret).or_default();
        known.extend(origins.into_iter().filter(|origin| !known.contains(origin)).collect::<Vec<_>>());
    }
    all.into_iter().map(|(secret, origins)| BoundSecret { secret, origins }).collect()
}

fn headers<'a>(
    headers: &'a BTreeMap<String, Credential>,
    origins: &'a [Origin],
) -> impl Iterator<Item = BoundSecret> + 'a {
    headers.values().filter_map(|credential| match credential {
        Credential::Secret(secret) => Some(BoundSecret { secret: secret.clone(), origins: origins.to_vec() }),
        Credential::Open(_) => None,
    })
}
