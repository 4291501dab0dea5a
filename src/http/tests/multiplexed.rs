use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::get;
use futures_util::{Stream, StreamExt as _, stream};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::secure::{acceptor_of_two, authority, trusting};
use super::*;

use crate::http::{Versions, connect};

/// A server that speaks HTTP/2 and counts its connections.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn start(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                match &tls {
                    None => drop(tokio::spawn(serve(stream))),
                    Some(tls) => {
                        let stream = tls.accept(stream).await.expect("the test trusts it");
                        tokio::spawn(serve(stream));
                    }
                }
            }
        });
        Self { port, connections, task }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let app = Router::new()
        .route("/", get(|| async { (StatusCode::CONFLICT, [("x-a", "b")], "two") }))
        .route("/silent", get(std::future::pending::<()>))
        .route("/cut", get(|| async { Body::from_stream(cut()) }))
        .route("/large", get(|| async { [("x-a", "y".repeat(300 * 1024))] }));
    let service = TowerToHyperService::new(app);
    let mut server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    // Whether a client that is done says goodbye is its own affair.
    let _ = server.max_header_list_size(1 << 20).serve_connection(TokioIo::new(stream), service).await;
}

/// Five bytes, and once they are on their way no more, although there should be.
fn cut() -> impl Stream<Item = std::io::Result<&'static str>> {
    stream::once(std::future::ready(Ok("01234"))).chain(stream::once(async {
        // The connection has a task of its own, which writes when this one gives way.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        Err(std::io::Error::other("no more"))
    }))
}

#[tokio::test]
async fn http_2_is_spoken_over_tls_and_each_lane_has_its_own_connection() {
    let authority = authority();
    let server = Server::start(Some(acceptor_of_two(&authority))).await;
    for versions in [Versions::Any, Versions::Two] {
        let before = server.connections();
        let options = NetworkOptions { tls: trusting(&authority), versions, ..NetworkOptions::default() };
        let wires = connect(&options).expect("the options are fine");
        for lane in [1, 1, 2, 3, 2, 1] {
            let ask = request("GET", &format!("https://localhost:{}/", server.port), soon());
            let outcome = wires.send(LaneId(lane), ask).await;
            assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"two".as_slice()));
            let answer = outcome.answer.expect("there is one");
            assert_eq!((answer.version, answer.status, &answer.reason), ("HTTP/2", 409, &None));
            assert_eq!(answer.header("x-a").collect::<Vec<_>>(), [b"b"]);
        }
        assert_eq!(server.connections() - before, 3);
    }
}

#[tokio::test]
async fn http_2_is_spoken_by_prior_knowledge() {
    let server = Server::start(None).await;
    let options = NetworkOptions { versions: Versions::Two, ..NetworkOptions::default() };
    let wires = connect(&options).expect("the options are fine");
    for _ in 0..2 {
        let ask = request("GET", &format!("http://127.0.0.1:{}/", server.port), soon());
        let outcome = wires.send(LaneId(1), ask).await;
        assert_eq!((fault(&outcome).as_str(), body(&outcome)), ("", b"two".as_slice()));
        assert_eq!(outcome.answer.map(|answer| (answer.version, answer.reason)), Some(("HTTP/2", None)));
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn requests_of_a_lane_at_the_same_time_share_its_connection() {
    let server = Server::start(None).await;
    let options = NetworkOptions { versions: Versions::Two, ..NetworkOptions::default() };
    let client = Client::new(&options).expect("the options are fine");
    let ask = || request("GET", &format!("http://127.0.0.1:{}/", server.port), soon());
    client.send(LaneId(1), ask()).await;
    let outcomes = tokio::join!(client.send(LaneId(1), ask()), client.send(LaneId(1), ask()));
    assert_eq!((fault(&outcomes.0), fault(&outcomes.1)), (String::new(), String::new()));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn faults_over_http_2_are_told_as_over_http_1() {
    let server = Server::start(None).await;
    let options = NetworkOptions { versions: Versions::Two, ..NetworkOptions::default() };
    let client = Client::new(&options).expect("the options are fine");
    let ask = |path: &str, limits| request("GET", &format!("http://127.0.0.1:{}{path}", server.port), limits);

    let outcome = late_in(Phase::Headers, &client, |limits| ask("/silent", limits)).await;
    assert_eq!(place(&outcome), Some((FaultKind::Deadline, Phase::Headers)));

    let outcome = client.send(LaneId(1), ask("/cut", soon())).await;
    assert!(fault(&outcome).starts_with("answer cut short (reading the body: 5 bytes: "), "{}", fault(&outcome));
    assert_eq!(body(&outcome), b"01234");

    let outcome = client.send(LaneId(1), ask("/large", soon())).await;
    assert_eq!(place(&outcome), Some((FaultKind::Protocol, Phase::Headers)), "{}", fault(&outcome));
}

#[tokio::test]
async fn a_server_that_speaks_no_http_2_breaks_the_protocol() {
    let server = ByteServer::start(|_| Reply::close("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")).await;
    let options = NetworkOptions { versions: Versions::Two, ..NetworkOptions::default() };
    let client = Client::new(&options).expect("the options are fine");
    let outcome = client.send(LaneId(1), request("GET", &server.url("/"), soon())).await;
    assert_eq!(outcome.fault.as_ref().map(|fault| fault.kind), Some(FaultKind::Protocol), "{}", fault(&outcome));
}
