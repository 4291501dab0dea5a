use std::sync::Arc;

use super::*;

use crate::http::{Versions, connect};

fn transports() -> [Arc<dyn Transport>; 2] {
    [Arc::new(network()), Arc::new(client())]
}

#[tokio::test]
async fn a_lane_uses_its_connection_again_and_shares_it_with_nobody() {
    for transport in transports() {
        let server = ByteServer::start(|_| Reply::json("{}")).await;
        for lane in [1, 1, 1, 2] {
            let outcome = transport.send(LaneId(lane), request("GET", &server.url("/"), soon())).await;
            assert_eq!(fault(&outcome), "");
        }
        assert_eq!((server.connections(), server.requests().len()), (2, 4));
    }
}

#[tokio::test]
async fn a_lane_that_is_warm_sends_several_requests_over_connections_that_are_open() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let (network, limits) = (network(), soon());
    let url = url::Url::parse(&server.url("/")).unwrap();
    network.warm(LaneId(1), &url, 3, &limits).await;
    network.warm(LaneId(1), &url, 2, &limits).await;
    let sent = (0..3).map(|_| network.send(LaneId(1), request("GET", &server.url("/"), soon())));
    for outcome in futures_util::future::join_all(sent).await {
        assert_eq!(fault(&outcome), "");
    }
    assert_eq!((server.connections(), server.requests().len()), (3, 3));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nothing_goes_elsewhere() {
    let other = ByteServer::start(|_| Reply::json("{}")).await;
    let location = other.url("/stolen");
    let server = ByteServer::start(move |_| {
        Reply::keep(format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"))
    })
    .await;
    for outcome in both(|| request("GET", &server.url("/"), soon())).await {
        assert_eq!(outcome.answer.map(|answer| answer.status), Some(307));
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_not_used_again() {
    for transport in transports() {
        let server = ByteServer::start(|_| Reply::close("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")).await;
        for _ in 0..5 {
            let outcome = transport.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
            // Whether the server's end of the connection was seen before or after the request is a matter of chance.
            assert!(outcome.fault.is_none_or(|fault| fault.kind == FaultKind::NoAnswer));
        }
    }
}

/// A server that closes its first connection when a second request comes over it, without a word.
async fn fickle() -> ByteServer {
    let came = std::sync::atomic::AtomicU32::new(0);
    ByteServer::start(move |_| match came.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        1 => Reply::close(""),
        _ => Reply::json("{}"),
    })
    .await
}

#[tokio::test]
async fn what_is_safe_is_sent_again_when_the_server_had_closed_a_connection_that_it_kept() {
    let (server, network) = (fickle().await, network());
    for _ in 0..2 {
        let outcome = network.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
        assert_eq!(fault(&outcome), "");
    }
    assert_eq!((server.connections(), server.requests().len()), (2, 3));
}

#[tokio::test]
async fn what_is_not_safe_is_not_sent_again() {
    let (server, network) = (fickle().await, network());
    network.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
    let outcome = network.send(LaneId(1), request("DELETE", &server.url("/"), soon())).await;
    assert_eq!(place(&outcome), Some((FaultKind::NoAnswer, Phase::Headers)));
    assert_eq!((server.connections(), server.requests().len()), (1, 2));
}

#[tokio::test]
async fn nothing_is_sent_twice() {
    for transport in transports() {
        let server = ByteServer::start(|_| Reply::close("")).await;
        let mut post = request("POST", &server.url("/"), soon());
        post.body = "once".into();
        let outcome = transport.send(LaneId(1), post).await;
        assert_eq!(place(&outcome), Some((FaultKind::NoAnswer, Phase::Headers)));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn cookies_of_an_answer_are_not_sent_back() {
    for transport in transports() {
        let server =
            ByteServer::start(|_| Reply::keep("HTTP/1.1 200 OK\r\nset-cookie: a=1\r\ncontent-length: 0\r\n\r\n")).await;
        for _ in 0..2 {
            transport.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
        }
        assert!(server.requests().iter().all(|request| !request.contains("cookie")), "{:?}", server.requests());
    }
}

#[tokio::test]
async fn a_request_is_sent_as_it_is_meant() {
    for (transport, more) in transports().iter().zip(["", "accept: */*\r\n"]) {
        let server = ByteServer::start(|_| Reply::json("{}")).await;
        let mut post = request("POST", &server.url("/a?b=c#d"), soon());
        post.headers = vec![("x-a".to_owned(), "caf\u{e9}".to_owned()), ("host".to_owned(), "other.test".to_owned())];
        transport.send(LaneId(1), post).await;
        let sent = server.requests().concat();
        let expected =
            format!("POST /a?b=c HTTP/1.1\r\nx-a: caf\u{e9}\r\nhost: other.test\r\ncontent-length: 0\r\n{more}\r\n");
        assert_eq!(sent, expected);
    }
}

#[tokio::test]
async fn names_are_resolved_as_the_target_says() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let key = format!("api.example.test:{}", server.port());
    let options =
        NetworkOptions { resolve: [(key.clone(), "127.0.0.1".to_owned())].into(), ..NetworkOptions::default() };
    let network = Network::new(&options).expect("the options are fine");
    let client = Client::new(&options).expect("the options are fine");
    for transport in [&network as &dyn Transport, &client] {
        let outcome = transport.send(LaneId(1), request("GET", &format!("http://{key}/a?b=c"), soon())).await;
        assert_eq!(fault(&outcome), "");
    }
    assert_eq!(server.requests()[0], format!("GET /a?b=c HTTP/1.1\r\nhost: {key}\r\n\r\n"));
    assert_eq!(server.requests()[1], format!("GET /a?b=c HTTP/1.1\r\naccept: */*\r\nhost: {key}\r\n\r\n"));
}

#[tokio::test]
async fn a_name_leads_to_another_port_where_the_url_has_none_or_http_1_is_spoken() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let address = format!("127.0.0.1:{}", server.port());
    let resolve = ["api.example.test:80", "api.example.test:8080"].map(|key| (key.to_owned(), address.clone())).into();
    let options = NetworkOptions { resolve, ..NetworkOptions::default() };
    let client = Client::new(&options).expect("the options are fine");
    let wires = connect(&options).expect("the options are fine");
    let plain = || request("GET", "http://api.example.test/", soon());
    let with_port = || request("GET", "http://api.example.test:8080/", soon());
    assert_eq!(fault(&client.send(LaneId(1), plain()).await), "");
    assert_eq!(fault(&wires.send(LaneId(1), with_port()).await), "");
    let expected = "request cannot be made (preparing: `api.example.test:8080` cannot be sent to the address that \
                    `resolve` names over HTTP/2)";
    assert_eq!(fault(&client.send(LaneId(1), with_port()).await), expected);
}

#[tokio::test]
async fn a_name_without_an_address_is_told() {
    for outcome in both(|| request("GET", "http://nobody.invalid/", soon())).await {
        assert_eq!(place(&outcome), Some((FaultKind::Unreachable, Phase::Connect)));
        let expected = "unreachable (connecting: `nobody.invalid` cannot be resolved: ";
        assert!(fault(&outcome).starts_with(expected), "{}", fault(&outcome));
    }
}

#[tokio::test]
async fn http_1_without_a_proxy_goes_where_every_byte_is_accounted_for() {
    let server = ByteServer::start(|_| Reply::keep("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nmore")).await;
    for versions in [Versions::One, Versions::Any] {
        let options = NetworkOptions { versions, ..NetworkOptions::default() };
        let wires = connect(&options).expect("the options are fine");
        let outcome = wires.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
        assert_eq!(kinds(&outcome), ["bytes-after-end"]);
    }
}

#[tokio::test]
async fn a_secret_in_the_url_is_in_no_fault() {
    let closed = ByteServer::start(|_| Reply::close("")).await;
    let junk = ByteServer::start(|_| Reply::close("junk")).await;
    let cut = ByteServer::start(|_| Reply::close("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")).await;
    for origin in [&closed.url(""), &junk.url(""), &cut.url(""), "http://nobody.invalid", "http://127.0.0.1:1"] {
        for outcome in both(|| request("GET", &format!("{origin}/?key=not-a-secret"), soon())).await {
            assert!(outcome.fault.is_some() && !fault(&outcome).contains("not-a-secret"), "{}", fault(&outcome));
        }
    }
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_ignored() {
    let proxy = ByteServer::start(|_| Reply::json("{}")).await;
    let url = proxy.url("/");
    // An environment can only be given to another process, so another test runs in one that has a proxy in it.
    let run = tokio::task::spawn_blocking(move || {
        let mut command = std::process::Command::new(std::env::current_exe().expect("it runs"));
        command
            .args(["--exact", "http::tests::connections::a_lane_uses_its_connection_again_and_shares_it_with_nobody"]);
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
            command.env(name, &url);
        }
        command.output()
    });
    let output = run.await.expect("it ends").expect("it can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("1 passed"), "{text}");
    assert_eq!(proxy.connections(), 0);
}
