use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::bench::Bench;

/// What a tenant says to bytes that no HTTP library would send.
async fn said_to(bench: &Bench, bytes: &[u8]) -> String {
    let authority = bench.tenant.address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let mut answer = Vec::new();
    // A tenant may hang up before it was told everything: a reset is an answer too.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn whatever_is_sent_the_tenant_still_answers() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let long_path = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a/".repeat(200_000));
    let many_headers = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(5_000));
    let requests: [&[u8]; 8] = [
        b"",
        b"\0\xff\r\n\r\n",
        b"GET /%ff%00%zz?%=&&&=%ff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /auth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab",
        b"POST /auth/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nauthorization: basic !!!\r\ncorrelationid: \xff\r\n\r\n",
        long_path.as_bytes(),
        many_headers.as_bytes(),
    ];
    for request in requests {
        said_to(&bench, request).await;
    }
    assert_eq!(bench.api(Method::GET, "/server-time").token(&token).send().await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let announced = b"POST /auth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\n\r\n";
    assert!(said_to(&bench, announced).await.starts_with("HTTP/1.1 413 Request body too large\r\n"));
    let mut chunked = b"POST /auth/token HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n120000\r\n".to_vec();
    chunked.extend(std::iter::repeat_n(b'a', 0x0012_0000));
    chunked.extend(b"\r\n0\r\n\r\n");
    said_to(&bench, &chunked).await;
    assert_eq!(bench.api(Method::GET, "/server-time").token(&token).send().await.status, 200);
}

#[tokio::test]
async fn head_and_options_are_answered_sanely() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let head = bench.api(Method::HEAD, "/server-time").token(&token).send().await;
    assert_eq!((head.status, &*head.text), (200, ""));
    let options = bench.api(Method::OPTIONS, "/server-time").send().await;
    assert_eq!((options.status, &options.headers["allow"]), (204, &"GET, HEAD, OPTIONS".parse().unwrap()));
    let id = bench.start(&token).await;
    let path = format!("/agent-sessions/{id}/get-next-event?timeout=60");
    assert_eq!(bench.api(Method::HEAD, &path).token(&token).send().await.status, 405);
}

#[tokio::test]
async fn a_304_has_no_body_and_no_length_of_one() {
    let bench = Bench::new().await;
    let token = bench.token(1).await;
    let id = bench.quiet_session(&token).await;
    let request = format!(
        "GET /incontactapi/services/v1.0/agent-sessions/{id}/get-next-event?timeout=0 HTTP/1.1\r\nhost: x\r\n\
         authorization: Bearer {token}\r\ncorrelationid: c-1\r\nconnection: close\r\n\r\n"
    );
    let answer = said_to(&bench, request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 304 No Events\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n") && answer.contains("correlationid: c-1\r\n"), "{answer}");
    assert!(!answer.contains("content-length") && !answer.contains("transfer-encoding"), "{answer}");
}
