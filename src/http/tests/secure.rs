use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use super::*;

use crate::http::{TlsOptions, Verification, connect};

pub(super) struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

pub(super) fn authority() -> Authority {
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

pub(super) enum Age {
    Valid,
    Expired,
}

pub(super) fn acceptor(authority: &Authority, name: &str, age: &Age) -> TlsAcceptor {
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

/// An acceptor that agrees on HTTP/2.
pub(super) fn acceptor_of_two(authority: &Authority) -> TlsAcceptor {
    let acceptor = acceptor(authority, "localhost", &Age::Valid);
    let mut config = ServerConfig::clone(acceptor.config());
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// What `Network` and `Client` make of it, which has to be the same.
async fn over_tls(acceptor: TlsAcceptor, tls: TlsOptions) -> WireOutcome {
    let server = ByteServer::start_tls(acceptor, |_| Reply::json("{}")).await;
    let options = NetworkOptions { tls, ..NetworkOptions::default() };
    let network = Network::new(&options).expect("the options are fine");
    let client = Client::new(&options).expect("the options are fine");
    let ask = || request("GET", &format!("https://localhost:{}/", server.port()), soon());
    let outcome = network.send(LaneId(1), ask()).await;
    let other = client.send(LaneId(1), ask()).await;
    assert_eq!((fault(&outcome), body(&outcome)), (fault(&other), body(&other)));
    outcome
}

pub(super) fn trusting(authority: &Authority) -> TlsOptions {
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
    assert_eq!(outcome.fault.map(|fault| fault.kind), Some(FaultKind::Tls));
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
async fn the_server_is_asked_for_the_other_name() {
    let authority = authority();
    let tls = TlsOptions { server_name: Some("example.test".to_owned()), ..trusting(&authority) };
    let wires = connect(&NetworkOptions { tls, ..NetworkOptions::default() }).expect("the options are fine");
    let acceptor = acceptor(&authority, "example.test", &Age::Valid);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
    let url = format!("https://localhost:{}/", listener.local_addr().expect("it is bound").port());
    let (_, asked) = tokio::join!(wires.send(LaneId(1), request("GET", &url, soon())), async {
        let (stream, _) = listener.accept().await.expect("a connection comes");
        let stream = acceptor.accept(stream).await.expect("the test trusts it");
        stream.get_ref().1.server_name().map(str::to_owned)
    });
    assert_eq!(asked.as_deref(), Some("example.test"));
}

#[tokio::test]
async fn a_server_without_tls_is_a_fault_of_tls() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
    let port = listener.local_addr().expect("it is bound").port();
    for said in [b"".as_slice(), b"SSH-2.0-OpenSSH_9.9\r\n"] {
        for transport in [&network() as &dyn Transport, &client()] {
            let url = format!("https://127.0.0.1:{port}/");
            let (outcome, ()) = tokio::join!(transport.send(LaneId(1), request("GET", &url, soon())), async {
                let (mut stream, _) = listener.accept().await.expect("a connection comes");
                let mut greeting = [0; 512];
                let _ = stream.read(&mut greeting).await;
                let _ = stream.write_all(said).await;
                let _ = stream.shutdown().await;
            });
            assert_eq!(place(&outcome), Some((FaultKind::Tls, Phase::Connect)), "{}", fault(&outcome));
            if said.is_empty() {
                let expected = "TLS failed (connecting: the connection was closed during the handshake)";
                assert_eq!(fault(&outcome), expected);
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_never_greets_is_still_being_connected_to() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
    let url = format!("https://{}/", listener.local_addr().expect("it is bound"));
    for outcome in both_late_in(Phase::Connect, |limits| request("GET", &url, limits)).await {
        assert_eq!(place(&outcome), Some((FaultKind::Deadline, Phase::Connect)), "{}", fault(&outcome));
    }
    let mut hurried = soon();
    hurried.connect_timeout = Duration::from_millis(150);
    for outcome in both(|| request("GET", &url, hurried)).await {
        assert_eq!(fault(&outcome), "unreachable (connecting: no connection within 150ms)");
    }
}

#[tokio::test]
async fn junk_over_tls_is_no_http() {
    let authority = authority();
    let server =
        ByteServer::start_tls(acceptor(&authority, "localhost", &Age::Valid), |_| Reply::close("junk\r\n")).await;
    let options = NetworkOptions { tls: trusting(&authority), ..NetworkOptions::default() };
    let client = Client::new(&options).expect("the options are fine");
    let outcome =
        client.send(LaneId(1), request("GET", &format!("https://localhost:{}/", server.port()), soon())).await;
    assert_eq!(place(&outcome), Some((FaultKind::Protocol, Phase::Headers)), "{}", fault(&outcome));
}
