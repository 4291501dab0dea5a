use sha2::{Digest, Sha256};

/// Chance that can be repeated: a stream derived from a seed and a list of names.
///
/// Two streams with different names share nothing, so the order in which cases run changes no value.
#[derive(Clone, Debug)]
pub struct Rng {
    key: [u8; 32],
    counter: u64,
}

impl Rng {
    /// The stream that belongs to `seed` and `names`.
    #[must_use]
    pub fn derive(seed: u64, names: &[&str]) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        for name in names {
            hash.update((name.len() as u64).to_be_bytes());
            hash.update(name.as_bytes());
        }
        Self { key: hash.finalize().into(), counter: 0 }
    }

    /// The next 32 bytes.
    pub fn block(&mut self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(self.counter.to_be_bytes());
        self.counter += 1;
        hash.finalize().into()
    }

    /// The next number of 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let block = self.block();
        let mut word = [0; 8];
        word.copy_from_slice(&block[..8]);
        u64::from_be_bytes(word)
    }

    /// A number in `0..bound`; zero when `bound` is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next_u64() % bound }
    }

    /// Twelve hexadecimal digits.
    pub fn nonce(&mut self) -> String {
        hex(&self.block()[..6])
    }

    /// `bytes` random bytes as lower-case hexadecimal digits; at most 32 bytes.
    pub fn hex(&mut self, bytes: usize) -> String {
        hex(&self.block()[..bytes.min(32)])
    }

    /// A version 4 UUID (RFC 9562 §5.4).
    pub fn uuid(&mut self) -> String {
        let mut block = self.block();
        block[6] = (block[6] & 0x0f) | 0x40;
        block[8] = (block[8] & 0x3f) | 0x80;
        let digits = hex(&block[..16]);
        format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_other_names_differ() {
        assert_ne!(Rng::derive(1, &["a", "b"]).nonce(), Rng::derive(1, &["ab"]).nonce());
    }

    #[test]
    fn a_uuid_has_the_form_of_version_four() {
        let uuid = Rng::derive(1, &["x"]).uuid();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
    }
}
