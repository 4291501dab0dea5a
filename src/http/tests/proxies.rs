use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::secure::{acceptor_of_two, authority, trusting};
use super::*;

use crate::http::{BadNetworkOptions, Transport, connect};

fn through(proxy: &str) -> NetworkOptions {
    NetworkOptions { proxy: Some(Url::parse(proxy).expect("a URL of the test")), ..NetworkOptions::default() }
}

fn wires(proxy: &str) -> std::sync::Arc<dyn Transport> {
    connect(&through(proxy)).expect("the options are fine")
}

#[tokio::test]
async fn a_proxy_is_used_where_one_is_given() {
    let proxy = ByteServer::start(|_| Reply::json("{}")).await;
    let wires = wires(&format!("http://me@127.0.0.1:{}", proxy.port()));
    for lane in [1, 1, 2] {
        let outcome = wires.send(LaneId(lane), request("GET", "http://api.example.test/a", soon())).await;
        assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"{}".as_slice()));
    }
    let expected = "GET http://api.example.test/a HTTP/1.1\r\naccept: */*\r\nproxy-authorization: Basic bWU6\r\n\
                    host: api.example.test\r\n\r\n";
    assert_eq!((proxy.requests(), proxy.connections()), (vec![expected.to_owned(); 3], 2));
}

#[tokio::test]
async fn the_address_of_a_proxy_can_be_named() {
    let proxy = ByteServer::start(|_| Reply::json("{}")).await;
    let address = format!("127.0.0.1:{}", proxy.port());
    let options = NetworkOptions {
        resolve: [("proxy.test:3128".to_owned(), address)].into(),
        ..through("http://proxy.test:3128")
    };
    let wires = connect(&options).expect("the options are fine");
    let outcome = wires.send(LaneId(1), request("GET", "http://api.example.test/", soon())).await;
    assert_eq!(fault(&outcome), "");
}

#[tokio::test]
async fn a_tunnel_leads_to_the_origin_and_http_2_is_spoken_in_it() {
    let authority = authority();
    let tls = acceptor_of_two(&authority);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection comes");
        let asked = head_of(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("the client reads");
        let stream = tls.accept(stream).await.expect("the test trusts it");
        let service = hyper::service::service_fn(|_| async {
            Ok::<_, std::convert::Infallible>(hyper::Response::new("two".to_owned()))
        });
        let executor = hyper_util::rt::TokioExecutor::new();
        let io = hyper_util::rt::TokioIo::new(stream);
        let _ = hyper::server::conn::http2::Builder::new(executor).serve_connection(io, service).await;
        asked
    });
    let options = NetworkOptions { tls: trusting(&authority), ..through(&format!("http://me:pw@127.0.0.1:{port}")) };
    let wires = connect(&options).expect("the options are fine");
    let outcome = wires.send(LaneId(1), request("GET", "https://localhost:8443/", soon())).await;
    assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"two".as_slice()));
    assert_eq!(outcome.answer.map(|answer| answer.version), Some("HTTP/2"));
    drop(wires);
    let expected =
        "CONNECT localhost:8443 HTTP/1.1\r\nHost: localhost:8443\r\nProxy-Authorization: Basic bWU6cHc=\r\n\r\n";
    assert_eq!(server.await.expect("it ends"), expected);
}

#[tokio::test]
async fn a_proxy_that_gives_no_tunnel_is_told() {
    for (answer, why) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "proxy authorization required"),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "unsuccessful"),
        ("junk\r\n\r\n", "unsuccessful"),
        ("", "unexpected end of file"),
    ] {
        let proxy = ByteServer::start(move |_| Reply::close(answer)).await;
        let wires = wires(&format!("http://me:not-a-secret@127.0.0.1:{}", proxy.port()));
        let outcome = wires.send(LaneId(1), request("GET", "https://api.example.test/", soon())).await;
        assert_eq!(fault(&outcome), format!("unreachable (connecting: the proxy gave no tunnel: {why})"));
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told_without_its_credentials() {
    for (scheme, why) in [("http", "Connection refused (os error 111)"), ("socks5h", "the proxy accepts no connection")]
    {
        let wires = wires(&format!("{scheme}://me:not-a-secret@127.0.0.1:1"));
        for url in ["http://api.example.test/", "https://api.example.test/"] {
            let outcome = wires.send(LaneId(1), request("GET", url, soon())).await;
            let expected = format!("unreachable (connecting: 127.0.0.1:1: {why})");
            assert_eq!(fault(&outcome), expected, "{scheme} {url}");
        }
    }
}

#[tokio::test]
async fn a_socks_proxy_is_asked_for_the_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let proxy = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection comes");
        // RFC 1928 §3: one way to sign in, which is none.
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).await.expect("the client greets");
        assert_eq!(greeting, [5, 1, 0]);
        stream.write_all(&[5, 0]).await.expect("the client reads");
        // §4: connect to a name of 16 bytes.
        let mut asked = [0; 5 + 16 + 2];
        stream.read_exact(&mut asked).await.expect("the client asks");
        stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).await.expect("the client reads");
        let head = head_of(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.expect("the client reads");
        (asked, head)
    });
    let wires = wires(&format!("socks5h://127.0.0.1:{port}"));
    let outcome = wires.send(LaneId(1), request("GET", "http://api.example.test/a", soon())).await;
    assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"{}".as_slice()));
    let (asked, head) = proxy.await.expect("it ends");
    assert_eq!(&asked[..], b"\x05\x01\x00\x03\x10api.example.test\x00\x50");
    assert!(head.starts_with("GET /a HTTP/1.1\r\n"), "{head}");
}

#[test]
fn a_proxy_of_another_kind_is_refused() {
    for proxy in ["ftp://127.0.0.1", "socks4://127.0.0.1"] {
        assert!(matches!(connect(&through(proxy)), Err(BadNetworkOptions::Proxy(_))), "{proxy}");
    }
}

/// Reads until the end of a head.
async fn head_of(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("the client goes on"));
    }
    String::from_utf8(head).expect("the client writes text")
}
