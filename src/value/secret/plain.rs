use std::fmt;

/// Bytes that a value must have to be kept secret: a shorter one would be found, and masked, everywhere.
pub const MIN_SECRET_LEN: usize = 6;

/// Words that stand in ordinary texts; as secrets they would mask the names of things.
const COMMON_WORDS: [&str; 24] = [
    "access",
    "access_token",
    "apikey",
    "api_key",
    "api-key",
    "authorization",
    "basic ",
    "bearer",
    "bearer ",
    "client",
    "client_id",
    "client_secret",
    "cookie",
    "default",
    "id_token",
    "literal",
    "password",
    "private",
    "refresh",
    "refresh_token",
    "secret",
    "session",
    "username",
    "undefined",
];

/// A value that must not be seen. It prints as `***` and has no other text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Box<str>);

/// Why a value cannot be kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretRefused {
    /// Shorter than [`MIN_SECRET_LEN`].
    #[error("a secret has at least {MIN_SECRET_LEN} bytes")]
    TooShort,
    /// A word that stands in ordinary texts, or in the name of the secret itself.
    #[error("the secret is a common word, or a part of its own name")]
    CommonWord,
}

impl Secret {
    /// Takes a value as a secret.
    ///
    /// # Errors
    /// When masking it would mask ordinary texts.
    pub fn new(value: impl Into<Box<str>>) -> Result<Self, SecretRefused> {
        let value = value.into();
        check(&value)?;
        Ok(Self(value))
    }

    /// The value, for the door alone.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether a value can be kept secret.
pub(super) fn check(value: &str) -> Result<(), SecretRefused> {
    if value.len() < MIN_SECRET_LEN {
        Err(SecretRefused::TooShort)
    } else if COMMON_WORDS.iter().any(|word| word.eq_ignore_ascii_case(value)) {
        Err(SecretRefused::CommonWord)
    } else {
        Ok(())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_common_values_are_refused() {
        assert_eq!(Secret::new("12345"), Err(SecretRefused::TooShort));
        assert_eq!(Secret::new("Password"), Err(SecretRefused::CommonWord));
        assert_eq!(format!("{:?}", Secret::new("not-a-secret")), "Ok(***)");
    }
}
