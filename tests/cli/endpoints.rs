//! Endpoints that do not answer, or not as HTTP wants it: nothing can be judged, and nothing waits for long.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use regex::Regex;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::bench::{Bench, Ran};
use crate::byte_server::ByteServer;
use crate::golden::golden;
use crate::server::{Reply, Server};

const SUITE: &str = "\
scenario: The service says who it is
id: version
steps:
  - request: GET /version
    deadline: 40s
    expect: { status: 200, json: { $.name: orders } }
";

/// What a run may take besides the deadline of the step, where that is to be reached: less than any other time limit.
const SOON: Duration = Duration::from_secs(9);

fn run_against(url: &str) -> Ran {
    run_until("40s", url)
}

fn run_until(deadline: &str, url: &str) -> Ran {
    let suite = SUITE.replace("40s", deadline);
    Bench::new().file("version.yaml", &suite).run(["run", "version.yaml", "--seed", "7", "--base-url", url])
}

/// That a server is given up at the deadline of the step, in this phase. A slow machine may not get that far within half
/// a second: then there is more time.
#[track_caller]
fn assert_given_up(phase: &str, script: fn(&TcpStream)) {
    let why = format!("deadline passed ({phase})");
    for (deadline, seconds) in [("500ms", 1), ("4s", 4), ("30s", 30)] {
        let server = ByteServer::start(script);
        let ran = run_until(deadline, &server.url());
        assert!(ran.took < Duration::from_secs(seconds) + SOON, "{ran}");
        assert!(server.asked() <= 1, "{ran}");
        if reason(&ran) == why || seconds == 30 {
            return assert_unjudged(ran, &why);
        }
    }
}

/// That nothing could be judged, soon, and for this reason.
#[track_caller]
fn assert_inconclusive(ran: Ran, why: &str) {
    assert!(ran.took < SOON, "{ran}");
    assert_unjudged(ran, why);
}

/// That nothing could be judged, for this reason.
#[track_caller]
fn assert_unjudged(ran: Ran, why: &str) {
    let ran = ran.exits(3);
    assert_eq!(reason(&ran), why, "{ran}");
    assert_eq!(ran.verdict(), "0 passed, 0 failed, 1 inconclusive (exit 3 ERROR)");
}

/// Why nothing could be judged, with what differs by the run made the same.
fn reason(ran: &Ran) -> String {
    let line = golden(ran.stdout.lines().find(|line| line.starts_with("inconclusive: ")).unwrap_or_default());
    let line = Regex::new(r", \d+ (of|bytes)").unwrap().replace(&line, ", N $1");
    let line = Regex::new(r": \d+ of ").unwrap().replace(&line, ": N of ");
    let line = Regex::new(r"\b\d{9,}\b").unwrap().replace_all(&line, "N");
    line.strip_prefix("inconclusive: step 1: ").unwrap_or(&line).to_owned()
}

#[test]
fn an_address_where_nobody_listens_is_unreachable() {
    // The port was free a moment ago, and whoever listens there by now does not speak HTTP.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_inconclusive(
        run_against(&format!("http://{address}")),
        "unreachable (connecting: 127.0.0.1:PORT: Connection refused (os error 111))",
    );
}

#[test]
fn a_server_that_says_nothing_is_given_up_at_the_deadline() {
    assert_given_up("waiting for the answer: after N ms, N bytes", wait_for_the_end);
}

#[test]
fn a_head_that_drips_is_given_up_at_the_deadline() {
    assert_given_up("waiting for the answer: after N ms, N bytes", |stream| {
        drip(stream, b"HTTP/1.1 200 OK\r\n", b"x-drip: 1\r\n");
    });
}

