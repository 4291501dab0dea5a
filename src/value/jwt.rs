use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::{Deserialize, Serialize};

use super::Json;

/// A signed JSON Web Token in compact form (RFC 7519, RFC 7515 section 3.1): read, not believed.
#[derive(Clone, Debug)]
pub struct Jwt<'t> {
    header: Json,
    claims: Json,
    /// What the signature is over.
    signed: &'t str,
    signature: Vec<u8>,
}

/// Why a text is no such token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum JwtFault {
    /// Not three parts joined by dots.
    #[error("it has not three parts joined by dots")]
    Parts,
    /// A part is no base64url without padding.
    #[error("a part of it is not base64url without padding")]
    Base64,
    /// The header is no JSON object.
    #[error("its header is not a JSON object")]
    Header,
    /// The claims are no JSON object.
    #[error("its payload is not a JSON object")]
    Claims,
    /// A name stands twice (RFC 7519 section 4): readers differ in which they take.
    #[error("a name stands twice in its header or its payload")]
    DuplicateName,
    /// The header names no algorithm.
    #[error("its header names no algorithm")]
    NoAlgorithm,
    /// It is one, and cannot be shown for the secrets in it.
    #[error("secrets in it run across several values")]
    Hidden,
}

/// An algorithm of a key pair (RFC 7518 section 3.1, RFC 8037). `none` and shared secrets prove nothing and are not among
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum JwtAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[serde(rename = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[serde(rename = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[serde(rename = "PS512")]
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// How a signature stands to some keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum JwtStanding {
    /// One of the keys made it.
    Verified,
    /// The algorithm is none of those asked for.
    AlgorithmRefused,
    /// Something in the header must be understood and is not (`crit`, RFC 7515 section 4.1.11).
    Critical,
    /// There are no keys to choose from.
    NoKeys,
    /// None of the keys has the `kid` of the header, or fits the algorithm.
    NoKeyFits,
    /// None of the keys that fit made it.
    Forged,
}

impl JwtAlgorithm {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The name in the header of a token.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name; names have case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }

    /// Type and curve of its keys.
    fn key_type(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => ("RSA", None),
            Self::Es256 => ("EC", Some("P-256")),
            Self::Es384 => ("EC", Some("P-384")),
            Self::EdDsa => ("OKP", Some("Ed25519")),
        }
    }

    /// Whether this key made this signature.
    fn verifies(self, key: &Json, signed: &[u8], signature: &[u8]) -> bool {
        let member =
            |name: &str| key.get(name).and_then(Json::as_str).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let rsa = |parameters: &'static RsaParameters| {
            let (Some(n), Some(e)) = (member("n"), member("e")) else { return false };
            let components = RsaPublicKeyComponents { n: without_zeros(&n), e: without_zeros(&e) };
            components.verify(parameters, signed, signature).is_ok()
        };
        let point = |algorithm: &'static dyn VerificationAlgorithm, size: usize| {
            let (Some(x), Some(y)) = (member("x"), member("y")) else { return false };
            // SEC 1 section 2.3.3: 4, then both coordinates at full length (RFC 7518 section 6.2.1.2).
            x.len() == size
                && y.len() == size
                && UnparsedPublicKey::new(algorithm, [&[4], &*x, &*y].concat()).verify(signed, signature).is_ok()
        };
        match self {
            Self::Rs256 => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => rsa(&signature::RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => rsa(&signature::RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => rsa(&signature::RSA_PSS_2048_8192_SHA512),
            Self::Es256 => point(&signature::ECDSA_P256_SHA256_FIXED, 32),
            Self::Es384 => point(&signature::ECDSA_P384_SHA384_FIXED, 48),
            Self::EdDsa => member("x")
                .is_some_and(|x| UnparsedPublicKey::new(&signature::ED25519, x).verify(signed, signature).is_ok()),
        }
    }
}

impl fmt::Display for JwtAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<'t> Jwt<'t> {
    /// Reads a token. Nothing is known of its signature then.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(text: &'t str) -> Result<Self, JwtFault> {
        let (signed, signature) = text.rsplit_once('.').ok_or(JwtFault::Parts)?;
        let (header, claims) =
            signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(JwtFault::Parts)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtFault::Base64);
        let object = |part: &str, fault: JwtFault| -> Result<Json, JwtFault> {
            let json = Json::parse(&bytes(part)?).map_err(|_| fault)?;
            if json.as_object().is_none() {
                return Err(fault);
            }
            if json.first_duplicate_key().is_some() { Err(JwtFault::DuplicateName) } else { Ok(json) }
        };
        let header = object(header, JwtFault::Header)?;
        let claims = object(claims, JwtFault::Claims)?;
        if header.get("alg").and_then(Json::as_str).is_none() {
            return Err(JwtFault::NoAlgorithm);
        }
        Ok(Self { header, claims, signed, signature: bytes(signature)? })
    }

    /// The header, an object.
    #[must_use]
    pub fn header(&self) -> &Json {
        &self.header
    }

    /// The claims, an object.
    #[must_use]
    pub fn claims(&self) -> &Json {
        &self.claims
    }

    /// Whether one of `keys` (a JSON Web Key Set, a list of keys or one key) made the signature, by one of `algorithms`.
    ///
    /// A key whose `kid` is that of the header is taken; where no key has it, one without any, and where the header has
    /// none, any key of the right kind.
    #[must_use]
    pub fn verify(&self, keys: &Json, algorithms: &[JwtAlgorithm]) -> JwtStanding {
        let named = self.header.get("alg").and_then(Json::as_str).and_then(JwtAlgorithm::named);
        let Some(algorithm) = named.filter(|algorithm| algorithms.contains(algorithm)) else {
            return JwtStanding::AlgorithmRefused;
        };
        if self.header.get("crit").is_some() {
            return JwtStanding::Critical;
        }
        let list = keys.get("keys").unwrap_or(keys);
        let all: Vec<&Json> = match list {
            Json::Array(items) => items.iter().collect(),
            Json::Object(_) => vec![list],
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Vec::new(),
        };
        if all.is_empty() {
            return JwtStanding::NoKeys;
        }
        let fitting: Vec<&Json> = all.into_iter().filter(|key| fits(key, algorithm)).collect();
        let chosen: Vec<&Json> = match self.header.get("kid") {
            None => fitting,
            Some(kid) => {
                let of_kid: Vec<&Json> = fitting.iter().copied().filter(|key| key.get("kid") == Some(kid)).collect();
                let without_kid = || fitting.iter().copied().filter(|key| key.get("kid").is_none()).collect();
                if of_kid.is_empty() { without_kid() } else { of_kid }
            }
        };
        if chosen.is_empty() {
            JwtStanding::NoKeyFits
        } else if chosen.iter().any(|key| algorithm.verifies(key, self.signed.as_bytes(), &self.signature)) {
            JwtStanding::Verified
        } else {
            JwtStanding::Forged
        }
    }
}

