use crate::clock::Rng;

/// What everything random of a tenant derives from: its tokens, its ids, and credentials that are made for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Entropy(String);

impl Entropy {
    /// Chance that can be repeated, for tenants that nobody else can reach.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(format!("seed-{seed}"))
    }

    /// Chance that nobody can guess, when `bytes` are from the machine's random source.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        use std::fmt::Write as _;
        Self(bytes.iter().fold(String::from("bytes-"), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// Bytes of the machine's random source; `None` when it fails.
    #[must_use]
    pub fn of_machine() -> Option<Self> {
        let mut bytes = [0; 32];
        rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).ok()?;
        Some(Self::from_bytes(&bytes))
    }

    /// The stream of chance for one use.
    pub(crate) fn stream(&self, purpose: &str) -> Rng {
        Rng::derive(0, &[&self.0, purpose])
    }

    /// Other chance, derived from this, for one of several parts.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        Self(self.stream(&format!("part-{name}")).hex(32))
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy(***)")
    }
}