#[test]
fn a_body_that_drips_is_given_up_at_the_deadline() {
    assert_given_up("reading the body: after N ms, N of 1000 bytes", |stream| {
        drip(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", b"x");
    });
}

#[test]
fn a_body_without_end_is_given_up_at_the_cap() {
    let server = ByteServer::start(|mut stream| {
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    assert_unjudged(run_against(&server.url()), "answer too large (reading the body: more than 10485760 bytes)");
}

#[test]
fn a_body_that_ends_too_soon_is_no_answer() {
    let server = ByteServer::start(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"name\":\"orders\"}");
    });
    assert_inconclusive(run_against(&server.url()), "answer cut short (reading the body: N of 100 bytes)");
}

#[test]
fn what_is_no_http_is_no_answer() {
    let server = ByteServer::start(|mut stream| {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.9 \x1b[2J\r\n");
    });
    assert_inconclusive(
        run_against(&server.url()),
        "not HTTP as it should be (waiting for the answer: invalid HTTP version parsed; it began with `SSH-2.0-OpenSSH_9.9 \\u{1b}[2J`)",
    );
}

#[test]
fn a_server_that_speaks_no_tls_is_inconclusive() {
    let server = ByteServer::start(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    assert_inconclusive(
        run_against(&server.url().replace("http:", "https:")),
        "TLS failed (connecting: received corrupt message of type InvalidContentType)",
    );
}

#[test]
fn a_certificate_that_is_not_to_be_trusted_is_named() {
    for (name, last_year, trusted, why) in [
        ("localhost", 4096, false, "TLS failed (connecting: the certificate's issuer is not trusted (unknown issuer))"),
        (
            "other.example",
            4096,
            true,
            "TLS failed (connecting: the certificate is for another host (certificate not valid for name \"localhost\"; \
             certificate is only valid for DnsName(\"other.example\")))",
        ),
        (
            "localhost",
            2002,
            true,
            "TLS failed (connecting: the certificate has expired (certificate expired: verification time N (UNIX), but \
             certificate is not valid after N (N seconds ago)))",
        ),
    ] {
        let (port, pem) = tls_server(name, last_year);
        let ca = if trusted { "\n    tls: { ca: ca.pem }" } else { "" };
        let target = format!("targets:\n  tenant:\n    base_url: https://localhost:{port}{ca}\n");
        let bench = Bench::new().file("version.yaml", SUITE).file("ca.pem", &pem).file("assize.yaml", &target);
        assert_inconclusive(bench.run(["run", "version.yaml", "--seed", "7", "--target", "tenant"]), why);
    }
}

#[test]
fn an_answer_of_500_is_a_failure_and_one_of_503_is_not() {
    let server = Server::start(|request| match request.path.as_str() {
        "/v1/version" => Reply::json(500, "{}"),
        _ => Reply::json(503, "{}"),
    });
    let failed = run_against(&format!("{}/v1", server.url())).exits(1);
    assert_eq!(failed.verdict(), "0 passed, 1 failed (exit 1 FAIL)");
    assert_inconclusive(
        run_against(&server.url()),
        "503 Told speaks of the endpoint's surroundings, and no check of the step names it",
    );
    // A check that names the status judges it.
    let suite = SUITE.replace("status: 200", "status: [200, 503]").replace(", json: { $.name: orders }", "");
    let bench = Bench::new().file("version.yaml", &suite);
    let ran = bench.run(["run", "version.yaml", "--base-url", &server.url()]).exits(0);
    assert_eq!(ran.verdict(), "1 passed, 0 failed (exit 0 PASS)");
}

#[test]
fn a_url_of_a_host_that_is_not_allowed_is_never_contacted() {
    let elsewhere = Server::start(|_| Reply::ok("{}"));
    let to = format!("{{\"next\":\"{}/stolen\"}}", elsewhere.url());
    let server = Server::start(move |_| Reply::ok(&to));
    let suite = "\
scenario: What an answer refers to is read
id: follow
steps:
  - request: GET /first
    expect: 200
    capture: { next: $.next }
  - request: GET $(next)
    expect: 200
";
    let bench = Bench::new().file("follow.yaml", suite);
    let ran = bench.run(["run", "follow.yaml", "--seed", "7", "--base-url", &server.url()]);
    insta::assert_snapshot!(ran.golden());
    assert_eq!(elsewhere.seen(), []);
}

/// Sends `first`, and then `more` again and again until the other side goes away.
fn drip(mut stream: &TcpStream, first: &[u8], more: &[u8]) {
    let _ = stream.write_all(first);
    // A read that times out is the pause between two drops; one that does not is the end.
    let _ = stream.set_read_timeout(Some(Duration::from_millis(100)));
    let mut byte = [0];
    while stream.write_all(more).is_ok() {
        match std::io::Read::read(&mut stream, &mut byte) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Ok(_) | Err(_) => return,
        }
    }
}

fn wait_for_the_end(mut stream: &TcpStream) {
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
}

/// A server whose certificate is for this name, is valid until that year, and is its own authority.
fn tls_server(name: &str, last_year: i32) -> (u16, String) {
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2001, 1, 1);
    params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{\"name\":\"orders\"}");
        }
    });
    (port, certificate.pem())
}
