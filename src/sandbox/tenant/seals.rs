use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use sha2::{Digest as _, Sha256};

use super::Entropy;

const WORDS: usize = 5;
const PAYLOAD: usize = 4 * WORDS;
const SEAL: usize = 8;

/// Turns numbers into opaque text and back. Only text that it made itself is read.
#[derive(Clone)]
pub(crate) struct Seals {
    key: [u8; 32],
}

impl Seals {
    /// A tenant's own, for one purpose; no other tenant, and no other purpose, knows its texts.
    pub(crate) fn new(entropy: &Entropy, purpose: &str) -> Self {
        Self { key: entropy.stream(purpose).block() }
    }

    /// The text of some numbers. It ends with `=`, as the platform's ids do, but holds no character that a path cannot
    /// take as it is.
    pub(crate) fn write(&self, words: [u32; WORDS]) -> String {
        let mut bytes = [0; PAYLOAD + SEAL];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        let seal = self.seal(&bytes[..PAYLOAD]);
        bytes[PAYLOAD..].copy_from_slice(&seal);
        // The seal blurs the payload, so that ids look as opaque as they are.
        let blur = Sha256::new().chain_update(self.key).chain_update(seal).finalize();
        for (byte, blur) in bytes[..PAYLOAD].iter_mut().zip(blur) {
            *byte ^= blur;
        }
        URL_SAFE.encode(bytes)
    }

    /// What a text means; `None` when it was never written here.
    pub(crate) fn read(&self, text: &str) -> Option<[u32; WORDS]> {
        let mut bytes: [u8; PAYLOAD + SEAL] = URL_SAFE.decode(text).ok()?.try_into().ok()?;
        let blur = Sha256::new().chain_update(self.key).chain_update(&bytes[PAYLOAD..]).finalize();
        for (byte, blur) in bytes[..PAYLOAD].iter_mut().zip(blur) {
            *byte ^= blur;
        }
        if bytes[PAYLOAD..] != self.seal(&bytes[..PAYLOAD]) {
            return None;
        }
        let mut words = [0; WORDS];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = u32::from_be_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        }
        Some(words)
    }

    fn seal(&self, payload: &[u8]) -> [u8; SEAL] {
        let hash = Sha256::new().chain_update(b"seal").chain_update(self.key).chain_update(payload).finalize();
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&hash[..SEAL]);
        seal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [u32; 5] = [1, 2, 3, 4, 5];

    fn seals() -> Seals {
        Seals::new(&Entropy::from_seed(1), "ids")
    }

    #[test]
    fn a_text_is_read_back_by_its_own_tenant_and_for_its_own_purpose_only() {
        let text = seals().write(WORDS);
        assert_eq!(seals().read(&text), Some(WORDS));
        assert_eq!(Seals::new(&Entropy::from_seed(2), "ids").read(&text), None);
        assert_eq!(Seals::new(&Entropy::from_seed(1), "others").read(&text), None);
    }

    #[test]
    fn texts_can_stand_in_a_path_and_end_with_an_equals_sign() {
        for serial in 0..500 {
            let text = seals().write([1, 2, 3, serial, 5]);
            assert!(text.ends_with('='), "{text}");
            assert!(!text.contains(['/', '?', '#', '%', '+', ' ', '&']), "{text}");
        }
    }

    #[test]
    fn a_changed_text_was_never_written() {
        let text = seals().write(WORDS);
        for at in 0..text.len() - 3 {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(seals().read(&String::from_utf8(other).unwrap()), None);
        }
        assert_eq!(seals().read(""), None);
        assert_eq!(seals().read("bm9uZXhpc3RlbnQ="), None);
    }
}
