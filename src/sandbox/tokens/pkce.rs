use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The length of an S256 challenge, in characters: 32 bytes as base64url.
const CHALLENGE_LENGTH: usize = 43;

/// Why what a client sends for PKCE is no challenge (RFC 7636 §4.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChallengeRefusal {
    /// `plain`, which no method at all means too, proves nothing to whoever sees the request.
    #[error("code_challenge_method must be S256")]
    NotS256,
    /// It cannot be the digest of anything.
    #[error("code_challenge is not a SHA-256 digest as base64url")]
    Malformed,
}

/// The digest of a secret that a client keeps until it exchanges its code (PKCE, RFC 7636).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge(String);

impl Challenge {
    /// Reads a challenge; `None` when none is sent.
    pub(crate) fn read(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, ChallengeRefusal> {
        let Some(challenge) = challenge else { return Ok(None) };
        if method != Some("S256") {
            return Err(ChallengeRefusal::NotS256);
        }
        let is_digest = challenge.len() == CHALLENGE_LENGTH
            && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if is_digest { Ok(Some(Self(challenge.to_owned()))) } else { Err(ChallengeRefusal::Malformed) }
    }

    /// Whether this is the digest of `verifier`.
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_is_met() {
        let sent = Challenge::read(Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), Some("S256"));
        let challenge = sent.unwrap().unwrap();
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXx"));
    }

    #[test]
    fn plain_challenges_and_no_digests_are_refused() {
        let digest = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(Challenge::read(Some(digest), None), Err(ChallengeRefusal::NotS256));
        assert_eq!(Challenge::read(Some(digest), Some("plain")), Err(ChallengeRefusal::NotS256));
        assert_eq!(Challenge::read(Some("short"), Some("S256")), Err(ChallengeRefusal::Malformed));
        assert_eq!(Challenge::read(None, None), Ok(None));
    }
}
