use crate::suite::{Credential, Identity, OAuth2, Scheme, SecretRef, Surface};
use crate::value::Origin;

use super::BoundSecret;

/// A URL of a target that has no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an http or https URL, found `{0}`")]
pub struct NoOrigin(pub String);

/// Where a target is: what its tokens are bound to. Sign-in is no part of it.
///
/// # Errors
/// When one of its URLs has no origin.
pub fn target_origins(surface: &Surface) -> Result<Vec<Origin>, NoOrigin> {
    let urls = surface.base_url.iter().chain(surface.endpoints.values()).chain(&surface.hosts);
    distinct(urls.map(String::as_str))
}

/// Where anything of a target may be sent: its own places and those of sign-in.
///
/// # Errors
/// When one of its URLs has no origin.
pub fn allowed_origins(surface: &Surface) -> Result<Vec<Origin>, NoOrigin> {
    let mut origins = target_origins(surface)?;
    for identity in surface.identities.values() {
        if let Scheme::OAuth2(oauth2) = &identity.scheme {
            for origin in sign_in_origins(oauth2)? {
                if !origins.contains(&origin) {
                    origins.push(origin);
                }
            }
        }
    }
    Ok(origins)
}

/// Where the secrets of an OAuth 2 identity go: the configured endpoints, and the origins of sign-in pages. A discovered
/// endpoint is at one of these, so that no document can lead a secret elsewhere.
///
/// # Errors
/// When one of its URLs has no origin.
pub fn sign_in_origins(oauth2: &OAuth2) -> Result<Vec<Origin>, NoOrigin> {
    distinct(oauth2.sign_in_urls())
}

/// The secrets of a target's identities and where each may go.
///
/// # Errors
/// When one of its URLs has no origin.
pub fn bound_secrets(surface: &Surface) -> Result<Vec<BoundSecret>, NoOrigin> {
    let target = target_origins(surface)?;
    let mut bound = Vec::new();
    for identity in surface.identities.values() {
        let (shown, kept) = match &identity.scheme {
            // What the client keeps for itself is for its endpoints; no page asks for it.
            Scheme::OAuth2(oauth2) => (sign_in_origins(oauth2)?, distinct(oauth2.endpoint_urls())?),
            Scheme::Basic { .. } | Scheme::Headers(_) | Scheme::Static(_) => (target.clone(), target.clone()),
        };
        let kept_by_client: Vec<&Credential> = match &identity.scheme {
            Scheme::OAuth2(oauth2) => oauth2.client_secret.iter().chain(&oauth2.refresh_token).collect(),
            Scheme::Basic { .. } | Scheme::Headers(_) | Scheme::Static(_) => Vec::new(),
        };
        for credential in credentials(identity) {
            if let Credential::Secret(secret) = credential {
                let origins = if kept_by_client.contains(&credential) { &kept } else { &shown };
                bound.push(BoundSecret { secret: secret.clone(), origins: origins.clone() });
            }
        }
    }
    Ok(bound)
}

/// The secrets of a target's identities, wherever they may go.
#[must_use]
pub fn secrets_of(surface: &Surface) -> Vec<SecretRef> {
    let all = surface.identities.values().flat_map(credentials);
    let secrets = all.filter_map(|credential| match credential {
        Credential::Secret(secret) => Some(secret.clone()),
        Credential::Open(_) => None,
    });
    secrets.collect()
}

fn credentials(identity: &Identity) -> Vec<&Credential> {
    let mut found: Vec<&Credential> = match &identity.scheme {
        Scheme::OAuth2(oauth2) => {
            oauth2.client_id.iter().chain(&oauth2.client_secret).chain(&oauth2.refresh_token).collect()
        }
        Scheme::Basic { username, password } => username.iter().chain(password).collect(),
        Scheme::Headers(headers) => headers.values().collect(),
        Scheme::Static(token) => vec![token],
    };
    found.extend(identity.users.iter().flat_map(|user| [&user.username, &user.password]));
    found
}

fn distinct<'a>(urls: impl Iterator<Item = &'a str>) -> Result<Vec<Origin>, NoOrigin> {
    let mut origins = Vec::new();
    for url in urls {
        let origin = Origin::parse(url)
            .filter(|origin| matches!(origin.scheme(), "http" | "https"))
            .ok_or_else(|| NoOrigin(url.to_owned()))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}
