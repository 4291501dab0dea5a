use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::broken::{Afterwards, broken};
use super::message::Message;
use super::{Orders, WireFault};

/// A connection whose answers can be broken on their way out.
pub(crate) struct Front<T> {
    inner: T,
    orders: Orders,
    state: State,
}

/// What becomes of the bytes that are written.
enum State {
    /// They pass.
    Passing,
    /// They are held back until the answer is whole.
    Holding { fault: WireFault, bytes: Vec<u8> },
    /// A broken answer goes out; so much of it is out.
    Breaking { bytes: Vec<u8>, out: usize, afterwards: Afterwards },
    /// The connection has ended, whatever the server below believes.
    Ended,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Front<T> {
    pub(crate) fn new(inner: T, orders: Orders) -> Self {
        Self { inner, orders, state: State::Passing }
    }

    /// Sends what is left of a broken answer, and ends the connection where that comes after it.
    fn poll_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let State::Breaking { bytes, out, afterwards } = &mut self.state else { return Poll::Ready(Ok(())) };
        while let Some(rest) = bytes.get(*out..).filter(|rest| !rest.is_empty()) {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            *out += written;
        }
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        match afterwards {
            Afterwards::Open => self.state = State::Passing,
            Afterwards::Closed => {
                ready!(Pin::new(&mut self.inner).poll_shutdown(cx))?;
                self.state = State::Ended;
                // The server below waits for a request: it must ask once more, and be told that none comes.
                cx.waker().wake_by_ref();
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Holds bytes back; the answer is broken when it is whole.
    fn hold(&mut self, written: &[u8]) {
        let State::Holding { fault, bytes } = &mut self.state else { return };
        bytes.extend_from_slice(written);
        if let Some(message) = Message::whole(bytes) {
            let (bytes, afterwards) = broken(&message, *fault);
            self.state = State::Breaking { bytes, out: 0, afterwards };
        }
    }

    /// Gets ready for bytes: whether they pass.
    fn poll_passes(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        ready!(self.poll_out(cx))?;
        if matches!(self.state, State::Passing)
            && let Some(fault) = self.orders.take()
        {
            self.state = State::Holding { fault, bytes: Vec::new() };
        }
        Poll::Ready(match self.state {
            State::Passing => Ok(true),
            State::Holding { .. } => Ok(false),
            State::Breaking { .. } | State::Ended => Err(io::ErrorKind::BrokenPipe.into()),
        })
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Front<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.state {
            State::Ended => Poll::Ready(Ok(())),
            State::Passing | State::Holding { .. } | State::Breaking { .. } => {
                Pin::new(&mut self.inner).poll_read(cx, buf)
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Front<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let passes = ready!(self.poll_passes(cx))?;
        self.orders.begun();
        if passes {
            return Pin::new(&mut self.inner).poll_write(cx, buf);
        }
        self.hold(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let passes = ready!(self.poll_passes(cx))?;
        self.orders.begun();
        if passes {
            return Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        }
        let written: Vec<u8> = bufs.iter().flat_map(|buf| buf.iter().copied()).collect();
        self.hold(&written);
        Poll::Ready(Ok(written.len()))
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_out(cx))?;
        if !matches!(self.state, State::Ended) {
            ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        }
        self.orders.ended();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_out(cx))?;
        match self.state {
            State::Ended => Poll::Ready(Ok(())),
            State::Passing | State::Holding { .. } | State::Breaking { .. } => {
                Pin::new(&mut self.inner).poll_shutdown(cx)
            }
        }
    }
}
