use std::collections::HashMap;
use std::ops::Range;

use super::index::FormIndex;
use super::{Origin, Secret, SecretName, SecretRefused};

/// A secret that the operator gave.
#[derive(Clone, Debug)]
pub struct OperatorSecret {
    /// The value.
    pub secret: Secret,
    /// What its handles are called.
    pub name: SecretName,
    /// The only places it is sent to.
    pub origins: Vec<Origin>,
}

/// The operator's secrets, and what they look like in every encoding. Built once for a run.
#[derive(Debug, Default)]
pub struct Masker {
    secrets: Vec<OperatorSecret>,
    by_value: HashMap<Secret, usize>,
    index: FormIndex,
}

impl Masker {
    /// A masker for these; a value that stands twice keeps its first name and may be sent to the origins of both.
    ///
    /// # Errors
    /// When a secret is a part of its own name: handles would give it away.
    pub fn build(secrets: Vec<OperatorSecret>) -> Result<Self, SecretRefused> {
        let mut masker = Self::default();
        for secret in secrets {
            if secret.name.as_str().contains(secret.secret.expose()) {
                return Err(SecretRefused::CommonWord);
            }
            if let Some(known) = masker.by_value.get(&secret.secret) {
                masker.secrets[*known].origins.extend(secret.origins);
            } else {
                masker.by_value.insert(secret.secret.clone(), masker.secrets.len());
                masker.secrets.push(secret);
            }
        }
        masker.index =
            FormIndex::build(masker.secrets.iter().enumerate().map(|(at, secret)| (at, secret.secret.expose())));
        Ok(masker)
    }

    /// A masker that knows nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Where secrets stand in these bytes, in any form: to prove that a sink holds none.
    #[must_use]
    pub fn scan(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(hit) = self.index.find(bytes, at) {
            at = hit.range.end;
            found.push(hit.range);
        }
        found
    }

    pub(super) fn index(&self) -> &FormIndex {
        &self.index
    }

    pub(super) fn secret(&self, at: usize) -> Option<&OperatorSecret> {
        self.secrets.get(at)
    }

    pub(super) fn position(&self, value: &Secret) -> Option<usize> {
        self.by_value.get(value).copied()
    }
}
