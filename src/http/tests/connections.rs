use super::*;

use crate::event::FaultKind;

#[tokio::test]
async fn a_lane_uses_its_connection_again_and_shares_it_with_nobody() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let network = network();
    for lane in [1, 1, 1, 2] {
        let outcome = network.send(LaneId(lane), request("GET", &server.url("/"), soon())).await;
        assert_eq!(fault(&outcome), "");
    }
    assert_eq!((server.connections(), server.requests().len()), (2, 4));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nothing_goes_elsewhere() {
    let other = ByteServer::start(|_| Reply::json("{}")).await;
    let location = other.url("/stolen");
    let server = ByteServer::start(move |_| {
        Reply::keep(format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"))
    })
    .await;
    let outcome = get(&server.url("/")).await;
    assert_eq!(outcome.answer.map(|answer| answer.status), Some(307));
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_not_used_again() {
    let server = ByteServer::start(|_| Reply::close("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")).await;
    let network = network();
    for _ in 0..5 {
        let outcome = network.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
        // Whether the server's end of the connection was seen before or after the request is a matter of chance.
        assert!(outcome.fault.is_none_or(|fault| fault.kind == FaultKind::NoAnswer));
    }
}

#[tokio::test]
async fn nothing_is_sent_twice() {
    let server = ByteServer::start(|_| Reply::close("")).await;
    let mut post = request("POST", &server.url("/"), soon());
    post.body = "once".into();
    let outcome = network().send(LaneId(1), post).await;
    assert_eq!(outcome.fault.map(|fault| fault.kind), Some(FaultKind::NoAnswer));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn names_are_resolved_as_the_target_says() {
    let server = ByteServer::start(|_| Reply::json("{}")).await;
    let key = format!("api.example.test:{}", server.port());
    let options =
        NetworkOptions { resolve: [(key.clone(), "127.0.0.1".to_owned())].into(), ..NetworkOptions::default() };
    let network = Network::new(&options).expect("the options are fine");
    let outcome = network.send(LaneId(1), request("GET", &format!("http://{key}/a?b=c"), soon())).await;
    assert_eq!(fault(&outcome), "");
    assert_eq!(server.requests(), [format!("GET /a?b=c HTTP/1.1\r\nhost: {key}\r\n\r\n")]);
}

#[tokio::test]
async fn a_proxy_is_used_where_one_is_given() {
    let proxy = ByteServer::start(|_| Reply::json("{}")).await;
    let mut address = Url::parse(&proxy.url("/")).expect("a URL of the test");
    address.set_username("me").expect("http URLs take names");
    let options = NetworkOptions { proxy: Some(address), ..NetworkOptions::default() };
    let network = Network::new(&options).expect("the options are fine");
    let outcome = network.send(LaneId(1), request("GET", "http://api.example.test/a", soon())).await;
    assert_eq!(fault(&outcome), "");
    let expected =
        "GET http://api.example.test/a HTTP/1.1\r\nhost: api.example.test\r\nproxy-authorization: Basic bWU6\r\n\r\n";
    assert_eq!(proxy.requests(), [expected]);
}

#[tokio::test]
async fn http_2_is_spoken_by_prior_knowledge() {
    use axum::routing::get;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
    let port = listener.local_addr().expect("it is bound").port();
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection comes");
        let app = axum::Router::new().route("/", get(|| async { "two" }));
        let service = hyper_util::service::TowerToHyperService::new(app);
        let io = hyper_util::rt::TokioIo::new(stream);
        let executor = hyper_util::rt::TokioExecutor::new();
        let _ = hyper::server::conn::http2::Builder::new(executor).serve_connection(io, service).await;
    });
    let options = NetworkOptions { versions: crate::http::Versions::Two, ..NetworkOptions::default() };
    let network = Network::new(&options).expect("the options are fine");
    for _ in 0..2 {
        let outcome = network.send(LaneId(1), request("GET", &format!("http://127.0.0.1:{port}/"), soon())).await;
        assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"two".as_slice()));
        assert_eq!(outcome.answer.map(|answer| (answer.version, answer.reason)), Some(("HTTP/2", None)));
    }
    task.abort();
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
