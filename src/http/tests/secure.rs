use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::*;

use crate::http::{TlsOptions, Verification};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    named_authority("authority of the target")
}

fn named_authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).expect("no names are fine");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().expect("keys can be made");
    let pem = params.self_signed(&key).expect("it can be signed").pem();
    Authority { pem, issuer: Issuer::new(params, key) }
}

enum Age {
    Valid,
    Expired,
}

fn acceptor(authority: &Authority, name: &str, age: &Age) -> TlsAcceptor {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("the name is fine");
    if let Age::Expired = age {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    }
    let key = KeyPair::generate().expect("keys can be made");
    let certificate = params.signed_by(&key, &authority.issuer).expect("it can be signed");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("key and certificate belong together");
    TlsAcceptor::from(Arc::new(config))
}

async fn over_tls(acceptor: TlsAcceptor, tls: TlsOptions) -> WireOutcome {
    let server = ByteServer::start_tls(acceptor, |_| Reply::json("{}")).await;
    let network = Network::new(&NetworkOptions { tls, ..NetworkOptions::default() }).expect("the options are fine");
    network.send(LaneId(1), request("GET", &format!("https://localhost:{}/", server.port()), soon())).await
}

fn trusting(authority: &Authority) -> TlsOptions {
    TlsOptions { ca: Some(authority.pem.clone().into_bytes()), ..TlsOptions::default() }
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_is_accepted() {
    let authority = authority();
    let outcome = over_tls(acceptor(&authority, "localhost", &Age::Valid), trusting(&authority)).await;
    assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"{}".as_slice()));
}

#[tokio::test]
async fn an_unknown_authority_is_named() {
    let stranger = named_authority("somebody else");
    let outcome = over_tls(acceptor(&stranger, "localhost", &Age::Valid), trusting(&authority())).await;
    let expected = "TLS failed (connecting: the certificate's issuer is not trusted (unknown issuer))";
    assert_eq!(fault(&outcome), expected);
}

#[tokio::test]
async fn the_platform_trusts_no_stranger() {
    let outcome = over_tls(acceptor(&authority(), "localhost", &Age::Valid), TlsOptions::default()).await;
    assert_eq!(outcome.fault.map(|fault| fault.kind), Some(crate::event::FaultKind::Tls));
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let authority = authority();
    let outcome = over_tls(acceptor(&authority, "example.test", &Age::Valid), trusting(&authority)).await;
    assert!(fault(&outcome).starts_with("TLS failed (connecting: the certificate is for another host ("));
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = authority();
    let outcome = over_tls(acceptor(&authority, "localhost", &Age::Expired), trusting(&authority)).await;
    assert!(fault(&outcome).starts_with("TLS failed (connecting: the certificate has expired ("));
}

#[tokio::test]
async fn an_insecure_target_takes_any_certificate() {
    let tls = TlsOptions { verification: Verification::Off, ..TlsOptions::default() };
    let outcome = over_tls(acceptor(&authority(), "example.test", &Age::Expired), tls).await;
    assert_eq!(fault(&outcome), "");
}

#[tokio::test]
async fn another_name_can_be_verified() {
    let authority = authority();
    let tls = TlsOptions { server_name: Some("example.test".to_owned()), ..trusting(&authority) };
    let outcome = over_tls(acceptor(&authority, "example.test", &Age::Valid), tls).await;
    assert_eq!(fault(&outcome), "");
}

#[tokio::test]
async fn a_server_without_tls_is_a_fault_of_tls() {
    let server = ByteServer::start(|_| Reply::close("HTTP/1.1 400 Bad Request\r\n\r\n")).await;
    let outcome = get_within(&format!("https://127.0.0.1:{}/", server.port()), 300).await;
    assert!(outcome.fault.is_some());
}
