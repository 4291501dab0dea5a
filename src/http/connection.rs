use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use super::Limits;
use super::payload::Payload;
use super::tap::{Duplex, Gauge, Tap};

/// An open connection that speaks HTTP/1.1, used for one request at a time.
///
/// It is driven by whoever waits for an answer, so that no task has to be woken in between and whatever the server did
/// meanwhile is seen before the connection is used again.
pub(super) struct Connection {
    gauge: Arc<Gauge>,
    sender: http1::SendRequest<Payload>,
    driver: Box<Driver>,
}

struct Driver {
    connection: http1::Connection<TokioIo<Tap>, Payload>,
    ended: Option<Result<(), hyper::Error>>,
}

impl Driver {
    fn advance(&mut self, cx: &mut Context<'_>) {
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
    /// Prepares to speak over a stream that is open.
    pub(super) async fn greet(stream: Box<dyn Duplex>, limits: &Limits) -> hyper::Result<Self> {
        let (tap, gauge) = Tap::new(stream);
        let (sender, connection) = http1::Builder::new()
            .max_headers(limits.max_header_fields)
            .max_buf_size(limits.max_head_bytes.max(8192))
            .handshake(TokioIo::new(tap))
            .await?;
        Ok(Self { gauge, sender, driver: Box::new(Driver { connection, ended: None }) })
    }

    /// What was read from it since the last request.
    pub(super) fn gauge(&self) -> Arc<Gauge> {
        Arc::clone(&self.gauge)
    }

    /// Waits for `future` while bytes move.
    pub(super) async fn during<F: Future>(&mut self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            self.driver.advance(cx);
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Sends a request and waits for the header fields of its answer.
    pub(super) async fn send(&mut self, request: Request<Payload>) -> hyper::Result<Response<Incoming>> {
        self.gauge.reset();
        let answer = self.sender.send_request(request);
        self.during(answer).await
    }

    /// Looks at what the server did since the last answer.
    pub(super) async fn look(&mut self) -> Afterwards {
        poll_fn(|cx| {
            self.driver.advance(cx);
            Poll::Ready(())
        })
        .await;
        match &self.driver.ended {
            None if self.sender.is_ready() => Afterwards::Usable,
            // hyper has no predicate for bytes on an idle connection, only this text.
            Some(Err(error)) if error.to_string().contains("unexpected message") => Afterwards::Bytes,
            None | Some(Ok(()) | Err(_)) => Afterwards::Closed,
        }
    }
}
