use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::options::{BadNetworkOptions, TlsOptions, Verification, Versions};

/// The TLS configuration of a target, built once and shared by every connection.
///
/// With authorities of its own it is built at once, so that a bad file is reported before anything is sent. The
/// platform's trust store takes milliseconds to read, so it is read when the first connection needs it.
pub(super) struct Tls {
    ready: OnceLock<Result<ClientConfig, String>>,
    identity: Option<Identity>,
    /// The name to verify, and to ask for, instead of the host's.
    pub(super) server_name: Option<ServerName<'static>>,
}

struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Tls {
    pub(super) fn new(options: &TlsOptions) -> Result<Self, BadNetworkOptions> {
        let identity = match (&options.client_cert, &options.client_key) {
            (None, None) => None,
            (Some(chain), Some(key)) => {
                Some(Identity { chain: certificates("client_cert", chain)?, key: read_key(key)? })
            }
            (Some(_), None) | (None, Some(_)) => return Err(BadNetworkOptions::HalfIdentity),
        };
        let server_name = options
            .server_name
            .as_ref()
            .map(|name| ServerName::try_from(name.clone()).map_err(|_| BadNetworkOptions::ServerName(name.clone())))
            .transpose()?;
        let tls = Self { ready: OnceLock::new(), identity, server_name };
        let provider = Arc::new(ring::default_provider());
        let verifier: Option<Arc<dyn ServerCertVerifier>> = match (options.verification, &options.ca) {
            (Verification::Off, _) => Some(Arc::new(TrustAnyone(Arc::clone(&provider)))),
            (Verification::Full, Some(pem)) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates("ca", pem)? {
                    roots.add(certificate)?;
                }
                let verifier =
                    rustls::client::WebPkiServerVerifier::builder_with_provider(roots.into(), Arc::clone(&provider))
                        .build()
                        .map_err(|error| BadNetworkOptions::Pem { what: "ca", why: error.to_string() })?;
                Some(verifier)
            }
            (Verification::Full, None) => None,
        };
        if let Some(verifier) = verifier {
            let config = tls.build(provider, verifier)?;
            let _ = tls.ready.set(Ok(config));
        }
        Ok(tls)
    }

    /// The configuration for speaking `versions`; the error is for a person.
    pub(super) fn config(&self, versions: Versions) -> Result<ClientConfig, String> {
        let mut config = self
            .ready
            .get_or_init(|| {
                let provider = Arc::new(ring::default_provider());
                let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))
                    .map_err(|error| format!("the platform's trust store cannot be used: {error}"))?;
                self.build(provider, Arc::new(verifier)).map_err(|error| error.to_string())
            })
            .clone()?;
        config.alpn_protocols = match versions {
            Versions::One => vec![b"http/1.1".to_vec()],
            Versions::Two => vec![b"h2".to_vec()],
            Versions::Any => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        };
        Ok(config)
    }

    fn build(
        &self,
        provider: Arc<CryptoProvider>,
        verifier: Arc<dyn ServerCertVerifier>,
    ) -> Result<ClientConfig, rustls::Error> {
        // reqwest takes the name from the URL, so the other name has to be put in where it is verified.
        let verifier = match &self.server_name {
            Some(name) => Arc::new(Renamed { name: name.clone(), verifier }),
            None => verifier,
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        match &self.identity {
            None => Ok(builder.with_no_client_auth()),
            Some(Identity { chain, key }) => builder.with_client_auth_cert(chain.clone(), key.clone_key()),
        }
    }
}

fn certificates(what: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, BadNetworkOptions> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| BadNetworkOptions::Pem { what, why: error.to_string() })?;
    if found.is_empty() {
        return Err(BadNetworkOptions::Pem { what, why: "it holds no certificate".to_owned() });
    }
    Ok(found)
}

fn read_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, BadNetworkOptions> {
    PrivateKeyDer::from_pem_slice(pem)
        .map_err(|error| BadNetworkOptions::Pem { what: "client_key", why: error.to_string() })
}

/// Takes any certificate; the signature of the handshake is still checked.
#[derive(Debug)]
struct TrustAnyone(Arc<CryptoProvider>);

impl ServerCertVerifier for TrustAnyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Verifies certificates for one name, whichever host was dialed.
#[derive(Debug)]
struct Renamed {
    name: ServerName<'static>,
    verifier: Arc<dyn ServerCertVerifier>,
}

impl ServerCertVerifier for Renamed {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.verifier.verify_server_cert(certificate, chain, &self.name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
