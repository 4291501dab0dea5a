use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt as _;
use http::{HeaderMap, Method, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Call, Reply};
use crate::sandbox::front::{Front, Orders};

/// The largest request body read, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;
/// The largest request head read, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;
/// How long a client may take over a body.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// How long a connection may be idle, or take over a request's head.
const IDLE_PATIENCE: Duration = Duration::from_mins(2);
/// How long a TLS handshake may take.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection may take to finish when the site closes.
const CLOSING_PATIENCE: Duration = Duration::from_secs(2);
/// The pause after a failed accept, such as when file descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// What answers the calls that come in on a listener.
pub(crate) trait Site: Send + Sync + 'static {
    /// Answers one call. Dropped when the client goes away.
    fn answer(self: Arc<Self>, call: Call) -> impl Future<Output = Reply> + Send;
}

/// Serves `site` until `closing`; every connection is a task of `tasks`.
pub(crate) async fn serve<S: Site>(
    site: Arc<S>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    tasks: TaskTracker,
    closing: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = closing.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // The handshake happens within the connection's own task: a slow client keeps nobody else waiting.
        tasks.spawn(connection(Arc::clone(&site), stream, tls.clone(), closing.clone()));
    }
}

async fn connection<S: Site>(site: Arc<S>, stream: TcpStream, tls: Option<TlsAcceptor>, closing: CancellationToken) {
    // Answers are small and awaited: they must not wait for each other. Without the option they are only slower.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = tls else { return converse(site, stream, closing).await };
    let handshake = tokio::select! {
        () = closing.cancelled() => return,
        handshake = timeout(HANDSHAKE_PATIENCE, acceptor.accept(stream)) => handshake,
    };
    if let Ok(Ok(stream)) = handshake {
        converse(site, stream, closing).await;
    }
}

async fn converse<S, T>(site: Arc<S>, stream: T, closing: CancellationToken)
where
    S: Site,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(IDLE_PATIENCE).max_buf_size(LARGEST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(1024)
        .max_header_list_size(u32::try_from(LARGEST_HEAD).unwrap_or(u32::MAX))
        .keep_alive_interval(IDLE_PATIENCE / 4)
        .keep_alive_timeout(IDLE_PATIENCE / 4);
    let still_open = closing.clone();
    let orders = Orders::default();
    let front = Front::new(stream, orders.clone());
    let service = service_fn(move |request| respond(Arc::clone(&site), request, orders.clone(), still_open.clone()));
    let connection = builder.serve_connection(TokioIo::new(front), service);
    tokio::pin!(connection);
    // An error here is the client's: there is nobody left to tell.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(CLOSING_PATIENCE, connection).await;
        }
    }
}

async fn respond<S: Site>(
    site: Arc<S>,
    request: Request<Incoming>,
    orders: Orders,
    closing: CancellationToken,
) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let body = tokio::select! {
        body = read(&head.headers, body) => body,
        () = closing.cancelled() => Err(Reply::refusal(StatusCode::SERVICE_UNAVAILABLE, "The sandbox is closing")),
    };
    let reply = match body {
        Ok(body) => site.answer(Call::new(head.method.clone(), &head.uri, head.headers.clone(), body)).await,
        Err(refusal) => refusal,
    };
    // Only these have a body whose bytes the front can break.
    let is_plain = head.version < Version::HTTP_2 && head.method != Method::HEAD;
    if let Some(fault) = reply.wire_fault().filter(|_| is_plain) {
        orders.place(fault).await;
    }
    Ok(reply.into_response(&head.headers))
}

/// Reads a body, up to a limit of size and of time.
async fn read(headers: &HeaderMap, body: Incoming) -> Result<Bytes, Reply> {
    let too_large = || Reply::refusal(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
    let announced = headers.get(http::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > LARGEST_BODY) {
        return Err(too_large());
    }
    let reading = async {
        let mut stream = Body::new(body).into_data_stream();
        let mut whole = Vec::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Reply::refusal(StatusCode::BAD_REQUEST, "Request body cut short"))?;
            if whole.len() + chunk.len() > LARGEST_BODY {
                return Err(too_large());
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(whole))
    };
    timeout(BODY_PATIENCE, reading)
        .await
        .unwrap_or_else(|_| Err(Reply::refusal(StatusCode::REQUEST_TIMEOUT, "Request body too slow")))
}
