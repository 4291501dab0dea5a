use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// As much of an answer's beginning as is kept, so that a secret in it can be found before any of it is shown.
const KEPT: usize = 4096;

/// A byte stream in both directions.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// What was read from a connection since the last request.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    read: AtomicU64,
    beginning: Mutex<Vec<u8>>,
}

impl Gauge {
    /// Starts counting anew.
    pub(super) fn reset(&self) {
        self.read.store(0, Ordering::Relaxed);
        self.beginning.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The first line of what was read, at most 4 KiB.
    pub(super) fn first_line(&self) -> Vec<u8> {
        let beginning = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
        beginning.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default().to_vec()
    }

    fn note(&self, bytes: &[u8]) {
        let before = self.read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if before < KEPT as u64 {
            let mut beginning = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
            let room = KEPT.saturating_sub(beginning.len());
            beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
}

/// A connection whose reads are counted.
pub(super) struct Tap {
    inner: Box<dyn Duplex>,
    gauge: Arc<Gauge>,
}

impl Tap {
    pub(super) fn new(inner: Box<dyn Duplex>) -> (Self, Arc<Gauge>) {
        let gauge = Arc::new(Gauge::default());
        (Self { inner, gauge: Arc::clone(&gauge) }, gauge)
    }
}

impl AsyncRead for Tap {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        if polled.is_ready() {
            self.gauge.note(buf.filled().get(before..).unwrap_or_default());
        }
        polled
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
