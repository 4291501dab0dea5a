use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinHandle;

use super::Limits;
use super::connect::Spoken;
use super::payload::Payload;
use super::tap::{Duplex, Gauge, Tap};

/// An open connection, used for one request at a time.
pub(super) struct Connection {
    gauge: Arc<Gauge>,
    kind: Kind,
}

enum Kind {
    /// HTTP/1.1: driven by whoever waits for an answer, so that no task has to be woken in between and whatever the
    /// server did meanwhile is seen before the connection is used again.
    One { sender: http1::SendRequest<Payload>, driver: Box<Driver> },
    /// HTTP/2: driven by a task of its own.
    Two { sender: http2::SendRequest<Payload>, _task: AbortOnDrop },
}

struct Driver {
    connection: http1::Connection<TokioIo<Tap>, Payload>,
    ended: Option<Result<(), hyper::Error>>,
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Driver {
    fn advance(&mut self, cx: &mut std::task::Context<'_>) {
        if self.ended.is_none()
            && let Poll::Ready(end) = Pin::new(&mut self.connection).poll(cx)
        {
            self.ended = Some(end);
        }
    }
}

/// What stands behind the end of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// The connection can take another request.
    Usable,
    /// The connection is closed.
    Closed,
    /// Bytes that belong to no answer.
    Bytes,
}

impl Connection {
    /// Agrees on the protocol over a stream that is open.
    pub(super) async fn greet(stream: Box<dyn Duplex>, spoken: Spoken, limits: &Limits) -> hyper::Result<Self> {
        let (tap, gauge) = Tap::new(stream);
        let kind = match spoken {
            Spoken::One => {
                let (sender, connection) = http1::Builder::new()
                    .max_headers(limits.max_header_fields)
                    .max_buf_size(limits.max_head_bytes.max(8192))
                    .handshake(TokioIo::new(tap))
                    .await?;
                Kind::One { sender, driver: Box::new(Driver { connection, ended: None }) }
            }
            Spoken::Two => {
                let (sender, connection) = http2::Builder::new(TokioExecutor::new())
                    .max_header_list_size(u32::try_from(limits.max_head_bytes).unwrap_or(u32::MAX))
                    .handshake(TokioIo::new(tap))
                    .await?;
                // How the connection ends is told to whoever waits for an answer on it.
                let task = tokio::spawn(async move { drop(connection.await) });
                Kind::Two { sender, _task: AbortOnDrop(task) }
            }
        };
        Ok(Self { gauge, kind })
    }

    /// What is spoken over it.
    pub(super) fn spoken(&self) -> Spoken {
        match self.kind {
            Kind::One { .. } => Spoken::One,
            Kind::Two { .. } => Spoken::Two,
        }
    }

    /// What was read from it since the last request.
    pub(super) fn gauge(&self) -> Arc<Gauge> {
        Arc::clone(&self.gauge)
    }

    /// Waits for `future` while bytes move.
    pub(super) async fn during<F: Future>(&mut self, future: F) -> F::Output {
        match &mut self.kind {
            Kind::Two { .. } => future.await,
            Kind::One { driver, .. } => {
                let mut future = pin!(future);
                poll_fn(|cx| {
                    if let Poll::Ready(output) = future.as_mut().poll(cx) {
                        return Poll::Ready(output);
                    }
                    driver.advance(cx);
                    future.as_mut().poll(cx)
                })
                .await
            }
        }
    }

    /// Sends a request and waits for the header fields of its answer.
    pub(super) async fn send(&mut self, request: Request<Payload>) -> hyper::Result<Response<Incoming>> {
        self.gauge.reset();
        match &mut self.kind {
            Kind::Two { sender, .. } => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Kind::One { sender, .. } => {
                let answer = sender.send_request(request);
                self.during(answer).await
            }
        }
    }

    /// Looks at what the server did since the last answer.
    pub(super) async fn look(&mut self) -> Afterwards {
        match &mut self.kind {
            Kind::Two { sender, .. } if sender.is_closed() => Afterwards::Closed,
            Kind::Two { .. } => Afterwards::Usable,
            Kind::One { sender, driver } => {
                poll_fn(|cx| {
                    driver.advance(cx);
                    Poll::Ready(())
                })
                .await;
                match &driver.ended {
                    None if sender.is_ready() => Afterwards::Usable,
                    // hyper has no predicate for bytes on an idle connection, only this text.
                    Some(Err(error)) if error.to_string().contains("unexpected message") => Afterwards::Bytes,
                    None | Some(Ok(()) | Err(_)) => Afterwards::Closed,
                }
            }
        }
    }
}
