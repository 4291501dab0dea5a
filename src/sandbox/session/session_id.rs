use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use sha2::{Digest as _, Sha256};

use super::ClientNumber;
use crate::sandbox::tenant::{AgentId, Entropy};

/// Counts the sessions of a tenant. It is also what `AgentSessionStart` calls `SessionId`, which is not the id that the
/// API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SessionNumber(pub(crate) u32);

/// What the opaque id of a session means: which client of which session it belongs to, and what that client has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionId {
    /// Whose session it is.
    pub(crate) agent: AgentId,
    /// Which session.
    pub(crate) session: SessionNumber,
    /// Which of the clients that joined it.
    pub(crate) client: ClientNumber,
    /// Counts the ids of that client, so that no two are the same.
    pub(crate) serial: u32,
    /// How many events of the session that client has been given: the "timestamp" of FAQ Q17, the "event sequence
    /// number" of the NICE reference.
    pub(crate) position: u32,
}

const PAYLOAD: usize = 20;
const SEAL: usize = 8;

/// Turns ids into text and back. Only text that it made itself is an id.
#[derive(Clone)]
pub(crate) struct SessionIds {
    key: [u8; 32],
}

impl SessionIds {
    /// A tenant's own; no other tenant knows its ids.
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self { key: entropy.stream("session-ids").block() }
    }

    /// The text of an id. It ends with `=`, as the platform's do, but holds no character that a path cannot take as it is.
    pub(crate) fn write(&self, id: SessionId) -> String {
        let words = [id.agent.0, id.session.0, id.client.0, id.serial, id.position];
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

    /// What a text means; `None` when this tenant never issued it.
    pub(crate) fn read(&self, text: &str) -> Option<SessionId> {
        let mut bytes: [u8; PAYLOAD + SEAL] = URL_SAFE.decode(text).ok()?.try_into().ok()?;
        let blur = Sha256::new().chain_update(self.key).chain_update(&bytes[PAYLOAD..]).finalize();
        for (byte, blur) in bytes[..PAYLOAD].iter_mut().zip(blur) {
            *byte ^= blur;
        }
        if bytes[PAYLOAD..] != self.seal(&bytes[..PAYLOAD]) {
            return None;
        }
        let mut words = bytes.chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
        Some(SessionId {
            agent: AgentId(words.next()?),
            session: SessionNumber(words.next()?),
            client: ClientNumber(words.next()?),
            serial: words.next()?,
            position: words.next()?,
        })
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

    const ID: SessionId =
        SessionId { agent: AgentId(1), session: SessionNumber(2), client: ClientNumber(3), serial: 4, position: 5 };

    #[test]
    fn an_id_is_read_back_by_its_own_tenant_only() {
        let ids = SessionIds::new(&Entropy::from_seed(1));
        let text = ids.write(ID);
        assert_eq!(ids.read(&text), Some(ID));
        assert_eq!(SessionIds::new(&Entropy::from_seed(2)).read(&text), None);
    }

    #[test]
    fn ids_can_stand_in_a_path_and_end_with_an_equals_sign() {
        let ids = SessionIds::new(&Entropy::from_seed(1));
        for serial in 0..500 {
            let text = ids.write(SessionId { serial, ..ID });
            assert!(text.ends_with('='), "{text}");
            assert!(!text.contains(['/', '?', '#', '%', '+', ' ', '&']), "{text}");
        }
    }

    #[test]
    fn a_changed_id_was_never_issued() {
        let ids = SessionIds::new(&Entropy::from_seed(1));
        let text = ids.write(ID);
        for at in 0..text.len() - 3 {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(ids.read(&String::from_utf8(other).unwrap()), None);
        }
        assert_eq!(ids.read(""), None);
        assert_eq!(ids.read("bm9uZXhpc3RlbnQ="), None);
    }
}
