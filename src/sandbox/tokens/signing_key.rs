use std::sync::{Arc, OnceLock};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPrivateKey};
use rustls::SignatureScheme;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

/// The length of the key, in bits: the least that RS256 allows (RFC 7518 §3.3).
const KEY_BITS: usize = 2048;

/// There is no key, or it does not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The sandbox could not make its signing key")]
pub(crate) struct NoSigningKey;

/// The RSA key that signs the JSON web tokens of every tenant of this process.
///
/// It is made by the `rsa` crate from the machine's random source, since ring makes no RSA keys, and signs by ring: so
/// the advisory about the timing of `rsa` (RUSTSEC-2023-0071) does not apply to what others can observe. It lives in
/// memory only and vouches for throw-away tokens of a simulation.
pub(crate) struct SigningKey {
    id: String,
    modulus: String,
    exponent: String,
    ring: Arc<dyn rustls::sign::SigningKey>,
}

type Making = watch::Receiver<Option<Result<Arc<SigningKey>, NoSigningKey>>>;

impl SigningKey {
    /// The key of this process. Whoever asks first has it made, on a thread of its own; everyone waits until it is there.
    ///
    /// # Errors
    /// [`NoSigningKey`] when it could not be made.
    pub(crate) async fn of_process() -> Result<Arc<Self>, NoSigningKey> {
        static MAKING: OnceLock<Making> = OnceLock::new();
        let mut making = MAKING.get_or_init(Self::start_making).clone();
        // An error means that the thread has ended without a key.
        let made = making.wait_for(Option::is_some).await.map_err(|_| NoSigningKey)?;
        made.clone().unwrap_or(Err(NoSigningKey))
    }

    fn start_making() -> Making {
        let (sender, receiver) = watch::channel(None);
        // Where no thread can be started, the sender is dropped, which those who wait notice.
        let _ = thread::Builder::new().name("sandbox-key".to_owned()).spawn(move || {
            sender.send_replace(Some(Self::make().map(Arc::new)));
        });
        receiver
    }

    fn make() -> Result<Self, NoSigningKey> {
        let key = RsaPrivateKey::new(&mut OsRng, KEY_BITS).map_err(|_| NoSigningKey)?;
        let der = key.to_pkcs1_der().map_err(|_| NoSigningKey)?;
        let der = PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der.as_bytes().to_vec()));
        let ring = rustls::crypto::ring::sign::any_supported_type(&der).map_err(|_| NoSigningKey)?;
        let number = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let (modulus, exponent) = (number(key.n()), number(key.e()));
        // The thumbprint of RFC 7638: whoever has the same key calls it the same.
        let thumbprint = Sha256::digest(format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#));
        Ok(Self { id: URL_SAFE_NO_PAD.encode(thumbprint), modulus, exponent, ring })
    }

    /// The public half as a JSON web key set (RFC 7517 §5).
    pub(crate) fn public_set(&self) -> Value {
        json!({
            "keys": [{
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": self.id,
                "n": self.modulus,
                "e": self.exponent,
            }],
        })
    }

    /// A JSON web token of `claims`, signed by RS256 (RFC 7515 §3.1).
    ///
    /// # Errors
    /// [`NoSigningKey`] when ring does not sign.
    pub(crate) fn token(&self, claims: &Value) -> Result<String, NoSigningKey> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({ "alg": "RS256", "kid": self.id, "typ": "JWT" });
        let message = format!("{}.{}", part(&header), part(claims));
        let signer = self.ring.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).ok_or(NoSigningKey)?;
        let signature = signer.sign(message.as_bytes()).map_err(|_| NoSigningKey)?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everyone_gets_the_same_key_and_it_signs() {
        let (one, other) = tokio::join!(SigningKey::of_process(), SigningKey::of_process());
        let (one, other) = (one.ok().unwrap(), other.ok().unwrap());
        assert!(Arc::ptr_eq(&one, &other));
        let token = one.token(&json!({ "sub": "someone" })).unwrap();
        assert_eq!(token.split('.').count(), 3);
        assert_eq!(one.public_set()["keys"][0]["e"], "AQAB");
    }
}
