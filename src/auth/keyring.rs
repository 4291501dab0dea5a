use std::collections::BTreeMap;
use std::sync::Arc;

use crate::suite::{Credential, SecretRef, SecretSource};
use crate::value::{Masker, OperatorSecret, Origin, Secret, SecretName, SecretRefused, Vault};

/// A secret of the operator and the only places it is sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundSecret {
    /// Which.
    pub secret: SecretRef,
    /// Where it may go.
    pub origins: Vec<Origin>,
}

/// The operator's secrets, read once for a run.
#[derive(Debug, Default)]
pub struct Keyring {
    keys: BTreeMap<SecretRef, Key>,
    masker: Arc<Masker>,
}

#[derive(Debug)]
enum Key {
    Hidden(Secret),
    /// Too short, or too common, to be hidden, and openly written in the target file.
    Open(String),
}

/// Why the operator's secrets cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError<E> {
    /// Where it is kept, it is not.
    #[error("the secret `{}` cannot be read", secret.name)]
    Unreadable {
        /// Which.
        secret: SecretRef,
        /// Why.
        source: E,
    },
    /// It would be masked in ordinary texts.
    #[error("the secret `{}` cannot be kept: {why}", secret.name)]
    Refused {
        /// Which.
        secret: SecretRef,
        /// Why.
        why: SecretRefused,
    },
    /// A secret is a part of a secret's name.
    #[error("a secret stands in the name of its identity: {0}")]
    Masker(SecretRefused),
}

/// A secret was asked for that the keyring was not built with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret `{0}` is not among those that were read")]
pub struct UnknownSecret(pub String);

impl Keyring {
    /// Reads all secrets, `resolve` telling the value of each.
    ///
    /// # Errors
    /// When one cannot be read, or not be kept: it is shorter than six bytes, or a common word. One that is written
    /// openly in the target file may be both; it is then sent, and shown, as it is.
    pub fn build<E>(
        secrets: impl IntoIterator<Item = BoundSecret>,
        mut resolve: impl FnMut(&SecretRef) -> Result<String, E>,
    ) -> Result<Self, KeyringError<E>> {
        let mut keys = BTreeMap::new();
        let mut operator = Vec::new();
        for BoundSecret { secret, origins } in secrets {
            let value = match resolve(&secret) {
                Ok(value) => value,
                Err(source) => return Err(KeyringError::Unreadable { secret, source }),
            };
            let key = match Secret::new(value.as_str()) {
                Ok(hidden) => {
                    let name = SecretName::lossy(&secret.name);
                    operator.push(OperatorSecret { secret: hidden.clone(), name, origins });
                    Key::Hidden(hidden)
                }
                Err(_) if matches!(secret.source, SecretSource::Plain(_)) => Key::Open(value),
                Err(why) => return Err(KeyringError::Refused { secret, why }),
            };
            keys.insert(secret, key);
        }
        let masker = Masker::build(operator).map_err(KeyringError::Masker)?;
        Ok(Self { keys, masker: Arc::new(masker) })
    }

    /// What masks these secrets, for the vaults of all cases.
    #[must_use]
    pub fn masker(&self) -> &Arc<Masker> {
        &self.masker
    }

    /// The text of a credential within a case: a handle of its vault where it is secret.
    ///
    /// # Errors
    /// When the keyring was built without it.
    pub fn text(&self, credential: &Credential, vault: &Vault) -> Result<String, UnknownSecret> {
        let secret = match credential {
            Credential::Open(text) => return Ok(text.clone()),
            Credential::Secret(secret) => secret,
        };
        let unknown = || UnknownSecret(secret.name.clone());
        match self.keys.get(secret).ok_or_else(unknown)? {
            Key::Open(text) => Ok(text.clone()),
            Key::Hidden(value) => {
                let name = SecretName::lossy(&secret.name);
                let handle = vault.learn(&name, value.expose(), &[]).map_err(|_| unknown())?;
                Ok(handle.to_string())
            }
        }
    }
}
