use crate::suite::{Credential, OAuth2, User};

use super::Signer;
use super::sign_in::{Means, SignInReason, Subject};

/// Who signs in, within the case of the door.
///
/// # Errors
/// When the identity has no such user, or a secret was not read.
pub fn signer(oauth2: &OAuth2, subject: &Subject<'_>, means: &Means<'_>) -> Result<Signer, SignInReason> {
    let text = |credential: &Credential| means.keyring.text(credential, means.door.vault());
    let user = user(subject)?;
    Ok(Signer {
        client_id: oauth2.client_id.as_ref().map(text).transpose()?,
        client_secret: oauth2.client_secret.as_ref().map(text).transpose()?,
        username: user.map(|user| text(&user.username)).transpose()?,
        password: user.map(|user| text(&user.password)).transpose()?,
        refresh_token: oauth2.refresh_token.as_ref().map(text).transpose()?,
    })
}

/// The user of a device.
pub(super) fn user<'a>(subject: &Subject<'a>) -> Result<Option<&'a User>, SignInReason> {
    subject.user.map(|at| subject.identity.users.get(at).ok_or(SignInReason::NoUser(at))).transpose()
}