/// Whether a key is of the kind that the algorithm needs, and may be used to verify (RFC 7517 section 4).
fn fits(key: &Json, algorithm: JwtAlgorithm) -> bool {
    let text = |name: &str| key.get(name).and_then(Json::as_str);
    let (key_type, curve) = algorithm.key_type();
    let operations = key.get("key_ops").and_then(Json::as_array);
    text("kty") == Some(key_type)
        && curve.is_none_or(|curve| text("crv") == Some(curve))
        && text("alg").is_none_or(|name| name == algorithm.as_str())
        && text("use").is_none_or(|purpose| purpose == "sig")
        && operations.is_none_or(|operations| operations.iter().any(|operation| operation.as_str() == Some("verify")))
}

/// A number without the zeros that some issuers write before it.
fn without_zeros(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> Json {
        Json::parse(include_bytes!("fixtures/jwt.json")).expect("our own JSON")
    }

    fn token(name: &str) -> String {
        let fixture = fixture();
        let token = fixture.get("tokens").and_then(|tokens| tokens.get(name)).and_then(Json::as_str);
        token.unwrap_or_else(|| panic!("no token {name}")).to_owned()
    }

    fn standing(name: &str, algorithms: &[JwtAlgorithm]) -> JwtStanding {
        Jwt::read(&token(name)).expect(name).verify(fixture().get("jwks").expect("there"), algorithms)
    }

    #[test]
    fn a_signature_holds_under_the_key_that_made_it_only() {
        for name in ["RS256", "PS256", "ES256", "EdDSA", "no-kid"] {
            assert_eq!(standing(name, &JwtAlgorithm::ALL), JwtStanding::Verified, "{name}");
        }
        for (name, expected) in [
            ("forged", JwtStanding::Forged),
            ("wrong-kid", JwtStanding::Forged),
            ("strange-kid", JwtStanding::NoKeyFits),
            ("crit", JwtStanding::Critical),
            ("none", JwtStanding::AlgorithmRefused),
        ] {
            assert_eq!(standing(name, &JwtAlgorithm::ALL), expected, "{name}");
        }
        assert_eq!(standing("RS256", &[JwtAlgorithm::Es256]), JwtStanding::AlgorithmRefused);
        let jwt = token("RS256");
        let jwt = Jwt::read(&jwt).expect("a token");
        for keys in ["null", "{\"keys\":[]}", "[]"] {
            let keys = Json::parse(keys.as_bytes()).expect("JSON");
            assert_eq!(jwt.verify(&keys, &JwtAlgorithm::ALL), JwtStanding::NoKeys);
        }
        let broken = Json::parse(br#"[{"kty":"RSA","n":"AA","e":"AQAB"},{"kty":"RSA","kid":"rsa"},7]"#).expect("JSON");
        assert_eq!(jwt.verify(&broken, &JwtAlgorithm::ALL), JwtStanding::Forged);
    }

    #[test]
    fn what_is_no_token_says_why() {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let (header, claims) = (part(r#"{"alg":"RS256"}"#), part("{}"));
        for (text, fault) in [
            (String::new(), JwtFault::Parts),
            ("a.b".to_owned(), JwtFault::Parts),
            (format!("{header}.{claims}.a.b.c"), JwtFault::Parts),
            (format!("{header}.{claims}.a="), JwtFault::Base64),
            (format!("{header}.é.a"), JwtFault::Base64),
            (format!("{}.{claims}.", part("[1]")), JwtFault::Header),
            (format!("{header}.{}.", part("x")), JwtFault::Claims),
            (format!("{}.{claims}.", part("{}")), JwtFault::NoAlgorithm),
            (token("twice"), JwtFault::DuplicateName),
        ] {
            assert_eq!(Jwt::read(&text).map(|_| ()), Err(fault), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[a-zA-Z0-9_.=-]{0,60}") {
            let _ = Jwt::read(&text);
        }
    }
}
