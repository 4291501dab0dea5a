//! A server that sends whatever bytes a test wants.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that reads the head of a request and then does what its script says.
pub(crate) struct ByteServer {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl ByteServer {
    pub(crate) fn start(script: impl Fn(&TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let (script, count) = (Arc::new(script), Arc::clone(&asked));
        // It ends with the process of the test: nothing waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (script, count) = (Arc::clone(&script), Arc::clone(&count));
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(&stream).lines();
                    while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
                    count.fetch_add(1, Ordering::SeqCst);
                    script(&stream);
                });
            }
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}
