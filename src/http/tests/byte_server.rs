use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What the server does once a request has come.
pub(crate) struct Reply {
    bytes: Vec<u8>,
    then: Then,
}

enum Then {
    Next,
    Close,
    Hold,
    Repeat(Vec<u8>),
    Drip(Vec<u8>),
}

impl Reply {
    /// Writes bytes and waits for the next request.
    pub(crate) fn keep(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Next }
    }

    /// Writes bytes and closes.
    pub(crate) fn close(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Close }
    }

    /// Writes bytes and says nothing more.
    pub(crate) fn hold(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Hold }
    }

    /// Writes bytes, then `more` without end.
    pub(crate) fn repeat(bytes: impl Into<Vec<u8>>, more: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Repeat(more.into()) }
    }

    /// Writes bytes, then `more` without end, a little at a time.
    pub(crate) fn drip(bytes: impl Into<Vec<u8>>, more: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Drip(more.into()) }
    }

    /// An answer with status 200 and this JSON text, over a connection that stays open.
    pub(crate) fn json(text: &str) -> Self {
        let length = text.len();
        Self::keep(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{text}"
        ))
    }
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    connections: Mutex<usize>,
}

/// A server that says exactly the bytes that a test gives it.
pub(crate) struct ByteServer {
    port: u16,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Drop for ByteServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Script = Arc<dyn Fn(&str) -> Reply + Send + Sync>;

impl ByteServer {
    /// Answers every request by what `script` says to its text.
    pub(crate) async fn start(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(script)).await
    }

    /// The same over TLS.
    pub(crate) async fn start_tls(tls: TlsAcceptor, script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(Some(tls), Arc::new(script)).await
    }

    async fn listen(tls: Option<TlsAcceptor>, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *shared.connections.lock().expect("no test panics with it") += 1;
                tokio::spawn(converse(stream, tls.clone(), Arc::clone(&script), Arc::clone(&shared)));
            }
        });
        Self { port, seen, task }
    }

    /// A URL on it by address.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The texts of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().expect("no test panics with it").clone()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        *self.seen.connections.lock().expect("no test panics with it")
    }
}

async fn converse(stream: TcpStream, tls: Option<TlsAcceptor>, script: Script, seen: Arc<Seen>) {
    match tls {
        None => speak(stream, script, seen).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                speak(stream, script, seen).await;
            }
        }
    }
}

async fn speak(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Script, seen: Arc<Seen>) {
    while let Some(request) = listen_to(&mut stream).await {
        seen.requests.lock().expect("no test panics with it").push(request.clone());
        let reply = script(&request);
        if stream.write_all(&reply.bytes).await.is_err() || stream.flush().await.is_err() {
            return;
        }
        match reply.then {
            Then::Next => {}
            Then::Close => break,
            Then::Hold => {
                let _ = listen_to(&mut stream).await;
                return;
            }
            Then::Repeat(more) => while stream.write_all(&more).await.is_ok() {},
            Then::Drip(more) => {
                let mut pace = tokio::time::interval(Duration::from_millis(10));
                loop {
                    pace.tick().await;
                    if stream.write_all(&more).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
    let _ = stream.shutdown().await;
}

/// Reads one request; nothing when the other side has closed.
async fn listen_to(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|value| value.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
