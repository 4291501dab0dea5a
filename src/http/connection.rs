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
    driver: Driver,
}

enum Driver {
    Open(Box<http1::Connection<TokioIo<Tap>, Payload>>),
    Ended(Result<(), hyper::Error>),
}

impl Driver {
    fn advance(&mut self, cx: &mut Context<'_>) {
        if let Self::Open(connection) = self
            && let Poll::Ready(end) = Pin::new(connection).poll(cx)
        {
            // The connection is dropped: a request that it has not begun to send would wait in it for ever.
            *self = Self::Ended(end);
        }
    }
}

/// Why no answer began.
pub(super) enum Unanswered {
    /// The connection had ended before the request was sent.
    Unsent(hyper::Error),
    /// The request was sent, or a part of it.
    Sent(hyper::Error),
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
        Ok(Self { gauge, sender, driver: Driver::Open(Box::new(connection)) })
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
    ///
    /// # Errors
    /// [`Unanswered`] when the connection ended, or something else than an answer came.
    pub(super) async fn send(&mut self, request: Request<Payload>) -> Result<Response<Incoming>, Unanswered> {
        self.gauge.reset();
        let answer = self.sender.try_send_request(request);
        self.during(answer).await.map_err(|error| {
            if error.message().is_some() {
                Unanswered::Unsent(error.into_error())
            } else {
                Unanswered::Sent(error.into_error())
            }
        })
    }

    /// Looks at what the server did since the last answer.
    pub(super) async fn look(&mut self) -> Afterwards {
        poll_fn(|cx| {
            self.driver.advance(cx);
            Poll::Ready(())
        })
        .await;
        match &self.driver {
            Driver::Open(_) if self.sender.is_ready() => Afterwards::Usable,
            // hyper has no predicate for bytes on an idle connection, only this text.
            Driver::Ended(Err(error)) if error.to_string().contains("unexpected message") => Afterwards::Bytes,
            Driver::Open(_) | Driver::Ended(Ok(()) | Err(_)) => Afterwards::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::timeout;

    use super::*;
    use crate::clock::Deadline;

    fn ask() -> Request<Payload> {
        Request::new(Payload::new(hyper::body::Bytes::new()))
    }

    #[tokio::test]
    async fn a_request_on_a_connection_that_ended_unnoticed_is_told_to_be_unsent() {
        let limits = Limits::until(Deadline::after(Duration::from_secs(20)));
        let (ours, mut theirs) = tokio::io::duplex(4096);
        let mut connection = Connection::greet(Box::new(ours), &limits).await.expect("nothing is said yet");
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        let (sent, ()) = tokio::join!(connection.send(ask()), async {
            assert_ne!(theirs.read(&mut [0; 4096]).await.expect("a request comes"), 0);
            theirs.write_all(answer).await.expect("the other side listens");
        });
        assert!(sent.is_ok_and(|answer| answer.status() == 200));
        assert_eq!(connection.look().await, Afterwards::Usable);
        drop(theirs);
        let sent = timeout(Duration::from_secs(20), connection.send(ask())).await.expect("nobody waits for ever");
        assert!(matches!(sent, Err(Unanswered::Unsent(_))));
    }
}
